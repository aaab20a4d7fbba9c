"""Goal: each call does what its line in the specification says, with its exit code, and no call
ever shows a traceback.
Method: the tool run as a user runs it, in temporary folders. Wrong usage and help are in
test_cli_usage.py, what goes wrong outside of the tool is in test_cli_failures.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corinth import __version__
from tests.support.process import Result
from tests.support.tool import corinth
from tests.support.tree import GENERATOR, INCLUDE, SCHEMAS, SOURCE

GOOD = """corinth: 1
name: server
include: [parts/common.yaml]
worlds:
  accept: {role: accept, routing: {default_target: io}}
  io: {role: io}
"""
COMMON = "components:\n  Connection: {fields: {fd: i32}}\n"
FIRST_BAD = """corinth: 1
name: first
components:
  Position: {fields: {x: float, class: u8}}
worlds:
  a: {threads: 65, routing: {default_target: b}}
  b: {}
"""
SECOND_BAD = """corinth: 1
name: second
topolgy: full
worlds:
  a: {transfer_queue: {capacity: 3000}, routing: {default_target: b}}
  b: {}
"""
OUTPUTS = (
    "server.h", "server_components.h", "server_transfer.h", "server_lanes.h", "server_accept.h",
    "server_io.h", "server_coordinator.h", "server_dispatch.h", "server.json",
)  # fmt: skip
WATCHDOG_S = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good files and two bad ones."""
    (tmp_path / "parts").mkdir()
    for name, content in (
        ("server.yaml", GOOD), ("parts/common.yaml", COMMON),
        ("first.yaml", FIRST_BAD), ("second.yaml", SECOND_BAD),
    ):  # fmt: skip
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def expect(result: Result, status: int, stdout: str = "", stderr: str = "") -> None:
    """The exit code and both streams, to the byte."""
    assert (result.status, result.stdout, result.stderr) == (status, stdout, stderr)


def test_five_mistakes_in_two_files(folder: Path) -> None:
    """All of them, each with its place, in the order of the command line; exit code 1."""
    result = corinth("validate", "first.yaml", "second.yaml", cwd=folder)
    assert result.status == 1
    errors = [line for line in result.stdout.splitlines() if ": error: " in line]
    assert [line.split(": error: ")[0] for line in errors] == [
        "first.yaml:4:26", "first.yaml:4:33", "first.yaml:6:16", "second.yaml:3:1",
        "second.yaml:5:34",
    ]  # fmt: skip
    assert [line.rsplit(" ", 1)[1] for line in errors] == [
        "[field-type]", "[reserved-word]", "[out-of-range]", "[unknown-key]", "[lane-capacity]",
    ]  # fmt: skip


def test_validate_is_silent_about_what_is_right(folder: Path) -> None:
    """No news is good news; exit code 0."""
    expect(corinth("validate", "server.yaml", cwd=folder), 0)


def test_validate_as_json(folder: Path) -> None:
    """One object for all files, on standard output, whether there are errors or none."""
    result = corinth("validate", "--format", "json", "second.yaml", "server.yaml", cwd=folder)
    assert (result.status, result.stderr) == (1, "")
    errors = json.loads(result.stdout)["errors"]
    assert {error["file"] for error in errors} == {"second.yaml"}
    right = corinth("validate", "server.yaml", "--format", "json", cwd=folder)
    expect(right, 0, '{\n  "format": 1,\n  "errors": [],\n  "warnings": []\n}\n')


def test_warnings_leave_the_exit_code_alone(folder: Path) -> None:
    """Each call prints them where it prints errors, and does what it is for."""
    (folder / "server.yaml").write_text(f"doc: The #1\n{GOOD}", encoding="utf-8")
    warning = "server.yaml:1:10: warning: this text ends before `#1`"
    validated = corinth("validate", "server.yaml", cwd=folder)
    assert (validated.status, validated.stderr) == (0, "")
    assert validated.stdout.startswith(warning)
    for words in (("generate", "-o", "gen"), ("generate", "-o", "gen", "--check"), ("layout",)):
        result = corinth(*words, "server.yaml", cwd=folder)
        assert result.status == 0
        assert result.stderr.startswith(warning)
        assert "warning" not in result.stdout
    assert (folder / "gen" / "server.h").exists()


def test_shared_include_is_reported_once(folder: Path) -> None:
    """Two schemas include one bad file."""
    (folder / "parts" / "common.yaml").write_text("components: {A: 3}\n", encoding="utf-8")
    (folder / "other.yaml").write_text(GOOD, encoding="utf-8")
    result = corinth("validate", "server.yaml", "other.yaml", cwd=folder)
    assert result.stdout.count(": error: ") == 1
    assert result.stdout.startswith("parts/common.yaml:1:17: error: ")


def test_unreadable_schema_is_code_3_and_stops_no_other(folder: Path) -> None:
    """The machine's error goes to standard error, the other schema's to standard output."""
    result = corinth("validate", "none.yaml", "second.yaml", cwd=folder)
    assert result.status == 3
    assert result.stderr == "corinth: error: can't read none.yaml: No such file or directory\n"
    assert "second.yaml:3:1: error: " in result.stdout
    for command in (("generate", "-o", "gen"), ("layout",), ("graph",)):
        assert corinth(*command, "none.yaml", cwd=folder).status == 3


def test_generate_writes_and_writes_again_nothing(folder: Path) -> None:
    """The second run replaces no file, as the inodes show; both are silent."""
    gen = folder / "a" / "gen"
    expect(corinth("generate", "server.yaml", "-o", "a/gen", cwd=folder), 0)
    assert sorted(path.name for path in gen.iterdir()) == sorted(OUTPUTS)
    before = {path.name: path.stat().st_ino for path in gen.iterdir()}
    expect(corinth("generate", "server.yaml", "--output", "a/gen", cwd=folder), 0)
    assert before == {path.name: path.stat().st_ino for path in gen.iterdir()}


def test_generate_writes_nothing_for_a_bad_schema(folder: Path) -> None:
    """Neither headers nor depfile, not even the folder; the errors go to standard error."""
    result = corinth("generate", "first.yaml", "-o", "gen", "--depfile", "x.d", cwd=folder)
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr.startswith("first.yaml:4:26: error: ")
    assert not (folder / "gen").exists()
    assert not (folder / "x.d").exists()


def test_generate_is_the_same_everywhere(folder: Path, tmp_path: Path) -> None:
    """Another folder, another hash seed, another way to name the schema: the same bytes."""
    corinth("generate", "server.yaml", "-o", "one", cwd=folder).expect_success()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "corinth", "generate", folder / "server.yaml", "-o", "two"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(GENERATOR), "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        timeout=WATCHDOG_S,
        check=False,
    )
    assert done.returncode == 0
    for name in OUTPUTS:
        assert (folder / "one" / name).read_bytes() == (elsewhere / "two" / name).read_bytes()


def test_check_tells_whether_files_are_up_to_date(folder: Path) -> None:
    """Right after generating they are; after an edit there is a diff, and nothing is written."""
    missing = corinth("generate", "server.yaml", "-o", "gen", "--check", cwd=folder)
    assert missing.status == 1
    assert missing.stdout.count("--- /dev/null\n") == len(OUTPUTS)
    assert not (folder / "gen").exists()
    corinth("generate", "server.yaml", "-o", "gen", cwd=folder).expect_success()
    expect(corinth("generate", "server.yaml", "-o", "gen", "--check", cwd=folder), 0)
    header = folder / "gen" / "server_lanes.h"
    edited = header.read_text(encoding="utf-8") + "/* by hand */\n"
    header.write_text(edited, encoding="utf-8")
    result = corinth("generate", "server.yaml", "-o", "gen", "--check", cwd=folder)
    repair = "not up to date; this repairs it: corinth generate server.yaml -o gen\n"
    assert (result.status, result.stderr) == (1, repair)
    assert result.stdout.startswith("--- gen/server_lanes.h\n+++ gen/server_lanes.h\n@@ ")
    assert "\n-/* by hand */\n" in result.stdout
    assert header.read_text(encoding="utf-8") == edited


def test_headers_that_a_schema_no_longer_has_go(folder: Path) -> None:
    """A schema that loses its second world has no coordinator: the old headers of both, and of the
    world that stays, aren't up to date, and generating removes them. One of such a name without the
    schema's mark is foreign and stays.
    """
    corinth("generate", "server.yaml", "-o", "gen", cwd=folder).expect_success()
    (folder / "gen" / "server_lanes.h").write_text("/* by hand */\n", encoding="utf-8")
    alone = "corinth: 1\nname: server\nworlds: {io: {role: standalone}}\n"
    (folder / "server.yaml").write_text(alone, encoding="utf-8")
    result = corinth("generate", "server.yaml", "-o", "gen", "--check", cwd=folder)
    assert result.status == 1
    gone = {f"server_{part}.h" for part in ("accept", "io", "coordinator", "dispatch")}
    for name in gone:
        assert f"--- gen/{name}\n+++ /dev/null\n" in result.stdout
        assert (folder / "gen" / name).exists()
    corinth("generate", "server.yaml", "-o", "gen", cwd=folder).expect_success()
    expect(corinth("generate", "server.yaml", "-o", "gen", "--check", cwd=folder), 0)
    left = {path.name for path in (folder / "gen").iterdir()}
    assert left == set(OUTPUTS) - gone


def test_inputs_and_outputs_for_build_systems(folder: Path) -> None:
    """Lists and depfile name the same files, as paths that work from here."""
    outputs = "".join(f"gen/{name}\n" for name in OUTPUTS)
    inputs = "server.yaml\nparts/common.yaml\n"
    listed = corinth("generate", "server.yaml", "-o", "gen", "--list-outputs", cwd=folder)
    expect(listed, 0, outputs)
    expect(corinth("generate", "server.yaml", "--list-inputs", cwd=folder), 0, inputs)
    bare = corinth("generate", "server.yaml", "--list-outputs", cwd=folder)
    expect(bare, 0, outputs.replace("gen/", ""))
    assert not (folder / "gen").exists()
    corinth("generate", "server.yaml", "-o", "gen", "--depfile", "d/x.d", cwd=folder)
    rule = (folder / "d" / "x.d").read_text(encoding="utf-8")
    first, *others = rule.replace("\\\n", "").splitlines()
    targets, needs = first.split(": ")
    assert targets.split() == outputs.split()
    assert needs.split() == inputs.split()
    assert others == [f"{path}:" for path in inputs.split()]
    words = ("-o", "gen", "--list-outputs", "--depfile", "x.d", "--stamp", "s")
    expect(corinth("generate", "server.yaml", *words, cwd=folder), 0, f"{outputs}x.d\ns\n")
    assert corinth("generate", "first.yaml", "--list-outputs", cwd=folder).status == 1


def test_layout_and_graph_print(folder: Path) -> None:
    """Each format is told from the others by its beginning; a bad schema has none."""
    beginnings = {
        ("layout",): "server (server.yaml)",
        ("layout", "--format", "json"): "{\n",
        ("graph", "--format", "mermaid"): "",
        ("graph", "--format", "dot"): "digraph",
    }
    printed = set()
    for words, beginning in beginnings.items():
        result = corinth(*words, "server.yaml", cwd=folder).expect_success()
        assert beginning in result.stdout
        printed.add(result.stdout)
        bad = corinth(*words, "first.yaml", cwd=folder)
        assert (bad.status, bad.stdout) == (1, "")
        assert ": error: " in bad.stderr
    assert len(printed) == len(beginnings)
    plain = corinth("graph", "server.yaml", cwd=folder)
    assert plain.stdout == corinth("graph", "server.yaml", "--format", "mermaid", cwd=folder).stdout


def test_answers_about_the_tool() -> None:
    """What build systems and editors ask for."""
    expect(corinth("--version"), 0, f"corinth {__version__}\n")
    expect(corinth("--include-dir"), 0, f"{INCLUDE}\n")
    sources = sorted(path for path in SOURCE.iterdir() if path.suffix == ".c")
    expect(corinth("--sources"), 0, "".join(f"{path}\n" for path in sources))
    schema = (SCHEMAS / "corinth-1.schema.json").read_text(encoding="utf-8")
    expect(corinth("schema"), 0, schema)


def test_never_writes_into_itself(folder: Path) -> None:
    """An error of the machine, as the folder isn't the user's to fill."""
    own = GENERATOR / "corinth"
    before = sorted(path.name for path in own.iterdir())
    result = corinth("generate", "server.yaml", "-o", own, cwd=folder)
    assert (result.status, result.stdout) == (3, "")
    assert "belongs to corinth itself" in result.stderr
    assert sorted(path.name for path in own.iterdir()) == before
