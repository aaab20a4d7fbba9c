"""How much a debugger has to step through.

Method: a debug build of one send, stepped through by gdb.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.process import run
from tests.support.tool import generate
from tests.support.tree import INCLUDE, ROOT, SOURCE

HERE = Path(__file__).parent

CALLS_MAX = 10
DEEP_MAX = 4


def test_a_send_is_quickly_stepped_through(tmp_path: Path) -> None:
    """Goal: few calls, not deep, in a debug build of a send."""
    generate(ROOT / "examples" / "hello" / "hello.yaml", tmp_path / "gen")
    program = tmp_path / "one_send"
    sources = [HERE / "one_send.c", *sorted(SOURCE.glob("*.c"))]
    includes = [f"-I{INCLUDE}", f"-I{tmp_path / 'gen'}"]
    run(
        ["gcc", "-std=c11", "-g", "-O0", *includes, *sources, "-o", program, "-pthread"]
    ).expect_success()
    stepped = run(["gdb", "-q", "-nx", "-batch", "-x", HERE / "count_calls.py", program])
    counted = re.search(r"^calls=(\d+) deep=(\d+) (.*)$", stepped.stdout, re.MULTILINE)
    assert counted is not None, stepped.stdout + stepped.stderr
    calls, deep, names = int(counted[1]), int(counted[2]), counted[3]
    assert "corinth_spsc_commit" in names
    assert calls <= CALLS_MAX, names
    assert deep <= DEEP_MAX, names
