"""The axioms of the memory model: which candidate executions of a program it allows.

RC11 (Lahav and others 2017, Repairing Sequential Consistency in C/C++11) with the release sequences
of C++20, or those of C11. What the explorer's README says that it can't see is left out here too:
executions in which program order, reads-from, modification order and seq_cst order form a cycle.

A barrier is a seq_cst fence of its caller's where it begins, another where it ends, and between
these two, in the order of seq_cst, one in each other thread, anywhere in that one's program order.
Those count in the order of seq_cst alone; nothing synchronizes with them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.explorer.oracle.programs import Event, Order
from tests.explorer.oracle.relations import (
    Relation,
    between,
    close,
    compose,
    is_irreflexive,
    join,
)


@dataclass(frozen=True)
class Candidate:
    """A candidate execution. It begins with the events of setup, which is a thread of its own."""

    events: tuple[Event, ...]
    orders: tuple[tuple[int, ...], ...]
    """Each place's stores in modification order."""
    is_c11: bool
    program: tuple[tuple[int, ...], ...]
    """Each thread's events in program order."""

    def with_part(self, begin: int, thread: int, at: int) -> Candidate:
        """The same with a thread's part of a barrier, at a place in its program order."""
        part = Event(thread, None, Order.SEQ_CST, part_of=begin)
        own = self.program[thread]
        longer = (*own[:at], len(self.events), *own[at:])
        program = (*self.program[:thread], longer, *self.program[thread + 1 :])
        return replace(self, events=(*self.events, part), program=program)

    def set_of(self, condition: Callable[[Event], bool]) -> int:
        return sum(1 << index for index, event in enumerate(self.events) if condition(event))

    def program_order(self) -> Relation:
        """Setup, the last thread, comes before all."""
        *others, setup = self.program
        relation = [0] * len(self.events)
        for events in others:
            for earlier, later in itertools.combinations((*setup, *events), 2):
                relation[earlier] |= 1 << later
        return relation

    def barrier_order(self) -> Relation:
        """From a barrier's begin to its parts, and from those to its end."""
        relation = [0] * len(self.events)
        for index, event in enumerate(self.events):
            if event.part_of is not None:
                relation[event.part_of] |= 1 << index
                relation[index] |= 1 << event.part_of + 1
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
        fences = self.set_of(lambda event: event.is_fence)
        acquires = self.set_of(lambda event: event.order.acquires)
        for reader, event in enumerate(self.events):
            if event.source is None or event.order is Order.PLAIN:
                continue
            gaining = (1 << reader | fences & program_order[reader]) & acquires
            for head in self.heads(event.source):
                if self.events[head].order is Order.PLAIN:
                    continue
                for index, releaser in enumerate(self.events):
                    is_before = releaser.is_fence and program_order[index] >> head & 1
                    if releaser.order.releases and (index == head or is_before):
                        relation[index] |= gaining
        return relation

    def happens_before(self) -> Relation:
        sb = self.program_order()
        return close(join(sb, self.synchronizes_with(sb)))

    def has_race(self) -> bool:
        happens_before = self.happens_before()
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


def is_seen(candidate: Candidate) -> bool:
    """The axioms of coherence and of seq_cst, the latter under their names in the paper.

    Where no cycle of all orders is seen, psc needs none of its parts that are in hb alone.
    """
    size = len(candidate.events)
    sb = candidate.program_order()
    rf = candidate.reads_from()
    mo = candidate.modification_order()
    rb = candidate.from_reads(mo)
    eco = close(join(rf, mo, rb))
    hb = candidate.happens_before()
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
    barriers = candidate.barrier_order()
    return is_irreflexive(close(join(sb, rf, mo, psc_base, psc_fences, barriers)))
