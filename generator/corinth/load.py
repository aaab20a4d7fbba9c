"""Load: a schema file and all that it includes → one `Loaded`, or None where nothing is left.

Included files hold sections only; `name` and the like belong to the main file. A path is relative
to the file that names it. A file that several others include is merged in once.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from corinth.comments import check_comments
from corinth.decoding import decode
from corinth.diagnostics import Diagnostics, MachineError, Note, Span
from corinth.document import (
    NOTHING_UNSEEN,
    Entry,
    Loaded,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unseen,
)
from corinth.report import printable
from corinth.spelling import nearest
from corinth.syntax import MAX_FILE_BYTES, parse

MAX_FILES = 64
MAX_TOTAL_BYTES = MAX_FILE_BYTES

MAPPING_SECTIONS = ("enums", "structs", "components", "worlds")
LIST_SECTION = "lanes"
SECTIONS = (*MAPPING_SECTIONS, LIST_SECTION)
INCLUDED_KEYS = ("corinth", "doc", "include", *SECTIONS)
MAIN_KEYS = ("name", "topology", "pipeline", "max_bytes", "cc", "include_dirs", "defines")
KNOWN_KEYS = (*INCLUDED_KEYS, *MAIN_KEYS)
DROPPING = ("duplicate-key", "duplicate-definition", "key-type")
"""Rules by which an entry is left out that may hold routes or lanes."""

TYPE_SECTIONS = ("enums", "structs", "components")
"""What is left out of these is no route and no lane."""

SECTION_FORMS = {
    "enums": "{state: {values: [idle, busy]}}",
    "structs": "{point: {fields: {x: f32, y: f32}}}",
    "components": "{Boat: {fields: {x: f32}}}",
    "worlds": "{a: {routing: {default_target: b}}, b: {}}",
    "lanes": "[{from: a, to: b}]",
}
"""What each section looks like, for hints."""

LANGUAGE_VERSION = 1
ALL_UNSEEN = Unseen(frozenset(SECTIONS))
"""What a file may define that couldn't be read."""

Identity = tuple[int, int]
"""Device and inode: two paths with the same pair mean one file."""


def load(path: str, diagnostics: Diagnostics, data: bytes | None = None) -> Loaded | None:
    """Read a schema, or take its text from `data`, whether or not there is a file of that path.

    Raises MachineError if the file itself can't be read.
    """
    loader = _Loader(diagnostics)
    root = loader.read_main(path) if data is None else loader.take_main(path, data)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        hint = "begin with `corinth: 1`"
        diagnostics.error("wrong-type", "a schema must be a mapping", root.span, hint)
        return None
    merged = loader.merge(root)
    dropped = [error.span for error in diagnostics.errors if error.rule in DROPPING]
    if any(_section_at(root, span) not in TYPE_SECTIONS for span in dropped):
        loader.unseen |= Unseen(frozenset((LIST_SECTION,)))
    name = printable(Path(path).name)
    return Loaded(merged, tuple(loader.inputs), name, loader.unseen)


@dataclass
class _Loader:
    diagnostics: Diagnostics
    inputs: list[str] = field(default_factory=list)
    active: dict[Identity, Span] = field(default_factory=dict)
    """The files that are being merged now, and the place that includes each."""
    merged: set[Identity] = field(default_factory=set)
    total_bytes: int = 0
    unseen: Unseen = NOTHING_UNSEEN
    """What included files may define that weren't merged."""
    entries: dict[str, dict[str, Entry]] = field(
        default_factory=lambda: {section: {} for section in MAPPING_SECTIONS}
    )
    lanes: list[Node] = field(default_factory=list)

    def read_main(self, path: str) -> Node | None:
        start = Span(path, 1, 1)
        try:
            identity = _identity(path)
            data = _read_bounded(path)
        except (OSError, ValueError) as error:
            raise MachineError(f"can't read {path}: {_reason(error)}") from error
        self.active[identity] = start
        self.merged.add(identity)
        return self._parse(path, data, start)

    def take_main(self, path: str, data: bytes) -> Node | None:
        """Text that may be the newer state of a file, which then can't be included as well."""
        start = Span(path, 1, 1)
        with suppress(OSError, ValueError):
            identity = _identity(path)
            self.active[identity] = start
            self.merged.add(identity)
        return self._parse(path, data, start)

    def merge(self, root: Mapping) -> Mapping:
        """The main file with the sections of all others put before its own."""
        self._include_all(root)
        entries: list[Entry] = []
        for entry in root:
            if entry.key in MAPPING_SECTIONS and isinstance(entry.value, Mapping):
                self._add_section(entry.key, entry.value)
            elif entry.key == LIST_SECTION and isinstance(entry.value, Sequence):
                self.lanes += entry.value.items
            entries.append(entry)
        merged = [self._with_included(entry) for entry in entries]
        missing = [section for section in SECTIONS if section not in root]
        added = [self._from_included(section, root) for section in missing]
        merged += [entry for entry in added if entry is not None]
        return Mapping(tuple(merged), root.span)

    def _with_included(self, entry: Entry) -> Entry:
        value = entry.value
        if entry.key in MAPPING_SECTIONS and isinstance(value, Mapping):
            all_entries = tuple(self.entries[entry.key].values())
            return Entry(entry.key, entry.key_span, Mapping(all_entries, value.span))
        if entry.key == LIST_SECTION and isinstance(value, Sequence):
            return Entry(entry.key, entry.key_span, Sequence(tuple(self.lanes), value.span))
        return entry

    def _from_included(self, section: str, root: Mapping) -> Entry | None:
        """A section that only included files have. Its place is where they are included."""
        include = root.entry("include")
        span = include.key_span if include else root.span
        if section == LIST_SECTION:
            sequence = Sequence(tuple(self.lanes), span)
            return Entry(section, span, sequence) if self.lanes else None
        entries = self.entries[section]
        return Entry(section, span, Mapping(tuple(entries.values()), span)) if entries else None

    def _include_all(self, file_root: Mapping) -> None:
        """Merge in what a file's `include` names; `validate` reports one of a wrong form."""
        include = file_root.sequence("include")
        named: dict[str, Span] = {}
        for item in include or ():
            if isinstance(item, Scalar) and isinstance(item.value, str) and item.value:
                if item.value in named:
                    notes = (Note("first here", named[item.value]),)
                    message = f"`{item.value}` is included twice"
                    self._report("include-duplicate", message, item.span, "remove one", notes)
                else:
                    named[item.value] = item.span
                    self._include(item.value, item.span)

    def _include(self, name: str, span: Span) -> None:
        path = str(Path(span.file).parent / name)
        try:
            identity = _identity(path)
            if identity in self.active:
                notes = self._cycle_notes(identity)
                message = f"`{name}` includes itself" if not notes else f"`{name}` closes a cycle"
                self._fail("include-cycle", message, span, "remove it", notes)
                return
            if identity in self.merged:
                # A build depends on every name of a file: each may come to mean another.
                if path not in self.inputs:
                    self.inputs.append(path)
                return
            if len(self.merged) >= MAX_FILES:
                message = f"a schema has more than {MAX_FILES} files"
                self._fail("include-limit", message, span, "join some of them")
                return
            if not stat.S_ISREG(Path(path).stat().st_mode):
                self._fail("include-unreadable", f"`{name}` isn't a file", span, "name a file")
                return
            data = _read_bounded(path)
        except FileNotFoundError:
            hint = "the path is relative to this file"
            self._fail("include-missing", f"`{name}` doesn't exist", span, hint)
            return
        except (OSError, ValueError) as error:
            message = f"can't read `{name}`: {_reason(error)}"
            hint = "name a file that can be read"
            self._fail("include-unreadable", message, span, hint)
            return
        self.active[identity] = span
        self.merged.add(identity)
        self._merge_included(path, data, span)
        del self.active[identity]

    def _merge_included(self, path: str, data: bytes, span: Span) -> None:
        root = self._parse(path, data, span)
        if not isinstance(root, Mapping):
            if root is not None:
                hint = "an included file has " + ", ".join(SECTIONS)
                message = "an included file must be a mapping"
                self._fail("wrong-type", message, root.span, hint)
            self.unseen |= ALL_UNSEEN
            return
        self._include_all(root)
        for entry in root:
            key = entry.key
            if key not in KNOWN_KEYS:
                key = self._report_unknown(entry, root)
            if key in MAPPING_SECTIONS and isinstance(entry.value, Mapping):
                self._add_section(key, entry.value)
            elif key == LIST_SECTION and isinstance(entry.value, Sequence):
                self.lanes += entry.value.items
            elif key:
                self._check_included(key, entry)

    def _report_unknown(self, entry: Entry, root: Mapping) -> str:
        """Report a key that the language doesn't have; gives the section that it is meant to be."""
        near = nearest(entry.key, [section for section in SECTIONS if section not in root])
        hint = f"did you mean `{near}`?" if near else "an included file has " + ", ".join(SECTIONS)
        message = f"unknown key `{entry.key}` in an included file"
        self.diagnostics.error("unknown-key", message, entry.key_span, hint, replacement=near or "")
        if near is None:
            self.unseen |= unseen_in(entry.value)
        return near or ""

    def _check_included(self, key: str, entry: Entry) -> None:
        """Keys of an included file that are checked here because they aren't merged."""
        value = entry.value
        if key not in INCLUDED_KEYS:
            message = f"`{key}` doesn't belong in an included file"
            hint = "an included file has " + ", ".join(SECTIONS)
            self._report("include-key", message, entry.key_span, hint)
        elif key in SECTIONS:
            kind = "a list" if key == LIST_SECTION else "a mapping"
            hint = f"write {SECTION_FORMS[key]}"
            self._report("wrong-type", f"`{key}` must be {kind}", value.span, hint)
            self.unseen |= Unseen(frozenset((key,)))
        elif key == "corinth":
            if not isinstance(value, Scalar) or value.value != LANGUAGE_VERSION:
                message = "this version of the language isn't known"
                number = str(LANGUAGE_VERSION)
                self.diagnostics.error(
                    "language-version", message, value.span, f"write {number}", (), number
                )
        elif key == "include" and not isinstance(value, Sequence):
            self._fail("wrong-type", "`include` must be a list", value.span, "write […]")

    def _add_section(self, section: str, mapping: Mapping) -> None:
        known = self.entries[section]
        for entry in mapping:
            if entry.key in known:
                notes = (Note("first here", known[entry.key].key_span),)
                message = f"`{entry.key}` is defined twice in `{section}`"
                hint = "remove one, or rename it"
                self._report("duplicate-definition", message, entry.key_span, hint, notes)
            else:
                known[entry.key] = entry

    def _parse(self, path: str, data: bytes, span: Span) -> Node | None:
        self.inputs.append(path)
        self.total_bytes += len(data)
        if self.total_bytes > MAX_TOTAL_BYTES:
            kib = MAX_TOTAL_BYTES // 1024
            message = f"a schema is at most {kib} KiB, included files counted"
            self.diagnostics.sources.setdefault(path, ())
            hint = "make several schemas of it"
            self._fail("file-size", message, span, hint)
            return None
        text = decode(data, path, self.diagnostics)
        root = None if text is None else parse(text, path, self.diagnostics)
        if root is not None:
            check_comments(root, path, self.diagnostics)
        return root

    def _cycle_notes(self, identity: Identity) -> tuple[Note, ...]:
        """The includes that led from the file that would come again to here."""
        spans = list(self.active.values())
        begin = list(self.active).index(identity)
        return tuple(Note("included from here", span) for span in spans[begin + 1 :])

    def _fail(
        self, rule: str, message: str, span: Span, hint: str = "", notes: tuple[Note, ...] = ()
    ) -> None:
        """Report why a file can't be merged."""
        self.unseen |= ALL_UNSEEN
        self._report(rule, message, span, hint, notes)

    def _report(
        self, rule: str, message: str, span: Span, hint: str, notes: tuple[Note, ...] = ()
    ) -> None:
        self.diagnostics.error(rule, message, span, hint, notes)


def _section_at(root: Mapping, span: Span) -> str:
    """The key at the top of the main file that a place is below; empty if it is in another file."""
    before = [entry for entry in root if entry.key_span <= span]
    is_same_file = span.file == root.span.file and bool(before)
    return max(before, key=lambda entry: entry.key_span).key if is_same_file else ""


def unseen_in(node: Node) -> Unseen:
    """What a refused entry at the top of a file may define: the keys and texts that it holds.

    It may also hold routes or lanes, unless it is a single value.
    """
    if isinstance(node, Scalar):
        return NOTHING_UNSEEN
    names: set[str] = set()
    pending: list[Node] = [node]
    while pending:
        inner = pending.pop()
        if isinstance(inner, Mapping):
            names |= {entry.key for entry in inner}
            pending += [entry.value for entry in inner]
        elif isinstance(inner, Sequence):
            pending += inner.items
        elif isinstance(inner.value, str):
            names.add(inner.value)
    return Unseen(frozenset((LIST_SECTION,)), frozenset(names))


def _identity(path: str) -> Identity:
    status = Path(path).stat()
    return status.st_dev, status.st_ino


def _read_bounded(path: str) -> bytes:
    """At most one byte more than a schema may have, so that no endless device fills memory."""
    with Path(path).open("rb") as file:
        return file.read(MAX_TOTAL_BYTES + 1)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "the path isn't valid"
