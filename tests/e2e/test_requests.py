"""How the server responds to each kind of request, in all its variants."""

from __future__ import annotations

import json
import random
import re
import socket
import threading
import time
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from check_client import (
    BODY_LIMIT_BYTES,
    Client,
    check_for,
    chunked_request,
    digest,
    request,
)
from tests.e2e.conftest import StartServer
from tests.e2e.processes import stopped, wait_until

SEED = 1893
CHUNKED = b"POST /sha256 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_every_answer(start: StartServer) -> None:
    """Goal: each path and method has its answer. Method: ask for each on one connection."""
    server = start()
    with Client(server.address) as client:
        page = client.ask(request("GET", "/")).expect(200)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert b"POST /sha256" in page.body
        client.ask(request("POST", "/sha256", b"corinth")).expect(200, digest(b"corinth"))
        client.ask(request("POST", "/sha256?query", b"")).expect(200, digest(b""))
        client.ask(request("GET", "http://host/?query")).expect(200, page.body)
        client.ask(request("GET", "/nothing")).expect(404)
        wrong = client.ask(request("DELETE", "/sha256")).expect(405)
        assert wrong.headers["allow"] == "POST, OPTIONS"
        wrong = client.ask(request("POST", "/", b"")).expect(405)
        assert wrong.headers["allow"] == "GET, HEAD, OPTIONS"
    server.stop()


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("*", "GET, HEAD, POST, OPTIONS"),
        ("http://host", "GET, HEAD, POST, OPTIONS"),
        ("http://host?query", "GET, HEAD, OPTIONS"),
        ("http://host/", "GET, HEAD, OPTIONS"),
        ("/stats?query", "GET, HEAD, OPTIONS"),
        ("/sha256", "POST, OPTIONS"),
    ],
)
def test_options(start_plain: StartServer, target: str, allowed: str) -> None:
    """Goal: OPTIONS says what is allowed, of a path or of the server (RFC 9110, 9.3.7). Method: ask
    for each, and compare with what a method that is none of them gets."""
    with Client(start_plain().address) as client:
        answer = client.ask(request("OPTIONS", target)).expect(200, b"")
        assert answer.headers["allow"] == allowed
        if target not in ("*", "http://host"):
            wrong = client.ask(request("PATCH", target)).expect(405)
            assert wrong.headers["allow"] == allowed
        client.ask(request("OPTIONS", "/nothing")).expect(404)
        assert "allow" not in client.ask(request("GET", "/")).expect(200).headers


def test_head(start_plain: StartServer) -> None:
    """Goal: HEAD gets what GET gets, without the body. Method: ask both, then something else."""
    with Client(start_plain().address) as client:
        page = client.ask(request("GET", "/"))
        client.send(request("HEAD", "/"))
        head = client.receive(is_head=True).expect(200, b"")
        for answer in (head, page):
            answer.headers.pop("date")
        assert head.headers == page.headers
        client.ask(request("POST", "/sha256", b"behind")).expect(200, digest(b"behind"))


REFUSED_HEADS = {
    "malformed": (400, b"HEAD / HTTP/1.1\r\n\r\n"),
    "folded": (400, b"HEAD / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"),
    "not finished": (408, b"HEAD / HTTP/1.1\r\nHo"),
    "long target": (414, request("HEAD", "/" + "x" * 256)),
    "expectation": (417, request("HEAD", "/", headers=["Expect: tea"])),
    "misdirected": (421, request("HEAD", "https://a/")),
    "long header": (431, request("HEAD", "/", headers=["X: " + "x" * 9000])),
    "unknown coding": (501, request("HEAD", "/", headers=["Transfer-Encoding: gzip"])),
    "version": (505, b"HEAD / HTTP/2.0\r\nHost: a\r\n\r\n"),
}


@pytest.mark.parametrize(("status", "data"), REFUSED_HEADS.values(), ids=REFUSED_HEADS.keys())
def test_refused_head(start_plain: StartServer, status: int, data: bytes) -> None:
    """Goal: no answer to HEAD has a body, a refusal neither (RFC 9110, 9.3.2). Method: refusals of
    every kind; behind each head comes the end, though it says how long the body would be."""
    with Client(start_plain("--request-timeout-ms", "200").address) as client:
        client.send(data)
        assert int(client.receive(is_head=True).expect(status, b"").headers["content-length"]) > 0
        assert client.is_ended()


def test_date(start_plain: StartServer) -> None:
    """Goal: every answer says when it was given (RFC 9110, 6.6.1), and not when another was.
    Method: compare with our clock, in the form that all recipients know; a second later, again."""
    with Client(start_plain().address) as client:
        for data in (request("GET", "/"), request("GET", "/nothing"), b"bad\r\n\r\n"):
            date = client.ask(data).headers["date"]
            assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", date)
            age_s = time.time() - parsedate_to_datetime(date).timestamp()
            assert -1 <= age_s < 2, date
            assert date == format_datetime(parsedate_to_datetime(date), usegmt=True)
            time.sleep(1.1)


def test_statistics(start: StartServer) -> None:
    """Goal: GET /stats tells what the lanes carried. Method: compare with what was sent."""
    server = start()
    with Client(server.address) as client:
        for _ in range(5):
            client.ask(request("POST", "/sha256", b"x")).expect(200)
        answer = client.ask(request("GET", "/stats")).expect(200)
    assert answer.headers["content-type"] == "application/json"
    lanes = {lane["name"]: lane for lane in json.loads(answer.body)["lanes"]}
    assert set(lanes) == {"accept_to_io", "io_to_accept", "io_to_compute", "compute_to_io"}
    assert lanes["accept_to_io"]["sent"] == 1
    assert lanes["io_to_compute"]["sent"] == 6
    assert lanes["io_to_compute"]["received"] == 5
    assert lanes["io_to_compute"]["in_lane"] == 1
    assert lanes["compute_to_io"]["sent"] == 5
    server.stop()


def test_statistics_of_worlds(start: StartServer) -> None:
    """Goal: GET /stats tells how long each world's ticks took. Method: ask until compute has ended
    its first one: its answer is heard before that."""
    server = start()

    def compute_of(client: Client) -> dict[str, int]:
        stats = json.loads(client.ask(request("GET", "/stats")).expect(200).body)
        worlds = {world.pop("name"): world for world in stats["worlds"]}
        assert set(worlds) == {"accept", "io", "compute"}
        compute: dict[str, int] = worlds["compute"]
        return compute

    with Client(server.address) as client:
        wait_until(lambda: compute_of(client)["ticks"] >= 1, "compute's first tick")
        compute = compute_of(client)
    assert compute["tick_ns_total"] >= compute["tick_ns_max"] > 0
    server.stop()


def test_pipelining(start: StartServer) -> None:
    """Goal: answers come in the order of the requests. Method: 200 at once, all different."""
    server = start()
    bodies = [b"%d" % number for number in range(200)]
    with Client(server.address) as client:
        client.send(b"".join(request("POST", "/sha256", body) for body in bodies))
        for body in bodies:
            client.receive().expect(200, digest(body))
    assert server.stop().io["requests"] == len(bodies)


def test_byte_by_byte(start: StartServer) -> None:
    """Goal: a request may come in any pieces. Method: three requests, one byte a segment."""
    server = start()
    data = (
        request("POST", "/sha256", b"first")
        + chunked_request("POST", "/sha256", [b"sec", b"ond"])
        + request("GET", "/nothing")
    )
    with Client(server.address) as client:
        client.send_in_pieces(data, range(1, len(data)))
        client.receive().expect(200, digest(b"first"))
        client.receive().expect(200, digest(b"second"))
        client.receive().expect(404)
    server.stop()


def test_largest_body(start: StartServer) -> None:
    """Goal: the stated limit is the limit. Method: a body as long as it, and one byte longer."""
    server = start()
    body = random.Random(SEED).randbytes(BODY_LIMIT_BYTES)
    halves = [body[:5000], body[5000:]]
    with Client(server.address) as client:
        client.ask(request("POST", "/sha256", body)).expect(200, digest(body))
        client.ask(chunked_request("POST", "/sha256", halves)).expect(200, digest(body))
        client.ask(request("POST", "/sha256", body + b"x")).expect(413)
        assert client.is_ended()
    with Client(server.address) as client:
        client.ask(chunked_request("POST", "/sha256", [*halves, b"x"])).expect(413)
        assert client.is_ended()
    server.stop()


TOO_LONG = {
    "length": request("POST", "/sha256", headers=["Content-Length: 8193"]),
    "highest length": request("POST", "/sha256", headers=["Content-Length: 18446744073709551615"]),
    "chunk": CHUNKED + b"2001\r\n",
    "chunk with zeros": CHUNKED + b"000000000000002001\r\n",
    "highest chunk": CHUNKED + b"FFFFFFFFFFFFFFFF\r\n",
    "chunk with an extension": CHUNKED + b"7fffffffffffffff;a=b\r\n",
    "second chunk": CHUNKED + b"1\r\nx\r\n2000\r\n",
    "chunk behind a full body": CHUNKED + b"2000\r\n" + b"x" * BODY_LIMIT_BYTES + b"\r\n1\r\n",
}


@pytest.mark.parametrize("data", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_announced_body(start: StartServer, data: bytes) -> None:
    """Goal: what would be too long is refused before it comes, however it is announced. Method:
    announce it, send none of it, with time-outs that don't help."""
    server = start("--request-timeout-ms", "600000")
    with Client(server.address) as client:
        client.ask(data).expect(413)
        assert client.is_ended()
    server.stop()


MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "binary": b"\x16\x03\x01\x02\x00\x01\x00\x01",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "space before colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
    "CR without LF": b"GET / HTTP/1.1\r\nHost: a\r\nX:\rContent-Length: 4\r\n\r\nabcd",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "huge length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked not last": b"POST / HTTP/1.1\r\nHost: a\r\n"
    b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "bad chunk size": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "chunk too long": b"POST / HTTP/1.1\r\nHost: a\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed(start_plain: StartServer, data: bytes) -> None:
    """Goal: what is no request is answered with 400, and nothing else. Method: a good one first."""
    server = start_plain()
    with Client(server.address) as client:
        client.ask(request("POST", "/sha256", b"good")).expect(200)
        assert client.ask(data + request("GET", "/")).expect(400).headers["connection"] == "close"
        assert client.is_ended()
    report = server.stop()
    assert report.io["requests"] == 1
    assert report.io["refusals"] == 1


REFUSED = {
    "long target": (414, request("GET", "/" + "x" * 256)),
    "long header": (431, request("GET", "/", headers=["X: " + "x" * 9000])),
    "many headers": (431, request("GET", "/", headers=[f"X{n}:" for n in range(2000)])),
    "endless empty lines": (431, b"\r\n" * 100_000),
    "long chunk extension": (
        413,
        b"POST /sha256 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1;" + b"x" * 200_000,
    ),
    "long Connection": (431, request("GET", "/", headers=["Connection: " + "x," * 300])),
    "unknown expectation": (417, request("GET", "/", headers=["Expect: a-miracle"])),
    "HTTP/0.9": (505, b"GET /\r\nHost: a\r\n\r\n"),
    "HTTP/2": (505, b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
}


@pytest.mark.parametrize(("status", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(start_plain: StartServer, status: int, data: bytes) -> None:
    """Goal: each limit has its own answer, which arrives, as the server doesn't hang up on what the
    client still sends. Method: exceed each of them."""
    with Client(start_plain().address) as client:
        client.ask(data).expect(status)
        assert client.is_ended()


def test_expect_continue(start_plain: StartServer) -> None:
    """Goal: a client that waits before it sends the body is told to. Method: wait for that."""
    with Client(start_plain().address) as client:
        data = request("POST", "/sha256", b"body", headers=["Expect: 100-continue"])
        client.ask(data[:-4]).expect(100)
        client.ask(b"body").expect(200, digest(b"body"))
        too_long = b"x" * (BODY_LIMIT_BYTES + 1)
        data = request("POST", "/sha256", too_long, headers=["Expect: 100-continue"])
        client.ask(data[: -len(too_long)]).expect(413)


def test_last_request(start_plain: StartServer) -> None:
    """Goal: the client may say which request is its last. Method: both ways to say so."""
    server = start_plain()
    for data, connection in (
        (request("GET", "/", headers=["Connection: close"]), "close"),
        (b"GET / HTTP/1.0\r\n\r\n", "close"),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"),
    ):
        with Client(server.address) as client:
            assert client.ask(data).expect(200).headers["connection"] == connection
            if connection == "close":
                assert client.is_ended()
            else:
                client.ask(request("GET", "/")).expect(200)


LAST_OPTIONS = ("close", "CLOSE", "close\t", "\tclose \t", "close\t,x", "x,\tclose\t", ",close,")
KEPT_OPTIONS = ("", "x", "closed", "x-close", "close x", "close;x", "keep-alive", "Upgrade,x", ",")
LAST_OPTIONS_OF_OLD = (*LAST_OPTIONS, "keep-alive,close\t", "close,keep-alive", "x", "keep-alive x")
KEPT_OPTIONS_OF_OLD = ("keep-alive", "Keep-Alive\t", "\tx\t,\tkeep-alive\t,", ",,keep-alive")


@pytest.mark.parametrize("is_split", [False, True], ids=["one header", "a header each"])
@pytest.mark.parametrize(
    ("version", "is_kept", "values"),
    [
        ("1.1", False, (*LAST_OPTIONS, "close,keep-alive")),
        ("1.1", True, KEPT_OPTIONS),
        ("1.0", False, LAST_OPTIONS_OF_OLD),
        ("1.0", True, KEPT_OPTIONS_OF_OLD),
    ],
)
def test_options_of_connection(
    start_plain: StartServer, version: str, is_kept: bool, values: tuple[str, ...], is_split: bool
) -> None:
    """Goal: whether a request is the last depends on the options of Connection alone (RFC 9110,
    7.6.1 and 9112, 9.3), not on blanks, tabs, case or how many headers they are in. Method: each,
    in both versions, with another request behind it at once."""
    address = start_plain().address
    for value in values:
        headers = [f"Connection:{part}" for part in (value.split(",") if is_split else [value])]
        head = "\r\n".join([f"GET / HTTP/{version}", "Host: a", *headers])
        with Client(address) as client:
            answer = client.ask(f"{head}\r\n\r\n".encode() + request("GET", "/nothing"))
            expected = "keep-alive" if is_kept else "close"
            assert answer.expect(200).headers["connection"] == expected, headers
            if is_kept:
                client.receive().expect(404)
            else:
                assert client.is_ended()


def test_half_closed(start: StartServer) -> None:
    """Goal: who has said all is still answered, and not kept. Method: three requests and the end of
    output, which io sees at once, for its thread is stopped meanwhile; no time-out helps."""
    server = start("--idle-timeout-ms", "600000")
    bodies = [b"one", b"two", b"three"]
    with Client(server.address) as client:
        client.ask(request("GET", "/")).expect(200)
        with stopped(server.pid, "io"):
            client.send(b"".join(request("POST", "/sha256", body) for body in bodies))
            client.socket.shutdown(socket.SHUT_WR)
        for body in bodies:
            client.receive().expect(200, digest(body))
        assert client.is_ended()
    server.stop()


def test_many_clients(start: StartServer) -> None:
    """Goal: every digest is right, whatever comes at once. Method: four random clients, 2 s."""
    server = start()
    seeds = range(SEED, SEED + 4)
    print(f"seeds {list(seeds)}")
    answered: list[int] = []
    threads = [
        threading.Thread(
            target=lambda seed=seed: answered.append(check_for(server.address, 2, seed))
        )
        for seed in seeds
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = server.stop()
    assert len(answered) == len(threads), "a client stopped at a wrong answer"
    assert report.lanes["io_to_compute"].sent == sum(answered) > 0
    assert report.lanes["compute_to_io"].received == sum(answered)
