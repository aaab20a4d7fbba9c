"""What several headers print alike: constants and static assertions."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.view.text import INDENT, WIDTH, definition, fit, quote


@dataclass(frozen=True)
class ConstantView:
    """A `#define`, after its comment if there is one."""

    comment: str
    name: str
    value: str

    @property
    def definition(self) -> str:
        """On one line where it fits."""
        return definition(self.name, self.value)


def assert_equal(what: str, value: int | str, message: str) -> str:
    """A static assertion, broken where it is too long."""
    condition = f"{what} == {value}"
    if len(INDENT) + len(condition) + len(",") > WIDTH:
        condition = f"{what} ==\n{INDENT}{INDENT}{value}"
        return f"CORINTH_STATIC_ASSERT(\n{INDENT}{condition},\n{INDENT}{quote(message)});"
    return fit(f"CORINTH_STATIC_ASSERT({condition}, {quote(message)});")
