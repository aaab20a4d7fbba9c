"""Identifiers: the table of everything that generated headers define, and who defines it.

Two equal identifiers are an error that names both origins; nothing else about a name is. A scope is
the file, the members of a struct, or the names of the files themselves. A test compares the table
with the words of real headers: what isn't emitted isn't in it, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corinth import names as parts
from corinth.diagnostics import Diagnostics, Note, Span
from corinth.field_types import EnumType, Field, StructType
from corinth.model import Component, Model, Wait, WhenFull, World
from corinth.names import Names
from corinth.reserved import C_WORDS, CPP_WORDS
from corinth.system import system_names

FILES = "files"
NAMESPACE = "namespace"
COORDINATOR = "coordinator"
SHARED = "shared part of the coordinator"
COMPONENTS = "components"
"""Scopes beside that of the file, "", and those of structs, which are called as in messages."""

GENERATED = "a generated name"

INTEGER_MASK_BITS = 64
"""A mask of more components is a struct."""


@dataclass
class IdentifierTable:
    """Who defines which identifier."""

    schema: str
    """Its name."""
    internal: str
    """What the names of helpers begin with."""
    refused: frozenset[Span]
    """Places of names that were refused already: a further collision of theirs isn't reported."""
    diagnostics: Diagnostics
    entries: dict[tuple[str, str], tuple[str, Span | None]] = field(default_factory=dict)
    """(scope, identifier) → what defines it, and where the schema says so."""
    reported: set[tuple[str, str]] = field(default_factory=set)

    def enter(
        self, identifiers: Iterable[str], origin: str, span: Span | None = None, scope: str = ""
    ) -> None:
        """Enter all identifiers of one origin; the second origin of one is an error."""
        entry = (origin, span)
        for identifier in identifiers:
            first = self.entries.setdefault((scope, identifier), entry)
            if first is not entry and first != entry:
                self._report(identifier, scope, first, entry)
            elif span is not None:
                other = self._outside(identifier, scope)
                if other is not None:
                    self._report(identifier, scope, other, entry)

    def _outside(self, identifier: str, scope: str) -> tuple[str, Span | None] | None:
        """What else would be called so: a header's name, a macro, a file of the system's."""
        origin = None
        if scope == FILES:
            hides = identifier in system_names().files
            origin = "a header of the system" if hides else None
        elif scope:
            return self.entries.get(("", identifier)) if identifier.isupper() else None
        else:
            of_system = system_names()
            is_namespace = identifier == self.schema
            origin = (of_system.declared if is_namespace else of_system.origin)(identifier)
            helper = identifier.removeprefix(self.internal)
            if helper != identifier and parts.INTERNAL_PART.fullmatch(helper):
                origin = GENERATED
        return None if origin is None else (origin, None)

    def _report(
        self,
        identifier: str,
        scope: str,
        first: tuple[str, Span | None],
        second: tuple[str, Span | None],
    ) -> None:
        """Report a collision, once for two origins however many names they share."""
        (known, known_span), (origin, span) = first, second
        if span is None or span in self.refused or (known, origin) in self.reported:
            return
        self.reported.add((known, origin))
        if origin == GENERATED:
            origin = f"schema `{self.schema}`"
        notes: tuple[Note, ...] = ()
        if known_span is not None and known != GENERATED:
            notes = (Note(f"{known} is here", known_span),)
        if scope == FILES and known == GENERATED:
            known = "a generated header"
        where = {FILES: "", NAMESPACE: " in C++"}.get(scope, " in C")
        self.diagnostics.error(
            "name-collision",
            f"{origin} and {known} would both be called `{identifier}`{where}",
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
    refused = frozenset(error.span for error in diagnostics.errors)
    table = IdentifierTable(model.name, names.internal(""), refused, diagnostics)
    table.enter(C_WORDS | CPP_WORDS, "a word of C or C++")
    table.enter(parts.LOCAL_NAMES, "a variable of a generated function")
    _declare_fixed(model, names, table)
    _declare_types(model, names, table)
    _declare_components(model, names, table)
    _declare_worlds(model, names, table)
    _declare_lanes(model, names, table)
    _declare_members(model, names, table)
    return table


def _declare_fixed(model: Model, names: Names, table: IdentifierTable) -> None:
    """What depends on nothing but the kinds of things that the schema has."""
    left_out = () if model.has_coordinator else parts.COORDINATOR_HEADERS
    headers = [part for part in parts.HEADERS if part not in left_out]
    origin = f"schema `{model.name}`"
    table.enter([names.header(part) for part in headers], GENERATED, model.span, FILES)
    table.enter(parts.CPP_CALLS, GENERATED, None, NAMESPACE)
    table.enter([names.prefix], f"the namespace of {origin}", model.span)
    fixed = parts.FIXED_NAMES + parts.FIXED_CONSTANTS
    is_wide = model.component_id_end > INTEGER_MASK_BITS
    fixed += parts.WORDS_MASK_CONSTANTS if is_wide else parts.INTEGER_MASK_CONSTANTS
    if model.components:
        fixed += parts.TABLE_NAMES
    if model.has_coordinator:
        fixed += parts.COORDINATOR_NAMES + parts.COORDINATOR_CONSTANTS
        if any(world.wait.value is Wait.PARK for world in model.worlds):
            fixed += parts.COORDINATOR_PARKING_NAMES
        if any(lane.can_wait for lane in model.lanes):
            fixed += parts.COORDINATOR_PATIENT_NAMES
    if any(lane.has_handler for lane in model.lanes):
        fixed += parts.HANDLER_NAMES
    table.enter([names.guard(part) for part in headers], GENERATED, model.span)
    table.enter([names.fixed(name) for name in fixed], GENERATED, model.span)
    internal = [names.internal(name) for name in parts.INTERNAL_NAMES]
    table.enter(internal, GENERATED, model.span)


def _declare_types(model: Model, names: Names, table: IdentifierTable) -> None:
    for enum in model.enums:
        origin = f"enum `{enum.name}`"
        calls = [names.enum_call(enum, call) for call in parts.ENUM_CALLS]
        identifiers = [names.enum_type(enum), *calls, *_helpers(names, enum)]
        table.enter(identifiers, origin, enum.span)
        for value in enum.values:
            what = f"value `{value.name}` of {origin}"
            table.enter([names.enum_value(enum, value)], what, value.span)
    for struct in model.structs:
        constants = [names.struct_constant(struct, name) for name in parts.STRUCT_CONSTANTS]
        identifiers = [names.struct_type(struct), *constants, *_helpers(names, struct)]
        table.enter(identifiers, f"struct `{struct.name}`", struct.span)


def _helpers(names: Names, item: EnumType | StructType | Component) -> list[str]:
    """What templates define for an enum, a struct or a component, for themselves."""
    return [names.type_call(item, call) for call in parts.INTERNAL_TYPE_CALLS]


def _declare_components(model: Model, names: Names, table: IdentifierTable) -> None:
    is_wide = model.component_id_end > INTEGER_MASK_BITS
    for component in model.components:
        constants = parts.COMPONENT_CONSTANTS + (() if is_wide else parts.COMPONENT_MASK)
        calls = parts.COMPONENT_CALLS
        identifiers = []
        if not component.is_tag:
            constants += parts.COMPONENT_DATA_CONSTANTS
            calls += parts.COMPONENT_DATA_CALLS
            identifiers = [names.component_type(component), *_helpers(names, component)]
        identifiers += [names.component_constant(component, name) for name in constants]
        identifiers += [names.component_call(component, call) for call in calls]
        origin = f"component `{component.name}`"
        table.enter(identifiers, origin, component.span)
        cpp_type = names.component_cpp_type(component)
        table.enter([cpp_type], origin, component.span, NAMESPACE)


def _declare_worlds(model: Model, names: Names, table: IdentifierTable) -> None:
    sources = {lane.source for lane in model.lanes}
    targets = {lane.target for lane in model.lanes}
    patient = {lane.source for lane in model.lanes if lane.can_wait}
    pressed = {lane.source for lane in model.lanes if lane.pressure.value}
    closed = targets - {lane.target for lane in model.lanes if not lane.closable.value}
    for world in model.worlds:
        origin = f"world `{world.name}`"
        if not model.has_coordinator:
            table.enter([names.world_constant(world)], origin, world.span)
            continue
        # First, so that of all names that meet the message has the one that a user sees.
        table.enter([names.world_header(world)], origin, world.span, FILES)
        calls = parts.WAITING_CALLS
        calls += parts.SENDING_CALLS if world.id in sources else ()
        is_parking = world.wait.value is Wait.PARK
        calls += parts.PARKING_CALLS if is_parking else ()
        constants = parts.WORLD_CONSTANTS
        if world.id in patient:
            calls += parts.PATIENT_CALLS + parts.SELECTING_CALLS
            calls += parts.PARKING_SELECTING_CALLS if is_parking else ()
            constants += parts.WORLD_SELECTING_CONSTANTS if world.id in targets else ()
        calls += parts.RECEIVING_CALLS if world.id in targets else ()
        calls += parts.PRESSED_CALLS if world.id in pressed else ()
        calls += parts.CLOSED_CALLS if world.id in closed else ()
        word = names.world_member(world)
        identifiers = [names.world_constant(world), names.world_port(world)]
        identifiers += [names.world_constant(world, name) for name in constants]
        identifiers += [names.world_call(world, call) for call in calls]
        identifiers += [names.internal(f"{word}_{call}") for call in parts.INTERNAL_WORLD_CALLS]
        identifiers += [names.world_guard(world)]
        table.enter(identifiers, origin, world.span)


def _declare_lanes(model: Model, names: Names, table: IdentifierTable) -> None:
    """Puts names together itself, as there may be 4,032 lanes with dozens of names each."""
    worlds = {world.id: world for world in model.worlds}
    helpers = [f"_{call}" for call in parts.INTERNAL_LANE_CALLS]
    internal = names.internal("")
    for lane in model.lanes:
        ends = worlds[lane.source], worlds[lane.target]
        has_priority = lane.priority is not None
        calls = parts.LANE_CALLS + (parts.LANE_PRIORITY_CALLS if has_priority else ())
        constants = parts.LANE_CONSTANTS + (parts.LANE_PRIORITY_CONSTANTS if has_priority else ())
        if lane.can_wait:
            calls += parts.PATIENT_CALLS
            constants += parts.LANE_WAITING_CONSTANTS
        calls += parts.PRESSED_CALLS if lane.pressure.value else ()
        calls += parts.LANE_CLOSING_CALLS if lane.closable.value else ()
        base = names.lane_type(*ends)
        upper = base.upper()
        identifiers = [base, *(f"{base}_{part}" for part in parts.LANE_TYPES + calls)]
        identifiers += [f"{upper}_{constant}" for constant in constants]
        identifiers += [internal + names.lane_member(*ends) + suffix for suffix in helpers]
        identifiers += [
            names.room_constant(*ends, is_priority=is_priority > 0)
            for is_priority, policy in enumerate(lane.policies)
            if policy.value is WhenFull.WAIT
        ]
        table.enter(identifiers, _lane_origin(*ends), lane.span)


def _lane_origin(source: World, target: World) -> str:
    return f"the lane from `{source.name}` to `{target.name}`"


def _declare_members(model: Model, names: Names, table: IdentifierTable) -> None:
    """Members of structs, after everything at file scope, as a macro would replace them."""
    for struct in model.structs:
        _declare_fields(f"struct `{struct.name}`", struct.fields, names, table)
    for component in model.components:
        _declare_fields(f"component `{component.name}`", component.fields, names, table)
    with_data = [component for component in model.components if not component.is_tag]
    types = [names.component_type(component) for component in with_data]
    table.enter(types, "the type of a component", None, COMPONENTS)
    for component in with_data:
        origin = f"component `{component.name}`"
        table.enter([names.component_member(component)], origin, component.span, COMPONENTS)
    if not model.has_coordinator:
        return
    worlds = {world.id: world for world in model.worlds}
    table.enter(parts.COORDINATOR_MEMBERS, GENERATED, None, COORDINATOR)
    for world in model.worlds:
        ports = names.world_ports_member(world)
        table.enter([ports], f"world `{world.name}`", world.span, COORDINATOR)
    table.enter(parts.SHARED_MEMBERS, GENERATED, None, SHARED)
    for lane in model.lanes:
        ends = worlds[lane.source], worlds[lane.target]
        table.enter([names.lane_member(*ends)], _lane_origin(*ends), lane.span, SHARED)


def _declare_fields(
    record: str, fields: tuple[Field, ...], names: Names, table: IdentifierTable
) -> None:
    """In C++ a struct that uses a type can't have a member of the type's name."""
    types = [item.type.c_type(names) for item in fields]
    table.enter(types, f"the type of a field of {record}", None, record)
    for item in fields:
        table.enter([item.name], f"field `{item.name}`", item.span, record)
