"""Field types: what each kind of type is, for all stages, said once: one class a kind.

A stage asks a type for its own part of `FieldType` and never which kind it is, so a new kind is a
class here and a way to write it in schemas (docs/architecture.md has the steps). `resolve` makes
the types; sizes of structs are `layout`'s, which hands them in; identifiers are made by `Names`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from corinth.c_form import CForm
from corinth.diagnostics import Span

if TYPE_CHECKING:
    from corinth.model import StructLayout
    from corinth.names import Names


class FieldType(Protocol):
    """What the stages ask a field's type. What it is made of must be of some kind as well."""

    @property
    def text(self) -> str:
        """As the schema writes it: `u8[4096]`. No two types of a schema have the same."""

    @property
    def parts(self) -> tuple[FieldType, ...]:
        """The types that it is made of."""

    @property
    def can_be_wrong(self) -> bool:
        """Whether some bytes are no value of it."""

    def extent(self, structs: Mapping[str, StructLayout]) -> tuple[int, int]:
        """Size and alignment in memory. `structs` holds the layouts of those that it uses."""

    @property
    def wire_bytes(self) -> int:
        """Its size in a frame."""

    @property
    def wire_text(self) -> str:
        """Its name in the canonical wire text."""

    @property
    def wire_definition(self) -> tuple[str, ...]:
        """What the canonical wire text says of it, a line each; of a built-in type, nothing."""

    def json(self) -> Mapping[str, str | int | None]:
        """Its keys in an object that describes a field."""

    def c_type(self, names: Names) -> str:
        """Its C type; of an array, that of its elements."""

    def c_form(self, names: Names) -> CForm:
        """How C handles it."""


@dataclass(frozen=True)
class Field:
    name: str
    doc: str
    type: FieldType
    span: Span


class Primitive(enum.Enum):
    """A scalar: its schema name, its C type, its bytes in memory as on the wire, and by which type
    the functions of corinth/wire.h that carry it are called."""

    I8 = "i8", "int8_t", 1, "u8"
    I16 = "i16", "int16_t", 2, "u16"
    I32 = "i32", "int32_t", 4, "u32"
    I64 = "i64", "int64_t", 8, "u64"
    U8 = "u8", "uint8_t", 1, "u8"
    U16 = "u16", "uint16_t", 2, "u16"
    U32 = "u32", "uint32_t", 4, "u32"
    U64 = "u64", "uint64_t", 8, "u64"
    F32 = "f32", "float", 4, "f32"
    F64 = "f64", "double", 8, "f64"
    BOOL = "bool", "bool", 1, "u8"
    CHAR = "char", "char", 1, "u8"
    ENTITY = "entity", "corinth_entity", 8, "u64"

    def __init__(self, text: str, c_name: str, size: int, carrier: str) -> None:
        self.text = text
        self.c_name = c_name
        self.size = size
        self.carrier = carrier

    @property
    def is_integer(self) -> bool:
        """Whether it is a number that an enum may be based on: i8 to i64 and u8 to u64."""
        return self.text[0] in "iu" and self.text[1:].isdigit()

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest value of an integer."""
        assert self.is_integer, "only integers have bounds"
        bits = 8 * self.size
        lowest = 0 if self.text[0] == "u" else -(1 << bits - 1)
        return lowest, lowest + (1 << bits) - 1

    def literal(self, value: int) -> str:
        """An integer constant in C; the lowest of 64 bits has no literal of its own."""
        lowest, highest = self.bounds
        assert lowest <= value <= highest, "values were checked when they were read"
        if value == -(1 << 63):
            return "INT64_MIN"
        if self.size == 8:
            digits = f"{'' if lowest else 'U'}INT64_C({abs(value)})"
        else:
            digits = f"{abs(value)}{'u' if self is Primitive.U32 else ''}"
        return f"(-{digits})" if value < 0 else digits

    @property
    def parts(self) -> tuple[FieldType, ...]:
        return ()

    @property
    def can_be_wrong(self) -> bool:
        return self is Primitive.BOOL

    def extent(self, structs: Mapping[str, StructLayout]) -> tuple[int, int]:
        return self.size, self.size

    @property
    def wire_bytes(self) -> int:
        return self.size

    @property
    def wire_text(self) -> str:
        return self.text

    @property
    def wire_definition(self) -> tuple[str, ...]:
        return ()

    def json(self) -> Mapping[str, str | int | None]:
        return {"type": self.text, "count": None}

    def c_type(self, names: Names) -> str:
        return self.c_name

    def c_form(self, names: Names) -> CForm:
        is_bool = self is Primitive.BOOL
        # An entity is a u64 in C as well.
        is_recast = self.carrier != self.text and self is not Primitive.ENTITY
        return CForm(
            c_type=self.c_name,
            # Some targets align 8 bytes to 4 inside a struct; generated ones are the same on all.
            alignas="CORINTH_ALIGNAS(8) " if self.size == 8 else "",
            has_entity=self is Primitive.ENTITY,
            put=f"corinth_internal_put_{self.carrier}",
            put_cast=f"(uint{8 * self.size}_t)" if is_recast else "",
            get=f"corinth_internal_get_{'bool' if is_bool else self.carrier}",
            get_cast=f"({self.c_name})" if is_recast else "",
            is_checked_by_get=is_bool,
            validator="corinth_internal_are_bools" if is_bool else "",
            validator_cast="&" if is_bool else "",
            is_bool=is_bool,
            is_byte=self.size == 1 and not is_bool,
        )


PRIMITIVES: Mapping[str, Primitive] = {primitive.text: primitive for primitive in Primitive}
"""The built-in types by name."""


@dataclass(frozen=True)
class EnumValue:
    name: str
    value: int
    span: Span


@dataclass(frozen=True)
class EnumType:
    """A user's enumeration: a fixed-width integer with named values."""

    name: str
    doc: str
    base: Primitive
    values: tuple[EnumValue, ...]
    span: Span

    @property
    def text(self) -> str:
        return self.name

    @property
    def parts(self) -> tuple[FieldType, ...]:
        return (self.base,)

    @property
    def can_be_wrong(self) -> bool:
        return True

    def extent(self, structs: Mapping[str, StructLayout]) -> tuple[int, int]:
        return self.base.extent(structs)

    @property
    def wire_bytes(self) -> int:
        return self.base.wire_bytes

    @property
    def wire_text(self) -> str:
        return f"enum {self.name}"

    @property
    def wire_definition(self) -> tuple[str, ...]:
        values = sorted(self.values, key=lambda value: value.value)
        return (
            f"enum {self.name} {self.base.wire_text}",
            *(f"value {value.name} {value.value}" for value in values),
        )

    def json(self) -> Mapping[str, str | int | None]:
        return {"type": self.name, "count": None}

    def c_type(self, names: Names) -> str:
        return names.enum_type(self)

    def c_form(self, names: Names) -> CForm:
        base = self.base.c_form(names)
        return replace(
            base,
            c_type=self.c_type(names),
            get_cast=f"({self.c_type(names)})" if base.get_cast else "",
            validator=names.enum_call(self, "is_valid"),
            is_byte=False,
        )


@dataclass(frozen=True)
class StructType:
    """A user's struct: the type of fields, never a component by itself."""

    name: str
    doc: str
    fields: tuple[Field, ...]
    span: Span

    @property
    def text(self) -> str:
        return self.name

    @property
    def parts(self) -> tuple[FieldType, ...]:
        return tuple(field.type for field in self.fields)

    @cached_property
    def can_be_wrong(self) -> bool:
        return can_be_wrong(self.fields)

    def extent(self, structs: Mapping[str, StructLayout]) -> tuple[int, int]:
        return structs[self.name].size, structs[self.name].alignment

    @cached_property
    def wire_bytes(self) -> int:
        return wire_bytes(self.fields)

    @property
    def wire_text(self) -> str:
        return f"struct {self.name}"

    @property
    def wire_definition(self) -> tuple[str, ...]:
        return (self.wire_text, *(field_text(field) for field in self.fields))

    def json(self) -> Mapping[str, str | int | None]:
        return {"type": self.name, "count": None}

    def c_type(self, names: Names) -> str:
        return names.struct_type(self)

    def c_form(self, names: Names) -> CForm:
        is_checked = self.can_be_wrong
        return CForm(
            c_type=self.c_type(names),
            put=names.type_call(self, "put"),
            put_cast="&",
            get=names.type_call(self, "get"),
            is_checked_by_get=is_checked,
            is_filled_by_get=not is_checked,
            validator=names.type_call(self, "check") if is_checked else "",
            validator_cast="&",
        )


@dataclass(frozen=True)
class ArrayType:
    """So many elements of another type, never of an array. `u8[1]` is an array of one."""

    element: FieldType
    count: int

    @property
    def text(self) -> str:
        return f"{self.element.text}[{self.count}]"

    @property
    def parts(self) -> tuple[FieldType, ...]:
        return (self.element,)

    @property
    def can_be_wrong(self) -> bool:
        return self.element.can_be_wrong

    def extent(self, structs: Mapping[str, StructLayout]) -> tuple[int, int]:
        size, alignment = self.element.extent(structs)
        return self.count * size, alignment

    @property
    def wire_bytes(self) -> int:
        return self.count * self.element.wire_bytes

    @property
    def wire_text(self) -> str:
        return f"{self.element.wire_text}[{self.count}]"

    @property
    def wire_definition(self) -> tuple[str, ...]:
        return ()

    def json(self) -> Mapping[str, str | int | None]:
        return {**self.element.json(), "count": self.count}

    def c_type(self, names: Names) -> str:
        return self.element.c_type(names)

    def c_form(self, names: Names) -> CForm:
        return replace(self.element.c_form(names), count=self.count)


def can_be_wrong(fields: Iterable[Field]) -> bool:
    """Whether some bytes are no value of these fields."""
    return any(field.type.can_be_wrong for field in fields)


def wire_bytes(fields: Iterable[Field]) -> int:
    """The encoded size of fields; 0 for a tag's."""
    return sum(field.type.wire_bytes for field in fields)


def field_text(field: Field) -> str:
    """A field in the canonical texts."""
    return f"field {field.name} {field.type.wire_text}"


def types_within(fields: Iterable[Field]) -> list[FieldType]:
    """The types of fields and all that those are made of, each once, in no order."""
    found: dict[str, FieldType] = {}
    pending = [field.type for field in fields]
    while pending:
        kind = pending.pop()
        if kind.text not in found:
            found[kind.text] = kind
            pending += kind.parts
    return list(found.values())
