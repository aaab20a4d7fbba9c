"""A client that asks for digests in every way that HTTP/1.1 offers and compares them with its own.

usage: check_client.py HOST PORT [--seconds N] [--seed N]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

Address = tuple[str, int]

BODY_LIMIT_BYTES = 8192
"""As the schema says; a longer body is refused."""

PIPELINED_MOST = 16
RECEIVE_BYTES = 65536


class WrongAnswerError(Exception):
    """The server said something that it must not say."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def expect(self, status: int, body: bytes | None = None) -> Answer:
        if self.status != status or (body is not None and self.body != body):
            wanted = f"{status} {body!r}" if body is not None else str(status)
            raise WrongAnswerError(f"{self.status} {self.body[:200]!r} instead of {wanted}")
        return self


def request(
    method: str, path: str, body: bytes | None = None, *, headers: Sequence[str] = ()
) -> bytes:
    """A request as bytes, with Content-Length when there is a body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def chunked_request(method: str, path: str, chunks: Sequence[bytes]) -> bytes:
    """The same with a chunked body. Chunks must not be empty: an empty one ends the body."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head.encode() + body + b"0\r\n\r\n"


class Client:
    """One connection. Every wait has an end: `timeout_s`, after which TimeoutError is raised."""

    def __init__(self, address: Address, *, timeout_s: float = 30.0) -> None:
        self.socket = socket.create_connection(address, timeout=timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_in_pieces(self, data: bytes, cuts: Sequence[int]) -> None:
        """Send in several segments; `cuts` are where one ends and the next begins."""
        places = [0, *sorted(cuts), len(data)]
        for begin, end in itertools.pairwise(places):
            self.socket.sendall(data[begin:end])

    def _more(self) -> None:
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise ConnectionError(f"closed by the server after {self._received[:200]!r}")
        self._received += data

    def receive(self, *, is_head: bool = False) -> Answer:
        """The next answer; `is_head` when it is one to a HEAD, which has no body."""
        while b"\r\n\r\n" not in self._received:
            self._more()
        head, self._received = self._received.split(b"\r\n\r\n", 1)
        status_line, *lines = head.decode("ascii").split("\r\n")
        version, status, _ = status_line.split(" ", 2)
        if version != "HTTP/1.1":
            raise WrongAnswerError(f"not a status line: {status_line!r}")
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in pairs}
        size = 0 if is_head or status == "100" else int(headers["content-length"])
        while len(self._received) < size:
            self._more()
        body, self._received = self._received[:size], self._received[size:]
        return Answer(int(status), headers, body)

    def is_ended(self) -> bool:
        """Wait until the server says something or ends; True when it ends properly, no word more.
        ConnectionResetError when it hangs up on what we have sent."""
        if self._received == b"":
            self._received = self.socket.recv(RECEIVE_BYTES)
        return self._received == b""

    def is_closed(self) -> bool:
        """The same, but hanging up is an end as well."""
        try:
            return self.is_ended()
        except ConnectionResetError:
            return True

    def ask(self, data: bytes) -> Answer:
        self.send(data)
        return self.receive()


def digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def random_body(chooser: random.Random) -> bytes:
    sizes = (0, 1, 63, 64, 1000, 4096, BODY_LIMIT_BYTES, chooser.randrange(BODY_LIMIT_BYTES + 1))
    return chooser.randbytes(chooser.choice(sizes))


def cut(body: bytes, chooser: random.Random) -> list[bytes]:
    """The body in chunks of random sizes."""
    chunks = []
    while body:
        size = chooser.randint(1, len(body))
        chunks.append(body[:size])
        body = body[size:]
    return chunks


def check_pipelined(client: Client, chooser: random.Random) -> int:
    """Several requests in one go; the answers come in the same order."""
    bodies = [random_body(chooser) for _ in range(chooser.randint(1, PIPELINED_MOST))]
    client.send(b"".join(request("POST", "/sha256", body) for body in bodies))
    for body in bodies:
        client.receive().expect(200, digest(body))
    return len(bodies)


def check_chunked(client: Client, chooser: random.Random) -> int:
    body = random_body(chooser)
    client.ask(chunked_request("POST", "/sha256", cut(body, chooser))).expect(200, digest(body))
    return 1


def check_pieces(client: Client, chooser: random.Random) -> int:
    """A request that comes in several segments, cut anywhere."""
    body = random_body(chooser)
    data = request("POST", "/sha256", body)
    client.send_in_pieces(data, [chooser.randrange(len(data)) for _ in range(4)])
    client.receive().expect(200, digest(body))
    return 1


def check_others(client: Client, chooser: random.Random) -> int:
    """What the server returns besides digests."""
    del chooser
    page = client.ask(request("GET", "/")).expect(200)
    if not page.body.startswith(b"<!doctype html>"):
        raise WrongAnswerError("the page is no page")
    stats = json.loads(client.ask(request("GET", "/stats")).expect(200).body)
    for lane in stats["lanes"]:
        if lane["received"] > lane["sent"]:
            raise WrongAnswerError(f"received more than was sent: {lane}")
    client.ask(request("GET", "/nothing")).expect(404)
    client.ask(request("GET", "/sha256")).expect(405)
    return 4


def check_for(address: Address, seconds: float, seed: int) -> int:
    """Check until the time is over; how many requests were answered, all rightly."""
    chooser = random.Random(seed)
    checks = (check_pipelined, check_chunked, check_pieces, check_others)
    end = time.monotonic() + seconds
    answered = 0
    while time.monotonic() < end:
        with Client(address) as client:
            for _ in range(chooser.randint(1, 10)):
                answered += chooser.choice(checks)(client, chooser)
    return answered


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Compare the server's digests with our own.")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1893)
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}")
    answered = check_for((given.host, given.port), given.seconds, given.seed)
    print(f"{answered} answers, all right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
