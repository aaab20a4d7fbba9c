"""Measures generated lanes beside other queues and prints tables; scripts/bench calls it.

Each cell of a table is measured by one process in short runs that are interleaved among all
contenders. Nothing here passes or fails but what is wrong: lost, changed or disordered items.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.build import (
    BYTES,
    CAPACITIES,
    FOLDER,
    PEERS,
    TOOLCHAINS,
    Extent,
    Toolchain,
    build,
)
from tests.bench.build import is_present as is_peer_present
from tests.bench.report import Measurement, tables

LEAST_PEERS = 2
SHAPES = (("spsc", 1), ("mpmc", 1), ("mpmc", 2))
"""Lane, and how many threads are on either side."""
RUNS = 7


def say(text: str) -> None:
    print(f"== {text}", file=sys.stderr, flush=True)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="a cell; at least 7 mean something")
    parser.add_argument("--compiler", choices=[each.name for each in TOOLCHAINS])
    parser.add_argument("--lane", choices=["spsc", "mpmc"])
    parser.add_argument("--bytes", type=int, choices=BYTES)
    parser.add_argument("--capacity", type=int, choices=CAPACITIES)
    parser.add_argument("--json", type=Path, default=FOLDER / "results.json")
    return parser.parse_args(arguments)


def extent_of(options: argparse.Namespace) -> Extent:
    sizes = (options.bytes,) if options.bytes else BYTES
    capacities = (options.capacity,) if options.capacity else CAPACITIES
    return Extent(sizes, capacities)


def measure(
    program: Path, toolchain: Toolchain, options: argparse.Namespace
) -> Iterator[Measurement]:
    """All cells that were asked for, one process each."""
    extent = extent_of(options)
    for lane, threads in SHAPES:
        if options.lane not in (None, lane):
            continue
        for capacity in extent.capacities:
            for size in extent.sizes:
                numbers = (threads, size, capacity, options.runs)
                words = [str(program), lane, *map(str, numbers)]
                done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
                for line in done.stdout.splitlines():
                    values = json.loads(line)
                    values["runs"] = tuple(values["runs"])
                    values["line_ns"] = tuple(values["line_ns"])
                    yield Measurement(compiler=toolchain.name, **values)


def machine() -> dict[str, object]:
    """What the figures depend on, without saying whose machine it is."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    cores = len(os.sched_getaffinity(0))
    return {"processor": model or platform.machine(), "cores": cores, "system": platform.system()}


def main(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    measurements: list[Measurement] = []
    compilers: dict[str, str] = {}
    absent: set[str] = set()
    for toolchain in TOOLCHAINS:
        if options.compiler not in (None, toolchain.name) or not toolchain.is_there():
            continue
        peers = [peer for peer in PEERS if is_peer_present(peer, toolchain)]
        absent |= {peer.name for peer in PEERS if peer not in peers}
        if len(peers) < LEAST_PEERS:
            say(f"only {len(peers)} of the peers are installed; {LEAST_PEERS} are needed")
            return 1
        say(f"Building with {toolchain.name}")
        program = build(toolchain, peers, extent_of(options))
        say(f"Measuring with {toolchain.name}")
        compilers[toolchain.name] = toolchain.version()
        measurements += measure(program, toolchain, options)
    for line in tables(measurements):
        print(line)
    for peer in PEERS:
        if peer.name in absent:
            where = peer.package or "no package: a folder named in CORINTH_PEERS"
            print(f"{peer.name}: absent ({where})")
    document = {
        "machine": machine(),
        "compilers": compilers,
        "absent": sorted(absent),
        "unit": "million items a second",
        "measurements": [each.as_json() for each in measurements],
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: {os.path.relpath(options.json)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
