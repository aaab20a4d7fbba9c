"""Enums: their base types and the numbers of their values."""

from __future__ import annotations

from corinth.diagnostics import Diagnostics, Note, Span
from corinth.document import Entry, Mapping, Scalar
from corinth.field_types import PRIMITIVES, EnumType, EnumValue, Primitive
from corinth.model import MAX_ENUM_VALUES
from corinth.resolve.context import doc_of, string, whole

BASES = {name: primitive for name, primitive in PRIMITIVES.items() if primitive.is_integer}
"""The types that an enum may be based on: i8 to i64 and u8 to u64."""

DEFAULT_BASE = Primitive.U8
WIDEST = Primitive.I64
"""Stands for a base type that was refused, so that no value is out of its range."""


def resolve_enum(entry: Entry, mapping: Mapping, diagnostics: Diagnostics) -> EnumType:
    """Resolve one entry of `enums`."""
    given = string(mapping, "type")
    base = DEFAULT_BASE if given is None else BASES.get(given[0], WIDEST)
    if given is not None and given[0] not in BASES:
        message = f"an enum can't be based on `{given[0]}`"
        diagnostics.error("enum-type", message, given[1], f"use one of {', '.join(BASES)}")
    _check_count(entry, mapping, diagnostics)
    values = _number_values(_read_values(mapping), base, diagnostics)
    return EnumType(entry.key, doc_of(mapping), base, tuple(values), entry.key_span)


def _check_count(enum: Entry, mapping: Mapping, diagnostics: Diagnostics) -> None:
    values = mapping.entry("values")
    if values is None or isinstance(values.value, Scalar):
        return
    count = len(values.value)
    if count == 0:
        message = f"enum `{enum.key}` has no values"
        diagnostics.error("enum-empty", message, values.key_span, "list at least one")
    elif count > MAX_ENUM_VALUES:
        message = f"an enum has at most {MAX_ENUM_VALUES} values"
        diagnostics.error("too-many", message, values.key_span, f"this has {count}")


def _read_values(mapping: Mapping) -> list[tuple[str, Span, Scalar | None]]:
    """The values' names with their explicit numbers: a mapping, or a list of names and pairs."""
    node = mapping.get("values")
    if isinstance(node, Mapping):
        return _read_pairs(node)
    read: list[tuple[str, Span, Scalar | None]] = []
    for item in mapping.sequence("values") or ():
        if isinstance(item, Mapping):
            read += _read_pairs(item)
        elif isinstance(item, Scalar) and isinstance(item.value, str):
            read.append((item.value, item.span, None))
    return read


def _read_pairs(mapping: Mapping) -> list[tuple[str, Span, Scalar | None]]:
    return [(e.key, e.key_span, e.value) for e in mapping if isinstance(e.value, Scalar)]


def _number_values(
    read: list[tuple[str, Span, Scalar | None]], base: Primitive, diagnostics: Diagnostics
) -> list[EnumValue]:
    """Number the values: as given, otherwise one more than the one before, from 0."""
    low, high = base.bounds
    names: dict[str, EnumValue] = {}
    numbers: dict[int, EnumValue] = {}
    following = 0
    for name, span, given in read:
        number = whole(given) if given is not None else following
        if number is None:
            continue
        place = span if given is None else given.span
        value = EnumValue(name, number, span)
        following = number + 1
        if name in names:
            notes = (Note("the first is here", names[name].span),)
            diagnostics.error(
                "enum-duplicate", f"value `{name}` is listed twice", span, "remove one", notes
            )
        elif number in numbers:
            notes = (Note(f"`{numbers[number].name}` is here", numbers[number].span),)
            message = f"values `{numbers[number].name}` and `{name}` are both {number}"
            hint = f"{following} is free" if following not in numbers else "number it otherwise"
            diagnostics.error("enum-duplicate", message, place, hint, notes)
        elif not low <= number <= high:
            message = f"value `{name}` is {number}, which {base.text} can't hold"
            diagnostics.error("enum-range", message, place, f"from {low} to {high}")
        else:
            names[name] = numbers[number] = value
    return list(names.values())
