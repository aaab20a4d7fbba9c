"""Goal: pictures show the worlds, lanes, routes and cycles that there are.
Method: texts written out and reviewed (and once looked at as drawn), and random schemas.
"""

from __future__ import annotations

import re

from hypothesis import given, settings

from corinth.graph import cycles, graph_dot, graph_mermaid
from corinth.model import Model
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
  - {from: accept, to: io, capacity: 16, priority: true}
  - {from: io, to: log, capacity: 8192}
"""

MERMAID = """flowchart LR
    w0["accept<br/>role accept, 1 thread"]
    w1["io<br/>2 threads"]
    w2["log<br/>1 thread"]
    w0 -->|"spmc 16 + priority 2<br/>default"| w1
    w1 -->|"mpsc 4096<br/>Bad, B1, B2, B3, 2 more"| w0
    w1 -.->|"mpsc 8192"| w2
    linkStyle 0,1 stroke:#b3261e,stroke-width:2px
    %% cycle: accept, io
"""

DOT_BODY = """    w0 [label="accept\\nrole accept, 1 thread"];
    w1 [label="io\\n2 threads"];
    w2 [label="log\\n1 thread"];
    w0 -> w1 [label="spmc 16 + priority 2\\ndefault", color="#b3261e", penwidth=2];
    w1 -> w0 [label="mpsc 4096\\nBad, B1, B2, B3, 2 more", color="#b3261e", penwidth=2];
    w1 -> w2 [label="mpsc 8192", style=dashed];
    // cycle: accept, io
}
"""


def closure(model: Model) -> set[tuple[int, int]]:
    """Who can reach whom, by Warshall's algorithm: another way than that of the graph."""
    reach = {(lane.source, lane.target) for lane in model.lanes}
    ids = [world.id for world in model.worlds]
    for middle in ids:
        for source in ids:
            for target in ids:
                if (source, middle) in reach and (middle, target) in reach:
                    reach.add((source, target))
    return reach


def test_mermaid_is_what_was_reviewed() -> None:
    """Goal: the picture in a README. Method: each sort of lane, and more routes than shown."""
    assert graph_mermaid(examine(SCHEMA).valid()) == MERMAID


def test_dot_is_what_was_reviewed() -> None:
    """Goal: the picture by Graphviz. Method: the same schema, and its caption."""
    text = graph_dot(examine(SCHEMA).valid())
    assert text.startswith('digraph "server" {\n')
    assert text.endswith(DOT_BODY)
    assert "red: on a cycle\\ndashed: no route takes it" in text


def test_captions_say_only_what_is_seen() -> None:
    """Goal: no legend for what isn't there. Method: two worlds and one routed lane."""
    text = "corinth: 1\nname: s\nworlds:\n  a: {routing: {default_target: b}}\n  b: {}\n"
    layout = examine(text).valid()
    for picture in (graph_dot(layout), graph_mermaid(layout)):
        assert "cycle" not in picture
        assert "dashed" not in picture
        assert "linkStyle" not in picture


def test_a_world_without_lanes_is_drawn() -> None:
    """Goal: no picture is empty. Method: one standalone world."""
    layout = examine("corinth: 1\nname: s\nworlds: {main: {role: standalone}}\n").valid()
    assert graph_mermaid(layout) == 'flowchart LR\n    w0["main<br/>role standalone, 1 thread"]\n'
    assert 'w0 [label="main\\nrole standalone, 1 thread"];' in graph_dot(layout)


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
    """Goal: a lane is marked if and only if it is on a cycle. Method: another algorithm."""
    layout = examine(text).valid()
    reach = closure(layout.model)
    expected = {own for own, target in reach if own == target}
    assert {own for group in cycles(layout.model) for own in group} == expected
    for group in cycles(layout.model):
        assert all((a, b) in reach for a in group for b in group)
    on_cycle = sum((lane.target, lane.source) in reach for lane in layout.model.lanes)
    assert graph_dot(layout).count("penwidth=2") == on_cycle
