"""How much of the HTTP example's time is spent in lanes: samples by perf, told apart by source.

An address in the server's own code belongs to the source file of its innermost inlined line, so
that lanes are found although they are inlined: they are the runtime's files and the generated ones.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

RATE_HZ = 997
SAMPLE = re.compile(r"^\s*([0-9a-f]+) .*\((.*)\)$")
KERNEL = "kernel"
LANES = "lanes"
EXAMPLE = "the example"
LIBRARIES = "libraries"


def samples_of(text: str) -> list[tuple[int, str]]:
    """Address and file of each sample, from `perf script -F ip,sym,dso`."""
    matches = (SAMPLE.match(line) for line in text.splitlines())
    return [(int(match.group(1), 16), match.group(2)) for match in matches if match]


def part_of(source: str) -> str:
    """What a source file of the program belongs to."""
    parts = PurePosixPath(source).parts
    if "runtime" in parts or "gen" in parts:
        return LANES
    return EXAMPLE if "http_server" in parts else LIBRARIES


def shares(
    samples: Iterable[tuple[int, str]], binary: Path, sources: Sequence[str]
) -> dict[str, float]:
    """Shares of all samples; `sources` are those of the samples in the program, in their order."""
    counts: Counter[str] = Counter()
    remaining = iter(sources)
    for _, file in samples:
        if file == str(binary):
            counts[part_of(next(remaining))] += 1
        else:
            counts[KERNEL if file.startswith("[") else LIBRARIES] += 1
    total = counts.total()
    return {part: round(count / total, 4) for part, count in sorted(counts.items())}


def sources_of(binary: Path, addresses: Sequence[int]) -> list[str]:
    """The file of each address's innermost line."""
    command = ["addr2line", "-e", str(binary)]
    text = "".join(f"{address:#x}\n" for address in addresses)
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=True)
    return [line.rpartition(":")[0] for line in done.stdout.splitlines()]


def take(binary: Path, pid: int, folder: Path, load: Callable[[], object]) -> dict[str, float]:
    """Shares while the load lasts; none where there is no perf, or it isn't allowed."""
    if shutil.which("perf") is None:
        return {}
    data = folder / "perf.data"
    _record(pid, data, load)
    script = ["perf", "script", "-i", str(data), "-F", "ip,sym,dso"]
    done = subprocess.run(script, capture_output=True, text=True)
    samples = samples_of(done.stdout)
    if done.returncode != 0 or not samples:
        return {}
    inside = [address for address, file in samples if file == str(binary)]
    return shares(samples, binary, sources_of(binary, inside))


def _record(pid: int, data: Path, load: Callable[[], object]) -> None:
    """The load begins when perf says that it samples; to get ready takes it seconds."""
    from_us, to_perf = os.pipe()
    from_perf, to_us = os.pipe()
    control = f"fd:{from_us},{to_us}"
    command = ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(RATE_HZ), "-D", "-1"]
    command += ["--control", control, "-p", str(pid), "-o", str(data)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=(from_us, to_us)) as perf:
        os.close(to_us)
        os.write(to_perf, b"enable\n")
        os.read(from_perf, 16)
        try:
            load()
        finally:
            perf.terminate()
    for descriptor in (from_us, to_perf, from_perf):
        os.close(descriptor)


def report(parts: dict[str, float]) -> Iterator[str]:
    if not parts:
        yield "No profile: perf is missing, or may not sample."
        return
    listed = ", ".join(f"{part} {share:.1%}" for part, share in parts.items())
    yield f"Samples of the example's threads: {listed}."
