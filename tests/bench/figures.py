"""What was measured, as data, and its form in JSON: a document of cells, each with its results."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

UNITS = {"rate": "million items a second", "_ns": "nanoseconds"}
OURS = "Corinth"
FORMAT = 1
TRIP = "trip"
RUNS = 7
"""Of a contender in a cell; fewer say little."""


@dataclass(frozen=True)
class Spread:
    """Median, minimum and maximum of what the accepted runs reached."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        """Of no values it is zero."""
        if not values:
            return Spread(0.0, 0.0, 0.0)
        rounded = (statistics.median(values), min(values), max(values))
        return Spread(*(round(value, 3) for value in rounded))


@dataclass(frozen=True)
class Result:
    """One contender in one cell."""

    name: str
    bulk: int
    """The most items that a call moves."""
    in_place: bool
    runs: int
    rejected: int
    """Runs that didn't count, because something else was running on their cores."""
    stood_still: bool
    """A run wasn't done in time, after which there were no more."""
    values: dict[str, Spread]
    """`rate`, in million items a second; of a round trip `p50_ns`, `p99_ns` and `p999_ns`."""

    @property
    def is_ours(self) -> bool:
        return self.name.startswith(OURS)

    @property
    def rate(self) -> float:
        return self.values["rate"].median

    @property
    def label(self) -> str:
        return f"{self.name}, {self.bulk}" if self.bulk > 1 else self.name


@dataclass(frozen=True)
class Cell:
    """What was measured together: all contenders, by one compiler, interleaved."""

    compiler: str
    lane: str
    threads: int
    """On either side."""
    bytes: int
    capacity: int
    line_ns: Spread
    """What a cache line took to the other core and back."""
    results: tuple[Result, ...]

    @property
    def shape(self) -> tuple[str, int]:
        return self.lane, self.threads


@dataclass(frozen=True)
class Document:
    date: str
    command: str
    machine: dict[str, str | int]
    compilers: dict[str, str]
    absent: list[str]
    """Peers that weren't there."""
    notes: dict[str, str]
    """How each contender is used."""
    cells: tuple[Cell, ...]
    remark: str = ""
    """What else a reader has to know."""
    format: int = FORMAT
    units: dict[str, str] = field(default_factory=lambda: dict(UNITS))

    @property
    def throughput(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.lane != TRIP]

    @property
    def trips(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.lane == TRIP]


def cell_of(compiler: str, lines: Iterable[str]) -> tuple[Cell, dict[str, str]]:
    """A cell from what the program printed, a line for each contender; and their notes."""
    printed = [json.loads(line) for line in lines]
    keys = {(each["lane"], each["threads"], each["bytes"], each["capacity"]) for each in printed}
    (lane, threads, size, capacity) = keys.pop()
    assert not keys, "the program prints one cell"
    results = tuple(
        Result(
            name=each["name"],
            bulk=each["bulk"],
            in_place=each["in_place"],
            runs=len(each["line_ns"]),
            rejected=each["rejected"],
            stood_still=each["stood_still"],
            values={
                key.replace("rates", "rate"): Spread.of(each[key])
                for key in ("rates", "p50_ns", "p99_ns", "p999_ns")
                if key in each
            },
        )
        for each in printed
    )
    line_ns = Spread.of([value for each in printed for value in each["line_ns"]])
    notes = {result.label: each["note"] for result, each in zip(results, printed, strict=True)}
    return Cell(compiler, lane, threads, size, capacity, line_ns, results), notes


def as_text(document: Document) -> str:
    """JSON with a line for each result, so that two documents can be compared by eye."""
    values = asdict(document)
    for cell in values["cells"]:
        cell["line_ns"] = list(cell["line_ns"].values())
        for result in cell["results"]:
            spreads = result.pop("values")
            result |= {key: list(spread.values()) for key, spread in spreads.items()}
    text = json.dumps(values, indent=1)
    for innermost in (r"\[[^\[\]{}]*\]", r"\{[^{}]*\}"):
        text = re.sub(innermost, lambda match: re.sub(r"\n\s*", " ", match.group()), text)
    return re.sub(r"(?<=[\[{]) | (?=[\]}])", "", text) + "\n"


def _result(values: dict[str, Any]) -> Result:
    spreads = {key: Spread(*value) for key, value in values.items() if isinstance(value, list)}
    return Result(
        **{key: value for key, value in values.items() if key not in spreads}, values=spreads
    )


def _cell(values: dict[str, Any]) -> Cell:
    results = tuple(map(_result, values["results"]))
    return Cell(**{**values, "line_ns": Spread(*values["line_ns"]), "results": results})


def from_text(text: str) -> Document:
    values = json.loads(text)
    if values["format"] != FORMAT:
        raise ValueError(f"format {values['format']} of figures is unknown")
    return Document(**{**values, "cells": tuple(map(_cell, values["cells"]))})


def _best(results: Iterable[Result]) -> Result | None:
    return max((each for each in results if each.rate > 0), key=lambda r: r.rate, default=None)


WAYS = ("in place", "copying", "one a call")


def way_of(result: Result) -> str:
    if result.bulk == 1:
        return "one a call"
    return "in place" if result.in_place else "copying"


def rivals(cell: Cell, way: str) -> tuple[Result | None, Result | None]:
    """Our best in a way, and the best peer that it has to beat.

    In place it is the best of all, whatever way that one goes; else the best that goes the same.
    """
    ours = _best(each for each in cell.results if each.is_ours and way_of(each) == way)
    peers = (each for each in cell.results if not each.is_ours)
    return ours, _best(each for each in peers if way in (WAYS[0], way_of(each)))
