"""Foreign types: names that people write from habit, and what to write here instead.

`foreign_forms` has those that are no names, such as arrays in another form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Instead:
    """`text` is the type to write, empty where only words help; `why` follows after it."""

    text: str = ""
    why: str = ""

    @property
    def hint(self) -> str:
        return f"use {self.text}{self.why}" if self.text else self.why


GENERAL = Instead("", "a type is a name such as u32, or an array such as u8[64]")
TEXT = Instead('"char[32]"', ", as a transfer has a fixed size")
BYTES = Instead('"u8[64]"', ": a transfer has a fixed size, so give the length")
DIFFERS = ": `{}` differs between targets"
EXACT = {
    "i8": "schar sbyte int8",
    "u8": "byte uchar octet",
    "i16": "short",
    "u16": "ushort word char16_t",
    "i32": "int integer char32_t signed sfixed32",
    "u32": "uint unsigned dword rune fixed32",
    "i64": "longlong sfixed64",
    "u64": "ulong ulonglong qword fixed64",
    "f32": "float real single number half fp32",
    "f64": "double fp64",
    "bool": "boolean _Bool Bool",
    "entity": "entity_t entity_id EntityID EntityId Handle handle ref",
}
"""By the type here: those of other languages that are the same, or the most alike."""

DIFFERING = {
    "long": ("i64", " or i32"),
    "size_t": ("u64", " or u32"),
    "ssize_t": ("i64", " or i32"),
    "ptrdiff_t": ("i64", ""),
    "wchar_t": ("u32", " or u16"),
    "usize": ("u64", " or u32"),
    "isize": ("i64", " or i32"),
    "time_t": ("i64", ""),
}
REFERENCES = {"intptr_t": "i64", "uintptr_t": "u64", "ptr": "u64", "pointer": "u64"}
BLOBS = ("bytes", "blob", "binary", "bytearray", "ByteArray", "Bytes", "Blob")
TEXTS = ("string", "str", "text", "String", "Text", "cstring", "varchar", "StringName")

NARROW_FLOAT = re.compile(r"_?b?(?:f|fp|[Ff]loat)(?:8|16|24)(?:_t)?")
WIDE = re.compile(r"[iuf][0-9]{1,4}|(?:u?int|float)[0-9]{2,4}(?:_t)?")
"""Numbers of other sizes; `int2` and `float3` are vectors."""

CAPITAL = re.compile("U?[A-Z][a-z]*[0-9]*")

MEMBERS = {"2": "xy", "3": "xyz", "4": "xyzw"}
VECTOR = re.compile(
    r"(?:[a-z]?vec|[a-z]?vector|float|double|u?int|short|half)([234])(?:[fdiub]|_t)?"
)
MATRIX = re.compile(r"(?:[a-z]?mat|matrix|float)([234])(?:x([234]))?(?:[fd]|_t)?")
QUATERNION = re.compile(r"[df]?quat(?:ernion)?[fd]?")
COLOUR = re.compile(r"(?:colou?r|rgba?)(?:32|8|f|_t)?")
SHAPES = {
    "rect": "x: f32, y: f32, width: f32, height: f32",
    "rectangle": "x: f32, y: f32, width: f32, height: f32",
    "point": "x: f32, y: f32",
    "transform": "x: f32, y: f32, z: f32, yaw: f32",
    "aabb": 'low: "f32[3]", high: "f32[3]"',
    "uuid": 'bytes: "u8[16]"',
    "guid": 'bytes: "u8[16]"',
}


def instead_of(name: str) -> Instead | None:
    """What to write for a type that isn't one here; None where it is no habit."""
    sized = re.fullmatch(r"s?(u?)int(8|16|32|64)(_t)?|float(32|64)(_t)?", name)
    if sized is not None:
        return Instead(f"f{sized[4]}" if sized[4] else f"{sized[1] or 'i'}{sized[2]}")
    for exact, names in EXACT.items():
        if name in names.split():
            return Instead(exact)
    if name in DIFFERING:
        text, other = DIFFERING[name]
        return Instead(text, f"{other}{DIFFERS.format(name)}")
    if name in REFERENCES:
        return Instead(REFERENCES[name], ", or entity for a reference")
    if name in TEXTS:
        return TEXT
    if name in BLOBS:
        return BYTES
    if name == "void":
        return Instead("", "use an empty component, which is a tag")
    if NARROW_FLOAT.fullmatch(name):
        return Instead("f32", ", the narrowest float there is")
    wide = WIDE.fullmatch(name)
    if wide is not None:
        floats = "a float has 32 or 64 bits: f32, f64"
        integers = "an integer has 8, 16, 32 or 64 bits, from i8 to u64"
        return Instead("", floats if name[0] == "f" else integers)
    return instead_of(name.lower()) if CAPITAL.fullmatch(name) else None


def struct_for(name: str) -> str:
    """The entry of `structs` that defines a type which games have; empty where it is none."""
    fields = _fields_for(name.lower().replace("_", ""))
    return f"{name}: {{fields: {{{fields}}}}}" if fields else ""


def _fields_for(name: str) -> str:
    vector = VECTOR.fullmatch(name)
    if vector is not None:
        kind = "f32"
        for pattern, other in (("d", "f64"), ("i", "i32"), ("u", "u32"), ("b", "bool")):
            is_prefixed = name.startswith((f"{pattern}vec", f"{pattern}vector"))
            kind = other if is_prefixed or name.endswith(pattern) else kind
        for word, other in (("double", "f64"), ("int", "i32"), ("uint", "u32"), ("short", "i16")):
            kind = other if name.startswith(word) else kind
        return ", ".join(f"{member}: {kind}" for member in MEMBERS[vector.group(1)])
    matrix = MATRIX.fullmatch(name)
    if matrix is not None:
        count = int(matrix.group(1)) * int(matrix.group(2) or matrix.group(1))
        return f'm: "f32[{count}]"'
    if QUATERNION.fullmatch(name):
        return "x: f32, y: f32, z: f32, w: f32"
    if COLOUR.fullmatch(name):
        return "r: u8, g: u8, b: u8, a: u8"
    return SHAPES.get(name, "")
