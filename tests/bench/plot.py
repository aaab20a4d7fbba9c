"""Draws the figures as an SVG: a panel for each shape, a line for each contender over the sizes.

Every number is rounded before it is written, so that the same figures give the same bytes anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tests.bench.figures import WAYS, Cell, Document, Result

WIDTH = 1120
PANEL_WIDTH, PANEL_HEIGHT = 270, 280
LEFT, TOP = 60, 84
PANEL_STEP_X, PANEL_STEP_Y = 540, 360
COLUMNS = 2
LABEL_GAP = 13
"""Between the lines of two labels."""
LABEL_X = 26
"""From the panel's right edge to its labels."""

STYLE = """
text { font: 11px sans-serif; fill: #333 }
.title { font-size: 14px; font-weight: bold }
.page { fill: #fff }
.grid { stroke: #ddd }
.peer { stroke: #8a8f98; fill: none; stroke-width: 1.2 }
.leader { stroke: #8a8f98; fill: none; stroke-width: 0.6; stroke-dasharray: 2 2 }
.ours { fill: none; stroke-width: 2.6 }
.way0 { stroke: #0b62c4 } .way1 { stroke: #c2410c } .way2 { stroke: #15803d }
text.way0 { stroke: none; fill: #0b62c4; font-weight: bold }
text.way1 { stroke: none; fill: #c2410c; font-weight: bold }
text.way2 { stroke: none; fill: #15803d; font-weight: bold }
@media (prefers-color-scheme: dark) {
text { fill: #c9d1d9 } .page { fill: #0d1117 } .grid { stroke: #30363d }
.way0 { stroke: #58a6ff } .way1 { stroke: #ff9b5e } .way2 { stroke: #4ac26b }
text.way0 { fill: #58a6ff } text.way1 { fill: #ff9b5e } text.way2 { fill: #4ac26b }
}
"""
"""A page of its own, light or dark as the reader's system is: it reads on any background."""


@dataclass(frozen=True)
class Line:
    """A contender in a panel: gigabytes a second for each size at which it was measured."""

    name: str
    values: dict[int, float]
    is_ours: bool


def lines_of(cells: Sequence[Cell]) -> list[Line]:
    """One for each contender, ours first; of several sizes of its calls the best counts."""
    best: dict[str, dict[int, Result]] = {}
    for cell in cells:
        for result in (each for each in cell.results if each.rate > 0):
            sizes = best.setdefault(result.name, {})
            if cell.bytes not in sizes or sizes[cell.bytes].rate < result.rate:
                sizes[cell.bytes] = result
    lines = [
        Line(
            name,
            {size: result.rate * size / 1000 for size, result in sorted(sizes.items())},
            next(iter(sizes.values())).is_ours,
        )
        for name, sizes in best.items()
    ]
    return sorted(lines, key=lambda line: not line.is_ours)


def spread_out(places: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Places of labels, in the same order, so that none covers another; places are ascending."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap if moved else least))
    limit = most
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], limit)
        limit = moved[index] - gap
    return moved


@dataclass(frozen=True)
class Panel:
    """Where a value lies: sizes side by side, throughput on a logarithmic scale."""

    left: int
    top: int
    sizes: tuple[int, ...]
    least: float
    most: float
    """Powers of ten that hold all values."""

    def x(self, size: int) -> float:
        step = PANEL_WIDTH / max(1, len(self.sizes) - 1)
        return round(self.left + step * self.sizes.index(size), 1)

    def y(self, value: float) -> float:
        share = (math.log10(value) - self.least) / (self.most - self.least)
        return round(self.top + PANEL_HEIGHT * (1 - share), 1)


def size_text(size: int) -> str:
    return f"{size // 1024} KB" if size >= 1024 else f"{size} B"


def _frame(panel: Panel, title: str) -> Iterator[str]:
    yield f'<text class="title" x="{panel.left}" y="{panel.top - 14}">{escape(title)}</text>'
    for power in range(int(panel.least), int(panel.most) + 1):
        y = panel.y(10.0**power)
        yield f'<path class="grid" d="M{panel.left} {y}h{PANEL_WIDTH}"/>'
        yield f'<text x="{panel.left - 6}" y="{y + 4}" text-anchor="end">{10.0**power:g}</text>'
    for size in panel.sizes:
        x, bottom = panel.x(size), panel.top + PANEL_HEIGHT
        yield f'<path class="grid" d="M{x} {panel.top}V{bottom}"/>'
        yield f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{size_text(size)}</text>'


def _line(panel: Panel, line: Line, kind: str, label_y: float) -> Iterator[str]:
    points = [(panel.x(size), panel.y(value)) for size, value in line.values.items()]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    label_x = panel.left + PANEL_WIDTH + LABEL_X
    text_class = f' class="{kind.split()[-1]}"' if line.is_ours else ""
    yield f'<path class="{kind}" d="{path}"/>'
    yield f'<path class="leader" d="M{points[-1][0]} {points[-1][1]}L{label_x - 4} {label_y}"/>'
    yield f'<text{text_class} x="{label_x}" y="{round(label_y + 4, 1)}">{escape(line.name)}</text>'


def way_number(line: Line) -> int:
    """Each way to call has its colour, in all panels."""
    return next((i for i, way in enumerate(WAYS) if line.name.endswith(way)), 0)


def draw_panel(panel: Panel, title: str, lines: Sequence[Line]) -> Iterator[str]:
    yield from _frame(panel, title)
    ends = sorted((panel.y(list(line.values.values())[-1]), line.name) for line in lines)
    places = spread_out([y for y, _ in ends], LABEL_GAP, panel.top, panel.top + PANEL_HEIGHT)
    label_y = {name: round(y, 1) for (_, name), y in zip(ends, places, strict=True)}
    # Peers first, so that our lines lie above them.
    for line in sorted(lines, key=lambda line: line.is_ours):
        kind = f"ours way{way_number(line)}" if line.is_ours else "peer"
        yield from _line(panel, line, kind, label_y[line.name])


def shape_title(cell: Cell) -> str:
    if cell.lane == "spsc":
        return "One producer, one consumer (SPSC)"
    return f"Several by several: {cell.threads} and {cell.threads} (MPMC)"


def plot(document: Document) -> str:
    """Of the first compiler, at the largest capacity; empty panels are left out."""
    cells = document.throughput
    compiler, capacity = cells[0].compiler, max(cell.capacity for cell in cells)
    chosen = [c for c in cells if c.compiler == compiler and c.capacity == capacity]
    drawn = [line for cell in chosen for line in lines_of([cell])]
    values = [value for line in drawn for value in line.values.values()]
    least, most = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    shapes = list(dict.fromkeys(cell.shape for cell in chosen))
    height = TOP + PANEL_STEP_Y * ((len(shapes) + COLUMNS - 1) // COLUMNS)
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH}" height="{height}">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="8"/>',
        f'<text class="title" x="{LEFT}" y="28">Gigabytes a second by size of an item, median;'
        f" capacity {capacity}, {compiler}, {document.date}</text>",
        f'<text x="{LEFT}" y="46">{escape(str(document.machine["processor"]))},'
        f" {document.machine['cores']} cores; both scales logarithmic, higher is better</text>",
    ]
    for index, shape in enumerate(shapes):
        members = [cell for cell in chosen if cell.shape == shape]
        lines = lines_of(members)
        if not lines:
            continue
        panel = Panel(
            LEFT + PANEL_STEP_X * (index % COLUMNS),
            TOP + PANEL_STEP_Y * (index // COLUMNS),
            tuple(sorted({size for line in lines for size in line.values})),
            least,
            max(most, least + 1),
        )
        rows += draw_panel(panel, shape_title(members[0]), lines)
    return "\n".join([*rows, "</svg>"]) + "\n"
