"""Spelling: which of the known names is most like one that isn't known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CUTOFF = 0.6
SHORT_CUTOFF = 0.5
SHORT_LENGTH = 3
"""How alike a name must be to be suggested: two letters swapped make `oi` 0.5 like `io`."""


def nearest(name: str, candidates: Iterable[str], cutoff: float = CUTOFF) -> str | None:
    """The candidate most like `name`, letter case aside; None where none is close.

    Failing that, the only one that begins with it, as `IPv4` is a part of `IPv4Address`.
    """
    from difflib import get_close_matches

    by_lower = {candidate.lower(): candidate for candidate in reversed(list(candidates))}
    is_sure = cutoff > CUTOFF
    cutoff = min(cutoff, SHORT_CUTOFF) if len(name) <= SHORT_LENGTH else cutoff
    found = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=cutoff)
    if not found and not is_sure and len(name) >= SHORT_LENGTH:
        longer = [each for each in by_lower if each.startswith(name.lower())]
        found = longer if len(longer) == 1 else []
    return by_lower[found[0]] if found else None


def same_digits(name: str, other: str) -> bool:
    """Whether two names have the same numbers in them; what has others isn't misspelt for sure."""
    return re.findall("[0-9]+", name) == re.findall("[0-9]+", other)


def ascii_name(text: str) -> str:
    """A text as a name of ASCII letters, digits and underscores; empty where letters would go."""
    latin = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = "".join(char for char in latin if not unicodedata.combining(char))
    if any(char.isalpha() and not char.isascii() for char in plain):
        # A letter that has no ASCII one, such as a Cyrillic one that looks like it.
        return ""
    return re.sub("_+", "_", re.sub("[^A-Za-z0-9]", "_", plain)).strip("_")
