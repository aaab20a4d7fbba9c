"""Hint words: how a proposal is worded, and whether it may be written without looking.

What keeps all that was given is proposed; the rest is only told as an example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from corinth.document import Plain
from corinth.hints import OPEN, SAMPLE_TYPE, TAG_WORDS, YES_AND_NO, Path, number_in, words_in
from corinth.spelling import SHORT_LENGTH

LANGUAGE = 1
"""The only version of the language, whatever is written for it."""

ONE_EACH = {
    "default_target": "only one can stand here; `component_routes` lead to others",
    "target": "write an entry for each",
    "component": "write an entry for each",
    "from": "write a lane for each",
    "to": "write a lane for each",
}
"""By key: what to do where several names stand in the place of one."""

MEANT = {
    "default_target": "the name of a world",
    "target": "the name of a world",
    "return_to": "the name of a world",
    "from": "the name of a world",
    "to": "the name of a world",
    "component": "the name of a component",
}
"""By key: what is to be written where only the user can know it."""


def worded(path: Path, schema: Mapping[str, Any], given: Plain, written: str) -> str:
    """The hint that proposes a text, in words where it is only an example."""
    kinds = schema.get("type", ())
    if written == OPEN:
        return f"write {MEANT.get(str(path[-1]), 'a text')}"
    if kinds == "string" and isinstance(given, list | dict) and len(given) > 1:
        return ONE_EACH.get(str(path[-1]), "only one can stand here")
    if schema.get("title") in ("a field", "a field's type") and written == SAMPLE_TYPE:
        return f"write a type, such as {written}"
    if kinds == "integer" and (given is None or not is_sure(schema, given, written)):
        return f"write a whole number, such as {written}"
    if is_sure(schema, given, written):
        return f"write {written}"
    what = {"{": "a mapping", "[": "a list"}.get(written[0], "a text")
    return f"write {what}, such as {written}"


def is_sure(schema: Mapping[str, Any], given: Plain, written: str) -> bool:
    """Whether a proposal may be written without looking: nothing that was given is lost by it."""
    return (schema.get("const") == LANGUAGE and schema.get("type") == "integer") or _keeps(
        given, written
    )


def _keeps(given: Plain, written: str) -> bool:
    """Whether a proposal has all in it that was given."""
    if isinstance(given, list):
        return all(_keeps(item, written) for item in given)
    if isinstance(given, dict):
        return all(_keeps(key, written) and _keeps(item, written) for key, item in given.items())
    if given is None or (written == "{}" and (given is True or given in TAG_WORDS)):
        return True
    if written in ("true", "false") and str(given) == str(int(written == "true")):
        return True
    number = number_in(given)
    if number is not None and (number == given or isinstance(given, str)):
        return re.search(rf"(?<!\w){number}(?!\w)", written) is not None
    if isinstance(given, float):
        return False
    text = json.dumps(given) if not isinstance(given, str) else given
    if YES_AND_NO.get(text.lower(), text) == written:
        return True
    tokens = {token.replace("_", "") for token in re.findall(r"\w+", written.lower())}
    return all(_is_in(word.lower(), tokens) for word in words_in(text))


def _is_in(word: str, tokens: set[str]) -> bool:
    """Whether a word is among others: alone, by its pieces, or in a name that is made of it."""
    pieces = re.findall("[a-z0-9]+", word)
    name = "".join(pieces)
    is_part = len(name) >= SHORT_LENGTH and any(name in token for token in tokens)
    return bool(pieces) and (is_part or all(piece in tokens for piece in pieces))
