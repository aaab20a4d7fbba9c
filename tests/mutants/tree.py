"""A copy of what is tested, in which one mutant at a time can be."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.mutants.definitions import Mutant, changed
from tests.support.tree import ROOT

TOOL = ("generator/", "templates/", "schemas/")
"""What generated headers are made of."""

COPIED = ("generator", "runtime", "schemas", "templates", "tests", "pyproject.toml")
LEFT_OUT = ("__pycache__", ".*_cache", ".hypothesis", "bench", "litmus")


def copied_files() -> Iterator[tuple[Path, str]]:
    """What a copy has, in a fixed order: each file, and its name below the tree's root."""
    ignore = shutil.ignore_patterns(*LEFT_OUT)
    for name in COPIED:
        source = ROOT / name
        for folder, folders, files in os.walk(source):
            ignored = ignore(folder, [*folders, *files])
            folders[:] = sorted(set(folders) - ignored)
            for file in sorted(set(files) - ignored):
                path = Path(folder) / file
                yield path, path.relative_to(ROOT).as_posix()
        if source.is_file():
            yield source, name


def compiler_launcher(cache: Path) -> tuple[str, ...]:
    """What stands before a compiler so that it doesn't make the same object again and again.

    Most of a tree is as it was when the last mutant was in it.
    """
    return ("env", f"CCACHE_DIR={cache}", "ccache") if shutil.which("ccache") else ()


class Tree:
    """The copy. What was made of it or in it goes, so that nothing of one mutant stays."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made = root / "made"
        self.launcher = compiler_launcher(root.with_suffix(".cache"))
        self._kept = root.with_suffix(".generated")
        self._is_tool_changed = False
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source, root / name, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True
                )
            else:
                shutil.copy2(source, root / name)
        self._copied = frozenset(root.rglob("*"))

    @property
    def generated(self) -> Path:
        """The folder of generated headers: it stays as long as what they are made of does."""
        return self.made / "generated" if self._is_tool_changed else self._kept

    @contextlib.contextmanager
    def having(self, mutant: Mutant) -> Iterator[None]:
        """Puts a mutant in, and takes it out again."""
        path = self.root / mutant.file
        text = path.read_text(encoding="utf-8")
        self._remove_strays()
        path.write_text(changed(mutant, self.root), encoding="utf-8")
        self._is_tool_changed = mutant.file.startswith(TOOL)
        try:
            yield
        finally:
            self._is_tool_changed = False
            path.write_text(text, encoding="utf-8")
            self._remove_strays()

    def _remove_strays(self) -> None:
        """What was made, and what a mutant of the tool wrote: later ones mustn't find it."""
        for path in [each for each in self.root.rglob("*") if each not in self._copied]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """Python of the copy, and nothing remembered of it: a change may come within a second."""
        return {
            "PYTHONPATH": str(self.root / "generator"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.made / "hypothesis"),
        }
