"""What a matrix has found out so far, in a file: one that was interrupted goes on from there.

The first line says of which tree and killers the others tell; each of those has a mutant's cells. A
journal of another tree is written again, and one whose last line was cut off loses that line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.mutants.definitions import Killer, Mutant
from tests.mutants.findings import Finding, Outcome
from tests.mutants.tree import copied_files
from tests.mutants.trials import Trial

Json = dict[str, Any]


class Journal:
    """Rows of a matrix that are known, and those that come to be known."""

    def __init__(self, path: Path, killers: Sequence[Killer]) -> None:
        self._path = path
        self._killers = {killer.text: killer for killer in killers}
        head = {"tree": tree_digest(), "killers": sorted(self._killers)}
        self._rows = self._read(head)
        lines = [head, *self._rows.values()]
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")

    @property
    def seconds(self) -> float:
        """How long it took to find out what is known."""
        return max((row["seconds"] for row in self._rows.values()), default=0.0)

    def cells_of(self, mutant: Mutant) -> list[Trial] | None:
        """What came of a mutant, or None if it wasn't tried."""
        row = self._rows.get(mutant.name)
        if row is None:
            return None
        return [
            Trial(
                mutant,
                self._killers[name],
                Finding(Outcome(cell["outcome"]), cell["text"], cell["seconds"]),
            )
            for name, cell in row["cells"].items()
        ]

    def add(self, mutant: Mutant, cells: Mapping[str, Json], seconds: float) -> None:
        """Keeps what came of a mutant, `seconds` after the beginning of it all."""
        row = {"mutant": mutant.name, "seconds": seconds, "cells": cells}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(row)}\n")

    def end(self) -> None:
        """All is known: the next matrix tries everything again."""
        self._path.unlink()

    def _read(self, head: Json) -> dict[str, Json]:
        if not self._path.exists():
            return {}
        lines = self._path.read_text(encoding="utf-8").split("\n")[:-1]
        if not lines or json.loads(lines[0]) != head:
            return {}
        rows = [json.loads(line) for line in lines[1:]]
        return {row["mutant"]: row for row in rows}


def tree_digest() -> str:
    """Of the names and contents of all files that a mutant's copy of the tree has."""
    digest = hashlib.sha256()
    for path, name in copied_files():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
