"""Goal: types of other languages lead to the type here that holds the same, or to no proposal.
Method: a component with a field of each; the last message at its place is compared.
"""

from __future__ import annotations

import pytest

from corinth.diagnostics import Diagnostic, Diagnostics
from corinth.pipeline import read_layout

HEAD = "corinth: 1\nname: game\nworlds: {a: {role: standalone}}\ncomponents:\n"


def errors_of(body: str) -> list[Diagnostic]:
    diagnostics = Diagnostics()
    read_layout("f.yaml", diagnostics, data=(HEAD + body).encode())
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
        ("multimap<int>", ""),
        ("u8[\u0667]]", ""),
        ("\u0441har", ""),
        ("&x", "f32"),
    ],
)
def test_a_type_of_elsewhere(given: str, instead: str) -> None:
    """What is proposed is right where it is written."""
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
