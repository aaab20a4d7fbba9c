"""Goal: rendering is a function of the layout that keeps its promises.

Method: the golden schemas and small ones made for one question each; what is emitted is compared
with the tables that announce it.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from corinth import wire
from corinth.diagnostics import Diagnostics
from corinth.identifiers import declare_all
from corinth.model import Layout
from corinth.names import INTERNAL_PART
from corinth.render import output_names, render
from corinth.statistics import ABI_VERSION
from tests.style.checks import MAX_FUNCTION_LINES, Source, c_functions
from tests.support.process import run
from tests.support.schemas import examine
from tests.support.tree import GENERATOR, INCLUDE, ROOT, TESTS

GOLDEN = sorted((TESTS / "golden").glob("*/*.yaml"))

DEFINITIONS = re.compile(
    r"""
      ^\#define\ +(?P<macro>\w+)
    | ^typedef\ [^{};]*?(?P<simple>\w+);
    | ^\}\ (?P<struct>\w+);
    | ^static\ [^;{}()]*?\b(?P<table>\w+)(?:\[\w*\])+\ =
    | ^(?:static\ inline|CORINTH_INLINE)\ [^;{}()]*?\b(?P<function>\w+)\(
    """,
    re.VERBOSE | re.MULTILINE,
)


def layout_of(schema: Path) -> Layout:
    return examine(schema.read_text(encoding="utf-8"), schema.name).valid()


def small(components: str, worlds: str = "{a: {}, b: {}}") -> Layout:
    text = f"corinth: 1\nname: small\ncomponents: {components}\nworlds: {worlds}\ntopology: full\n"
    return examine(text).valid()


def defined_in(text: str) -> set[str]:
    return {next(filter(None, match.groups())) for match in DEFINITIONS.finditer(text)}


@pytest.mark.parametrize("schema", GOLDEN, ids=lambda path: path.stem)
def test_every_identifier_is_in_the_table(schema: Path) -> None:
    """What isn't there could be a user's name as well."""
    layout = layout_of(schema)
    table = declare_all(layout.model, Diagnostics()).identifiers()
    prefix = layout.model.name
    for file, text in render(layout).items():
        if file.endswith(".h"):
            defined = defined_in(text)
            assert defined
            unknown = {name.removeprefix(f"{prefix}_internal_") for name in defined - table}
            assert {name for name in unknown if not INTERNAL_PART.fullmatch(name)} == set()


def test_identifiers_are_found() -> None:
    """Guards the pattern above against finding too little."""
    outputs = render(layout_of(TESTS / "golden" / "server" / "server.yaml"))
    assert {
        "SERVER_COMPONENTS_H",
        "SERVER_CONNECTION_BIT",
        "server_world",
        "server_connection",
        "server_mask_of",
        "server_transfer_component_table",
    } <= defined_in(outputs["server_components.h"])
    assert {"server_internal_send_batch"} <= defined_in(outputs["server_lanes.h"])
    assert {"server_coordinator", "server_io_port"} <= defined_in(outputs["server_io.h"])


def test_a_standalone_world_has_no_coordinator() -> None:
    """Nor lanes, nor a header of its own: nothing is sent and there is no port."""
    assert output_names(small("{}").model) == (
        "small.h", "small_components.h", "small_transfer.h", "small_lanes.h", "small_a.h",
        "small_b.h", "small_coordinator.h", "small_dispatch.h", "small.json",
    )  # fmt: skip
    text = "corinth: 1\nname: small\nworlds: {a: {role: standalone}}\n"
    assert output_names(examine(text).valid().model) == (
        "small.h", "small_components.h", "small_transfer.h", "small.json",
    )  # fmt: skip


def test_output_depends_on_nothing_but_the_layout() -> None:
    """Renders in processes with different hash seeds, folders and locales."""
    schema = TESTS / "golden" / "zones" / "zones.yaml"
    code = (
        "import sys; from pathlib import Path; from tests.support.schemas import examine;"
        "from corinth.render import render;"
        f"text = Path({str(schema)!r}).read_text(encoding='utf-8');"
        "layout = examine(text, 'zones.yaml').valid();"
        "sys.stdout.buffer.write(repr(render(layout)).encode())"
    )
    outputs = set()
    for seed, locale, folder in (("1", "C", "/"), ("2", "C.UTF-8", str(ROOT))):
        environment = {
            "PYTHONHASHSEED": seed,
            "LC_ALL": locale,
            "PYTHONPATH": f"{GENERATOR}:{ROOT}",
        }
        result = run([sys.executable, "-c", code], cwd=Path(folder), environment=environment)
        outputs.add(result.expect_success().stdout)
    assert len(outputs) == 1
    assert str(ROOT) not in outputs.pop()


def test_versions_agree_with_the_runtime() -> None:
    """The templates, the wire format's table and the runtime state the same numbers."""
    platform = (INCLUDE / "corinth" / "platform.h").read_text(encoding="utf-8")
    assert f"#define CORINTH_ABI_VERSION {ABI_VERSION}\n" in platform
    header = (INCLUDE / "corinth" / "wire.h").read_text(encoding="utf-8")
    assert f"FRAME_MAGIC UINT32_C(0x{wire.MAGIC:08X})\n" in header
    assert f"FRAME_VERSION {wire.VERSION}\n" in header
    assert f"FRAME_HEADER_SIZE {wire.MASK_OFFSET}\n" in header


@pytest.mark.parametrize(("components", "fields"), [(256, 3), (1, 700)])
def test_functions_stay_short(components: int, fields: int) -> None:
    """The most components that there may be, and a component with very many fields."""
    types = ("bool", "u8[4]", "bool[2]", "u32", "f64[3]", "E", "E[2]")
    inner = ", ".join(f"f{i}: '{types[i % len(types)]}'" for i in range(fields))
    outer = ", ".join(f"Component{i}: {{fields: {{{inner}}}}}" for i in range(components))
    for file, text in render(small(f"{{{outer}}}\nenums: {{E: {{values: [a, b]}}}}")).items():
        if file.endswith(".h"):
            for function in c_functions(Source(file, text)):
                assert function.lines <= MAX_FUNCTION_LINES, function


def test_lines_stay_short_with_long_names() -> None:
    """Every name as long as the language allows, except those that no line could hold."""
    name = "Long" * 5
    components = f"{{{name}A: {{fields: {{{'f' * 32}: bool}}}}, {name}B: {{}}}}"
    outputs = render(small(components))
    for file in ("small_components.h", "small_transfer.h"):
        for line in outputs[file].splitlines():
            assert len(line) <= 100, line


@pytest.mark.parametrize(
    ("values", "condition"),
    [
        ("{type: u8, values: [a, b, c]}", "value <= SMALL_E_C"),
        ("{type: i8, values: [a, b, c]}", "value >= SMALL_E_A && value <= SMALL_E_C"),
        ("{type: u8, values: {a: 4}}", "value == SMALL_E_A"),
        ("{type: u8, values: {a: 254, b: 255}}", "value >= SMALL_E_A"),
        ("{type: u8, values: {a: 0, b: 9}}", "value == SMALL_E_A || value == SMALL_E_B"),
    ],
)
def test_the_shortest_condition_checks_an_enum(values: str, condition: str) -> None:
    """None may be true of every value of its type: compilers warn of those."""
    text = f"corinth: 1\nname: small\nenums: {{E: {values}}}\nworlds: {{a: {{role: standalone}}}}\n"
    outputs = render(examine(text).valid())
    assert f"    return {condition};\n" in outputs["small_components.h"]


def test_docs_become_comments() -> None:
    outputs = render(small("{A: {doc: What A is., fields: {x: {type: u8, doc: What x is.}}}}"))
    assert (
        "/* What A is. */\ntypedef struct small_a {\n    /* What x is. */\n"
        in outputs["small_components.h"]
    )


def test_json_says_what_the_headers_say() -> None:
    layout = layout_of(TESTS / "golden" / "zones" / "zones.yaml")
    outputs = render(layout)
    summary = json.loads(outputs["zones.json"])
    components = outputs["zones_components.h"]
    assert f"UINT64_C({summary['wire_hash']})" in components
    assert f"UINT64_C({summary['layout_hash']})" in components
    for component in summary["components"]:
        upper = component["name"].upper()
        assert f"#define ZONES_{upper}_BIT {component['id']}\n" in components
        if component["offset"] is not None:
            assert f"#define ZONES_{upper}_OFFSET {component['offset']}\n" in components
            assert f"#define ZONES_{upper}_SIZE {component['size']}\n" in components
    assert len(summary["lanes"]) == len(layout.lanes)


def test_a_name_that_no_view_has_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A template that asks for an unknown name must not print nothing in its place."""
    import jinja2

    (tmp_path / "umbrella.h.j2").write_text("{{ file.nonsense }}", encoding="utf-8")
    monkeypatch.setattr("corinth.render.templates_dir", lambda: tmp_path)
    with pytest.raises(jinja2.UndefinedError):
        render(small("{}"))
