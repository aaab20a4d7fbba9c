"""What comes of a killer and a tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outcome(Enum):
    HELD = "held"
    """The killer ran and found nothing."""
    VIOLATED = "violated"
    """The property that the killer tests doesn't hold."""
    IDENTICAL = "identical"
    """The program is that of the unchanged tree, so it did not run: it would hold."""
    UNUSABLE = "unusable"
    """It didn't compile, crashed or took too long: nothing was found out."""


@dataclass(frozen=True)
class Finding:
    outcome: Outcome
    text: str
    seconds: float = 0.0
    program: str = ""
    """The digest of the killer's program, if it is one."""
