"""Statistics: what is counted, in which unit, and where in the runtime's structs: one table.

All that tells of a counter takes it from here: NAME.json, the table in docs/generated-api.md, the
snapshot in generated code, the sizes of lanes. tests/unit/test_statistics.py holds that the
compiler has the same members in the same places; docs/architecture.md says how to add one.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from corinth.field_types import Primitive
from corinth.placing import CACHE_LINE_BYTES, Cursor, round_up

ABI_VERSION = 2
"""CORINTH_ABI_VERSION of the runtime whose structs these are, and that templates are written for.
"""


class Unit(enum.Enum):
    """What a value counts or measures."""

    TRANSFERS = "transfers"
    ATTEMPTS = "attempts"
    TICKS = "ticks"
    NANOSECONDS = "ns"
    EPOCHS = "epochs"
    TRUTH = "truth"
    """0 is no, 1 is yes."""


class Kind(enum.Enum):
    """How a value moves, and so what may be made of it."""

    TOTAL = "total"
    """Only grows until a reset; the difference of two readings is a rate."""
    LEVEL = "level"
    """Rises and falls."""
    MAXIMUM = "maximum"
    """The largest since a reset."""
    BASE = "base"
    """Where a total stood at the last reset."""
    STATE = "state"
    """Says how to read the others, or what mode something is in."""


@dataclass(frozen=True)
class Counter:
    """A member of one of the runtime's structs."""

    name: str
    unit: Unit
    kind: Kind
    doc: str
    type: Primitive = Primitive.U64
    has_own_line: bool = False


@dataclass(frozen=True)
class PlacedCounter:
    counter: Counter
    offset: int
    """From the beginning of its record, in bytes."""


@dataclass(frozen=True)
class Record:
    """A struct of counters: all of its members, in their order."""

    c_type: str
    doc: str
    counters: Sequence[Counter]
    alignment: int = 8

    @cached_property
    def placed(self) -> tuple[PlacedCounter, ...]:
        """Its counters, placed as C does it."""
        cursor = Cursor()
        return tuple(
            PlacedCounter(
                each,
                cursor.place(
                    each.type.size, CACHE_LINE_BYTES if each.has_own_line else each.type.size
                ),
            )
            for each in self.counters
        )

    @property
    def size(self) -> int:
        """With its tail padding; so far the next record of an array lies."""
        last = self.placed[-1]
        return round_up(last.offset + last.counter.type.size, self.alignment)


LANE_STATS = Record(
    "corinth_lane_stats",
    "What a snapshot says of a lane; all but in_lane count since the last reset.",
    (
        Counter(
            "sent",
            Unit.TRANSFERS,
            Kind.TOTAL,
            "committed; what lay in the lane at a reset counts as sent after it",
        ),
        Counter("received", Unit.TRANSFERS, Kind.TOTAL, "released by the target world"),
        Counter("in_lane", Unit.TRANSFERS, Kind.LEVEL, "ready or being read"),
        Counter(
            "undelivered",
            Unit.TRANSFERS,
            Kind.TOTAL,
            "went to a handler instead of the target, or were discarded: the sum of the next four",
        ),
        Counter("dropped_oldest", Unit.TRANSFERS, Kind.TOTAL, "to make room in a full lane"),
        Counter("dropped_newest", Unit.TRANSFERS, Kind.TOTAL, "for want of room"),
        Counter("closed", Unit.TRANSFERS, Kind.TOTAL, "left in the lane when its target closed it"),
        Counter("drained", Unit.TRANSFERS, Kind.TOTAL, "left in the lane, taken out by a drain"),
        Counter("full", Unit.ATTEMPTS, Kind.TOTAL, "claims and sends that found no free slot"),
        Counter(
            "high_water", Unit.TRANSFERS, Kind.MAXIMUM, "the most ready ones that a receiver saw"
        ),
    ),
)

WORLD_STATS = Record(
    "corinth_world_stats",
    "What a snapshot says of a world: the ticks that its ports recorded since the last reset.",
    (
        Counter("ticks", Unit.TICKS, Kind.TOTAL, "recorded by all of its ports"),
        Counter("tick_ns_total", Unit.NANOSECONDS, Kind.TOTAL, "what they took together"),
        Counter("tick_ns_max", Unit.NANOSECONDS, Kind.MAXIMUM, "the longest"),
        Counter(
            "is_fenced",
            Unit.TRUTH,
            Kind.STATE,
            "whether what is sent to it passes a fence, for want of membarrier",
            Primitive.BOOL,
        ),
    ),
)

RUN_STATE = Record(
    "corinth_run_state",
    "What all threads of a coordinator read.",
    (
        Counter("is_running", Unit.TRUTH, Kind.STATE, "whether sends are accepted", Primitive.U32),
        Counter("epoch", Unit.EPOCHS, Kind.STATE, "how often statistics were reset, from 1"),
    ),
    CACHE_LINE_BYTES,
)

RING = Record(
    "corinth_ring",
    "What went through an SPSC ring; no reset touches it.",
    (
        Counter("written", Unit.TRANSFERS, Kind.TOTAL, "committed", has_own_line=True),
        Counter("read", Unit.TRANSFERS, Kind.TOTAL, "returned to the sender", has_own_line=True),
    ),
    CACHE_LINE_BYTES,
)

SENDER_COUNTERS = Record(
    "corinth_sender_counters",
    "What a port counts of a lane that it sends over; no reset touches it.",
    (
        Counter(
            "sent",
            Unit.TRANSFERS,
            Kind.TOTAL,
            "committed, unless its ring counts that, or dropped as the newest",
        ),
        Counter("full", Unit.ATTEMPTS, Kind.TOTAL, "claims and sends that found no free slot"),
        Counter("dropped_oldest", Unit.TRANSFERS, Kind.TOTAL, "taken out of the lane to make room"),
        Counter("dropped_newest", Unit.TRANSFERS, Kind.TOTAL, "dropped for want of room"),
    ),
    CACHE_LINE_BYTES,
)

RECEIVER_COUNTERS = Record(
    "corinth_receiver_counters",
    "What a port counts of a lane that it receives from; no reset touches it.",
    (
        Counter("received", Unit.TRANSFERS, Kind.TOTAL, "released"),
        Counter(
            "high_water", Unit.TRANSFERS, Kind.MAXIMUM, "the most that it saw ready in its epoch"
        ),
        Counter("epoch", Unit.EPOCHS, Kind.STATE, "the epoch that high_water belongs to"),
        Counter("closed", Unit.TRANSFERS, Kind.TOTAL, "taken out of the lane when it was closed"),
    ),
    CACHE_LINE_BYTES,
)

TICK_COUNTERS = Record(
    "corinth_tick_counters",
    "A port's ticks, as the program recorded them.",
    (
        Counter("ticks", Unit.TICKS, Kind.TOTAL, "recorded in its epoch"),
        Counter("total_ns", Unit.NANOSECONDS, Kind.TOTAL, "what they took together"),
        Counter("max_ns", Unit.NANOSECONDS, Kind.MAXIMUM, "the longest"),
        Counter("epoch", Unit.EPOCHS, Kind.STATE, "the epoch that the others belong to"),
    ),
    CACHE_LINE_BYTES,
)

LANE_RECORD = Record(
    "corinth_lane_record",
    "What the coordinator counts of a lane, and where the counts stood at the last reset.",
    (
        Counter("drained", Unit.TRANSFERS, Kind.TOTAL, "taken out by a drain; no reset touches it"),
        Counter("base_received", Unit.TRANSFERS, Kind.BASE, "received of all receivers"),
        Counter("base_dropped_oldest", Unit.TRANSFERS, Kind.BASE, "the same of all senders"),
        Counter("base_dropped_newest", Unit.TRANSFERS, Kind.BASE, "the same of all senders"),
        Counter("base_closed", Unit.TRANSFERS, Kind.BASE, "closed of all receivers"),
        Counter("base_drained", Unit.TRANSFERS, Kind.BASE, "drained"),
        Counter("base_full", Unit.ATTEMPTS, Kind.BASE, "full of all senders"),
    ),
)

RECORDS = (
    LANE_STATS,
    WORLD_STATS,
    RUN_STATE,
    LANE_RECORD,
    TICK_COUNTERS,
    RING,
    SENDER_COUNTERS,
    RECEIVER_COUNTERS,
)
"""Those of snapshots, then those that they are made from."""
