"""What was measured, as tables for the terminal: medians, and their ratios to the best peer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tests.bench.figures import RUNS, TRIP, WAYS, Cell, Document, Result, rivals

NAME_WIDTH = 36
CELL_WIDTH = 24
PERCENTILES = {"p50_ns": "50 %", "p99_ns": "99 %", "p999_ns": "99.9 %"}


def figure(result: Result, key: str) -> str:
    """`median (minimum-maximum) -rejected`, and whether it stood still then."""
    rejected = f" -{result.rejected}" if result.rejected else ""
    if not result.runs:
        return "stood still" if result.stood_still else f"none{rejected}"
    spread = result.values[key]
    digits = 1 if key == "rate" else 0
    still = ", stood still" if result.stood_still else ""
    return f"{spread.median:.{digits}f} ({spread.least:.0f}-{spread.most:.0f}){rejected}{still}"


def _row(name: str, cells: Iterable[str]) -> str:
    return name.ljust(NAME_WIDTH) + "".join(cell.rjust(CELL_WIDTH) for cell in cells)


def ratio(cell: Cell, way: str) -> str:
    """Ours to the best peer; `?` where one of the two has fewer runs than it should."""
    ours, peer = rivals(cell, way)
    if ours is None or peer is None:
        return "-"
    doubt = "?" if min(ours.runs, peer.runs) < RUNS else ""
    return f"{ours.rate / peer.rate:.2f}{doubt}"


def in_order(results: Iterable[Result]) -> dict[str, Result]:
    """By label, ours first."""
    by_label = {each.label: each for each in results}
    return dict(sorted(by_label.items(), key=lambda item: (not item[1].is_ours, item[0])))


def figures_of(cells: Iterable[Cell], label: str) -> list[str]:
    """What a contender reached in each cell."""
    found = ({each.label: each for each in cell.results}.get(label) for cell in cells)
    return [figure(each, "rate") if each else "-" for each in found]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _throughput(cells: Sequence[Cell]) -> Iterator[str]:
    yield _row("", (f"{cell.bytes} bytes" for cell in cells))
    for label in in_order(each for cell in cells for each in cell.results):
        yield _row(label, figures_of(cells, label))
    for way in WAYS:
        yield _row(f"ratio to the best peer, {way}", (ratio(cell, way) for cell in cells))


def _trips(cell: Cell) -> Iterator[str]:
    yield _row("", PERCENTILES.values())
    for label, result in in_order(cell.results).items():
        yield _row(label, (figure(result, key) for key in PERCENTILES))


def title(cell: Cell) -> str:
    if cell.lane == TRIP:
        return f"round trip of {cell.bytes} bytes, {cell.compiler}: nanoseconds"
    shape = f"{cell.lane.upper()} {cell.threads}x{cell.threads}"
    return f"{shape}, capacity {cell.capacity}, {cell.compiler}: million items a second"


def tables(document: Document) -> Iterator[str]:
    """One table for each compiler, shape and capacity, with a column for each size."""
    for name in dict.fromkeys(map(title, document.cells)):
        cells = [cell for cell in document.cells if title(cell) == name]
        spreads = [cell.line_ns for cell in cells]
        least, most = min(each.least for each in spreads), max(each.most for each in spreads)
        yield ""
        yield f"{name}; median (minimum-maximum) -rejected runs;"
        yield f"a cache line took {least:.0f} to {most:.0f} ns there and back"
        yield from _trips(cells[0]) if cells[0].lane == TRIP else _throughput(cells)
    yield ""
    yield rejections(document)


def rejections(document: Document) -> str:
    """How many runs didn't count."""
    results = [result for cell in document.cells for result in cell.results]
    accepted, rejected = sum(r.runs for r in results), sum(r.rejected for r in results)
    return f"{accepted} runs counted; {rejected} didn't: not quiet, or too short"
