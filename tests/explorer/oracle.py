"""What the memory model allows of a small program, by its axioms: the explorer's independent judge.

The explorer runs a program, step by step; this enumerates its candidate executions: which store
each load reads, and an order of each place's stores. It keeps those that satisfy the axioms of RC11
(Lahav and others 2017, Repairing Sequential Consistency in C/C++11) with the release sequences of
C++20, or those of C11. No code and no way of thinking is shared with the explorer.

What the explorer's README says that it can't see is left out here too: executions in which program
order, reads-from, modification order and seq_cst order form a cycle.

Relations are lists: for each event, a set of those that it precedes, a bit each.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum

DIGIT = 16
"""What a thread has read is told as one number to this base."""
CANDIDATES_MAX = 20_000
"""More are not worth the time."""
Relation = list[int]


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
    """A program has more than CANDIDATES_MAX candidates."""


def members(bits: int) -> Iterator[int]:
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def join(*relations: Relation) -> Relation:
    joined = [0] * len(relations[0])
    for relation in relations:
        for index, row in enumerate(relation):
            joined[index] |= row
    return joined


def compose(one: Relation, other: Relation) -> Relation:
    composed = [0] * len(one)
    for index, row in enumerate(one):
        for middle in members(row):
            composed[index] |= other[middle]
    return composed


def close(relation: Relation) -> Relation:
    """The transitive closure."""
    closed = list(relation)
    for middle in range(len(closed)):
        for index, row in enumerate(closed):
            if row >> middle & 1:
                closed[index] |= closed[middle]
    return closed


def is_irreflexive(relation: Relation) -> bool:
    return not any(row >> index & 1 for index, row in enumerate(relation))


def between(first: int, relation: Relation, last: int) -> Relation:
    """Of a relation what begins in one set and ends in the other."""
    return [row & last if first >> index & 1 else 0 for index, row in enumerate(relation)]


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
        if len(known) > CANDIDATES_MAX:
            raise TooLargeError


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


@dataclass(frozen=True)
class Candidate:
    """A candidate execution. It begins with the events of setup, which is a thread of its own."""

    events: tuple[Event, ...]
    orders: tuple[tuple[int, ...], ...]
    """Each place's stores in modification order."""
    is_c11: bool

    def set_of(self, condition: Callable[[Event], bool]) -> int:
        return sum(1 << index for index, event in enumerate(self.events) if condition(event))

    def program_order(self) -> Relation:
        """Setup comes before all."""
        setup = self.events[0].thread
        relation = [0] * len(self.events)
        for (i, one), (j, other) in itertools.combinations(enumerate(self.events), 2):
            if one.thread in (other.thread, setup):
                relation[i] |= 1 << j
        return relation

    def reads_from(self) -> Relation:
        relation = [0] * len(self.events)
        for index, event in enumerate(self.events):
            if event.source is not None:
                relation[event.source] |= 1 << index
        return relation

    def modification_order(self) -> Relation:
        relation = [0] * len(self.events)
        for order in self.orders:
            for earlier, later in itertools.combinations(order, 2):
                relation[earlier] |= 1 << later
        return relation

    def from_reads(self, modification_order: Relation) -> Relation:
        """From what reads a store to those behind that store."""
        return [
            0 if event.source is None else modification_order[event.source] & ~(1 << index)
            for index, event in enumerate(self.events)
        ]

    def heads(self, store: int) -> Iterator[int]:
        """The stores in whose release sequences a store is; in C++20 updates alone continue one."""
        order = next(order for order in self.orders if store in order)
        behind: list[Event] = []
        for head in reversed(order[: order.index(store) + 1]):
            own = self.events[head].thread if self.is_c11 else None
            if all(event.is_update or event.thread == own for event in behind):
                yield head
            behind.append(self.events[head])

    def synchronizes_with(self, program_order: Relation) -> Relation:
        """From releases, fences before stores among them, to acquires and fences behind loads."""
        relation = [0] * len(self.events)
        fences = self.set_of(lambda event: event.place is None)
        acquires = self.set_of(lambda event: event.order.acquires)
        for reader, event in enumerate(self.events):
            if event.source is None or event.order is Order.PLAIN:
                continue
            gaining = (1 << reader | fences & program_order[reader]) & acquires
            for head in self.heads(event.source):
                if self.events[head].order is Order.PLAIN:
                    continue
                for index, releaser in enumerate(self.events):
                    is_before = releaser.place is None and program_order[index] >> head & 1
                    if releaser.order.releases and (index == head or is_before):
                        relation[index] |= gaining
        return relation

    def has_race(self, happens_before: Relation) -> bool:
        return any(
            one.place == other.place
            and one.place is not None
            and one.thread != other.thread
            and Order.PLAIN in (one.order, other.order)
            and (one.written is not None or other.written is not None)
            and not happens_before[i] >> j & 1
            and not happens_before[j] >> i & 1
            for (i, one), (j, other) in itertools.combinations(enumerate(self.events), 2)
        )


def is_seen(candidate: Candidate, happens_before: Relation) -> bool:
    """The axioms of coherence and of seq_cst, the latter under their names in the paper.

    Where no cycle of all orders is seen, psc needs none of its parts that are in hb alone.
    """
    size = len(candidate.events)
    sb = candidate.program_order()
    rf = candidate.reads_from()
    mo = candidate.modification_order()
    rb = candidate.from_reads(mo)
    eco = close(join(rf, mo, rb))
    hb = happens_before
    if not is_irreflexive(compose(hb, eco)):
        return False
    everything = (1 << size) - 1
    seq_cst = candidate.set_of(lambda event: event.order is Order.SEQ_CST)
    fences = seq_cst & candidate.set_of(lambda event: event.place is None)
    accesses = seq_cst & ~fences
    identity = [1 << index for index in range(size)]
    near = join(identity, hb)
    before = join(between(accesses, identity, everything), between(fences, near, everything))
    behind = join(between(everything, identity, accesses), between(everything, near, fences))
    psc_base = compose(compose(before, join(mo, rb)), behind)
    psc_fences = between(fences, compose(compose(hb, eco), hb), fences)
    return is_irreflexive(close(join(sb, rf, mo, psc_base, psc_fences)))


@dataclass(frozen=True)
class Answer:
    """What a search of a program has to find."""

    outcomes: frozenset[tuple[int, ...]]
    """Of each thread what it has seen, then what the places hold at the end, as digits."""
    executions: int
    has_race: bool
    """Some execution has; then the outcomes mean nothing."""


def answer(program: Program, places: int, is_c11: bool = False) -> Answer:
    outcomes: set[tuple[int, ...]] = set()
    executions = 0
    candidates = 0
    has_race = False
    for run in complete_runs(program, places):
        orders = [store_orders(run.events, place) for place in range(places)]
        for chosen in itertools.product(*orders):
            candidates += 1
            if candidates > CANDIDATES_MAX:
                raise TooLargeError
            candidate = Candidate(run.events, chosen, is_c11)
            sb = candidate.program_order()
            happens_before = close(join(sb, candidate.synchronizes_with(sb)))
            if is_seen(candidate, happens_before):
                executions += 1
                has_race = has_race or candidate.has_race(happens_before)
                final = 0
                for order in chosen:
                    final = final * DIGIT + (run.events[order[-1]].written or 0)
                outcomes.add((*run.seen, final))
    return Answer(frozenset(outcomes), executions, has_race)
