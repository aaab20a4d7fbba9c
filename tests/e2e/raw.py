"""Bytes to a server, and all that it says until it closes, whatever the bytes were."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

from check_client import Address

STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [ -~]+\r\n")
HEADER = re.compile(rb"([A-Za-z-]+): ([ -~]*)\r\n")
WAIT_MOST_S = 20.0
NO_STATUS = 0
"""Stands for what HTTP/0.9 is answered with: a body alone."""


class MalformedAnswerError(Exception):
    """What came isn't a sequence of answers."""


@dataclass(frozen=True)
class RawAnswer:
    status: int
    connection: str


def exchange(address: Address, data: bytes, *, ends_output: bool = False) -> bytes:
    """Send, and read to the end; a reset is an end as well. TimeoutError when none comes."""
    received = b""
    with socket.create_connection(address, timeout=WAIT_MOST_S) as client:
        try:
            client.sendall(data)
            if ends_output:
                client.shutdown(socket.SHUT_WR)
            while piece := client.recv(1 << 16):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
    return received


def _headers(data: bytes, place: int) -> tuple[dict[str, str], int]:
    headers = {}
    while match := HEADER.match(data, place):
        headers[match[1].decode().lower()] = match[2].decode()
        place = match.end()
    if data[place : place + 2] != b"\r\n":
        raise MalformedAnswerError(f"a head without end: {data!r}")
    return headers, place + 2


def answers(data: bytes) -> list[RawAnswer]:
    """The answers, one after the other. One to HEAD has a length and no body: nothing or the next
    answer follows, and no body here begins as one."""
    found = []
    place = 0
    while place < len(data):
        match = STATUS_LINE.match(data, place)
        if match is None:
            raise MalformedAnswerError(f"no answer at byte {place}: {data!r}")
        status = int(match[1])
        headers, place = _headers(data, match.end())
        if status >= 200:
            size = int(headers["content-length"])
            is_head = place == len(data) or STATUS_LINE.match(data, place) is not None
            place += 0 if is_head else size
            if place > len(data):
                raise MalformedAnswerError(f"half a body: {data!r}")
        found.append(RawAnswer(status, headers.get("connection", "")))
    return found


def statuses(data: bytes) -> tuple[int, ...]:
    """The answers' statuses; NO_STATUS alone for what begins as no answer."""
    if data and not data.startswith(b"HTTP/"):
        return (NO_STATUS,)
    return tuple(answer.status for answer in answers(data))
