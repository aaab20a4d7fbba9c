"""Random requests: the same in all pieces, an answer or an end for each of them.

CORINTH_FUZZ_CONNECTIONS in the environment makes more of them, and CORINTH_FUZZ_SEED others."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from check_client import Client, digest, request
from server_process import ServerProcess
from tests.e2e.mutations import VALID, random_stream
from tests.e2e.raw import answers, exchange
from tests.e2e.servers import ADDRESS_SANITIZER, PARSER_SOURCES, Variant, build
from tests.support.process import run

SEED = int(os.environ.get("CORINTH_FUZZ_SEED", "1893"))
CONNECTIONS = int(os.environ.get("CORINTH_FUZZ_CONNECTIONS", "3000"))
STREAMS = CONNECTIONS
PARSE_PIECES = Path(__file__).with_name("parse_pieces.c")
StartAny = Callable[[Variant, Sequence[str]], ServerProcess]
KNOWN = {100, 200, 400, 404, 405, 408, 413, 414, 417, 421, 431, 501, 505}


@pytest.fixture(scope="module")
def parse_pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parser")
    return build(ADDRESS_SANITIZER, folder, (PARSE_PIECES, *PARSER_SOURCES), "parse_pieces")


def findings(parse_pieces: Path, streams: Sequence[bytes], folder: Path) -> list[str]:
    """What the parser finds in each stream; fails where that depends on the pieces."""
    file = folder / "streams"
    file.write_bytes(b"".join(b"%08x" % len(stream) + stream for stream in streams))
    return run([parse_pieces, file], timeout_s=600).expect_success().stdout.splitlines()


def test_valid_in_pieces(parse_pieces: Path, tmp_path: Path) -> None:
    """Goal: it doesn't matter how a request arrives. Method: each valid one, and each two of them,
    whole, cut in two at each byte and byte by byte: none is refused, and all are found."""
    pairs = [b"".join(pair) for pair in itertools.product(VALID, repeat=2)]
    for found in findings(parse_pieces, VALID, tmp_path):
        assert found.count(" method ") == 1, found
        assert found.endswith(" inside 0"), found
    for found in findings(parse_pieces, pairs, tmp_path):
        assert found.count(" method ") == 2, found


def test_mutants_in_pieces(parse_pieces: Path, tmp_path: Path) -> None:
    """Goal: what is refused doesn't depend on how it arrives either. Method: random faults; as many
    streams must be taken as refused, or so, else the faults are of no use."""
    print(f"seed {SEED}")
    chooser = random.Random(SEED)
    streams = [random_stream(chooser) for _ in range(STREAMS)]
    found = findings(parse_pieces, streams, tmp_path)
    assert len(found) == len(streams)
    refused = sum(" refused " in each for each in found)
    assert STREAMS / 5 < refused < STREAMS * 4 / 5


def test_valid_cut_in_two(start_any: StartAny) -> None:
    """Goal: the same with sockets. Method: each valid request cut at each byte, all of one kind on
    one connection, the halves sent one by one; all answers are what the first was."""
    server = start_any(ADDRESS_SANITIZER, ())
    for data in VALID:
        with Client(server.address) as client:
            is_head = data.startswith(b"HEAD")
            client.send(data)
            first = client.receive(is_head=is_head)
            for place in range(1, len(data)):
                client.send_in_pieces(data, [place])
                answer = client.receive(is_head=is_head)
                if answer.status == 100:
                    answer = client.receive()
                assert answer.status == first.status
                assert answer.body == first.body or b"stats" in data
    server.stop()


def test_mutants(start_any: StartAny) -> None:
    """Goal: nothing that a client sends stops the server, and it says nothing that is no answer.
    Method: random faults, half of them in two pieces; every connection gets answers in good form
    and an end, and a good client is served as before."""
    print(f"seed {SEED}")
    chooser = random.Random(SEED)
    server = start_any(ADDRESS_SANITIZER, ("--request-timeout-ms", "5000"))
    answered = 0
    for _ in range(CONNECTIONS):
        data = random_stream(chooser)
        given = answers(exchange(server.address, data, ends_output=True))
        assert {answer.status for answer in given} <= KNOWN, data
        closing = [answer.connection == "close" for answer in given if answer.status >= 200]
        assert not any(closing[:-1]), data
        answered += len(closing)
    assert answered > CONNECTIONS / 2
    with Client(server.address) as client:
        client.ask(request("POST", "/sha256", b"good")).expect(200, digest(b"good"))
    report = server.stop()
    assert report.io["answers"] + report.io["refusals"] == answered + 1
