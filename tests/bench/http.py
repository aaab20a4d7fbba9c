"""Measures the HTTP example beside nginx: wrk drives both in turn, and asks for the same bytes.

nginx is the packaged one with one worker, which serves a text from memory of the length of the
example's page. A run counts only if the machine was quiet: what other processes used of it while
it lasted is at most 1.5% of its time.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from demo import LOAD_SCRIPT, parse_load
from server_process import ServerProcess
from tests.bench import machine, profile
from tests.bench.figures import Spread
from tests.bench.report import markdown
from tests.e2e import nginx
from tests.e2e.processes import cpu_seconds
from tests.e2e.servers import Variant, build

SECONDS = 3
CONNECTIONS = 32
ATTEMPTS_PER_RUN = 4
MOST_FOREIGN_SHARE = 0.015
BUSY_FIELDS = (0, 1, 2, 7)
"""Of a line of /proc/stat: user, nice, system and stolen time; interrupts may be in both counts."""

SERVER = Variant("bench", flags=("-O2", "-DNDEBUG", "-no-pie"))
"""At fixed addresses, so that those of samples are those in the file."""

CONFIGURATION = """
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{port};
        default_type text/html;
        location = / {{ return 200 "{body}"; }}
    }}
"""

Address = tuple[str, int]


@dataclass(frozen=True)
class Server:
    """One of the two, over all its accepted runs."""

    name: str
    runs: int
    rejected: int
    requests: Spread
    """A second."""
    p99_us: Spread


@dataclass(frozen=True)
class Figures:
    date: str
    command: str
    machine: dict[str, str | int]
    body_bytes: int
    connections: int
    seconds: int
    servers: tuple[Server, ...]
    profile: dict[str, float]
    """Shares of the samples of the example's threads, by what they were in."""
    remark: str = ""


def foreign_share(before: str, after: str, ours_s: float, seconds: float) -> float:
    """What others used of the machine, from two texts of /proc/stat."""
    ticks = os.sysconf("SC_CLK_TCK")

    def busy_s(text: str) -> float:
        values = text.splitlines()[0].split()[1:]
        return sum(int(values[index]) for index in BUSY_FIELDS) / ticks

    processors = sum(line[:3] == "cpu" and line[3:4].isdigit() for line in after.splitlines())
    return max(0.0, busy_s(after) - busy_s(before) - ours_s) / (seconds * processors)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def drive(address: Address, pid: int, seconds: int) -> tuple[float, float, bool]:
    """Requests a second, 99th percentile in microseconds, and whether the machine was quiet."""
    host, port = address
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(LOAD_SCRIPT)]
    stat = Path("/proc/stat")
    used, begin, before = cpu_seconds(pid) + _children_s(), time.monotonic(), stat.read_text()
    done = subprocess.run(
        [*command, f"http://{host}:{port}/"], check=True, capture_output=True, text=True
    )
    after, end = stat.read_text(), time.monotonic()
    ours_s = cpu_seconds(pid) + _children_s() - used
    load = parse_load(done.stdout)
    if any(load.errors.values()):
        raise RuntimeError(f"wrk saw errors: {load.errors}")
    share = foreign_share(before, after, ours_s, end - begin)
    return load.requests * 1e6 / load.duration_us, load.p99_us, share <= MOST_FOREIGN_SHARE


Drive = Callable[[], tuple[float, float, bool]]


def take_turns(drives: dict[str, Drive], runs: int) -> tuple[Server, ...]:
    """All in turn, until each has its runs or the machine proves too busy."""
    accepted: dict[str, list[tuple[float, float]]] = {name: [] for name in drives}
    rejected = dict.fromkeys(drives, 0)
    for _ in range(ATTEMPTS_PER_RUN * runs):
        for name, drive_it in drives.items():
            if len(accepted[name]) < runs:
                requests, p99_us, was_quiet = drive_it()
                if was_quiet:
                    accepted[name].append((requests, p99_us))
                else:
                    rejected[name] += 1
    return tuple(
        Server(
            name,
            len(found),
            rejected[name],
            Spread.of([requests for requests, _ in found]),
            Spread.of([p99_us for _, p99_us in found]),
        )
        for name, found in accepted.items()
    )


def nginx_of(folder: Path, body: str) -> AbstractContextManager[tuple[Address, int]]:
    """nginx with a text of that length, in which nothing means anything to its configuration."""
    return nginx.running(folder, CONFIGURATION, body="x" * len(body))


def measure(runs: int, seconds: int, command: str, remark: str) -> Figures:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        binary = build(SERVER, folder)
        with ServerProcess(binary) as example:
            host, port = example.address
            url = f"http://{host}:{port}/"
            with urllib.request.urlopen(url) as response:
                body = response.read().decode("ascii")
            with nginx_of(folder, body) as (address, pid):
                drives: dict[str, Drive] = {
                    "Corinth's example": lambda: drive(
                        example.address, example.process.pid, seconds
                    ),
                    "nginx": lambda: drive(address, pid, seconds),
                }
                servers = take_turns(drives, runs)
            shares = profile.take(
                binary,
                example.process.pid,
                folder,
                lambda: drive(example.address, example.process.pid, seconds),
            )
            example.stop()
    return Figures(
        date=machine.today(),
        command=command,
        machine=machine.description(len(os.sched_getaffinity(0))),
        body_bytes=len(body),
        connections=CONNECTIONS,
        seconds=seconds,
        servers=servers,
        profile=shares,
        remark=remark,
    )


def as_text(figures: Figures) -> str:
    return json.dumps(asdict(figures), indent=1) + "\n"


def from_text(text: str) -> Figures:
    values = json.loads(text)
    servers = tuple(
        Server(**{**each, **{key: Spread(**each[key]) for key in ("requests", "p99_us")}})
        for each in values["servers"]
    )
    return Figures(**{**values, "servers": servers})


def _cells(server: Server) -> list[str]:
    requests, p99 = server.requests, server.p99_us
    if not server.runs:
        return [server.name, "none", "none", str(server.rejected)]
    return [
        server.name,
        f"{requests.median:,.0f} ({requests.least:,.0f}-{requests.most:,.0f})",
        f"{p99.median / 1000:.2f} ({p99.least / 1000:.2f}-{p99.most / 1000:.2f})",
        str(server.rejected),
    ]


HEAD = ("", "requests a second", "99 % within ms", "rejected runs")


def report(figures: Figures) -> Iterator[str]:
    """For the terminal."""
    for row in (HEAD, *map(_cells, figures.servers)):
        yield "".join(cell.ljust(30) for cell in row).rstrip()
    yield from profile.report(figures.profile)


def page(figures: Figures) -> Iterator[str]:
    """For docs/performance.md."""
    if figures.remark:
        yield f"**{figures.remark}**"
        yield ""
    yield from markdown(HEAD, map(_cells, figures.servers))
    yield ""
    yield f"`{figures.command}`, {figures.date}; {figures.machine['processor']},"
    yield f"{figures.machine['cores']} cores; a body of {figures.body_bytes} bytes,"
    yield f"{figures.connections} connections, runs of {figures.seconds} s."
    yield from profile.report(figures.profile)
