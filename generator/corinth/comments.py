"""Comments: finds those that were hardly meant as one, and warns.

YAML takes a `#` at the beginning of a line or after a blank for a comment. People write one in a
text, as in `doc: A small #1 shooter`, or a line of C's preprocessor, and both would get lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from corinth.diagnostics import Diagnostics, Span
from corinth.document import Mapping, Node, Scalar
from corinth.document import Sequence as SequenceNode

DOC = "doc"
NAMING_KEYS = frozenset(("enums", "structs", "components", "worlds", "fields", "values"))
"""Below these a key is a name of the user's, which may be `doc` too."""

PLAIN = re.compile(r"[^\"'|>&*!]")
"""How a text begins that has no quotes and stands on the key's line."""

CUT = re.compile(r"\s+(#\S.*)")
"""A comment right after a text, without the blank that people put behind `#` in comments."""

DIRECTIVE = re.compile(r"#(include|define|ifdef|ifndef|import)\s+(?:[\"<]([^\">]+)[\">])?")
"""At the beginning of a line, where no text of several lines goes on."""


def check_comments(root: Node, file: str, diagnostics: Diagnostics) -> None:
    """Warn of comments in one file, whose tree and lines are known."""
    lines = diagnostics.sources[file]
    for number, line in enumerate(lines, 1):
        found = DIRECTIVE.match(line)
        if found is not None:
            _report_directive(found, Span(file, number, 1, len(line.rstrip())), diagnostics)
    for doc in _docs(root):
        if doc.span.file == file:
            _check_doc(doc, lines, diagnostics)


def _docs(root: Node) -> Iterator[Scalar]:
    """Every `doc` of a file."""
    pending = [(root, False)]
    while pending:
        node, has_names = pending.pop()
        if isinstance(node, Mapping):
            for entry in node:
                if entry.key == DOC and not has_names and isinstance(entry.value, Scalar):
                    yield entry.value
                pending.append((entry.value, not has_names and entry.key in NAMING_KEYS))
        elif isinstance(node, SequenceNode):
            pending += [(item, False) for item in node]


def _check_doc(doc: Scalar, lines: Sequence[str], diagnostics: Diagnostics) -> None:
    """Warn where a text without quotes ends before a comment like `#1`."""
    row, column = doc.span.line - 1, doc.span.column - 1
    if not isinstance(doc.value, str) or not PLAIN.match(lines[row][column:]):
        return
    for word in doc.value.split():
        while row < len(lines) and (found := lines[row].find(word, column)) < 0:
            row, column = row + 1, 0
        if row == len(lines):
            return
        column = found + len(word)
    cut = CUT.match(lines[row], column)
    if cut is None:
        return
    lost = cut[1].rstrip()
    whole = json.dumps(f"{doc.value} {lost}", ensure_ascii=False)
    diagnostics.warning(
        "text-cut",
        f"this text ends before `{lost}`, which YAML takes for a comment",
        Span(doc.span.file, row + 1, cut.start(1) + 1, len(lost)),
        f"write {whole}, or a blank after `#` if it is a comment",
    )


def _report_directive(found: re.Match[str], span: Span, diagnostics: Diagnostics) -> None:
    word, path = found.groups()
    hint = "remove it: YAML has no preprocessor"
    if word in ("include", "import"):
        hint = f"write `include: [{path or '…'}]`; a comment has a blank after `#`"
    diagnostics.warning(
        "directive-comment", f"`#{word}` is a comment in YAML and does nothing", span, hint
    )
