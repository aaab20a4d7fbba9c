"""NAME.json, which `corinth layout --format json` prints as well: the resolved model for tools.

schemas/layout-2.schema.json is its form, and says what each key means. A key that is added leaves
FORMAT as it is; one that changes its meaning or goes raises it. All is ASCII, so that a terminal of
any encoding gets the bytes of the file. The first keys are the file's mark (see `marks`).
"""

from __future__ import annotations

import enum
import json
from typing import TypeAlias, TypeVar

from corinth.field_types import EnumType, wire_bytes
from corinth.layout_report import lines_of
from corinth.marks import TOOL
from corinth.model import (
    ComponentLayout,
    LaneLayout,
    Layout,
    Setting,
    StructLayout,
    TransferLayout,
    World,
)
from corinth.names import Names
from corinth.placing import CACHE_LINE_BYTES
from corinth.statistics import ABI_VERSION, RECORDS, Record
from corinth.statistics_places import Place, Region, shared_region, snapshot_region

FORMAT = 2

Choice = TypeVar("Choice", bound=enum.Enum)
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def layout_json(layout: Layout) -> str:
    """The text of NAME.json."""
    model = layout.model
    structs = zip(model.structs, layout.structs, strict=True)
    worlds: dict[int | None, str] = {world.id: world.name for world in model.worlds}
    report: dict[str, Json] = {
        "format": FORMAT,
        "generated_by": TOOL,
        "name": model.name,
        "schema": model.source_name,
        "doc": model.doc,
        "wire_hash": f"0x{layout.wire_hash:016x}",
        "layout_hash": f"0x{layout.layout_hash:016x}",
        "enums": [_enum_json(each) for each in model.enums],
        "structs": [
            {"name": struct.name, "doc": struct.doc, **_struct_json(sized)}
            for struct, sized in structs
        ],
        "components": [_component_json(item) for item in layout.transfer.components],
        "transfer": _transfer_json(layout.transfer),
        "worlds": [_world_json(layout, world, worlds) for world in model.worlds],
        "lanes": [_lane_json(lane, worlds) for lane in layout.lanes],
        "topology": _choice_json(model.topology),
        "total_bytes": layout.total_bytes,
        "max_bytes": _setting_json(model.max_bytes),
        "statistics": _statistics_json(layout) if model.has_coordinator else None,
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
    return {"name": each.name, "doc": each.doc, "type": each.base.text, "values": values}


def _struct_json(struct: StructLayout) -> dict[str, Json]:
    fields: list[Json] = []
    end = 0
    for item in struct.fields:
        fields.append(
            {
                "name": item.field.name,
                "doc": item.field.doc,
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
        "doc": item.component.doc,
        "tag": item.component.is_tag,
        "offset": item.offset,
        "cache_lines": _lines_json(item.offset or 0, struct.size) if located else None,
        "encoded_size": wire_bytes(item.component.fields),
        **_struct_json(struct),
    }


def _transfer_json(transfer: TransferLayout) -> Json:
    return {
        "size": transfer.size,
        "alignment": transfer.alignment,
        "padding": transfer.padding,
        "encoded_max": transfer.encoded_max,
        "cache_lines": _lines_json(0, transfer.size),
        "header_size": transfer.header_size,
        "header": [
            {
                "name": member.name,
                "offset": member.offset,
                "size": member.size,
                "cache_lines": _lines_json(member.offset, member.size),
            }
            for member in transfer.header
        ],
        "mask": {
            "bits": transfer.mask_bits,
            "value_bits": transfer.mask_value_bits,
            "storage_bytes": transfer.mask_storage_bytes,
        },
    }


def _world_json(layout: Layout, world: World, names: dict[int | None, str]) -> Json:
    return {
        "id": world.id,
        "id_origin": world.number.origin.value,
        "name": world.name,
        "doc": world.doc,
        "role": _choice_json(world.role),
        "threads": _setting_json(world.threads),
        "wait": _choice_json(world.wait),
        "default_target": names.get(world.default_target),
        "component_routes": [
            {"component": route.component.name, "target": names[route.target]}
            for route in world.component_routes
        ],
    }


def _lane_json(item: LaneLayout, names: dict[int | None, str]) -> Json:
    lane, priority = item.lane, item.priority
    return {
        "from": names[lane.source],
        "to": names[lane.target],
        "kind": {"value": lane.kind.value.name, "origin": lane.kind.origin.value},
        "capacity": _setting_json(item.capacity),
        "batch_size": _setting_json(item.batch_size),
        "weight": _setting_json(lane.weight),
        "when_full": _choice_json(lane.when_full),
        "deadline_ms": None if lane.deadline_ms is None else _setting_json(lane.deadline_ms),
        "undelivered": None if lane.undelivered is None else _choice_json(lane.undelivered),
        "closable": _setting_json(lane.closable),
        "pressure": _setting_json(lane.pressure),
        "has_priority": _setting_json(lane.has_priority),
        "priority": None
        if priority is None
        else {
            "capacity": _setting_json(priority.capacity),
            "burst": _setting_json(priority.burst),
            "when_full": _choice_json(priority.when_full),
            "bytes": priority.bytes,
        },
        "bytes": item.bytes,
    }


def _statistics_json(layout: Layout) -> Json:
    names = Names(layout.model.name)
    return {
        "abi_version": ABI_VERSION,
        "cache_line": CACHE_LINE_BYTES,
        "records": [_record_json(record) for record in RECORDS],
        "snapshot": _region_json(snapshot_region(layout, names)),
        "shared": _region_json(shared_region(layout, names)),
    }


def _record_json(record: Record) -> Json:
    return {
        "type": record.c_type,
        "doc": record.doc,
        "size": record.size,
        "counters": [
            {
                "name": item.counter.name,
                "doc": item.counter.doc,
                "unit": item.counter.unit.value,
                "kind": item.counter.kind.value,
                "type": item.counter.type.text,
                "offset": item.offset,
                "size": item.counter.type.size,
            }
            for item in record.placed
        ],
    }


def _region_json(region: Region) -> Json:
    places = [_place_json(place) for place in region.places]
    return {"type": region.c_type, "size": region.size, "places": places}


def _place_json(place: Place) -> Json:
    return {
        "record": place.record.c_type,
        "member": place.member,
        "each": place.each.value,
        "lane": place.lane,
        "world": place.world,
        "offset": place.offset,
        "stride": place.record.size,
        "count": place.count,
    }
