"""Random valid schemas, and short ways from a schema's text to what the stages make of it.

`schemas()` is a Hypothesis strategy of schema texts; `schema_data()` one of the same as data, with
`schema_text` between them. They cover the whole language but includes and docs: enums with and
without numbers, nested structs, arrays, tags, ids with gaps, masks of every storage size, routes,
pipelines, priorities, full lanes. All transfers and lanes stay small enough to compile and run by
the dozen.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from corinth.diagnostics import Diagnostics
from corinth.layout import compute_layout
from corinth.load import load
from corinth.model import Layout, Model
from corinth.names import snake_case
from corinth.report import text as report_text
from corinth.reserved import why_reserved
from corinth.resolve import resolve
from corinth.validate import validate

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

SCALARS = {
    "i8": 1, "u8": 1, "bool": 1, "char": 1, "i16": 2, "u16": 2, "i32": 4, "u32": 4, "f32": 4,
    "i64": 8, "u64": 8, "f64": 8, "entity": 8,
}  # fmt: skip
ENUM_BASES = ("i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64")
ROLES = ("accept", "io", "compute", "custom")
KINDS_FOR = {
    (False, False): ("spsc", "mpsc", "spmc", "mpmc"),
    (True, False): ("mpsc", "mpmc"),
    (False, True): ("spmc", "mpmc"),
    (True, True): ("mpmc",),
}
COMPONENT_COUNTS = (0, 1, 2, 3, 5, 8, 9, 17, 33, 65, 130)
"""Around each change of the mask's storage."""

SHAPES = ("free", "free", "free", "stages", "standard", "standalone")
"""What the worlds are: linked at random, one of the two forms of pipelines, or only one."""

COMPONENT_BYTES = 512
"""Roughly what one component may take."""


@dataclass(frozen=True)
class Outcome:
    """What the stages make of a schema."""

    model: Model | None
    layout: Layout | None
    diagnostics: Diagnostics

    @property
    def report(self) -> str:
        """The errors as a user sees them."""
        return report_text(self.diagnostics)

    @property
    def rules(self) -> list[str]:
        """The rules of the errors, in file order."""
        return [error.rule for error in self.diagnostics.in_file_order()]

    def valid(self) -> Layout:
        """The layout, where nothing may be wrong."""
        assert self.layout is not None, self.report
        assert not self.diagnostics, self.report
        return self.layout


def examine(text: str, name: str = "schema.yaml") -> Outcome:
    """Load, validate, resolve and lay out a schema without included files."""
    diagnostics = Diagnostics()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        loaded = load(str(path), diagnostics)
    checked = None if loaded is None else validate(loaded, diagnostics)
    if checked is None:
        return Outcome(None, None, diagnostics)
    model = resolve(checked, diagnostics)
    return Outcome(model, compute_layout(model, diagnostics), diagnostics)


def schema_text(data: Data) -> str:
    """A schema as YAML: a line for each entry of a section, its contents in flow style."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and value:
            lines.append(f"{key}:")
            lines += [f"  {name}: {json.dumps(inner)}" for name, inner in value.items()]
        elif isinstance(value, list) and value:
            lines.append(f"{key}:")
            lines += [f"  - {json.dumps(inner)}" for inner in value]
        else:
            lines.append(f"{key}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def schemas() -> st.SearchStrategy[str]:
    """Texts of valid schemas."""
    return schema_data().map(schema_text)


@st.composite
def schema_data(draw: Draw) -> Data:
    """Valid schemas as data."""
    data: Data = {"corinth": 1, "name": draw(_names("g", 8))}
    enums = draw(_enums())
    structs, sizes = draw(_structs(sorted(enums)))
    components = draw(_components(sorted(enums), sizes))
    data |= {
        key: value
        for key, value in (("enums", enums), ("structs", structs), ("components", components))
        if value or draw(st.booleans())
    }
    data |= draw(_worlds(sorted(components)))
    return data


def _is_free(name: str) -> bool:
    return why_reserved(snake_case(name)) is None


def _names(first: str, longest: int) -> st.SearchStrategy[str]:
    """Lower-case names of one kind of thing: the first letter keeps kinds from colliding."""
    rest = st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=longest)
    return rest.map(lambda text: first + text).filter(_is_free)


def _field_names() -> st.SearchStrategy[str]:
    return st.from_regex(r"[a-zA-Z][a-z0-9]{0,6}(_[a-z0-9]{1,4})?", fullmatch=True).filter(
        lambda name: why_reserved(name) is None
    )


@st.composite
def _enums(draw: Draw) -> Data:
    enums: Data = {}
    for name in draw(st.lists(_names("e", 5), max_size=3, unique=True)):
        base = draw(st.sampled_from(ENUM_BASES))
        names = draw(st.lists(_names("v", 4), min_size=1, max_size=5, unique=True))
        values: Any = names
        if draw(st.booleans()):
            bits = 8 * int(SCALARS[base])
            low = 0 if base.startswith("u") else -(2 ** (bits - 1))
            numbers = st.integers(low, low + 2**bits - 1)
            count = len(names)
            distinct = draw(st.lists(numbers, min_size=count, max_size=count, unique=True))
            values = dict(zip(names, distinct, strict=True))
        enums[name] = {"type": base, "values": values}
    return enums


@st.composite
def _fields(draw: Draw, enums: list[str], structs: dict[str, int], budget: int) -> tuple[Data, int]:
    """Fields and roughly their bytes, alignment counted as 8 a field."""
    fields: Data = {}
    used = 0
    types = [*SCALARS, *enums, *structs]
    for name in draw(st.lists(_field_names(), min_size=1, max_size=6, unique=True)):
        kind = draw(st.sampled_from(types))
        count = draw(st.none() | st.integers(1, 40))
        size = structs.get(kind, 8) * (count or 1) + 8
        if used + size > budget:
            kind, count, size = "u8", None, 8
        used += size
        written = kind if count is None else f"{kind}[{count}]"
        fields[name] = {"type": written} if draw(st.integers(0, 9)) == 0 else written
    return fields, used


@st.composite
def _structs(draw: Draw, enums: list[str]) -> tuple[Data, dict[str, int]]:
    """Structs, each of which may use those before it, in shuffled order."""
    structs: Data = {}
    sizes: dict[str, int] = {}
    for name in draw(st.lists(_names("s", 5), max_size=3, unique=True)):
        fields, size = draw(_fields(enums, dict(sizes), COMPONENT_BYTES // 4))
        structs[name] = {"fields": fields}
        sizes[name] = size
    order = draw(st.permutations(sorted(structs)))
    return {name: structs[name] for name in order}, sizes


@st.composite
def _components(draw: Draw, enums: list[str], structs: dict[str, int]) -> Data:
    count = draw(st.sampled_from(COMPONENT_COUNTS))
    components: Data = {}
    for index in range(count):
        name = f"C{index}{draw(st.sampled_from(['', 'Data', 'XYZ', 'Ab_c']))}"
        component: Data = {}
        if count > 20 and index % 8:
            kind = draw(st.sampled_from([None, "u8", "u64"]))
            component = {} if kind is None else {"fields": {"value": kind}}
        elif draw(st.integers(0, 3)):
            component = {"fields": draw(_fields(enums, structs, COMPONENT_BYTES))[0]}
        components[name] = component
    if components and draw(st.integers(0, 2)) == 0:
        _give_ids(draw, components, 256)
    return components


def _give_ids(draw: Draw, things: Data, limit: int) -> None:
    """Explicit ids for all, in any order and with gaps."""
    count = len(things)
    ids = draw(st.lists(st.integers(0, limit - 1), min_size=count, max_size=count, unique=True))
    for thing, number in zip(things.values(), ids, strict=True):
        thing["id"] = number


@st.composite
def _worlds(draw: Draw, components: list[str]) -> Data:
    """The keys about worlds: one standalone world, a pipeline, or worlds linked at random."""
    shape = draw(st.sampled_from(SHAPES))
    if shape == "standalone":
        return {"worlds": {draw(_names("w", 4)): {"role": "standalone"}}}
    if shape == "standard":
        return {"pipeline": "standard", "worlds": {"compute": {"threads": draw(_threads())}}}
    names = draw(st.lists(_names("w", 4), min_size=2, max_size=5, unique=True))
    if shape == "stages":
        back = draw(st.none() | st.sampled_from(names[:-1]))
        stages = {"stages": names} if back is None else {"stages": names, "return_to": back}
        return {"pipeline": stages, "worlds": {names[0]: {"threads": draw(_threads())}}}
    free: Data = draw(_free_worlds(names, components))
    return free


def _threads() -> st.SearchStrategy[int]:
    return st.sampled_from([1, 1, 2, 4])


@st.composite
def _free_worlds(draw: Draw, names: list[str], components: list[str]) -> Data:
    worlds: Data = {
        name: {"role": draw(st.sampled_from(ROLES)), "threads": draw(_threads())} for name in names
    }
    for world in worlds.values():
        if draw(st.integers(0, 3)) == 0:
            world["wait"] = draw(st.sampled_from(["park", "yield", "spin"]))
    if draw(st.booleans()):
        _give_ids(draw, worlds, 64)
    linked: dict[tuple[str, str], bool] = {}
    for index, name in enumerate(names[1:], start=1):
        other = draw(st.sampled_from(names[:index]))
        linked[draw(st.sampled_from([(name, other), (other, name)]))] = True
    pairs = [(a, b) for a in names for b in names if a != b]
    for pair in draw(st.lists(st.sampled_from(pairs), max_size=4)):
        linked[pair] = True
    lanes = []
    for source, target in linked:
        if not _route(draw, worlds[source], target, components) or draw(st.booleans()):
            lanes.append(draw(_lane(source, target, worlds)))
    for source in dict.fromkeys(source for source, _ in linked):
        if draw(st.integers(0, 2)) == 0:
            worlds[source]["transfer_queue"] = draw(_queue())
    data: Data = {"worlds": worlds}
    if lanes:
        data["lanes"] = lanes
    if draw(st.integers(0, 4)) == 0:
        data["topology"] = draw(st.sampled_from(["full", "routes"]))
    return data


def _route(draw: Draw, world: Data, target: str, components: list[str]) -> bool:
    """Give a world a route to `target` if it has room for one; whether it has one now."""
    routing = world.get("routing", {})
    routed = [rule["component"] for rule in routing.get("component_routes", ())]
    unused = [name for name in components if name not in routed]
    choice = draw(st.sampled_from(["default", "component", "none"]))
    if choice == "default" and "default_target" not in routing:
        routing["default_target"] = target
    elif choice == "component" and unused:
        rule = {"component": draw(st.sampled_from(unused)), "target": target}
        routing.setdefault("component_routes", []).append(rule)
    else:
        return False
    world["routing"] = routing
    return True


@st.composite
def _queue(draw: Draw) -> Data:
    """A `transfer_queue`, or what a lane may say as well."""
    queue: Data = {}
    if draw(st.booleans()):
        queue["capacity"] = 2 ** draw(st.integers(1, 7))
    if draw(st.booleans()):
        queue["batch_size"] = draw(st.integers(1, queue.get("capacity", 16)))
    return queue


@st.composite
def _lane(draw: Draw, source: str, target: str, worlds: Data) -> Data:
    lane: Data = {"from": source, "to": target, **draw(_queue())}
    if "batch_size" in lane:
        # A world's capacity may be below it, so the lane has one of its own.
        lane.setdefault("capacity", 128)
    ends = worlds[source]["threads"] > 1, worlds[target]["threads"] > 1
    if draw(st.integers(0, 2)) == 0:
        lane["kind"] = draw(st.sampled_from(KINDS_FOR[ends]))
    elif ends == (False, False) and draw(st.booleans()):
        lane["spsc"] = True
    if draw(st.booleans()):
        lane["weight"] = draw(st.integers(1, 256))
    if draw(st.booleans()):
        lane["priority"] = True
        if draw(st.booleans()):
            lane["priority_capacity"] = 2 ** draw(st.integers(1, 5))
        if draw(st.booleans()):
            lane["priority_burst"] = draw(st.integers(1, 1024))
    if draw(st.booleans()):
        names = list(worlds)
        lane |= draw(_full_lane(lane, is_forward=names.index(source) < names.index(target)))
    return lane


@st.composite
def _full_lane(draw: Draw, lane: Data, is_forward: bool) -> Data:
    """What a lane does that is full. Senders wait only on the way forward, so on no cycle."""
    policies = ["fail", "fail", "drop_newest"]
    policies += ["wait"] if is_forward else []
    policies += ["drop_oldest"] if lane.get("kind", "mpmc") == "mpmc" and "spsc" not in lane else []
    normal, priority = draw(st.sampled_from(policies)), draw(st.sampled_from(policies))
    full: Data = {"when_full": normal}
    if lane.get("priority"):
        full["when_full"] = {"normal": normal, "priority": priority}
    used = (normal, priority) if lane.get("priority") else (normal,)
    if "wait" in used and draw(st.booleans()):
        full["deadline_ms"] = draw(st.integers(1, 3_600_000))
    for key in ("closable", "pressure"):
        if draw(st.booleans()):
            full[key] = draw(st.booleans())
    if full.get("closable") or any(policy.startswith("drop") for policy in used):
        full["undelivered"] = draw(st.sampled_from(["handler", "discard"]))
    return full
