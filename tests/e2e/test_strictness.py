"""What llhttp takes and the server refuses all the same, and what it must still take beside that.

Each request has a good one behind it, whose answer shows whether the connection went on, and that
nothing in the first was taken for a request of its own."""

from __future__ import annotations

import itertools

import pytest

from check_client import Client, chunked_request, digest, request
from tests.e2e.conftest import StartServer

GET = b"GET / HTTP/1.1\r\n"
POST = b"POST /sha256 HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
EMPTY = digest(b"")

FOLDED = {
    "blank": GET + b"Host: a\r\n Content-Length: 5\r\n\r\nabcde",
    "tab": GET + b"Host: a\r\n\tContent-Length: 5\r\n\r\nabcde",
    "behind the request line": GET + b" Host: a\r\n\r\n",
    "tab behind the request line": GET + b"\tHost: a\r\nHost: a\r\n\r\n",
    "a blank alone": GET + b"Host: a\r\n \r\n\r\n",
    "no value before it": GET + b"Host: a\r\nX:\r\n y\r\n\r\n",
    "in a coding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "in a length": POST + b"Content-Length: 1\r\n 0\r\n\r\nabcde",
    "of an old version": b"GET / HTTP/1.0\r\nX: a\r\n b\r\n\r\n",
    "in a trailer": CHUNKED + b"0\r\nX: a\r\n\tb\r\n\r\n",
    "as first trailer": CHUNKED + b"0\r\n X: a\r\n\r\n",
}

MALFORMED = {
    "header without a name": GET + b"Host: a\r\n: x\r\n\r\n",
    "trailer without a name": CHUNKED + b"0\r\n: x\r\n\r\n",
    "blank before a colon": GET + b"Host : a\r\n\r\n",
    "tab before a colon": GET + b"Host: a\r\nX\t: b\r\n\r\n",
    "another protocol": b"OPTIONS /stats RTSP/1.0\r\nHost: a\r\n\r\n",
    "one more protocol": b"SOURCE /stats ICE/1.0\r\nHost: a\r\n\r\n",
    "two Hosts of old": b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
    "Host beside a full target": b"GET http://a/ HTTP/1.1\r\nHost: b c\r\n\r\n",
    "no Host beside a full target": b"GET http://a/ HTTP/1.1\r\n\r\n",
    "a target's user": b"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "a target without host": b"GET http:///stats HTTP/1.1\r\nHost: a\r\n\r\n",
    "a target's bad port": b"GET http://a:1x/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "fragment": b"GET /#stats HTTP/1.1\r\nHost: a\r\n\r\n",
    "star and more": b"OPTIONS *stats HTTP/1.1\r\nHost: a\r\n\r\n",
    "star of GET": b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT without a port": b"CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT to a path": b"CONNECT /stats HTTP/1.1\r\nHost: a\r\n\r\n",
    "host and port of GET": b"GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "chunked of old": b"POST /sha256 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding of old": b"POST /sha256 HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n",
    "length before chunks": POST
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "length behind chunks": POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "chunked not last": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "chunked in another header": POST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunked with a parameter": POST + b"Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n",
    "no coding": POST + b"Transfer-Encoding:\r\n\r\n",
    "what is no coding": POST + b'Transfer-Encoding: "gzip", chunked\r\n\r\n0\r\n\r\n',
}

OTHERS = {
    "unknown coding": (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "unknown coding in two headers": (
        501,
        POST + b"Transfer-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    "unknown coding alone": (501, POST + b"Transfer-Encoding: deflate\r\n\r\n"),
    "identity": (501, POST + b"Transfer-Encoding: identity\r\n\r\n"),
    "unknown coding with a parameter": (
        501,
        POST + b"Transfer-Encoding: gzip;q=1, chunked\r\n\r\n0\r\n\r\n",
    ),
    "CONNECT": (501, b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
    "CONNECT to IPv6": (501, b"CONNECT [::1]:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
    "https": (421, b"GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    "ftp": (421, b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    "long Host": (431, GET + b"Host: " + b"a" * 600 + b"\r\n\r\n"),
    "an expectation": (417, request("GET", "/", headers=["Expect: 100-continue, tea"])),
    "a second expectation": (
        417,
        request("POST", "/sha256", b"", headers=["Expect: 100-continue", "Expect: tea"]),
    ),
}

BAD_HOSTS = (
    b"",
    b"a b",
    b"a\tb",
    b"a/",
    b"a/?k",
    b"a?k",
    b"a#k",
    b"u@a",
    b"u:p@a",
    b"a:99x",
    b"a:x",
    b"a:-1",
    b"a:1:2",
    b"a:65536",
    b"a:99999999999999999999",
    b":80",
    b"[::1",
    b"::1",
    b"[]",
    b"[::1]x",
    b"[::1]80",
    b"[::1]:8x",
    b"[::1%25lo]",
    b"[1.2.3.4]",
    b"[:::1]",
    b"[v1]",
    b"[v.a]",
    b"a%",
    b"a%4",
    b"a%zz",
    b"a\\b",
    b'a"b',
    b"a|b",
    b"\xe4",
)

GOOD_HOSTS = (
    b"a",
    b"  a.example:80 \t",
    b"a:",
    b"a:0",
    b"a:65535",
    b"127.0.0.1:8080",
    b"999.1",
    b"a_b~c!$&'()*+,;=",
    b"%61%C3%A4",
    b"[::1]",
    b"[::1]:80",
    b"[::ffff:1.2.3.4]:",
    b"[2001:DB8::1]",
    b"[v1f.a:b]",
)

BAD_LINES = {
    "LF before a request": b"\n" + GET + b"Host: a\r\n\r\n",
    "LF behind an empty line": b"\r\n\n" + GET + b"Host: a\r\n\r\n",
    "CR before a request": b"\r" + GET + b"Host: a\r\n\r\n",
    "CR before an empty line": b"\r\r\n" + GET + b"Host: a\r\n\r\n",
    "LF behind the request line": b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    "LF behind the request line of old": b"GET / HTTP/1.0\n\r\n",
    "CR behind the request line": b"GET / HTTP/1.1\rHost: a\r\n\r\n",
    "two CR behind the request line": b"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
    "LF behind a header": GET + b"Host: a\nX: y\r\n\r\n",
    "LF behind an empty header": GET + b"Host: a\r\nX:\n\r\n",
    "CR behind a header": GET + b"Host: a\rX: y\r\n\r\n",
    "two CR behind a header": GET + b"Host: a\r\r\n\r\n",
    "LF for the empty line": GET + b"Host: a\r\n\n",
    "LF behind a chunk's size": POST + b"Transfer-Encoding: chunked\r\n\r\n0\n\r\n",
    "LF behind a chunk": CHUNKED + b"1\r\nx\n0\r\n\r\n",
    "LF behind a trailer": CHUNKED + b"0\r\nX: y\n\r\n",
    "LF for the last empty line": CHUNKED + b"0\r\n\n",
}

NO_URI_CHARACTERS = b'"<>[]\\^`{|}\x7f#'
URI_CHARACTERS = b"abzABZ019-._~!$&'()*+,;=:@/%00%fF"

ACCEPTED = {
    "a full target with a query alone": (
        b"GET http://a?x=/stats HTTP/1.1\r\nHost: b\r\n\r\n",
        None,
    ),
    "a full target of any case": (b"GET HTTP://A:80/ HTTP/1.1\r\nHost: b\r\n\r\n", None),
    "a full target of IPv6": (b"GET http://[::1]:80/?a HTTP/1.1\r\nHost:\r\n\r\n", None),
    "a question mark in a query": (b"GET /?a?/stats HTTP/1.1\r\nHost: a\r\n\r\n", None),
    "no Host of old": (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", None),
    "an empty Host of old": (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\nHost:\r\n\r\n", None),
    "chunked in capitals": (POST + b"Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", EMPTY),
    "an empty element": (POST + b"Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n", EMPTY),
    "names like ours": (
        GET + b"Host: a\r\nHosts: b c\r\nXHost: d e\r\nTransfer-Encodings: gzip\r\n"
        b"Transfer-Encodin: gzip\r\nExpects: tea\r\n\r\n",
        None,
    ),
    "a trailer": (CHUNKED + b"0\r\nX: y\r\n\r\n", EMPTY),
    "a trailing Host": (CHUNKED + b"0\r\nHost: b c\r\nhost:\r\n\r\n", EMPTY),
    "a trailing length": (CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n", EMPTY),
    "a trailing coding": (CHUNKED + b"0\r\nTransfer-Encoding: gzip\r\n\r\n", EMPTY),
    "a trailing end": (CHUNKED + b"0\r\nConnection: close\r\n\r\n", EMPTY),
    "a trailing upgrade": (CHUNKED + b"0\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", EMPTY),
    "a trailing expectation": (CHUNKED + b"0\r\nExpect: tea\r\n\r\n", EMPTY),
    "an expectation of old": (
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: tea\r\n\r\n",
        None,
    ),
    "an empty expectation": (request("GET", "/", headers=["Expect:"]), None),
    "an expectation without a body": (request("GET", "/", headers=["Expect: 100-continue"]), None),
    "an expectation with its body": (
        request("POST", "/sha256", b"body", headers=["Expect: 100-Continue \t"]),
        digest(b"body"),
    ),
}


def expect_refusal(server_address: tuple[str, int], data: bytes, status: int) -> None:
    """One answer, which says that it is the last, and the end."""
    with Client(server_address) as client:
        answer = client.ask(data + request("GET", "/stats")).expect(status)
        assert answer.headers["connection"] == "close"
        assert client.is_ended()


@pytest.mark.parametrize("data", FOLDED.values(), ids=FOLDED.keys())
def test_folded_line(start_plain: StartServer, data: bytes) -> None:
    """Goal: a line that begins with a blank is refused wherever it is and however it arrives
    (RFC 9112, 5.2). Method: at once, and cut in two at each byte, the halves read one by one."""
    server = start_plain()
    expect_refusal(server.address, data, 400)
    for place in range(1, len(data)):
        with Client(server.address) as client:
            client.send_in_pieces(data, [place])
            assert client.receive().expect(400).headers["connection"] == "close"
            assert client.is_ended()
    assert server.stop().io["requests"] == 0


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed(start_plain: StartServer, data: bytes) -> None:
    """Goal: what may be read in two ways, or in none, gets 400. Method: each kind of it."""
    expect_refusal(start_plain().address, data, 400)


@pytest.mark.parametrize(("status", "data"), OTHERS.values(), ids=OTHERS.keys())
def test_not_served(start_plain: StartServer, status: int, data: bytes) -> None:
    """Goal: what is well-formed but not for this server has a status of its own. Method: each."""
    expect_refusal(start_plain().address, data, status)


@pytest.mark.parametrize("data", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_half_of_an_end(start_plain: StartServer, data: bytes) -> None:
    """Goal: every line ends with CR and LF, whichever line it is, so that no other server finds
    other lines. Method: one of the two left out or said twice; at once, and byte by byte."""
    address = start_plain().address
    expect_refusal(address, data, 400)
    with Client(address) as client:
        client.send_in_pieces(data, range(1, len(data)))
        client.receive().expect(400)
        assert client.is_ended()


def test_characters_of_targets(start_plain: StartServer) -> None:
    """Goal: a target has the characters of a URI and no others (RFC 3986, 3.3 and 3.4). Method:
    each of both kinds in a path and a query, alone and behind a host; % that encodes nothing."""
    address = start_plain().address
    line = b"GET %s%s HTTP/1.1\r\nHost: a\r\n\r\n"
    wrong = [bytes([c]) for c in NO_URI_CHARACTERS] + [b"%", b"%4", b"%zz", b"%4g", b"%%41"]
    for part, host in itertools.product(wrong, (b"", b"http://a")):
        for target in (b"/" + part, b"/" + part + b"x", b"/?" + part, b"/?a=" + part + b"&b"):
            expect_refusal(address, line % (host, target), 400)
    with Client(address) as client:
        for host in (b"", b"http://a"):
            client.ask(line % (host, b"/" + URI_CHARACTERS)).expect(404)
            client.ask(line % (host, b"/?" + URI_CHARACTERS + b"?")).expect(200)


def test_bad_hosts(start_plain: StartServer) -> None:
    """Goal: Host is a host and perhaps a port, nothing else (RFC 9110, 7.2). Method: things that
    other servers have read in different ways, in both versions."""
    address = start_plain().address
    for host, version in itertools.product(BAD_HOSTS, (b"1.0", b"1.1")):
        if host or version == b"1.1":
            expect_refusal(address, b"GET / HTTP/%s\r\nHost: %s\r\n\r\n" % (version, host), 400)


def test_good_hosts(start_plain: StartServer) -> None:
    """Goal: no host is refused that a URI may name. Method: all of them on one connection."""
    with Client(start_plain().address) as client:
        for host in GOOD_HOSTS:
            client.ask(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % host).expect(200)


@pytest.mark.parametrize(("data", "body"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(start_plain: StartServer, data: bytes, body: bytes | None) -> None:
    """Goal: being strict refuses nothing that is in order. Method: requests near what is refused;
    the answer is right, not preceded by 100, and the next request is answered."""
    with Client(start_plain().address) as client:
        page = client.ask(request("GET", "/")).expect(200).body
        client.ask(data).expect(200, page if body is None else body)
        client.ask(request("GET", "/nothing")).expect(404)


def test_chunks_after_trailers(start_plain: StartServer) -> None:
    """Goal: trailers end where they end. Method: many requests with trailers on one connection."""
    with Client(start_plain().address) as client:
        data = chunked_request("POST", "/sha256", [b"bo", b"dy"])
        with_trailers = data[:-2] + b"A: b\r\nContent-Length: 9\r\nC:\r\n\r\n"
        client.send((data + with_trailers) * 20)
        for _ in range(40):
            client.receive().expect(200, digest(b"body"))
