"""What PREFIX_transfer.h prints: the transfer, and its way onto the wire and off it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corinth.field_types import Field, StructType, can_be_wrong
from corinth.model import MAX_TRANSFER_BYTES, Component, Layout, TransferLayout
from corinth.names import COMPONENT_CALLS, COMPONENT_DATA_CALLS, Names
from corinth.view.components import WORD_BITS, MemberView, size_in_words
from corinth.view.constants import assert_equal
from corinth.view.statements import (
    both_valid,
    check_statements,
    get_statements,
    put_statements,
)
from corinth.view.text import pad
from corinth.view.types import FieldView, field_view
from corinth.wire import MASK_OFFSET

COPIED_WHOLE_BYTES = 256
"""Up to this size, copying absent components costs less than testing which are present."""

GROUP_COMPONENTS = 16
"""A helper that handles each component on three lines handles this many, to stay readable."""


BODY_LINES = 55
"""A helper that handles a record's fields is parted where its statements take more lines."""


@dataclass(frozen=True)
class HelperView:
    """A function for the fields of a record, or for some of them."""

    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class RecordView:
    """A struct or a component with data: its helpers, those of parts before that of all fields,
    where one function would be too long."""

    c_type: str
    can_be_wrong: bool
    """Whether some bytes are no value of it."""
    encoders: tuple[HelperView, ...]
    decoders: tuple[HelperView, ...]
    validators: tuple[HelperView, ...]
    """None where nothing can be wrong."""


@dataclass(frozen=True)
class ComponentCallsView:
    """A component's functions, and how they name its bit."""

    id: int
    name: str
    member: str
    """Of the transfer."""
    c_type: str
    cpp_type: str
    """In the namespace that C++ sees."""
    is_tag: bool
    bit_constant: str
    set_bit: str
    clear_bit: str
    """Statements."""
    calls: dict[str, str]
    """Public functions by what they do: `pack` to `server_transfer_pack_request`."""
    encoder: str
    decoder: str
    validator: str
    """The helpers of its data."""
    can_be_wrong: bool


@dataclass(frozen=True)
class GroupView:
    """Components that one helper of each kind handles."""

    components: tuple[ComponentCallsView, ...]
    copier: str
    encoder: str
    decoder: str
    validator: str
    visitor: str
    """Functions, named by the first and last of the ids if there are several groups; the last is
    C++'s."""


@dataclass(frozen=True)
class StoredMaskView:
    """How a mask is stored in a transfer and put on the wire."""

    c_type: str
    cast: str
    """Of a mask to the type that it is stored in."""
    none: str
    """An expression."""
    put: tuple[str, ...]
    get: tuple[str, ...]
    """Statements that carry it."""


@dataclass(frozen=True)
class BodyView:
    """The member of the transfer that holds its components."""

    members: tuple[MemberView, ...]
    offset: int
    size: int


@dataclass(frozen=True)
class TransferView:
    members: tuple[MemberView, ...]
    """Of the header."""
    body: BodyView | None
    """None where all components are tags."""
    summary: str
    header_size: int
    size: int
    alignment: int
    encoded_min: int
    encoded_max: int
    assertions: tuple[str, ...]
    mask: StoredMaskView
    components: tuple[ComponentCallsView, ...]
    records: tuple[RecordView, ...]
    """Structs, each after those that it uses, then components with data."""
    data_groups: tuple[GroupView, ...]
    checked_groups: tuple[GroupView, ...]
    """Of the components that have bools or enums."""
    visited_groups: tuple[GroupView, ...]
    """Of all components."""
    has_one_visitor: bool
    """One function visits all components."""
    is_copied_whole: bool


def transfer_view(layout: Layout, names: Names) -> TransferView:
    """Everything that PREFIX_transfer.h says."""
    transfer = layout.transfer
    mask = _stored_mask(transfer, names)
    components = tuple(
        _component(component, transfer, mask, names) for component in layout.model.components
    )
    with_data = [component for component in components if not component.is_tag]
    checked = [component for component in with_data if component.can_be_wrong]
    return TransferView(
        members=_header_members(transfer, mask, names),
        body=_body(transfer, names),
        summary=size_in_words(transfer),
        header_size=transfer.header_size,
        size=transfer.size,
        alignment=transfer.alignment,
        encoded_min=MASK_OFFSET + transfer.mask_storage_bytes,
        encoded_max=transfer.encoded_max,
        assertions=_assertions(transfer, mask, names),
        mask=mask,
        components=components,
        records=(
            *(
                _record(names.struct_type(struct), struct, struct.fields, names)
                for struct in layout.model.structs
            ),
            *(
                _record(names.component_type(component), component, component.fields, names)
                for component in layout.model.components
                if not component.is_tag
            ),
        ),
        data_groups=_groups(with_data, names),
        checked_groups=_groups(checked, names),
        visited_groups=_groups(components, names),
        has_one_visitor=len(components) <= GROUP_COMPONENTS,
        is_copied_whole=transfer.size <= COPIED_WHOLE_BYTES,
    )


def _stored_mask(transfer: TransferLayout, names: Names) -> StoredMaskView:
    mask, none = names.fixed("mask"), f"{names.fixed('mask_none')}()"
    if transfer.mask_value_bits > WORD_BITS:
        each = f"for (size_t i = 0; i < {names.fixed('MASK_WORDS')}; i++) {{"
        return StoredMaskView(
            mask,
            "",
            none,
            (each, "    corinth_internal_put_u64(&at, transfer->mask.words[i]);", "}"),
            (
                f"{mask} mask = {none};",
                each,
                "    mask.words[i] = corinth_internal_get_u64(&at);",
                "}",
            ),
        )
    bits = 8 * transfer.mask_storage_bytes
    c_type = f"uint{bits}_t"
    cast = "" if bits == transfer.mask_value_bits else f"({c_type})"
    return StoredMaskView(
        c_type,
        cast,
        f"{cast}{none}",
        (f"corinth_internal_put_u{bits}(&at, transfer->mask);",),
        (f"{mask} mask = corinth_internal_get_u{bits}(&at);",),
    )


def _header_members(
    transfer: TransferLayout, mask: StoredMaskView, names: Names
) -> tuple[MemberView, ...]:
    world = names.fixed("world")
    aligned = "CORINTH_ALIGNAS(8) "
    types = {
        "entity": aligned + "corinth_entity",
        "generation": "uint32_t",
        "source": world,
        "target": world,
        "flags": "uint8_t",
        "mask": (aligned if mask.c_type == "uint64_t" else "") + mask.c_type,
    }
    return _aligned(
        [(f"{types[item.name]} {item.name};", item.offset, item.size) for item in transfer.header]
    )


def _body(transfer: TransferLayout, names: Names) -> BodyView | None:
    if transfer.body is None:
        return None
    members = []
    for item in transfer.components:
        if item.struct is not None and item.offset is not None:
            member = names.component_member(item.component)
            declaration = f"{names.component_type(item.component)} {member};"
            members.append((declaration, item.offset, item.struct.size))
    return BodyView(_aligned(members), transfer.body.offset, transfer.body.size)


def _aligned(members: Sequence[tuple[str, int, int]]) -> tuple[MemberView, ...]:
    """Declaration, offset and size of each, the declarations filled to one width."""
    declarations = pad(declaration for declaration, _, _ in members)
    return tuple(
        MemberView("", declaration, offset, size)
        for declaration, (_, offset, size) in zip(declarations, members, strict=True)
    )


def _assertions(transfer: TransferLayout, mask: StoredMaskView, names: Names) -> tuple[str, ...]:
    c_type = names.fixed("transfer")
    lines = [
        assert_equal(f"sizeof({c_type})", names.fixed("TRANSFER_SIZE"), "size"),
        assert_equal(f"CORINTH_ALIGNOF({c_type})", names.fixed("TRANSFER_ALIGNMENT"), "alignment"),
    ]
    for member in transfer.header:
        lines.append(assert_equal(f"offsetof({c_type}, {member.name})", member.offset, "offset"))
    for item in transfer.components:
        if item.offset is not None:
            member_name = f"components.{names.component_member(item.component)}"
            offset = names.component_constant(item.component, "OFFSET")
            lines.append(assert_equal(f"offsetof({c_type}, {member_name})", offset, "offset"))
            alignment = names.component_constant(item.component, "ALIGNMENT")
            lines.append(assert_equal(f"{offset} % {alignment}", 0, "aligned"))
    header = names.fixed("TRANSFER_HEADER_SIZE")
    lines.append(
        assert_equal(f"offsetof({c_type}, mask) + sizeof({mask.c_type})", header, "header")
    )
    size = names.fixed("TRANSFER_SIZE")
    lines.append(f'CORINTH_STATIC_ASSERT({size} <= {MAX_TRANSFER_BYTES}, "64 KiB");')
    mask_size = f"{names.fixed('TRANSFER_ENCODED_MIN')} - CORINTH_INTERNAL_FRAME_HEADER_SIZE"
    lines.append(assert_equal(mask_size, f"sizeof({mask.c_type})", "frame"))
    return tuple(lines)


def _component(
    component: Component, transfer: TransferLayout, mask: StoredMaskView, names: Names
) -> ComponentCallsView:
    bit = names.component_bit(component)
    is_words = transfer.mask_value_bits > WORD_BITS
    own = f"{names.fixed('mask_of')}({bit})" if is_words else names.component_mask(component)
    word = names.type_word(component)
    calls = COMPONENT_CALLS + (() if component.is_tag else COMPONENT_DATA_CALLS)

    def changed(call: str) -> str:
        return f"transfer->mask = {mask.cast}{names.fixed(call)}(transfer->mask, {own});"

    return ComponentCallsView(
        id=component.id,
        name=component.name,
        member=names.component_member(component),
        c_type=names.component_type(component),
        cpp_type=names.component_cpp_type(component),
        is_tag=component.is_tag,
        bit_constant=bit,
        set_bit=changed("mask_or"),
        clear_bit=changed("mask_remove"),
        calls={call: names.component_call(component, call) for call in calls},
        encoder=names.internal(f"put_{word}"),
        decoder=names.internal(f"get_{word}"),
        validator=names.internal(f"check_{word}"),
        can_be_wrong=can_be_wrong(component.fields),
    )


def _record(
    c_type: str, record: StructType | Component, fields: tuple[Field, ...], names: Names
) -> RecordView:
    views = tuple(field_view(field, names) for field in fields)
    checked = tuple(view for view in views if view.validator)
    word = names.type_word(record)
    decoded = "is_valid &= {}(at, value);" if checked else "{}(at, value);"
    return RecordView(
        c_type,
        bool(checked),
        _helpers("put", "encode", word, views, _encoded, "{}(at, value);", names),
        _helpers("get", "decode", word, views, _decoded, decoded, names),
        _validators(word, checked, names) if checked else (),
    )


def _encoded(fields: Sequence[FieldView]) -> tuple[str, ...]:
    return tuple(statement for field in fields for statement in put_statements(field))


def _decoded(fields: Sequence[FieldView]) -> tuple[str, ...]:
    return tuple(statement for field in fields for statement in get_statements(field))


def _helpers(
    whole: str,
    part: str,
    word: str,
    fields: tuple[FieldView, ...],
    statements: Callable[[Sequence[FieldView]], tuple[str, ...]],
    call: str,
    names: Names,
) -> tuple[HelperView, ...]:
    """The helpers of parts, and the one that calls them or does all by itself."""
    parts = tuple(
        HelperView(names.internal(f"{part}_{name}"), statements(fields[begin:end]))
        for name, begin, end in _parts(fields, word)
    )
    calls = tuple(call.format(helper.name) for helper in parts)
    return (*parts, HelperView(names.internal(f"{whole}_{word}"), calls or statements(fields)))


def _validators(word: str, fields: tuple[FieldView, ...], names: Names) -> tuple[HelperView, ...]:
    *parts, whole = _helpers(
        "check", "validate", word, fields, check_statements, "{}(value)", names
    )
    if not parts:
        return (whole,)
    first, *others = whole.statements
    calls = (both_valid(first, ()), *(both_valid(call, first) for call in others))
    return (*parts, HelperView(whole.name, calls))


def _parts(fields: tuple[FieldView, ...], word: str) -> list[tuple[str, int, int]]:
    """Names and ranges of parts of a record that has too many fields for one function."""
    begins: list[int] = []
    lines = BODY_LINES
    for index, field in enumerate(fields):
        if lines + field.lines > BODY_LINES:
            begins.append(index)
            lines = 0
        lines += field.lines
    if len(begins) <= 1:
        return []
    return [
        (f"fields_{begin}_to_{end - 1}_of_{word}", begin, end)
        for begin, end in pairwise([*begins, len(fields)])
    ]


def _groups(components: Sequence[ComponentCallsView], names: Names) -> tuple[GroupView, ...]:
    groups = [
        components[start : start + GROUP_COMPONENTS]
        for start in range(0, len(components), GROUP_COMPONENTS)
    ]
    views = []
    for group in groups:
        suffix = f"components_{group[0].id}_to_{group[-1].id}" if len(groups) > 1 else "components"
        views.append(
            GroupView(
                tuple(group),
                names.internal(f"copy_{suffix}"),
                names.internal(f"encode_{suffix}"),
                names.internal(f"decode_{suffix}"),
                names.internal(f"validate_{suffix}"),
                f"internal_each_{suffix.replace('components', 'component', 1)}",
            )
        )
    return tuple(views)
