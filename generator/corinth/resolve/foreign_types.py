"""Foreign types: what people write from habit, and what to write here instead."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corinth.model import MAX_ARRAY_COUNT
from corinth.syntax_repairs import name_of


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
POINTER = "a pointer means nothing elsewhere; use entity, an index, or an array"
EXACT = {
    "i8": "schar sbyte int8",
    "u8": "byte uchar octet",
    "i16": "short",
    "u16": "ushort word half f16 char16_t",
    "i32": "int integer char32_t signed sfixed32",
    "u32": "uint unsigned dword rune fixed32",
    "i64": "longlong sfixed64",
    "u64": "ulong ulonglong qword fixed64",
    "f32": "float real single number",
    "f64": "double",
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
WORDS = {
    "unsigned int": "u32", "signed int": "i32", "unsigned char": "u8", "signed char": "i8",
    "unsigned short": "u16", "short int": "i16", "unsigned short int": "u16",
    "long long": "i64", "long long int": "i64", "unsigned long long": "u64",
    "unsigned long": "u64", "long int": "i64", "unsigned long int": "u64",
    "long double": "f64",
}  # fmt: skip


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
    wide = re.fullmatch(r"(?:[iu]|u?int|(f|float))([0-9]{2,4})(?:_t)?", name)
    if wide is not None and int(wide[2]) % 8 == 0:
        floats = "a float has 32 or 64 bits: f32, f64"
        integers = "an integer has 8, 16, 32 or 64 bits, from i8 to u64"
        return Instead("", floats if wide[1] else integers)
    return instead_of(name.lower()) if re.fullmatch("[A-Z][a-z]+|U[A-Z][a-z]+", name) else None


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


def instead_of_text(text: str) -> Instead:
    """What to write instead of something that isn't of the form `T` or `T[N]`."""
    if not text.isascii():
        return _ascii_instead(text)
    plain = re.sub(r"\b(?:const|volatile|struct|enum|std::|glm::|\w+::)\s*", "", text).strip(" ;")
    if re.fullmatch(r"char\s*\*+|string_view|basic_string.*", plain):
        return TEXT
    if "*" in text or "&" in text or re.search(r"_ptr\b|\bPtr\b", text):
        return Instead("", POINTER)
    brackets = _array_instead(plain)
    if brackets is not None:
        return brackets
    if ":" in plain:
        hint = "no bit-fields, their order differs between compilers; use bool or u8"
        return Instead("", hint)
    if " ".join(plain.split()) in WORDS:
        return Instead(WORDS[" ".join(plain.split())])
    if plain != text.strip() and re.fullmatch(r"\w+", plain):
        why = f"write its name alone, `{plain}`, and define it under `structs`"
        return instead_of(plain) or Instead("", why)
    if re.match(r"(?:\w+_)?(?:map|set|list|queue|deque|dict|HashMap|Dictionary)\s*<", plain):
        return Instead("", "a transfer has a fixed size; use an array, or a struct")
    return GENERAL


def _ascii_instead(text: str) -> Instead:
    """What to write for a text with characters that only look like those of a type."""
    odd = next(char for char in text if not char.isascii())
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(?:\[[1-9][0-9]*\])?", plain):
        return Instead("", f"`{odd}` is {name_of(odd)}; a type is made of ASCII letters and digits")
    return Instead(f'"{plain}"' if "[" in plain else plain, f": `{odd}` is {name_of(odd)}")


def _array_instead(plain: str) -> Instead | None:
    """What to write for an array in another form, `T[ 4 ]`, `T[2][3]`, `array<T, 4>`, `[T; 4]`."""
    if re.search(r"\[\s*\]", plain) or re.match(r"(?:vector|list|span|List|Vec)\s*<", plain):
        name = re.search(r"\w+", re.sub(r"^\w+\s*<", "", plain))
        element = _element(name.group()) if name else "u8"
        return Instead(f'"{element}[64]"', ": a transfer has a fixed size, so give the length")
    template = re.fullmatch(r"(?:array|Array)\s*<\s*(\w+(?: \w+)*)\s*,\s*(\d+)\s*>", plain)
    rust = re.fullmatch(r"\[\s*(\w+)\s*;\s*(\d+)\s*\]", plain)
    go = re.fullmatch(r"\[(?P<n>\d+)\](?P<t>\w+)", plain)
    usual = re.fullmatch(
        r"(\w+(?: +\w+)*)((?:\s*\[\s*(?:0[xX][0-9a-fA-F]+|\d+)[uU]?\s*\])+)", plain
    )
    if usual is not None:
        counts = [int(n, 0) for n in re.findall(r"0[xX][0-9a-fA-F]{1,9}|[1-9]\d{0,9}", usual[2])]
        why = ", as an array has one dimension; or put the inner one into a struct"
        return _array(usual[1], _product(counts), why if len(counts) > 1 else "")
    if go is not None:
        return _array(go["t"], int(go["n"][:9]), "")
    for form in (template, rust):
        if form is not None:
            return _array(form[1], int(form[2][:9]), "")
    if re.fullmatch(r"\w+\s*\[.*", plain):
        return Instead("", "the length is a number, as in u8[64], without spaces")
    return None


def _product(counts: list[int]) -> int:
    product = 1
    for count in counts:
        product = min(product * count, MAX_ARRAY_COUNT + 1)
    return product


def _array(name: str, count: int, why: str) -> Instead:
    if not 1 <= count <= MAX_ARRAY_COUNT:
        return Instead("", f"an array has 1 to {MAX_ARRAY_COUNT:,} elements")
    element = _element(" ".join(name.split()))
    return GENERAL if " " in element else Instead(f'"{element}[{count}]"', why)


def _element(name: str) -> str:
    known = Instead(WORDS[name]) if name in WORDS else instead_of(name)
    return known.text if known is not None and known.text and "[" not in known.text else name
