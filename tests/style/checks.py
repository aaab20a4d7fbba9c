"""The rules of style, as far as a program can check them. Each check returns its findings as text.

Checks take a `Source`, not a path, so that their own tests can feed them bad samples.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

MAX_FUNCTION_LINES = 70
MAX_LINE_COLUMNS = 100
MAX_MODULE_LINES = 400
MAX_HEADER_LINES = 300
TOP_LINES = 30
"""Where a file that is too long must say why: within its first lines."""

SHORT_FUNCTION_LINES = 8
"""A function of so many lines of code has no need of assertions."""
MIN_ASSERTIONS_PER_FUNCTION = 1.25
"""Of those that say something."""

BANNED = tuple(
    first + second
    for first, second in (
        ("TO", "DO"),
        ("FIX", "ME"),
        ("XX", "X"),
        ("HA", "CK"),
        ("FOR ", "NOW"),
        ("NOT ", "IMPLEMENTED"),
        ("NOT", "IMPLEMENTEDERROR"),
    )
)
"""In two halves each, so that this file passes its own check."""

TRUTH_PREFIXES = ("is_", "has_", "needs_", "can_", "keeps_")

WORD_GAP = r"[\s*#/]+"
"""Two banned words may stand on two lines of a comment."""

RETIRED = (
    "cargo",
    "convoy",
    "crate",
    "crew",
    "crowd",
    "depot",
    "ferry",
    "fleet",
    "freight",
    "harbour",
    "parcel",
    "passenger",
    "quay",
    "station",
)
"""What tests called their files, schemas and worlds, which are named for what they test or hold."""

RETIRED_PATTERN = re.compile(
    rf"(?<![a-z])({'|'.join(RETIRED)})(s|es)?(?![a-z])", re.IGNORECASE | re.ASCII
)


def _any_of(words: Iterable[str], ending: str = "") -> re.Pattern[str]:
    """Each of the words as a whole word, in lower and upper case."""
    either = "|".join(rf"\b{WORD_GAP.join(each.split())}{ending}\b" for each in words)
    return re.compile(either, re.IGNORECASE)


PLAIN = {
    "answers": "returns, or responses",
    "answered": "returned, or responded to",
    "answering": "returning",
    "to answer": "to return, or to respond",
    "may answer": "may return",
    "must answer": "must return",
    "will answer": "will return",
    "whoever": "the thread that, or any thread that",
    "whomever": "any thread that",
    "nobody": "no thread, or none",
    "somebody": "a thread, or a user",
    "anybody": "any thread, or any user",
    "give up": "abort, or abandon",
    "gives up": "aborts, or abandons",
    "gave up": "aborted, or abandoned",
    "given up": "aborted, or skipped",
    "giving up": "aborting, or abandoning",
    "give it up": "abort it",
    "gives it up": "aborts it",
    "gave it up": "aborted it",
    "owe": "must, or is due",
    "owes": "must, or is due",
    "owed": "due",
    "owing": "due",
    "ask of": "require",
    "asks of": "requires",
    "asked of": "required",
    "anew": "again",
    "thereby": "so",
    "upon which": "then",
    "of whose": "a sentence of its own",
    "but for": "except for",
    "for ever": "forever",
    "in vain": "without effect",
    "vouches": "trusts",
}
"""What prose stumbles over, and what to say instead. Only whole words count, so that a part of an
identifier is no finding.
"""

BANNED_PATTERN = _any_of(BANNED, "s?")
PLAIN_PATTERN = _any_of(PLAIN)
REASON_PATTERN = re.compile(
    r"\blong(er)?\b.*\b(because|since|so that)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class Source:
    """A text file: its path from the checkout's top, and what is in it."""

    path: str
    text: str

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def at(self, line: int, message: str) -> str:
        return f"{self.path}:{line}: {message}"


@dataclass(frozen=True)
class Function:
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self) -> int:
        return self.last_line - self.first_line + 1


def _blank(match: re.Match[str]) -> str:
    """Nothing but the line ends of what was matched, so that line numbers stay."""
    return "\n" * match.group().count("\n")


C_NOISE = re.compile(
    r"""
      /\*.*?\*/
    | //[^\n]*
    | ^[ \t]*\#(?:[^\n\\]|\\\n|\\.)*
    | "(?:[^"\\\n]|\\.)*"
    | '(?:[^'\\\n]|\\.)*'
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
"""Comments, directives with their continued lines, strings and characters."""
JINJA_NOISE = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
JINJA_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
LINKAGE_BLOCK = re.compile(r'\bextern\s+"C"\s*\{')


def strip_c(text: str) -> str:
    """C, or a template of C, without comments, strings, directives and template code."""
    text = LINKAGE_BLOCK.sub(_blank, text)
    text = JINJA_VALUE.sub("value", JINJA_NOISE.sub(_blank, text))
    return C_NOISE.sub(_blank, text)


def c_functions(source: Source) -> Iterator[Function]:
    """The functions that are defined in C text: outermost braces that follow a parameter list."""
    text = strip_c(source.text)
    depth = 0
    head_begin = 0
    current: tuple[str, int] | None = None
    for match in re.finditer(r"[{};]", text):
        token, place = match.group(), match.start()
        if token == "{":
            head = text[head_begin:place]
            if depth == 0 and head.rstrip().endswith(")"):
                name = re.search(r"(\w+)\s*\(", head)
                begin = head_begin + len(head) - len(head.lstrip())
                current = (name.group(1) if name else "?", text.count("\n", 0, begin) + 1)
            depth += 1
        elif token == "}":
            depth = max(0, depth - 1)
            if depth == 0 and current is not None:
                yield Function(*current, text.count("\n", 0, place) + 1)
                current = None
        if depth == 0:
            head_begin = match.end()


def python_functions(source: Source) -> Iterator[Function]:
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(node.name, node.lineno, node.end_lineno or node.lineno)


def functions(source: Source) -> Iterable[Function]:
    return python_functions(source) if source.suffix == ".py" else c_functions(source)


def check_function_length(source: Source) -> list[str]:
    return [
        source.at(each.first_line, f"{each.name} has {each.lines} lines")
        for each in functions(source)
        if each.lines > MAX_FUNCTION_LINES
    ]


def check_line_length(source: Source) -> list[str]:
    return [
        source.at(number, f"{len(line)} columns")
        for number, line in enumerate(source.lines, start=1)
        if len(line) > MAX_LINE_COLUMNS
    ]


def check_file_length(source: Source) -> list[str]:
    """A file that is longer than its kind should be says at its top why: "long ... because ..."."""
    limit = MAX_HEADER_LINES if source.suffix == ".h" else MAX_MODULE_LINES
    top = "\n".join(source.lines[:TOP_LINES])
    if len(source.lines) <= limit or REASON_PATTERN.search(top):
        return []
    return [source.at(1, f"{len(source.lines)} lines, and the top doesn't say why it is long")]


def check_banned_words(source: Source) -> list[str]:
    """Words that stand for work that isn't done."""
    return [
        source.at(_line(source, match), f"banned: {match.group()!r}")
        for match in BANNED_PATTERN.finditer(source.text)
    ]


def check_retired_names(source: Source) -> list[str]:
    """Neither a test's file nor a name in it, alone or as a part of one, is a retired word."""
    found = [
        source.at(source.text.count("\n", 0, match.start()) + 1, f"retired: {match.group()!r}")
        for match in RETIRED_PATTERN.finditer(source.text)
    ]
    if RETIRED_PATTERN.search(PurePosixPath(source.path).name):
        found.append(source.at(1, "the file's name has a retired word"))
    return found


def check_plain_words(source: Source) -> list[str]:
    """Words of prose that have to be read twice."""
    found = []
    for match in PLAIN_PATTERN.finditer(source.text):
        words = " ".join(re.findall(r"[a-z]+", match.group().lower()))
        found.append(source.at(_line(source, match), f"{words!r}: write {PLAIN[words]}"))
    return found


def _line(source: Source, match: re.Match[str]) -> int:
    return source.text.count("\n", 0, match.start()) + 1


def check_truth_values(source: Source) -> list[str]:
    """A field of a class that is named as if it were true or false is a bool, and only such are."""
    return [
        source.at(node.lineno, f"{node.target.id} is a {ast.unparse(node.annotation)}")
        for each in ast.walk(ast.parse(source.text))
        if isinstance(each, ast.ClassDef)
        for node in each.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id.startswith(TRUTH_PREFIXES) != (ast.unparse(node.annotation) == "bool")
    ]


def check_whitespace(source: Source) -> list[str]:
    """No tabs, no space before a line's end, one line end at the end of the file."""
    found = [
        source.at(number, "a tab, or whitespace at the end")
        for number, line in enumerate(source.text.split("\n"), start=1)
        if "\t" in line or line != line.rstrip()
    ]
    if source.text and (not source.text.endswith("\n") or source.text.endswith("\n\n")):
        found.append(source.at(len(source.lines), "the file doesn't end with one line end"))
    return found


def check_include_guard(source: Source) -> list[str]:
    """The first thing in a header is its guard, named after the file; the last closes it."""
    code = re.sub(r"/\*.*?\*/", "", source.text, flags=re.DOTALL).split("\n")
    directives = [line.strip() for line in code if line.strip()]
    stem = re.sub(r"\W", "_", PurePosixPath(source.path).stem).upper()
    opening = re.match(rf"#ifndef (\w*{stem}_H)$", directives[0]) if directives else None
    if opening is None:
        return [source.at(1, f"doesn't begin with #ifndef ..._{stem}_H")]
    if directives[1] != f"#define {opening.group(1)}" or directives[-1] != "#endif":
        return [
            source.at(1, f"the guard {opening.group(1)} isn't defined, or doesn't end the file")
        ]
    return []


def _assertions(code: str, macro: str) -> Iterator[tuple[int, str]]:
    """Where each assertion in stripped code begins, and its condition without the message."""
    for match in re.finditer(rf"\b(?:{macro})\s*\(", code):
        depth = 1
        end = match.end()
        while depth > 0 and end < len(code):
            depth += {"(": 1, ")": -1}.get(code[end], 0)
            end += 1
        yield match.start(), " ".join(code[match.end() : end - 1].rstrip(", \n").split())


def says_something(condition: str) -> bool:
    """Whether an assertion says more than that a pointer isn't null, which the next line shows."""
    return re.fullmatch(r"[^&|]+!= NULL|NULL != [^&|]+|!?\w+", condition) is None


def check_assertion_density(sources: Iterable[Source]) -> list[str]:
    """On average, functions over 8 lines of code have enough assertions that say something."""
    defined = asserted = 0
    for source in sources:
        lines = strip_c(source.text).split("\n")
        for each in c_functions(source):
            body = [line for line in lines[each.first_line - 1 : each.last_line] if line.strip()]
            if len(body) > SHORT_FUNCTION_LINES:
                defined += 1
                found = _assertions("\n".join(body), "CORINTH_ASSERT|CORINTH_STATIC_ASSERT")
                asserted += sum(says_something(condition) for _, condition in found)
    if defined == 0 or asserted / defined >= MIN_ASSERTIONS_PER_FUNCTION:
        return []
    average = f"{asserted / defined:.2f} on average"
    return [f"{asserted} assertions that say something in {defined} functions: {average}"]


FIXED_SIZE = r"sizeof ?\(? ?(?:char|signed char|unsigned char|u?int(\d+)_t)\b ?\)?"
CONSTANT = re.compile(r"[\s\d()+\-*/%<>=!&|^~]+|0x[0-9a-fA-F]+|true|false")


def _can_fail(condition: str, aliases: Mapping[str, str]) -> bool:
    """Whether a static assertion's truth depends on anything but C itself."""
    for alias, known in aliases.items():
        condition = re.sub(rf"\b{alias}\b", known, condition)
    left, equal, right = condition.partition(" == ")
    is_same = bool(equal) and left == right
    return not is_same and CONSTANT.sub("", re.sub(FIXED_SIZE, "1", condition)) not in ("", "u")


def check_static_assertions(sources: Iterable[Source]) -> list[str]:
    """No static assertion holds whatever happens: none of constants and types of fixed width."""
    texts = [(source, strip_c(source.text)) for source in sources]
    aliases = {
        name: known
        for _, code in texts
        for known, name in re.findall(r"\btypedef (u?int\d+_t) (\w+);", code)
    }
    return [
        source.at(code.count("\n", 0, place) + 1, f"can't fail: {condition}")
        for source, code in texts
        for place, condition in _assertions(code, "CORINTH_STATIC_ASSERT")
        if not _can_fail(condition, aliases)
    ]
