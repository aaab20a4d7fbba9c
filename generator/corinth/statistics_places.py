"""Where a schema's records of counters lie: in a snapshot, and in what its threads share."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from corinth.layout import RingPlaces, ring_places
from corinth.model import LaneLayout, Layout
from corinth.names import Names
from corinth.placing import CACHE_LINE_BYTES, Cursor
from corinth.statistics import (
    LANE_RECORD,
    LANE_STATS,
    RECEIVER_COUNTERS,
    RING,
    RUN_STATE,
    SENDER_COUNTERS,
    TICK_COUNTERS,
    WORLD_STATS,
    Record,
)

SHARED_LINES = 2
"""Those of a corinth_shared: the run state, and what says which schema it is."""


class Each(enum.Enum):
    """What each record of a place is about; they go by its number."""

    COORDINATOR = "coordinator"
    LANE = "lane"
    WORLD = "world"
    """By its id."""
    THREAD = "thread"
    PRODUCER = "producer"
    CONSUMER = "consumer"
    """By the index of their ports."""


@dataclass(frozen=True)
class Place:
    """Records of one type, one after another."""

    record: Record
    member: str
    """As offsetof takes it."""
    each: Each
    offset: int
    count: int
    lane: int | None = None
    """The lane that all of them are about, by its index."""
    world: int | None = None
    """Likewise the world, by its id."""


@dataclass(frozen=True)
class Region:
    """A generated struct, and where its records lie in it."""

    c_type: str
    size: int
    places: tuple[Place, ...]


def snapshot_region(layout: Layout, names: Names) -> Region:
    """What PREFIX_coordinator_stats returns."""
    cursor = Cursor()

    def place(record: Record, member: str, each: Each, count: int) -> Place:
        offset = cursor.place(count * record.size, record.alignment)
        return Place(record, member, each, offset, count)

    places = (
        place(LANE_STATS, "lanes", Each.LANE, len(layout.lanes)),
        place(WORLD_STATS, "worlds", Each.WORLD, layout.model.world_id_end),
    )
    size, _ = cursor.finish()
    return Region(names.fixed("coordinator_snapshot"), size, places)


def shared_region(layout: Layout, names: Names) -> Region:
    """The coordinator's shared part, with lines of CACHE_LINE_BYTES."""
    model = layout.model
    cursor = Cursor()
    base = cursor.place(SHARED_LINES * CACHE_LINE_BYTES, CACHE_LINE_BYTES)
    places = [Place(RUN_STATE, "base.state", Each.COORDINATOR, base, 1)]
    threads = sum(world.threads.value for world in model.worlds)
    rooms = sum(item.lane.has_room_bell for item in layout.lanes)
    closable = sum(item.lane.closable.value for item in layout.lanes)
    # The doorbells of worlds and rooms, the parkers and the ends have a line each.
    lines = len(model.worlds) + rooms + threads + closable
    cursor.place(lines * CACHE_LINE_BYTES, CACHE_LINE_BYTES)
    first = 0
    for world in model.worlds:
        count = world.threads.value
        offset = cursor.place(count * TICK_COUNTERS.size, TICK_COUNTERS.alignment)
        member = f"ticks[{first}]"
        places.append(Place(TICK_COUNTERS, member, Each.THREAD, offset, count, world=world.id))
        first += count
    count = len(layout.lanes)
    offset = cursor.place(count * LANE_RECORD.size, LANE_RECORD.alignment)
    places.append(Place(LANE_RECORD, "records", Each.LANE, offset, count))
    worlds = {world.id: world for world in model.worlds}
    for index, lane in enumerate(layout.lanes):
        offset = cursor.place(lane.bytes, CACHE_LINE_BYTES)
        member = names.lane_member(worlds[lane.lane.source], worlds[lane.lane.target])
        places += _lane_places(lane, index, member, offset, layout.transfer.size)
    size, _ = cursor.finish()
    return Region(names.fixed("coordinator_shared"), size, tuple(places))


def _lane_places(
    laid_out: LaneLayout, index: int, member: str, start: int, transfer_size: int
) -> Iterator[Place]:
    """The counters of a lane that begins at `start`; its ring for priority comes first."""
    lane = laid_out.lane
    for before, ring in _rings(laid_out, transfer_size):
        if lane.kind.value.counts_itself:
            yield Place(RING, f"{member}.{before}ring", Each.PRODUCER, start, 1, lane=index)
        for record, part, each, offset, count in (
            (SENDER_COUNTERS, "senders", Each.PRODUCER, ring.senders, lane.producers),
            (RECEIVER_COUNTERS, "receivers", Each.CONSUMER, ring.receivers, lane.consumers),
        ):
            yield Place(record, f"{member}.{before}{part}", each, start + offset, count, lane=index)
        start += ring.size


def _rings(laid_out: LaneLayout, transfer_size: int) -> Iterator[tuple[str, RingPlaces]]:
    lane = laid_out.lane
    if laid_out.priority is not None:
        yield "priority_", ring_places(lane, laid_out.priority.capacity.value, transfer_size)
    yield "", ring_places(lane, laid_out.capacity.value, transfer_size)
