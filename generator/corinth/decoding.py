"""Decoding: the bytes of one file → its text, without what no schema may hold in any place."""

from __future__ import annotations

import re

from corinth.diagnostics import Diagnostics, Span
from corinth.syntax_repairs import name_of

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
NOT_ALLOWED = re.compile(
    "\r(?!\n)|[^\t\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff"
    "\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Control characters, line ends of other kinds than LF and CR LF, surrogates, a late mark, and what
turns the direction of writing: it could make a comment of generated code look like code."""

LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
"""What ends a line in other systems and texts."""

MIXED = re.compile(r"^ *\t* +\t*\S", re.MULTILINE)
"""An indentation with spaces, beside which one with tabs may mean anything."""

SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
UTF_32_MARKS = {b"\xff\xfe\0\0": "UTF-32 (little-endian)", b"\0\0\xfe\xff": "UTF-32 (big-endian)"}
UTF_16_MARKS = {b"\xff\xfe": "UTF-16 (little-endian)", b"\xfe\xff": "UTF-16 (big-endian)"}

DIRECTIVE = re.compile(r"(?:[ ]*(?:#.*)?\n)*(%.*)")
"""One before anything else but comments; a later one follows a document and is one too many."""

ALLOWED_DIRECTIVE = "%YAML 1.2"
MIN_GUESSED = 8
"""Bytes that are looked at to tell an encoding that has no mark."""


def decode(data: bytes, file: str, diagnostics: Diagnostics) -> str | None:
    """The file's text with LF line ends, or None where it isn't text that a schema may be."""
    other = _other_encoding(data)
    if other:
        diagnostics.sources[file] = ()
        hint = "save the file as UTF-8"
        diagnostics.error("encoding", f"this file is {other}, not UTF-8", Span(file, 1, 1), hint)
        return None
    try:
        text = data.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        known = data[: error.start].decode("utf-8").removeprefix(BYTE_ORDER_MARK)
        diagnostics.add_source(file, data.decode("utf-8", "replace").replace("\r\n", "\n"))
        message = f"byte 0x{data[error.start]:02x} isn't UTF-8"
        diagnostics.error("encoding", message, _end_of(known, file), "save the file as UTF-8")
        return None
    text_lf = text.replace("\r\n", "\n")
    diagnostics.add_source(file, text_lf)
    if not _is_clean(text_lf, file, diagnostics):
        return None
    return text_lf.replace("\t", " ")


def control_name(char: str) -> str:
    """How messages call a character that isn't allowed."""
    name = name_of(char)
    if "\ud800" <= char <= "\udfff":
        return f"half of a surrogate pair ({name})"
    return name if " " in name else f"control character {name}"


def join_surrogates(text: str) -> str:
    """The text with pairs of escaped surrogates, as JSON writes them, read as one character."""
    return SURROGATE_PAIR.sub(
        lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
    )


def _other_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 where a file is that, by its mark or by the zeros of its first bytes."""
    for marks in (UTF_32_MARKS, UTF_16_MARKS):
        for mark, name in marks.items():
            if data.startswith(mark):
                return name
    zeros = [byte == 0 for byte in data[:8]]
    if len(zeros) < MIN_GUESSED:
        return ""
    for name, unit in (("UTF-32", 4), ("UTF-16", 2)):
        little = [index % unit != 0 for index in range(len(zeros))]
        if zeros == little:
            return f"{name} (little-endian)"
        if zeros == [index % unit != unit - 1 for index in range(len(zeros))]:
            return f"{name} (big-endian)"
    return ""


def _end_of(text: str, file: str) -> Span:
    """The place just after a text."""
    return Span(file, text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1)


def _is_clean(text: str, file: str, diagnostics: Diagnostics) -> bool:
    """Whether a text can be read; one message for each kind of what may not be in it.

    Where tabs alone indent, a space for each keeps all in its column.
    """
    tabs = text.count("\t")
    if tabs:
        hint = "use spaces" if tabs == 1 else f"use spaces ({tabs} tabs in this file)"
        place = _end_of(text[: text.index("\t")], file)
        diagnostics.error("tab", "tabs aren't allowed", place, hint)
    bad = NOT_ALLOWED.search(text)
    if bad:
        message = f"{control_name(bad.group()[0])} isn't allowed"
        place = _end_of(text[: bad.start()], file)
        is_end = bad.group()[0] in LINE_ENDS
        hint = "save the file with LF line ends" if is_end else "remove it"
        diagnostics.error("control-character", message, place, hint)
    directive = DIRECTIVE.match(text)
    if directive and directive.group(1).rstrip() != ALLOWED_DIRECTIVE:
        place = _end_of(text[: directive.start(1)], file)
        place = Span(file, place.line, place.column, len(directive.group(1).rstrip()))
        message = "directives aren't allowed"
        diagnostics.error("yaml-directive", message, place, "remove it; a schema is YAML 1.2")
        return False
    is_mixed = bool(tabs) and MIXED.search(text) is not None
    return not is_mixed and not bad
