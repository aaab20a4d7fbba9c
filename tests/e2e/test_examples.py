"""The examples as they are committed: headers up to date, hello says what README shows, and the
demonstration succeeds when all is well and fails loudly when it isn't."""

from __future__ import annotations

import os
import random
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from check_client import Client, WrongAnswerError, check_pipelined
from demo import DemoError, Load, judge
from server_process import Report, parse_report
from tests.e2e.servers import EXAMPLE, PLAIN, SCHEMA, Variant
from tests.support.compilers import COMPILERS, Compiler, command_for
from tests.support.process import run
from tests.support.tool import corinth, generate
from tests.support.tree import ROOT, SOURCE

HELLO = ROOT / "examples" / "hello"
REWRITE = "CORINTH_REWRITE_GOLDEN"


@pytest.mark.parametrize("schema", [HELLO / "hello.yaml", SCHEMA], ids=["hello", "http_server"])
def test_headers_are_up_to_date(schema: Path, tmp_path: Path) -> None:
    """Goal: what is committed is what the generator makes. Method: --check; and that a hand edit
    fails with a diff. CORINTH_REWRITE_GOLDEN=1 in the environment makes them again.
    """
    committed = schema.parent / "gen"
    if os.environ.get(REWRITE) == "1":
        generate(schema, committed)
    corinth("generate", schema, "-o", committed, "--check").expect_success()

    edited = tmp_path / "gen"
    shutil.copytree(committed, edited)
    header = next(edited.glob("*_transfer.h"))
    header.write_text(header.read_text().replace("entity", "thing", 1))
    checked = corinth("generate", schema, "-o", edited, "--check")
    assert checked.status == 1
    assert "-" in checked.stdout
    assert "thing" in checked.stdout


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda compiler: compiler.name)
def test_hello(compiler: Compiler, tmp_path: Path) -> None:
    """Goal: the shortest program works. Method: build it as README says and read what it prints."""
    generate(HELLO / "hello.yaml", tmp_path)
    runtime = sorted(SOURCE.glob("*.c"))
    hello = tmp_path / "hello"
    command = command_for(compiler, "c11", [tmp_path], ["-pthread"])
    run([*command, HELLO / "main.c", *runtime, "-o", hello]).expect_success()
    lines = run([hello]).expect_success().stdout.splitlines()
    assert sorted(lines) == [
        "gulf: sent boat 1893: OK",
        "sea: boat 1893 has arrived, 21.3 m, 12 aboard",
    ]


def test_demo(build_variant: Callable[[Variant], Path]) -> None:
    """Goal: the demonstration shows traffic, right digests and nothing lost. Method: run it."""
    server = build_variant(PLAIN)
    result = run(
        [sys.executable, EXAMPLE / "demo.py", "--server", server, "--seconds", "1"]
    ).expect_success()
    assert "requests per second: " in result.stdout
    assert result.stdout.count("\nlane ") == 4
    assert "nothing lost" in result.stdout


def test_demo_without_server(tmp_path: Path) -> None:
    """Goal: the demonstration fails when the server does. Method: a server that isn't one."""
    result = run([sys.executable, EXAMPLE / "demo.py", "--server", shutil.which("true") or ""])
    assert result.status == 1
    assert "FAILED" in result.stderr
    assert "Traceback" not in result.stderr


def report(sent: int) -> Report:
    lanes = ("io_to_compute", "compute_to_io")
    return parse_report(
        "".join(
            f"lane {lane}: sent {sent} = received {sent} + in lane 0 + undelivered 0\n"
            for lane in lanes
        )
    )


@pytest.mark.parametrize(
    ("sent", "errors"), [(109, 0), (143, 0), (120, 1)], ids=["lost", "invented", "refused"]
)
def test_demo_judges(sent: int, errors: int) -> None:
    """Goal: a wrong count or an error fails. Method: made-up figures, right ones first."""
    load = Load(100, 1, 1, 1, 1, {"status": 0})
    judge(load, 10, report(110), 32)
    judge(load, 10, report(142), 32)
    with pytest.raises(DemoError):
        judge(Load(100, 1, 1, 1, 1, {"status": errors}), 10, report(sent), 32)


def test_a_wrong_digest_is_noticed() -> None:
    """Goal: the checking client checks. Method: a server that always returns the same digest."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer_wrongly() -> None:
        client, _ = listener.accept()
        with client:
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n" + b"0" * 64)

    thread = threading.Thread(target=answer_wrongly)
    thread.start()
    address = ("127.0.0.1", listener.getsockname()[1])
    with Client(address) as client, pytest.raises(WrongAnswerError):
        check_pipelined(client, random.Random(1))
    thread.join()
    listener.close()
