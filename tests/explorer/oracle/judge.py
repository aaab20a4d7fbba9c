"""What the memory model allows of a small program, by its axioms: the explorer's independent judge.

The explorer runs a program, step by step; this enumerates its candidate executions: which store
each load reads, and an order of each place's stores. It keeps those that satisfy the axioms. No
code and no way of thinking is shared with the explorer.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.explorer.oracle.axioms import Candidate, is_seen
from tests.explorer.oracle.programs import (
    DIGIT,
    Event,
    Program,
    Run,
    TooLargeError,
    complete_runs,
)
from tests.explorer.oracle.relations import close, join

CANDIDATES_MAX = 20_000
"""More are not worth the time."""


def store_orders(events: Sequence[Event], place: int) -> Iterator[tuple[int, ...]]:
    """Orders of a place's stores: setup's first, threads' kept, updates behind what they read."""
    stores = [i for i, e in enumerate(events) if e.place == place and e.written is not None]

    def extend(order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        left = [i for i in stores if i not in order]
        if not left:
            yield order
        updates = [i for i in left if events[i].is_update and events[i].source == order[-1]]
        for i in updates or left:
            is_atomic = not events[i].is_update or events[i].source == order[-1]
            if is_atomic and not any(j < i and events[j].thread == events[i].thread for j in left):
                yield from extend((*order, i))

    return extend((stores[0],))


def may_stay_stuck(run: Run, orders: Sequence[Sequence[int]]) -> bool:
    """Whether stuck threads read the last stores, which everybody sees in time."""
    last = {order[-1] for order in orders}
    return all(last.issuperset(run.rounds[thread]) for thread in run.stuck)


@dataclass(frozen=True)
class Answer:
    """What a search of a program has to find."""

    outcomes: frozenset[tuple[int, ...]]
    """Of each thread what it has seen, then what the places hold at the end, as digits."""
    executions: int
    """How many come to their end. A round of a loop that reads what the one before read is none."""
    has_race: bool
    """Some execution has; then the outcomes mean nothing."""
    can_hang: bool
    """In some execution a thread waits forever."""


def outcome_of(run: Run, orders: Sequence[Sequence[int]]) -> tuple[int, ...]:
    final = 0
    for order in orders:
        final = final * DIGIT + (run.events[order[-1]].written or 0)
    return (*run.seen, final)


def answer(program: Program, places: int, is_c11: bool = False) -> Answer:
    outcomes: set[tuple[int, ...]] = set()
    executions = 0
    candidates = 0
    has_race = False
    can_hang = False
    for run in complete_runs(program, places):
        orders = [store_orders(run.events, place) for place in range(places)]
        for chosen in itertools.product(*orders):
            candidates += 1
            if candidates > CANDIDATES_MAX:
                raise TooLargeError
            if not may_stay_stuck(run, chosen):
                continue
            candidate = Candidate(run.events, chosen, is_c11)
            sb = candidate.program_order()
            happens_before = close(join(sb, candidate.synchronizes_with(sb)))
            if not is_seen(candidate, happens_before):
                continue
            has_race = has_race or candidate.has_race(happens_before)
            if run.stuck:
                can_hang = True
            else:
                executions += 1
                outcomes.add(outcome_of(run, chosen))
    return Answer(frozenset(outcomes), executions, has_race, can_hang)
