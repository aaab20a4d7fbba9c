"""Goal: the tool knows its own files, and nothing else, by their banners and names.
Method: banners of the examples, and texts that are like one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corinth.marks import Mark, is_name_of, mark_of, sentence
from tests.support.tree import ROOT

BY_HAND = "/* written by hand */\n"


@pytest.mark.parametrize(
    "text",
    [
        "", "#pragma once\n", BY_HAND, sentence("game", "game.yaml"),
        f"/* {sentence('game', 'game.yaml')} */\n",
        f"/* game.h - {sentence('game', 'game.yaml')} */\n",
        "int x;\n{banner}", "/* other.h - x\n{banner}", "{other}", "{renamed}",
    ],
)  # fmt: skip
def test_no_mark(text: str) -> None:
    """What quotes a banner, has it elsewhere, or that of another file or schema, has no mark."""
    banner = Path(ROOT / "examples" / "hello" / "gen" / "hello.h").read_text(encoding="utf-8")
    own = banner.replace("hello", "game")
    assert mark_of("game.h", own.encode()) == Mark("game", "game.yaml")
    given = (
        text.replace("{banner}", own if not text.startswith("/*") else own.removeprefix("/*"))
        .replace("{other}", own.replace("`game`", "`boat`"))
        .replace("{renamed}", own.replace("game.h -", "copy.h -"))
    )
    assert mark_of("game.h", given.encode()) is None


@pytest.mark.parametrize(
    ("file", "is_one"),
    [
        ("game.h", True), ("game.json", True), ("game_lanes.h", True), ("game_io_2.h", True),
        ("games.h", False), ("a_game.h", False), ("game_.h", False), ("game_lanes.json", False),
        ("game_lanes.c", False), ("game_Lanes.h", False), ("game_lanes.h.bak", False),
    ],
)  # fmt: skip
def test_names_of_a_schemas_files(file: str, is_one: bool) -> None:
    """A world may have any name, now or before, so any word may follow the schema's."""
    assert is_name_of("game", file) == is_one
