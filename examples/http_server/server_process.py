"""The HTTP server as a child process, and what it prints when it has ended."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

LANE = re.compile(
    r"^lane (\w+): sent (\d+) = received (\d+) \+ in lane (\d+) \+ undelivered (\d+)$",
    re.MULTILINE,
)
COUNTER = re.compile(r"(\w[\w ]*?) (\d+)(?:,|$)")
KILL_AFTER_S = 60.0


class ServerError(Exception):
    """The server didn't start, didn't end well, or its counts don't add up."""


@dataclass(frozen=True)
class Lane:
    sent: int
    received: int
    in_lane: int
    undelivered: int

    @property
    def is_conserved(self) -> bool:
        return self.sent == self.received + self.in_lane + self.undelivered


@dataclass(frozen=True)
class Report:
    """The server's last words: each lane, and what io counted."""

    text: str
    lanes: dict[str, Lane]
    io: dict[str, int]

    def check(self) -> None:
        """Don't trust the server's own verdict: add up again."""
        lost = [name for name, lane in self.lanes.items() if not lane.is_conserved]
        if not self.lanes or lost:
            raise ServerError(f"a count doesn't add up: {lost}\n{self.text}")


def parse_report(text: str) -> Report:
    lanes = {name: Lane(*map(int, numbers)) for name, *numbers in LANE.findall(text)}
    counted = next((line for line in text.splitlines() if line.startswith("io: ")), "io: ")
    io = {name: int(number) for name, number in COUNTER.findall(counted.removeprefix("io: "))}
    return Report(text, lanes, io)


class ServerProcess:
    """A running server on a free port of the loopback interface."""

    def __init__(
        self, binary: Path, options: Sequence[str] = (), *, prefix: Sequence[str] = ()
    ) -> None:
        self.process = subprocess.Popen(
            [*prefix, str(binary), "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        match = re.match(r"listening on \[?([^\s\]]+)\]?:(\d+)$", first)
        if match is None:
            self.process.kill()
            _, errors = self.process.communicate()
            raise ServerError(f"the server didn't start: {first}{errors}")
        self.address = (match.group(1), int(match.group(2)))

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    @property
    def pid(self) -> int:
        return self.process.pid

    def terminate(self) -> None:
        """Ask it to end, without waiting."""
        self.process.send_signal(signal.SIGTERM)

    def finish(self) -> Report:
        """Wait for its end; what it printed, after the counts have been checked."""
        try:
            text, errors = self.process.communicate(timeout=KILL_AFTER_S)
        except subprocess.TimeoutExpired as late:
            self.process.kill()
            text, errors = self.process.communicate()
            raise ServerError(f"still there after {KILL_AFTER_S} s\n{text}{errors}") from late
        if self.process.returncode != 0:
            raise ServerError(f"ended with {self.process.returncode}\n{text}{errors}")
        report = parse_report(text)
        report.check()
        return report

    def stop(self) -> Report:
        self.terminate()
        return self.finish()
