"""Full lanes: what a send does that finds no room, and what becomes of transfers that are dropped.

Each of these settings comes from the lane's own entry, else from the source world's
`transfer_queue`. What an entry says without effect on its lane is an error; a world's default may
be of no use to some of the lanes that leave it, as long as it is of use to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from corinth.cycles import waiting_cycles
from corinth.diagnostics import Diagnostics, Note, Span
from corinth.document import Mapping, Node, Scalar
from corinth.model import MAX_ROOMS, Lane, Origin, Setting, Undelivered, WhenFull, World
from corinth.resolve.context import Context, choice, flag, integer

MAX_CYCLES = 16
"""Cycles that are told in one run: there may be more of them than can be counted."""

NEEDS_WAIT = "say `when_full: wait` as well, or leave it out"
NEEDS_DROP = "only `drop_newest`, `drop_oldest` and `closable: true` drop; leave it out"
WAYS_OUT = "let one of these lanes `fail`, `drop_newest` or `drop_oldest`"
NEEDS_PRIORITY = "say `priority: true` as well, or one policy alone"


@dataclass(frozen=True)
class Policies:
    """What a send does that finds no room, by class."""

    normal: Setting[WhenFull]
    priority: Setting[WhenFull]
    by_class: Span | None
    """The place of a mapping that says it for each class."""


@dataclass(frozen=True)
class Said:
    """What an entry of `lanes` or a `transfer_queue` says; None where it says nothing."""

    when_full: Policies | None = None
    deadline_ms: Setting[int] | None = None
    undelivered: Setting[Undelivered] | None = None
    closable: Setting[bool] | None = None
    pressure: Setting[bool] | None = None
    is_whole: bool = True
    """Nothing of the entry was refused, so that it can be judged what contradicts what."""


NOTHING_SAID = Said()


@dataclass(frozen=True)
class FullLane:
    """The settings of one lane, as the model has them."""

    normal: Setting[WhenFull]
    priority: Setting[WhenFull] | None
    """None without priority."""
    deadline_ms: Setting[int] | None
    undelivered: Setting[Undelivered] | None
    closable: Setting[bool]
    pressure: Setting[bool]

    @property
    def policies(self) -> tuple[Setting[WhenFull], ...]:
        return (self.normal,) if self.priority is None else (self.normal, self.priority)

    def first(self, *wanted: WhenFull) -> Setting[WhenFull] | None:
        """The first policy that is one of those."""
        return next((policy for policy in self.policies if policy.value in wanted), None)


def read_said(mapping: Mapping) -> Said:
    """What a mapping says of a full lane."""
    deadline = integer(mapping, "deadline_ms")
    undelivered = choice(mapping, "undelivered", Undelivered.HANDLER, mapping.span)
    return Said(
        when_full=_policies(mapping),
        deadline_ms=None if deadline is None else Setting(deadline[0], Origin.GIVEN, deadline[1]),
        undelivered=undelivered if undelivered.origin is Origin.GIVEN else None,
        closable=_flag(mapping, "closable"),
        pressure=_flag(mapping, "pressure"),
        is_whole=not _has_refused(mapping),
    )


def _policies(mapping: Mapping) -> Policies | None:
    by_class = mapping.mapping("when_full")
    if by_class is not None:
        normal, priority = (
            choice(by_class, key, WhenFull.FAIL, by_class.span) for key in ("normal", "priority")
        )
        return Policies(normal, priority, by_class.span)
    if "when_full" not in mapping:
        return None
    # One that was refused isn't that of the world: what it was meant to be isn't known.
    both = choice(mapping, "when_full", WhenFull.FAIL, mapping.span)
    return Policies(both, both, None)


def _flag(mapping: Mapping, key: str) -> Setting[bool] | None:
    given = flag(mapping, key, mapping.span)
    return given if given.origin is Origin.GIVEN else None


def _has_refused(mapping: Mapping) -> bool:
    """Whether `validate` refused something of it: null stands in its place."""

    def is_refused(node: Node) -> bool:
        if isinstance(node, Mapping):
            return _has_refused(node)
        return isinstance(node, Scalar) and node.value is None

    return any(is_refused(entry.value) for entry in mapping)


def resolve_full_lane(
    own: Said, queue: Said, span: Span, context: Context, *, has_priority: bool
) -> FullLane:
    """The settings of a lane, without those that have no effect on it."""
    check_classes(own, context, has_priority=has_priority)
    fail = Setting(WhenFull.FAIL, Origin.DEFAULT, span)
    never = Setting(False, Origin.DEFAULT, span)
    said = own.when_full or queue.when_full or Policies(fail, fail, None)
    lane = FullLane(
        normal=said.normal,
        priority=said.priority if has_priority else None,
        deadline_ms=own.deadline_ms or queue.deadline_ms,
        undelivered=own.undelivered or queue.undelivered,
        closable=own.closable or queue.closable or never,
        pressure=own.pressure or queue.pressure or never,
    )
    is_judged = own.is_whole and queue.is_whole
    if lane.first(WhenFull.WAIT) is None:
        if own.deadline_ms is not None and is_judged:
            _report_deadline(lane, own.deadline_ms, context)
        lane = replace(lane, deadline_ms=None)
    dropping = lane.first(WhenFull.DROP_NEWEST, WhenFull.DROP_OLDEST)
    if dropping is None and not lane.closable.value:
        if own.undelivered is not None and is_judged:
            message = "undelivered has no effect on a lane that drops nothing"
            span = own.undelivered.span
            context.diagnostics.error("lane-undelivered-unused", message, span, NEEDS_DROP)
        lane = replace(lane, undelivered=None)
    elif lane.undelivered is None and is_judged:
        _report_undelivered(lane, dropping, context)
    return lane


def check_classes(own: Said, context: Context, *, has_priority: bool) -> None:
    """Refuse a policy for each class where there is only one class."""
    if not has_priority and own.when_full is not None and own.when_full.by_class is not None:
        message = "a policy for each class has no effect on a lane without priority"
        span = own.when_full.by_class
        context.diagnostics.error("priority-option", message, span, NEEDS_PRIORITY)


def _report_deadline(lane: FullLane, deadline: Setting[int], context: Context) -> None:
    notes = tuple(
        Note(f"`{policy.value.value}` is said here", policy.span)
        for policy in dict.fromkeys(lane.policies)
        if policy.origin is Origin.GIVEN
    )
    context.diagnostics.error(
        "lane-deadline-unused",
        "deadline_ms has no effect on a lane where no send waits",
        deadline.span,
        NEEDS_WAIT,
        notes,
    )


def _report_undelivered(
    lane: FullLane, dropping: Setting[WhenFull] | None, context: Context
) -> None:
    if dropping is None:
        message = "what is in a lane that closes is dropped, and nothing says who gets it"
        span = lane.closable.span
    else:
        message = f"`{dropping.value.value}` drops transfers, and nothing says who gets them"
        span = dropping.span
    hint = "add `undelivered: handler`, or `undelivered: discard` if these are copies"
    context.diagnostics.error("lane-undelivered", message, span, hint)


def check_queue(
    world: World, mapping: Mapping, lanes: Sequence[Lane], diagnostics: Diagnostics
) -> None:
    """Report defaults that are of use to none of the lanes that leave a world."""
    queue = read_said(mapping)
    if not queue.is_whole:
        return
    where = f"has no effect, as no lane that leaves `{world.name}`"
    by_class = None if queue.when_full is None else queue.when_full.by_class
    if by_class is not None and not any(lane.has_priority.value for lane in lanes):
        message = f"a policy for each class {where} has priority"
        diagnostics.error("priority-option", message, by_class, NEEDS_PRIORITY)
    if queue.deadline_ms is not None and not any(lane.can_wait for lane in lanes):
        message = f"deadline_ms {where} waits for room"
        diagnostics.error("lane-deadline-unused", message, queue.deadline_ms.span, NEEDS_WAIT)
    if queue.undelivered is not None and not any(lane.can_drop for lane in lanes):
        message = f"undelivered {where} drops anything"
        diagnostics.error("lane-undelivered-unused", message, queue.undelivered.span, NEEDS_DROP)


def check_cycles(lanes: Sequence[Lane], worlds: Sequence[World], diagnostics: Diagnostics) -> None:
    """Report cycles of lanes that all make senders wait, the shortest first."""
    names = {world.id: world.name for world in worlds}
    places: dict[tuple[int, ...], Span] = {
        (lane.source, lane.target): policy.span
        for lane in lanes
        for policy in reversed(lane.policies)
        if policy.value is WhenFull.WAIT
    }
    found = list(islice(waiting_cycles(lanes), MAX_CYCLES + 1))
    told = found[:MAX_CYCLES]
    # Messages stand in the order of their places: the last of them says that there is more.
    last = max(reversed(told), key=lambda cycle: places[cycle[:2]], default=None)
    for cycle in told:
        is_all = cycle is not last or len(found) == len(told)
        pairs = list(zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        drawn = " -> ".join(names[own] for own in (*cycle, cycle[0]))
        diagnostics.error(
            "lane-wait-cycle",
            f"worlds can all wait for each other: {drawn}",
            places[cycle[:2]],
            WAYS_OUT if is_all else f"{WAYS_OUT}; there are more such cycles",
            tuple(
                Note(f"the lane from `{names[a]}` to `{names[b]}` waits too", places[a, b])
                for a, b in pairs[1:]
            ),
        )


def check_rooms(lanes: Sequence[Lane], worlds: Sequence[World], diagnostics: Diagnostics) -> None:
    """Report a world that waits for room in more rings than a wait has bits for."""
    for world in worlds:
        waiting = [
            policy
            for lane in lanes
            if lane.source == world.id
            for policy in lane.policies
            if policy.value is WhenFull.WAIT
        ]
        if len(waiting) > MAX_ROOMS:
            message = (
                f"world `{world.name}` waits for room in {len(waiting)} rings,"
                f" the limit is {MAX_ROOMS}"
            )
            span = waiting[MAX_ROOMS].span
            diagnostics.error("world-rooms", message, span, "let some of its lanes `fail`")
