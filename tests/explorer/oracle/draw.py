"""Draws small programs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.explorer.oracle.as_c import PLACES
from tests.explorer.oracle.programs import FENCES, Kind, Operation, Order, Program

OPERATIONS_MIN = 5
OPERATIONS_MAX = 8

PLAIN, RELAXED, ACQUIRE = Order.PLAIN, Order.RELAXED, Order.ACQUIRE
RELEASE, ACQ_REL, SEQ_CST = Order.RELEASE, Order.ACQ_REL, Order.SEQ_CST


@dataclass(frozen=True)
class Palette:
    """What a program is made of; each is there to let other rules meet."""

    loads: tuple[Order, ...]
    stores: tuple[Order, ...]
    updates: tuple[Order, ...]
    fences: tuple[Order, ...]
    kinds: dict[Kind, int]
    """How often each is drawn."""


def kinds(load: int, store: int, update: int, fence: int, barrier: int = 0) -> dict[Kind, int]:
    updates = {Kind.ADD: update, Kind.EXCHANGE: update, Kind.COMPARE: update}
    fences = {Kind.FENCE: fence, Kind.BARRIER: barrier}
    return {Kind.LOAD: load, Kind.STORE: store, **fences, **updates}


BARRIER = Operation(Kind.BARRIER, SEQ_CST)
ALL_FENCES = (ACQUIRE, RELEASE, ACQ_REL, SEQ_CST)
ALL_UPDATES = (RELAXED, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST)
PALETTES = (
    Palette((RELAXED, ACQUIRE, SEQ_CST), (RELAXED, RELEASE, SEQ_CST), ALL_UPDATES, ALL_FENCES,
            kinds(6, 6, 1, 2)),
    Palette((RELAXED, SEQ_CST), (RELAXED, RELEASE, SEQ_CST), (RELAXED, SEQ_CST), (SEQ_CST,),
            kinds(6, 6, 1, 2)),
    Palette((RELAXED,), (RELAXED,), (RELAXED,), ALL_FENCES, kinds(6, 6, 1, 6)),
    Palette((RELAXED, ACQUIRE), (RELAXED, RELEASE), ALL_UPDATES, (ACQUIRE, RELEASE),
            kinds(6, 5, 2, 1)),
    Palette((RELAXED, ACQUIRE), (RELAXED, RELEASE), ALL_UPDATES, ALL_FENCES, kinds(3, 2, 4, 1)),
)  # fmt: skip
BARRIER_PALETTES = (
    Palette((RELAXED,), (RELAXED,), (RELAXED,), (SEQ_CST,), kinds(6, 6, 1, 1, 3)),
    Palette((RELAXED, ACQUIRE), (RELAXED, RELEASE), ALL_UPDATES, ALL_FENCES,
            kinds(6, 6, 1, 3, 3)),
    Palette((RELAXED, ACQUIRE, SEQ_CST), (RELAXED, RELEASE, SEQ_CST), ALL_UPDATES, ALL_FENCES,
            kinds(6, 6, 1, 2, 3)),
    Palette((RELAXED, SEQ_CST), (RELAXED, SEQ_CST), (RELAXED, SEQ_CST), (SEQ_CST,),
            kinds(6, 6, 1, 1, 3)),
)  # fmt: skip


def draw_operation(
    chance: random.Random, palette: Palette, places: int, plain: int | None, *, is_first: bool
) -> Operation:
    kind = chance.choices(list(palette.kinds), list(palette.kinds.values()))[0]
    guard = None if is_first or chance.random() > 0.2 else chance.choice((0, 1, 1, 2))
    place = chance.randrange(places)
    if place == plain and kind not in FENCES:
        value = chance.choice((1, 1, 2, 3))
        kind = chance.choice((Kind.LOAD, Kind.STORE))
        return Operation(kind, PLAIN, place, value, guard=guard)
    return draw_orders(chance, palette, kind, place, guard)


def draw_orders(
    chance: random.Random, palette: Palette, kind: Kind, place: int, guard: int | None = None
) -> Operation:
    """An operation of this kind, and what else it needs."""
    value = chance.choice((1, 1, 2, 3))
    if kind is Kind.FENCE:
        return Operation(kind, chance.choice(palette.fences), guard=guard)
    if kind is Kind.BARRIER:
        return replace(BARRIER, guard=guard)
    if kind is Kind.LOAD:
        return Operation(kind, chance.choice(palette.loads), place, guard=guard)
    if kind is Kind.STORE:
        return Operation(kind, chance.choice(palette.stores), place, value, guard=guard)
    order = chance.choice(palette.updates)
    weaker = [each for each in palette.loads if each <= order and order is not RELEASE]
    return Operation(
        kind, order, place, value, chance.choice((0, 0, 1, 2)),
        chance.choice(weaker or [RELAXED]), guard,
    )  # fmt: skip


def draw_program(chance: random.Random, palettes: Sequence[Palette]) -> Program:
    palette = chance.choice(palettes)
    places = chance.choice((1, 2, 2, 2, PLACES))
    plain = places - 1 if places > 1 and chance.random() < 0.25 else None
    sizes: list[int] = []
    while not OPERATIONS_MIN <= sum(sizes) <= OPERATIONS_MAX:
        sizes = [chance.randint(1, 4), chance.randint(1, 4), chance.choice((0, 1, 2, 3))]
    return tuple(
        tuple(
            draw_operation(chance, palette, places, plain, is_first=index == 0)
            for index in range(size)
        )
        for size in sizes
    )


def draw_crossing(chance: random.Random, palettes: Sequence[Palette]) -> Program:
    """Threads that access two places one after the other, the second one the other way round, with
    a barrier between. Where it falls into the others makes a difference there, which in programs
    of the other kind is rare."""
    palette = chance.choice(palettes)

    def cross(first: int, *between: Operation) -> list[Operation]:
        drawn = chance.choices((Kind.LOAD, Kind.STORE, Kind.ADD), (4, 4, 1), k=2)
        one, other = (draw_orders(chance, palette, kind, first ^ i) for i, kind in enumerate(drawn))
        return [one, *between, other]

    threads = [cross(0, BARRIER), cross(1), cross(chance.randrange(2))[: chance.randrange(3)]]
    for _ in range(chance.choice((0, 1, 1, 2))):
        into = threads[chance.randrange(3)]
        extra = draw_operation(chance, palette, PLACES, None, is_first=True)
        into.insert(chance.randint(0, len(into)), extra)
    chance.shuffle(threads)
    return tuple(tuple(operations) for operations in threads)


def draw_fence(chance: random.Random, *, barriers: bool) -> Operation:
    if barriers and chance.random() < 0.5:
        return BARRIER
    return Operation(Kind.FENCE, chance.choice(ALL_FENCES))


def with_waits(chance: random.Random, program: Program, *, barriers: bool) -> Program:
    """The same, but most of what reads or compares waits for a value that it may find."""

    def waiting(operation: Operation, thread: int) -> Operation:
        others = [each for part in (*program[:thread], *program[thread + 1 :]) for each in part]
        found = {each.value for each in others if each.place == operation.place}
        is_fit = operation.kind in (Kind.LOAD, Kind.COMPARE) and operation.order is not PLAIN
        if not is_fit or not found or chance.random() < 0.2:
            return operation
        is_either = operation.kind is Kind.LOAD and chance.random() < 0.5
        or_place = (operation.place + 1) % PLACES if is_either else None
        return replace(
            operation,
            expected=chance.choice(sorted(found)),
            is_awaited=True,
            or_place=or_place,
            fence=draw_fence(chance, barriers=barriers) if chance.random() < 0.3 else None,
        )

    return tuple(
        tuple(waiting(operation, thread) for operation in operations)
        for thread, operations in enumerate(program)
    )


def has_waits(program: Program) -> bool:
    return any(operation.is_awaited for operations in program for operation in operations)


def count_barriers(program: Program) -> int:
    """Those in loops count twice."""
    operations = [operation for part in program for operation in part]
    loops = [operation.fence for operation in operations if operation.fence is not None]
    return sum(each.kind is Kind.BARRIER for each in operations + 2 * loops)


def size(program: Program) -> int:
    """A measure of the work: a barrier is several steps, and a loop's operation is repeated."""
    operations = [operation for part in program for operation in part]
    awaited = sum(operation.is_awaited for operation in operations)
    return len(operations) + awaited + count_barriers(program)
