"""A field as templates print it: what its type says of itself, with the field's name."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.c_form import CForm
from corinth.field_types import Field
from corinth.names import Names


@dataclass(frozen=True, kw_only=True)
class FieldView(CForm):
    """One field of a struct or component."""

    name: str

    @property
    def lines(self) -> int:
        """The most lines that getting, putting or checking it takes."""
        is_checked_after = bool(self.validator) and not self.is_checked_by_get
        return 1 + is_checked_after + (2 if self.count and not self.is_bytes else 0)

    @property
    def declarator(self) -> str:
        suffix = "" if self.count is None else f"[{self.count}]"
        return f"{self.alignas}{self.c_type} {self.name}{suffix};"


def field_view(field: Field, names: Names) -> FieldView:
    """How a field looks in C."""
    return FieldView(name=field.name, **vars(field.type.c_form(names)))
