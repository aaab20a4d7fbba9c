"""Schema types as C types: how a field is declared, put on the wire, taken off it, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corinth.model import Component, EnumType, Field, Primitive, StructType
from corinth.names import C_TYPES, Names, snake_case
from corinth.wire import PRIMITIVE_BYTES

WIRE_KINDS: Mapping[Primitive, str] = {
    Primitive.I8: "u8",
    Primitive.I16: "u16",
    Primitive.I32: "u32",
    Primitive.I64: "u64",
    Primitive.BOOL: "u8",
    Primitive.CHAR: "u8",
    Primitive.ENTITY: "u64",
}
"""The functions of corinth/wire.h that carry a scalar, where they aren't called like it."""


@dataclass(frozen=True)
class FieldView:
    """One field. Its statements are `put(at, put_cast value)` and `value = get_cast get(at)`."""

    name: str
    c_type: str
    count: int | None
    alignas: str
    """`CORINTH_ALIGNAS(8) ` where the compiler's own alignment depends on the target."""
    put: str
    put_cast: str
    get: str
    get_cast: str
    is_bytes: bool
    """An array of single bytes that any value is right for: copied as a whole."""
    get_returns_validity: bool
    """`get(at, &value)` returns whether what it read is valid: bools and structs with checks."""
    get_fills: bool
    """`get(at, &value)` fills a struct that nothing can be wrong with."""
    is_valid: str
    """The function that checks a value, or nothing where every value is right."""
    is_valid_cast: str
    """`&` where `is_valid` takes a pointer."""
    is_bool: bool

    @property
    def lines(self) -> int:
        """The most lines that getting, putting or checking it takes."""
        is_checked_after = bool(self.is_valid) and not self.get_returns_validity
        return 1 + is_checked_after + (2 if self.count and not self.is_bytes else 0)

    @property
    def declarator(self) -> str:
        suffix = "" if self.count is None else f"[{self.count}]"
        return f"{self.alignas}{self.c_type} {self.name}{suffix};"


def can_be_wrong(fields: tuple[Field, ...]) -> bool:
    """Whether some bytes are no value of these fields: where there is a bool or an enum."""
    for field in fields:
        kind = field.type
        if isinstance(kind, StructType):
            if can_be_wrong(kind.fields):
                return True
        elif isinstance(kind, EnumType) or kind is Primitive.BOOL:
            return True
    return False


def field_view(field: Field, names: Names) -> FieldView:
    """How a field of a struct or component looks in C."""
    if isinstance(field.type, StructType):
        return _struct_field(field, field.type, names)
    if isinstance(field.type, EnumType):
        return _enum_field(field, field.type, names)
    return _scalar_field(field, field.type)


def record_word(record: StructType | Component) -> str:
    """A struct's or component's part in the names of the helpers that carry and check it."""
    return snake_case(record.name)


def _scalar_field(field: Field, scalar: Primitive) -> FieldView:
    c_type = C_TYPES[scalar]
    kind = WIRE_KINDS.get(scalar, scalar.value)
    is_bool = scalar is Primitive.BOOL
    is_recast = scalar in WIRE_KINDS and scalar is not Primitive.ENTITY
    wire_type = f"uint{kind[1:]}_t"
    return FieldView(
        name=field.name,
        c_type=c_type,
        count=field.count,
        alignas=_alignas(scalar),
        put=f"corinth_internal_put_{kind}",
        put_cast=f"({wire_type})" if is_recast else "",
        get="corinth_internal_get_bool" if is_bool else f"corinth_internal_get_{kind}",
        get_cast=f"({c_type})" if is_recast else "",
        is_bytes=field.count is not None and PRIMITIVE_BYTES[scalar] == 1 and not is_bool,
        get_returns_validity=is_bool,
        get_fills=False,
        is_valid="corinth_internal_are_bools" if is_bool else "",
        is_valid_cast="&" if is_bool else "",
        is_bool=is_bool,
    )


def _enum_field(field: Field, enum: EnumType, names: Names) -> FieldView:
    c_type = names.field_type(field)
    kind = WIRE_KINDS.get(enum.base, enum.base.value)
    is_signed = enum.base in WIRE_KINDS
    return FieldView(
        name=field.name,
        c_type=c_type,
        count=field.count,
        alignas=_alignas(enum.base),
        put=f"corinth_internal_put_{kind}",
        put_cast=f"(uint{kind[1:]}_t)" if is_signed else "",
        get=f"corinth_internal_get_{kind}",
        get_cast=f"({c_type})" if is_signed else "",
        is_bytes=False,
        get_returns_validity=False,
        get_fills=False,
        is_valid=names.enum_call(enum, "is_valid"),
        is_valid_cast="",
        is_bool=False,
    )


def _struct_field(field: Field, struct: StructType, names: Names) -> FieldView:
    word = record_word(struct)
    is_checked = can_be_wrong(struct.fields)
    return FieldView(
        name=field.name,
        c_type=names.field_type(field),
        count=field.count,
        alignas="",
        put=f"{names.prefix}_internal_put_{word}",
        put_cast="&",
        get=f"{names.prefix}_internal_get_{word}",
        get_cast="",
        is_bytes=False,
        get_returns_validity=is_checked,
        get_fills=not is_checked,
        is_valid=f"{names.prefix}_internal_check_{word}" if is_checked else "",
        is_valid_cast="&",
        is_bool=False,
    )


def _alignas(scalar: Primitive) -> str:
    """Some targets align 8 bytes to 4 inside a struct; generated ones are the same on all."""
    return "CORINTH_ALIGNAS(8) " if PRIMITIVE_BYTES[scalar] == 8 else ""
