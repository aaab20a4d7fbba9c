"""Syntax errors in our words: what the YAML parser says → message, hint and note.

Its wording differs between versions, so only the stable beginning of each problem is looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Explanation:
    """`note` is shown at the place where the broken thing began; empty if that adds nothing."""

    message: str
    hint: str = ""
    note: str = ""
    is_at_begin: bool = False
    """The message itself belongs where the broken thing began."""


@dataclass(frozen=True)
class Pattern:
    """Matches the beginning of a context and of a problem; an empty one matches anything."""

    context: str
    problem: str
    explanation: Explanation


END_OF_SCHEMA = Explanation("this text belongs to nothing", "check brackets and indentation")

QUOTE_IN_TEXT = Explanation(
    "a `'` ends the text before it", "write `''` inside of a text, or put it in `\"`"
)

BRACKET_IN_TEXT = Explanation("a bracket ends a text inside of {} and []", "quote the text")

PATTERNS = (
    Pattern(
        "",
        "mapping values are not allowed",
        Explanation("a `:` can't stand here", "quote the text, or begin a new line"),
    ),
    Pattern(
        "",
        "mapping keys are not allowed",
        Explanation("a key can't stand here", "begin a new line"),
    ),
    Pattern(
        "",
        "sequence entries are not allowed",
        Explanation("a list item can't stand here", "begin a new line"),
    ),
    Pattern(
        "while scanning a simple key",
        "",
        Explanation("a `:` is missing after this key", "write `key: value`", is_at_begin=True),
    ),
    Pattern(
        "while parsing a flow sequence",
        "",
        Explanation("expected `,` or `]`", "close the list with `]`", "the list begins here"),
    ),
    Pattern(
        "while parsing a flow mapping",
        "",
        Explanation("expected `,` or `}`", "close the mapping with `}`", "the mapping begins here"),
    ),
    Pattern(
        "while parsing a block mapping",
        "expected <block end>, but found '<block mapping start>'",
        Explanation("this line's indentation fits none above it", "align it"),
    ),
    Pattern(
        "while parsing a block mapping",
        "expected <block end>, but found '<scalar>'",
        Explanation("this text follows a complete value", "quote the whole value"),
    ),
    Pattern(
        "while parsing a block mapping",
        "expected <block end>, but found '-'",
        Explanation("a list item can't stand among the keys of a mapping", "write `key: value`"),
    ),
    Pattern(
        "while parsing a block mapping",
        "",
        Explanation("expected a key here", "check the indentation"),
    ),
    Pattern(
        "while parsing a block collection",
        "",
        Explanation("expected a list item (`- …`) here", "check the indentation"),
    ),
    Pattern(
        "while scanning a quoted scalar",
        "found unexpected",
        Explanation("this quoted text never ends", "close the quotes", is_at_begin=True),
    ),
    Pattern(
        "while scanning a double-quoted scalar",
        "",
        Explanation("unknown escape sequence", "write \\\\ for a backslash, or use single quotes"),
    ),
    Pattern(
        "while scanning for the next token",
        "",
        Explanation("no value can begin with this character", "quote the text"),
    ),
    Pattern(
        "while scanning a plain scalar",
        "",
        Explanation("a `:` can't stand here", "quote the text"),
    ),
    Pattern(
        "while scanning a block scalar",
        "expected",
        Explanation("only `+`, `-` or a digit may follow `|` and `>`", "begin a new line"),
    ),
    Pattern(
        "while scanning a block scalar",
        "",
        Explanation("a line is indented deeper than the first one", "", "the text begins here"),
    ),
    Pattern("while scanning an alias", "", Explanation("a name must follow `*`", "quote the text")),
    Pattern(
        "while scanning an anchor", "", Explanation("a name must follow `&`", "quote the text")
    ),
    Pattern("while (scanning|parsing) an? tag", "", Explanation("this isn't a tag", "remove it")),
    Pattern("while parsing a node", "", Explanation("this tag isn't known", "remove it")),
    Pattern("while scanning a directive", "", Explanation("this isn't a directive", "remove it")),
    Pattern(
        "", "found (duplicate|incompatible)", Explanation("this isn't a directive", "remove it")
    ),
    Pattern("", "duplicate tag handle", Explanation("this isn't a directive", "remove it")),
    Pattern("", "expected '<document start>'", END_OF_SCHEMA),
    Pattern("", "found non-comment content after document end", END_OF_SCHEMA),
    Pattern(
        "",
        "expected the node content",
        Explanation("a value is missing here", "write one, or remove what stands here"),
    ),
)

UNKNOWN = Explanation("this isn't valid YAML")


def explain(context: str | None, problem: str | None) -> Explanation:
    """A parser's complaint in the words of a schema's author."""
    for pattern in PATTERNS:
        if re.match(pattern.context, context or "") and re.match(pattern.problem, problem or ""):
            return pattern.explanation
    return UNKNOWN
