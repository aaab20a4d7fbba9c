"""What PREFIX_transfer.h prints: the transfer, and its way onto the wire and off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corinth.field_types import Field, StructType, can_be_wrong
from corinth.model import MAX_TRANSFER_BYTES, Component, Layout, TransferLayout
from corinth.names import Names
from corinth.view.components import MemberView, size_in_words
from corinth.view.constants import assert_equal
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
class PartView:
    """Some fields of a record that has too many for one function."""

    suffix: str
    """`fields_0_to_54_of_request_data`."""
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class RecordView:
    """A struct or a component with data: its helpers `put`, `get` and `check` it."""

    c_type: str
    word: str
    fields: tuple[FieldView, ...]
    parts: tuple[PartView, ...]
    """All of `fields`, where one function would be too long for them; otherwise nothing."""
    checked_fields: tuple[FieldView, ...]
    """Those that some bytes are no value of."""
    checked_parts: tuple[PartView, ...]

    @property
    def can_be_wrong(self) -> bool:
        return bool(self.checked_fields)


@dataclass(frozen=True)
class ComponentCallsView:
    """A component's functions, and how they name its bit."""

    id: int
    name: str
    word: str
    """In the names of functions, and the member of the transfer."""
    c_type: str
    cpp_type: str
    """In the namespace that C++ sees."""
    is_tag: bool
    bit: str
    mask: str
    """An expression."""
    offset: str
    """The constant that its member stands at; of a tag, nothing."""
    can_be_wrong: bool


@dataclass(frozen=True)
class GroupView:
    """Components that one helper handles, named by the first and last of their ids; a single group
    has no need of a `suffix`."""

    suffix: str
    components: tuple[ComponentCallsView, ...]


@dataclass(frozen=True)
class StoredMaskView:
    """How a mask is stored in a transfer and put on the wire."""

    c_type: str
    cast: str
    wire: str
    """`u8` … `u64`: the functions that carry it, or one of its words."""
    is_words: bool


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
    is_copied_whole: bool


def transfer_view(layout: Layout, names: Names) -> TransferView:
    """Everything that PREFIX_transfer.h says."""
    transfer = layout.transfer
    mask = _stored_mask(transfer, names)
    components = tuple(
        _component(component, transfer, names) for component in layout.model.components
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
        data_groups=_groups(with_data),
        checked_groups=_groups(checked),
        visited_groups=_groups(components),
        is_copied_whole=transfer.size <= COPIED_WHOLE_BYTES,
    )


def _stored_mask(transfer: TransferLayout, names: Names) -> StoredMaskView:
    size = transfer.mask_storage_bytes
    is_words = transfer.mask_value_bits > 64
    if is_words:
        return StoredMaskView(names.fixed("mask"), "", "u64", True)
    c_type = f"uint{8 * size}_t"
    cast = "" if 8 * size == transfer.mask_value_bits else f"({c_type})"
    return StoredMaskView(c_type, cast, f"u{8 * size}", False)


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


def _component(component: Component, transfer: TransferLayout, names: Names) -> ComponentCallsView:
    bit = names.component_bit(component)
    is_words = transfer.mask_value_bits > 64
    return ComponentCallsView(
        id=component.id,
        name=component.name,
        word=names.component_member(component),
        c_type=names.component_type(component),
        cpp_type=names.component_cpp_type(component),
        is_tag=component.is_tag,
        bit=bit,
        mask=f"{names.fixed('mask_of')}({bit})" if is_words else names.component_mask(component),
        offset="" if component.is_tag else names.component_constant(component, "OFFSET"),
        can_be_wrong=can_be_wrong(component.fields),
    )


def _record(
    c_type: str, record: StructType | Component, fields: tuple[Field, ...], names: Names
) -> RecordView:
    views = tuple(field_view(field, names) for field in fields)
    checked = tuple(view for view in views if view.is_valid)
    word = names.type_word(record)
    return RecordView(c_type, word, views, _parts(views, word), checked, _parts(checked, word))


def _parts(fields: tuple[FieldView, ...], word: str) -> tuple[PartView, ...]:
    runs: list[list[int]] = []
    lines = BODY_LINES
    for index, field in enumerate(fields):
        if lines + field.lines > BODY_LINES:
            runs.append([])
            lines = 0
        runs[-1].append(index)
        lines += field.lines
    if len(runs) <= 1:
        return ()
    return tuple(
        PartView(f"fields_{run[0]}_to_{run[-1]}_of_{word}", tuple(fields[index] for index in run))
        for run in runs
    )


def _groups(components: Sequence[ComponentCallsView]) -> tuple[GroupView, ...]:
    if len(components) <= GROUP_COMPONENTS:
        return (GroupView("", tuple(components)),) if components else ()
    groups = [
        components[start : start + GROUP_COMPONENTS]
        for start in range(0, len(components), GROUP_COMPONENTS)
    ]
    return tuple(GroupView(f"_{group[0].id}_to_{group[-1].id}", tuple(group)) for group in groups)
