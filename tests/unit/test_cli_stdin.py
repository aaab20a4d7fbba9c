"""Goal: `-` is a schema from standard input, with the name and the includes that it should have.
Method: the tool run with text, endless text, and no standard input at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.process import run
from tests.support.tool import corinth
from tests.support.tree import GENERATOR

HEAD = "corinth: 1\nname: piped\n"
GOOD = HEAD + "include: [common.yaml]\nworlds: {a: {routing: {default_target: b}}, b: {}}\n"
BAD = HEAD + "worlds: {a: {threads: 0, routing: {default_target: b}}, b: {}}\n"
COMMON = "components:\n  Item: {fields: {mass_kg: f32}}\n"
WATCHDOG_S = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose `parts` have what the schema includes."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "common.yaml").write_text(COMMON, encoding="utf-8")
    return tmp_path


def test_messages_name_it(folder: Path) -> None:
    """As `<stdin>`, or as the option says, in text and in JSON."""
    plain = corinth("validate", "-", cwd=folder, stdin=BAD)
    assert plain.status == 1
    assert plain.stdout.startswith("<stdin>:3:23: error: ")
    assert "    3 | worlds: {a: {threads: 0" in plain.stdout
    named = ("validate", "--stdin-name", "parts/new.yaml", "-")
    assert corinth(*named, cwd=folder, stdin=BAD).stdout == plain.stdout.replace(
        "<stdin>", "parts/new.yaml"
    )
    as_json = corinth(*named, "--format", "json", cwd=folder, stdin=BAD).stdout
    assert [error["file"] for error in json.loads(as_json)["errors"]] == ["parts/new.yaml"]


def test_includes_are_beside_the_name(folder: Path) -> None:
    """Without a name, in the current folder."""
    assert corinth("validate", "-", cwd=folder / "parts", stdin=GOOD).status == 0
    assert (
        corinth("validate", "--stdin-name", "parts/x.yaml", "-", cwd=folder, stdin=GOOD).status == 0
    )
    lost = corinth("validate", "-", cwd=folder, stdin=GOOD)
    assert lost.stdout.startswith("<stdin>:3:11: error: `common.yaml` doesn't exist")
    layout = corinth("layout", "--stdin-name", "parts/x.yaml", "-", cwd=folder, stdin=GOOD)
    assert layout.expect_success().stdout.startswith("piped (x.yaml): 1 component, ")
    graph = corinth("graph", "-", cwd=folder / "parts", stdin=GOOD).expect_success()
    assert "Item" not in graph.stderr


def test_its_text_counts_and_not_that_of_the_file(folder: Path) -> None:
    """An editor sends what isn't saved yet; a file that includes itself is found all the same."""
    schema = folder / "parts" / "x.yaml"
    schema.write_text(BAD, encoding="utf-8")
    named = ("validate", "--stdin-name", "parts/x.yaml", "-")
    assert corinth(*named, cwd=folder, stdin=GOOD).status == 0
    turned = corinth(*named, cwd=folder, stdin=GOOD.replace("common", "x"))
    assert "`x.yaml` includes itself [include-cycle]" in turned.stdout


def test_together_with_files(folder: Path) -> None:
    """Each file's errors once, in the order of the command line."""
    (folder / "bad.yaml").write_text(BAD, encoding="utf-8")
    result = corinth("validate", "bad.yaml", "-", cwd=folder, stdin=BAD)
    places = [line.split(":")[0] for line in result.stdout.splitlines() if ": error: " in line]
    assert (result.status, places) == (1, ["bad.yaml", "<stdin>"])


def test_endless_input_is_refused(folder: Path) -> None:
    """No more is read than a schema may have, and nothing is waited for."""
    command = f"yes 'corinth: 1' | {sys.executable} -m corinth validate -"
    result = run(
        ["bash", "-c", command],
        cwd=folder,
        environment={"PYTHONPATH": str(GENERATOR)},
        timeout_s=WATCHDOG_S,
    )
    assert result.status == 1
    assert "[file-size]" in result.stdout


def test_slow_input_that_does_not_block(folder: Path) -> None:
    """A pipe that another program set to not block gives its text in two parts, a while apart."""
    script = (
        "import os, sys, time\n"
        "os.set_blocking(0, False)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'corinth', 'validate', '-'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=folder,
        env={"PYTHONPATH": str(GENERATOR)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(HEAD)
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
        stdout, _ = process.communicate(BAD.removeprefix(HEAD), timeout=WATCHDOG_S)
    assert stdout.startswith("<stdin>:3:23: error: ")
    assert process.returncode == 1


def test_no_standard_input(folder: Path) -> None:
    """Closed: an error of the machine, which keeps the other schema from nothing."""
    (folder / "bad.yaml").write_text(BAD, encoding="utf-8")
    result = run(
        ["sh", "-c", f"exec {sys.executable} -m corinth validate - bad.yaml <&-"],
        cwd=folder,
        environment={"PYTHONPATH": str(GENERATOR)},
        timeout_s=WATCHDOG_S,
    )
    assert result.status == 3
    assert result.stderr == "corinth: error: can't read standard input: it is closed\n"
    assert result.stdout.startswith("bad.yaml:3:23: error: ")
    nothing = corinth("validate", "-", cwd=folder)
    assert nothing.stdout.startswith("<stdin>:1:1: error: this file holds nothing")


def test_bytes_that_are_no_text(folder: Path) -> None:
    """The same message as of a file."""
    done = subprocess.run(
        [sys.executable, "-m", "corinth", "validate", "-"],
        cwd=folder,
        env={"PYTHONPATH": str(GENERATOR)},
        input=b"corinth: 1\nname: \xff\n",
        capture_output=True,
        timeout=WATCHDOG_S,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.startswith(b"<stdin>:2:7: error: ")
