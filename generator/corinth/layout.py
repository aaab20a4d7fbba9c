"""Layout: every offset, size and capacity, computed as the compiler will.

The rules are C's: a member stands at the next multiple of its alignment, a struct is as aligned as
its most aligned member and padded to a multiple of that. Scalars are aligned to their size; for
those of 8 bytes generated code says so explicitly, so the numbers hold on every target. Generated
code asserts all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corinth.diagnostics import Diagnostics, Note
from corinth.field_types import Field, StructType
from corinth.model import (
    MAX_TRANSFER_BYTES,
    ComponentLayout,
    FieldLayout,
    HeaderMember,
    Lane,
    LaneLayout,
    Layout,
    Model,
    Origin,
    PlacedBlock,
    PriorityLayout,
    Setting,
    StructLayout,
    TransferLayout,
)
from corinth.placing import CACHE_LINE_BYTES, Cursor, round_up
from corinth.statistics import RECEIVER_COUNTERS, RING, SENDER_COUNTERS
from corinth.wire import encoded_max_bytes, hash_of, layout_text, wire_text

DEFAULT_CAPACITY = 4096
DEFAULT_LANE_BYTES = 1024 * 1024
"""The default capacity is halved until the lane fits into this many bytes…"""
DEFAULT_CAPACITY_MIN = 16
"""…but no further than this."""
PRIORITY_CAPACITY_DIVISOR = 8
PRIORITY_CAPACITY_MIN = 2

HEADER_BYTES = (("entity", 8), ("generation", 4), ("source", 1), ("target", 1), ("flags", 1))
"""The members of the transfer's header before the mask, each as aligned as it is large."""

LARGEST_SHOWN = 3
"""How many of the largest components or lanes a message names."""


@dataclass(frozen=True)
class RingPlaces:
    """Where the parts of a ring lie that tools look at, and how large all of it is."""

    senders: int
    """The first producer's counters."""
    receivers: int
    """The first consumer's."""
    size: int


def compute_layout(model: Model, diagnostics: Diagnostics) -> Layout | None:
    """Lay out a model; None where something is too large for a transfer, as no lane can hold it."""
    by_name: dict[str, StructLayout] = {}
    for struct in model.structs:
        by_name[struct.name] = layout_struct(struct.fields, by_name)
        if by_name[struct.name].size > MAX_TRANSFER_BYTES:
            _report_struct_size(struct, by_name[struct.name], diagnostics)
            return None
    structs = tuple(by_name[struct.name] for struct in model.structs)
    transfer = _layout_transfer(model, by_name)
    if transfer.size > MAX_TRANSFER_BYTES:
        _report_transfer_size(transfer, diagnostics)
        return None
    lanes = tuple(_layout_lane(model, lane, transfer.size, diagnostics) for lane in model.lanes)
    total_bytes = sum(lane.bytes for lane in lanes)
    if total_bytes > model.max_bytes.value:
        _report_max_bytes(model, lanes, total_bytes, diagnostics)
    return Layout(
        model=model,
        structs=structs,
        transfer=transfer,
        lanes=lanes,
        total_bytes=total_bytes,
        wire_hash=hash_of(wire_text(model)),
        layout_hash=hash_of(layout_text(model, structs, transfer, lanes)),
    )


def layout_struct(fields: Sequence[Field], structs: Mapping[str, StructLayout]) -> StructLayout:
    """Lay out members in order. `structs` holds the layouts of those that the fields use."""
    cursor = Cursor()
    members = []
    for field in fields:
        size, alignment = field.type.extent(structs)
        members.append(FieldLayout(field, cursor.place(size, alignment), size, alignment))
    size, padding = cursor.finish()
    return StructLayout(tuple(members), size, cursor.alignment, padding)


def ring_places(lane: Lane, capacity: int, transfer_size: int) -> RingPlaces:
    """A ring, the counters of its threads, marks and slots; each begins at a cache line."""
    cursor = Cursor()

    def place(size: int) -> int:
        return cursor.place(size, CACHE_LINE_BYTES)

    place(RING.size)
    senders = place(lane.producers * SENDER_COUNTERS.size)
    receivers = place(lane.consumers * RECEIVER_COUNTERS.size)
    place(lane.kind.value.mark_bytes * capacity)
    place(capacity * transfer_size)
    size, _ = cursor.finish()
    return RingPlaces(senders, receivers, size)


def _mask_storage(bits: int) -> tuple[int, int]:
    """Bytes and alignment of the mask as a member of the transfer."""
    for size in (1, 2, 4, 8):
        if bits <= 8 * size:
            return size, size
    return round_up(bits, 64) // 8, 8


def _mask_value_bits(bits: int) -> int:
    """Width of the mask as a value."""
    return 32 if bits <= 32 else round_up(bits, 64)


def _layout_transfer(model: Model, structs: Mapping[str, StructLayout]) -> TransferLayout:
    bits = model.component_id_end
    mask_size, mask_alignment = _mask_storage(bits)
    cursor = Cursor()
    header = []
    for name, size in HEADER_BYTES:
        header.append(HeaderMember(name, cursor.place(size, size), size))
    header.append(HeaderMember("mask", cursor.place(mask_size, mask_alignment), mask_size))
    header_size = cursor.end
    components, body, body_padding = _layout_body(model, structs, cursor)
    size, padding = cursor.finish()
    return TransferLayout(
        header=tuple(header),
        header_size=header_size,
        components=components,
        body=body,
        mask_bits=bits,
        mask_value_bits=_mask_value_bits(bits),
        mask_storage_bytes=mask_size,
        size=size,
        alignment=cursor.alignment,
        padding=padding + body_padding,
        encoded_max=encoded_max_bytes(model, mask_size),
    )


def _layout_body(
    model: Model, structs: Mapping[str, StructLayout], transfer: Cursor
) -> tuple[tuple[ComponentLayout, ...], PlacedBlock | None, int]:
    """Place the member that holds the components; with it the bytes that are unused inside it."""
    inner = Cursor()
    placed = []
    for component in model.components:
        if component.is_tag:
            placed.append(ComponentLayout(component, None, None))
        else:
            struct = layout_struct(component.fields, structs)
            offset = inner.place(struct.size, struct.alignment)
            placed.append(ComponentLayout(component, struct, offset))
    size, padding = inner.finish()
    if size == 0:
        return tuple(placed), None, 0
    start = transfer.place(size, inner.alignment)
    components = tuple(
        item if item.offset is None else replace(item, offset=start + item.offset)
        for item in placed
    )
    return components, PlacedBlock(start, size), padding


def _layout_lane(
    model: Model, lane: Lane, transfer_size: int, diagnostics: Diagnostics
) -> LaneLayout:
    capacity = lane.capacity or _default_capacity(lane, transfer_size)
    batch_size = lane.batch_size
    if batch_size.value > capacity.value:
        if lane.batch_is_own:
            _report_batch(model, lane, capacity, transfer_size, diagnostics)
        batch_size = Setting(capacity.value, Origin.DECIDED, capacity.span)
    priority = None
    if lane.priority is not None:
        priority_capacity = _priority_capacity(lane, capacity)
        priority_bytes = ring_places(lane, priority_capacity.value, transfer_size).size
        priority = PriorityLayout(
            capacity=priority_capacity,
            burst=lane.priority.burst,
            when_full=lane.priority.when_full,
            bytes=priority_bytes,
        )
    return LaneLayout(
        lane=lane,
        capacity=capacity,
        batch_size=batch_size,
        priority=priority,
        bytes=_lane_bytes(lane, capacity, transfer_size),
    )


def _lane_bytes(lane: Lane, capacity: Setting[int], transfer_size: int) -> int:
    total = ring_places(lane, capacity.value, transfer_size).size
    if lane.priority is not None:
        second = _priority_capacity(lane, capacity).value
        total += ring_places(lane, second, transfer_size).size
    return total


def _default_capacity(lane: Lane, transfer_size: int) -> Setting[int]:
    """4096, or the largest power of two that keeps the lane within 1 MiB, at least 16."""
    setting = Setting(DEFAULT_CAPACITY, Origin.DEFAULT, lane.span)
    while (
        setting.value > DEFAULT_CAPACITY_MIN
        and _lane_bytes(lane, setting, transfer_size) > DEFAULT_LANE_BYTES
    ):
        setting = Setting(setting.value // 2, Origin.DECIDED, lane.span)
    return setting


def _priority_capacity(lane: Lane, capacity: Setting[int]) -> Setting[int]:
    """The priority ring's capacity: as given, or an eighth of the lane's."""
    assert lane.priority is not None
    if lane.priority.capacity is not None:
        return lane.priority.capacity
    value = max(PRIORITY_CAPACITY_MIN, capacity.value // PRIORITY_CAPACITY_DIVISOR)
    return Setting(value, Origin.DEFAULT, lane.span)


def _report_struct_size(
    struct: StructType, laid_out: StructLayout, diagnostics: Diagnostics
) -> None:
    largest = max(laid_out.fields, key=lambda item: item.size)
    diagnostics.error(
        "struct-size",
        f"struct `{struct.name}` would be {laid_out.size:,} bytes, which no transfer can hold;"
        f" the limit is {MAX_TRANSFER_BYTES:,}",
        largest.field.span,
        f"the largest field, {largest.size:,} bytes",
    )


def _report_transfer_size(transfer: TransferLayout, diagnostics: Diagnostics) -> None:
    sized = [(c.component, c.struct.size) for c in transfer.components if c.struct is not None]
    sized.sort(key=lambda item: (-item[1], item[0].id))
    largest = sized[0][0]
    shown = ", ".join(f"`{c.name}` has {size:,}" for c, size in sized[:LARGEST_SHOWN])
    diagnostics.error(
        "transfer-size",
        f"a transfer would be {transfer.size:,} bytes,"
        f" the limit is {MAX_TRANSFER_BYTES:,}; {shown}",
        largest.span,
        "the largest component: shrink it, or send it in parts",
    )


def _report_batch(
    model: Model,
    lane: Lane,
    capacity: Setting[int],
    transfer_size: int,
    diagnostics: Diagnostics,
) -> None:
    source, target = (_world_name(model, end) for end in (lane.source, lane.target))
    given = capacity.origin is Origin.GIVEN
    notes = (Note("the capacity is given here", capacity.span),) if given else ()
    why = {
        Origin.DEFAULT: ", the default",
        Origin.DECIDED: f", decided from transfers of {transfer_size:,} bytes",
    }.get(capacity.origin, "")
    diagnostics.error(
        "lane-batch",
        f"batch_size of the lane from `{source}` to `{target}` exceeds its capacity of"
        f" {capacity.value}{why}",
        lane.batch_size.span,
        f"at most {capacity.value}",
        notes,
        str(capacity.value),
    )


def _report_max_bytes(
    model: Model, lanes: tuple[LaneLayout, ...], total_bytes: int, diagnostics: Diagnostics
) -> None:
    largest = sorted(lanes, key=lambda lane: (-lane.bytes, lane.lane.source, lane.lane.target))
    shown = ", ".join(
        f"`{_world_name(model, item.lane.source)}` to `{_world_name(model, item.lane.target)}`"
        f" takes {item.bytes:,}"
        for item in largest[:LARGEST_SHOWN]
    )
    limit = model.max_bytes
    given = limit.origin is Origin.GIVEN
    diagnostics.error(
        "max-bytes",
        f"the lanes would take {total_bytes:,} bytes, the limit is {limit.value:,}; {shown}",
        limit.span if given else largest[0].capacity.span,
        "raise it, or lower capacities" if given else "lower capacities, or raise `max_bytes`",
    )


def _world_name(model: Model, world_id: int) -> str:
    return next(world.name for world in model.worlds if world.id == world_id)
