"""Goal: no test outlives its watchdog. Method: commands that hang, in every way that matters."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.support.process import TimedOutError, run
from tests.support.tree import ROOT


def is_running(process_id: int) -> bool:
    """Whether a process is there and not a zombie that hasn't been waited for."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_command_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    """Goal: nothing is left running. Method: a shell that waits for a child which sleeps."""
    noted = tmp_path / "child"
    script = f"sleep 600 & echo $! > {noted}; echo begun; wait"
    with pytest.raises(TimedOutError, match="begun"):
        run(["sh", "-c", script], timeout_s=1.0)
    assert not is_running(int(noted.read_text()))


def test_results_tell_what_happened() -> None:
    """Goal: status, output and input are passed on. Method: a command that uses all of them."""
    result = run(
        ["sh", "-c", "cat; echo $WORD >&2; exit 3"], stdin="in", environment={"WORD": "out"}
    )
    assert (result.status, result.stdout, result.stderr) == (3, "in", "out\n")
    with pytest.raises(AssertionError, match="ended with 3"):
        result.expect_success()


def test_a_signal_is_a_negative_status() -> None:
    """Goal: a crash is told from an exit. Method: a command that kills itself."""
    assert run(["sh", "-c", "kill -SEGV $$"]).status == -signal.SIGSEGV


def test_the_watchdog_ends_a_process_that_waits_for_ever() -> None:
    """Goal: a wait that nothing interrupts ends. Method: one, in a process of its own."""
    text = (
        "import threading\n"
        "from tests.support.process import Watchdog\n"
        "with Watchdog(0.5):\n"
        "    threading.Event().wait()\n"
    )
    environment = {"PYTHONPATH": str(ROOT)}
    result = run([sys.executable, "-c", text], environment=environment, timeout_s=60.0)
    assert result.status == 1
    assert "Timeout" in result.stderr
    assert "line 4" in result.stderr


def test_the_watchdog_lets_a_block_that_ends_go_on() -> None:
    """Goal: a watchdog that isn't needed does nothing. Method: outlive it after its block."""
    text = (
        "import time\n"
        "from tests.support.process import Watchdog\n"
        "with Watchdog(0.2):\n"
        "    pass\n"
        "time.sleep(0.4)\n"
    )
    assert run([sys.executable, "-c", text], environment={"PYTHONPATH": str(ROOT)}).status == 0
