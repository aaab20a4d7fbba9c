"""Requests that are in order, and what random faults make of them."""

from __future__ import annotations

import random

VALID = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\r\n\r\nGET /stats?a=/x HTTP/1.1\r\nHost: [::1]:80\r\nAccept: */*\r\n\r\n",
    b"HEAD / HTTP/1.1\r\nhOsT:\ta.example \r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://[::1]:80?x=/stats HTTP/1.1\r\nHost:\r\nConnection: x, keep-alive\r\n\r\n",
    b"GET / HTTP/1.0\r\nConnection: x\t,\tkeep-alive\t\r\n\r\n",
    b"POST /sha256 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody",
    b"POST /sha256 HTTP/1.1\r\nContent-Length: 0\r\nHost: a:\r\n\r\n",
    b"POST /sha256 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"
    b"\r\nGET / \r\n",
    b"POST /sha256 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\nbody\r\n2;a=b\r\n\r\n\r\n0\r\n\r\n",
    b"POST /sha256 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\t, Chunked\r\n\r\n"
    b"1\r\nx\r\n00\r\nHost: b c\r\nConnection: close\r\nContent-Length: 7\r\n\r\n",
    b"DELETE /nothing HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
)

PIECES = (
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b",",
    b"\xff",
    b"0",
    b"\r\n ",
    b"\r\n\r\n",
    b"Host: a\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection:\tclose\t\r\n",
    b"Expect: tea\r\n",
    b"0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
)
"""What matters to a parser, and turns up where it shouldn't."""


def mutate(data: bytes, chooser: random.Random) -> bytes:
    """One fault: something more, less, twice, elsewhere or changed."""
    begin, end = sorted(chooser.randrange(len(data) + 1) for _ in range(2))
    end = min(end, begin + chooser.choice((1, 2, 8, 64)))
    part = data[begin:end]
    return chooser.choice(
        (
            data[:begin] + chooser.choice(PIECES) + data[begin:],
            data[:begin] + chooser.choice(PIECES) + data[end:],
            data[:begin] + data[end:],
            data[:end] + part + data[end:],
            data[:begin] + part.swapcase() + data[end:],
            data[:begin] + chooser.randbytes(len(part)) + data[end:],
            part + data[:begin] + data[end:],
        )
    )


def random_stream(chooser: random.Random) -> bytes:
    """Some requests one behind the other, with up to three faults among them."""
    data = b"".join(chooser.choices(VALID, k=chooser.randint(1, 3)))
    for _ in range(chooser.randint(0, 3)):
        data = mutate(data, chooser) or b"\r\n"
    return data
