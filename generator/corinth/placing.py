"""Placing: where C puts one thing behind another, and what the runtime separates threads by."""

from __future__ import annotations

from dataclasses import dataclass

CACHE_LINE_BYTES = 128
"""What the runtime separates by; see runtime/include/corinth/platform.h."""


def round_up(value: int, multiple: int) -> int:
    """The least multiple of `multiple` that is at least `value`."""
    return -(-value // multiple) * multiple


@dataclass
class Cursor:
    """Places members one after another."""

    end: int = 0
    alignment: int = 1
    padding: int = 0

    def place(self, size: int, alignment: int) -> int:
        """Where a member of this size goes."""
        offset = round_up(self.end, alignment)
        self.padding += offset - self.end
        self.alignment = max(self.alignment, alignment)
        self.end = offset + size
        return offset

    def finish(self) -> tuple[int, int]:
        """The size with tail padding, and all padding."""
        size = round_up(self.end, self.alignment)
        return size, self.padding + size - self.end
