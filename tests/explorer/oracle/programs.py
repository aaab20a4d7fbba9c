"""Small programs for several threads, and every choice of what their operations read.

A run is what such a choice leads to: events, each with the store that it reads from. Whether the
memory model allows it, axioms.py says.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from typing import TypeVar

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
    BARRIER = "barrier"


FENCES = (Kind.FENCE, Kind.BARRIER)


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
    is_awaited: bool = False
    """A load or a compare-exchange that is repeated until it reads `expected`."""
    or_place: int | None = None
    """An awaited load that hasn't found it reads this place too, which ends the loop as well."""
    fence: Operation | None = None
    """The fence or barrier with which each round of its loop begins."""

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
    """An operation that took place, or what setup wrote; a fence has no place. A barrier is two
    events of its caller, one right behind the other, and one of each other thread's: its part."""

    thread: int
    place: int | None
    order: Order
    source: int | None = None
    """The event whose value it reads."""
    written: int | None = None
    begins_barrier: bool = False
    part_of: int | None = None
    """The event that begins the barrier of which this is a thread's part."""

    @property
    def is_fence(self) -> bool:
        """A part of another's barrier is none: it hands nothing over."""
        return self.place is None and self.part_of is None

    @property
    def is_update(self) -> bool:
        return self.source is not None and self.written is not None


class TooLargeError(Exception):
    """A program has more runs, or candidate executions, than are worth the time."""


Value = TypeVar("Value")


def changed(values: tuple[Value, ...], index: int, value: Value) -> tuple[Value, ...]:
    return (*values[:index], value, *values[index + 1 :])


@dataclass(frozen=True)
class Run:
    """A part of a program's operations: with each of them what it reads from and what is before."""

    events: tuple[Event, ...]
    done: tuple[int, ...]
    """How many operations of each thread are behind it."""
    last: tuple[int, ...]
    """What each thread read last."""
    seen: tuple[int, ...]
    """Each thread's digits: one more than each value read, 0 for each operation left out. Of a
    loop those of the rounds that read other values than the one before, as many of each."""
    rounds: tuple[tuple[int, ...], ...]
    """Of each thread within a loop what the last round read from; of others nothing."""
    stuck: frozenset[int] = frozenset()
    """The threads whose rounds are like their last one forever."""

    def after(self, thread: int, event: Event, found: int | None = None) -> Run:
        """An event more of a thread; it has read a value or not."""
        later = replace(self, events=(*self.events, event))
        return later if found is None else replace(later, last=changed(self.last, thread, found))

    def sees(self, thread: int, *digits: int) -> Run:
        """The thread tells these."""
        seen = self.seen[thread]
        for digit in digits:
            seen = seen * DIGIT + digit
        return replace(self, seen=changed(self.seen, thread, seen))

    def digits(self, sources: Sequence[int]) -> list[int]:
        """What was read, as it is told."""
        return [(self.events[source].written or 0) + 1 for source in sources]

    def at_next(self, thread: int) -> Run:
        """The thread's operation is behind it."""
        done = changed(self.done, thread, self.done[thread] + 1)
        return replace(self, done=done, rounds=changed(self.rounds, thread, ()))

    def key(self) -> object:
        """The same for runs that differ only in the order in which the events were added."""
        count = [0] * (len(self.done) + 1)
        names: list[tuple[int, int]] = []
        for event in self.events:
            count[event.thread] += 1
            names.append((event.thread, count[event.thread]))
        pairs = zip(names, self.events, strict=True)
        sources = frozenset((name, names[e.source]) for name, e in pairs if e.source is not None)
        return self.done, self.stuck, sources

    def program(self) -> tuple[tuple[int, ...], ...]:
        """Each thread's events in program order; setup is the last thread."""
        threads = range(len(self.done) + 1)
        numbered = list(enumerate(self.events))
        return tuple(tuple(i for i, e in numbered if e.thread == thread) for thread in threads)

    def leaves_out(self, thread: int, operation: Operation) -> bool:
        """A guard is looked at once, before a loop's first round."""
        is_guarded = operation.guard is not None and self.rounds[thread] == ()
        return is_guarded and self.last[thread] != operation.guard


def known_stores(run: Run, thread: int, place: int) -> list[int]:
    """The stores to a place that a thread has read or written, in its order."""
    known: list[int] = []
    for index, event in enumerate(run.events):
        if event.thread == thread and event.place == place:
            known += [] if event.source is None else [event.source]
            known += [] if event.written is None else [index]
    return known


def readings(run: Run, thread: int, operation: Operation, place: int) -> Iterator[tuple[Run, int]]:
    """What a thread's operation may read so far, and which event that is. A thread never goes back
    to a store: the axioms forbid that, and loops would have no end."""
    known = known_stores(run, thread, place)
    for source, store in enumerate(run.events):
        is_old = source in known and source != known[-1]
        if store.place == place and store.written is not None and not is_old:
            order, written = operation.effect(store.written)
            event = Event(thread, place, order, source, written)
            yield run.after(thread, event, store.written), source


def passed(run: Run, thread: int, operation: Operation) -> Run:
    """Behind a fence, or the two of a barrier's caller; judge.py adds the others' parts."""
    is_barrier = operation.kind is Kind.BARRIER
    begun = run.after(thread, Event(thread, None, operation.order, begins_barrier=is_barrier))
    return begun.after(thread, Event(thread, None, operation.order)) if is_barrier else begun


def next_rounds(run: Run, thread: int, operation: Operation) -> Iterator[Run]:
    """What another round of a loop can do. One that is like the one before tells nothing; if all
    that follow are, the thread is stuck."""
    begun = run if operation.fence is None else passed(run, thread, operation.fence)
    ends: list[tuple[Run, tuple[int, ...]]] = []
    for first, source in readings(begun, thread, operation, operation.place):
        if first.last[thread] == operation.expected or operation.or_place is None:
            ends.append((first, (source,)))
        else:
            others = readings(first, thread, operation, operation.or_place)
            ends.extend((second, (source, other)) for second, other in others)
    before = run.digits(run.rounds[thread])
    for end, sources in ends:
        digits = end.digits(sources)
        unread = [0] if len(digits) == 1 and operation.or_place is not None else []
        told = end if digits == before else end.sees(thread, *unread, *digits)
        if end.last[thread] == operation.expected:
            yield told.at_next(thread)
        elif sources != run.rounds[thread]:
            yield replace(told, rounds=changed(told.rounds, thread, sources))
    if run.rounds[thread]:
        yield replace(run, stuck=run.stuck | {thread})


def steps(run: Run, thread: int, operation: Operation) -> Iterator[Run]:
    """All that a thread's next operation, or the next round of its loop, can do."""
    if run.leaves_out(thread, operation):
        yield run.sees(thread, 0).at_next(thread)
    elif operation.kind in FENCES:
        yield passed(run, thread, operation).at_next(thread)
    elif operation.kind is Kind.STORE:
        event = Event(thread, operation.place, operation.order, None, operation.value)
        yield run.after(thread, event).at_next(thread)
    elif operation.is_awaited:
        yield from next_rounds(run, thread, operation)
    else:
        for later, source in readings(run, thread, operation, operation.place):
            yield later.sees(thread, *later.digits([source])).at_next(thread)


def following(run: Run, program: Program) -> list[tuple[int, Operation]]:
    """The threads that can go on, each with its next operation."""
    return [
        (thread, operations[done])
        for thread, (operations, done) in enumerate(zip(program, run.done, strict=True))
        if done < len(operations) and thread not in run.stuck
    ]


def longer(run: Run, nexts: Sequence[tuple[int, Operation]]) -> Iterator[Run]:
    """What one operation more can lead to. Only among those that read it matters who is first."""
    for thread, operation in nexts:
        is_blind = operation.kind is Kind.STORE or operation.kind in FENCES
        if is_blind or run.leaves_out(thread, operation):
            return steps(run, thread, operation)
    return itertools.chain.from_iterable(steps(run, *each) for each in nexts)


def complete_runs(program: Program, places: int) -> Iterator[Run]:
    """Every choice of what is read in which no value comes out of thin air."""
    zeros = (0,) * len(program)
    initial = tuple(Event(len(program), place, Order.RELAXED, None, 0) for place in range(places))
    waiting = [Run(initial, zeros, zeros, zeros, ((),) * len(program))]
    known: set[object] = set()
    while waiting:
        run = waiting.pop()
        nexts = following(run, program)
        if not nexts:
            yield run
        for each in longer(run, nexts):
            key = each.key()
            if key not in known:
                known.add(key)
                waiting.append(each)
        if len(known) > RUNS_MAX:
            raise TooLargeError
