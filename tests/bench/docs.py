"""Makes the tables of docs/performance.md, and its plot, from the figures that are committed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bench import http
from tests.bench.figures import WAYS, Cell, Document, from_text
from tests.bench.plot import plot, shape_title, size_text
from tests.bench.report import (
    PERCENTILES,
    figure,
    figures_of,
    in_order,
    markdown,
    ratio,
    rejections,
)
from tests.support.tree import ROOT

PAGE = ROOT / "docs" / "performance.md"
FOLDER = ROOT / "docs" / "performance"
LANES = FOLDER / "lanes.json"
HTTP = FOLDER / "http.json"
PLOT = FOLDER / "lanes.svg"
MARK = re.compile(r"<!-- figures of (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def _ratio_at(cells: Iterable[Cell], size: int, way: str) -> str:
    return next((ratio(cell, way) for cell in cells if cell.bytes == size), "-")


def ratios(document: Document) -> Iterator[str]:
    """A table for each compiler and way to call."""
    cells = document.throughput
    sizes = sorted({cell.bytes for cell in cells})
    for compiler in document.compilers:
        for way in WAYS:
            yield ""
            yield f"**{compiler}, {way}**"
            yield ""
            groups = dict.fromkeys((c.shape, c.capacity) for c in cells if c.compiler == compiler)
            rows = []
            for shape, capacity in groups:
                members = [
                    cell
                    for cell in cells
                    if (cell.compiler, cell.shape, cell.capacity) == (compiler, shape, capacity)
                ]
                name = f"{shape_title(members[0])}, capacity {capacity}"
                rows.append([name, *(_ratio_at(members, size, way) for size in sizes)])
            yield from markdown(["", *map(size_text, sizes)], rows)


def medians(document: Document) -> Iterator[str]:
    """A table for each shape: every contender, by the first compiler, at the largest capacity."""
    compiler = next(iter(document.compilers))
    capacity = max(cell.capacity for cell in document.throughput)
    cells = [c for c in document.throughput if (c.compiler, c.capacity) == (compiler, capacity)]
    for shape in dict.fromkeys(cell.shape for cell in cells):
        members = [cell for cell in cells if cell.shape == shape]
        yield ""
        yield f"**{shape_title(members[0])}, capacity {capacity}, {compiler}**"
        yield ""
        results = (each for cell in members for each in cell.results)
        rows = [[label, *figures_of(members, label)] for label in in_order(results)]
        yield from markdown(["", *(size_text(cell.bytes) for cell in members)], rows)


def trips(document: Document) -> Iterator[str]:
    """A table for each compiler and size."""
    for cell in document.trips:
        yield ""
        yield f"**{cell.bytes} bytes, {cell.compiler}**"
        yield ""
        results = in_order(cell.results).items()
        rows = [[label, *(figure(each, key) for key in PERCENTILES)] for label, each in results]
        yield from markdown(["", *PERCENTILES.values()], rows)


def origin(document: Document) -> Iterator[str]:
    """What was measured where, and how."""
    if document.remark:
        yield f"**{document.remark}**"
        yield ""
    machine = document.machine
    yield f"`{document.command}`, {document.date};"
    yield f"{machine['processor']}, {machine['cores']} cores, {machine['system']};"
    yield f"{'; '.join(document.compilers.values())}."
    yield f"{rejections(document)}."
    if document.absent:
        yield f"Absent: {', '.join(document.absent)}."


def page(text: str, document: Document, served: http.Figures) -> str:
    """The page with what stands between its marks made again."""
    makers = {
        "origin": origin(document),
        "ratios": ratios(document),
        "medians": medians(document),
        "trips": trips(document),
        "http": http.page(served),
    }

    def made(match: re.Match[str]) -> str:
        lines = "\n".join(makers[match.group(1)]).strip()
        return f"<!-- figures of {match.group(1)} -->\n\n{lines}\n\n<!-- end -->"

    return MARK.sub(made, text)


def made() -> dict[Path, str]:
    """Each file that is made, with its text; none before figures are committed."""
    if not LANES.exists():
        return {}
    document = from_text(LANES.read_text(encoding="utf-8"))
    served = http.from_text(HTTP.read_text(encoding="utf-8"))
    before = PAGE.read_text(encoding="utf-8")
    return {PAGE: page(before, document, served), PLOT: plot(document)}


def write_all() -> None:
    files = made()
    if not files:
        print(f"nothing to make them from: {LANES.relative_to(ROOT)} is missing")
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
