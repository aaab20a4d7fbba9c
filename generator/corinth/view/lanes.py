"""What PREFIX_lanes.h prints: the numbers of each lane, and where an entity goes next."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.model import LaneLayout, Layout, WhenFull, World
from corinth.names import Names
from corinth.placing import CACHE_LINE_BYTES
from corinth.view.constants import ConstantView
from corinth.view.text import quote

NS_PER_MS = 1_000_000


@dataclass(frozen=True)
class LaneView:
    member: str
    """`accept_to_io`, also the lane's name in messages."""
    name_text: str
    """The same as a string literal."""
    c_type: str
    transfer: str
    claim: str
    batch: str
    internal: str
    """`server_internal_accept_to_io`."""
    source: str
    target: str
    kind: str
    """SPSC, MPSC, SPMC or MPMC."""
    kind_words: str
    ring_kind: str
    """The runtime's object for it: `corinth_spsc`."""
    ring_header: str
    """The runtime's header of it: `spsc`."""
    has_marks: bool
    has_several_consumers: bool
    keeps_skipped: bool
    """Skipped slots stay in the lane until a receiver passes them."""
    has_priority: bool
    policies: tuple[WhenFull, ...]
    """What a send does that finds it full, by class; `EndRingView` has it for templates."""
    has_room_bell: bool
    """Senders sleep until there is room, so that a release wakes them."""
    can_wait: bool
    """A send of one class at least waits until there is room."""
    deadline_constant: str
    """How long it does; nothing where none waits."""
    can_drop: bool
    """Something may be dropped: it goes to a handler or is only counted, as the next says."""
    has_handler: bool
    is_closable: bool
    has_pressure: bool
    """Senders can ask if it is nearly full."""
    constants: tuple[ConstantView, ...]
    index_constant: str
    capacity_constant: str
    priority_capacity_constant: str
    """Nothing without priority, as the next."""
    burst_constant: str
    batch_size_constant: str
    weight_constant: str
    size_constant: str
    size_bytes: int
    """Where lines are as long as assumed here."""
    cache_line_bytes: int

    @property
    def has_claim(self) -> bool:
        """Claiming is more than one call of the runtime, and has a function of its own."""
        return self.has_priority or self.can_wait or self.drops_oldest

    @property
    def drops_oldest(self) -> bool:
        """A send of one class at least takes the oldest out where it finds no room."""
        return WhenFull.DROP_OLDEST in self.policies

    @property
    def reserve_function(self) -> str:
        """The runtime's, for a claim that doesn't wait; as the next two."""
        return "corinth_lane_reserve_open" if self.is_closable else "corinth_lane_reserve"

    @property
    def peek_function(self) -> str:
        return "corinth_lane_peek_open" if self.is_closable else "corinth_lane_peek"

    @property
    def peek_by_class_function(self) -> str:
        return (
            "corinth_lane_peek_by_class_open" if self.is_closable else "corinth_lane_peek_by_class"
        )


@dataclass(frozen=True)
class RuleView:
    """A component route: its bit and the target's constant."""

    bit_constant: str
    target_constant: str


@dataclass(frozen=True)
class RoutedWorldView:
    """A world with its threads and routes."""

    constant: str
    threads_constant: str
    thread_count: int
    internal: str
    """`server_internal_io`."""
    rules: tuple[RuleView, ...]
    """The last of the schema first: it wins."""
    default_target_constant: str
    """A world's constant or NO_ROUTE."""


@dataclass(frozen=True)
class LanesView:
    lanes: tuple[LaneView, ...]
    worlds: tuple[RoutedWorldView, ...]
    has_priority: bool
    has_rules: bool
    """Some world routes by component."""

    @property
    def drops_oldest(self) -> bool:
        return any(lane.drops_oldest for lane in self.lanes)

    @property
    def drops_newest(self) -> bool:
        """A send somewhere drops what it sends, at last."""
        return any(policy.drops for lane in self.lanes for policy in lane.policies)


def lanes_view(layout: Layout, names: Names) -> LanesView:
    """Everything that PREFIX_lanes.h says."""
    lanes = lane_views(layout, names)
    worlds = tuple(_routed_world(world, layout, names) for world in layout.model.worlds)
    return LanesView(
        lanes=lanes,
        worlds=worlds,
        has_priority=any(lane.has_priority for lane in lanes),
        has_rules=any(world.rules for world in worlds),
    )


def lane_views(layout: Layout, names: Names) -> tuple[LaneView, ...]:
    """Every lane, by its index."""
    worlds = {world.id: world for world in layout.model.worlds}
    return tuple(_lane(item, index, worlds, names) for index, item in enumerate(layout.lanes))


def _lane(item: LaneLayout, index: int, worlds: dict[int, World], names: Names) -> LaneView:
    lane = item.lane
    ends = worlds[lane.source], worlds[lane.target]
    values = {
        "INDEX": str(index),
        "CAPACITY": str(item.capacity.value),
        "BATCH_SIZE": str(item.batch_size.value),
        "WEIGHT": str(lane.weight.value),
    }
    if item.priority is not None:
        values["PRIORITY_CAPACITY"] = str(item.priority.capacity.value)
        values["PRIORITY_BURST"] = str(item.priority.burst.value)
    if lane.can_wait:
        deadline = lane.deadline_ms
        values["DEADLINE_NS"] = (
            "CORINTH_FOREVER" if deadline is None else f"UINT64_C({deadline.value * NS_PER_MS})"
        )
    named = {what: names.lane_constant(*ends, what) for what in values}
    member = names.lane_member(*ends)
    kind = lane.kind.value
    return LaneView(
        member=member,
        name_text=quote(member),
        c_type=names.lane_type(*ends),
        transfer=names.lane_type(*ends, "transfer"),
        claim=names.lane_type(*ends, "claim"),
        batch=names.lane_type(*ends, "batch"),
        internal=names.internal(member),
        source=names.world_member(ends[0]),
        target=names.world_member(ends[1]),
        kind=kind.name.upper(),
        kind_words=kind.promise,
        ring_kind=f"corinth_{kind.ring}",
        ring_header=kind.ring,
        has_marks=kind.mark_bytes > 0,
        has_several_consumers=kind.many_consumers,
        keeps_skipped=kind.keeps_skipped,
        has_priority=item.priority is not None,
        policies=tuple(policy.value for policy in lane.policies),
        has_room_bell=lane.has_room_bell,
        can_wait=lane.can_wait,
        deadline_constant=named.get("DEADLINE_NS", ""),
        can_drop=lane.can_drop,
        has_handler=lane.has_handler,
        is_closable=lane.closable.value,
        has_pressure=lane.pressure.value,
        constants=tuple(ConstantView("", named[what], value) for what, value in values.items()),
        index_constant=named["INDEX"],
        capacity_constant=named["CAPACITY"],
        priority_capacity_constant=named.get("PRIORITY_CAPACITY", ""),
        burst_constant=named.get("PRIORITY_BURST", ""),
        batch_size_constant=named["BATCH_SIZE"],
        weight_constant=named["WEIGHT"],
        size_constant=names.lane_constant(*ends, "SIZE"),
        size_bytes=item.bytes,
        cache_line_bytes=CACHE_LINE_BYTES,
    )


def _routed_world(world: World, layout: Layout, names: Names) -> RoutedWorldView:
    worlds = {other.id: other for other in layout.model.worlds}
    return RoutedWorldView(
        constant=names.world_constant(world),
        threads_constant=names.world_constant(world, "THREADS"),
        thread_count=world.threads.value,
        internal=names.internal(names.world_member(world)),
        rules=tuple(
            RuleView(names.component_bit(rule.component), names.world_constant(worlds[rule.target]))
            for rule in reversed(world.component_routes)
        ),
        default_target_constant=(
            names.fixed("ROUTE_NONE")
            if world.default_target is None
            else names.world_constant(worlds[world.default_target])
        ),
    )
