"""Goal: pictures show the worlds, lanes, routes and possible deadlocks that there are.
Method: texts written out and reviewed (and once looked at as drawn), and random schemas. Where
sends into a full lane wait is made up by the tests, so that cycles of all sorts are drawn.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from corinth.cycles import cycles, deadlocks
from corinth.graph import graph_dot, graph_mermaid
from corinth.model import Lane, Layout, WhenFull
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
    legend["server: BYTES bytes of lanes<br/>LEGEND"]
    style legend fill:none,stroke:none,text-align:left
"""

DOT_BODY = """    w0 [label="accept\\nrole accept, 1 thread"];
    w1 [label="io\\n2 threads"];
    w2 [label="log\\n1 thread"];
    w0 -> w1 [label="spmc 16 + priority 2\\ndefault"];
    w1 -> w0 [label="mpsc 4096\\nBad, B1, B2, B3, 2 more"];
    w1 -> w2 [label="mpsc 8192", style=dashed];
}
"""

LEGEND = (
    "arrow: a lane, its kind and capacity; below, what is routed over it",
    "priority: the capacity of its second ring, for urgent transfers",
    "dashed: no route takes it",
    "cycles: none can deadlock, as each has a lane where a send never waits",
)

RING = """corinth: 1
name: ring
topology: full
worlds: {a: {}, b: {}, c: {}, d: {}}
lanes:
"""
"""Cycles of two, three and four worlds; the lanes that a test lists have a weight of 2."""


@pytest.fixture
def heavy_lanes_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sends wait for room in exactly those lanes whose weight is above 1."""
    monkeypatch.setattr(Lane, "waits_for_room", property(lambda lane: lane.weight.value > 1))


def ring(*waiting: str) -> Layout:
    """RING with waiting lanes, each named by its two worlds."""
    entries = [f"  - {{from: {lane[0]}, to: {lane[1]}, weight: 2}}\n" for lane in waiting]
    return examine(RING + "".join(entries)).valid()


def red_lanes(layout: Layout) -> list[str]:
    """The lanes that both pictures mark, in file order; the two have to agree."""
    names = {world.id: world.name for world in layout.model.worlds}
    lanes = [names[lane.source] + names[lane.target] for lane in layout.model.lanes]
    in_dot = re.findall(r"w(\d) -> w(\d) .*penwidth=3", graph_dot(layout))
    styled = re.search(r"linkStyle ([\d,]+) stroke:#b3261e", graph_mermaid(layout))
    in_mermaid = [] if styled is None else [int(index) for index in styled.group(1).split(",")]
    marked = [lanes[index] for index in in_mermaid]
    assert [names[int(a)] + names[int(b)] for a, b in in_dot] == marked
    return marked


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
    expected = MERMAID.replace("BYTES", f"{layout.total_bytes:,}")
    assert graph_mermaid(layout) == expected.replace("LEGEND", "<br/>".join(LEGEND))


def test_dot_is_what_was_reviewed() -> None:
    """Goal: the picture by Graphviz. Method: the same schema, and its legend."""
    text = graph_dot(examine(SCHEMA).valid())
    assert text.startswith('digraph "server" {\n')
    assert text.endswith(DOT_BODY)
    assert "\\l".join(LEGEND) in text


def test_legends_say_only_what_is_seen() -> None:
    """Goal: no legend for what isn't there. Method: two worlds and one routed lane."""
    text = "corinth: 1\nname: s\nworlds:\n  a: {routing: {default_target: b}}\n  b: {}\n"
    layout = examine(text).valid()
    for picture in (graph_dot(layout), graph_mermaid(layout)):
        assert "arrow: a lane" in picture
        for word in ("cycle", "dashed", "priority", "linkStyle", "deadlock"):
            assert word not in picture


def test_a_world_without_lanes_is_drawn() -> None:
    """Goal: no picture is empty. Method: one standalone world."""
    layout = examine("corinth: 1\nname: s\nworlds: {main: {role: standalone}}\n").valid()
    mermaid = graph_mermaid(layout)
    assert mermaid.startswith('flowchart LR\n    w0["main<br/>role standalone, 1 thread"]\n')
    assert 'w0 [label="main\\nrole standalone, 1 thread"];' in graph_dot(layout)
    assert "s: no lanes" in mermaid
    assert "s: no lanes" in graph_dot(layout)


@pytest.mark.parametrize("policy", WhenFull)
def test_no_policy_of_today_waits(policy: WhenFull) -> None:
    """Goal: no alarm without a danger. Method: each `when_full` on every lane of a full mesh."""
    entries = [
        f"  - {{from: {source}, to: {target}, when_full: {policy.value}}}\n"
        for source, target in (("a", "b"), ("b", "a"))
    ]
    layout = examine(RING + "".join(entries)).valid()
    assert red_lanes(layout) == []
    assert "none can deadlock" in graph_dot(layout)


@pytest.mark.usefixtures("heavy_lanes_wait")
@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        (("ab",), []),
        (("ab", "bc", "cd"), []),
        (("ab", "ba"), ["ab", "ba"]),
        (("ab", "bc", "ca", "cd"), ["ab", "bc", "ca"]),
        (("ab", "ba", "bc", "cd", "dc"), ["ab", "ba", "cd", "dc"]),
        (("ab", "bc", "cd", "da"), ["ab", "bc", "cd", "da"]),
    ],
    ids=["one", "chain", "two-way", "three and a tail", "two pairs", "four"],
)
def test_only_cycles_that_wait_all_round_are_red(
    waiting: tuple[str, ...], expected: list[str]
) -> None:
    """Goal: exactly the lanes that can deadlock are marked. Method: in a mesh where every lane is
    on some cycle, a few lanes wait; which are on a cycle of such lanes was found by hand."""
    layout = ring(*waiting)
    assert red_lanes(layout) == expected
    for picture in (graph_dot(layout), graph_mermaid(layout)):
        assert ("red: a cycle that can deadlock" in picture) == bool(expected)
        assert ("none can deadlock" in picture) != bool(expected)


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
    assert deadlocks(lanes) == ()


@pytest.mark.parametrize(("count", "is_large"), [(22, False), (24, True)])
def test_a_picture_beyond_the_limits_says_so(count: int, is_large: bool) -> None:
    """Goal: who can't draw a picture learns why. Method: all pairs of few and of many worlds."""
    worlds = ", ".join(f"w{index}: {{}}" for index in range(count))
    source = f"corinth: 1\nname: g\ntopology: full\nworlds: {{{worlds}}}\n"
    layout = examine(source).valid()
    lanes = count * (count - 1)
    assert graph_mermaid(layout).startswith(f"%% {lanes} lanes, ") == is_large
    assert graph_dot(layout).startswith(f"// {lanes} lanes: ") == is_large
