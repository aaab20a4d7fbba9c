"""One row of the comparison with nginx, and how most of their requests begin."""

from __future__ import annotations

from dataclasses import dataclass

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
OLD = b"GET / HTTP/1.0\r\n"
POST = b"POST /sha256 HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"


@dataclass(frozen=True)
class Case:
    name: str
    data: bytes
    statuses: tuple[int, ...]
    nginx: tuple[int, ...] | None = None
    """None where the answer is the same; as of Debian 12's nginx 1.22."""

    reason: str = ""
