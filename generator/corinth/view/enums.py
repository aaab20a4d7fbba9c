"""Enums as PREFIX_components.h prints them: values, and how a value is checked."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.field_types import EnumType, Primitive
from corinth.names import Names
from corinth.view.constants import ConstantView, assert_equal
from corinth.view.text import comment

MOST_CONDITIONS = 16
"""An enum with more runs of values is checked by a table instead of an expression."""


@dataclass(frozen=True)
class EnumView:
    comment: str
    c_type: str
    base: str
    validator: str
    """The function that checks a value."""
    ranges_table: str
    constants: tuple[ConstantView, ...]
    assertions: tuple[str, ...]
    condition: str
    """What holds of a valid `value`; empty where every value is right."""
    ranges: tuple[str, ...]
    """First and last of each run of values, where they are too many for an expression."""


def enum_view(enum: EnumType, names: Names) -> EnumView:
    c_type = names.enum_type(enum)
    runs = _runs(enum, names)
    conditions = [_condition(enum.base, *run) for run in runs]
    is_long = len(runs) > MOST_CONDITIONS
    return EnumView(
        comment=comment(enum.doc),
        c_type=c_type,
        base=enum.base.c_type(names),
        validator=names.enum_call(enum, "is_valid"),
        ranges_table=f"{names.prefix}_internal_ranges_of_{c_type[len(names.prefix) + 1 :]}",
        constants=tuple(
            ConstantView(
                "",
                names.enum_value(enum, value),
                f"CORINTH_CONSTANT({c_type}, {enum.base.literal(value.value)})",
            )
            for value in enum.values
        ),
        assertions=(assert_equal(f"sizeof({c_type})", enum.base.size, "size"),),
        condition="" if is_long else _any_of(conditions),
        ranges=tuple(f"{{{first[0]}, {last[0]}}}" for first, last in runs) if is_long else (),
    )


def _runs(enum: EnumType, names: Names) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """First and last, each as name and number, of every unbroken run of values."""
    runs: list[tuple[tuple[str, int], tuple[str, int]]] = []
    for value in sorted(enum.values, key=lambda value: value.value):
        item = (names.enum_value(enum, value), value.value)
        if runs and runs[-1][1][1] + 1 >= value.value:
            runs[-1] = (runs[-1][0], item)
        else:
            runs.append((item, item))
    return runs


def _condition(base: Primitive, first: tuple[str, int], last: tuple[str, int]) -> str:
    """Whether `value` is in a run; nothing where it must be. No comparison is always true."""
    lowest, highest = base.bounds
    if first == last:
        return f"value == {first[0]}"
    if first[1] == lowest and last[1] == highest:
        return ""
    if first[1] == lowest:
        return f"value <= {last[0]}"
    if last[1] == highest:
        return f"value >= {first[0]}"
    return f"value >= {first[0]} && value <= {last[0]}"


def _any_of(conditions: list[str]) -> str:
    """The conditions joined by `or`."""
    if len(conditions) == 1:
        return conditions[0]
    parts = [f"({condition})" if "&&" in condition else condition for condition in conditions]
    return " || ".join(parts)
