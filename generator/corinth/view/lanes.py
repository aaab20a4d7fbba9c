"""What PREFIX_lanes.h prints: one typed queue per lane."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.lane_kinds import LaneKind
from corinth.layout import CACHE_LINE_BYTES
from corinth.model import LaneLayout, Layout, World
from corinth.names import Names
from corinth.view.constants import ConstantView
from corinth.view.rings import RingNames, RingStatementsView, ring_statements
from corinth.view.text import quote


@dataclass(frozen=True)
class RingView:
    """One ring of a lane."""

    slots: str
    """The member."""
    capacity_constant: str
    statements: RingStatementsView
    reserve: str
    peek: str
    """Functions of the lane."""
    port_claim: str
    port_reserve: str
    """Functions of the sender's port; the second is public."""
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
    has_several_producers: bool
    has_several_consumers: bool
    keeps_skipped: bool
    """Skipped slots stay in the lane until a receiver passes them."""
    constants: tuple[ConstantView, ...]
    index_constant: str
    batch_size_constant: str
    weight_constant: str
    size_constant: str
    size_bytes: int
    """Where lines are as long as assumed here."""
    cache_line_bytes: int
    burst_constant: str
    """Nothing without priority."""
    normal: RingView
    priority: RingView | None

    @property
    def has_priority(self) -> bool:
        return self.priority is not None

    @property
    def needs_receiver(self) -> bool:
        """What is received next depends on what the port has received or kept."""
        return self.has_priority or self.has_several_consumers

    @property
    def rings(self) -> tuple[RingView, ...]:
        return (self.normal,) if self.priority is None else (self.normal, self.priority)


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
    needs_port = any(lane.has_several_producers or lane.needs_receiver for lane in lanes)
    needed = {*protocols, "platform", "status"} | ({"port"} if needs_port else set())
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
    is_chosen = item.priority is not None or kind.many_consumers
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
        has_several_producers=kind.many_producers,
        has_several_consumers=kind.many_consumers,
        keeps_skipped=kind.keeps_skipped,
        constants=tuple(ConstantView("", named[what], str(numbers[what])) for what in numbers),
        index_constant=named["INDEX"],
        batch_size_constant=named["BATCH_SIZE"],
        weight_constant=named["WEIGHT"],
        size_constant=names.lane_constant(*ends, "SIZE"),
        size_bytes=item.bytes,
        cache_line_bytes=CACHE_LINE_BYTES,
        burst_constant=named.get("PRIORITY_BURST", ""),
        normal=_ring(kind, ends, "", "_normal" if is_chosen else "", names),
        priority=_ring(kind, ends, "priority", "_priority", names) if item.priority else None,
    )


def _ring(
    kind: LaneKind, ends: tuple[World, World], word: str, peek_suffix: str, names: Names
) -> RingView:
    """The ring of one class of transfers; `word` is that of the class in names."""
    before, after = (f"{word}_", f"_{word}") if word else ("", "")
    internal = names.internal(names.lane_member(*ends))
    ring = RingNames(
        ring=f"{before}ring",
        marks=f"{before}marks",
        slots=f"{before}slots",
        capacity=names.lane_constant(*ends, f"{before.upper()}CAPACITY"),
        transfer=names.lane_type(*ends, "transfer"),
    )
    return RingView(
        slots=ring.slots,
        capacity_constant=ring.capacity,
        statements=ring_statements(kind, ring),
        reserve=f"{internal}_reserve{after}",
        peek=f"{internal}_peek{peek_suffix}",
        port_claim=f"{internal}_claim{after}",
        port_reserve=names.lane_call(*ends, f"reserve{after}"),
        summary=", of those with priority" if word else "",
        is_priority=bool(word),
    )
