"""Foreign forms: what to write instead of a type that isn't of the form `T` or `T[N]`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AnySet

from corinth.field_types import PRIMITIVES
from corinth.foreign_types import BLOBS, TEXT, TEXTS, Instead, instead_of
from corinth.model import MAX_ARRAY_COUNT
from corinth.syntax_repairs import name_of

GENERAL = Instead("", "a type is a name such as u32, or an array such as u8[64]")
POINTER = Instead("", "a pointer means nothing elsewhere; use entity, an index, or an array")
GIVE_LENGTH = ": a transfer has a fixed size, so give the length"
ONE_DIMENSION = ", as an array has one dimension; or put the inner one into a struct"
TOO_MANY = Instead("", f"an array has 1 to {MAX_ARRAY_COUNT:,} elements")

WORDS = {
    "unsigned int": "u32", "signed int": "i32", "unsigned char": "u8", "signed char": "i8",
    "unsigned short": "u16", "short int": "i16", "unsigned short int": "u16",
    "long long": "i64", "long long int": "i64", "unsigned long long": "u64",
    "unsigned long": "u64", "long int": "i64", "unsigned long int": "u64",
    "long double": "f64",
}  # fmt: skip

QUALIFIER = re.compile(
    r"\b(?:const|volatile|static|mutable|readonly|register|restrict|constexpr|final|mut|_Atomic"
    r"|struct|enum|class|union|typename)\b\s*|\w+::\s*"
)
"""What stands before or after a type in other languages and means nothing here."""

NUMBER = r"(?:0[xX][0-9a-fA-F]{1,9}|0[bB][01]{1,32}|[1-9][0-9]{0,9}|0)[uU]?"
DIMENSIONS = re.compile(rf"(\w+(?: +\w+)*)((?:\s*\[\s*{NUMBER}\s*\])+)")
BRACKET = re.compile(r"(\w+(?: +\w+)*)\s*\[\s*(.*)")
OTHER_BRACKETS = re.compile(r"(\w+)\s*(?:\((\d+)\)|\{(\d+)\}|<(\d+)>|(?: (\d+))?\])")
CALCULATED = re.compile(rf"\(?\s*{NUMBER}(?:\s*(?:\*|\+|<<)\s*{NUMBER})+\s*\)?")
GROUPED = re.compile(r"[0-9]{1,3}(?:[_'][0-9]{3})+|[0-9]{1,3}(?:,0[0-9]{2})+")
"""`1,024`; but `2,100` may be an array of two dimensions."""

PRIMITIVE_NAMES = frozenset(PRIMITIVES)

Names = AnySet[str]


def instead_of_text(text: str, types: Names) -> Instead:
    """What to write for a text that is no type, where `types` are the names of those there are."""
    if not text.isascii():
        return _ascii_instead(text)
    plain = " ".join(QUALIFIER.sub("", text).strip(" ;").split())
    if re.fullmatch(r"char\s*\*+|string_view|basic_string.*", plain):
        return TEXT
    if re.search(r"[*&]", re.sub(r"\[[^\]]*\]?", "", text)) or re.search(r"_ptr\b|\bPtr\b", text):
        return POINTER
    array = _array_instead(plain, types)
    if array is not None:
        return array
    if ":" in plain:
        hint = "no bit-fields, their order differs between compilers; use bool or u8"
        return Instead("", hint)
    if plain in WORDS:
        return Instead(WORDS[plain])
    if plain != text.strip() and re.fullmatch(r"\w+", plain):
        section = "enums" if re.search(r"\benum\b", text) else "structs"
        return _named(plain, section, types)
    if re.match(r"(?:\w+_)?(?:map|set|list|queue|deque|dict|HashMap|Dictionary)\s*<", plain):
        return Instead("", "a transfer has a fixed size; use an array, or a struct")
    return GENERAL


def own_type(name: str, types: Names) -> str:
    """The one type that is called so, letter case aside; empty where there is none."""
    if name in types:
        return name
    same = [each for each in types if each.lower() == name.lower()]
    return same[0] if len(same) == 1 else ""


def type_here(text: str) -> str:
    """A type of C as it is called here; unchanged where there is none that is the same."""
    name, bracket, length = text.partition("[")
    element = " ".join(QUALIFIER.sub("", name).split())
    if element not in PRIMITIVE_NAMES:
        instead = instead_of(element) or instead_of_text(name, PRIMITIVE_NAMES)
        element = instead.text.strip('"') or element or name
    return element.partition("[")[0] + bracket + length if bracket else element


def _named(plain: str, section: str, types: Names) -> Instead:
    """What to write for a name that had words around it which mean nothing here."""
    own = own_type(plain, types)
    if own:
        return Instead(own)
    why = f"write its name alone, `{plain}`, and define it under `{section}`"
    return instead_of(plain) or Instead("", why)


def _ascii_instead(text: str) -> Instead:
    """What to write for a text with characters that only look like those of a type."""
    odd = next(char for char in text if not char.isascii())
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(?:\[[1-9][0-9]*\])?", plain):
        return Instead("", f"`{odd}` is {name_of(odd)}; a type is made of ASCII letters and digits")
    return Instead(f'"{plain}"' if "[" in plain else plain, f": `{odd}` is {name_of(odd)}")


def _array_instead(plain: str, types: Names) -> Instead | None:
    """What to write for an array in another form; None where it is none."""
    if re.search(r"\[\s*\]", plain) or re.match(r"(?:vector|list|span|List|Vec)\s*<", plain):
        name = re.search(r"\w+", re.sub(r"^\w+\s*<", "", plain))
        element = _element(name.group(), types) if name else "u8"
        return Instead(f'"{element}[64]"', GIVE_LENGTH)
    dimensions = DIMENSIONS.fullmatch(plain)
    if dimensions is not None:
        counts = [_value(number) for number in re.findall(NUMBER, dimensions[2])]
        why = ONE_DIMENSION if len(counts) > 1 else ""
        return _array(dimensions[1], _product(counts), types, why)
    go = re.fullmatch(r"\[(?P<n>\d{1,9})\](?P<t>\w+)", plain)
    if go is not None:
        return _array_of(go["t"], int(go["n"]), types)
    for form in (
        r"(?:array|Array)\s*<\s*(\w+(?: \w+)*)\s*,\s*(\d{1,9})\s*>",
        r"\[\s*(\w+)\s*;\s*(\d{1,9})\s*\]",
    ):
        match = re.fullmatch(form, plain)
        if match is not None:
            return _array_of(match[1], int(match[2]), types)
    other = OTHER_BRACKETS.fullmatch(plain)
    if other is not None:
        count = next((number for number in other.groups()[1:] if number), "")
        why = ": the length stands in `[ ]`"
        return _array(other[1], int(count[:9]), types, why) if count else GENERAL
    bracket = BRACKET.fullmatch(plain)
    return None if bracket is None else _length_instead(bracket[1], bracket[2], types)


def _length_instead(name: str, rest: str, types: Names) -> Instead:
    """What to write for an array with a wrong length or bracket; `rest` is what follows `[`."""
    length, bracket, after = (part.strip() for part in rest.partition("]"))
    if not bracket:
        why = ": the `]` is missing"
        if re.fullmatch(NUMBER, length):
            return _array(name, _value(length), types, why)
        return Instead("", "the `]` is missing")
    if after == "?":
        return Instead("", "a field is never absent; leave the `?` out, or make it a component")
    if after:
        return Instead("", f"`{after}` can't follow the `]`")
    if CALCULATED.fullmatch(length):
        counts = [_value(number) for number in re.findall(NUMBER, length)]
        operators = set(re.findall(r"\*|\+|<<", length))
        if len(operators) == 1:
            return _array(name, _calculated(operators.pop(), counts), types, "")
    if GROUPED.fullmatch(length):
        return _array(name, int(re.sub("[,_']", "", length)[:9]), types, ", without separators")
    if re.fullmatch(r"[0-9.]{1,9}(?:[eE]\+?[0-9])?", length) and length.count(".") <= 1:
        number = float(length) if length != "." else 0.5
        if number.is_integer():
            return _array(name, int(number), types, ", as a length is a whole number")
        return Instead("", f"a length is a whole number, not {length}")
    if re.fullmatch(r"-\s*[0-9]+", length):
        return Instead("", "a length can't be negative")
    if re.fullmatch(r"[0-9]+(?:\s*,\s*[0-9]+)+", length):
        return Instead("", "a length is one number, without a comma")
    return Instead("", f"`{length}` isn't a number; write the number itself, as in u8[64]")


def _value(number: str) -> int:
    """A whole number as C writes it."""
    digits = number.rstrip("uU")
    return int(digits) if digits.isdecimal() else int(digits, 0)


def _product(counts: list[int]) -> int:
    product = 1
    for count in counts:
        product = min(product * count, MAX_ARRAY_COUNT + 1)
    return product


def _calculated(operator: str, counts: list[int]) -> int:
    if operator == "+":
        return sum(counts)
    if operator == "*":
        return _product(counts)
    return _product([counts[0], *(2 ** min(count, 32) for count in counts[1:])])


def _array(name: str, count: int, types: Names, why: str) -> Instead:
    """An array of what stands before a bracket; a text of 20 characters is one of 20."""
    if not 1 <= count <= MAX_ARRAY_COUNT:
        return TOO_MANY
    element = _element(name, types)
    return GENERAL if " " in element else _written(f'"{element}[{count}]"', element, types, why)


def _array_of(name: str, count: int, types: Names) -> Instead:
    """An array of so many elements, which can't be texts."""
    if name in (*TEXTS, *BLOBS):
        return Instead("", "an array can't hold arrays; put the inner one into a struct")
    return _array(name, count, types, "")


def _written(text: str, element: str, types: Names, why: str) -> Instead:
    """Only what is there can be used; else the form alone is shown."""
    return Instead(text, why) if element in types else Instead("", f"an array is written {text}")


def _element(name: str, types: Names) -> str:
    """The type here that a name of other languages means, else that name."""
    own = own_type(name, types)
    known = Instead(WORDS[name]) if name in WORDS else instead_of(name)
    if own or known is None or not known.text:
        return own or name
    return known.text.strip('"').partition("[")[0]
