"""Goal: every file becomes exactly the tree that YAML 1.2 says, with places, or a message.
Method: texts and files whose trees are known, files in forms that machines produce, and random
bytes, which must end in a tree or a message and never in an exception.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corinth.decoding import decode
from corinth.diagnostics import Diagnostics, MachineError
from corinth.document import Loaded, Mapping, Node, Plain, Scalar, Sequence, to_plain
from corinth.load import load
from corinth.pipeline import read_layout
from corinth.report import as_json, text
from corinth.rules import RULES
from corinth.syntax import MAX_ENTRIES, MAX_NODES, parse
from tests.support.tree import GENERATOR

SECOND_LIMIT_BYTES = 48 * 1024
MEMORY_LIMIT_BYTES = 200 * 1024 * 1024
WATCHDOG_S = 60


def tree(source: str | bytes) -> Node:
    diagnostics = Diagnostics()
    data = source.encode("utf-8") if isinstance(source, str) else source
    decoded = decode(data, "f.yaml", diagnostics)
    assert decoded is not None, text(diagnostics)
    node = parse(decoded, "f.yaml", diagnostics)
    assert not diagnostics, text(diagnostics)
    assert node is not None
    return node


def rules(source: str | bytes) -> list[str]:
    diagnostics = Diagnostics()
    data = source.encode("utf-8") if isinstance(source, str) else source
    decoded = decode(data, "f.yaml", diagnostics)
    if decoded is not None:
        parse(decoded, "f.yaml", diagnostics)
    return [error.rule for error in diagnostics.in_file_order()]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def loaded(path: str) -> Loaded:
    diagnostics = Diagnostics()
    result = load(path, diagnostics)
    assert not diagnostics, text(diagnostics)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("", None), ("~", None), ("null", None), ("NULL", None),
        ("true", True), ("False", False), ("TRUE", True),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("tRue", "tRue"),
        ("0", 0), ("-1", -1), ("+5", 5), ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("0o17", 15), ("0x1F", 31), ("0b11", "0b11"), ("1_000", "1_000"), ("0xg", "0xg"),
        ("1.5", 1.5), (".5", 0.5), ("4.0", 4), ("1e3", 1000), ("-0.0", 0), ("1e400", float("inf")),
        (".inf", float("inf")), ("-.INF", float("-inf")), ("1:30", "1:30"),
        ("2026-11-20", "2026-11-20"),
        ("'1'", "1"), ('"true"', "true"), ('"\\x41\\n"', "A\n"), ("'it''s'", "it's"),
        ("|\n  one\n  two\n", "one\ntwo\n"), (">-\n  one\n  two\n", "one two"),
        ("a  b # c", "a  b"),
    ],
)  # fmt: skip
def test_scalars_mean_what_yaml_1_2_says(source: str, value: object) -> None:
    """Type and value, with 4.0 read as the integer that JSON Schema takes it for."""
    node = tree(f"a: {source}\n")
    assert isinstance(node, Mapping)
    found = to_plain(node)
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{a: [1, {b: 2}], c: {}}", {"a": [1, {"b": 2}], "c": {}}),
        ("a:\n- 1\n- - 2\n  - 3\nb:\n  c: 4\n", {"a": [1, [2, 3]], "b": {"c": 4}}),
        ("? a\n: b\n", {"a": "b"}),
        ("a: &x {y: 1}\nb: *x\n", {"a": {"y": 1}, "b": {"y": 1}}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ("\N{BOM}a: 1", {"a": 1}),
        ("a: 1\r\nb: |\r\n  x\r\n  y\r\n", {"a": 1, "b": "x\ny\n"}),
        ("été: 接受\n", {"été": "接受"}),
    ],
)
def test_collections_keep_their_order_and_shape(source: str, value: Plain) -> None:
    """Flow and block style, aliases, line ends and marks of other systems."""
    assert to_plain(tree(source)) == value


def test_every_node_knows_its_place() -> None:
    """Keys, scalars as written, flow collections to their end, block collections by their start."""
    node = tree('name: server\nworlds:\n  io: {threads: "4", a: [x,\n    y]}\n  longer: z\n')
    assert isinstance(node, Mapping)
    worlds = node.mapping("worlds")
    assert worlds is not None
    io = worlds.entry("io")
    assert io is not None
    assert isinstance(io.value, Mapping)
    spans = [node.span, worlds.span, io.key_span, io.value.span]
    spans += [entry.value.span for entry in io.value]
    found = [(span.line, span.column, span.length) for span in spans]
    assert found == [(1, 1, 4), (3, 3, 2), (3, 3, 2), (3, 7, 21), (3, 17, 3), (3, 25, 3)]


def test_missing_value_is_placed_at_its_key() -> None:
    """A reader looks at the key that has nothing after it, not at the next line."""
    node = tree("a:\n\n# comment\nb: 1\n")
    assert isinstance(node, Mapping)
    first = node.get("a")
    assert isinstance(first, Scalar)
    assert (first.value, first.span.line, first.span.column) == (None, 1, 1)


def test_accessors_answer_by_type() -> None:
    """What is of another type is as good as absent; a boolean isn't an integer."""
    node = tree("s: x\ni: 5\nb: true\nm: {}\nl: []\n")
    assert isinstance(node, Mapping)
    assert (node.string("s"), node.string("i"), node.string("z")) == ("x", None, None)
    assert (node.integer("i"), node.integer("b"), node.integer("s")) == (5, None, None)
    assert (node.boolean("b"), node.boolean("i")) == (True, None)
    assert node.mapping("m") is not None
    assert node.mapping("l") is None
    assert node.sequence("l") is not None
    assert node.sequence("m") is None
    assert ("s" in node, "z" in node, len(node)) == (True, False, 5)


def test_duplicates_keep_the_first() -> None:
    """Both are in the message; what goes on is the first one."""
    diagnostics = Diagnostics()
    node = parse("a: 1\nb: 2\na: 3\n", "f.yaml", diagnostics)
    assert node is not None
    assert to_plain(node) == {"a": 1, "b": 2}
    error = diagnostics.errors[0]
    assert (error.rule, error.span.line, error.notes[0].span.line) == ("duplicate-key", 3, 1)


def test_depth_of_64_is_read_and_65_refused() -> None:
    """The limit holds for flow, block, and what aliases add."""
    assert rules("[" * 64 + "]" * 64) == []
    assert rules("[" * 65 + "]" * 65) == ["nesting"]
    assert rules("- " * 64 + "x") == []
    assert rules("- " * 65 + "x") == ["nesting"]
    alias = "a: &a " + "[" * 32 + "]" * 32 + "\nb: "
    assert rules(alias + "[" * 31 + "*a" + "]" * 31) == []
    assert rules(alias + "[" * 32 + "*a" + "]" * 32) == ["nesting"]


def test_counts_are_bounded() -> None:
    """Entries of a collection, values of a file, and values that aliases repeat."""
    assert rules(f"[{'a,' * MAX_ENTRIES}]") == []
    assert rules(f"[{'a,' * (MAX_ENTRIES + 1)}]") == ["too-many"]
    half = f"[{'a,' * (MAX_NODES // 2 - 2)}]"
    assert rules(f"a: {half}\nb: {half}\n") == []
    assert rules(f"a: {half}\nb: {half}\nc: [x, y, z]\n") == ["too-many"]
    assert rules(f"a: &a {half}\nb: *a\n") == []
    assert rules(f"a: &a {half}\nb: *a\nc: *a\n") == ["alias-expansion"]


def test_includes_come_first_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A diamond of includes: depth first, the shared file once, paths as they were typed."""
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        {
            "s/main.yaml": "include: [a.yaml, sub/b.yaml]\nworlds: {m: {}}\nlanes: [{from: m}]\n",
            "s/a.yaml": "include: [sub/c.yaml]\nworlds: {a: {}}\nlanes: [{from: a}]\n",
            "s/sub/b.yaml": "include: [c.yaml]\nenums: {e: {}}\nworlds: {b: {}}\n",
            "s/sub/c.yaml": "corinth: 1\ndoc: shared\nworlds: {c: {}}\n",
        },
    )
    result = loaded("s/main.yaml")
    assert result.source_name == "main.yaml"
    assert result.inputs == ("s/main.yaml", "s/a.yaml", "s/sub/c.yaml", "s/sub/b.yaml")
    worlds = result.root.mapping("worlds")
    assert worlds is not None
    assert [entry.key for entry in worlds] == ["c", "a", "b", "m"]
    assert [entry.key_span.file for entry in worlds] == [
        "s/sub/c.yaml", "s/a.yaml", "s/sub/b.yaml", "s/main.yaml",
    ]  # fmt: skip
    lanes = result.root.sequence("lanes")
    assert lanes is not None
    assert to_plain(lanes) == [{"from": "a"}, {"from": "m"}]
    assert result.root.mapping("enums") is not None


def test_inputs_have_every_name_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is included by two names is merged once, and a build depends on both."""
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        {
            "main.yaml": "corinth: 1\nname: m\ninclude: [a.yaml, link.yaml, s/b.yaml]\n",
            "a.yaml": "components: {A: {}}\n",
            "s/b.yaml": "include: [../a.yaml, ../link.yaml]\n",
        },
    )
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    result = loaded("main.yaml")
    names = ("main.yaml", "a.yaml", "link.yaml", "s/b.yaml", "s/../a.yaml", "s/../link.yaml")
    assert result.inputs == names


def test_section_of_wrong_type_is_left_to_validate(tmp_path: Path) -> None:
    """Merging would hide it."""
    write(tmp_path, {"m.yaml": "include: [a.yaml]\nworlds: 3\n", "a.yaml": "worlds: {a: {}}\n"})
    worlds = loaded(str(tmp_path / "m.yaml")).root.get("worlds")
    assert isinstance(worlds, Scalar)


def test_unreadable_schema_is_the_machines_error(tmp_path: Path) -> None:
    """A missing file, a folder, and names that can't be."""
    for path in (tmp_path / "none.yaml", tmp_path, f"{tmp_path}/a\0b", tmp_path / ("x" * 300)):
        with pytest.raises(MachineError, match="can't read"):
            load(str(path), Diagnostics())


def test_endless_input_is_read_to_the_limit() -> None:
    """A device that never ends must not fill memory."""
    diagnostics = Diagnostics()
    assert load("/dev/zero", diagnostics) is None
    assert [error.rule for error in diagnostics.errors] == ["file-size"]


def test_schema_may_come_through_a_pipe(tmp_path: Path) -> None:
    """`corinth validate <(make-schema)` gives a path that is no regular file."""
    path = tmp_path / "fifo"
    os.mkfifo(path)
    content = "corinth: 1\nname: x\nworlds: {a: {role: standalone}}\n"
    script = f"open({str(path)!r}, 'w').write({content!r})"
    with subprocess.Popen([sys.executable, "-c", script]) as writer:
        assert loaded(str(path)).root.string("name") == "x"
        assert writer.wait(WATCHDOG_S) == 0


def test_included_fifo_is_refused(tmp_path: Path) -> None:
    """Opening one would wait for a writer forever."""
    os.mkfifo(tmp_path / "fifo")
    write(tmp_path, {"m.yaml": "include: [fifo]\n"})
    diagnostics = Diagnostics()
    load(str(tmp_path / "m.yaml"), diagnostics)
    assert [error.rule for error in diagnostics.errors] == ["include-unreadable"]


YAMLISH = st.lists(
    st.sampled_from(
        [
            "corinth", "name", "worlds", "lanes", "components", "fields", "include", "pipeline",
            "from", "to", "threads", "capacity", ": ", ":", "\n", "\n  ", "\n    ", "- ", "{", "}",
            "[", "]", ", ", "&a ", "*a", "? ", "| ", "> ", "'", '"', "#", "!t ", "%", "---\n",
            "...\n", "1", "0x", "-1", "010", "true", "null", "u8", "u8[4]", "\\", "\t", "\r\n",
            "<<", "a", "io", "é", "\N{BOM}", "\x85", "@", "`", "99999999999999999999", ".inf",
            "1.5",
        ]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=100, deadline=None, print_blob=True)
@given(source=YAMLISH | st.text(max_size=200) | st.binary(max_size=200))
@example(source='a: "\\UFFFFFFFF"')
@example(source="%YAML 1.3\n---\na")
@example(source="a: !<")
@example(source="&a *a")
@example(source="? ? ? a")
def test_any_input_ends_in_a_layout_or_a_message(source: str | bytes) -> None:
    """Random bytes and random pieces of YAML through all stages: no exception, places exist."""
    data = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    diagnostics = read_bytes(data)
    for error in diagnostics.errors:
        lines = diagnostics.sources[error.span.file]
        assert 1 <= error.span.line <= max(len(lines), 1)
        assert error.span.column >= 1
        assert error.span.length >= 1
        assert error.rule in RULES
    printed = text(diagnostics)
    assert bool(printed) == bool(diagnostics)
    assert not any(category(char)[0] == "C" for char in printed if char != "\n")
    assert as_json(diagnostics).isascii()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "corinth", "name", "doc", "include", "topology", "pipeline", "max_bytes", "cc", "enums",
        "structs", "components", "worlds", "lanes", "stages", "return_to", "type", "values",
        "fields", "id", "role", "threads", "wait", "transfer_queue", "routing", "default_target",
        "component_routes", "component", "target", "from", "to", "capacity", "kind",
        "priority", "a",
    ]
)  # fmt: skip
KEYED = st.recursive(
    VALUES
    | st.sampled_from(["a", "io", "u8", "u8[4]", "full", "standard", "compute", 1, 64, 4096]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=100, deadline=None, print_blob=True)
@given(data=st.dictionaries(KEYS, KEYED, max_size=8))
def test_any_document_ends_in_a_layout_or_a_message(data: dict[str, object]) -> None:
    """Random values under the language's own keys reach validate, resolve and layout."""
    diagnostics = read_bytes(json.dumps(data).encode("ascii"))
    rules_found = {error.rule for error in diagnostics.errors}
    assert rules_found <= RULES.keys()
    assert data or rules_found == {"missing-key"}


def read_bytes(data: bytes) -> Diagnostics:
    """Run all stages on a file of these bytes, in memory where the platform has that."""
    diagnostics = Diagnostics()
    descriptor = os.memfd_create("schema")
    try:
        os.write(descriptor, data)
        read_layout(f"/dev/fd/{descriptor}", diagnostics)
    finally:
        os.close(descriptor)
    return diagnostics


HEAD = "corinth: 1\nname: s\nworlds: {a: {role: standalone}}\n"
HEAVY = {
    "deep": "[" * SECOND_LIMIT_BYTES,
    "nested lists": "[" + ("[" * 63 + "]" * 63 + ",") * 380 + "]",
    "fields": HEAD + f"structs: {{A: {{fields: {{{''.join(f'f{i}: ,' for i in range(4900))}}}}}}}",
    "names": HEAD + "components:\n" + "".join(f"  C-{i}: {{}}\n" for i in range(3800)),
    "doubling": "".join(f"a{i}: &a{i} [{f'*a{i - 1},' * 9}]\n" for i in range(1, 40)),
    "one line": HEAD + "doc: " + "x " * 24_000,
    "lanes": f"{HEAD}lanes: [{'{from: a, to: a},' * 2000}]",
    "arrays without quotes": HEAD + "structs:\n" + "  S: {fields: {a: u8[4]}}\n" * 1900,
    "blanks in one line": HEAD + f"structs: {{A: {{fields: {{{'f:u8[3], ' * 4000}}}}}}}",
    "spaces in one line": HEAD + "docs: " + "x\u00a0" * 15_000,
    "comments": HEAD + "// one\n" * 6800,
    "digits": f"{HEAD}max_bytes: {'9' * 48_000}",
}


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_heavy_input_stays_within_memory(name: str, tmp_path: Path) -> None:
    """Input of up to 48 KiB, in a process that may have 200 MiB; its time is only watched."""
    source = HEAVY[name][:SECOND_LIMIT_BYTES]
    (tmp_path / "schema.yaml").write_text(source, encoding="utf-8")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))

    done = subprocess.run(
        [sys.executable, "-m", "corinth", "validate", "schema.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(GENERATOR)},
        preexec_fn=limit,
        capture_output=True,
        timeout=WATCHDOG_S,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(b"schema.yaml:")
    assert done.stderr == b""


def test_items_of_a_sequence_are_iterated_in_order() -> None:
    """`Sequence` is what its users iterate."""
    node = tree("[1, 2, 3]")
    assert isinstance(node, Sequence)
    assert [to_plain(item) for item in node] == [1, 2, 3]
    assert len(node) == 3
