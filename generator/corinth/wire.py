"""The wire format: how long a frame can get, and the two hashes that guard against mix-ups.

A frame is one encoded transfer. It has no padding; every integer is little-endian, whatever the
machine. `encode` writes it into a buffer that it zeroed, `decode` checks every line of this table:

    offset  size  what
    0       4     magic, u32 0x314E5243: the bytes `CRN1`
    4       1     version of this format, u8: 1
    5       8     wire hash of the schema, u64
    13      4     length of the whole frame in bytes, magic included, u32
    17      8     entity, u64
    25      4     generation, u32
    29      1     source world, u8
    30      1     target world, u8
    31      1     flags, u8
    32      M     mask; M is the mask's storage in the transfer: 1, 2, 4, 8, or 8 for each word
    32+M    …     the components whose bit is set, in id order

The mask is one integer of M bytes; where it is several words, the lowest word comes first. So bit i
is bit i % 8 of byte 32 + i / 8. Bits that are no component's id are zero.

A component is its fields in schema order; a tag has only its bit. A field is:

    i8 … i64, u8 … u64   1, 2, 4 or 8 bytes, signed ones in two's complement
    f32, f64             the IEEE 754 bits as u32 or u64
    bool                 one byte, 0 or 1
    char                 one byte
    entity               as u64
    an enum              as its base type; the value must be one that the schema lists
    a struct             its fields in order
    an array             its elements in order, all of them

So all lengths follow from the mask, and a frame whose length differs from what its mask implies is
refused. `encoded_max` is the length with every bit set.
"""

from __future__ import annotations

import hashlib

from corinth.field_types import field_text, types_within, wire_bytes
from corinth.model import (
    LaneLayout,
    Model,
    StructLayout,
    TransferLayout,
    Wait,
    WhenFull,
    World,
)

MAGIC = 0x314E5243
VERSION = 1
MASK_OFFSET = 32


def encoded_max_bytes(model: Model, mask_storage_bytes: int) -> int:
    """The length of the longest frame: every component present."""
    payload = sum(wire_bytes(component.fields) for component in model.components)
    return MASK_OFFSET + mask_storage_bytes + payload


def wire_text(model: Model) -> str:
    """What two programs must agree on to exchange frames, one fact a line.

    Types that no component uses are left out and the others stand in order of their texts, so
    that moving a definition, adding an unused one or editing a `doc` changes nothing. Names of
    worlds are left out as well: a frame holds their ids.
    """
    used = types_within(field for component in model.components for field in component.fields)
    lines = [f"corinth wire {VERSION}"]
    for kind in sorted(used, key=lambda kind: kind.wire_text):
        lines += kind.wire_definition
    for component in model.components:
        lines.append(f"component {component.id} {component.name}")
        lines += [field_text(field) for field in component.fields]
    lines += [f"world {world.id}" for world in model.worlds]
    return "\n".join(lines) + "\n"


def layout_text(
    model: Model,
    structs: tuple[StructLayout, ...],
    transfer: TransferLayout,
    lanes: tuple[LaneLayout, ...],
) -> str:
    """What two programs must agree on to share memory: offsets and lanes, one fact a line."""
    lines = ["corinth layout 1"]
    for struct, laid_out in zip(model.structs, structs, strict=True):
        lines += _struct_layout_text(f"struct {struct.name}", laid_out)
    lines.append(f"transfer size {transfer.size} alignment {transfer.alignment}")
    lines += [f"header {m.name} {m.offset} {m.size}" for m in transfer.header]
    for item in transfer.components:
        title = f"component {item.component.id} {item.component.name}"
        if item.struct is None:
            lines.append(f"{title} tag")
        else:
            lines += _struct_layout_text(f"{title} at {item.offset}", item.struct)
    lines += [_world_text(world) for world in model.worlds]
    lines += [_lane_text(lane) for lane in lanes]
    return "\n".join(lines) + "\n"


def hash_of(text: str) -> int:
    """The first 8 bytes of SHA-256 over a canonical text, most significant byte first."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")


def _struct_layout_text(title: str, struct: StructLayout) -> list[str]:
    lines = [f"{title} size {struct.size} alignment {struct.alignment}"]
    for item in struct.fields:
        lines.append(f"{field_text(item.field)} at {item.offset} size {item.size}")
    return lines


def _world_text(world: World) -> str:
    text = f"world {world.id} {world.name} threads {world.threads.value}"
    wait = world.wait.value
    return text if wait is Wait.PARK else f"{text} wait {wait.value}"


def _lane_text(laid_out: LaneLayout) -> str:
    lane = laid_out.lane
    text = (
        f"lane {lane.source} {lane.target} {lane.kind.value.name}"
        f" capacity {laid_out.capacity.value} batch {laid_out.batch_size.value}"
        f" weight {lane.weight.value}"
    )
    if laid_out.priority is not None:
        priority = laid_out.priority
        text += f" priority {priority.capacity.value} burst {priority.burst.value}"
    if any(policy.value is not WhenFull.FAIL for policy in lane.policies):
        text += " full " + " ".join(policy.value.value for policy in lane.policies)
    return f"{text} closable" if lane.closable.value else text
