"""Syntax: bytes of one YAML 1.2 file → its tree, with everything refused that could surprise.

ruamel.yaml scans and parses; this module composes the tree from its events, so that bounds hold
before anything is built, each node keeps its place, and the traps of YAML become messages. Longer
than other modules, since the composer is one walk over the events.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, Protocol

from corinth.decoding import NOT_ALLOWED, control_name, join_surrogates
from corinth.diagnostics import Diagnostics, Note, Span
from corinth.document import Entry, Mapping, Node, Scalar, Sequence
from corinth.scalars import describe, plain_value
from corinth.syntax_declarations import (
    colonless_at,
    declarations_at,
    declarations_in,
    declared_in,
    separated,
)
from corinth.syntax_errors import BRACKET_IN_TEXT, END_OF_SCHEMA, QUOTE_IN_TEXT, explain
from corinth.syntax_items import items_at
from corinth.syntax_repairs import (
    COMMENT,
    NO_BLANK,
    UNUSUAL,
    Repair,
    Source,
    comment_repair,
    comments,
    find_repairs,
    in_line,
    missing_blanks,
    tagged_words,
    templates,
    unusual,
)
from corinth.syntax_separators import (
    DASH_TEXT,
    EQUALS_TEXT,
    GROUP,
    KEY_AND_BRACKET,
    Stop,
    at_stop,
    colon_in,
    grouped_numbers,
    in_block,
    missing_colons,
)

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

MAX_FILE_BYTES = 512 * 1024
MAX_DEPTH = 64
MAX_ENTRIES = 5000
"""Entries of one list or mapping. The JSON Schema has a lower limit for each, and reports it."""

MAX_NODES = 8192
"""Values of one file, those that aliases repeat included: far above any use, far below what takes
time. One deeper than MAX_USEFUL_DEPTH counts once more for each level, as it costs that much."""

MAX_USEFUL_DEPTH = 8

MAX_READ = 56 * 1024
"""Characters that are read in all where repairs make a file be read again. What is wrong behind
them isn't found, as that would take more than the second that 48 KiB may take."""

MAX_READINGS = 40

TEXT_KEYS = ("doc",)
"""Keys with free text as their value: all that this module knows of what keys mean."""

COMMENT_AFTER = re.compile(r"(\S.*?)(?:\s+(//|/\*|--(?![->])|;).*|\s*(;))", re.DOTALL)
"""A value and what would be a comment, or the end of a statement, in other languages."""

C_DIRECTIVE = re.compile(
    r"^[ \t]*#[ \t]*(?:include[ \t]*[<\"]|(?:define|ifn?def|pragma)\b)"
    r"|^(?:typedef[ \t]+)?(?:struct|enum|union)\b[^:\n]*\{"
    r"|^[A-Za-z_][\w \t*]*\([^:\n]*\)[ \t]*(?:\{|$)",
    re.MULTILINE,
)
KEY_AT_TOP = re.compile(
    r"\A\s*\{|^(?!(?:public|private|protected|default)\b)[\"']?\w+[\"']?:(?:\s|$)",
    re.MULTILINE,
)
"""A file of C has lines of the first kind and none of the second, a schema the reverse."""

MERGE_KEY = "<<"
STANDARD_TAGS = "tag:yaml.org,2002:"


class Mark(Protocol):
    """A place as ruamel has it, counted from 0."""

    index: int
    line: int
    column: int


class Event(Protocol):
    """What is used of ruamel's events. Which attributes exist depends on the event."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]
    value: str
    style: str | None
    flow_style: bool


def parse(text: str, file: str, diagnostics: Diagnostics) -> Node | None:
    """The tree of the one document in a text, or None where it has no use."""
    if C_DIRECTIVE.search(text) and not KEY_AT_TOP.search(text):
        message = "this looks like C, not like a schema"
        hint = "a schema is YAML and begins with `corinth: 1`"
        diagnostics.error("yaml-syntax", message, Span(file, 1, 1), hint)
        return None
    source = Source(text, file)
    characters_read = len(text)
    for _ in range(MAX_READINGS):
        found = Diagnostics()
        try:
            node = _Composer(source, found).document()
        except _RefusedError:
            node = None
        except _RepairableError as error:
            diagnostics.errors += [source.mend(repair) for repair in error.repairs if repair.rule]
            for repair in error.repairs:
                if not repair.rule:
                    source.mend(repair)
            characters_read += sum(map(len, source.lines[: error.line + 1]))
            if characters_read > MAX_READ:
                return None
            continue
        diagnostics.errors += found.errors
        return node
    return None


class _RefusedError(Exception):
    """The rest of the file can't be read; the reason has been reported."""


class _RepairableError(Exception):
    """The text is to be read again with some repairs."""

    def __init__(self, line: int, repairs: list[Repair]) -> None:
        self.line = line
        """Where reading stopped."""
        self.repairs = repairs


class _Composer:
    """Builds the tree from ruamel's events, one file per instance."""

    def __init__(self, source: Source, diagnostics: Diagnostics) -> None:
        self.source = source
        self.file = source.file
        self.diagnostics = diagnostics
        self.events = self._read_events(source.text)
        self.place = Span(self.file, 1, 1)
        self.key_line = -1
        """The line of the key whose value is read; -1 for an item of a list, and for the root."""
        self.is_text = False
        """The value that is read is free text."""
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        """Of each anchor: the node, what it counts, how deep it is."""
        self.open_anchors: dict[str, Span] = {}
        self.is_complete = False
        """The root has been read; whatever follows is too much."""
        self.node_count = 0

    def document(self) -> Node | None:
        """The root of the only document."""
        event = self._next("StreamStartEvent")
        event = next(self.events)
        if type(event).__name__ == "StreamEndEvent":
            return self._refuse_empty()
        root, _ = self._node(next(self.events), 1)
        if isinstance(root, Scalar) and root.value is None:
            return self._refuse_empty()
        self._next("DocumentEndEvent")
        self.is_complete = True
        event = next(self.events)
        if type(event).__name__ == "DocumentStartEvent":
            self._refuse_second(event)
        return root

    def _next(self, kind: str) -> Event:
        event = next(self.events)
        assert type(event).__name__ == kind, f"{kind} expected, got {event}"
        return event

    def _read_events(self, text: str) -> Iterator[Event]:
        """ruamel's events; what it raises becomes a message.

        Besides its own exceptions it lets a few of Python's through, such as an OverflowError
        for an escape beyond Unicode. All of them mean that the text is not YAML.
        """
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError

        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                self.place = self._span(event.start_mark, event.end_mark)
                yield event
        except MarkedYAMLError as error:
            self._refuse_syntax(error)
        except (
            ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError
        ):  # fmt: skip
            message = "this or what follows isn't valid YAML"
            self._refuse("yaml-syntax", message, self.place, "look for an escape such as `\\U`")

    def _node(self, event: Event, depth: int) -> tuple[Node, int]:
        """The node that begins with an event, and how deep it is."""
        kind = type(event).__name__
        span = self._span(event.start_mark, event.end_mark)
        if kind == "AliasEvent":
            return self._alias(str(event.anchor), span, depth)
        if kind != "ScalarEvent" and depth > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            self._refuse("nesting", message, span, "a schema needs no more than 8")
        self._check_tag(event.tag, span)
        self._open_anchor(event.anchor, span)
        count_before = self.node_count
        self._count(max(1, depth - MAX_USEFUL_DEPTH), span)
        node: Node
        if kind == "ScalarEvent":
            node, height = self._scalar(event, span), 0
        elif kind == "SequenceStartEvent":
            node, height = self._sequence(event, depth)
        else:
            node, height = self._mapping(event, depth)
        if event.anchor is not None:
            self.open_anchors.pop(event.anchor, None)
            self.anchors[event.anchor] = (node, self.node_count - count_before, height)
        return node, height

    def _sequence(self, start: Event, depth: int) -> tuple[Sequence, int]:
        items: list[Node] = []
        height = 0
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            self.key_line, self.is_text = -1, False
            item, item_height = self._node(event, depth + 1)
            items.append(item)
            self._check_length(len(items), item.span)
            height = max(height, item_height)
        return Sequence(tuple(items), self._collection_span(start, event)), height + 1

    def _mapping(self, start: Event, depth: int) -> tuple[Mapping, int]:
        entries: dict[str, Entry] = {}
        first_span: Span | None = None
        merged: list[Entry] = []
        height = length = 0
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                break
            span = self._span(event.start_mark, event.end_mark)
            first_span = first_span or span
            length += 1
            self._check_length(length, span)
            key = self._key(event, span, depth)
            value_event = next(self.events)
            self._check_blank(event, value_event)
            self.key_line, self.is_text = event.start_mark.line, key in TEXT_KEYS
            value, value_height = self._node(value_event, depth + 1)
            is_empty = value_event.start_mark.index == value_event.end_mark.index
            if isinstance(value, Scalar) and is_empty:
                # ruamel puts a value that isn't there behind the comments that follow.
                value = replace(value, span=replace(span, is_whole=False))
            height = max(height, value_height)
            if key is None:
                merged += _merged_entries(event, value)
                continue
            if key in entries:
                self._report_duplicate(key, span, entries[key].key_span)
            else:
                entries[key] = Entry(key, span, value)
        for entry in merged:
            entries.setdefault(entry.key, entry)
        span = self._collection_span(start, event)
        if not start.flow_style and first_span is not None:
            span = replace(first_span, is_whole=False)
        return Mapping(tuple(entries.values()), span), height + 1

    def _key(self, event: Event, span: Span, depth: int) -> str | None:
        """The key that an event begins, or None where it is refused."""
        if type(event).__name__ != "ScalarEvent":
            self._node(event, depth + 1)
            self.diagnostics.error("key-type", "a key must be plain text", span, "write a name")
            return None
        self._check_tag(event.tag, span)
        if event.anchor is not None:
            self.diagnostics.error("key-type", "a key can't have an anchor", span, "remove it")
        self.key_line, self.is_text = event.start_mark.line, False
        comment = COMMENT.match(event.value) if event.style is None else None
        if comment is not None:
            mark = event.start_mark
            self._repair(mark.line, [comment_repair(mark.line, mark.column, comment.group(1))])
        node = self._scalar(event, span)
        if event.style is None and node.value == MERGE_KEY:
            hint = "write the keys out"
            self.diagnostics.error("merge-key", "merge keys aren't part of YAML 1.2", span, hint)
            return None
        if isinstance(node.value, str):
            return node.value
        message = f"key `{event.value}` is {describe(node.value)}, not text"
        if node.value is None:
            message = "a key is missing before `:`" if not event.value else message
        hint = f'write "{event.value}"' if event.value else "write a name"
        self.diagnostics.error("key-type", message, span, hint)
        return None

    def _scalar(self, event: Event, span: Span) -> Scalar:
        value: str = event.value
        is_plain = event.style is None and event.implicit[0]
        if not self.is_text:
            self._check_unusual(event)
        if is_plain:
            if not self.is_text:
                value = self._without_comment(event, value, span)
            return Scalar(plain_value(value, span, self.diagnostics), span)
        value = join_surrogates(value)
        bad = NOT_ALLOWED.search(value)
        if bad:
            message = f"{control_name(bad.group())} is escaped here and isn't allowed"
            self.diagnostics.error("control-character", message, span, "remove it")
            value = NOT_ALLOWED.sub("", value)
        return Scalar(value, span)

    def _check_unusual(self, event: Event) -> None:
        """Mend a key or a value that has characters which only look like others."""
        if event.value.isascii() or not UNUSUAL.search(event.value):
            return
        last = min(event.end_mark.line, len(self.source.lines) - 1)
        for number in range(event.start_mark.line, last + 1):
            self._repair(number, in_line(unusual(self.source.lines[number], number)))

    def _check_blank(self, key: Event, value: Event) -> None:
        """Mend `{x:f32}` and `{x f32}`, which for YAML are keys without a value."""
        is_empty = value.start_mark.index == value.end_mark.index
        if type(key).__name__ != "ScalarEvent" or key.style is not None:
            return
        number, column = key.start_mark.line, key.start_mark.column
        line = self.source.lines[number]
        if is_empty and line[column:]:
            self._repair(number, in_line(declared_in(key.value, line, number, column)))
        if is_empty and NO_BLANK.fullmatch(key.value):
            self._repair(number, in_line(missing_blanks(line, number)))
        elif is_empty and GROUP.fullmatch(key.value):
            self._repair(number, in_line(grouped_numbers(line, number)))
        elif is_empty and line[column + len(key.value) :].lstrip()[:1] in (",", "}", ""):
            self._repair(number, in_line(colon_in(key.value, line, number, column)))
        elif KEY_AND_BRACKET.fullmatch(key.value):
            self._repair(number, in_line(missing_colons(line, number)))
        elif DASH_TEXT.fullmatch(key.value):
            self._repair(number, in_block(self.source, number))

    def _without_comment(self, event: Event, value: str, span: Span) -> str:
        """A plain value without the comment of another language that follows it.

        Where keys and values without blanks stand below a key, YAML takes them for one text.
        """
        first, last = event.start_mark.line, event.end_mark.line
        if first != self.key_line and NO_BLANK.fullmatch(value):
            for number in range(first, min(last + 1, len(self.source.lines))):
                found = missing_blanks(self.source.lines[number], number)
                self._repair(number, in_line(found))
        is_below = first != self.key_line
        if is_below and (DASH_TEXT.fullmatch(value) or EQUALS_TEXT.fullmatch(value)):
            last_line = min(last, len(self.source.lines) - 1)
            self._repair(first, in_block(self.source, last_line))
        if is_below:
            last_line = min(last, len(self.source.lines) - 1)
            self._repair(first, declarations_in(self.source, first, last_line))
        if COMMENT.match(value):
            for number in range(first, min(last + 1, len(self.source.lines))):
                self._repair(number, list(comments(self.source, number)))
        if value.count("<") > value.count(">"):
            self._repair(last, in_line(templates(self.source.lines[last], last)))
        if ";" in value and first == last and not is_below:
            line, column = self.source.lines[first], event.start_mark.column
            self._repair(first, in_line(separated(value, line, first, column)))
        comment = COMMENT_AFTER.fullmatch(value)
        if comment is None:
            return value
        kept, mark = comment.group(1), comment.group(2) or ";"
        message = f"a comment begins with `#`, not with `{mark}`"
        message = "`;` ends nothing here" if mark == ";" else message
        hint = f"write `{kept}`"
        self.diagnostics.error("foreign-comment", message, span, hint, replacement=kept)
        return kept

    def _repair(self, line: int, repairs: list[Repair]) -> None:
        """Read the text again if there is something to mend in it."""
        if repairs:
            raise _RepairableError(line, repairs)

    def _alias(self, name: str, span: Span, depth: int) -> tuple[Node, int]:
        if name in self.open_anchors:
            notes = (Note("the anchor is here", self.open_anchors[name]),)
            message = f"`*{name}` stands inside its own anchor and would never end"
            self._refuse("alias-expansion", message, span, "remove it", notes)
        if name not in self.anchors:
            message = f"`*{name}` has no anchor before it"
            hint = "quote it if a text is meant"
            self._refuse("unknown-alias", message, span, hint)
        node, size, height = self.anchors[name]
        if self.node_count + size > MAX_NODES:
            message = f"with what aliases repeat there are more than {MAX_NODES:,} values"
            self._refuse("alias-expansion", message, span, "write less with aliases")
        self._count(size, span)
        if depth + height > MAX_DEPTH + 1:
            message = f"nested deeper than {MAX_DEPTH} levels by this alias"
            self._refuse("nesting", message, span, "a schema needs no more than 8")
        return node, height

    def _check_tag(self, tag: str | None, span: Span) -> None:
        if tag is not None:
            number = span.line - 1
            self._repair(number, in_line(tagged_words(self.source.lines[number], number)))
            hint = "remove it; quotes make a string"
            message = f"tag `{tag.replace(STANDARD_TAGS, '!!')}` has no meaning here"
            self.diagnostics.error("yaml-tag", message, span, hint)

    def _open_anchor(self, name: str | None, span: Span) -> None:
        if name is not None:
            if name in self.anchors or name in self.open_anchors:
                message = f"anchor `&{name}` is defined twice"
                self.diagnostics.error("duplicate-anchor", message, span, "choose another name")
            self.open_anchors[name] = span

    def _count(self, size: int, span: Span) -> None:
        self.node_count += size
        if self.node_count > MAX_NODES:
            message = f"a file has at most {MAX_NODES:,} values"
            self._refuse("too-many", message, span, "this is one too many")

    def _check_length(self, length: int, span: Span) -> None:
        """Refuse a collection before it takes time to look at all of it."""
        if length > MAX_ENTRIES:
            message = f"a list or a mapping has at most {MAX_ENTRIES:,} entries"
            self._refuse("too-many", message, span, "this is one too many")

    def _report_duplicate(self, key: str, span: Span, first: Span) -> None:
        notes = (Note("first here", first),)
        hint = "remove one, or rename it"
        message = f"key `{key}` occurs twice"
        self.diagnostics.error("duplicate-key", message, span, hint, notes)

    def _refuse_empty(self) -> NoReturn:
        hint = "a schema begins with `corinth: 1` and `name:`; one to be included has a section"
        self._refuse("empty-file", "this file holds nothing", Span(self.file, 1, 1), hint)

    def _refuse_second(self, event: Event) -> None:
        """A second document. An implicit one is text that belongs to nothing instead."""
        if event.start_mark.index == event.end_mark.index:
            next(self.events)
        hint = "write one schema a file; `include:` combines them"
        message = "a second document begins here"
        self.diagnostics.error("several-documents", message, self.place, hint)

    def _refuse_syntax(self, error: MarkedYAMLError) -> NoReturn:
        stop = error.problem_mark or error.context_mark
        if stop is not None:
            first = min(error.context_mark.line if error.context_mark else stop.line, stop.line) - 1
            begin_line = error.context_mark.line if error.context_mark else stop.line
            context, problem = error.context or "", error.problem or ""
            where = Stop(stop.line, stop.column, begin_line, context, problem)
            repairs = declarations_at(self.source, where) or find_repairs(
                self.source, max(first, 0), stop.line, stop.column
            )
            for find in (items_at, at_stop, colonless_at):
                repairs = repairs or find(self.source, where)
            self._repair(stop.line, repairs)
        found = END_OF_SCHEMA if self.is_complete else explain(error.context, error.problem)
        if stop is not None and "flow" in (error.context or ""):
            line = self.source.lines[stop.line] if stop.line < len(self.source.lines) else ""
            found = BRACKET_IN_TEXT if line[stop.column : stop.column + 1] in ("[", "{") else found
        if stop is not None and self._is_behind_quote(stop):
            found = QUOTE_IN_TEXT
        begin = self._span(error.context_mark, error.context_mark) if error.context_mark else None
        mark = error.problem_mark
        place = self._span(mark, mark) if mark else begin or self.place
        if found.is_at_begin and begin:
            place = begin
        notes = (Note(found.note, begin),) if found.note and begin else ()
        self._refuse("yaml-syntax", found.message, place, found.hint, notes)

    def _is_behind_quote(self, stop: Mark) -> bool:
        """Whether a word follows a quote, as in a text with an apostrophe in it."""
        line = self.source.lines[stop.line] if stop.line < len(self.source.lines) else ""
        return re.match(r".*\w'\w", line[: stop.column + 1]) is not None and (
            line[stop.column - 1 : stop.column] == "'"
        )

    def _refuse(
        self, rule: str, message: str, span: Span, hint: str = "", notes: tuple[Note, ...] = ()
    ) -> NoReturn:
        self.diagnostics.error(rule, message, span, hint, notes)
        raise _RefusedError

    def _collection_span(self, start: Event, end: Event) -> Span:
        """A flow collection as written; of a block collection, its first character."""
        if start.flow_style:
            return self._span(start.start_mark, end.end_mark)
        return replace(self._span(start.start_mark, start.end_mark), is_whole=False)

    def _span(self, start: Mark, end: Mark) -> Span:
        """A place from two marks; one that goes over several lines ends with its first."""
        line = start.line
        column, is_whole = start.column, end.line == line and end.column > start.column
        last = end.column if end.line == line else len(self.source.lines[line].rstrip())
        if line in self.source.columns:
            is_whole = is_whole and self.source.is_given(line, column, last)
            column, last = self.source.column(line, column), self.source.column(line, last)
        return Span(self.file, line + 1, column + 1, max(last - column, 1), is_whole)


def _merged_entries(key: Event, value: Node) -> tuple[Entry, ...]:
    """What a merge key means; it is refused, but what it stands for can still be checked."""
    if getattr(key, "value", None) == MERGE_KEY and isinstance(value, Mapping):
        return value.entries
    return ()
