"""Syntax repairs: common mistakes in YAML, each reported as what it is.

Where the parser stops, the lines around are searched for one of them. It is reported, mended in the
text, and the text is read again, so that one such mistake hides no other. A `Source` remembers
where each column of a mended line was in the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from corinth.diagnostics import Diagnostic, Span

MAX_LOOKED_AT = 40
"""Lines before the place where the parser stopped that may hold the mistake."""

MAX_COMMENT_LINES = 200
MAX_IN_LINE = 40
"""The most mistakes of one kind that are reported in one line."""

SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
NOTHING = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f"
)
LOOKALIKES = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2039": "'", "\u203a": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\uff1a": ":", "\ufe55": ":", "\ua789": ":", "\uff0c": ",", "\ufe50": ",", "\u060c": ",",
    "\uff08": "(", "\uff09": ")", "\uff5b": "{", "\uff5d": "}", "\uff3b": "[", "\uff3d": "]",
    "\uff02": '"', "\uff07": "'", "\uff03": "#", "\uff0d": "-", "\uff3f": "_",
}  # fmt: skip
"""What word processors and input methods write in the place of YAML's own characters."""

UNUSUAL = re.compile(f"[{SPACES}{NOTHING}{re.escape(''.join(LOOKALIKES))}]")
IS_SPACE = re.compile(f"[{SPACES}]")

COMMENT = re.compile(r"(?:(?<=\s)|^)(//|/\*|--(?![->])|;)")
"""What begins a comment in other languages."""

NO_BLANK_KEY = re.compile(r"(?:^\s*(?:- +)*|[{,\[]\s*)([A-Za-z_]\w*):(?=[^\s:/\\,\]}\0])")
NO_BLANK = re.compile(r"[A-Za-z_]\w*:[^\s:/\\]\S*(?: [A-Za-z_]\w*: ?[^\s:/\\]\S*)*")
"""A plain text of keys and values whose blanks are missing; not `a::b`, a path or an address."""

ARGUMENTS = r"(?:[^<>{}\"']|<[^<>{}\"']{0,60}>){0,60}"
TEMPLATE = re.compile(rf"(?<![\"'\w:])[A-Za-z_][\w:]{{0,60}}<{ARGUMENTS},{ARGUMENTS}>")
"""A type of C++ with a comma, which ends a text inside of {} and []; bounded, as it backtracks."""

ARRAY = re.compile(
    r"(?<![\"'\w])((?:[A-Za-z_]\w* +){0,3}(?:std::)?[A-Za-z_][\w:]*(?<!:))"
    r"(?:[ ]*\[[^\[\]{}\"']*\])+"
)
ARRAY_KEY = re.compile(
    r"(?<![\"'\w])([A-Za-z_]\w*)(\[[1-9][0-9]{0,4}\])\s*:\s*([A-Za-z_]\w*)(?=\s*[,}])"
)
ODD_ARRAY = re.compile(
    r"[\"'](?P<a>\w+)[\"']\s*(?P<b>\[\d{1,5}\])"
    r"|(?<!\w)(?P<c>[A-Za-z_]\w*)\[[\"'](?P<d>\d{1,5})[\"']\]"
    r"|\((?P<e>[A-Za-z_]\w*\[\d{1,5}\])\)"
)
"""An array in a flow mapping whose quotes or brackets are around a part of it, or one too many."""

TAGGED = re.compile(r"(?<=\s)!([A-Za-z_]\w*)(?=\s*(?:[,}\]]|$|\s#))")
"""A word with a mark before it, and nothing that it could be a tag of."""

TEXT_KEY = re.compile(r"(?<!\w)[\"']?doc[\"']? *:(?= |$)")
FREE_TEXT = re.compile(r" *(\"(?:\\.|[^\"\\])*\"|'[^']*')")
MASK = "\0"


@dataclass(frozen=True)
class Repair:
    """One mistake of a line: what it is, and what to write for the columns `start` to `end`."""

    rule: str
    message: str
    hint: str
    line: int
    start: int
    end: int
    new: str
    shown: tuple[int, int] | None = None
    """The columns that the message points at, where they are others."""
    replacement: str = ""


class Source:
    """The lines of a file as they are read, mended where something was wrong."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = text.split("\n")
        self.given = tuple(self.lines)
        """The lines as they are in the file."""
        self.columns: dict[int, list[int]] = {}
        """Of each mended line: the column in the file of each of its characters."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def column(self, line: int, column: int) -> int:
        """Where in the file a column of a line is; both from 0."""
        columns = self.columns.get(line)
        if columns is None:
            return column
        return columns[min(column, len(columns) - 1)]

    def is_given(self, line: int, start: int, end: int) -> bool:
        """Whether what stands between two columns of a line is in the file, quotes aside."""
        read = self.lines[line][start:end]
        given = self.given[line][self.column(line, start) : self.column(line, end)]
        return re.sub(r"[\s\"']", "", read) == re.sub(r"[\s\"']", "", given)

    def mend(self, repair: Repair) -> Diagnostic:
        """Put a repair into its line, and say what it is."""
        line = self.lines[repair.line]
        start, end = repair.shown or (repair.start, repair.end)
        first, last = self.column(repair.line, start), self.column(repair.line, end)
        span = Span(self.file, repair.line + 1, first + 1, max(last - first, 1))
        columns = self.columns.setdefault(repair.line, list(range(len(line) + 1)))
        old = columns[repair.start : repair.end + 1]
        offset = max(repair.new.find(line[repair.start : repair.end]), 0)
        places = [min(max(index - offset, 0), len(old) - 1) for index in range(len(repair.new))]
        columns[repair.start : repair.end] = [old[place] for place in places]
        self.lines[repair.line] = line[: repair.start] + repair.new + line[repair.end :]
        return Diagnostic(
            repair.rule, repair.message, span, repair.hint, replacement=repair.replacement
        )


def in_line(found: Iterator[Repair]) -> list[Repair]:
    """The first repairs of a line from right to left, so that the columns of the others stay."""
    return list(islice(found, MAX_IN_LINE))[::-1]


def find_repairs(source: Source, begin: int, end: int, column: int) -> list[Repair]:
    """What is wrong with one of the lines `begin` to `end`, where the parser stopped at `column`.

    Those of one kind in one line.
    """
    last = min(end, len(source.lines) - 1)
    numbers = range(max(min(begin, last), last - MAX_LOOKED_AT), last + 1)
    for number in numbers:
        found = in_line(unusual(source.lines[number], number))
        if found:
            return found
    arrays: list[Repair] = []
    if last >= 0:
        arrays = in_line(_odd_arrays(source.lines[last], last))
        arrays = arrays or in_line(_arrays(source.lines[last], last, column))
    if arrays:
        return arrays
    for number in numbers:
        found = list(_comment_ending(source, number)) or list(comments(source, number))
        if found:
            return _comments_above(source, number) + found
    for number in numbers:
        found = in_line(missing_blanks(source.lines[number], number))
        if found:
            return found
    return []


def name_of(char: str) -> str:
    """A character by its code point and name: U+00A0 no-break space."""
    name = unicodedata.name(char, "").lower()
    return f"U+{ord(char):04X}" + (f" {name}" if name else "")


def unusual(line: str, number: int) -> Iterator[Repair]:
    """Characters that look like nothing, a space or a character of YAML, and aren't one."""
    for match in UNUSUAL.finditer(code_of(line)):
        char = match.group()
        new = " " if IS_SPACE.match(char) else LOOKALIKES.get(char, "")
        follows = line[match.end() : match.end() + 1]
        meant = f"write `{new}`" if new.strip() else "write a space" if new else "remove it"
        if new == ":" and follows.strip():
            new, meant = ": ", "write `: `"
        message = f"{name_of(char)} can't stand here"
        rule = "unusual-character"
        yield Repair(rule, message, meant, number, match.start(), match.end(), new, None, new)


def missing_blanks(line: str, number: int) -> Iterator[Repair]:
    """Keys with their value right after the colon."""
    for match in NO_BLANK_KEY.finditer(code_of(line)):
        if is_quoted(line, match.start(1)):
            continue
        at = match.end()
        form = re.match(r"\"[^\"]*\"|'[^']*'|[^\s,{}\[\]]*(?:\[[^\]]*\])?", line[at:])
        value = form.group() if form else ""
        is_flow = bool(re.search(r"[{\[]", line[: match.start(1)]))
        new = f'"{value}"' if is_flow and re.match(r"\w+\[", value) else value
        fixed = f"{match.group(1)}: {new}"
        message = "a blank is missing after the colon"
        hint = f"write `{fixed}`" if value else "write a blank after it"
        shown, end = (match.start(1), at + len(value)), at + len(value)
        replacement = fixed if value else ""
        yield Repair("missing-blank", message, hint, number, at, end, f" {new}", shown, replacement)


def comments(source: Source, number: int) -> Iterator[Repair]:
    """A comment as other languages have it; one over several lines to its end."""
    line = source.lines[number]
    match = COMMENT.search(code_of(line))
    if match is None or is_quoted(line, match.start()):
        return
    yield comment_repair(number, match.start(1), match.group(1))
    if match.group(1) != "/*" or "*/" in line:
        return
    for following in range(number + 1, min(number + MAX_COMMENT_LINES, len(source.lines))):
        yield Repair("", "", "", following, 0, 0, "# ")
        if "*/" in source.lines[following]:
            return


def _comment_ending(source: Source, number: int) -> Iterator[Repair]:
    """The comment over several lines that ends in a line."""
    if "*/" not in code_of(source.lines[number]) or "/*" in source.lines[number]:
        return
    for above in range(number - 1, max(number - MAX_COMMENT_LINES, -1), -1):
        if "/*" in code_of(source.lines[above]):
            yield from comments(source, above)
            return


def _comments_above(source: Source, number: int) -> list[Repair]:
    """Those that are lines of their own above one, which YAML takes for one text with it."""
    found: list[Repair] = []
    indent = len(source.lines[number]) - len(source.lines[number].lstrip())
    for above in range(number - 1, max(number - MAX_COMMENT_LINES, -1), -1):
        line = source.lines[above]
        code = line.lstrip()
        if code and len(line) - len(code) == indent and COMMENT.match(code) and "/*" not in code:
            found += comments(source, above)
        elif code and not code.startswith("#"):
            break
    return found


def comment_repair(number: int, start: int, mark: str) -> Repair:
    end = start + len(mark)
    message = f"a comment begins with `#`, not with `{mark}`"
    if mark == ";":
        message = "`;` ends nothing here, and a comment begins with `#`"
    return Repair("foreign-comment", message, "write `#`", number, start, end, " #", None, "#")


def _arrays(line: str, number: int, column: int) -> Iterator[Repair]:
    """Array types without quotes in a line where the parser stopped at the bracket of one."""
    found = [match for match in ARRAY.finditer(code_of(line)) if match.end() >= column]
    found = [match for match in found[:MAX_IN_LINE] if not is_quoted(line, match.start())]
    if not any(match.start() <= column <= match.end() for match in found):
        return
    for match in found:
        if re.match(r"\s*:", line[match.end() :]):
            continue
        bare = re.sub(r"\s*([\[\]])\s*", r"\1", match.group())
        quoted = f'"{bare}"'
        message = f"`{match.group()}` needs quotes inside of {{}} and []"
        hint = f"write {quoted}"
        start, end = match.span()
        yield Repair("unquoted-array", message, hint, number, start, end, quoted, None, quoted)


def _odd_arrays(line: str, number: int) -> Iterator[Repair]:
    """Arrays of a flow mapping whose length or quotes stand elsewhere."""
    code = code_of(line)
    for match in ARRAY_KEY.finditer(code):
        if not is_quoted(line, match.start()):
            new = f'{match[1]}: "{match[3]}{match[2]}"'
            yield _array_repair(number, match, "a length stands after the type", new)
    for match in ODD_ARRAY.finditer(code):
        if not is_quoted(line, match.start()):
            new = match["e"] or (match["a"] or match["c"]) + (match["b"] or f"[{match['d']}]")
            message = f"`{match.group()}` needs quotes around all of it"
            yield _array_repair(number, match, message, f'"{new}"')


def _array_repair(number: int, match: re.Match[str], message: str, new: str) -> Repair:
    start, end = match.span()
    hint = f"write `{new}`" if ":" in new else f"write {new}"
    return Repair("unquoted-array", message, hint, number, start, end, new, None, new)


def tagged_words(line: str, number: int) -> Iterator[Repair]:
    """Words that YAML takes for tags."""
    for match in TAGGED.finditer(code_of(line)):
        if not is_quoted(line, match.start()):
            new = match[1]
            message = f"tag `{match.group()}` has no meaning here"
            start, end = match.span()
            yield Repair("yaml-tag", message, f"write `{new}`", number, start, end, new, None, new)


def templates(line: str, number: int) -> Iterator[Repair]:
    """Types of C++ with a comma, without quotes in a flow mapping."""
    for match in TEMPLATE.finditer(code_of(line)):
        if not is_quoted(line, match.start()):
            quoted = f'"{match.group()}"'
            message = f"`{match.group()}` needs quotes inside of {{}} and []"
            hint = f"write {quoted}"
            start, end = match.span()
            yield Repair("unquoted-array", message, hint, number, start, end, quoted, None, quoted)


def code_of(line: str) -> str:
    """A line with its comment and its free text masked, in which mistakes aren't looked for."""
    comment = re.search(r"(?:^|(?<=\s))#", line)
    while comment is not None and is_quoted(line, comment.start()):
        comment = re.compile(r"(?<=\s)#").search(line, comment.end())
    end = comment.start() if comment else len(line)
    masked = line[:end] + MASK * (len(line) - end)
    for key in TEXT_KEY.finditer(line, 0, end):
        quoted = FREE_TEXT.match(line, key.end())
        if quoted is not None:
            stop = quoted.end()
        elif "{" in line[: key.start()]:
            found = re.compile("[,}]").search(line, key.end())
            stop = found.start() if found else len(line)
        else:
            stop = len(line)
        masked = masked[: key.end()] + MASK * (stop - key.end()) + masked[stop:]
    return masked


def is_quoted(line: str, column: int) -> bool:
    """Whether a column is inside of quotes, as far as its line shows."""
    before = re.sub(r"\\.", "", line[:column])
    before = re.sub(r"\"[^\"]*\"|(?<!\w)'[^']*'", "", before)
    return '"' in before or re.search(r"(?<!\w)'", before) is not None
