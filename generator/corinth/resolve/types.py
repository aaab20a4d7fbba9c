"""Structs, and the fields of structs and components."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corinth.diagnostics import Diagnostics, Span
from corinth.document import Entry, Mapping, Scalar
from corinth.field_types import PRIMITIVES, ArrayType, EnumType, Field, FieldType, StructType
from corinth.foreign_forms import instead_of_text, own_type
from corinth.foreign_types import instead_of, struct_for
from corinth.model import MAX_ARRAY_COUNT, MAX_STRUCT_DEPTH
from corinth.reserved import check_bare_name, why_reserved
from corinth.resolve.context import Context, doc_of, section, string
from corinth.resolve.enums import resolve_enum
from corinth.spelling import nearest, same_digits

SURE = 0.8
"""How alike a type must be to one of the user's to count as that one, misspelt."""

CYCLE_SHOWN = 8
"""Structs of a cycle that a message names."""


@dataclass
class Types:
    """The user's types by name; structs in an order where each follows those that it uses."""

    enums: dict[str, EnumType] = field(default_factory=dict)
    structs: dict[str, StructType] = field(default_factory=dict)

    def named(self, name: str) -> FieldType | None:
        """The type that is called so, the user's or a built-in one."""
        return PRIMITIVES.get(name) or self.enums.get(name) or self.structs.get(name)


@dataclass(frozen=True)
class ParsedField:
    """A field whose type is still a name."""

    name: str
    doc: str
    type_name: str
    count: int | None
    span: Span
    type_span: Span


def type_names(root: Mapping) -> frozenset[str]:
    """The names of all types that a field may have."""
    own = {entry.key for key in ("enums", "structs") for entry, _ in section(root, key)}
    return frozenset(own | PRIMITIVES.keys())


def resolve_types(root: Mapping, context: Context) -> Types:
    """Resolve the sections `enums` and `structs`."""
    types = Types()
    for entry, mapping in section(root, "enums"):
        _check_type_name("enum", entry, context.diagnostics)
        types.enums[entry.key] = resolve_enum(entry, mapping, context.diagnostics)
    parsed = {}
    for entry, mapping in section(root, "structs"):
        _check_type_name("struct", entry, context.diagnostics)
        parsed[entry.key] = (entry, mapping, parse_fields(mapping, context))
        _check_not_empty(entry, mapping, context.diagnostics)
    uses = {name: item[2] for name, item in parsed.items()}
    components = [entry.key for entry, _ in section(root, "components")]
    for name in _ordered(uses, context.diagnostics):
        entry, mapping, fields = parsed[name]
        types.structs[name] = StructType(
            name=name,
            doc=doc_of(mapping),
            fields=bind_fields(fields, types, components, context),
            span=entry.key_span,
        )
    return types


def parse_fields(mapping: Mapping, context: Context) -> list[ParsedField]:
    """Read the `fields` of a struct or component; those with a malformed type are left out."""
    parsed = []
    for entry in mapping.mapping("fields") or ():
        check_bare_name("field", entry.key, entry.key_span, context.diagnostics)
        inner = entry.value
        if isinstance(inner, Mapping):
            text, doc = string(inner, "type"), doc_of(inner)
        else:
            given = inner.value if isinstance(inner, Scalar) else None
            text, doc = ((given, inner.span) if isinstance(given, str) else None), ""
        if text is None:
            continue
        shape = _parse_type(text[0], text[1], context)
        if shape is not None:
            parsed.append(ParsedField(entry.key, doc, *shape, entry.key_span, text[1]))
    return parsed


def bind_fields(
    parsed: list[ParsedField], types: Types, components: list[str], context: Context
) -> tuple[Field, ...]:
    """Look up the types of fields; those of unknown type are reported and left out."""
    fields = []
    for item in parsed:
        kind = types.named(item.type_name)
        if kind is None:
            _report_unknown_type(item, types, components, context)
            continue
        if item.count is not None:
            kind = ArrayType(kind, item.count)
        fields.append(Field(item.name, item.doc, kind, item.span))
    return tuple(fields)


def _check_not_empty(struct: Entry, mapping: Mapping, diagnostics: Diagnostics) -> None:
    fields = mapping.entry("fields")
    if fields is not None and isinstance(fields.value, Mapping) and len(fields.value) == 0:
        message = f"struct `{struct.key}` has no fields"
        hint = "only a component may be empty; then it is a tag"
        diagnostics.error("struct-empty", message, fields.key_span, hint)


def _report_unknown_type(
    item: ParsedField, types: Types, components: list[str], context: Context
) -> None:
    name = item.type_name
    message = f"field `{item.name}` has the unknown type `{name}`"
    own = own_type(name, context.types)
    instead = None if own else instead_of(name)
    suffix = "" if item.count is None else f"[{item.count}]"
    swapped = _swapped(item, context)
    if swapped:
        place, key = item.type_span, item.span
        is_one = place.is_whole and place.line == key.line and place.column > key.column
        whole = replace(key, length=place.column + place.length - key.column) if is_one else key
        hint = f"the name comes first: write `{swapped}`"
        written = swapped if is_one else ""
        context.diagnostics.error("field-type", message, whole, hint, replacement=written)
    elif name in components:
        message = f"field `{item.name}` has the component `{name}` as its type"
        hint = "a component travels by itself; define shared data under `structs`"
        context.diagnostics.error("field-type", message, item.type_span, hint)
    elif instead is not None and not _may_be_defined(name, context):
        if instead.text and item.count is not None:
            element = instead.text.strip('"').partition("[")[0]
            instead = replace(instead, text=f'"{element}[{item.count}]"')
        text = instead.text
        context.diagnostics.error(
            "field-type", message, item.type_span, instead.hint, replacement=text
        )
    else:
        known = [*PRIMITIVES, *types.enums, *types.structs]
        entry = struct_for(name)
        near = nearest(name, [*types.enums, *types.structs], SURE)
        if entry and (near is None or not same_digits(near, name)):
            hint = f"define it under `structs`: `{entry}`"
            context.unknown("field-type", message, name, (), item.type_span, hint)
        else:
            context.unknown("field-type", message, name, known, item.type_span, suffix=suffix)


def _swapped(item: ParsedField, context: Context) -> str:
    """The field that is meant where its type stands in the place of its name; else empty."""
    instead = instead_of(item.name)
    kind = item.name if item.name in context.types else instead.text.strip('"') if instead else ""
    is_type = own_type(item.type_name, context.types) or instead_of(item.type_name)
    if not kind or is_type or why_reserved(item.type_name) is not None:
        return ""
    if item.count is None:
        return f"{item.type_name}: {kind}" if "[" not in kind else f'{item.type_name}: "{kind}"'
    return f'{item.type_name}: "{kind.partition("[")[0]}[{item.count}]"'


def _may_be_defined(name: str, context: Context) -> bool:
    """Whether something unseen may define a type of that name; hardly any defines a keyword."""
    is_unseen = any(context.unseen.may_define(section, name) for section in ("enums", "structs"))
    return is_unseen and why_reserved(name) is None


def _parse_type(text: str, span: Span, context: Context) -> tuple[str, int | None] | None:
    """Split `T` or `T[N]`."""
    diagnostics = context.diagnostics
    match = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[([0-9]+)\])?", text)
    if match is None:
        message = f"`{text}` is not a field type"
        instead = instead_of_text(text, context.types)
        diagnostics.error("field-type", message, span, instead.hint, replacement=instead.text)
        return None
    if match[2] is None:
        return match[1], None
    digits = match[2].lstrip("0") or "0"
    if len(digits) <= len(str(MAX_ARRAY_COUNT)) and 1 <= int(digits) <= MAX_ARRAY_COUNT:
        return match[1], int(digits)
    hint = "leave the field out" if digits == "0" else "a transfer has at most 64 KiB"
    diagnostics.error("array-count", f"an array has 1 to {MAX_ARRAY_COUNT} elements", span, hint)
    return None


def _check_type_name(what: str, entry: Entry, diagnostics: Diagnostics) -> None:
    """Refuse a type that hides one of the built-in types."""
    if entry.key in PRIMITIVES:
        diagnostics.error(
            "reserved-name",
            f"{'an' if what == 'enum' else 'a'} {what} can't be called `{entry.key}`",
            entry.key_span,
            f"`{entry.key}` is a built-in type",
        )


def _ordered(uses: dict[str, list[ParsedField]], diagnostics: Diagnostics) -> list[str]:
    """Structs with each after those that it uses, otherwise in file order.

    A depth-first walk without recursion, as the nesting is the user's. A field that closes a cycle
    or nests too deeply is reported and removed from `uses`.
    """
    depths: dict[str, int] = {}
    for root in uses:
        path: list[str] = [] if root in depths else [root]
        while path:
            name = path[-1]
            pending = None
            for item in list(uses[name]):
                if item.type_name not in uses or item.type_name in depths:
                    continue
                if item.type_name not in path:
                    pending = item.type_name
                    break
                _report_cycle(path[path.index(item.type_name) :], item, diagnostics)
                uses[name].remove(item)
            if pending is not None:
                path.append(pending)
                continue
            depths[name] = _depth(name, uses, depths, diagnostics)
            path.pop()
    return list(depths)


def _depth(
    name: str, uses: dict[str, list[ParsedField]], depths: dict[str, int], diagnostics: Diagnostics
) -> int:
    """How many levels of structs `name` has, itself included."""
    deepest = 0
    for item in list(uses[name]):
        inner = depths.get(item.type_name, 0)
        if inner >= MAX_STRUCT_DEPTH:
            message = f"structs are nested more than {MAX_STRUCT_DEPTH} deep"
            diagnostics.error("struct-depth", message, item.type_span, "flatten them")
            uses[name].remove(item)
        else:
            deepest = max(deepest, inner)
    return deepest + 1


def _report_cycle(cycle: list[str], closing: ParsedField, diagnostics: Diagnostics) -> None:
    links = [*cycle, closing.type_name]
    if len(links) > CYCLE_SHOWN:
        links = [*links[: CYCLE_SHOWN - 2], "…", links[-1]]
    chain = " → ".join(links)
    diagnostics.error(
        "struct-cycle",
        f"struct `{closing.type_name}` contains itself: {chain}",
        closing.type_span,
        "use `entity` to refer to another",
    )
