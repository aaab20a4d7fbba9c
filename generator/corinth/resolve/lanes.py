"""Lanes: which pairs of worlds have one, and the settings of each.

A setting comes from the lane's own entry, else from the source world's `transfer_queue`, else from
the source world's role, else from the table of defaults. What depends on sizes is left to `layout`.

The kind follows from the threads at both ends. `kind` may name a more general one than needed, as
a lane may be made ready for more threads; one that can't serve the threads is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from corinth.diagnostics import Note, Span
from corinth.document import Mapping
from corinth.lane_kinds import LANE_KINDS, LaneKind, kind_for
from corinth.model import (
    Lane,
    Origin,
    Priority,
    Role,
    Setting,
    Topology,
    Wait,
    WhenFull,
    World,
    fitting_capacity,
)
from corinth.resolve.context import Context, flag, integer, mappings, setting, string
from corinth.resolve.full_lanes import (
    NOTHING_SAID,
    FullLane,
    Said,
    check_classes,
    check_cycles,
    check_rooms,
    read_said,
    resolve_full_lane,
)
from corinth.resolve.worlds import Worlds

DEFAULT_BATCH_SIZE = 64
ROLE_BATCH_SIZES = {Role.ACCEPT: 32, Role.IO: 128}
DEFAULT_WEIGHT = 1
DEFAULT_PRIORITY_BURST = 8


@dataclass(frozen=True)
class Queue:
    """A world's `transfer_queue`: defaults for the lanes that leave it."""

    capacity: Setting[int] | None = None
    batch_size: Setting[int] | None = None
    spsc: Span | None = None
    said: Said = NOTHING_SAID
    """Of lanes that are full."""


@dataclass(frozen=True)
class Want:
    """A lane that something requires, with its entry under `lanes` if it has one."""

    span: Span
    mapping: Mapping


def resolve_lanes(
    root: Mapping, worlds: Worlds, topology: Setting[Topology], context: Context
) -> tuple[Lane, ...]:
    """The lanes of routes, of `topology` and of `lanes`, ordered by source and target."""
    wanted = _wanted(root, worlds, topology, context)
    queues = {own: _read_queue(mapping, context) for own, mapping in worlds.queues.items()}
    by_id = {world.id: world for world in worlds.worlds}
    lanes = []
    for (source, target), want in sorted(wanted.items(), key=lambda item: item[0]):
        queue = queues.get(source, Queue())
        lanes.append(_resolve_lane(by_id[source], by_id[target], want, queue, context))
    check_cycles(lanes, worlds.worlds, context.diagnostics)
    check_rooms(lanes, worlds.worlds, context.diagnostics)
    return tuple(lanes)


def _wanted(
    root: Mapping, worlds: Worlds, topology: Setting[Topology], context: Context
) -> dict[tuple[int, int], Want]:
    """The pairs of worlds that need a lane."""
    entries: dict[tuple[int, int], Want] = {}
    for mapping in mappings(root, "lanes"):
        ends = _ends(mapping, worlds, context)
        if ends is None:
            _check_alone(mapping, context)
            continue
        source, target, span = ends
        if (source, target) in entries:
            notes = (Note("the first is here", entries[source, target].span),)
            message = "this lane has an entry already"
            hint = "merge the two entries"
            context.diagnostics.error("lane-duplicate", message, span, hint, notes)
        else:
            entries[source, target] = Want(span, mapping)
    wanted = dict(entries)
    for edge in worlds.edges:
        wanted.setdefault((edge.source, edge.target), Want(edge.span, Mapping((), edge.span)))
    if topology.value is Topology.FULL:
        ids = sorted(worlds.ids.values())
        empty = Want(topology.span, Mapping((), topology.span))
        for pair in ((a, b) for a in ids for b in ids if a != b):
            wanted.setdefault(pair, empty)
    return wanted


def _check_alone(mapping: Mapping, context: Context) -> None:
    """Check what an entry says by itself whose worlds aren't known."""
    queue = _read_queue(mapping, context)
    has_priority = flag(mapping, "priority", mapping.span).value
    check_classes(queue.said, context, has_priority=has_priority)
    fail = Setting(WhenFull.FAIL, Origin.DEFAULT, mapping.span)
    _priority(Want(mapping.span, mapping), fail if has_priority else None, context)


def _ends(mapping: Mapping, worlds: Worlds, context: Context) -> tuple[int, int, Span] | None:
    """Both ends of a `lanes` entry, and the place of `from`."""
    source, target = string(mapping, "from"), string(mapping, "to")
    for end, other in ((source, target), (target, source)):
        if end is not None and end[0] not in worlds.ids:
            message = f"a lane names the unknown world `{end[0]}`"
            known = [name for name in worlds.ids if other is None or name != other[0]]
            context.unknown("unknown-world", message, end[0], known, end[1])
    if source is None or target is None:
        return None
    if source[0] not in worlds.ids or target[0] not in worlds.ids:
        return None
    if source[0] == target[0]:
        message = f"a lane leads from `{source[0]}` to itself"
        hint = "what stays in its world needs no lane"
        context.diagnostics.error("lane-to-self", message, target[1], hint)
        return None
    return worlds.ids[source[0]], worlds.ids[target[0]], source[1]


def _read_queue(mapping: Mapping, context: Context) -> Queue:
    capacity = _power_of_two(mapping, "capacity", "lane-capacity", context)
    batch = integer(mapping, "batch_size")
    batch_size = None if batch is None else Setting(batch[0], Origin.GIVEN, batch[1])
    if capacity is not None and batch_size is not None and batch_size.value > capacity.value:
        context.diagnostics.error(
            "lane-batch",
            f"batch_size exceeds the capacity of {capacity.value} beside it",
            batch_size.span,
            f"at most {capacity.value}",
            (Note("the capacity is given here", capacity.span),),
            str(capacity.value),
        )
    return Queue(capacity, batch_size, _stated_spsc(mapping), read_said(mapping))


def _resolve_lane(source: World, target: World, want: Want, queue: Queue, context: Context) -> Lane:
    mapping = want.mapping
    batch = integer(mapping, "batch_size")
    if batch is not None:
        batch_size = Setting(batch[0], Origin.GIVEN, batch[1])
    else:
        batch_size = queue.batch_size or _role_batch_size(source, want.span)
    has_priority = flag(mapping, "priority", want.span)
    full = resolve_full_lane(
        read_said(mapping), queue.said, want.span, context, has_priority=has_priority.value
    )
    return Lane(
        source=source.id,
        target=target.id,
        kind=_kind(source, target, want, queue, full, context),
        producers=source.threads.value,
        consumers=target.threads.value,
        capacity=_power_of_two(mapping, "capacity", "lane-capacity", context) or queue.capacity,
        batch_size=batch_size,
        batch_is_own=batch is not None,
        weight=setting(mapping, "weight", DEFAULT_WEIGHT, want.span),
        when_full=full.normal,
        deadline_ms=full.deadline_ms,
        undelivered=full.undelivered,
        closable=full.closable,
        pressure=full.pressure,
        senders_park=source.wait.value is Wait.PARK,
        has_priority=has_priority,
        priority=_priority(want, full.priority, context),
        span=want.span,
    )


def _role_batch_size(source: World, span: Span) -> Setting[int]:
    size = ROLE_BATCH_SIZES.get(source.role.value)
    if size is None:
        return Setting(DEFAULT_BATCH_SIZE, Origin.DEFAULT, span)
    return Setting(size, Origin.ROLE, source.role.span)


def _stated_spsc(mapping: Mapping) -> Span | None:
    """The place of `spsc: true`."""
    node = mapping.get("spsc")
    return node.span if node is not None and mapping.boolean("spsc") else None


def _kind(
    source: World, target: World, want: Want, queue: Queue, full: FullLane, context: Context
) -> Setting[LaneKind]:
    producers, consumers = source.threads.value, target.threads.value
    taking = full.first(WhenFull.DROP_OLDEST)
    needed = kind_for(producers, consumers, senders_take=taking is not None)
    given = string(want.mapping, "kind")
    own_spsc = _stated_spsc(want.mapping)
    if given is not None and given[0] in LANE_KINDS:
        stated, span = LANE_KINDS[given[0]], given[1]
        if own_spsc is not None and stated != kind_for(1, 1):
            message = f"a lane can't be both `spsc` and of kind {stated.name}"
            notes = (Note("spsc is stated here", own_spsc),)
            context.diagnostics.error("lane-kind", message, span, "leave one out", notes)
            return Setting(needed, Origin.DECIDED, want.span)
    elif own_spsc is not None or queue.spsc is not None:
        stated, span = kind_for(1, 1), own_spsc or queue.spsc or want.span
    else:
        return Setting(needed, Origin.DECIDED, want.span)
    wrong = f"the lane from `{source.name}` to `{target.name}` can't be {stated.name}"
    hint = f"it has to be {needed.name}; leave `kind` and `spsc` out and it will be"
    if not stated.serves(producers, consumers):
        end = target if stated.serves(producers, 1) else source
        threads = end.threads.value
        verb = "send into" if end is source else "receive from"
        context.diagnostics.error(
            "lane-kind",
            f"{wrong}: {threads} threads of `{end.name}` {verb} it",
            span,
            hint,
            (Note(f"`{end.name}` has {threads} threads by this", end.threads.span),),
        )
        return Setting(needed, Origin.DECIDED, want.span)
    if taking is not None and not stated.lets_senders_take:
        message = f"{wrong}: a sender that finds it full takes the oldest out of it"
        notes = (Note("`drop_oldest` is said here", taking.span),)
        context.diagnostics.error("lane-drop-oldest-kind", message, span, hint, notes)
        return Setting(needed, Origin.DECIDED, want.span)
    return Setting(stated, Origin.GIVEN, span)


def _priority(want: Want, when_full: Setting[WhenFull] | None, context: Context) -> Priority | None:
    """The second ring, where there is a policy for what finds it full."""
    mapping = want.mapping
    if when_full is None:
        for key in ("priority_capacity", "priority_burst"):
            entry = mapping.entry(key)
            if entry is not None:
                message = f"{key} has no effect on a lane without priority"
                hint = "say `priority: true` as well, or leave it out"
                context.diagnostics.error("priority-option", message, entry.key_span, hint)
        return None
    return Priority(
        capacity=_power_of_two(mapping, "priority_capacity", "priority-capacity", context),
        burst=setting(mapping, "priority_burst", DEFAULT_PRIORITY_BURST, want.span),
        when_full=when_full,
    )


def _power_of_two(mapping: Mapping, key: str, rule: str, context: Context) -> Setting[int] | None:
    """A capacity; one that is no power of two is reported and replaced by the next."""
    given = integer(mapping, key)
    if given is None:
        return None
    value, span = given
    fitting = fitting_capacity(value)
    if value != fitting:
        message = f"{key} must be a power of two"
        hint = f"did you mean {fitting}?"
        context.diagnostics.error(rule, message, span, hint, replacement=str(fitting))
    return Setting(fitting, Origin.GIVEN, span)
