"""The server's answers beside those of nginx.

Both get the same bytes and behind them a request that asks for the end, so that the statuses up to
the end tell all: (200, 404) is an answer to the first and the connection kept for the second,
(400,) a refusal and the end, and (200, 400) would be a body taken for a request. Where the server
differs, the case says what nginx does and why the server doesn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from check_client import Address
from server_process import ServerProcess
from tests.e2e.nginx import nginx
from tests.e2e.raw import exchange, statuses
from tests.e2e.servers import PLAIN, Variant

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
OLD = b"GET / HTTP/1.0\r\n"
POST = b"POST /sha256 HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Case:
    name: str
    data: bytes
    statuses: tuple[int, ...]
    nginx: tuple[int, ...] | None = None
    """None where the answer is the same; as of Debian 12's nginx 1.22."""

    reason: str = ""


CASES = (
    Case("get", GET + b"\r\n", (200, 404)),
    Case("head", b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", (200, 404)),
    Case("post", POST + b"Content-Length: 4\r\n\r\nbody", (200, 404)),
    Case("post empty", POST + b"Content-Length: 0\r\n\r\n", (200, 404)),
    Case("post without length", POST + b"\r\n", (200, 404)),
    Case("chunked", CHUNKED + b"\r\n4\r\nbody\r\n0\r\n\r\n", (200, 404)),
    Case("chunk extension", CHUNKED + b"\r\n4;a=b\r\nbody\r\n0\r\n\r\n", (200, 404)),
    Case("trailers", CHUNKED + b"\r\n0\r\nX: y\r\n\r\n", (200, 404)),
    Case("trailing Connection", CHUNKED + b"\r\n0\r\nConnection: close\r\n\r\n", (200, 404)),
    Case("trailing Content-Length", CHUNKED + b"\r\n0\r\nContent-Length: 7\r\n\r\n", (200, 404)),
    Case("trailing Host", CHUNKED + b"\r\n0\r\nHost: b c\r\n\r\n", (200, 404)),
    Case("not found", b"GET /missing HTTP/1.1\r\nHost: a\r\n\r\n", (404, 404)),
    Case("wrong method", b"DELETE /sha256 HTTP/1.1\r\nHost: a\r\n\r\n", (405, 404)),
    Case("query", b"GET /?a=/stats HTTP/1.1\r\nHost: a\r\n\r\n", (200, 404)),
    Case("close", GET + b"Connection: close\r\n\r\n", (200,)),
    Case("close among others", GET + b"Connection: x, close\r\n\r\n", (200,)),
    Case("close capitals", GET + b"Connection: CLOSE\r\n\r\n", (200,)),
    Case("close tab", GET + b"Connection:\tclose\t\r\n\r\n", (200,)),
    Case("close empty elements", GET + b"Connection: ,\tclose\t,,\r\n\r\n", (200,)),
    Case("close in two headers", GET + b"Connection: x\r\nConnection: close\r\n\r\n", (200,)),
    Case(
        "close before keep-alive",
        GET + b"Connection: close\r\nConnection: keep-alive\r\n\r\n",
        (200,),
        (200, 404),
        "RFC 9112, 9.3: close decides, whatever else is there",
    ),
    Case(
        "close in part",
        GET + b"Connection: closed, x-close\r\n\r\n",
        (200, 404),
        (200,),
        "RFC 9110, 7.6.1: an option is a whole token",
    ),
    Case("1.0 keep-alive and close", OLD + b"Connection: keep-alive, close\r\n\r\n", (200,)),
    Case("1.0 keep-alive tab", OLD + b"Connection: keep-alive\t\r\n\r\n", (200, 404)),
    Case("1.0", OLD + b"\r\n", (200,)),
    Case("1.0 keep-alive", OLD + b"Connection: keep-alive\r\n\r\n", (200, 404)),
    Case("1.0 Host", OLD + b"Host: a\r\nConnection: keep-alive\r\n\r\n", (200, 404)),
    Case("empty line before", b"\r\n" + GET + b"\r\n", (200, 404)),
    Case("absolute", b"GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", (200, 404)),
    Case("absolute query alone", b"GET http://a?x=/stats HTTP/1.1\r\nHost: a\r\n\r\n", (200, 404)),
    Case("absolute no path", b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", (200, 404)),
    Case("absolute ipv6", b"GET http://[::1]:80/ HTTP/1.1\r\nHost: a\r\n\r\n", (200, 404)),
    Case("absolute without Host", b"GET http://a/ HTTP/1.1\r\n\r\n", (400,)),
    Case("absolute user", b"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    Case("absolute bad port", b"GET http://a:1x/ HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    Case(
        "absolute https",
        b"GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        (421,),
        (200, 404),
        "RFC 9110, 7.4: what asks for https has come the wrong way",
    ),
    Case("no Host", b"GET / HTTP/1.1\r\n\r\n", (400,)),
    Case("empty Host", b"GET / HTTP/1.1\r\nHost:\r\n\r\n", (400,)),
    Case("two Hosts", GET + b"Host: a\r\n\r\n", (400,)),
    Case("two Hosts 1.0", OLD + b"Host: a\r\nHost: b\r\n\r\n", (400,)),
    Case("Host port", b"GET / HTTP/1.1\r\nHost: a:80\r\n\r\n", (200, 404)),
    Case("Host empty port", b"GET / HTTP/1.1\r\nHost: a:\r\n\r\n", (200, 404)),
    Case("Host ipv6", b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", (200, 404)),
    Case(
        "Host ipv6 open",
        b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 9110, 7.2 and RFC 3986, 3.2.2: not a host",
    ),
    Case("Host blank", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", (400,)),
    Case("Host path", b"GET / HTTP/1.1\r\nHost: a/?k\r\n\r\n", (400,)),
    Case(
        "Host user",
        b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 9110, 4.2.4: user information is treated as an error",
    ),
    Case(
        "Host port not digits",
        b"GET / HTTP/1.1\r\nHost: a:99x\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 3986, 3.2.3: a port is digits",
    ),
    Case(
        "Host padded",
        b"GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n",
        (200, 404),
        (400,),
        "RFC 9112, 5.1: a tab before or behind a value is no part of it",
    ),
    Case("fold", GET + b" Content-Length: 5\r\n\r\n", (400,)),
    Case("fold tab", GET + b"\tX: y\r\n\r\n", (400,)),
    Case("fold first", b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", (400,)),
    Case("nameless", GET + b": x\r\n\r\n", (400,)),
    Case("blank before colon", GET + b"X : y\r\n\r\n", (400,)),
    Case("no colon", GET + b"X\r\n\r\n", (400,), (200, 404), "RFC 9112, 5: a header has a colon"),
    Case("NUL", GET + b"X: \0\r\n\r\n", (400,)),
    Case("NUL in target", b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    Case(
        "control in value",
        GET + b"X: a\x01\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 9110, 5.5: a value has no control characters",
    ),
    Case("obs-text", GET + b"X: \xe4\r\n\r\n", (200, 404)),
    Case("CR in a value", GET + b"X: a\rY: b\r\n\r\n", (400,)),
    Case(
        "LF alone",
        b"GET / HTTP/1.1\nHost: a\n\n",
        (400,),
        (200, 404),
        "RFC 9112, 2.2: LF alone may end a line, and need not",
    ),
    Case(
        "LF behind the request line",
        b"GET / HTTP/1.1\nHost: a\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 9112, 2.2: LF alone may end a line, and need not",
    ),
    Case(
        "LF before the request line",
        b"\n" + GET + b"\r\n",
        (400,),
        (200, 404),
        "RFC 9112, 2.2: an empty line is CR and LF",
    ),
    Case(
        "CR before the request line",
        b"\r" + GET + b"\r\n",
        (400,),
        (200, 404),
        "RFC 9112, 2.2: an empty line is CR and LF",
    ),
    Case("a length twice", POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", (400,)),
    Case("two lengths", POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy", (400,)),
    Case("length list", POST + b"Content-Length: 1, 1\r\n\r\nx", (400,)),
    Case("length sign", POST + b"Content-Length:  + 1\r\n\r\nx", (400,)),
    Case("length hex", POST + b"Content-Length: 0x1\r\n\r\nx", (400,)),
    Case("length empty", POST + b"Content-Length:\r\n\r\n", (400,)),
    Case("length huge", POST + b"Content-Length: 99999999999999999999\r\n\r\n", (400,)),
    Case("length and chunked", CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n", (400,)),
    Case(
        "chunked and length",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        (400,),
    ),
    Case("TE gzip, chunked", POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", (501,)),
    Case("TE gzip", POST + b"Transfer-Encoding: gzip\r\n\r\n", (501,)),
    Case("TE identity", POST + b"Transfer-Encoding: identity\r\n\r\n", (501,)),
    Case(
        "TE chunked, gzip",
        POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        (400,),
        (501,),
        "RFC 9112, 6.3: where chunked isn't last, 400",
    ),
    Case("TE twice", CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
    Case("TE capitals", POST + b"Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", (200, 404)),
    Case("TE blank behind", POST + b"Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n", (200, 404)),
    Case(
        "TE 1.0",
        b"POST /sha256 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        (400,),
    ),
    Case("chunk size bad", CHUNKED + b"\r\nx\r\n", (400,)),
    Case("chunk size negative", CHUNKED + b"\r\n-1\r\n", (400,)),
    Case("chunk size huge", CHUNKED + b"\r\nfffffffffffffffff\r\n", (400,)),
    Case("chunk too long", CHUNKED + b"\r\n1\r\nab\r\n0\r\n\r\n", (400,)),
    Case(
        "chunk LF",
        CHUNKED + b"\r\n1\nx\n0\n\n",
        (400,),
        (200, 404),
        "RFC 9112, 7.1: chunks have CR and LF",
    ),
    Case("too long body", POST + b"Content-Length: 8193\r\n\r\n" + b"x" * 8193, (413,)),
    Case("too long chunks", CHUNKED + b"\r\n2001\r\n" + b"x" * 8193 + b"\r\n0\r\n\r\n", (413,)),
    Case(
        "long header",
        GET + b"X: " + b"x" * 9000 + b"\r\n\r\n",
        (431,),
        (400,),
        "RFC 6585, 5: 431 says what is too long",
    ),
    Case("long target", b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", (414,)),
    Case(
        "0.9", b"GET /\r\n", (400,), (0,), "RFC 9112, appendix C.1: HTTP/0.9 need not be answered"
    ),
    Case("2.0", b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", (505,)),
    Case(
        "1.2",
        b"GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 9110, 2.5 would have it read as 1.1; llhttp doesn't know it",
    ),
    Case("version garbage", b"GET / HTTP/1.x\r\nHost: a\r\n\r\n", (400,)),
    Case("RTSP", b"OPTIONS / RTSP/1.0\r\nHost: a\r\n\r\n", (400,)),
    Case("lower method", b"get / HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    Case(
        "unknown method",
        b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
        (400,),
        (405, 404),
        "RFC 9110, 9.1 would have 501; llhttp knows a list of methods, and no others",
    ),
    Case(
        "CONNECT",
        b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
        (501,),
        (400,),
        "RFC 9110, 9.1: 501 is for a method that a server has for no resource",
    ),
    Case(
        "OPTIONS *",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        (200, 404),
        (400,),
        "RFC 9110, 9.3.7: of the server as a whole",
    ),
    Case(
        "OPTIONS /",
        b"OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n",
        (200, 404),
        (405, 404),
        "RFC 9110, 9.3.7: it says what is allowed",
    ),
    Case("GET *", b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    Case(
        "TRACE",
        b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n",
        (405, 404),
        (405,),
        "RFC 9110, 15.5.6: that the method isn't allowed is no reason to close",
    ),
    Case(
        "fragment",
        b"GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
        (400,),
        (200, 404),
        "RFC 9112, 3.2: no form of target has a fragment",
    ),
    Case("no slash", b"GET stats HTTP/1.1\r\nHost: a\r\n\r\n", (400,)),
    Case(
        "percent",
        b"GET /%73tats HTTP/1.1\r\nHost: a\r\n\r\n",
        (404, 404),
        (200, 404),
        "paths are compared as they come, never decoded",
    ),
    Case(
        "bad percent",
        b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        (404, 404),
        (400,),
        "paths are compared as they come, never decoded",
    ),
    Case(
        "dots",
        b"GET /x/../stats HTTP/1.1\r\nHost: a\r\n\r\n",
        (404, 404),
        (200, 404),
        "paths are compared as they come: no file is behind them",
    ),
    Case(
        "dots above",
        b"GET /../../etc HTTP/1.1\r\nHost: a\r\n\r\n",
        (404, 404),
        (400,),
        "paths are compared as they come: no file is behind them",
    ),
    Case(
        "expect body",
        POST + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
        (200, 404),
        (100, 200, 404),
        "RFC 9110, 10.1.1: 100 may be left out where the body has begun to arrive",
    ),
    Case(
        "expect no body",
        GET + b"Expect: 100-continue\r\n\r\n",
        (200, 404),
        (100, 200, 404),
        "RFC 9110, 10.1.1: there is no body to wait for",
    ),
    Case(
        "expect unknown",
        GET + b"Expect: tea\r\n\r\n",
        (417,),
        (200, 404),
        "RFC 9110, 10.1.1: an expectation that isn't met is 417",
    ),
    Case("expect 1.0", OLD + b"Connection: keep-alive\r\nExpect: tea\r\n\r\n", (200, 404)),
    Case("upgrade", GET + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", (200, 404)),
    Case("two blanks", b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", (200, 404)),
    Case("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400,)),
    Case(
        "utf8 target",
        b"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n",
        (400,),
        (404, 404),
        "RFC 3986, 2: a URI is ASCII",
    ),
    Case(
        "pipelined",
        GET
        + b"\r\n"
        + b"HEAD /stats HTTP/1.1\r\nHost: a\r\n\r\n"
        + POST
        + b"Content-Length: 1\r\n\r\nx",
        (200, 200, 200, 404),
    ),
)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with nginx(tmp_path_factory.mktemp("nginx")) as address:
        yield address


@pytest.fixture(scope="module")
def server(build_variant: Callable[[Variant], Path]) -> Iterator[Address]:
    with ServerProcess(build_variant(PLAIN)) as running:
        yield running.address
        running.stop()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_beside_nginx(server: Address, peer: Address, case: Case) -> None:
    """Goal: other servers read a request as this one does, or there is a reason. Method: the same
    bytes to both; a difference that is stated may have gone in a later nginx."""
    assert statuses(exchange(server, case.data + LAST)) == case.statuses
    assert statuses(exchange(peer, case.data + LAST)) in (case.statuses, case.nginx)


def test_differences_have_reasons() -> None:
    """Goal: the table says why wherever it says that. Method: look at every case, and count."""
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len({case.data for case in CASES}) == len(CASES)
    for case in CASES:
        assert (case.nginx is None) == (case.reason == "")
        assert case.nginx != case.statuses
