"""Goal: a list in place of a mapping, the reverse, and keys that aren't indented hide nothing.
Method: texts with one such mistake; it is told at its place, what its hint proposes has the
meaning that was meant, and the faults inside are those of the same text in the right shape.
"""

from __future__ import annotations

import pytest

from corinth.diagnostics import Diagnostics
from corinth.document import Loaded, Mapping, to_plain
from corinth.report import text
from corinth.resolve import resolve
from corinth.syntax import parse
from corinth.validate import validate

FILE = "f.yaml"
HEAD = "corinth: 1\nname: game\n"
WORLDS = "worlds: {sea: {routing: {default_target: bay}}, bay: {}}\n"


def check(source: str) -> tuple[Diagnostics, object]:
    """What is said of a text, and the document that it was taken for."""
    diagnostics = Diagnostics()
    diagnostics.add_source(FILE, source)
    root = parse(source, FILE, diagnostics)
    assert isinstance(root, Mapping), text(diagnostics)
    valid = validate(Loaded(root, (FILE,), FILE), diagnostics)
    resolve(valid, diagnostics)
    return diagnostics, to_plain(valid.root)


@pytest.mark.parametrize(
    ("given", "hint", "right"),
    [
        ("components: [{name: Oar, fields: {w: u8}}]\n",
         "write {Oar: {fields: {w: u8}}}", "components: {Oar: {fields: {w: u8}}}\n"),
        ("components: [{name: Oar}, {name: Sail, id: 7}]\n",
         "write {Oar: {}, Sail: {id: 7}}", "components: {Oar: {}, Sail: {id: 7}}\n"),
        ("components: {Oar: {fields: [{type: u8, name: w}]}}\n",
         "write {w: u8}", "components: {Oar: {fields: {w: u8}}}\n"),
        ("components: {Oar: {fields: [{name: w, type: u8, doc: x}]}}\n",
         "write {w: {type: u8, doc: x}}",
         "components: {Oar: {fields: {w: {type: u8, doc: x}}}}\n"),
        ("structs:\n  - P: {fields: {a: u8, b: i8}}\ncomponents: {Oar: {fields: {p: P}}}\n",
         "write {P: {fields: {a: u8, b: i8}}}",
         "structs: {P: {fields: {a: u8, b: i8}}}\ncomponents: {Oar: {fields: {p: P}}}\n"),
        ("enums: [{name: k, values: [u, v]}]\n", "write {k: {values: [u, v]}}",
         "enums: {k: {values: [u, v]}}\n"),
        ("lanes: {back: {from: bay, to: sea}}\n", "write [{from: bay, to: sea}]",
         "lanes: [{from: bay, to: sea}]\n"),
        ("lanes: {from: bay, to: sea}\n", "write [{from: bay, to: sea}]",
         "lanes: [{from: bay, to: sea}]\n"),
    ],
)  # fmt: skip
def test_the_shape_that_is_meant(given: str, hint: str, right: str) -> None:
    """The only error has a hint that says the same as the right text."""
    diagnostics, document = check(HEAD + WORLDS + given)
    assert [(e.rule, e.hint) for e in diagnostics.errors] == [("wrong-type", hint)]
    expected, meant = check(HEAD + WORLDS + right)
    assert not expected, text(expected)
    assert document == meant


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("components: [{Oar: {fields: {w: uint, v: u9}}}]\n",
         "components: {Oar: {fields: {w: uint, v: u9}}}\n"),
        ("components:\n  - name: Oar\n    fields:\n      - w: long\n      - v: u9\n",
         "components: {Oar: {fields: {w: long, v: u9}}}\n"),
        ("structs: [{name: P, fields: [{name: a, type: short}]}]\n",
         "structs: {P: {fields: {a: short}}}\n"),
        ("lanes: {x: {from: q, to: bay}, y: {from: bay, to: r}}\n",
         "lanes: [{from: q, to: bay}, {from: bay, to: r}]\n"),
        ("lanes: {from: bay, to: sea, capacity: 5}\n",
         "lanes: [{from: bay, to: sea, capacity: 5}]\n"),
    ],
)  # fmt: skip
def test_what_is_inside_is_checked(given: str, right: str) -> None:
    """All that is said of the right shape is said here, and no proposal repeats a fault."""
    found, _ = check(HEAD + WORLDS + given)
    expected, _ = check(HEAD + WORLDS + right)
    outer = [e for e in found.errors if e.rule == "wrong-type"]
    inner = [(e.rule, e.message) for e in found.in_file_order() if e.rule != "wrong-type"]
    assert outer
    assert inner == [(e.rule, e.message) for e in expected.in_file_order()]
    if any("unknown" in message for _, message in inner):
        assert not any(e.replacement for e in outer)


@pytest.mark.parametrize(
    "given",
    [
        "components: [{label: Oar, fields: {w: u8}}]\n",
        "components: [{Oar: {}}, {Oar: {}}]\n",
        "components: [{}, 4]\n",
        "components: {Oar: {fields: [{w: u8, type: u8}]}}\n",
        "components: {Oar: {fields: [{name: w}]}}\n",
    ],
)
def test_what_cannot_be_told_is_not_proposed(given: str) -> None:
    """Another schema than was meant would be worse than no proposal."""
    (error,) = check(HEAD + WORLDS + given)[0].errors
    assert error.rule == "wrong-type"
    if "name: w" not in given:
        assert not error.replacement


@pytest.mark.parametrize(
    ("given", "key", "right"),
    [
        ("components:\n  Oar:\n    fields:\n    w: u8\n    v: i8\n", "w",
         "components: {Oar: {fields: {w: u8, v: i8}}}\n"),
        ("components:\n  Oar:\n  fields: {w: u8}\n", "fields",
         "components: {Oar: {fields: {w: u8}}}\n"),
        ("components:\nOar: {fields: {w: u8}}\nSail: {}\n", "Oar",
         "components: {Oar: {fields: {w: u8}}, Sail: {}}\n"),
        ("components:\n  Oar:\n    fields:\n      w:\n      type: u8\n", "type",
         "components: {Oar: {fields: {w: {type: u8}}}}\n"),
        ("structs:\nP:\n  fields: {a: u8}\n", "P", "structs: {P: {fields: {a: u8}}}\n"),
        ("enums:\n  k:\n    values:\n    u: 1\n    v: 2\n", "u",
         "enums: {k: {values: {u: 1, v: 2}}}\n"),
    ],
)  # fmt: skip
def test_a_slip_of_indentation(given: str, key: str, right: str) -> None:
    """One message at the first key that stands too far left; it goes on with what was meant."""
    found, document = check(HEAD + WORLDS + given)
    (error,) = found.errors
    assert (error.rule, error.message.split("`")[1]) == ("indentation", key)
    assert error.hint.startswith("indent it")
    expected, meant = check(HEAD + WORLDS + right)
    assert not expected
    assert document == meant


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ("components:\nlanse: [{from: bay, to: sea}]\n", ["wrong-type", "unknown-key"]),
        ("components: ~\nOar: {fields: {w: u8}}\n", ["wrong-type", "unknown-key"]),
        ("components: {Oar: {fields: , w: u8}}\n", ["wrong-type", "unknown-key"]),
        ("components:\n  Oar:\n  Sail: {}\n", ["wrong-type"]),
    ],
)
def test_what_only_looks_like_a_slip(given: str, rules: list[str]) -> None:
    """A misspelt key, a null that was written, and keys of one line stay what they are."""
    assert [e.rule for e in check(HEAD + WORLDS + given)[0].in_file_order()] == rules


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ("enums: {k: {values: [3, 4]}}\n", ["wrong-type", "wrong-type"]),
        ("enums: {k: {values: []}}\n", ["enum-empty"]),
        ("lanes: [{from: bay, to: sea, priority: on, priority_capacity: 48}]\n",
         ["wrong-type", "priority-capacity"]),
        ("lanes: [{from: bay, to: sea, priority: 1, priority_burst: 4}]\n", ["wrong-type"]),
    ],
)  # fmt: skip
def test_what_is_refused_has_no_echo(given: str, rules: list[str]) -> None:
    """A wrong value isn't a missing one, and what depends on it is looked at."""
    assert [e.rule for e in check(HEAD + WORLDS + given)[0].in_file_order()] == rules


def test_a_list_of_one_keeps_what_is_given() -> None:
    """Two stages are needed; the name that is there stays."""
    source = f"{HEAD}components: {{Oar: {{}}}}\npipeline: {{stages: load}}\n"
    (error,) = check(source)[0].errors
    assert error.replacement == "[load, second]"
