"""What PREFIX_components.h prints: worlds, enums, structs, components, the mask, the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corinth.field_types import FieldType, types_within, wire_bytes
from corinth.model import Component, Layout, Model, StructLayout, TransferLayout
from corinth.names import Names
from corinth.view.constants import ConstantView, assert_equal
from corinth.view.enums import EnumView, enum_view
from corinth.view.text import braces, comment, pad, quote
from corinth.view.types import field_view

WORD_BITS = 64


@dataclass(frozen=True)
class WorldsView:
    constants: tuple[ConstantView, ...]
    id_end: int
    """One more than the highest id."""
    condition: str
    """What holds of a `world` that is one."""
    names: str
    """The initialiser of an array of their names, by id."""


@dataclass(frozen=True)
class MemberView:
    """A member of a struct. `declaration` is filled with blanks so that the comments align."""

    comment: str
    declaration: str
    offset: int
    size: int


@dataclass(frozen=True)
class StructView:
    comment: str
    c_type: str
    members: tuple[MemberView, ...]
    summary: str
    """Size and padding in words."""
    constants: tuple[ConstantView, ...]
    """Of a component: bit, mask, offset. Of both: size and alignment."""
    assertions: tuple[str, ...]


@dataclass(frozen=True)
class ComponentView:
    comment: str
    name: str
    word: str
    """In the names of its functions; in upper case, in those of its constants."""
    cpp_type: str
    """In the namespace that C++ sees."""
    struct: StructView | None
    """None for a tag."""
    constants: tuple[ConstantView, ...]
    assertion: str


@dataclass(frozen=True)
class ListView:
    """A macro that lists components."""

    name: str
    rows: tuple[str, ...]
    """Each but the last with the backslash that goes on."""


@dataclass(frozen=True)
class MaskView:
    template: str
    value_type: str
    """The C type of the mask as a value: an integer, or a struct of words."""
    bit_count: int
    word_count: int
    none: str
    all: str
    """Initialisers or expressions of the masks that have no and every component."""


@dataclass(frozen=True)
class ComponentsView:
    wire_hash: str
    layout_hash: str
    worlds: WorldsView
    enums: tuple[EnumView, ...]
    structs: tuple[StructView, ...]
    components: tuple[ComponentView, ...]
    rows: tuple[str, ...]
    """Of the table of components: name, bit, offset, size, alignment, encoded size, in braces."""
    lists: tuple[ListView, ...]
    mask: MaskView
    is_dense: bool
    """Whether a component's bit is its row in the table."""
    has_entities: bool
    """Whether a field refers to an entity."""

    @property
    def has_members(self) -> bool:
        return bool(self.structs) or any(component.struct for component in self.components)

    @property
    def needs_stddef(self) -> bool:
        """Members have offsets; what is searched has a size."""
        is_searched = bool(self.components) and not self.is_dense
        has_table = any(enum.ranges for enum in self.enums)
        return self.has_members or is_searched or has_table or self.mask.word_count > 1


def components_view(layout: Layout, names: Names) -> ComponentsView:
    """Everything that PREFIX_components.h says."""
    model = layout.model
    components = tuple(
        _component(item.component, item.struct, item.offset, layout, names)
        for item in layout.transfer.components
    )
    return ComponentsView(
        wire_hash=f"{layout.wire_hash:016x}",
        layout_hash=f"{layout.layout_hash:016x}",
        worlds=_worlds(model, names),
        enums=tuple(enum_view(enum, names) for enum in model.enums),
        structs=tuple(
            _struct(
                names.struct_type(struct),
                comment(struct.doc),
                laid_out,
                (
                    ConstantView("", names.struct_constant(struct, "SIZE"), str(laid_out.size)),
                    ConstantView(
                        "", names.struct_constant(struct, "ALIGNMENT"), str(laid_out.alignment)
                    ),
                ),
                names,
            )
            for struct, laid_out in zip(model.structs, layout.structs, strict=True)
        ),
        components=components,
        rows=_rows(layout),
        lists=(
            _list("COMPONENTS", components, names),
            _list("COMPONENTS_WITH_DATA", [c for c in components if c.struct], names),
            _list("TAGS", [c for c in components if not c.struct], names),
        ),
        mask=_mask(layout),
        is_dense=[c.id for c in model.components] == list(range(len(components))),
        has_entities=any(kind.c_form(names).has_entity for kind in _types(model)),
    )


def _types(model: Model) -> list[FieldType]:
    """The types of all fields."""
    within_structs = (field for struct in model.structs for field in struct.fields)
    within_components = (field for item in model.components for field in item.fields)
    return types_within((*within_structs, *within_components))


def _worlds(model: Model, names: Names) -> WorldsView:
    worlds, count = model.worlds, model.world_id_end
    by_id = {world.id: names.world_member(world) for world in worlds}
    condition = f"world < {names.fixed('WORLD_COUNT')}"
    if len(by_id) < count:
        bits = sum(1 << world_id for world_id in by_id)
        condition += f" && (UINT64_C(0x{bits:x}) >> world & 1) != 0"
    return WorldsView(
        constants=tuple(
            ConstantView(
                comment(world.doc),
                names.world_constant(world),
                f"CORINTH_CONSTANT({names.fixed('world')}, {world.id})",
            )
            for world in worlds
        ),
        id_end=count,
        condition=condition,
        names=braces([quote(by_id.get(world_id, "unknown")) for world_id in range(count)]),
    )


def _struct(
    c_type: str,
    doc: str,
    laid_out: StructLayout,
    constants: tuple[ConstantView, ...],
    names: Names,
) -> StructView:
    declarations = pad(field_view(item.field, names).declarator for item in laid_out.fields)
    members = tuple(
        MemberView(comment(item.field.doc, indent="    "), declaration, item.offset, item.size)
        for item, declaration in zip(laid_out.fields, declarations, strict=True)
    )
    size, alignment = (constant.name for constant in constants[-2:])
    assertions = [
        assert_equal(f"sizeof({c_type})", size, "size"),
        assert_equal(f"CORINTH_ALIGNOF({c_type})", alignment, "alignment"),
    ]
    for item in laid_out.fields:
        name = item.field.name
        what = f"offsetof({c_type}, {name})"
        assertions.append(assert_equal(what, item.offset, "offset"))
    return StructView(doc, c_type, members, size_in_words(laid_out), constants, tuple(assertions))


def size_in_words(laid_out: StructLayout | TransferLayout) -> str:
    """`8 bytes, 3 of them padding`."""
    size = f"{laid_out.size} byte{'s' * (laid_out.size != 1)}"
    return f"{size}, {laid_out.padding} of them padding" if laid_out.padding else size


def _component(
    component: Component,
    laid_out: StructLayout | None,
    offset: int | None,
    layout: Layout,
    names: Names,
) -> ComponentView:
    bit = names.component_bit(component)
    constants = [ConstantView("", bit, str(component.id))]
    if layout.transfer.mask_value_bits <= WORD_BITS:
        value = f"(CORINTH_CONSTANT({names.fixed('mask')}, 1) << {bit})"
        constants.append(ConstantView("", names.component_mask(component), value))
    struct = None
    if laid_out is not None and offset is not None:
        numbers = {"OFFSET": offset, "SIZE": laid_out.size, "ALIGNMENT": laid_out.alignment}
        constants += [
            ConstantView("", names.component_constant(component, what), str(number))
            for what, number in numbers.items()
        ]
        struct = _struct(
            names.component_type(component),
            comment(component.doc),
            laid_out,
            tuple(constants),
            names,
        )
    doc = component.doc or f"{component.name} is a tag: a bit without data."
    width = layout.transfer.mask_value_bits
    assertion = f"CORINTH_STATIC_ASSERT({bit} < {width}, {quote('a bit of the mask')});"
    word = names.component_member(component)
    return ComponentView(
        comment=comment(doc),
        name=component.name,
        word=word,
        cpp_type=names.component_cpp_type(component),
        struct=struct,
        constants=tuple(constants),
        assertion=assertion,
    )


def _rows(layout: Layout) -> tuple[str, ...]:
    """The rows of the table of components, in columns."""
    columns = [
        pad(quote(item.component.name) + "," for item in layout.transfer.components),
        pad(f"{item.component.id}," for item in layout.transfer.components),
        pad(f"{item.offset or 0}," for item in layout.transfer.components),
        pad(f"{item.struct.size if item.struct else 0}," for item in layout.transfer.components),
        pad(
            f"{item.struct.alignment if item.struct else 0}," for item in layout.transfer.components
        ),
        pad(str(wire_bytes(item.component.fields)) for item in layout.transfer.components),
    ]
    return tuple(f"{{{' '.join(cells).rstrip()}}}" for cells in zip(*columns, strict=True))


def _list(name: str, components: Sequence[ComponentView], names: Names) -> ListView:
    calls = [f"X({component.word}, {component.word.upper()})" for component in components]
    return ListView(names.fixed(name), tuple(" \\\n".join(calls).splitlines()))


def _mask(layout: Layout) -> MaskView:
    bits = layout.transfer.mask_value_bits
    present = sum(1 << component.id for component in layout.model.components)
    words = -(-bits // WORD_BITS)
    is_words = bits > WORD_BITS
    parts = [f"UINT64_C(0x{present >> 64 * i & (1 << 64) - 1:016x})" for i in range(words)]
    return MaskView(
        template="components/mask_words.j2" if is_words else "components/mask_integer.j2",
        value_type="a struct" if is_words else f"uint{bits}_t",
        bit_count=bits,
        word_count=words,
        none="{{0}}" if is_words else "0",
        all=f"{{{braces(parts)}}}" if is_words else f"0x{present:x}",
    )
