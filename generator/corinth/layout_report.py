"""What `corinth layout` prints: every offset, size and setting of a schema, for people and tools.

The text has four parts: the structs, the transfer with its cache lines, the lanes, and every
setting with its origin. The JSON holds the same; its keys are stable within a format number:

    format        1, raised when a key changes its meaning or goes
    name, source  the schema's name and file name
    wire_hash, layout_hash  16 hexadecimal digits each
    structs[]     name, size, alignment, padding, fields[]
      fields[]    name, type, count (null for a single value), offset, size, alignment, padding
                  (the unused bytes before it)
    transfer      size, alignment, padding, encoded_max, cache_lines, header[], components[]
      header[]    name, offset, size, cache_lines
      components[] as structs[], and id, tag, offset (null for a tag), cache_lines
    mask          bits, value_bits, storage_bytes
    worlds[]      id, name, role, threads, wait, default_target (a name or null),
                  component_routes[]
      component_routes[]  component, target
    lanes[]       from, to, kind, capacity, batch_size, weight, when_full, priority (null, or
                  capacity, burst and bytes), bytes
    topology, total_bytes, max_bytes

A setting is an object of `value` and `origin` (given, role, default or decided). `cache_lines` is
a first and last number, counted in lines of 64 bytes from the start of the transfer, or null.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from corinth.diagnostics import Span
from corinth.model import (
    ComponentLayout,
    LaneLayout,
    Layout,
    Origin,
    Setting,
    StructLayout,
    World,
)

CACHE_LINE_BYTES = 64
"""The lines that reports count in: what most machines load at once. Rings separate by two."""

FORMAT = 1
INDENT = "  "
NONE = "-"
"""Fills a table's cell that has no value."""

T = TypeVar("T")
Choice = TypeVar("Choice", bound=enum.Enum)
Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def layout_text(layout: Layout) -> str:
    """The report for people."""
    parts = [_heading(layout), *_struct_parts(layout), _transfer_part(layout)]
    if layout.lanes:
        parts.append(_lanes_part(layout))
    parts.append(_settings_part(layout))
    return "\n".join(parts)


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


def _table(rows: Sequence[Sequence[str]], numeric: str, indent: str = INDENT) -> list[str]:
    """Rows in aligned columns; `numeric` has `>` for a right-aligned column, `<` for others."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = []
    for row in rows:
        cells = zip(row, numeric, widths, strict=True)
        line = "  ".join(f"{cell:{align}{width}}" for cell, align, width in cells)
        lines.append((indent + line).rstrip())
    return lines


def _join(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *lines]) + "\n"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _bytes(size: int) -> str:
    """A size with its unit, and in KiB, MiB or GiB beside it from 1 KiB on."""
    exact = _plural(size, "byte")
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= factor:
            return f"{exact} ({size / factor:.1f} {unit})"
    return exact


def _lines_of(offset: int, size: int) -> tuple[int, int]:
    """First and last cache line of something in the transfer."""
    return offset // CACHE_LINE_BYTES, (offset + max(size, 1) - 1) // CACHE_LINE_BYTES


def _lines_text(offset: int, size: int) -> str:
    first, last = _lines_of(offset, size)
    return str(first) if first == last else f"{first}-{last}"


def _heading(layout: Layout) -> str:
    model = layout.model
    counts = (
        (len(model.components), "component"),
        (len(model.worlds), "world"),
        (len(model.lanes), "lane"),
    )
    summary = ", ".join(_plural(count, noun) for count, noun in counts)
    hashes = f"wire hash {layout.wire_hash:016x}, layout hash {layout.layout_hash:016x}"
    return f"{model.name} ({model.source_name}): {summary}\n{hashes}\n"


def _struct_parts(layout: Layout) -> list[str]:
    parts = []
    for struct, sized in zip(layout.model.structs, layout.structs, strict=True):
        parts.append(_struct_part(f"struct {struct.name}", sized, 0))
    for item in layout.transfer.components:
        title = f"component {item.component.id} {item.component.name}"
        if item.struct is None:
            parts.append(f"{title}: a tag\n")
        else:
            parts.append(_struct_part(title, item.struct, item.offset or 0))
    return parts


def _struct_part(title: str, struct: StructLayout, base: int) -> str:
    """A struct with its members; cache lines count from `base` bytes before it."""
    summary = f"{_bytes(struct.size)}, aligned to {struct.alignment}, {_padding(struct.padding)}"
    rows = [("offset", "size", "lines", "type", "member")]
    end = 0
    for item in struct.fields:
        rows += _unused(end, item.offset)
        lines = _lines_text(base + item.offset, item.size)
        end = item.offset + item.size
        kind = item.field.type.text
        rows.append((f"{item.offset:,}", f"{item.size:,}", lines, kind, item.field.name))
    rows += _unused(end, struct.size)
    return _join(f"{title}: {summary}", _table(rows, ">>><<"))


def _unused(start: int, end: int) -> list[tuple[str, str, str, str, str]]:
    """The row for bytes that nothing uses, if there are any."""
    return [(f"{start:,}", f"{end - start:,}", "", "", "(padding)")] if end > start else []


def _padding(size: int) -> str:
    return f"{size:,} of padding" if size else "no padding"


def _transfer_part(layout: Layout) -> str:
    transfer = layout.transfer
    rows = [("offset", "size", "lines", "type", "member")]
    for member in transfer.header:
        lines = _lines_text(member.offset, member.size)
        kind = _integer_text(member.size)
        rows.append((f"{member.offset:,}", f"{member.size:,}", lines, kind, member.name))
    end = transfer.header_size
    for item in transfer.components:
        if item.struct is None or item.offset is None:
            continue
        rows += _unused(end, item.offset)
        size = item.struct.size
        lines = _lines_text(item.offset, size)
        rows.append((f"{item.offset:,}", f"{size:,}", lines, "component", item.component.name))
        end = item.offset + size
    rows += _unused(end, transfer.size)
    lines_used = _lines_of(0, transfer.size)[1] + 1
    title = (
        f"transfer: {_bytes(transfer.size)}, aligned to {transfer.alignment},"
        f" {_padding(transfer.padding)}, {_plural(lines_used, 'cache line')} of {CACHE_LINE_BYTES}"
    )
    mask = (
        f"{INDENT}mask: {_plural(transfer.mask_bits, 'bit')} in"
        f" {_plural(transfer.mask_storage_bytes, 'byte')}, {transfer.mask_value_bits} bits as a"
        f" value; encoded: at most {_plural(transfer.encoded_max, 'byte')}"
    )
    return _join(title, [*_table(rows, ">>><<"), mask])


def _integer_text(size: int) -> str:
    """An unsigned integer of so many bytes, or the words of a wide mask."""
    return f"u{8 * size}" if size <= 8 else f"u64[{size // 8}]"


def _lanes_part(layout: Layout) -> str:
    rows = [("lane", "kind", "capacity", "batch", "weight", "priority", "bytes")]
    for item in layout.lanes:
        priority = NONE
        if item.priority is not None:
            priority = f"{item.priority.capacity.value:,}"
        rows.append(
            (
                _lane_name(layout, item),
                item.lane.kind.value.name,
                f"{item.capacity.value:,}",
                f"{item.batch_size.value:,}",
                f"{item.lane.weight.value:,}",
                priority,
                f"{item.bytes:,}",
            )
        )
    title = f"{_plural(len(layout.lanes), 'lane')}: {_bytes(layout.total_bytes)}"
    return _join(title, _table(rows, "<<>>>>>"))


def _settings_part(layout: Layout) -> str:
    """Every setting with its origin and, where the schema gives it, the line that does."""
    model = layout.model
    rows: list[tuple[str, str, str, str, str]] = []

    def add(subject: str, name: str, setting: Setting[T], shown: str) -> None:
        given = setting.origin is Origin.GIVEN
        place = _place(layout, setting.span) if given else ""
        rows.append((subject, name, shown, setting.origin.value, place))

    for world in model.worlds:
        add(f"world {world.name}", "role", world.role, world.role.value.value)
        add("", "threads", world.threads, f"{world.threads.value:,}")
        add("", "wait", world.wait, world.wait.value.value)
    for item in layout.lanes:
        kind, when_full = item.lane.kind, item.lane.when_full
        add(f"lane {_lane_name(layout, item)}", "kind", kind, kind.value.name)
        for name, setting in _lane_settings(item):
            add("", name, setting, f"{setting.value:,}")
        add("", "when_full", when_full, when_full.value.value)
    add("schema", "topology", model.topology, model.topology.value.value)
    add("", "max_bytes", model.max_bytes, f"{model.max_bytes.value:,}")
    return _join("settings", _table(rows, "<<><<"))


def _place(layout: Layout, span: Span) -> str:
    """The line, with the file's name where that isn't the schema itself."""
    if span.file == layout.model.inputs[0]:
        return f"line {span.line}"
    return f"{span.file.rpartition('/')[2]} line {span.line}"


def _lane_settings(item: LaneLayout) -> list[tuple[str, Setting[int]]]:
    settings = [
        ("capacity", item.capacity),
        ("batch_size", item.batch_size),
        ("weight", item.lane.weight),
    ]
    if item.priority is not None:
        settings.append(("priority_capacity", item.priority.capacity))
        settings.append(("priority_burst", item.priority.burst))
    return settings


def _lane_name(layout: Layout, item: LaneLayout) -> str:
    names = {world.id: world.name for world in layout.model.worlds}
    return f"{names[item.lane.source]} → {names[item.lane.target]}"


def _lines_json(offset: int, size: int) -> Json:
    return list(_lines_of(offset, size))


def _setting_json(setting: Setting[int]) -> Json:
    return {"value": setting.value, "origin": setting.origin.value}


def _choice_json(setting: Setting[Choice]) -> Json:
    return {"value": setting.value.value, "origin": setting.origin.value}


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
        "priority": None
        if priority is None
        else {
            "capacity": _setting_json(priority.capacity),
            "burst": _setting_json(priority.burst),
            "bytes": priority.bytes,
        },
        "bytes": item.bytes,
    }
