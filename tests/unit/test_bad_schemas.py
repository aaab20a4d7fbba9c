"""Goal: every rule reports what it should, where it should, in words that someone has read.
Method: each tests/bad_schemas/RULE.yaml or RULE-variant.yaml is validated, and the output compared
with the file beside it. Schemas too large for the repository are made here.

With CORINTH_REWRITE_GOLDEN=1 in the environment the expected texts are rewritten; read the diff.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from corinth.diagnostics import Diagnostics
from corinth.pipeline import read_layout
from corinth.report import text
from corinth.rules import RULES
from tests.support.tree import GENERATOR, TESTS

FOLDER = TESTS / "bad_schemas"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
REWRITE = "CORINTH_REWRITE_GOLDEN"
MIN_RULES = 40

HEAD = "corinth: 1\nname: server\n"
MADE: dict[str, dict[str, str]] = {
    "file-size": {"file-size.yaml": HEAD + "#" * 512 * 1024},
    "file-size-include": {
        "file-size-include.yaml": HEAD + "include: [half.yaml]\n" + "# \n" * 100_000,
        "half.yaml": "# \n" * 100_000,
    },
    "include-limit": {
        "include-limit.yaml": f"{HEAD}include: [{', '.join(f'{i}.yaml' for i in range(64))}]\n",
        **{f"{i}.yaml": "doc: a part\n" for i in range(64)},
    },
    "nesting-flow": {"nesting-flow.yaml": "doc: " + "[" * 10_000},
    "nesting-block": {"nesting-block.yaml": "- " * 10_000},
    "yaml-syntax-scalar": {"yaml-syntax-scalar.yaml": 'doc: "' + "x" * 500_000},
    "too-many-components": {
        "too-many-components.yaml": HEAD
        + "worlds: {a: {role: standalone}}\ncomponents:\n"
        + "".join(f"  C{i}: {{}}\n" for i in range(257)),
    },
}
"""By name: the files, of which the first is the schema."""


def errors_of(schema: str) -> Diagnostics:
    diagnostics = Diagnostics()
    read_layout(schema, diagnostics)
    return diagnostics


def check(name: str, diagnostics: Diagnostics) -> None:
    """The rule that the file is named after is among the errors, and all of them are expected.

    Each says what to do about it.
    """
    said = diagnostics.in_file_order()
    rules = {each.rule for each in said}
    assert [each.message for each in said if not each.hint] == []
    assert rules <= RULES.keys()
    assert rule_of(name) in rules
    expected = FOLDER / f"{name}.expected"
    found = text(diagnostics)
    if os.environ.get(REWRITE) == "1":
        expected.write_bytes(found.encode("utf-8"))
    assert expected.read_bytes().decode("utf-8") == found


@pytest.mark.parametrize("name", NAMES)
def test_message_is_what_was_reviewed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Validates a bad schema of the folder."""
    monkeypatch.chdir(FOLDER)
    check(name, errors_of(f"{name}.yaml"))


@pytest.mark.parametrize("name", sorted(MADE))
def test_message_for_large_input(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Validates a bad schema that is made on the spot."""
    monkeypatch.chdir(tmp_path)
    for file, content in MADE[name].items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    check(name, errors_of(f"{name}.yaml"))


def test_every_rule_has_a_bad_schema() -> None:
    """The rule of a file is the longest one that its name begins with."""
    covered = {rule_of(name) for name in (*NAMES, *MADE)}
    assert RULES.keys() - covered == set()
    assert len(RULES) >= MIN_RULES


def test_nothing_in_the_folder_is_unused() -> None:
    """An expected text without a schema, or the other way round, tests nothing."""
    expected = sorted(path.stem for path in FOLDER.glob("*.expected"))
    assert expected == sorted({*NAMES, *MADE})


def test_every_rule_is_in_the_table_and_used() -> None:
    """Looks for the names of rules among the generator's string constants."""
    used = set()
    for path in GENERATOR.glob("corinth/**/*.py"):
        if path.name != "rules.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert RULES.keys() - used == set()


def rule_of(name: str) -> str:
    """The rule that a file's name begins with; the longest one if there are several."""
    rules = [rule for rule in RULES if name == rule or name.startswith(f"{rule}-")]
    assert rules, f"{name} is named after no rule"
    return max(rules, key=len)
