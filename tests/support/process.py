"""Subprocesses that can't outlive their test, and a watchdog for waits inside this process."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

DEFAULT_TIMEOUT_S = 600.0


class TimedOutError(AssertionError):
    """A command took longer than its watchdog allows; it and its children are dead."""


@dataclass(frozen=True)
class Result:
    """How a command ended. `status` is negative when a signal ended it."""

    command: tuple[str, ...]
    status: int
    stdout: str
    stderr: str

    def expect_success(self) -> Result:
        """Fail the test, with everything that was printed, unless the command succeeded."""
        assert self.status == 0, self.describe()
        return self

    def describe(self) -> str:
        return (
            f"{' '.join(self.command)}\nended with {self.status}\n"
            f"--- stdout ---\n{self.stdout}\n--- stderr ---\n{self.stderr}"
        )


def kill_group(process: subprocess.Popen[str]) -> None:
    """Kill a process that leads its own group, and every child of it that stayed in the group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
    timeout_s: float = DEFAULT_TIMEOUT_S,
) -> Result:
    """Run a command to its end. `environment` is added to this process's own."""
    words = tuple(str(word) for word in command)
    with subprocess.Popen(
        words,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            stdout, stderr = process.communicate(stdin, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            kill_group(process)
            stdout, stderr = process.communicate()
            late = Result(words, process.returncode, stdout, stderr)
            raise TimedOutError(f"not done after {timeout_s} s: {late.describe()}") from None
        except BaseException:
            kill_group(process)
            raise
    return Result(words, process.returncode, stdout, stderr)


class Watchdog:
    """Ends this process with every thread's stack when the block takes longer than `seconds`.

    It is for waits that no exception could interrupt, such as a join of a thread that hangs. The
    test run then counts as failed, because it ends without a report.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> Watchdog:
        faulthandler.dump_traceback_later(self._seconds, exit=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        faulthandler.cancel_dump_traceback_later()
