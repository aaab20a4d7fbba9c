"""Goal: pictures show the worlds, lanes, routes and waits that there are.
Method: texts written out and reviewed (and once looked at as drawn), and random schemas.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from corinth.cycles import cycles
from corinth.graph import graph_dot, graph_mermaid
from corinth.model import Lane
from tests.support.schemas import examine, schemas

SCHEMA = """corinth: 1
name: server
components: {Bad: {}, B1: {}, B2: {}, B3: {}, B4: {}, B5: {}}
worlds:
  accept: {role: accept, routing: {default_target: io}}
  io:
    threads: 2
    routing:
      component_routes:
        - {component: Bad, target: accept}
        - {component: B1, target: accept}
        - {component: B2, target: accept}
        - {component: B3, target: accept}
        - {component: B4, target: accept}
        - {component: B5, target: accept}
  log: {}
lanes:
  - from: accept
    to: io
    capacity: 16
    priority: true
    when_full: {normal: wait, priority: drop_newest}
    deadline_ms: 1500
    undelivered: handler
  - {from: io, to: log, capacity: 8192, when_full: drop_oldest, undelivered: discard}
"""

MERMAID = """flowchart LR
    w0["accept<br/>role accept, 1 thread"]
    w1["io<br/>2 threads"]
    w2["log<br/>1 thread"]
    w0 -->|"spmc 16 + priority 2<br/>default<br/>WAITS"| w1
    w1 -->|"mpsc 4096<br/>Bad, B1, B2, B3, 2 more"| w0
    w1 -.->|"mpmc 8192<br/>full: drop_oldest"| w2
    linkStyle 0 stroke:#b45309,stroke-width:3px
    legend["server: BYTES bytes of lanes<br/>LEGEND"]
    style legend fill:none,stroke:none,text-align:left
"""

DOT_BODY = """    w0 [label="accept\\nrole accept, 1 thread"];
    w1 [label="io\\n2 threads"];
    w2 [label="log\\n1 thread"];
    w0 -> w1 [label="spmc 16 + priority 2\\ndefault\\nWAITS", color="#b45309", penwidth=3];
    w1 -> w0 [label="mpsc 4096\\nBad, B1, B2, B3, 2 more"];
    w1 -> w2 [label="mpmc 8192\\nfull: drop_oldest", style=dashed];
}
"""

WAITS = "full: wait up to 1,500 ms, priority drop_newest"

LEGEND = (
    "arrow: a lane, its kind and capacity; below, what is routed over it",
    "priority: the capacity of its second ring, for urgent transfers",
    "dashed: no route takes it",
    "full: what a send does that finds no room, where it doesn't fail",
    "thick: a send waits for room there",
    "cycles: none can deadlock, as each has a lane where a send never waits",
)


def closure(lanes: list[Lane]) -> set[tuple[int, int]]:
    """Who can reach whom, by Warshall's algorithm: another way than that of `cycles`."""
    reach = {(lane.source, lane.target) for lane in lanes}
    ids = {end for pair in reach for end in pair}
    for middle in ids:
        for source in ids:
            for target in ids:
                if (source, middle) in reach and (middle, target) in reach:
                    reach.add((source, target))
    return reach


def test_mermaid_is_what_was_reviewed() -> None:
    """Goal: the picture in a README. Method: each sort of lane, and more routes than shown."""
    layout = examine(SCHEMA).valid()
    expected = MERMAID.replace("BYTES", f"{layout.total_bytes:,}").replace("WAITS", WAITS)
    assert graph_mermaid(layout) == expected.replace("LEGEND", "<br/>".join(LEGEND))


def test_dot_is_what_was_reviewed() -> None:
    """Goal: the picture by Graphviz. Method: the same schema, and its legend."""
    text = graph_dot(examine(SCHEMA).valid())
    assert text.startswith('digraph "server" {\n')
    assert text.endswith(DOT_BODY.replace("WAITS", WAITS))
    assert "\\l".join(LEGEND) in text


def test_legends_say_only_what_is_seen() -> None:
    """Goal: no legend for what isn't there. Method: two worlds and one routed lane."""
    text = "corinth: 1\nname: s\nworlds:\n  a: {routing: {default_target: b}}\n  b: {}\n"
    layout = examine(text).valid()
    for picture in (graph_dot(layout), graph_mermaid(layout)):
        assert "arrow: a lane" in picture
        for word in ("cycle", "dashed", "priority", "full", "thick", "linkStyle"):
            assert word not in picture


def test_a_world_without_lanes_is_drawn() -> None:
    """Goal: no picture is empty. Method: one standalone world."""
    layout = examine("corinth: 1\nname: s\nworlds: {main: {role: standalone}}\n").valid()
    mermaid = graph_mermaid(layout)
    assert mermaid.startswith('flowchart LR\n    w0["main<br/>role standalone, 1 thread"]\n')
    assert 'w0 [label="main\\nrole standalone, 1 thread"];' in graph_dot(layout)
    assert "s: no lanes" in mermaid
    assert "s: no lanes" in graph_dot(layout)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("", ""),
        ("when_full: fail", ""),
        ("when_full: wait", "full: wait"),
        ("when_full: drop_newest, undelivered: handler", "full: drop_newest"),
        ("priority: true, when_full: {normal: fail, priority: fail}", ""),
        ("priority: true, when_full: wait, deadline_ms: 5", "full: wait up to 5 ms"),
        ("priority: true, when_full: {priority: wait}", "full: fail, priority wait"),
    ],
)
def test_what_a_full_lane_does_is_told_unless_it_fails(said: str, shown: str) -> None:
    """Goal: one sees where senders wait and what is dropped, and nothing of the usual lane.
    Method: each sort of policy on the only lane; both pictures have to agree."""
    entry = f"{{from: a, to: b{', ' if said else ''}{said}}}"
    text = f"corinth: 1\nname: s\nworlds: {{a: {{}}, b: {{}}}}\nlanes: [{entry}]\n"
    layout = examine(text).valid()
    for picture, mark in (
        (graph_dot(layout), "penwidth=3"),
        (graph_mermaid(layout), "linkStyle 0"),
    ):
        assert re.findall(r"full: (?!what)[a-z_ 0-9,]+", picture) == ([shown] if shown else [])
        assert (mark in picture) == ("wait" in shown)
        assert ("thick: a send waits" in picture) == ("wait" in shown)
        assert ("full: what a send does" in picture) == bool(shown)


@settings(max_examples=30)
@given(schemas())
def test_everything_is_drawn_once(text: str) -> None:
    """Goal: the picture is complete. Method: count boxes and arrows of random schemas."""
    layout = examine(text).valid()
    model = layout.model
    boxes = sorted(world.id for world in model.worlds)
    arrows = sorted((lane.source, lane.target) for lane in model.lanes)
    for picture, arrow in (
        (graph_dot(layout), r"^ +w(\d+) -> w(\d+) \[label"),
        (graph_mermaid(layout), r"^ +w(\d+) -\.?->\|.*\| w(\d+)$"),
    ):
        found = [(int(a), int(b)) for a, b in re.findall(arrow, picture, re.MULTILINE)]
        assert sorted(found) == arrows
        drawn = re.findall(r"^ +w(\d+) ?\[", picture, re.MULTILINE)
        assert sorted(map(int, drawn)) == boxes


@settings(max_examples=30)
@given(schemas())
def test_cycles_are_those_of_the_closure(text: str) -> None:
    """Goal: a cycle is found if and only if there is one. Method: another algorithm, on all lanes
    and on every second one."""
    lanes = list(examine(text).valid().model.lanes)
    for some in (lanes, lanes[::2]):
        reach = closure(some)
        expected = {own for own, target in reach if own == target}
        assert {own for group in cycles(some) for own in group} == expected
        for group in cycles(some):
            assert all((a, b) in reach for a in group for b in group)


@pytest.mark.parametrize(("count", "is_large"), [(22, False), (24, True)])
def test_a_picture_beyond_the_limits_says_so(count: int, is_large: bool) -> None:
    """Goal: who can't draw a picture learns why. Method: all pairs of few and of many worlds."""
    worlds = ", ".join(f"w{index}: {{}}" for index in range(count))
    source = f"corinth: 1\nname: g\ntopology: full\nworlds: {{{worlds}}}\n"
    layout = examine(source).valid()
    lanes = count * (count - 1)
    assert graph_mermaid(layout).startswith(f"%% {lanes} lanes, ") == is_large
    assert graph_dot(layout).startswith(f"// {lanes} lanes: ") == is_large
