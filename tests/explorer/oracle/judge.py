"""What the memory model allows of a small program, by its axioms: the explorer's independent judge.

The explorer runs a program, step by step; this enumerates its candidate executions: which store
each load reads, and an order of each place's stores. It keeps those that satisfy the axioms, with
barriers for some choice of the places where they fence the other threads. No code and no way of
thinking is shared with the explorer.
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
    """How many come to their end. A round of a loop that reads what the one before read is none.
    Where a barrier fences the other threads makes no difference."""
    has_race: bool
    """Some execution has; then the outcomes mean nothing."""
    can_hang: bool
    """In some execution a thread waits forever."""


def outcome_of(run: Run, orders: Sequence[Sequence[int]]) -> tuple[int, ...]:
    final = 0
    for order in orders:
        final = final * DIGIT + (run.events[order[-1]].written or 0)
    return (*run.seen, final)


def parts_to_place(run: Run) -> list[tuple[int, int]]:
    """The begin of each barrier, with each other thread that it fences."""
    return [
        (begin, thread)
        for begin, event in enumerate(run.events)
        if event.begins_barrier
        for thread in range(len(run.done))
        if thread != event.thread
    ]


class Search:
    """Looks for places of barriers' parts that let the axioms allow an execution."""

    def __init__(self) -> None:
        self.candidates = 0

    def count(self) -> None:
        self.candidates += 1
        if self.candidates > CANDIDATES_MAX:
            raise TooLargeError

    def finds(self, candidate: Candidate, missing: Sequence[tuple[int, int]]) -> bool:
        """What the axioms forbid with some parts they forbid with more."""
        self.count()
        if not is_seen(candidate):
            return False
        if not missing:
            return True
        (begin, thread), *others = missing
        places = range(len(candidate.program[thread]) + 1)
        return any(
            self.finds(candidate.with_part(begin, thread, place), others) for place in places
        )


def answer(program: Program, places: int, is_c11: bool = False) -> Answer:
    outcomes: set[tuple[int, ...]] = set()
    executions = 0
    search = Search()
    has_race = False
    can_hang = False
    for run in complete_runs(program, places):
        orders = [store_orders(run.events, place) for place in range(places)]
        parts = parts_to_place(run)
        for chosen in itertools.product(*orders):
            if not may_stay_stuck(run, chosen):
                continue
            candidate = Candidate(run.events, chosen, is_c11, run.program())
            if not search.finds(candidate, parts):
                continue
            has_race = has_race or candidate.has_race()
            if run.stuck:
                can_hang = True
            else:
                executions += 1
                outcomes.add(outcome_of(run, chosen))
    return Answer(frozenset(outcomes), executions, has_race, can_hang)
