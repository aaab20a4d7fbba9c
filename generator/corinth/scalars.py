"""Scalars: what an unquoted value means by the core schema of YAML 1.2.

Other versions of YAML read `010`, `yes` and `1_000` otherwise. Here the first is an error, because
it has two meanings, and the others are texts, which the JSON Schema then refuses.
"""

from __future__ import annotations

import math
import re

from corinth.diagnostics import Diagnostics, Span
from corinth.document import ScalarValue

MIN_INTEGER = -(2**63)
MAX_INTEGER = 2**64 - 1
MAX_EXACT_FLOAT = 2**53
MAX_INTEGER_DIGITS = 40
"""Longer literals aren't even converted: Python takes quadratic time to."""

NULL = re.compile(r"(?:~|null|Null|NULL)?")
BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
SPECIAL_FLOAT = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def plain_value(text: str, span: Span, diagnostics: Diagnostics) -> ScalarValue:
    """What an unquoted scalar means by the core schema of YAML 1.2."""
    if NULL.fullmatch(text):
        return None
    if BOOLEAN.fullmatch(text):
        return text[0] in "tT"
    if DECIMAL.fullmatch(text):
        return _integer(text, 10, span, diagnostics)
    if LEADING_ZERO.fullmatch(text):
        decimal = re.sub("^([-+]?)0+(?=[0-9])", r"\1", text)
        message = f"`{text}` is octal in some versions of YAML and decimal in others"
        hint = f"write {decimal[:MAX_INTEGER_DIGITS]}, or 0o… if octal is meant"
        diagnostics.error("leading-zero", message, span, hint)
        return 0
    if BASED.fullmatch(text):
        return _integer(text[2:], 8 if text[1] == "o" else 16, span, diagnostics)
    if FLOAT.fullmatch(text):
        return _whole(float(text))
    special = SPECIAL_FLOAT.fullmatch(text)
    if special:
        infinity = -math.inf if special.group(1) == "-" else math.inf
        return math.nan if text[1:].lower() == "nan" else infinity
    return text


def describe(value: ScalarValue) -> str:
    """What kind of value it is, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int):
        return "an integer"
    return "a string" if isinstance(value, str) else "a float"


def _integer(digits: str, base: int, span: Span, diagnostics: Diagnostics) -> int:
    value = int(digits, base) if len(digits) <= MAX_INTEGER_DIGITS else MAX_INTEGER + 1
    if MIN_INTEGER <= value <= MAX_INTEGER:
        return value
    message = "this integer doesn't fit 64 bits"
    hint = f"at least {MIN_INTEGER}" if digits[0] == "-" else f"at most {MAX_INTEGER}"
    diagnostics.error("integer-size", message, span, hint)
    return 0


def _whole(value: float) -> float | int:
    """A number without a fraction as the integer that JSON Schema takes it for."""
    return int(value) if value.is_integer() and abs(value) <= MAX_EXACT_FLOAT else value
