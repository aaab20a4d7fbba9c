"""Goal: types of other languages lead to the type here that holds the same, or to no proposal.
Method: a component with a field of each; the last message at its place is compared.
"""

from __future__ import annotations

import pytest

from corinth.diagnostics import Diagnostic, Diagnostics
from corinth.pipeline import read_layout

HEAD = "corinth: 1\nname: game\nworlds: {a: {role: standalone}}\ncomponents:\n"


def errors_of(body: str, types: str = "") -> list[Diagnostic]:
    diagnostics = Diagnostics()
    read_layout("f.yaml", diagnostics, data=(types + HEAD + body).encode())
    return diagnostics.in_file_order()


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ("unsigned short[3]", '"u16[3]"'),
        ("signed  char [ 7 ]", '"i8[7]"'),
        ("unsigned long long[2]", '"u64[2]"'),
        ("std::array<long long, 5>", '"i64[5]"'),
        ("fixed32", "u32"),
        ("sfixed64", "i64"),
        ("Double", "f64"),
        ("UShort", "u16"),
        ("blob", '"u8[64]"'),
        ("bytes[20]", '"u8[20]"'),
        ("str[20]", '"char[20]"'),
        ("\uff551\uff16", "u16"),
        ("i8[\uff11\uff12]", '"i8[12]"'),
        ("[i16; 9]", '"i16[9]"'),
        ("u128", ""),
        ("int24_t", ""),
        ("f80[4]", ""),
        ("void[4]", ""),
        ("unknown thing[4]", ""),
        ("f24", "f32"),
        ("bfloat16", "f32"),
        ("Float16", "f32"),
        ("Half", "f32"),
        ("Int16", "i16"),
        ("fp64", "f64"),
        ("u9", ""),
        ("i7[3]", ""),
        ("i24", ""),
        ("u32[6*5]", '"u32[30]"'),
        ("i16[ 2 * 3*4 ]", '"i16[24]"'),
        ("u8[1 << 5]", '"u8[32]"'),
        ("f32[(3+4)]", '"f32[7]"'),
        ("u8[2*3+1]", ""),
        ("u8[8/2]", ""),
        ("u8[N*2]", ""),
        ("u16*[4]", ""),
        ("const i8", "i8"),
        ("f64 const", "f64"),
        ("static volatile u16", "u16"),
        ("readonly bool", "bool"),
        ("const float[3]", '"f32[3]"'),
        ("constant", ""),
        ("u16[9", '"u16[9]"'),
        ("u16[n", ""),
        ("u16 9]", '"u16[9]"'),
        ("u16(9)", '"u16[9]"'),
        ("u16[-9]", ""),
        ("u16[9]?", ""),
        ("u16[9] = 0", ""),
        ("u16[2_048]", '"u16[2048]"'),
        ("u16[2'048]", '"u16[2048]"'),
        ("u16[2,048]", '"u16[2048]"'),
        ("u16[2,300]", ""),
        ("u16[2e2]", '"u16[200]"'),
        ("u16[8.0]", '"u16[8]"'),
        ("u16[2.5]", ""),
        ("u16[nine]", ""),
        ("Missing[0x10]", ""),
        ("array<string, 4>", ""),
        ("multimap<int>", ""),
        ("u8[\u0667]]", ""),
        ("\u0441har", ""),
        ("&x", ""),
        ("&i16", "i16"),
    ],
)
def test_a_type_of_elsewhere(given: str, instead: str) -> None:
    """What is proposed is right where it is written; nothing is that would mean another thing."""
    (error,) = errors_of(f"  B:\n    fields:\n      x: {given}\n")
    assert error.replacement == instead
    if instead:
        assert not errors_of(f"  A: {{fields: {{x: {instead}}}}}\n")
    if not given.isascii():
        assert "U+" in error.hint
    assert ("anchor" in error.hint) == given.startswith("&")


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ("unsigned int[6]", '"u32[6]"'),
        ("std::array<double, 3>", '"f64[3]"'),
        ("std::array<std::array<int, 2>, 2>", ""),
        ("unordered_map<int, float>", ""),
    ],
)
def test_in_a_flow_mapping(given: str, instead: str) -> None:
    """The brackets and commas end no text: quotes are asked for, and the type is looked at."""
    first, second, third = errors_of(f"  A: {{fields: {{x: {given}, y: u9}}}}\n")
    assert (first.rule, first.replacement) == ("unquoted-array", f'"{given}"')
    assert (second.rule, second.replacement) == ("field-type", instead)
    assert "`u9`" in third.message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("i32[5", "the `]` is missing"),
        ("i32[-5]", "negative"),
        ("i32[3,300]", "without a comma"),
        ("i32[4.5]", "whole number"),
        ("i32[5]?", "never absent"),
        ("i32[5] x", "`x` can't follow"),
        ("i32[COUNT]", "`COUNT` isn't a number"),
        ("i32[99999]", "1 to 65536"),
        ("i32[300*300]", "1 to 65,536"),
    ],
)
def test_what_is_wrong_with_a_length_is_said(given: str, words: str) -> None:
    """In the message or in the hint."""
    (error,) = errors_of(f"  B:\n    fields:\n      x: {given}\n")
    assert words in error.message + error.hint


TYPES = """enums: {Gait: {values: [walk, run]}}
structs: {Mat3x3: {fields: {m: "f32[9]"}}, Handle: {fields: {n: u8}}}
"""


@pytest.mark.parametrize(
    ("given", "instead"),
    [
        ("enum Gait", "Gait"),
        ("game::gait", "Gait"),
        ("const struct Handle[2]", '"Handle[2]"'),
        ("handle", "Handle"),
        ("mat3x3[7]", '"Mat3x3[7]"'),
        ("Gaits[3]", '"Gait[3]"'),
        ("mat3x4", ""),
        ("Mat3x2", ""),
        ("enum Pace", ""),
        ("Pace", ""),
        ("Gait2", ""),
    ],
)
def test_a_type_of_the_schema(given: str, instead: str) -> None:
    """One that is defined is found by what is written around it, and keeps its array."""
    body = f"  B:\n    fields:\n      x: {given}\n"
    (error,) = errors_of(body, TYPES)
    assert error.replacement == instead
    assert "define it under `structs`" not in error.hint or "at3x" in given
    if instead:
        assert not errors_of(f"  A: {{fields: {{x: {instead}}}}}\n", TYPES)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Bo\u0430t", "`\u0430` is U+0430 cyrillic small letter a; choose another name"),
        ("\uff22oat", "`\uff22` is U+FF22 fullwidth latin capital letter b; `Boat` would do"),
        (
            "B\u00f6\u00f6t",
            "`\u00f6` is U+00F6 latin small letter o with diaeresis; `Boot` would do",
        ),
    ],
)
def test_a_name_names_what_is_odd_in_it(name: str, hint: str) -> None:
    """A letter without one in ASCII isn't dropped from what is proposed."""
    (error,) = errors_of(f"  {name}: {{}}\n")
    assert (error.rule, error.hint) == ("name-form", hint)
