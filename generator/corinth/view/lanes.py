"""What PREFIX_lanes.h prints: one typed queue per lane."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.layout import CACHE_LINE_BYTES
from corinth.model import LaneLayout, Layout
from corinth.names import Names
from corinth.view.constants import ConstantView
from corinth.view.text import quote


@dataclass(frozen=True)
class RingView:
    """One ring of a lane, by its members."""

    ring: str
    marks: str
    slots: str
    capacity: str
    """The constant."""
    reserve: str
    claim: str
    peek: str
    """How the functions that work on this ring end."""
    summary: str
    is_priority: bool


@dataclass(frozen=True)
class LaneView:
    member: str
    """`accept_to_io`, also the lane's name in messages."""
    c_type: str
    transfer: str
    claim: str
    batch: str
    internal: str
    """`server_internal_accept_to_io`."""
    init: str
    source: str
    target: str
    kind: str
    """SPSC, MPSC, SPMC or MPMC."""
    kind_words: str
    several_consumers: bool
    skips: bool
    """Slots that are aborted stay in the lane until a receiver passes them."""
    protocol: str
    """The template that knows the ring."""
    constants: tuple[ConstantView, ...]
    index: str
    batch_size: str
    weight: str
    size: str
    """The constant, and its value where lines are as long as assumed here."""
    bytes: int
    cache_line: int
    burst: str
    """The constant; nothing without priority."""
    rings: tuple[RingView, ...]
    """The normal one, then the priority one if there is one."""


@dataclass(frozen=True)
class LanesView:
    lanes: tuple[LaneView, ...]
    headers: tuple[str, ...]
    """Those of the runtime that are needed."""
    names: tuple[str, ...]
    """String literals, by index."""


def lanes_view(layout: Layout, names: Names) -> LanesView:
    """Everything that PREFIX_lanes.h says."""
    lanes = tuple(lane_view(lane, index, layout, names) for index, lane in enumerate(layout.lanes))
    protocols = {item.lane.kind.value.ring for item in layout.lanes}
    has_priority = any(lane.burst for lane in lanes)
    needed = {*protocols, "platform", "status"} | ({"port"} if has_priority else set())
    headers = tuple(sorted(needed))
    return LanesView(lanes, headers, tuple(quote(lane.member) for lane in lanes))


def lane_view(item: LaneLayout, index: int, layout: Layout, names: Names) -> LaneView:
    """One lane's names and numbers."""
    worlds = {world.id: world for world in layout.model.worlds}
    ends = worlds[item.lane.source], worlds[item.lane.target]
    numbers = {
        "INDEX": index,
        "CAPACITY": item.capacity.value,
        "BATCH_SIZE": item.batch_size.value,
        "WEIGHT": item.lane.weight.value,
    }
    if item.priority is not None:
        numbers["PRIORITY_CAPACITY"] = item.priority.capacity.value
        numbers["PRIORITY_BURST"] = item.priority.burst.value
    named = {what: names.lane_constant(*ends, what) for what in numbers}
    member = names.lane_member(*ends)
    kind = item.lane.kind.value
    peek = "peek_normal" if item.priority else "peek"
    rings = [
        RingView("ring", "marks", "slots", named["CAPACITY"], "reserve", "claim", peek, "", False)
    ]
    if item.priority is not None:
        rings.append(
            RingView(
                "priority_ring",
                "priority_marks",
                "priority_slots",
                named["PRIORITY_CAPACITY"],
                "reserve_priority",
                "claim_priority",
                "peek_priority",
                ", of those with priority",
                True,
            )
        )
    return LaneView(
        member=member,
        c_type=names.lane_type(*ends),
        transfer=names.lane_type(*ends, "transfer"),
        claim=names.lane_type(*ends, "claim"),
        batch=names.lane_type(*ends, "batch"),
        internal=f"{names.prefix}_internal_{member}",
        init=names.lane_call(*ends, "init"),
        source=names.world_member(ends[0]),
        target=names.world_member(ends[1]),
        kind=kind.name.upper(),
        kind_words=kind.promise,
        several_consumers=kind.many_consumers,
        skips=kind.keeps_skipped,
        protocol=f"lanes/{kind.ring}.j2",
        constants=tuple(ConstantView("", named[what], str(numbers[what])) for what in numbers),
        index=named["INDEX"],
        batch_size=named["BATCH_SIZE"],
        weight=named["WEIGHT"],
        size=names.lane_constant(*ends, "SIZE"),
        bytes=item.bytes,
        cache_line=CACHE_LINE_BYTES,
        burst=named.get("PRIORITY_BURST", ""),
        rings=tuple(rings),
    )
