"""Small programs for several threads, and every choice of what their operations read.

A run is what such a choice leads to: events, each with the store that it reads from. Whether the
memory model allows it, axioms.py says.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, IntEnum

DIGIT = 16
"""What a thread has read is told as one number to this base."""
RUNS_MAX = 20_000
"""More are not worth the time."""


class Order(IntEnum):
    """As the compilers number them; plain accesses are below all."""

    PLAIN = -1
    RELAXED = 0
    ACQUIRE = 2
    RELEASE = 3
    ACQ_REL = 4
    SEQ_CST = 5

    @property
    def acquires(self) -> bool:
        return self in (Order.ACQUIRE, Order.ACQ_REL, Order.SEQ_CST)

    @property
    def releases(self) -> bool:
        return self >= Order.RELEASE


class Kind(Enum):
    LOAD = "load"
    STORE = "store"
    ADD = "add"
    EXCHANGE = "exchange"
    COMPARE = "compare"
    FENCE = "fence"


@dataclass(frozen=True)
class Operation:
    kind: Kind
    order: Order
    place: int = 0
    value: int = 0
    expected: int = 0
    failure: Order = Order.RELAXED
    guard: int | None = None
    """The operation is left out unless this is what the thread read last, which begins as 0."""

    def effect(self, found: int) -> tuple[Order, int | None]:
        """The order that counts when it reads `found`, and what it writes then."""
        if self.kind is Kind.ADD:
            return self.order, found + self.value
        if self.kind is Kind.EXCHANGE:
            return self.order, self.value
        if self.kind is Kind.COMPARE:
            return (self.order, self.value) if found == self.expected else (self.failure, None)
        return self.order, None


Program = tuple[tuple[Operation, ...], ...]
"""Each thread's operations."""


@dataclass(frozen=True)
class Event:
    """An operation that took place, or what setup wrote; a fence has no place."""

    thread: int
    place: int | None
    order: Order
    source: int | None = None
    """The event whose value it reads."""
    written: int | None = None

    @property
    def is_update(self) -> bool:
        return self.source is not None and self.written is not None


class TooLargeError(Exception):
    """A program has more runs, or candidate executions, than are worth the time."""


@dataclass(frozen=True)
class Run:
    """A part of a program's operations: with each of them what it reads from and what is before."""

    events: tuple[Event, ...]
    done: tuple[int, ...]
    """How many operations of each thread are behind it."""
    last: tuple[int, ...]
    """What each thread read last."""
    seen: tuple[int, ...]
    """Each thread's digits: one more than each value read, 0 for each operation left out."""

    def after(self, thread: int, event: Event | None, found: int | None) -> Run:
        """One operation more of a thread: an event or none, which has read a value or not."""

        def changed(values: tuple[int, ...], value: int) -> tuple[int, ...]:
            return (*values[:thread], value, *values[thread + 1 :])

        later = replace(self, done=changed(self.done, self.done[thread] + 1))
        if event is not None:
            later = replace(later, events=(*self.events, event))
        if event is None or found is not None:
            digit = 0 if found is None else found + 1
            later = replace(later, seen=changed(self.seen, self.seen[thread] * DIGIT + digit))
        if found is not None:
            later = replace(later, last=changed(self.last, found))
        return later

    def key(self) -> object:
        """The same for runs that differ only in the order in which the events were added."""
        count = [0] * (len(self.done) + 1)
        names: list[tuple[int, int]] = []
        for event in self.events:
            count[event.thread] += 1
            names.append((event.thread, count[event.thread]))
        pairs = zip(names, self.events, strict=True)
        sources = frozenset((name, names[e.source]) for name, e in pairs if e.source is not None)
        return self.done, sources

    def leaves_out(self, thread: int, operation: Operation) -> bool:
        return operation.guard is not None and self.last[thread] != operation.guard


def steps(run: Run, thread: int, operation: Operation) -> Iterator[Run]:
    """A thread's next operation, with each store so far that it could read."""
    if run.leaves_out(thread, operation):
        yield run.after(thread, None, None)
    elif operation.kind is Kind.FENCE:
        yield run.after(thread, Event(thread, None, operation.order), None)
    elif operation.kind is Kind.STORE:
        event = Event(thread, operation.place, operation.order, None, operation.value)
        yield run.after(thread, event, None)
    else:
        for source, store in enumerate(run.events):
            if store.place == operation.place and store.written is not None:
                order, written = operation.effect(store.written)
                event = Event(thread, operation.place, order, source, written)
                yield run.after(thread, event, store.written)


def longer(run: Run, program: Program) -> Iterator[Run]:
    """What one operation more can lead to. Only among those that read it matters who is first."""
    following = [
        (thread, operations[done])
        for thread, (operations, done) in enumerate(zip(program, run.done, strict=True))
        if done < len(operations)
    ]
    for thread, operation in following:
        is_blind = operation.kind in (Kind.STORE, Kind.FENCE)
        if is_blind or run.leaves_out(thread, operation):
            return steps(run, thread, operation)
    return itertools.chain.from_iterable(steps(run, *each) for each in following)


def complete_runs(program: Program, places: int) -> Iterator[Run]:
    """Every choice of what is read in which no value comes out of thin air."""
    zeros = (0,) * len(program)
    initial = tuple(Event(len(program), place, Order.RELAXED, None, 0) for place in range(places))
    waiting = [Run(initial, zeros, zeros, zeros)]
    known: set[object] = set()
    while waiting:
        run = waiting.pop()
        if run.done == tuple(len(operations) for operations in program):
            yield run
        for each in longer(run, program):
            key = each.key()
            if key not in known:
                known.add(key)
                waiting.append(each)
        if len(known) > RUNS_MAX:
            raise TooLargeError
