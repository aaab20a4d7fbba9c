"""What several headers print alike: constants and static assertions."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.view.text import quote


@dataclass(frozen=True)
class ConstantView:
    """A `#define`, after its comment if there is one."""

    comment: str
    name: str
    value: str


def assert_equal(what: str, value: int | str, message: str) -> str:
    """A static assertion."""
    return f"CORINTH_STATIC_ASSERT({what} == {value}, {quote(message)});"
