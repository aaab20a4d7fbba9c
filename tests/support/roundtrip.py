"""C programs that send every component of a schema there and back, with an encoder of their own.

The values are chosen here, and the frame that they must become is built here with `struct`, after
the table in `corinth.wire` and without a line of the generator's code. The C program fills a
transfer with the values, compares the frame byte by byte, decodes it over other memory, and
compares every member with its value.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from corinth.field_types import ArrayType, EnumType, Field, FieldType, Primitive, StructType
from corinth.model import Component, Layout, Model
from corinth.names import Names

FORMATS = {
    "i8": "<b", "i16": "<h", "i32": "<i", "i64": "<q", "u8": "<B", "u16": "<H", "u32": "<I",
    "u64": "<Q", "f32": "<f", "f64": "<d", "bool": "<?", "char": "<b", "entity": "<Q",
}  # fmt: skip

SUFFIXES = {"i64": "INT64_C({})", "u64": "UINT64_C({})", "entity": "UINT64_C({})", "u32": "{}u"}
"""How a number is written in C, where its digits alone would be of another type."""


@dataclass(frozen=True)
class Leaf:
    """A scalar of a component: where it is in C, its value in C, and its bytes on the wire."""

    member: str
    literal: str
    encoded: bytes


def roundtrip_function(layout: Layout, rng: random.Random) -> str:
    """`static void roundtrip_NAME(void)`, which uses check.h and the schema's own header."""
    model = layout.model
    names = Names(model.name)
    components = [(component, list(_leaves(component, rng))) for component in model.components]
    blocks = [_alone(layout, component, leaves) for component, leaves in components]
    everything = _together(layout, components)
    return "\n".join(
        [
            *(block for block in [*blocks, everything]),
            f"static void roundtrip_{names.prefix}(void)",
            "{",
            *(f"    roundtrip_{names.prefix}_{component.id}();" for component, _ in components),
            f"    roundtrip_{names.prefix}_all();",
            "}",
            "",
        ]
    )


def frame_of(layout: Layout, parts: list[tuple[Component, list[Leaf]]]) -> bytes:
    """The frame of a transfer between the first and the last world that holds these components."""
    mask = sum(1 << component.id for component, _ in parts)
    body = b"".join(leaf.encoded for _, leaves in parts for leaf in leaves)
    mask_bytes = mask.to_bytes(layout.transfer.mask_storage_bytes, "little")
    length = 32 + len(mask_bytes) + len(body)
    worlds = layout.model.worlds
    head = struct.pack(
        "<4sBQIQIBBB", b"CRN1", 1, layout.wire_hash, length, ENTITY, GENERATION,
        worlds[0].id, worlds[-1].id, FLAGS,
    )  # fmt: skip
    return head + mask_bytes + body


ENTITY = 0x8877665544332211
GENERATION = 0xCCBBAA99
FLAGS = 5


def _alone(layout: Layout, component: Component, leaves: list[Leaf]) -> str:
    return _function(layout, str(component.id), [(component, leaves)])


def _together(layout: Layout, components: list[tuple[Component, list[Leaf]]]) -> str:
    """All components at once, packed last one first."""
    return _function(layout, "all", components)


def _function(layout: Layout, suffix: str, parts: list[tuple[Component, list[Leaf]]]) -> str:
    names = Names(layout.model.name)
    prefix = names.prefix
    frame = frame_of(layout, parts)
    fill = [line for part in reversed(parts) for line in _fill(names, *part)]
    compare = [line for part in parts for line in _compare(names, *part)]
    digits = ", ".join(map(str, frame))
    return f"""static void roundtrip_{prefix}_{suffix}(void)
{{
    static const unsigned char expected[] = {{{digits}}};
    static unsigned char frame[{len(frame)}];
    static {prefix}_transfer transfer;
    size_t consumed = 0;
    check_case("{prefix}: {suffix}");
    memset(&transfer, 0xa5, sizeof transfer);
    {_header(layout.model, names)}
{chr(10).join(fill)}
    CHECK_EQUAL({prefix}_transfer_validate(&transfer), CORINTH_OK);
    CHECK_EQUAL({prefix}_transfer_encode(&transfer, frame, sizeof frame), sizeof expected);
    CHECK(memcmp(frame, expected, sizeof expected) == 0);
    memset(&transfer, 0x5a, sizeof transfer);
    CHECK_EQUAL({prefix}_transfer_decode(&transfer, frame, sizeof frame, &consumed), CORINTH_OK);
    CHECK_EQUAL(consumed, sizeof expected);
{chr(10).join(compare)}
    for (size_t size = 0; size < sizeof expected; size++) {{
        CHECK({prefix}_transfer_decode(&transfer, frame, size, &consumed) != CORINTH_OK);
    }}
}}
"""


def _header(model: Model, names: Names) -> str:
    ends = names.world_constant(model.worlds[0]), names.world_constant(model.worlds[-1])
    return (
        f"{names.prefix}_transfer_init(&transfer, {ends[0]}, {ends[1]});"
        f" transfer.entity = UINT64_C({ENTITY}); transfer.generation = {GENERATION}u;"
        f" transfer.flags = {FLAGS};"
    )


def _fill(names: Names, component: Component, leaves: list[Leaf]) -> Iterator[str]:
    if component.is_tag:
        yield f"    {names.component_call(component, 'pack')}(&transfer);"
        return
    c_type = names.component_type(component)
    yield f"    {{ {c_type} *value = {names.component_call(component, 'add')}(&transfer);"
    for leaf in leaves:
        yield f"    value->{leaf.member} = {leaf.literal};"
    yield "    }"


def _compare(names: Names, component: Component, leaves: list[Leaf]) -> Iterator[str]:
    yield f"    CHECK({names.component_call(component, 'has')}(&transfer));"
    if component.is_tag:
        return
    c_type = names.component_type(component)
    yield f"    {{ const {c_type} *value = {names.component_call(component, 'unpack')}(&transfer);"
    yield "    CHECK(value != NULL);"
    for leaf in leaves:
        yield f"    CHECK(value->{leaf.member} == {leaf.literal});"
    yield "    }"


def _leaves(record: Component | StructType, rng: random.Random, path: str = "") -> Iterator[Leaf]:
    """The scalars of a record in the order of the wire, with random values."""
    for field in record.fields:
        for member, kind in _elements(field, path + field.name):
            if isinstance(kind, StructType):
                yield from _leaves(kind, rng, f"{member}.")
            elif isinstance(kind, EnumType):
                yield _leaf(member, kind.base, rng.choice(kind.values).value)
            else:
                assert isinstance(kind, Primitive), "every other type is a scalar"
                yield _leaf(member, kind, _value(kind, rng))


def _elements(field: Field, member: str) -> Iterator[tuple[str, FieldType]]:
    if isinstance(field.type, ArrayType):
        for index in range(field.type.count):
            yield f"{member}[{index}]", field.type.element
    else:
        yield member, field.type


def _value(kind: Primitive, rng: random.Random) -> int | float:
    """Any value, the extreme ones often; floats that are exact in 32 bits."""
    if kind is Primitive.BOOL:
        return rng.randrange(2)
    if kind in (Primitive.F32, Primitive.F64):
        return rng.choice((-1, 1)) * rng.randrange(1 << 20) / 1024
    size = 8 * struct.calcsize(FORMATS[kind.text])
    low = -(1 << (size - 1)) if FORMATS[kind.text][1].islower() else 0
    high = low + (1 << size) - 1
    if kind is Primitive.CHAR:
        return rng.randrange(128)
    return rng.choice((low, high, rng.randint(low, high), rng.randint(low, high)))


def _leaf(member: str, kind: Primitive, value: int | float) -> Leaf:
    encoded = struct.pack(FORMATS[kind.text], value)
    if isinstance(value, float):
        literal = f"{value!r}f" if kind is Primitive.F32 else repr(value)
        return Leaf(member, literal, encoded)
    if value == -(1 << 63):
        return Leaf(member, "INT64_MIN", encoded)
    if kind is Primitive.I32 and value == -(1 << 31):
        return Leaf(member, "INT32_MIN", encoded)
    if kind is Primitive.BOOL:
        return Leaf(member, "true" if value else "false", encoded)
    return Leaf(member, SUFFIXES.get(kind.text, "{}").format(value), encoded)
