"""Identifiers: the table of everything that generated headers define, and who defines it.

Two equal identifiers are an error that names both origins. `names` makes the identifiers; a test
compares the table with the words of real headers, so that none is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corinth.diagnostics import Diagnostics, Note, Span
from corinth.model import Model
from corinth.names import (
    COMPONENT_CALLS,
    COMPONENT_CONSTANTS,
    ENUM_CALLS,
    FIXED_CONSTANTS,
    FIXED_NAMES,
    HEADER_MEMBERS,
    HEADERS,
    INTERNAL_LANE_CALLS,
    INTERNAL_TYPE_CALLS,
    INTERNAL_WORLD_CALLS,
    LANE_CALLS,
    LANE_CONSTANTS,
    LANE_TYPES,
    STRUCT_CONSTANTS,
    WORLD_CALLS,
    WORLD_CONSTANTS,
    Names,
    snake_case,
)
from corinth.reserved import C_WORDS, CPP_WORDS, LIBRARY_WORDS


@dataclass
class IdentifierTable:
    """Who defines which identifier; scopes are the file and the members of two structs."""

    refused: frozenset[Span]
    """Places of names that were refused already: what they collide with isn't news."""
    entries: dict[tuple[str, str], tuple[str, Span | None]] = field(default_factory=dict)
    """(scope, identifier) → what defines it, and where the schema says so."""
    reported: set[tuple[str, str]] = field(default_factory=set)

    def enter(
        self,
        identifiers: Iterable[str],
        origin: str,
        span: Span | None,
        diagnostics: Diagnostics,
        scope: str = "",
    ) -> None:
        """Enter all identifiers of one origin; the second origin of one is an error."""
        entry = (origin, span)
        for identifier in identifiers:
            first = self.entries.setdefault((scope, identifier), entry)
            if first is not entry and first != entry:
                self._report(identifier, first, entry, diagnostics)

    def _report(
        self,
        identifier: str,
        first: tuple[str, Span | None],
        second: tuple[str, Span | None],
        diagnostics: Diagnostics,
    ) -> None:
        """Report a collision, once for two origins however many names they share."""
        (known, known_span), (origin, span) = first, second
        if span is None or span in self.refused or (known, origin) in self.reported:
            return
        self.reported.add((known, origin))
        notes = () if known_span is None else (Note(f"{known} is here", known_span),)
        diagnostics.error(
            "name-collision",
            f"{origin} and {known} would both be called `{identifier}` in C",
            span,
            "rename one of them" if notes else "choose another name",
            notes,
        )

    def identifiers(self) -> frozenset[str]:
        """All identifiers at file scope."""
        return frozenset(name for scope, name in self.entries if not scope)


def declare_all(model: Model, diagnostics: Diagnostics) -> IdentifierTable:
    """Enter every identifier of `model`, in file order of their kinds, and report collisions."""
    names = Names(model.name)
    table = IdentifierTable(frozenset(error.span for error in diagnostics.errors))
    table.enter(C_WORDS | CPP_WORDS | LIBRARY_WORDS, "a word of C or C++", None, diagnostics)
    guards = [names.guard(part) for part in HEADERS]
    table.enter(guards, "an include guard", None, diagnostics)
    fixed = [names.fixed(name) for name in sorted(FIXED_NAMES | FIXED_CONSTANTS)]
    table.enter(fixed, "a generated name", None, diagnostics)
    table.enter(HEADER_MEMBERS, "the transfer's header", None, diagnostics, "transfer")
    _declare_types(model, names, table, diagnostics)
    _declare_components(model, names, table, diagnostics)
    _declare_worlds(model, names, table, diagnostics)
    _declare_lanes(model, names, table, diagnostics)
    return table


def _declare_types(
    model: Model, names: Names, table: IdentifierTable, diagnostics: Diagnostics
) -> None:
    for enum in model.enums:
        origin = f"enum `{enum.name}`"
        calls = [names.enum_call(enum, call) for call in ENUM_CALLS]
        identifiers = [names.enum_type(enum), *calls, *_helpers(names, enum.name)]
        table.enter(identifiers, origin, enum.span, diagnostics)
        for value in enum.values:
            what = f"value `{value.name}` of {origin}"
            table.enter([names.enum_value(enum, value)], what, value.span, diagnostics)
    for struct in model.structs:
        constants = [names.struct_constant(struct, name) for name in STRUCT_CONSTANTS]
        identifiers = [names.struct_type(struct), *constants, *_helpers(names, struct.name)]
        table.enter(identifiers, f"struct `{struct.name}`", struct.span, diagnostics)


def _helpers(names: Names, type_name: str) -> list[str]:
    """What templates define for an enum, a struct or a component, for themselves."""
    return [names.internal(f"{call}_{snake_case(type_name)}") for call in INTERNAL_TYPE_CALLS]


def _declare_components(
    model: Model, names: Names, table: IdentifierTable, diagnostics: Diagnostics
) -> None:
    for component in model.components:
        origin = f"component `{component.name}`"
        member = names.component_member(component)
        table.enter([member], origin, component.span, diagnostics, "transfer")
        identifiers = [
            names.component_type(component),
            *(names.component_constant(component, name) for name in COMPONENT_CONSTANTS),
            *(names.component_call(component, call) for call in COMPONENT_CALLS),
            *_helpers(names, component.name),
        ]
        table.enter(identifiers, origin, component.span, diagnostics)


def _declare_worlds(
    model: Model, names: Names, table: IdentifierTable, diagnostics: Diagnostics
) -> None:
    for world in model.worlds:
        origin = f"world `{world.name}`"
        members = (names.world_ports_member(world), names.world_parkers_member(world))
        table.enter(members, origin, world.span, diagnostics, "coordinator")
        identifiers = [
            names.world_constant(world),
            *(names.world_constant(world, name) for name in WORLD_CONSTANTS),
            names.world_port(world),
            *(names.world_call(world, call) for call in WORLD_CALLS),
            *(
                names.internal(_joined(names.world_member(world), call))
                for call in INTERNAL_WORLD_CALLS
            ),
        ]
        table.enter(identifiers, origin, world.span, diagnostics)


def _joined(word: str, call: str) -> str:
    """`io_init`, or `IO_SOURCES` for a constant."""
    return f"{word.upper() if call.isupper() else word}_{call}"


def _declare_lanes(
    model: Model, names: Names, table: IdentifierTable, diagnostics: Diagnostics
) -> None:
    """Puts names together itself, as there may be 4,032 lanes with dozens of names each."""
    worlds = {world.id: world for world in model.worlds}
    suffixes = ["", *(f"_{part}" for part in LANE_TYPES + LANE_CALLS)]
    constants = [f"_{constant}" for constant in LANE_CONSTANTS]
    helpers = [f"_{call}" for call in INTERNAL_LANE_CALLS]
    internal = names.internal("")
    for lane in model.lanes:
        ends = worlds[lane.source], worlds[lane.target]
        origin = f"the lane from `{ends[0].name}` to `{ends[1].name}`"
        member = names.lane_member(*ends)
        table.enter([member], origin, lane.span, diagnostics, "coordinator")
        base = names.lane_type(*ends)
        upper = base.upper()
        identifiers = [base + suffix for suffix in suffixes]
        identifiers += [upper + constant for constant in constants]
        identifiers += [internal + member + suffix for suffix in helpers]
        table.enter(identifiers, origin, lane.span, diagnostics)
