"""How long generated headers are, and what a file pays that includes them.

Method: lines are counted, and the compiler's memory is measured. Times are printed only; `-s` shows
them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.support.process import run
from tests.support.tool import generate
from tests.support.tree import INCLUDE, ROOT, TESTS

HELLO_LINES_MAX = 524
"""Of the headers of both worlds and the coordinator."""

ZONES_LINES_MAX = 1620
"""The same of three worlds, six lanes between them."""

LANE_LINES_MAX = 130
"""What one more lane adds to them, with its comments."""

ONE_WORLD_BYTES_MAX = 200 * 1024 * 1024
WORLDS = 64


def test_hello_is_short(tmp_path: Path) -> None:
    """Goal: two worlds and a lane can be read in one sitting."""
    assert _lines(ROOT / "examples" / "hello" / "hello.yaml", tmp_path) <= HELLO_LINES_MAX


def test_zones_are_short(tmp_path: Path) -> None:
    """Goal: so can a game's, every pair of whose worlds has a lane."""
    assert _lines(TESTS / "golden" / "zones" / "zones.yaml", tmp_path) <= ZONES_LINES_MAX


def test_a_lane_is_short(tmp_path: Path) -> None:
    """Goal: what a lane adds is wrappers."""
    text = (
        "corinth: 1\nname: pair\ncomponents: {Item: {fields: {number: u64}}}\n"
        "worlds: {a: {}, b: {}, c: {}, d: {}}\n"
        "lanes: [{from: a, to: d}, {from: b, to: d}, {from: c, to: a}"
    )
    without = tmp_path / "without.yaml"
    without.write_text(f"{text}]\n")
    one_more = tmp_path / "one_more.yaml"
    one_more.write_text(f"{text}, {{from: c, to: d}}]\n")
    added = _lines(one_more, tmp_path / "more") - _lines(without, tmp_path / "less")
    assert added <= LANE_LINES_MAX


def _lines(schema: Path, folder: Path) -> int:
    """Those of the headers of worlds and of the coordinator."""
    headers = generate(schema, folder / "gen")
    other = re.compile(r"_(components|transfer|lanes|dispatch)\.h$|\.json$")
    umbrella = min((path.name for path in headers if path.suffix == ".h"), key=len)
    counted = [path for path in headers if path.name != umbrella and not other.search(path.name)]
    assert len(counted) > 2, "the worlds' and the coordinator's"
    return sum(len(path.read_text().splitlines()) for path in counted)


def test_a_file_of_one_world_pays_for_its_lanes(tmp_path: Path) -> None:
    """Goal: of 64 worlds, each with a lane to each other, one costs the compiler little."""
    schema = tmp_path / "zone.yaml"
    worlds = "".join(f"  z{i}: {{transfer_queue: {{capacity: 256}}}}\n" for i in range(WORLDS))
    schema.write_text(
        "corinth: 1\nname: zone\ntopology: full\n"
        "components:\n  Position: {fields: {x: f32, y: f32}}\n"
        f"worlds:\n{worlds}"
    )
    generate(schema, tmp_path / "gen")
    for header in ("zone_z0.h", "zone.h"):
        seconds, peak_bytes = _compile(header, tmp_path)
        print(f"{header}: {seconds:.2f} s of the compiler, {peak_bytes / 2**20:.0f} MiB")
        if header == "zone_z0.h":
            assert peak_bytes <= ONE_WORLD_BYTES_MAX


MEASURED = """
import resource, subprocess, sys, time
began = time.monotonic()
status = subprocess.run(sys.argv[1:]).returncode
print(time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.exit(status)
"""
"""Runs a command in a small process of its own: a child's peak counts its parent's size too."""


def _compile(header: str, folder: Path) -> tuple[float, int]:
    """Seconds and the most memory that gcc -O2 takes for a file that includes the header."""
    source = folder / "one.c"
    source.write_text(f'#include "{header}"\n\nint main(void)\n{{\n    return 0;\n}}\n')
    includes = [f"-I{folder / 'gen'}", f"-I{INCLUDE}"]
    compiler: list[str | Path] = ["gcc", "-std=c11", "-O2", *includes]
    compiler += ["-c", source, "-o", folder / "one.o"]
    result = run([sys.executable, "-c", MEASURED, *compiler])
    result.expect_success()
    seconds, peak_bytes = result.stdout.split()
    return float(seconds), int(peak_bytes)
