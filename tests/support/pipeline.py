"""The generator's stages in this process, for tests of what comes after them."""

from __future__ import annotations

from pathlib import Path

from corinth.diagnostics import Diagnostics
from corinth.layout import compute_layout
from corinth.load import load
from corinth.model import Layout
from corinth.resolve import resolve
from corinth.validate import validate


def layout_of(schema: Path) -> Layout:
    """Lay out a schema that is right."""
    diagnostics = Diagnostics()
    loaded = load(str(schema), diagnostics)
    assert loaded is not None, diagnostics.errors
    checked = validate(loaded, diagnostics)
    assert checked is not None, diagnostics.errors
    layout = compute_layout(resolve(checked, diagnostics), diagnostics)
    assert layout is not None, diagnostics.errors
    assert not diagnostics, diagnostics.errors
    return layout


def layout_of_text(text: str, folder: Path) -> Layout:
    """Lay out the text of a schema that is right."""
    schema = folder / "schema.yaml"
    schema.write_text(text, encoding="utf-8")
    return layout_of(schema)
