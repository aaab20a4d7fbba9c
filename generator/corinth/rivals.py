"""Rivals: finds other schemas of one file name, where a mark alone can't tell two apart.

Headers of `alpha` from game.yaml, in the folder of `beta` from game.yaml: was `beta` called `alpha`
once, or is there a second game.yaml? Output doesn't tell where its schema lies, or it would differ
from machine to machine. But a second schema that is alive is a file, and can be looked for: below
the folder that has both the schema and the output in it. What lies outside of it is most likely
another project, perhaps the one that this was copied from.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from corinth.decoding import decode
from corinth.diagnostics import Diagnostics
from corinth.document import Mapping, Scalar
from corinth.syntax import MAX_FILE_BYTES, parse

MAX_FOLDERS = 10_000
"""That are looked through, about a second's worth; the rest of a larger tree stays unseen."""

CHECKOUT_MARKS = (".git", ".hg", ".jj", ".svn")


@dataclass(frozen=True)
class Survey:
    """Other files that are called as the schema."""

    paths: tuple[Path, ...]
    is_complete: bool
    """Whether every folder could be looked through."""


def survey(schema: str, folder: str) -> Survey:
    """Look for other files of the schema's file name that could generate into a folder."""
    own = Path(os.path.realpath(schema))
    file_name = Path(schema).name
    found: list[Path] = []
    for count, place in enumerate(_below(_top(own.parent, Path(os.path.realpath(folder))))):
        if count >= MAX_FOLDERS:
            return Survey(tuple(sorted(found)), False)
        path = place / file_name
        with suppress(OSError):
            if path.is_file() and not path.samefile(own):
                found.append(path)
    return Survey(tuple(sorted(found)), True)


def calls_itself(path: Path, name: str) -> bool:
    """Whether a schema has this `name`; if it can't be parsed, whether the word occurs in it."""
    diagnostics = Diagnostics()
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return False
    text = decode(data, str(path), diagnostics)
    root = None if text is None else parse(text, str(path), diagnostics)
    if root is None:
        return re.search(rf"\b{name}\b".encode(), data) is not None
    entry = root.entry("name") if isinstance(root, Mapping) else None
    return entry is not None and isinstance(entry.value, Scalar) and entry.value.value == name


def _top(home: Path, folder: Path) -> Path:
    """The folder that has schema and output in it; where that is the whole machine, the schema's
    checkout, or else the folder around the schema's.
    """
    common = Path(os.path.commonpath([home, folder]))
    if common != common.parent:
        return common
    for place in (home, *home.parents):
        if any((place / mark).exists() for mark in CHECKOUT_MARKS):
            return place
    return home.parent


def _below(top: Path) -> Iterator[Path]:
    """A folder and all below it, level by level."""
    waiting = deque([top])
    while waiting:
        place = waiting.popleft()
        yield place
        waiting += _subfolders(place)


def _subfolders(place: Path) -> list[Path]:
    """The folders in a folder, without hidden ones; of one that can't be read none.

    No schema there could be used either.
    """
    with suppress(OSError), os.scandir(place) as entries:
        return sorted(
            Path(entry.path)
            for entry in entries
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
        )
    return []
