"""Measures generated lanes beside other queues and prints tables; scripts/bench calls it.

Each cell of a table is measured by itself, in short runs that are interleaved among all contenders.
Nothing here passes or fails but what is wrong: lost, changed or disordered items.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import docs, http, machine
from tests.bench.build import (
    BYTES,
    CAPACITIES,
    FOLDER,
    PEERS,
    TOOLCHAINS,
    TRIP_CAPACITY,
    Extent,
    Peer,
    Toolchain,
    build,
)
from tests.bench.build import is_present as is_peer_present
from tests.bench.figures import RUNS, TRIP, Cell, Document, as_text, cell_of
from tests.bench.report import tables

LEAST_PEERS = 2
SHAPES = (("spsc", 1), ("mpmc", 1), ("mpmc", 2), ("mpmc", 4))
"""Lane, and how many threads are on either side."""
QUICK_SHAPES = SHAPES[:3]
QUICK_BYTES = (16, 64, 256)
QUICK_COMPILER = "gcc"
QUICK_MINUTES = 1.5
MINUTES = 30.0
"""What measuring takes at most, after the build."""

Measured = tuple[Cell, dict[str, str]]
"""A cell, and how each contender is used."""


def say(text: str) -> None:
    print(f"== {text}", file=sys.stderr, flush=True)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--quick", action="store_true", help="a part, in two minutes with its build")
    other.add_argument("--http", action="store_true", help="the HTTP example beside nginx instead")
    other.add_argument("--docs", action="store_true", help="measures nothing: docs from their JSON")
    parser.add_argument("--runs", type=int, default=RUNS, help="a cell; at least 7 mean something")
    parser.add_argument(
        "--minutes",
        type=float,
        help=f"of measuring, at most: {MINUTES:g}, or {QUICK_MINUTES:g} with --quick",
    )
    parser.add_argument("--compiler", choices=[each.name for each in TOOLCHAINS])
    parser.add_argument("--lane", choices=["spsc", "mpmc", TRIP])
    parser.add_argument("--bytes", type=int, choices=BYTES)
    parser.add_argument("--capacity", type=int, choices=CAPACITIES)
    parser.add_argument("--seconds", type=int, default=http.SECONDS, help="of a run of --http")
    parser.add_argument("--remark", default="", help="what readers of the figures have to know")
    parser.add_argument("--json", type=Path, help="where the figures go; build/bench by default")
    return parser.parse_args(arguments)


def extent_of(options: argparse.Namespace) -> Extent:
    sizes = QUICK_BYTES if options.quick else BYTES
    return Extent(
        (options.bytes,) if options.bytes else sizes,
        (options.capacity,) if options.capacity else CAPACITIES,
    )


def cells_of(options: argparse.Namespace) -> Iterator[tuple[str, int, int, int]]:
    """Lane, threads, bytes and capacity of each cell that was asked for."""
    extent = extent_of(options)
    for lane, threads in QUICK_SHAPES if options.quick else SHAPES:
        if options.lane in (None, lane):
            for capacity in extent.capacities:
                for size in extent.sizes:
                    yield lane, threads, size, capacity
    if options.lane in (None, TRIP):
        for size in extent.trip_sizes:
            yield TRIP, 1, size, TRIP_CAPACITY


def toolchains_of(options: argparse.Namespace) -> list[Toolchain]:
    wanted = options.compiler or (QUICK_COMPILER if options.quick else None)
    return [each for each in TOOLCHAINS if wanted in (None, each.name) and each.is_there()]


def shares(
    minutes: float, count: int, clock_s: Callable[[], float] = time.monotonic
) -> Iterator[float]:
    """Seconds for each of so many cells: what others leave of theirs is for those that follow."""
    deadline = clock_s() + 60 * minutes
    for index in range(count):
        yield max(0.0, deadline - clock_s()) / (count - index)


def measure(programs: dict[str, Path], options: argparse.Namespace) -> Iterator[Measured]:
    """All cells that were asked for, within the time that there is."""
    minutes = options.minutes or (QUICK_MINUTES if options.quick else MINUTES)
    cells = [(compiler, cell) for compiler in programs for cell in cells_of(options)]
    for (compiler, cell), seconds in zip(cells, shares(minutes, len(cells)), strict=True):
        words = [programs[compiler], *cell, options.runs, round(1000 * seconds)]
        done = subprocess.run(
            [str(word) for word in words], stdout=subprocess.PIPE, text=True, check=True
        )
        yield cell_of(compiler, done.stdout.splitlines())


def absence(peer: Peer) -> str:
    return f"{peer.name}: absent ({peer.package or 'from a folder named in CORINTH_PEERS'})"


def measure_lanes(options: argparse.Namespace, command: str) -> Document | None:
    programs: dict[str, Path] = {}
    compilers: dict[str, str] = {}
    absent: set[str] = set()
    for toolchain in toolchains_of(options):
        peers = [peer for peer in PEERS if is_peer_present(peer, toolchain)]
        absent |= {peer.name for peer in PEERS if peer not in peers}
        if len(peers) < LEAST_PEERS:
            say(f"only {len(peers)} of the peers are installed; {LEAST_PEERS} are needed")
            return None
        say(f"Building with {toolchain.name}")
        programs[toolchain.name] = build(toolchain, peers, extent_of(options))
        compilers[toolchain.name] = toolchain.version()
    say("Measuring")
    cores = machine.leave_siblings_alone()
    measured = list(measure(programs, options))
    return Document(
        date=machine.today(),
        command=command,
        machine=machine.description(cores),
        compilers=compilers,
        absent=sorted(absent),
        notes={label: note for _, notes in measured for label, note in notes.items()},
        cells=tuple(cell for cell, _ in measured),
        remark=options.remark,
    )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"\nwritten: {os.path.relpath(path)}")


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    command = shlex.join(["scripts/bench", *arguments])
    if options.docs:
        docs.write_all()
        return 0
    if options.http:
        figures = http.measure(options.runs, options.seconds, command, options.remark)
        print("\n".join(http.report(figures)))
        write(options.json or FOLDER / "http.json", http.as_text(figures))
        return 0
    document = measure_lanes(options, command)
    if document is None:
        return 1
    print("\n".join(tables(document)))
    print("\n".join(absence(peer) for peer in PEERS if peer.name in document.absent))
    write(options.json or FOLDER / "lanes.json", as_text(document))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
