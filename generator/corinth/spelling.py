"""Spelling: which of the known names is most like one that isn't known."""

from __future__ import annotations

import re
from collections.abc import Iterable

CUTOFF = 0.6
SHORT_CUTOFF = 0.5
SHORT_LENGTH = 3
"""How alike a name must be to be suggested: two letters swapped make `oi` 0.5 like `io`."""


def nearest(name: str, candidates: Iterable[str], cutoff: float = CUTOFF) -> str | None:
    """The candidate most like `name`, letter case aside; None where none is close."""
    from difflib import get_close_matches

    by_lower = {candidate.lower(): candidate for candidate in reversed(list(candidates))}
    cutoff = min(cutoff, SHORT_CUTOFF) if len(name) <= SHORT_LENGTH else cutoff
    found = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def same_digits(name: str, other: str) -> bool:
    """Whether two names have the same numbers in them; what has others isn't misspelt for sure."""
    return re.findall("[0-9]+", name) == re.findall("[0-9]+", other)
