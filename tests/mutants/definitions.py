"""What a mutant is, and where the mutants are written down: one TOML file a group."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.tree import ROOT

GROUPS = Path(__file__).resolve().parent
KINDS = ("order", "protocol", "generator")
"""A memory order weakened; a step of a protocol; what is generated, or how it is."""

RUNNERS = {"explorer": r"\w+( \S+)*", "c": r"\w+", "pytest": r"\S+\.py(::\S+)+"}
"""What runs killers, and the form of what it is given: scenario and options, test, node."""

KEYS = ("name", "kind", "file", "find", "replace", "breaks", "killers")


class DefinitionError(Exception):
    """A mutant that is written down wrongly, or that doesn't fit the tree any more."""


@dataclass(frozen=True)
class Killer:
    """A test that has to fail: `explorer SCENARIO [OPTION …]`, `c TEST` or `pytest NODE`."""

    runner: str
    arguments: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((self.runner, *self.arguments))


@dataclass(frozen=True)
class Mutant:
    """One deliberate fault: a text that occurs once in a file, and what it becomes."""

    group: str
    name: str
    kind: str
    file: str
    find: str
    replace: str
    breaks: str
    killers: tuple[Killer, ...]
    """Each of them has to notice it."""


def parse_killer(text: str) -> Killer:
    runner, _, given = text.partition(" ")
    if runner not in RUNNERS or not re.fullmatch(RUNNERS[runner], given):
        raise DefinitionError(f"no killer of this form: {text}")
    return Killer(runner, tuple(given.split()))


def parse_mutant(group: str, entry: dict[str, Any]) -> Mutant:
    name = entry.get("name", "?")
    if sorted(entry) != sorted(KEYS):
        wrong = sorted(set(entry) ^ set(KEYS))
        raise DefinitionError(f"{group}: {name}: too many or missing: {', '.join(wrong)}")
    killers = tuple(parse_killer(text) for text in entry["killers"])
    if not killers or len(set(killers)) < len(killers):
        raise DefinitionError(f"{name}: no killer, or one of them twice")
    if entry["kind"] not in KINDS:
        raise DefinitionError(f"{name}: no such kind: {entry['kind']}")
    return Mutant(
        group=group,
        name=name,
        kind=entry["kind"],
        file=entry["file"],
        find=entry["find"],
        replace=entry["replace"],
        breaks=entry["breaks"],
        killers=killers,
    )


def load_mutants(folder: Path = GROUPS) -> list[Mutant]:
    """All mutants of a folder, in the order of files and of entries."""
    mutants = []
    for path in sorted(folder.glob("*.toml")):
        with path.open("rb") as file:
            mutants += [parse_mutant(path.stem, entry) for entry in tomllib.load(file)["mutant"]]
    names = [each.name for each in mutants]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled or not mutants:
        raise DefinitionError(f"{folder}: no mutants, or two of a name: {', '.join(doubled)}")
    return mutants


def changed(mutant: Mutant, root: Path = ROOT) -> str:
    """The text of the mutant's file with the fault in it."""
    path = root / mutant.file
    if not path.is_file():
        raise DefinitionError(f"{mutant.name}: there is no {mutant.file}")
    text = path.read_text(encoding="utf-8")
    count = text.count(mutant.find)
    if count != 1:
        raise DefinitionError(f"{mutant.name}: its text occurs {count} times in {mutant.file}")
    return text.replace(mutant.find, mutant.replace)


def killers_of(mutants: Sequence[Mutant]) -> list[Killer]:
    """Each killer once, in the order of its first use."""
    return list(dict.fromkeys(killer for each in mutants for killer in each.killers))
