"""Pipeline: the stages in their order, as every command runs them."""

from __future__ import annotations

from corinth.diagnostics import Diagnostics
from corinth.document import Kind
from corinth.model import Layout, Model


def read_model(
    path: str,
    diagnostics: Diagnostics,
    kind: Kind = Kind.SCHEMA,
    data: bytes | None = None,
) -> Model | None:
    """Load, validate and resolve. The model may be used only if there are no errors.

    It is made in spite of errors where that is possible, so that later stages find theirs. `data`
    is what stands for the file's text, such as what came from standard input.
    """
    from corinth.load import load
    from corinth.resolve import resolve
    from corinth.validate import validate

    loaded = load(path, diagnostics, data)
    if loaded is None:
        return None
    count_loaded = len(diagnostics.errors)
    valid = validate(loaded, diagnostics, kind)
    if valid.is_fragment and kind is Kind.EITHER:
        what = "validated as a fragment, which others include: it has no `name`"
        diagnostics.remarks.append(f"{path}: {what}")
    diagnostics.drop_echoes(count_loaded)
    count_valid = len(diagnostics.errors)
    model = resolve(valid, diagnostics)
    diagnostics.drop_echoes(count_valid)
    return model


def read_layout(
    path: str,
    diagnostics: Diagnostics,
    kind: Kind = Kind.SCHEMA,
    data: bytes | None = None,
) -> Layout | None:
    """All stages up to the layout; None if there are errors."""
    from corinth.layout import compute_layout

    model = read_model(path, diagnostics, kind, data)
    if model is None:
        return None
    count_resolved = len(diagnostics.errors)
    layout = compute_layout(model, diagnostics)
    diagnostics.drop_echoes(count_resolved)
    return None if diagnostics else layout
