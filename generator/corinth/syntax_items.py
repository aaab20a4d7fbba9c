"""Syntax items: dashes, brackets and quotes that are missing, and lines at the wrong column.

Like the other repairs, each is reported as what it is and mended, and the text is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corinth.syntax_repairs import MASK, MAX_IN_LINE, MAX_LOOKED_AT, Repair, Source, code_of
from corinth.syntax_separators import KEY, Stop, indent_of

ITEM = re.compile(r"( *)(- +)(?=\S)")
KEY_LINE = re.compile(rf"( *)(?:- +)*({KEY}):(?= |$)")
PAIR = rf"{KEY}: +(?:\"[^\"]*\"|'[^']*'|[^\s,:{{}}\[\]\"'#\0][^,:{{}}\[\]\"'#\0]*)"
PAIRS = re.compile(rf"{PAIR}(?:, *{PAIR})+")
INNER = re.compile(rf"(?:(?<=\s)|^) *({KEY}): +({KEY}: +[^\s\0][^\0]*)")
LIST_END = re.compile(rf"(?<!\w)({KEY}): +({KEY}(?:, *(?:{KEY}))+)$")
QUOTED_TEXT = re.compile(r"'(.*\w)'(?=\s*(?:[,}\]]|$))")


def items_at(source: Source, stop: Stop) -> list[Repair]:
    """What is wrong with the line where the parser stopped, or with that where it began."""
    if stop.line >= len(source.lines):
        return []
    if stop.context.startswith("while parsing a block collection"):
        return _beside_items(source, stop.line)
    if stop.context.startswith("while scanning a simple key"):
        is_flow = source.lines[stop.begin].lstrip()[:1] == "{"
        return _beside_items(source, stop.begin) if is_flow else []
    line = source.lines[stop.line]
    quote = list(_quote(line, stop))
    if quote:
        return quote
    if stop.problem.startswith("mapping values"):
        return list(_braces(line, stop.line))
    if "flow mapping" in stop.context and line[stop.column : stop.column + 1] == "]":
        return list(_list_begin(line, stop))
    if line[stop.column : stop.column + 1] in (";", ","):
        return _separators(source, stop)
    return []


def _beside_items(source: Source, number: int) -> list[Repair]:
    """A line beside the items of a list: one more without its dash, or a key of the last one."""
    line = source.lines[number]
    indent = indent_of(line)
    above = range(number - 1, max(number - MAX_LOOKED_AT, -1), -1)
    item = next((at for at in above if ITEM.match(source.lines[at])), None)
    match = ITEM.match(source.lines[item]) if item is not None else None
    if item is None or match is None:
        return []
    dash, content = len(match[1]), match.end()
    key = KEY_LINE.match(line)
    if not dash <= indent <= content or line[indent : indent + 1] == "-":
        return []
    is_flow = source.lines[item][content : content + 1] == "{"
    is_next = key is not None and key[2] in _keys(source, item, number, content)
    if line[indent] == "{" or is_next:
        new = " " * dash + "- "
        shown = (indent, indent + 1)
        return [
            Repair("missing-dash", "a `- ` is missing", "begin the item with `- `", number, 0,
                   indent, new, shown)
        ]  # fmt: skip
    if key is not None and is_flow:
        message = f"`{key[2]}` stands beside the list's items, not in the last one"
        hint = "put it into the `{ }` above"
        shown = (indent, key.end() - 1)
        return [Repair("indentation", message, hint, number, 0, len(line), "", shown)]
    if key is None or indent == content:
        return []
    found = []
    for at in range(number, min(number + MAX_IN_LINE, len(source.lines))):
        following = KEY_LINE.match(source.lines[at])
        if following is None or len(following[1]) != indent or "- " in following.group():
            break
        message = f"`{following[2]}` stands beside the list's items, not in the last one"
        shown = (indent, following.end() - 1)
        new = " " * content
        found.append(Repair("indentation", message, "indent it", at, 0, indent, new, shown))
    return found


def _keys(source: Source, item: int, end: int, content: int) -> set[str]:
    """The keys that an item of a list has."""
    if source.lines[item][content : content + 1] == "{":
        return set(re.findall(rf"(?<!\w)({KEY}):(?= )", code_of(source.lines[item])))
    found = set()
    for line in source.lines[item:end]:
        key = KEY_LINE.match(line)
        if key is not None and key.start(2) == content:
            found.add(key[2])
    return found


def _braces(line: str, number: int) -> Iterator[Repair]:
    """Entries in the line of the dash or the key that they belong to, as in a flow mapping."""
    code = code_of(line).rstrip(f"{MASK} ")
    item = ITEM.match(code)
    if item is not None and PAIRS.fullmatch(code, item.end()):
        start = item.end()
    else:
        inner = INNER.fullmatch(code, item.end() if item else 0)
        if inner is None or not _is_balanced(inner[2]):
            return
        start = inner.start(2)
    new = f"{{{code[start:]}}}"
    message = "several entries in one line stand in braces"
    yield Repair(
        "missing-bracket",
        message,
        "put `{ }` around them",
        number,
        start,
        len(code),
        new,
        None,
        new,
    )


def _is_balanced(text: str) -> bool:
    """Whether each bracket of a text has its other one, and no comma stands outside of them."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", text)
    depth = 0
    for char in bare:
        depth += (char in "{[") - (char in "}]")
        if depth < 0 or (char == "," and depth == 0):
            return False
    return depth == 0


def _list_begin(line: str, stop: Stop) -> Iterator[Repair]:
    """The bracket that is missing where a list begins."""
    match = LIST_END.search(code_of(line)[: stop.column].rstrip())
    if match is not None:
        new = f"[{match[2]}]"
        start, end = match.start(2), stop.column + 1
        message = "the `[` of this list is missing"
        yield Repair(
            "missing-bracket", message, f"write `{new}`", stop.line, start, end, new, None, new
        )


def _separators(source: Source, stop: Stop) -> list[Repair]:
    """A `;` or `,` behind what a bracket or a quote has ended, here and in the lines below."""
    found: list[Repair] = []
    indent = indent_of(source.lines[stop.line])
    if "flow" in stop.context:
        return []
    for number in range(stop.line, min(stop.line + MAX_IN_LINE, len(source.lines))):
        code = code_of(source.lines[number]).rstrip(f"{MASK} ")
        if code and indent_of(code) < indent:
            break
        if indent_of(code) == indent and re.search(r"[}\]\"'] *[;,]$", code):
            message = f"`{code[-1]}` ends nothing here"
            start, end = len(code) - 1, len(code)
            found.append(Repair("surplus-separator", message, "remove it", number, start, end, ""))
    return found if found and found[0].line == stop.line else []


def _quote(line: str, stop: Stop) -> Iterator[Repair]:
    """A text in single quotes with one more of them inside, behind which the parser stopped."""
    first = re.match(rf"(?: *- +)* *{KEY}: +'|.*[{{,\[:] *'", line[: stop.column])
    if first is None or line[stop.column - 1 : stop.column] != "'":
        return
    if not re.match(r"\w", line[stop.column :]):
        return
    start = first.end() - 1
    text = QUOTED_TEXT.match(line, start)
    if text is not None and text.end() > stop.column:
        inner = re.sub("(?<!')'(?!')", "''", text[1])
        new = f"'{inner}'"
        message = "a `'` ends this text"
        hint = "write `''` inside of it, or put it in `\"`"
        yield Repair(
            "yaml-syntax", message, hint, stop.line, start, text.end(), new,
            (stop.column - 1, stop.column), "''",
        )  # fmt: skip
