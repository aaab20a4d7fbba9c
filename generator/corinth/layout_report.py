"""What `corinth layout` prints for people: every offset, size and setting of a schema.

The text has five parts: the enums, the structs, the transfer with its cache lines, the lanes, and
every setting with its origin. `layout_json` prints the same for tools.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import TypeVar

from corinth.diagnostics import Span
from corinth.field_types import EnumType
from corinth.model import (
    LaneLayout,
    Layout,
    Origin,
    Setting,
    StructLayout,
)

CACHE_LINE_BYTES = 64
"""The lines that reports count in: what most machines load at once. Rings separate by two."""

INDENT = "  "
NONE = "-"
"""Fills a table's cell that has no value."""

T = TypeVar("T")


def layout_text(layout: Layout) -> str:
    """The report for people."""
    parts = [_heading(layout), *map(_enum_part, layout.model.enums)]
    parts += [*_struct_parts(layout), _transfer_part(layout)]
    if layout.lanes:
        parts.append(_lanes_part(layout))
    parts.append(_settings_part(layout))
    return "\n".join(parts)


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


def lines_of(offset: int, size: int) -> tuple[int, int]:
    """First and last cache line of something in the transfer."""
    return offset // CACHE_LINE_BYTES, (offset + max(size, 1) - 1) // CACHE_LINE_BYTES


def _lines_text(offset: int, size: int) -> str:
    first, last = lines_of(offset, size)
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


def _enum_part(each: EnumType) -> str:
    rows = [("value", "name")]
    rows += [(f"{item.value:,}", item.name) for item in each.values]
    title = f"enum {each.name}: {each.base.text}, {_plural(len(each.values), 'value')}"
    return _join(title, _table(rows, "><"))


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
    members = [(m.offset, m.size, _integer_text(m.size), m.name) for m in transfer.header]
    members += [
        (item.offset, item.struct.size, "component", item.component.name)
        for item in transfer.components
        if item.struct is not None and item.offset is not None
    ]
    rows = [("offset", "size", "lines", "type", "member")]
    end = 0
    for offset, size, kind, name in members:
        rows += _unused(end, offset)
        rows.append((f"{offset:,}", f"{size:,}", _lines_text(offset, size), kind, name))
        end = offset + size
    rows += _unused(end, transfer.size)
    lines_used = lines_of(0, transfer.size)[1] + 1
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

    names = {world.id: world.name for world in model.worlds}
    for world in model.worlds:
        add(f"world {world.name}", "id", world.number, str(world.id))
        add("", "role", world.role, world.role.value.value)
        add("", "threads", world.threads, f"{world.threads.value:,}")
        add("", "wait", world.wait, world.wait.value.value)
        if world.default_route is not None:
            add("", "default_target", world.default_route, names[world.default_route.value])
        for route in world.component_routes:
            shown = f"{route.component.name} → {names[route.target]}"
            add("", "component_route", Setting(route.target, Origin.GIVEN, route.span), shown)
    for item in layout.lanes:
        kind = item.lane.kind
        add(f"lane {_lane_name(layout, item)}", "kind", kind, kind.value.name)
        for name, setting in _lane_settings(item):
            add("", name, setting, _value_text(setting.value))
    add("schema", "topology", model.topology, model.topology.value.value)
    add("", "max_bytes", model.max_bytes, f"{model.max_bytes.value:,}")
    return _join("settings", _table(rows, "<<><<"))


def _place(layout: Layout, span: Span) -> str:
    """The line, with the file's name where that isn't the schema itself."""
    if span.file == layout.model.inputs[0]:
        return f"line {span.line}"
    return f"{span.file.rpartition('/')[2]} line {span.line}"


def _value_text(value: int | enum.Enum) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    return str(value).lower() if isinstance(value, bool) else f"{value:,}"


def _lane_settings(item: LaneLayout) -> list[tuple[str, Setting[int] | Setting[enum.Enum]]]:
    lane = item.lane
    settings: list[tuple[str, Setting[int] | Setting[enum.Enum] | None]] = [
        ("capacity", item.capacity),
        ("batch_size", item.batch_size),
        ("weight", lane.weight),
        ("priority", lane.has_priority),
        ("priority_capacity", None if item.priority is None else item.priority.capacity),
        ("priority_burst", None if item.priority is None else item.priority.burst),
        ("when_full", lane.when_full),
        ("when_full.priority", None if item.priority is None else item.priority.when_full),
        ("deadline_ms", lane.deadline_ms),
        ("undelivered", lane.undelivered),
        ("closable", lane.closable),
        ("pressure", lane.pressure),
    ]
    return [(name, setting) for name, setting in settings if setting is not None]


def _lane_name(layout: Layout, item: LaneLayout) -> str:
    names = {world.id: world.name for world in layout.model.worlds}
    return f"{names[item.lane.source]} → {names[item.lane.target]}"
