"""Goal: the output is what its reviewer saw. Method: each folder here holds a schema and all that
it becomes; every file is compared byte by byte, and none may be missing or left over.

With CORINTH_REWRITE_GOLDEN=1 in the environment the files are rewritten instead; read the diff.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from corinth.model import Layout
from corinth.render import output_names, render
from tests.support.schemas import examine

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.name for path in HERE.iterdir() if (path / f"{path.name}.yaml").is_file())
REWRITE = "CORINTH_REWRITE_GOLDEN"


def layout_of(name: str) -> Layout:
    file = f"{name}.yaml"
    return examine((HERE / name / file).read_text(encoding="utf-8"), file).valid()


def rewrite(folder: Path, outputs: dict[str, str]) -> None:
    for path in folder.iterdir():
        if path.suffix != ".yaml" and path.name not in outputs:
            path.unlink()
    for name, text in outputs.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_output_is_what_was_reviewed(name: str) -> None:
    """Renders a golden schema and compares all of it with the files beside it."""
    folder = HERE / name
    outputs = render(layout_of(name))
    if os.environ.get(REWRITE) == "1":
        rewrite(folder, outputs)
    expected = {
        path.name: path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.suffix != ".yaml"
    }
    assert sorted(expected) == sorted(outputs), f"{REWRITE}=1 rewrites the files"
    for file, text in outputs.items():
        diff = difflib.unified_diff(
            expected[file].splitlines(), text.splitlines(), file, f"{file} now", lineterm=""
        )
        assert expected[file] == text, "\n".join(diff)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_the_announced_ones(name: str) -> None:
    """Build systems ask for the names before the files exist; the answer must be exact."""
    layout = layout_of(name)
    assert layout.model.name == name
    assert output_names(layout.model) == tuple(render(layout))


def test_there_are_golden_schemas() -> None:
    """Guards the discovery above: an empty list would pass in silence."""
    assert {"minimal", "server", "standalone", "tags_only", "zones"} <= set(NAMES)
