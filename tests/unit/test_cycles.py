"""Goal: every cycle of waiting lanes is found, the shortest first, and however many there are.
Method: small graphs with all their cycles found another way; graphs with more cycles than can be
counted, of which the first ones are known.
"""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import islice, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corinth.cycles import waiting_cycles
from corinth.model import Lane, Model
from corinth.resolve.full_lanes import MAX_CYCLES
from tests.support.schemas import examine

Pairs = set[tuple[int, int]]

WORLDS = 5
MANY = 64
SECONDS = 5.0
"""What counting every cycle of 64 worlds would exceed by far; a search takes milliseconds."""


MESH = (
    "corinth: 1\nname: rings\ntopology: full\nworlds:\n"
    + "  w{}: {{transfer_queue: {{when_full: wait}}}}\n" * MANY
).format(*range(MANY))


def text_of(count: int, pairs: Pairs, policy: str = "wait") -> str:
    """A schema with so many worlds and a lane for each pair, all of one policy."""
    lines = ["corinth: 1", "name: rings", "worlds:", *(f"  w{own}: {{}}" for own in range(count))]
    if pairs:
        lines.append("lanes:")
    more = "" if policy in ("wait", "fail") else ", undelivered: discard"
    lines += [f"  - {{from: w{a}, to: w{b}, when_full: {policy}{more}}}" for a, b in sorted(pairs)]
    return "\n".join(lines) + "\n"


def lanes_of(text: str) -> tuple[Lane, ...]:
    model = examine(text).model
    assert isinstance(model, Model)
    return model.lanes


def all_cycles(pairs: Pairs) -> list[tuple[int, ...]]:
    """Each order of each set of worlds that begins with its lowest and is linked all round."""
    orders = [
        order
        for length in range(2, WORLDS + 1)
        for order in permutations(range(WORLDS), length)
        if order[0] == min(order)
    ]
    return [
        order
        for order in orders
        if all(pair in pairs for pair in zip(order, (*order[1:], order[0]), strict=True))
    ]


@settings(max_examples=40)
@given(st.sets(st.sampled_from([(a, b) for a in range(WORLDS) for b in range(WORLDS) if a != b])))
def test_every_cycle_is_found_once_and_in_order(pairs: Pairs) -> None:
    """Goal: none is missing, none comes twice. Method: random lanes between five worlds, and all
    orders of worlds tried out, which come by length and then by ids."""
    (lane,) = lanes_of(text_of(2, {(0, 1)}))
    lanes = [replace(lane, source=source, target=target) for source, target in pairs]
    assert list(waiting_cycles(lanes)) == all_cycles(pairs)


@pytest.mark.parametrize("policy", ["fail", "drop_newest", "drop_oldest"])
def test_lanes_that_do_not_wait_are_on_no_cycle(policy: str) -> None:
    """Goal: no alarm without a danger. Method: each other policy on both lanes between two."""
    outcome = examine(text_of(2, {(0, 1), (1, 0)}, policy))
    assert list(waiting_cycles(outcome.valid().model.lanes)) == []


def test_one_lane_that_does_not_wait_breaks_a_cycle() -> None:
    """Goal: the ways out that the message names are ways out. Method: a cycle of three waiting
    lanes, and each way out in the place of one."""
    text = text_of(3, {(0, 1), (1, 2), (2, 0)})
    assert examine(text).rules == ["lane-wait-cycle"]
    for way in ("fail", "drop_newest, undelivered: handler", "drop_oldest, undelivered: discard"):
        assert examine(text.replace("wait", way, 1)).rules == []


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        (MESH, {2}),
        (
            text_of(
                MANY, {(a, (a // 4 * 4 + 4 + b) % MANY) for a in range(MANY) for b in range(4)}
            ),
            {16},
        ),
        (text_of(MANY, {(a, (a + 1) % MANY) for a in range(MANY)}), {MANY}),
    ],
    ids=["full topology", "layers", "one ring"],
)
def test_a_mesh_of_64_worlds_takes_no_time(text: str, lengths: set[int]) -> None:
    """Goal: no schema can keep the tool busy. Method: the most worlds, where all are linked, where
    2^32 shortest cycles lead through 16 layers, and one cycle through all."""
    lanes = lanes_of(text)
    begin = time.monotonic()
    found = list(islice(waiting_cycles(lanes), MAX_CYCLES + 1))
    assert time.monotonic() - begin < SECONDS
    assert {len(cycle) for cycle in found} == lengths
    assert len(set(found)) == len(found)
    assert found == sorted(found, key=lambda cycle: (len(cycle), cycle))


def test_what_is_too_much_to_be_told_is_said() -> None:
    """Goal: one cycle is one finding, up to a limit that is told. Method: all lanes of 64 worlds,
    and as many pairs as are told."""
    found = examine(MESH).diagnostics.in_file_order()
    assert [error.rule for error in found] == ["lane-wait-cycle"] * MAX_CYCLES
    more = [error for error in found if "there are more such cycles" in error.hint]
    assert more == [found[-1]]
    few = {pair for a in range(0, 2 * MAX_CYCLES, 2) for pair in ((a, a + 1), (a + 1, a))}
    report = examine(text_of(2 * MAX_CYCLES, few)).report
    assert report.count("[lane-wait-cycle]") == MAX_CYCLES
    assert "there are more" not in report


def test_the_lane_that_begins_a_cycle_is_that_of_the_lowest_id() -> None:
    """Goal: the same schema gets the same message. Method: ids against the order of the file."""
    text = (
        "corinth: 1\nname: s\nworlds: {a: {id: 9}, b: {id: 4}, c: {id: 6}}\nlanes:\n"
        "  - {from: a, to: b, when_full: wait}\n"
        "  - {from: b, to: c, when_full: wait}\n"
        "  - {from: c, to: a, when_full: wait}\n"
    )
    (error,) = examine(text).diagnostics.errors
    assert "b -> c -> a -> b" in error.message
    assert error.span.line == 6
    assert [note.span.line for note in error.notes] == [7, 5]
