"""What was measured, as tables: medians, and their ratios to the best of the others."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

OURS = "Corinth"
NAME_WIDTH = 32
CELL_WIDTH = 24


@dataclass(frozen=True)
class Measurement:
    """One contender in one cell, by one compiler; runs are in million items a second."""

    compiler: str
    lane: str
    threads: str
    bytes: int
    capacity: int
    name: str
    note: str
    in_place: bool
    rejected: int
    runs: tuple[float, ...]
    line_ns: tuple[float, ...]
    """What a cache line took to the other core and back, beside each run."""

    @property
    def median(self) -> float:
        return statistics.median(self.runs) if self.runs else 0.0

    @property
    def is_ours(self) -> bool:
        return self.name.startswith(OURS)

    def cell(self) -> str:
        """`median (minimum-maximum) -rejected`."""
        if not self.runs:
            return f"none -{self.rejected}"
        rejected = f" -{self.rejected}" if self.rejected else ""
        return f"{self.median:.1f} ({min(self.runs):.0f}-{max(self.runs):.0f}){rejected}"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "median": round(self.median, 3)}


def best(measurements: Iterable[Measurement]) -> float:
    return max((each.median for each in measurements), default=0.0)


def _row(name: str, cells: Iterable[str]) -> str:
    return name.ljust(NAME_WIDTH) + "".join(cell.rjust(CELL_WIDTH) for cell in cells)


def _ratio(column: list[Measurement]) -> str:
    """Our best to the best of the others."""
    ours = best(each for each in column if each.is_ours)
    others = best(each for each in column if not each.is_ours)
    return f"{ours / others:.2f}" if others > 0 else "-"


def tables(measurements: list[Measurement]) -> Iterator[str]:
    """One table for each compiler, lane, number of threads and capacity; a column for each size."""
    groups = dict.fromkeys((m.compiler, m.lane, m.threads, m.capacity) for m in measurements)
    for group in groups:
        compiler, lane, threads, capacity = group
        members = [m for m in measurements if (m.compiler, m.lane, m.threads, m.capacity) == group]
        sizes = list(dict.fromkeys(m.bytes for m in members))
        lines = [line_ns for m in members for line_ns in m.line_ns] or [0.0]
        yield ""
        yield f"{lane.upper()} {threads}, capacity {capacity}, {compiler}: million items a second,"
        yield (
            "median (minimum-maximum) -rejected runs; * reads and writes in place; a cache line"
            f" took {min(lines):.0f} to {max(lines):.0f} ns there and back"
        )
        yield _row("", (f"{size} bytes" for size in sizes))
        names = dict.fromkeys(m.name for m in members)
        for name in sorted(names, key=lambda each: (not each.startswith(OURS), each)):
            row = {m.bytes: m for m in members if m.name == name}
            mark = " *" if next(iter(row.values())).in_place else ""
            yield _row(name + mark, (row[size].cell() if size in row else "-" for size in sizes))
        columns = ([m for m in members if m.bytes == size] for size in sizes)
        yield _row("ratio to the best peer", (_ratio(column) for column in columns))
