"""What `corinth graph` prints: worlds, lanes, routes and waits, as Mermaid or Graphviz text.

A world is a box, a lane an arrow with its kind and capacity and, below, what takes it: `default`
and the components that are routed there; then what a send does that finds it full, where it doesn't
fail. A dashed arrow is a lane that no route takes, a thick one a lane where a send waits for room.
Each picture has a legend that explains what is in it. Equal schemas give equal text.
"""

from __future__ import annotations

from dataclasses import dataclass

from corinth.cycles import cycles
from corinth.model import Lane, LaneLayout, Layout, Role, WhenFull, World

WAIT_COLOUR = "#b45309"
LINE_COLOUR = "#44546a"
FILL_COLOUR = "#eef2f7"
ROUTES_SHOWN = 4
"""Components that an arrow names; of more it says how many."""

MERMAID_ARROWS = 500
MERMAID_CHARACTERS = 50_000
"""What Mermaid draws at most unless the page that shows it allows more."""

DOT_ARROWS = 500
"""More than this takes Graphviz's `dot` minutes."""


@dataclass(frozen=True)
class Arrow:
    """A lane as it is drawn."""

    source: int
    target: int
    text: tuple[str, ...]
    """One entry a line."""
    is_routed: bool
    is_waiting: bool
    """A send waits for room in it."""


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
    marked = [str(index) for index, arrow in enumerate(arrows) if arrow.is_waiting]
    if marked:
        colour = f"stroke:{WAIT_COLOUR},stroke-width:3px"
        lines.append(f"    linkStyle {','.join(marked)} {colour}")
    lines.append(f'    legend["{_mermaid(_legend(layout, arrows))}"]')
    lines.append("    style legend fill:none,stroke:none,text-align:left")
    text = "\n".join(lines) + "\n"
    if len(arrows) > MERMAID_ARROWS or len(text) > MERMAID_CHARACTERS:
        limits = f"maxEdges ({MERMAID_ARROWS}), maxTextSize ({MERMAID_CHARACTERS})"
        counts = f"{len(arrows)} lanes, {len(text)} characters"
        text = f"%% {counts}: to draw this, raise Mermaid's {limits}\n{text}"
    return text


def graph_dot(layout: Layout) -> str:
    """The picture as Graphviz text."""
    model = layout.model
    arrows = _arrows(layout)
    lines = []
    if len(arrows) > DOT_ARROWS:
        lines.append(f"// {len(arrows)} lanes: dot takes very long; draw this with `sfdp -Tsvg`")
    lines += [
        f"digraph {_quoted((model.name,))} {{",
        "    rankdir=LR;",
        "    nodesep=0.6;",
        "    ranksep=1.2;",
        "    pad=0.2;",
        f"    graph [{_caption(_legend(layout, arrows))}];",
        f'    node [shape=box, style="rounded,filled", fillcolor="{FILL_COLOUR}",'
        f' color="{LINE_COLOUR}", fontname="Helvetica", margin="0.25,0.15"];',
        f'    edge [color="{LINE_COLOUR}", fontname="Helvetica", fontsize=10];',
    ]
    for world in model.worlds:
        lines.append(f"    w{world.id} [label={_quoted(_world_text(world))}];")
    for arrow in arrows:
        attributes = [f"label={_quoted(arrow.text)}"]
        if not arrow.is_routed:
            attributes.append("style=dashed")
        if arrow.is_waiting:
            attributes.append(f'color="{WAIT_COLOUR}", penwidth=3')
        lines.append(f"    w{arrow.source} -> w{arrow.target} [{', '.join(attributes)}];")
    lines.append("}")
    return "\n".join(lines) + "\n"


def _arrows(layout: Layout) -> list[Arrow]:
    worlds = {world.id: world for world in layout.model.worlds}
    arrows = []
    for item in layout.lanes:
        source, target = item.lane.source, item.lane.target
        routes = _routes_text(worlds[source], target)
        arrows.append(
            Arrow(
                source=source,
                target=target,
                text=(_lane_text(item), *routes, *_full_text(item.lane)),
                is_routed=bool(routes),
                is_waiting=item.lane.can_wait,
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
    text = f"{item.lane.kind.value.name} {item.capacity.value}"
    if item.priority is not None:
        text += f" + priority {item.priority.capacity.value}"
    return text


def _full_text(lane: Lane) -> tuple[str, ...]:
    """What a send does that finds the lane full; empty where it only fails."""
    words = []
    for policy in lane.policies:
        word = policy.value.value
        if policy.value is WhenFull.WAIT and lane.deadline_ms is not None:
            word += f" up to {lane.deadline_ms.value:,} ms"
        words.append(word)
    if len(set(words)) > 1:
        words[1:] = [f"priority {word}" for word in words[1:]]
    text = ", ".join(dict.fromkeys(words))
    return () if text == WhenFull.FAIL.value else (f"full: {text}",)


def _routes_text(world: World, target: int) -> tuple[str, ...]:
    """What takes the lane to `target`; empty if no route does."""
    routes = ["default"] if world.default_target == target else []
    named = [r.component.name for r in world.component_routes if r.target == target]
    routes += named[:ROUTES_SHOWN]
    if len(named) > ROUTES_SHOWN:
        routes.append(f"{len(named) - ROUTES_SHOWN} more")
    return (", ".join(routes),) if routes else ()


def _legend(layout: Layout, arrows: list[Arrow]) -> tuple[str, ...]:
    """What the picture shows, one entry a line; nothing that isn't in it."""
    if not arrows:
        return (f"{layout.model.name}: no lanes",)
    lines = [f"{layout.model.name}: {layout.total_bytes:,} bytes of lanes"]
    lines.append("arrow: a lane, its kind and capacity; below, what is routed over it")
    if any(item.priority is not None for item in layout.lanes):
        lines.append("priority: the capacity of its second ring, for urgent transfers")
    if not all(arrow.is_routed for arrow in arrows):
        lines.append("dashed: no route takes it")
    if any(_full_text(lane) for lane in layout.model.lanes):
        lines.append("full: what a send does that finds no room, where it doesn't fail")
    if any(arrow.is_waiting for arrow in arrows):
        lines.append("thick: a send waits for room there")
    if cycles(layout.model.lanes):
        lines.append("cycles: none can deadlock, as each has a lane where a send never waits")
    return tuple(lines)


def _caption(lines: tuple[str, ...]) -> str:
    """The legend as attributes of a Graphviz picture: below it, each line beginning at the left."""
    text = _quoted(("", *lines, "")).replace("\\n", "\\l")
    return f'label={text}, labeljust=l, fontname="Helvetica", fontsize=11'


def _mermaid(lines: tuple[str, ...]) -> str:
    """Text between quotes of Mermaid."""
    escapes = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;"}
    text = ["".join(escapes.get(char, char) for char in line) for line in lines]
    return "<br/>".join(text)


def _quoted(lines: tuple[str, ...]) -> str:
    """A string of Graphviz."""
    text = [line.replace("\\", "\\\\").replace('"', '\\"') for line in lines]
    return '"' + "\\n".join(text) + '"'
