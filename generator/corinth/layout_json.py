"""What `corinth layout --format json` prints: what `layout_report` shows people, for tools.

Its keys are stable within a format number:

    format        1, raised when a key changes its meaning or goes
    name, source  the schema's name and file name
    wire_hash, layout_hash  16 hexadecimal digits each
    enums[]       name, type, values[]
      values[]    name, value
    structs[]     name, size, alignment, padding, fields[]
      fields[]    name, type, count (null for a single value), offset, size, alignment, padding
                  (the unused bytes before it)
    transfer      size, alignment, padding, encoded_max, cache_lines, header[], components[]
      header[]    name, offset, size, cache_lines
      components[] as structs[], and id, tag, offset (null for a tag), cache_lines
    mask          bits, value_bits, storage_bytes
    worlds[]      id, id_origin, name, role, threads, wait, default_target (a name or null),
                  component_routes[]
      component_routes[]  component, target
    lanes[]       from, to, kind, capacity, batch_size, weight, when_full, has_priority,
                  priority (null, or capacity, burst and bytes), bytes
    topology, total_bytes, max_bytes

A setting is an object of `value` and `origin` (given, role, default or decided). Routes are always
given, by the world or by the pipeline. `cache_lines` is
a first and last number, counted in lines of 64 bytes from the start of the transfer, or null.
"""

from __future__ import annotations

import enum
import json
from typing import TypeAlias, TypeVar

from corinth.field_types import EnumType
from corinth.layout_report import lines_of
from corinth.model import (
    ComponentLayout,
    LaneLayout,
    Layout,
    Setting,
    StructLayout,
    World,
)

FORMAT = 1

Choice = TypeVar("Choice", bound=enum.Enum)
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def layout_json(layout: Layout) -> str:
    """The report for tools."""
    model, transfer = layout.model, layout.transfer
    structs = zip(model.structs, layout.structs, strict=True)
    report: dict[str, Json] = {
        "format": FORMAT,
        "name": model.name,
        "source": model.source_name,
        "wire_hash": f"{layout.wire_hash:016x}",
        "layout_hash": f"{layout.layout_hash:016x}",
        "enums": [_enum_json(each) for each in model.enums],
        "structs": [{"name": struct.name, **_struct_json(sized)} for struct, sized in structs],
        "transfer": {
            "size": transfer.size,
            "alignment": transfer.alignment,
            "padding": transfer.padding,
            "encoded_max": transfer.encoded_max,
            "cache_lines": _lines_json(0, transfer.size),
            "header": [
                {
                    "name": member.name,
                    "offset": member.offset,
                    "size": member.size,
                    "cache_lines": _lines_json(member.offset, member.size),
                }
                for member in transfer.header
            ],
            "components": [_component_json(component) for component in transfer.components],
        },
        "mask": {
            "bits": transfer.mask_bits,
            "value_bits": transfer.mask_value_bits,
            "storage_bytes": transfer.mask_storage_bytes,
        },
        "worlds": [_world_json(layout, world) for world in model.worlds],
        "lanes": [_lane_json(layout, lane) for lane in layout.lanes],
        "topology": _choice_json(model.topology),
        "total_bytes": layout.total_bytes,
        "max_bytes": _setting_json(model.max_bytes),
    }
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def _lines_json(offset: int, size: int) -> Json:
    return list(lines_of(offset, size))


def _setting_json(setting: Setting[int]) -> Json:
    return {"value": setting.value, "origin": setting.origin.value}


def _choice_json(setting: Setting[Choice]) -> Json:
    return {"value": setting.value.value, "origin": setting.origin.value}


def _enum_json(each: EnumType) -> Json:
    values: list[Json] = [{"name": item.name, "value": item.value} for item in each.values]
    return {"name": each.name, "type": each.base.text, "values": values}


def _struct_json(struct: StructLayout) -> dict[str, Json]:
    fields: list[Json] = []
    end = 0
    for item in struct.fields:
        fields.append(
            {
                "name": item.field.name,
                **item.field.type.json(),
                "offset": item.offset,
                "size": item.size,
                "alignment": item.alignment,
                "padding": item.offset - end,
            }
        )
        end = item.offset + item.size
    return {
        "size": struct.size,
        "alignment": struct.alignment,
        "padding": struct.padding,
        "fields": fields,
    }


def _component_json(item: ComponentLayout) -> Json:
    empty = StructLayout(fields=(), size=0, alignment=1, padding=0)
    struct = item.struct or empty
    located = item.offset is not None
    return {
        "id": item.component.id,
        "name": item.component.name,
        "tag": item.component.is_tag,
        "offset": item.offset,
        "cache_lines": _lines_json(item.offset or 0, struct.size) if located else None,
        **_struct_json(struct),
    }


def _world_json(layout: Layout, world: World) -> Json:
    names: dict[int | None, str] = {world.id: world.name for world in layout.model.worlds}
    return {
        "id": world.id,
        "id_origin": world.number.origin.value,
        "name": world.name,
        "role": _choice_json(world.role),
        "threads": _setting_json(world.threads),
        "wait": _choice_json(world.wait),
        "default_target": names.get(world.default_target),
        "component_routes": [
            {"component": route.component.name, "target": names[route.target]}
            for route in world.component_routes
        ],
    }


def _lane_json(layout: Layout, item: LaneLayout) -> Json:
    names = {world.id: world.name for world in layout.model.worlds}
    lane, priority = item.lane, item.priority
    return {
        "from": names[lane.source],
        "to": names[lane.target],
        "kind": {"value": lane.kind.value.name, "origin": lane.kind.origin.value},
        "capacity": _setting_json(item.capacity),
        "batch_size": _setting_json(item.batch_size),
        "weight": _setting_json(lane.weight),
        "when_full": _choice_json(lane.when_full),
        "has_priority": _setting_json(lane.has_priority),
        "priority": None
        if priority is None
        else {
            "capacity": _setting_json(priority.capacity),
            "burst": _setting_json(priority.burst),
            "bytes": priority.bytes,
        },
        "bytes": item.bytes,
    }
