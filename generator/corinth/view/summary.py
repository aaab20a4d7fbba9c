"""NAME.json: the resolved model for tools. Numbers that JSON readers may round are hex strings."""

from __future__ import annotations

import json
from typing import TypeAlias

from corinth.field_types import EnumType, wire_bytes
from corinth.marks import TOOL
from corinth.model import (
    FieldLayout,
    LaneLayout,
    Layout,
    StructLayout,
    TransferLayout,
    World,
)

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

FORMAT = 1
"""Of this file; raised when a key changes its meaning or goes away."""


def summary_text(layout: Layout) -> str:
    """The text of NAME.json."""
    return json.dumps(_summary(layout), indent=2, ensure_ascii=False) + "\n"


def _summary(layout: Layout) -> dict[str, Json]:
    model = layout.model
    worlds = {world.id: world.name for world in model.worlds}
    return {
        "format": FORMAT,
        "generated_by": TOOL,
        "name": model.name,
        "schema": model.source_name,
        "doc": model.doc,
        "wire_hash": f"0x{layout.wire_hash:016x}",
        "layout_hash": f"0x{layout.layout_hash:016x}",
        "enums": [_enum(enum) for enum in model.enums],
        "structs": [
            {"name": struct.name, "doc": struct.doc, **_struct(laid_out)}
            for struct, laid_out in zip(model.structs, layout.structs, strict=True)
        ],
        "components": _components(layout),
        "transfer": _transfer(layout.transfer),
        "worlds": [_world(world, worlds) for world in model.worlds],
        "lanes": [_lane(lane, worlds) for lane in layout.lanes],
        "total_bytes": layout.total_bytes,
    }


def _enum(enum: EnumType) -> Json:
    return {
        "name": enum.name,
        "doc": enum.doc,
        "type": enum.base.text,
        "values": {value.name: value.value for value in enum.values},
    }


def _struct(laid_out: StructLayout) -> dict[str, Json]:
    return {
        "size": laid_out.size,
        "alignment": laid_out.alignment,
        "padding": laid_out.padding,
        "fields": [_field(item) for item in laid_out.fields],
    }


def _field(item: FieldLayout) -> Json:
    return {
        "name": item.field.name,
        "doc": item.field.doc,
        **item.field.type.json(),
        "offset": item.offset,
        "size": item.size,
    }


def _components(layout: Layout) -> list[Json]:
    components: list[Json] = []
    for item in layout.transfer.components:
        entry: dict[str, Json] = {
            "name": item.component.name,
            "doc": item.component.doc,
            "bit": item.component.id,
            "offset": item.offset,
            "encoded_size": wire_bytes(item.component.fields),
        }
        if item.struct is not None:
            entry |= _struct(item.struct)
        components.append(entry)
    return components


def _transfer(transfer: TransferLayout) -> Json:
    return {
        "size": transfer.size,
        "alignment": transfer.alignment,
        "padding": transfer.padding,
        "header_size": transfer.header_size,
        "header": [
            {"name": member.name, "offset": member.offset, "size": member.size}
            for member in transfer.header
        ],
        "encoded_max": transfer.encoded_max,
    }


def _world(world: World, worlds: dict[int, str]) -> Json:
    return {
        "id": world.id,
        "name": world.name,
        "doc": world.doc,
        "role": world.role.value.value,
        "threads": world.threads.value,
        "default_target": None if world.default_target is None else worlds[world.default_target],
        "component_routes": [
            {"component": route.component.name, "target": worlds[route.target]}
            for route in world.component_routes
        ],
    }


def _lane(laid_out: LaneLayout, worlds: dict[int, str]) -> Json:
    lane = laid_out.lane
    entry: dict[str, Json] = {
        "from": worlds[lane.source],
        "to": worlds[lane.target],
        "kind": lane.kind.value.name,
        "capacity": laid_out.capacity.value,
        "batch_size": laid_out.batch_size.value,
        "weight": lane.weight.value,
        "bytes": laid_out.bytes,
    }
    if laid_out.priority is not None:
        entry["priority_capacity"] = laid_out.priority.capacity.value
        entry["priority_burst"] = laid_out.priority.burst.value
    return entry
