"""Finds files that nothing reads: not collected, not listed, not included, imported or linked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import PurePosixPath

from tests.style.checks import Source

COLLECTED = (
    ("*/__init__.py", "Python, for the package"),
    ("*/__main__.py", "Python, for -m"),
    ("tests/*/test_*.py", "pytest"),
    ("tests/*/conftest.py", "pytest"),
    ("tests/conftest.py", "pytest"),
    ("tests/bad_schemas/*", "tests/unit, which runs all of them"),
    ("tests/golden/*/*", "tests/golden, which compares all of them"),
    ("examples/*/gen/*", "tests/e2e, which compares all of them"),
    ("tests/bench/schemas/*", "tests.bench.build, by the number in the name"),
    ("tests/explorer/src/*.c", "tests/explorer/run.py, which compiles all of them"),
    ("tests/mutants/*.toml", "tests.mutants, which makes all of them"),
    ("tests/explorer/litmus/*", "the explorer's test, which runs all of them"),
    ("tests/explorer/scenarios/*", "the explorer's test, which runs all of them"),
    ("tests/mutants/*.toml", "tests/mutants/definitions.py, which loads all of them"),
    ("tests/docs/*.c", "tests/docs/test_code_blocks.py, by the page's name"),
    ("tests/docs/*.cc", "tests/docs/test_code_blocks.py, by the page's name"),
    ("templates/*.h.j2", "corinth.render, by the header's name"),
    ("*meson.build", "meson"),
    ("meson_options.txt", "meson"),
    ("README.md", "people"),
    ("*/README.md", "people"),
    ("CHANGELOG.md", "people"),
    ("CONTRIBUTING.md", "people"),
    ("LICENSE", "people"),
    ("pyproject.toml", "pip"),
    (".ci/run", "continuous integration"),
    (".clang-format", "editors"),
    (".editorconfig", "editors"),
    (".gitignore", "git"),
)
"""Files that are found by their place, and by whom."""


def is_collected(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern, _ in COLLECTED)


def names_of(path: str) -> list[str]:
    """The words by which another file may name this one."""
    pure = PurePosixPath(path)
    if pure.suffix == ".py":
        return [pure.name, pure.stem]
    if pure.suffix == ".c":
        return [pure.name, f"'{pure.stem}'"]
    return [pure.name]


def is_named_in(text: str, names: Sequence[str]) -> bool:
    """Whether the text has one of the names as a whole word."""
    return any(
        name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names
    )


def unread_files(paths: Sequence[str], sources: Sequence[Source]) -> list[str]:
    """The paths that no other file names, and that aren't found by their place."""
    return [
        path
        for path in paths
        if not is_collected(path)
        and not any(
            is_named_in(other.text, names_of(path)) for other in sources if other.path != path
        )
    ]
