"""Goal: whatever happens to the tool while it runs, it ends with the right code and no traceback.
Method: closed pipes, full disks, interrupts, bugs, odd names and terminals, brought about on
purpose.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from corinth import cli, pipeline
from tests.support.process import run
from tests.support.tool import corinth
from tests.support.tree import GENERATOR

BAD = """corinth: 1
name: second
topolgy: full
worlds:
  a: {transfer_queue: {capacity: 3000}, routing: {default_target: b}}
  b: {}
"""
GOOD = BAD.replace("topolgy", "topology").replace("3000", "4096")
WATCHDOG_S = 60


def environment() -> dict[str, str]:
    """That of a user: output is buffered, so that an error may show only when it is flushed."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return {**inherited, "PYTHONPATH": str(GENERATOR)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bad schema and a good one."""
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_closed_pipe_is_quiet(folder: Path) -> None:
    """`corinth schema | head -1` closes the pipe while the tool still writes."""
    with subprocess.Popen(
        [sys.executable, "-m", "corinth", "validate", "bad.yaml"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(WATCHDOG_S) == 3


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize("words", ["schema", "--version", "--help"])
def test_closed_streams(words: str, redirection: str) -> None:
    """A shell may close what the tool would print to."""
    done = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m corinth {words} {redirection}"],
        env=environment(),
        capture_output=True,
        timeout=WATCHDOG_S,
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"bug" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("schema",), ("--version",), ("--help",), ("--include-dir",), ("--sources",),
        ("graph", "--help"),
        ("validate", "bad.yaml"), ("layout", "good.yaml"), ("graph", "good.yaml"),
        ("generate", "good.yaml", "-o", "gen", "--check"),
        ("generate", "good.yaml", "--list-inputs"),
    ],
)  # fmt: skip
def test_full_disk_is_the_machines_error(words: tuple[str, ...], folder: Path) -> None:
    """Standard output can't take what is printed, however little it is."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "corinth", *words],
            cwd=folder,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=WATCHDOG_S,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == b"corinth: error: No space left on device"
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("validate none.yaml", 3), ("layout bad.yaml", 3), ("generate bad.yaml -o gen", 3),
        ("validate bad.yaml", 1), ("schema", 0), ("generate", 2), ("unknown", 2),
        ("generate good.yaml -o gen", 0),
    ],
)  # fmt: skip
def test_full_disk_behind_standard_error(words: str, status: int, folder: Path) -> None:
    """The exit code stays what it is; where an error of the schema can't be told, it is 3."""
    done = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m corinth {words} 2>/dev/full"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        timeout=WATCHDOG_S,
        check=False,
    )
    assert done.returncode == status


@pytest.mark.parametrize("command", ["validate", "layout", "graph", "generate -o gen"])
def test_what_no_schema_can_be(command: str, folder: Path) -> None:
    """A folder, a loop of links, and a file below a file, each with the system's word."""
    (folder / "loop").symlink_to("loop")
    for path, reason in (
        (".", "Is a directory"),
        ("loop", "Too many levels of symbolic links"),
        ("bad.yaml/x", "Not a directory"),
        ("x" * 300, "File name too long"),
    ):
        result = corinth(*command.split(), path, cwd=folder)
        assert (result.status, result.stdout) == (3, "")
        assert result.stderr == f"corinth: error: can't read {path}: {reason}\n"


def test_listed_paths_are_the_very_bytes(folder: Path) -> None:
    """Other programs open them, so that nothing is escaped."""
    name = b"odd \xff.yaml"
    (folder / os.fsdecode(name)).write_text(GOOD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "corinth", "generate", "--list-inputs", name],
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=WATCHDOG_S,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, name + b"\n", b"")


def test_repair_is_a_line_of_shell(folder: Path) -> None:
    """What the last line of a failing check names does repair it, odd names and all."""
    name = os.fsdecode(b"it's $HOME \n\xff.yaml")
    (folder / name).write_text(GOOD, encoding="utf-8")
    for schema, output in (("good.yaml", "gen"), (name, "a\\b 'c'")):
        check = ("generate", schema, "-o", output, "--check")
        result = corinth(*check, cwd=folder)
        assert (result.status, result.stderr.count("\n")) == (1, 1)
        start = "not up to date; this repairs it: corinth "
        assert result.stderr.startswith(start)
        line = f"{sys.executable} -m corinth {result.stderr.removeprefix(start)}"
        run(["bash", "-c", line], cwd=folder, environment=environment()).expect_success()
        assert corinth(*check, cwd=folder).status == 0


def test_bug_is_admitted_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unexpected exception, exhausted memory, and recursion without end."""

    def fail(kind: type[Exception]) -> None:
        raise kind("deep inside")

    for kind, words in (
        (KeyError, "this is a bug in corinth: KeyError: 'deep inside' (test_cli_failures.py:"),
        (
            RecursionError,
            "this is a bug in corinth: RecursionError: deep inside (test_cli_failures.py:",
        ),
        (MemoryError, "out of memory"),
    ):
        monkeypatch.setattr(pipeline, "read_layout", lambda *_, kind=kind, **__: fail(kind))
        assert cli.main(["layout", "x.yaml"]) == 3
        printed = capsys.readouterr()
        assert printed.err.startswith(f"corinth: error: {words}")
        assert printed.err.count("\n") == 1


def test_odd_file_names_survive(folder: Path) -> None:
    """Bytes that aren't UTF-8, line ends, escape sequences: printed so that nothing breaks."""
    name = os.fsdecode(b"odd \xff\n\x1b[31m.yaml")
    (folder / name).write_text(BAD, encoding="utf-8")
    for words in (("validate",), ("validate", "--format", "json"), ("generate", "-o", "gen")):
        result = corinth(*words, name, cwd=folder)
        assert result.status == 1
        assert "\x1b" not in result.stdout + result.stderr
    (folder / name).write_text(GOOD, encoding="utf-8")
    corinth("generate", name, "-o", "gen", cwd=folder).expect_success()
    header = (folder / "gen" / "second.h").read_text(encoding="utf-8")
    assert "odd \\xff\\n\\x1b[31m.yaml" in header
    corinth("layout", name, cwd=folder).expect_success()
    corinth("graph", name, cwd=folder).expect_success()
    unreadable = corinth("validate", name + "x", cwd=folder)
    assert unreadable.status == 3
    assert unreadable.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [
        ({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "0"}, True),
    ],
)  # fmt: skip
def test_colour_is_for_terminals(
    variables: dict[str, str], is_coloured: bool, folder: Path
) -> None:
    """On a pseudo-terminal; everywhere else there is none, as the other tests show."""
    printed = run_on_terminal(("validate", "bad.yaml"), variables, folder)
    assert b": error:" in printed.replace(b"\x1b[1;31m", b"").replace(b"\x1b[0m", b"")
    assert (b"\x1b[" in printed) == is_coloured


@pytest.mark.parametrize(
    ("words", "variables", "is_coloured"),
    [
        ("validate bad.yaml", {"FORCE_COLOR": "1"}, True),
        ("validate bad.yaml", {"FORCE_COLOR": ""}, False),
        ("validate bad.yaml", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("validate bad.yaml --color always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("validate bad.yaml --color=never", {"FORCE_COLOR": "1"}, False),
        ("--color never validate bad.yaml", {"FORCE_COLOR": "1"}, False),
        ("--color always validate bad.yaml", {}, True),
        ("validate --color auto bad.yaml", {"FORCE_COLOR": "1"}, True),
        ("layout bad.yaml --color always", {}, True),
        ("graph bad.yaml --color always", {}, True),
        ("generate bad.yaml -o gen --color always", {}, True),
        ("generate bad.yaml --list-outputs --color always", {}, True),
        ("validate bad.yaml --format json --color always", {}, False),
        ("generate good.yaml -o gen --check --color always", {}, False),
    ],
)
def test_colour_when_it_is_asked_for(
    words: str, variables: dict[str, str], is_coloured: bool, folder: Path
) -> None:
    """In a file: the option before the environment. JSON and diffs are never in colour."""
    inherited = {key: value for key, value in os.environ.items() if not key.endswith("_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "corinth", *words.split()],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(GENERATOR), **variables},
        capture_output=True,
        timeout=WATCHDOG_S,
        check=False,
    )
    assert done.returncode == 1
    assert (b"\x1b[" in done.stdout + done.stderr) == is_coloured


def run_on_terminal(words: tuple[str, ...], variables: dict[str, str], cwd: Path) -> bytes:
    """What the tool prints to a terminal."""
    inherited = {key: value for key, value in os.environ.items() if not key.endswith("_COLOR")}
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "corinth", *words],
        cwd=cwd,
        env={**inherited, "TERM": "xterm", "PYTHONPATH": str(GENERATOR), **variables},
        stdout=slave,
        stderr=slave,
    ) as process:
        os.close(slave)
        parts = []
        try:
            while part := os.read(master, 4096):
                parts.append(part)
        except OSError:
            # Linux returns EIO once the other side is closed.
            pass
        os.close(master)
        assert process.wait(WATCHDOG_S) == 1
    return b"".join(parts)


def test_starts_without_what_it_does_not_need() -> None:
    """Heavy packages are imported by the functions that use them: a build starts the tool often."""
    script = (
        "import sys; from corinth.cli import main; main(['--include-dir']);"
        "print(sorted({'jsonschema', 'jinja2', 'ruamel.yaml', 'difflib'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
