"""Goal: every option of the schema language works: it changes the generated headers, or what is
refused, and a key that isn't due yet is refused. An option that does nothing is a defect.

What a full lane does is decided, and shown by `layout`, before templates print it: its keys change
the layout for tools.

Method: the keys come from the JSON Schema itself, so that a new one without a case here fails. Each
case varies a small schema by that one key and compares what is generated, without comments and
hashes (a hash may cover a value that nothing else uses), or names the rule that refuses it. Longer
than other modules, since the cases are one table.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from corinth import render as render_module
from corinth.diagnostics import Diagnostics
from corinth.layout import compute_layout
from corinth.layout_json import layout_json
from corinth.load import load
from corinth.model import Layout
from corinth.resolve import resolve
from corinth.validate import validate
from tests.support.schemas import schema_text
from tests.support.tree import ROOT

WORDS = "Words of the user."

Data = dict[str, Any]
Place = tuple[str | int, ...]

JSON_SCHEMA = json.loads((ROOT / "schemas" / "corinth-1.schema.json").read_text(encoding="utf-8"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
HASH = re.compile(r"^#define \w+_HASH .*$", re.MULTILINE)

BASE: Data = {
    "corinth": 1,
    "name": "probe",
    "enums": {"mode": {"values": ["off", "on"]}},
    "structs": {"Pair": {"fields": {"a": "u32", "b": "u32"}}},
    "components": {"Spot": {"fields": {"at": "Pair", "mode": "mode"}}, "Mark": {}},
    "worlds": {
        "one": {
            "routing": {
                "default_target": "two",
                "component_routes": [{"component": "Mark", "target": "three"}],
            }
        },
        "two": {"routing": {"default_target": "one"}},
        "three": {},
    },
    "lanes": [{"from": "one", "to": "two"}],
}


def changed(*changes: tuple[Place, object], base: Data = BASE) -> Data:
    """A copy of a schema with values set at places; a value of None removes the key."""
    data = copy.deepcopy(base)
    for place, value in changes:
        inner: Any = data
        for step in place[:-1]:
            inner = inner[step]
        if value is None:
            del inner[place[-1]]
        elif isinstance(inner, list):
            inner.insert(int(place[-1]), value)
        else:
            inner[place[-1]] = value
    return data


def lane(**settings: object) -> Data:
    """The base with settings in its lane."""
    return changed(*((("lanes", 0, key), value) for key, value in settings.items()))


def queue(**settings: object) -> Data:
    """The base with settings for all lanes that leave world one."""
    return changed((("worlds", "one", "transfer_queue"), settings))


def staged(pipeline: object) -> Data:
    return {"corinth": 1, "name": "probe", "pipeline": pipeline}


@dataclass(frozen=True)
class Changes:
    """Each of these schemas generates something else."""

    variants: tuple[Data, ...]
    files: dict[str, str] = field(default_factory=dict)
    """What the schemas include."""


@dataclass(frozen=True)
class Decides:
    """The model and the layout of each of these schemas are others."""

    variants: tuple[Data, ...]


@dataclass(frozen=True)
class Speaks:
    """What `WORDS` say at this place is in a header's comment, and changes nothing else."""

    place: Place
    kind: str = ""
    """The type of the field that is written as a mapping to have words."""


@dataclass(frozen=True)
class Refuses:
    """The schema is refused by the rule, and accepted without the key, or with another value."""

    rule: str
    refused: Data
    accepted: Data = field(default_factory=lambda: BASE)


Case = Changes | Decides | Speaks | Refuses


def not_due(*place: str | int) -> Refuses:
    """A key that is known and refused, whatever its value."""
    return Refuses("not-supported", changed((place, "anything")))


def changes(*variants: Data) -> Changes:
    """The base and these are all different."""
    return Changes((BASE, *variants))


def decides(*variants: Data) -> Decides:
    """The base and these are all different."""
    return Decides((BASE, *variants))


def rule(component: str, target: str) -> Data:
    """The base with another rule for what leaves world one."""
    place = ("worlds", "one", "routing", "component_routes")
    return changed((place, [{"component": component, "target": target}]))


TWO_THREADS = (("worlds", "two", "threads"), 2)
OTHERS = ("two", "three")
FULL = (("topology",), "full")
HUGE = lane(capacity=2**26)
WORLD_FOUR = (("worlds", "four"), {"routing": {"default_target": "one"}})

DISCARD = {"undelivered": "discard"}
WAITING = {"when_full": "wait"}
DROPPING = {"when_full": "drop_newest", "undelivered": "handler"}
TAKING = {"when_full": "drop_oldest", "undelivered": "handler"}
CLOSABLE = {"closable": True, "undelivered": "discard"}
URGENT = {"priority": True, "undelivered": "handler"}
URGENT_WAITS = {**URGENT, "when_full": {"normal": "drop_newest", "priority": "wait"}}
URGENT_DROPS = {**URGENT, "when_full": {"normal": "wait", "priority": "drop_newest"}}


def with_urgent(**settings: object) -> Data:
    """The base with a lane that has priority, and settings for all that leave its world."""
    return changed((("lanes", 0, "priority"), True), base=queue(**settings))


CASES: dict[str, tuple[Case, ...]] = {
    "corinth": (Refuses("language-version", changed((("corinth",), 2))),),
    "name": (changes(changed((("name",), "other"))),),
    "doc": (Speaks(("doc",)),),
    "include": (
        Changes(
            (BASE, changed((("include",), ["more.yaml"]))),
            {"more.yaml": "components:\n  More: {fields: {a: u8}}\n"},
        ),
    ),
    "topology": (changes(changed((("topology",), "full"))),),
    "pipeline": (Changes((BASE, staged("standard"), staged({"stages": ["a", "b"]}))),),
    "pipeline.stages": (
        Changes((staged({"stages": ["a", "b"]}), staged({"stages": ["a", "b", "c"]}))),
    ),
    "pipeline.return_to": (
        Changes(
            tuple(
                staged({"stages": ["a", "b", "c"], **more})
                for more in ({}, {"return_to": "a"}, {"return_to": "b"})
            )
        ),
    ),
    "max_bytes": (
        Refuses("max-bytes", changed((("max_bytes",), 1000))),
        Refuses("max-bytes", HUGE, changed((("max_bytes",), 2**33), base=HUGE)),
    ),
    "cc": (not_due("cc"),),
    "include_dirs": (not_due("include_dirs"),),
    "defines": (not_due("defines"),),
    "enums": (changes(changed((("enums", "more"), {"values": ["a"]}))),),
    "enums.*.doc": (Speaks(("enums", "mode", "doc")),),
    "enums.*.type": (
        changes(*(changed((("enums", "mode", "type"), kind)) for kind in ("i8", "u16", "i64"))),
    ),
    "enums.*.values": (
        changes(
            changed((("enums", "mode", "values"), ["off", "on", "stuck"])),
            changed((("enums", "mode", "values"), {"off": 1, "on": 7})),
        ),
    ),
    "structs": (changes(changed((("structs", "More"), {"fields": {"a": "u8"}}))),),
    "structs.*.doc": (Speaks(("structs", "Pair", "doc")),),
    "structs.*.fields": (changes(changed((("structs", "Pair", "fields", "c"), "u8"))),),
    "structs.*.fields.*.doc": (Speaks(("structs", "Pair", "fields", "a"), "u32"),),
    "structs.*.fields.*.type": (
        changes(
            *(
                changed((("structs", "Pair", "fields", "a"), kind))
                for kind in ("i32", "f32", "u64", "u32[1]", "u32[2]", "bool", "char", "entity")
            ),
            changed((("structs", "Pair", "fields", "a"), {"type": "u8"})),
        ),
    ),
    "components": (changes(changed((("components", "More"), {}))),),
    "components.*.id": (changes(changed((("components", "Mark", "id"), 7))),),
    "components.*.doc": (Speaks(("components", "Mark", "doc")),),
    "components.*.fields": (changes(changed((("components", "Mark", "fields"), {"a": "u8"}))),),
    "components.*.fields.*.doc": (Speaks(("components", "Spot", "fields", "mode"), "mode"),),
    "components.*.fields.*.type": (
        changes(
            changed((("components", "Spot", "fields", "mode"), "u8")),
            changed((("components", "Spot", "fields", "mode"), {"type": "u16"})),
        ),
    ),
    "components.*.c_type": (not_due("components", "Mark", "c_type"),),
    "components.*.header": (not_due("components", "Mark", "header"),),
    "components.*.local": (not_due("components", "Mark", "local"),),
    "components.*.storage": (not_due("components", "Mark", "storage"),),
    "worlds": (changes(changed(WORLD_FOUR)),),
    "worlds.*.id": (changes(changed((("worlds", "three", "id"), 9))),),
    "worlds.*.doc": (Speaks(("worlds", "two", "doc")),),
    "worlds.*.role": (
        changes(*(changed((("worlds", "one", "role"), role)) for role in ("accept", "io"))),
        Refuses("standalone-world", changed((("worlds", "one", "role"), "standalone"))),
    ),
    "worlds.*.threads": (
        changes(*(changed((("worlds", "one", "threads"), count)) for count in (2, 3))),
    ),
    "worlds.*.wait": (
        changes(*(changed((("worlds", "one", "wait"), wait)) for wait in ("yield", "spin"))),
        Refuses(
            "no-effect",
            {
                "corinth": 1,
                "name": "probe",
                "worlds": {"a": {"role": "standalone", "wait": "spin"}},
            },
        ),
    ),
    "worlds.*.transfer_queue": (changes(queue(capacity=32)),),
    "worlds.*.transfer_queue.capacity": (changes(queue(capacity=32), queue(capacity=64)),),
    "worlds.*.transfer_queue.batch_size": (changes(queue(batch_size=3), queue(batch_size=4)),),
    "worlds.*.transfer_queue.spsc": (
        Refuses("lane-kind", changed(TWO_THREADS, base=queue(spsc=True)), queue(spsc=True)),
    ),
    "worlds.*.transfer_queue.when_full": (
        changes(queue(**WAITING), queue(**DROPPING), queue(**TAKING)),
        Refuses("lane-undelivered", queue(when_full="drop_newest"), queue(**DROPPING)),
        Refuses("lane-drop-oldest-kind", queue(spsc=True, **TAKING), queue(spsc=True, **DROPPING)),
    ),
    "worlds.*.transfer_queue.when_full.normal": (
        Changes(
            tuple(
                with_urgent(when_full={"normal": policy}, **more)
                for policy, more in (("fail", {}), ("wait", {}), ("drop_newest", DISCARD))
            )
        ),
        Refuses(
            "priority-option",
            queue(when_full={"normal": "wait"}),
            with_urgent(when_full={"normal": "wait"}),
        ),
    ),
    "worlds.*.transfer_queue.when_full.priority": (
        Changes(
            tuple(
                with_urgent(when_full={"priority": policy}, **more)
                for policy, more in (("fail", {}), ("wait", {}), ("drop_oldest", DISCARD))
            )
        ),
    ),
    "worlds.*.transfer_queue.deadline_ms": (
        Decides(
            (queue(**WAITING), *(queue(**WAITING, deadline_ms=each) for each in (1, 3_600_000)))
        ),
        Refuses("lane-deadline-unused", queue(deadline_ms=5), queue(**WAITING, deadline_ms=5)),
    ),
    "worlds.*.transfer_queue.undelivered": (
        Changes(tuple(queue(**{**DROPPING, "undelivered": to}) for to in ("handler", "discard"))),
        Refuses("lane-undelivered-unused", queue(undelivered="handler"), queue(**DROPPING)),
    ),
    "worlds.*.transfer_queue.closable": (changes(queue(**CLOSABLE)),),
    "worlds.*.transfer_queue.pressure": (changes(queue(pressure=True)),),
    "worlds.*.routing": (
        changes(changed((("worlds", "three", "routing"), {"default_target": "one"}))),
    ),
    "worlds.*.routing.default_target": (
        changes(
            changed((("worlds", "one", "routing", "default_target"), "three")),
            changed((("worlds", "one", "routing", "default_target"), None)),
        ),
    ),
    "worlds.*.routing.component_routes": (
        Changes(
            (
                changed((("topology",), "full")),
                changed(
                    (("topology",), "full"),
                    (("worlds", "one", "routing", "component_routes"), None),
                ),
            )
        ),
    ),
    "worlds.*.routing.component_routes[].component": (changes(rule("Spot", "three")),),
    "worlds.*.routing.component_routes[].target": (
        Changes(tuple(changed(FULL, base=rule("Mark", to)) for to in ("three", "two"))),
    ),
    "lanes": (
        changes(
            changed((("lanes", 1), {"from": "three", "to": "one"})),
            changed((("lanes", 1), {"from": "two", "to": "three"})),
        ),
    ),
    "lanes[].from": (changes(*(lane(**{"from": name}, to="one", capacity=64) for name in OTHERS)),),
    "lanes[].to": (changes(lane(to="two", capacity=64), lane(to="three", capacity=64)),),
    "lanes[].capacity": (changes(lane(capacity=64), lane(capacity=128)),),
    "lanes[].batch_size": (changes(lane(batch_size=3), lane(batch_size=4)),),
    "lanes[].spsc": (
        Refuses("lane-kind", changed(TWO_THREADS, base=lane(spsc=True)), lane(spsc=True)),
    ),
    "lanes[].kind": (
        changes(lane(kind="mpsc"), lane(kind="mpmc")),
        changes(lane(kind="spmc")),
        Refuses("lane-kind", changed(TWO_THREADS, base=lane(kind="spsc")), lane(kind="spsc")),
    ),
    "lanes[].priority": (changes(lane(priority=True)),),
    "lanes[].priority_capacity": (
        Changes(tuple(lane(priority=True, **more) for more in ({}, {"priority_capacity": 4}))),
    ),
    "lanes[].priority_burst": (
        Changes(tuple(lane(priority=True, **more) for more in ({}, {"priority_burst": 4}))),
    ),
    "lanes[].weight": (changes(lane(weight=2), lane(weight=256)),),
    "lanes[].when_full": (
        changes(lane(**WAITING), lane(**DROPPING), lane(**TAKING)),
        Refuses("lane-undelivered", lane(when_full="drop_oldest"), lane(**TAKING)),
        Refuses("lane-drop-oldest-kind", lane(kind="spsc", **TAKING), lane(kind="mpmc", **TAKING)),
        Refuses(
            "lane-wait-cycle",
            changed((("worlds", "two", "transfer_queue"), WAITING), base=lane(**WAITING)),
            lane(**WAITING),
        ),
    ),
    "lanes[].when_full.normal": (
        Changes((lane(priority=True), lane(**URGENT_WAITS), lane(**URGENT_DROPS))),
        Refuses(
            "priority-option",
            lane(when_full={"normal": "wait"}),
            lane(priority=True, when_full={"normal": "wait"}),
        ),
    ),
    "lanes[].when_full.priority": (
        Changes(
            tuple(
                lane(priority=True, when_full={"normal": "wait", "priority": policy})
                for policy in ("fail", "wait")
            )
        ),
    ),
    "lanes[].deadline_ms": (
        Decides((lane(**WAITING), *(lane(**WAITING, deadline_ms=each) for each in (1, 3_600_000)))),
        Refuses("lane-deadline-unused", lane(deadline_ms=5), lane(**WAITING, deadline_ms=5)),
        Refuses("out-of-range", lane(**WAITING, deadline_ms=3_600_001), lane(**WAITING)),
    ),
    "lanes[].undelivered": (
        Changes(tuple(lane(**{**TAKING, "undelivered": to}) for to in ("handler", "discard"))),
        Refuses("lane-undelivered-unused", lane(undelivered="discard"), lane(**DROPPING)),
    ),
    "lanes[].closable": (
        changes(lane(**CLOSABLE)),
        Refuses("lane-undelivered", lane(closable=True), lane(**CLOSABLE)),
    ),
    "lanes[].pressure": (changes(lane(pressure=True)),),
    "lanes[].producers": (not_due("lanes", 0, "producers"),),
    "lanes[].consumers": (not_due("lanes", 0, "consumers"),),
    "lanes[].publish": (not_due("lanes", 0, "publish"),),
    "lanes[].carries": (not_due("lanes", 0, "carries"),),
}


def resolved(node: Data) -> Data:
    """A part of the JSON Schema with what it refers to."""
    if "$ref" not in node:
        return node
    target: Any = JSON_SCHEMA
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return {**target, **node}


def keys_of(node: Data, path: str = "") -> Iterator[str]:
    """Every key that the language has: `worlds.*.threads`, `lanes[].to`."""
    node = resolved(node)
    for key, inner in node.get("properties", {}).items():
        below = f"{path}.{key}" if path else key
        yield below
        yield from keys_of(inner, below)
    if isinstance(node.get("additionalProperties"), dict):
        yield from keys_of(node["additionalProperties"], f"{path}.*")
    if isinstance(node.get("items"), dict):
        yield from keys_of(node["items"], f"{path}[]")


KEYS = tuple(keys_of(JSON_SCHEMA))


def decided(data: Data, folder: Path, files: dict[str, str] | None = None) -> Layout | str:
    """The layout of a schema, or the rules that refuse it."""
    for name, text in (files or {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "schema.yaml"
    path.write_text(schema_text(data), encoding="utf-8")
    diagnostics = Diagnostics()
    loaded = load(str(path), diagnostics)
    checked = None if loaded is None else validate(loaded, diagnostics)
    layout = None
    if checked is not None:
        layout = compute_layout(resolve(checked, diagnostics), diagnostics)
    if diagnostics or layout is None:
        return " ".join(sorted({error.rule for error in diagnostics.in_file_order()}))
    return layout


def generated(data: Data, folder: Path, files: dict[str, str] | None = None) -> dict[str, str]:
    """What a schema becomes, by file; the rules that refuse it under the name `refused`."""
    layout = decided(data, folder, files)
    return {"refused": layout} if isinstance(layout, str) else render_module.render(layout)


def bare(outputs: dict[str, str]) -> dict[str, str]:
    """The headers without comments, hashes and the blanks around them."""
    headers = {name: text for name, text in outputs.items() if name.endswith(".h")}
    texts = {name: HASH.sub("", COMMENT.sub("", text)) for name, text in headers.items()}
    return {name: " ".join(text.split()) for name, text in texts.items()}


def facts(data: Data, folder: Path) -> dict[str, Any]:
    """What `layout` says of a schema, without hashes, which may cover what nothing else shows."""
    layout = decided(data, folder)
    assert isinstance(layout, Layout), layout
    report: dict[str, Any] = json.loads(layout_json(layout))
    return {key: value for key, value in report.items() if not key.endswith("_hash")}


def check(case: Case, folder: Path) -> None:
    """Fail where the option doesn't do what the case says."""
    if isinstance(case, Refuses):
        assert generated(case.refused, folder) == {"refused": case.rule}
        assert "refused" not in generated(case.accepted, folder)
    elif isinstance(case, Decides):
        for one, other in itertools.combinations(case.variants, 2):
            assert facts(one, folder) != facts(other, folder), "the option changes nothing"
    elif isinstance(case, Changes):
        outputs = [generated(variant, folder, case.files) for variant in case.variants]
        for one in outputs:
            assert "refused" not in one, one
        for first, second in itertools.combinations(outputs, 2):
            assert bare(first) != bare(second), "the option changes nothing"
    else:
        value: object = {"type": case.kind, "doc": WORDS} if case.kind else WORDS
        silent, outputs_with_words = (
            generated(data, folder) for data in (BASE, changed((case.place, value)))
        )
        headers = [text for name, text in outputs_with_words.items() if name.endswith(".h")]
        assert any(WORDS in comment for text in headers for comment in COMMENT.findall(text))
        assert bare(silent) == bare(outputs_with_words)


@pytest.mark.parametrize("key", KEYS)
def test_option_works(key: str, tmp_path: Path) -> None:
    """Goal and method: see the top. One test for each key of the JSON Schema."""
    assert key in CASES, f"`{key}` is an option without a case: say what it changes"
    for case in CASES[key]:
        check(case, tmp_path)


def test_cases_are_of_keys_that_exist() -> None:
    """Goal: no case outlives its key. Method: the names that only CASES has."""
    assert set(CASES) - set(KEYS) == set()


def test_a_case_without_effect_fails(tmp_path: Path) -> None:
    """Goal: the check above can fail. Method: an option that is as by default, a wrong rule."""
    with pytest.raises(AssertionError, match="changes nothing"):
        check(changes(changed((("worlds", "two", "role"), "custom"))), tmp_path)
    with pytest.raises(AssertionError):
        check(Refuses("lane-kind", BASE), tmp_path)
    with pytest.raises(AssertionError):
        check(Speaks(("worlds", "one", "role")), tmp_path)
