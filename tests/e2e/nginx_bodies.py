"""Bodies of requests, and what says how long they are."""

from __future__ import annotations

from tests.e2e.nginx_case import CHUNKED, POST, Case

BODIES = (
    Case("post", POST + b"Content-Length: 4\r\n\r\nbody", (200, 404)),
    Case("post empty", POST + b"Content-Length: 0\r\n\r\n", (200, 404)),
    Case("post without length", POST + b"\r\n", (200, 404)),
    Case("chunked", CHUNKED + b"\r\n4\r\nbody\r\n0\r\n\r\n", (200, 404)),
    Case("chunk extension", CHUNKED + b"\r\n4;a=b\r\nbody\r\n0\r\n\r\n", (200, 404)),
    Case("trailers", CHUNKED + b"\r\n0\r\nX: y\r\n\r\n", (200, 404)),
    Case("trailing Connection", CHUNKED + b"\r\n0\r\nConnection: close\r\n\r\n", (200, 404)),
    Case("trailing Content-Length", CHUNKED + b"\r\n0\r\nContent-Length: 7\r\n\r\n", (200, 404)),
    Case("trailing Host", CHUNKED + b"\r\n0\r\nHost: b c\r\n\r\n", (200, 404)),
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
        "expect body",
        POST + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
        (200, 404),
        (100, 200, 404),
        "RFC 9110, 10.1.1: 100 may be left out where the body has begun to arrive",
    ),
)
