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
        ("lanes: {bay: sea}\n", "write [{from: bay, to: sea}]", "lanes: [{from: bay, to: sea}]\n"),
        ("lanes:\n  bay: {to: sea, weight: 3}\n", "write [{from: bay, to: sea, weight: 3}]",
         "lanes: [{from: bay, to: sea, weight: 3}]\n"),
        ("lanes: {sea: {from: bay}}\n", "write [{to: sea, from: bay}]",
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
        ("components:\n  Oar:\n    fields:\n    w: u8\n    ids: u16[4]\n    id: i8\n", "w",
         "components: {Oar: {fields: {w: u8, ids: 'u16[4]', id: i8}}}\n"),
        ("components:\n  Oar:\n    doc: Flat.\n  fields: {w: u8}\n", "fields",
         "components: {Oar: {doc: Flat., fields: {w: u8}}}\n"),
        ("components:\n  Oar: {}\n  id: 9\n", "id", "components: {Oar: {id: 9}}\n"),
        ("components:\n  Oar: {id: 2}\n  doc: Flat.\n  Sail: {}\n", "doc",
         "components: {Oar: {id: 2, doc: Flat.}, Sail: {}}\n"),
        ("enums:\n  k:\n    type: u16\n  values: [u, v]\n", "values",
         "enums: {k: {type: u16, values: [u, v]}}\n"),
        ("structs:\n  P:\n    doc: It.\n  fields:\n    a: u8\n", "fields",
         "structs: {P: {doc: It., fields: {a: u8}}}\n"),
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
        ("components:\n  Oar: {}\n  fields: {doc: A name., id: 3}\n", []),
        ("components:\n  Oar: {id: 7}\n  id: {}\n", []),
        ("components:\n  Oar:\n    fields:\n    id: 7\n", ["wrong-type"]),
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


LAKE = "worlds:\n  sea: {routing: {default_target: bay}}\n  bay:\n    threads: 1\n"


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("  routing:\n      default_target: sea\n", "    routing: {default_target: sea}\n"),
        ("  transfer_queue: {capacity: 8}\n  id: 9\n",
         "    transfer_queue: {capacity: 8}\n    id: 9\n"),
        ("  wait: park\n", "    wait: park\n"),
    ],
)  # fmt: skip
def test_a_key_of_a_world_among_worlds(slip: str, right: str) -> None:
    """It isn't taken for another world, and the hint isn't to write one."""
    found, document = check(HEAD + LAKE + slip)
    (error,) = [e for e in found.errors if e.rule != "no-effect"]
    assert (error.rule, error.message.split("`")[3]) == ("indentation", "bay")
    assert document == check(HEAD + LAKE + right)[1]


def test_a_world_may_be_called_like_a_key() -> None:
    """What is in it tells which it is."""
    source = "worlds:\n  sea: {}\n  routing:\n    routing: {default_target: sea}\n"
    assert not check(HEAD + source)[0]


ROUTES = (
    "worlds: {sea: {routing: {component_routes: %s}}, bay: {}}\ncomponents: {Oar: {}, Net: {}}\n"
)


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("{Oar: bay}", "[{component: Oar, target: bay}]"),
        ("{Oar: {target: bay}}", "[{component: Oar, target: bay}]"),
    ],
)
def test_routes_by_component(given: str, right: str) -> None:
    """The key is the component, and nothing of the target is lost."""
    (error,) = check(HEAD + ROUTES % given)[0].errors
    assert (error.rule, error.replacement) == ("wrong-type", right)


def test_several_routes_are_all_shown() -> None:
    """As many as fit a line."""
    (error,) = check(HEAD + ROUTES % "{Oar: bay, Net: bay}")[0].errors
    both = "[{component: Oar, target: bay}, {component: Net, target: bay}]"
    assert error.replacement == both
    long = "{" + ", ".join(f"{name}: bay" for name in ("Oar", "Net", "Mast", "Keel")) + "}"
    named = ROUTES.replace("Net: {}", "Net: {}, Mast: {}, Keel: {}")
    (error,) = check(HEAD + named % long)[0].errors
    assert (error.hint, error.replacement) == (
        "write [{component: Oar, target: bay}, {…}]", ""
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("components: {Oar: {fields: {p: {a: u8, b: f32}}}}\n", "define a struct under"),
        ("components: {Oar: {fields: {p: {fields: {a: u8}}}}}\n", "define a struct under"),
        ("components: {Oar: {fields: {p: {type: u8, count: 6}}}}\n", 'write "u8[6]"'),
        ("components: {Oar: {fields: {p: {len: 6, type: i8}}}}\n", 'write "i8[6]"'),
        ("components: {Oar: {fields: {p: {type: u8, size: 6, doc: x}}}}\n",
         'write {type: "u8[6]", doc: x}'),
        ("components:\n  Oar:\n    fields:\n      p[6]: u8\n", 'write `p: "u8[6]"`'),
        ("components: {Oar: {fields: {p?: u8}}}\n", "a field is never absent"),
        ("components:\n  Oar:\n    fields:\n      p[6]: u8[2]\n", "choose another name"),
        ("components: {Oar: {fields: {p(6): u8}}}\n", "choose another name"),
        ("enums: {k: {values: [u=4, v]}}\n", "write `{u: 4}`"),
        ("enums: {k: {values: [u = 1 << 3]}}\n", "write `{u: 8}`"),
        ("enums: {k: {type: i8, values: [u = -2]}}\n", "write `{u: -2}`"),
        ("enums: {k: {values: [u = v]}}\n", "choose another name"),
        ("enums: {k: {values: [u, 5]}}\n", "a value has a name: write {…: 5}"),
        ("enums: {k: {values: [u, false]}}\n", 'write "false"'),
        ("components: {Oar: []}\n", "write {}"),
        ("components: {Oar: true}\n", "write {}"),
        ("components: {Oar: marker}\n", "write {}"),
        ("components: {Oar: {fields: {p: &u8}}}\n", "write `u8`"),
        ("lanes: [{from: [sea, bay], to: bay}]\n", "write a lane for each"),
    ],
)  # fmt: skip
def test_what_is_meant_is_said_in_one_error(given: str, hint: str) -> None:
    """Nothing that was written is lost where it is followed."""
    (error,) = check(HEAD + WORLDS + given)[0].errors
    assert hint in error.hint
    assert (not error.replacement) == (not error.hint.removeprefix("a length").count("write ")
                                       or "for each" in hint or "define" in hint
                                       or "absent" in hint)  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        "lanes: [{from: bay, to: sea, when_full: block}]\n",
        "lanes: [{from: bay, to: sea, when_full: drop}]\n",
        "lanes: [{from: bay, to: sea, weight: -3}]\n",
        "lanes: [{from: bay, to: sea, weight: 2.5}]\n",
        "lanes: [{from: bay, to: sea, weight: high}]\n",
        "components: {Oar: 3}\n",
        "components: {Oar: {fields: 3}}\n",
        "components: {Oar: {id: first}}\n",
    ],
)
def test_another_value_is_not_put_in_its_place(given: str) -> None:
    """What is possible is said, but it isn't what was meant."""
    (error,) = check(HEAD + WORLDS + given)[0].errors
    assert error.hint
    assert not error.replacement


@pytest.mark.parametrize(
    ("key", "meant"),
    [("levels: {c: {}}", "worlds"), ("channels: [{from: bay, to: sea}]", "lanes")],
)
def test_words_of_other_engines(key: str, meant: str) -> None:
    """For a section of the language."""
    source = "corinth: 1\nname: game\n" + (WORLDS if meant == "lanes" else "") + key + "\n"
    errors = check(source)[0].errors
    assert [e.replacement for e in errors if e.rule == "unknown-key"] == [meant]


def test_a_name_with_another_number_is_not_proposed() -> None:
    """And one that is refused is shown as it can be called."""
    source = (
        "worlds:\n  sea-2: {}\n  bay1: {routing: {default_target: sea}}\n"
        "  c: {routing: {default_target: bay}}\n"
    )
    found = {e.hint: e.replacement for e in check(HEAD + source)[0].errors}
    assert found["the nearest is `sea_2`"] == ""
    assert found["the nearest is `bay1`"] == ""
    assert found["`sea_2` would do"] == "sea_2"


def test_a_part_of_a_name_leads_to_it() -> None:
    """Where it is the beginning of only one."""
    source = ROUTES % "[{component: Motor, target: bay}]"
    (error,) = check(HEAD + source.replace("Net", "MotorOfADinghy"))[0].errors
    assert error.replacement == "MotorOfADinghy"
