"""What `corinth graph` prints: worlds, lanes, routes and cycles, as Mermaid or Graphviz text.

A world is a box, a lane an arrow with its kind and capacity and, below, what takes it: `default`
and the components that are routed there. A dashed arrow is a lane that no route takes. Thick red
arrows close a cycle: should all their lanes fill up at once, nobody in it can send. Equal schemas
give equal text.
"""

from __future__ import annotations

from dataclasses import dataclass

from corinth.model import LaneLayout, Layout, Model, Role, World

CYCLE_COLOUR = "#b3261e"
LINE_COLOUR = "#44546a"
FILL_COLOUR = "#eef2f7"
ROUTES_SHOWN = 4
"""Components that an arrow names; of more it says how many."""


@dataclass(frozen=True)
class Arrow:
    """A lane as it is drawn."""

    source: int
    target: int
    text: tuple[str, ...]
    """One entry a line."""
    is_routed: bool
    in_cycle: bool


def graph_mermaid(layout: Layout) -> str:
    """The picture as Mermaid text, which code hosts render in Markdown."""
    lines = ["flowchart LR"]
    for world in layout.model.worlds:
        lines.append(f'    w{world.id}["{_mermaid(_world_text(world))}"]')
    arrows = _arrows(layout)
    for arrow in arrows:
        shape = "-->" if arrow.is_routed else "-.->"
        label = _mermaid(arrow.text)
        lines.append(f'    w{arrow.source} {shape}|"{label}"| w{arrow.target}')
    cyclic = [str(index) for index, arrow in enumerate(arrows) if arrow.in_cycle]
    if cyclic:
        colour = f"stroke:{CYCLE_COLOUR},stroke-width:2px"
        lines.append(f"    linkStyle {','.join(cyclic)} {colour}")
    lines += [f"    %% cycle: {text}" for text in _cycle_texts(layout.model)]
    return "\n".join(lines) + "\n"


def graph_dot(layout: Layout) -> str:
    """The picture as Graphviz text."""
    model = layout.model
    lines = [
        f"digraph {_quoted((model.name,))} {{",
        "    rankdir=LR;",
        "    nodesep=0.6;",
        "    ranksep=1.2;",
        "    pad=0.2;",
        f"    graph [{_title(layout)}];",
        f'    node [shape=box, style="rounded,filled", fillcolor="{FILL_COLOUR}",'
        f' color="{LINE_COLOUR}", fontname="Helvetica", margin="0.25,0.15"];',
        f'    edge [color="{LINE_COLOUR}", fontname="Helvetica", fontsize=10];',
    ]
    for world in model.worlds:
        lines.append(f"    w{world.id} [label={_quoted(_world_text(world))}];")
    for arrow in _arrows(layout):
        attributes = [f"label={_quoted(arrow.text)}"]
        if not arrow.is_routed:
            attributes.append("style=dashed")
        if arrow.in_cycle:
            attributes.append(f'color="{CYCLE_COLOUR}", penwidth=2')
        lines.append(f"    w{arrow.source} -> w{arrow.target} [{', '.join(attributes)}];")
    lines += [f"    // cycle: {text}" for text in _cycle_texts(model)]
    lines.append("}")
    return "\n".join(lines) + "\n"


def cycles(model: Model) -> tuple[tuple[int, ...], ...]:
    """The groups of worlds in which each can reach every other over lanes, by ids.

    A group's worlds are in id order, and the groups in order of their first worlds.
    """
    reach = {world.id: _reachable(model, world.id) for world in model.worlds}
    groups: dict[tuple[int, ...], None] = {}
    for own, others in reach.items():
        group = tuple(sorted(other for other in others if own in reach[other]))
        if group:
            groups[group] = None
    return tuple(groups)


def _reachable(model: Model, start: int) -> set[int]:
    """The worlds that entities of a world can get to over one lane or several."""
    targets: dict[int, list[int]] = {}
    for lane in model.lanes:
        targets.setdefault(lane.source, []).append(lane.target)
    found: set[int] = set()
    pending = [start]
    while pending:
        for target in targets.get(pending.pop(), ()):
            if target not in found:
                found.add(target)
                pending.append(target)
    return found


def _arrows(layout: Layout) -> list[Arrow]:
    worlds = {world.id: world for world in layout.model.worlds}
    group_of = {own: group for group in cycles(layout.model) for own in group}
    arrows = []
    for item in layout.lanes:
        source, target = item.lane.source, item.lane.target
        routes = _routes_text(worlds[source], target)
        arrows.append(
            Arrow(
                source=source,
                target=target,
                text=(_lane_text(item), *routes),
                is_routed=bool(routes),
                in_cycle=source in group_of and target in group_of[source],
            )
        )
    return arrows


def _world_text(world: World) -> tuple[str, ...]:
    threads = world.threads.value
    role = world.role.value
    facts = [] if role is Role.CUSTOM else [f"role {role.value}"]
    facts.append(f"{threads} thread{'' if threads == 1 else 's'}")
    return world.name, ", ".join(facts)


def _lane_text(item: LaneLayout) -> str:
    text = f"{item.lane.kind.value.value} {item.capacity.value}"
    if item.priority is not None:
        text += f" + priority {item.priority.capacity.value}"
    return text


def _routes_text(world: World, target: int) -> tuple[str, ...]:
    """What takes the lane to `target`; empty if no route does."""
    routes = ["default"] if world.default_target == target else []
    named = [r.component.name for r in world.component_routes if r.target == target]
    routes += named[:ROUTES_SHOWN]
    if len(named) > ROUTES_SHOWN:
        routes.append(f"{len(named) - ROUTES_SHOWN} more")
    return (", ".join(routes),) if routes else ()


def _cycle_texts(model: Model) -> list[str]:
    names = {world.id: world.name for world in model.worlds}
    return [", ".join(names[own] for own in group) for group in cycles(model)]


def _title(layout: Layout) -> str:
    """The attributes of the picture itself: a caption with what the arrows mean."""
    arrows = _arrows(layout)
    caption = ["", f"{layout.model.name}: {layout.total_bytes:,} bytes of lanes"]
    if any(arrow.in_cycle for arrow in arrows):
        caption.append("red: on a cycle")
    if not all(arrow.is_routed for arrow in arrows):
        caption.append("dashed: no route takes it")
    return f'label={_quoted(tuple(caption))}, fontname="Helvetica", fontsize=11'


def _mermaid(lines: tuple[str, ...]) -> str:
    """Text between quotes of Mermaid."""
    escapes = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;"}
    text = ["".join(escapes.get(char, char) for char in line) for line in lines]
    return "<br/>".join(text)


def _quoted(lines: tuple[str, ...]) -> str:
    """A string of Graphviz."""
    text = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return '"' + "\\n".join(text) + '"'
