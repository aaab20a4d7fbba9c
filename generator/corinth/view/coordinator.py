"""What PREFIX_coordinator.h prints: what threads share, where it lies, and its life."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from corinth.model import Layout
from corinth.names import Names
from corinth.statistics_places import Each, snapshot_region
from corinth.view.lanes import LaneView
from corinth.view.worlds import EndRingView, EndView, WorldView, world_views

COUNT_CONSTANTS = {Each.LANE: "LANE_COUNT", Each.WORLD: "WORLD_COUNT"}
"""How many of each a snapshot is about."""


@dataclass(frozen=True)
class FullLane:
    """What the form says of a lane that is full or closed."""

    room: int
    """Its number among the lanes whose senders sleep until there is room, from 1 on; or 0."""
    closable: int
    """Likewise among those that can be closed."""
    has_handler: bool
    """What it drops goes to the program's handler."""

    def columns(self, interest: int) -> str:
        """Those of one of its rings, in C; a wait for room in it names it by the bit `interest`."""
        return f"{self.room}, {interest}, {self.closable}, {str(self.has_handler).lower()}"


@dataclass(frozen=True)
class SharedRingView:
    """What a ring has in the shared part of its lane."""

    member: str
    senders: str
    receivers: str
    marks: str
    slots: str
    """Members of the lane."""
    ring_offset: str
    marks_offset: str
    """0 where there are none."""
    slots_offset: str
    senders_offset: str
    receivers_offset: str
    """Where they lie in what threads share, as expressions."""
    capacity_constant: str
    full: str
    """The columns of `FullLane`."""
    places: str
    """Those of its two worlds, and which of their senders and receivers it is."""


@dataclass(frozen=True)
class SharedLaneView:
    """A lane between its two worlds."""

    lane: LaneView
    producers: str
    consumers: str
    """How many threads use it."""
    rings: tuple[SharedRingView, ...]
    """That of transfers with priority first, as a drain hands them over first."""
    full: FullLane


@dataclass(frozen=True)
class CoordinatedWorldView:
    """A world as the coordinator has it."""

    world: WorldView
    first: int
    """Its first thread among those of all worlds."""
    senders: str
    receivers: str
    """Expressions for their offsets in its ports; 0 where there are none."""


@dataclass(frozen=True)
class SnapshotMemberView:
    """What a snapshot holds of each lane, or of each world."""

    record: str
    """Its type."""
    member: str
    count_constant: str


@dataclass(frozen=True)
class CoordinatorView:
    worlds: tuple[CoordinatedWorldView, ...]
    lanes: tuple[SharedLaneView, ...]
    thread_count: int
    headers: tuple[str, ...]
    """Those of the runtime's rings that are needed."""
    snapshot: tuple[SnapshotMemberView, ...]

    @property
    def ring_count(self) -> int:
        return sum(len(lane.rings) for lane in self.lanes)

    @property
    def has_handler(self) -> bool:
        """A lane hands what it drops to a function of the program."""
        return any(shared.lane.has_handler for shared in self.lanes)

    @property
    def room_count(self) -> int:
        return sum(shared.full.room > 0 for shared in self.lanes)

    @property
    def closable_count(self) -> int:
        return sum(shared.full.closable > 0 for shared in self.lanes)

    @property
    def rooms_offset(self) -> str:
        """Where those rooms lie, and the next the ends of lanes that can be closed; or 0."""
        return "offsetof(local, rooms)" if self.room_count else "0"

    @property
    def ends_offset(self) -> str:
        return "offsetof(shared, ends)" if self.closable_count else "0"


def coordinator_view(layout: Layout, names: Names) -> CoordinatorView:
    """Everything that PREFIX_coordinator.h says."""
    views = world_views(layout, names)
    worlds = []
    thread_count = 0
    for world, view in zip(layout.model.worlds, views, strict=True):
        senders = f"offsetof({view.port}, senders)" if view.senders else "0"
        receivers = f"offsetof({view.port}, receivers)" if view.receivers else "0"
        worlds.append(CoordinatedWorldView(view, thread_count, senders, receivers))
        thread_count += world.threads.value
    lanes = _shared_lanes(views, names.fixed("coordinator_shared"))
    return CoordinatorView(
        worlds=tuple(worlds),
        lanes=lanes,
        thread_count=thread_count,
        headers=tuple(sorted({shared.lane.ring_header for shared in lanes})),
        snapshot=tuple(
            SnapshotMemberView(
                place.record.c_type, place.member, names.fixed(COUNT_CONSTANTS[place.each])
            )
            for place in snapshot_region(layout, names).places
        ),
    )


def _shared_lanes(worlds: tuple[WorldView, ...], shared: str) -> tuple[SharedLaneView, ...]:
    """Every lane once, by its index: as its source sees it, with its end at the target.

    `shared` is the type of what all lanes lie in.
    """
    arrivals = {end.lane.member: (world, end) for world in worlds for end in world.receivers}
    rooms = itertools.count(1)
    closable = itertools.count(1)
    lanes = []
    for source in worlds:
        for sent in source.senders:
            target, received = arrivals[sent.lane.member]
            room = next(rooms) if sent.lane.has_room_bell else 0
            number = next(closable) if sent.lane.is_closable else 0
            full = FullLane(room, number, sent.lane.has_handler)
            lanes.append(_shared_lane(source, sent, target, received, shared, full))
    return tuple(lanes)


def _shared_lane(
    source: WorldView,
    sent: EndView,
    target: WorldView,
    received: EndView,
    shared: str,
    full: FullLane,
) -> SharedLaneView:
    return SharedLaneView(
        lane=sent.lane,
        producers=source.threads_constant,
        consumers=target.threads_constant,
        rings=tuple(
            _shared_ring(
                sent.lane,
                sender,
                f"{source.index}, {target.index}, {sender.index}, {receiver.index}",
                shared,
                full,
            )
            for sender, receiver in reversed(list(zip(sent.rings, received.rings, strict=True)))
        ),
        full=full,
    )


def _shared_ring(
    lane: LaneView, sender: EndRingView, places: str, shared: str, full: FullLane
) -> SharedRingView:
    before = "priority_" if sender.is_priority else ""

    def offset(member: str) -> str:
        return f"offsetof({shared}, {lane.member}.{before}{member})"

    return SharedRingView(
        member=f"{before}ring",
        senders=f"{before}senders",
        receivers=f"{before}receivers",
        marks=f"{before}marks",
        slots=f"{before}slots",
        ring_offset=offset("ring"),
        marks_offset=offset("marks") if lane.has_marks else "0",
        slots_offset=offset("slots"),
        senders_offset=offset("senders"),
        receivers_offset=offset("receivers"),
        capacity_constant=sender.capacity_constant,
        full=full.columns(sender.interest),
        places=places,
    )
