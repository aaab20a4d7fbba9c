"""Goal: wrong usage is told with the usage of its command and with what was probably meant; help
explains every argument.
Method: `main` called in this process with right and wrong words, and what it prints compared.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from corinth.arguments import parse
from corinth.cli import main

COMMANDS = ("generate", "validate", "layout", "graph", "schema")
FORMATS = {"validate": "json", "layout": "text", "graph": "mermaid"}


def last_line(line: str, capsys: pytest.CaptureFixture[str], command: str = "") -> str:
    """What is said of a wrong line, once it is seen that the right usage stands above it."""
    assert main(shlex.split(line)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    tool = f"corinth {command}".rstrip()
    assert printed.err.startswith(f"usage: {tool} [-h]")
    last = printed.err.splitlines()[-1]
    start = f"{tool}: error: "
    assert last.startswith(start)
    return last.removeprefix(start)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("valdate a.yaml", "unknown command `valdate`; did you mean `corinth validate`?"),
        ("Layout a.yaml", "unknown command `Layout`; did you mean `corinth layout`?"),
        ("--color red layout a", "argument --color: can't be `red`; choose auto, always or never"),
        ("help generate", "unknown command `help`; did you mean `corinth --help`?"),
        ("gen a.yaml", "unknown command `gen`; did you mean `corinth generate`?"),
        (
            "frobnicate",
            "unknown command `frobnicate`; choose generate, validate, layout, graph or schema",
        ),
        (
            "game.yml",
            "unknown command `game.yml`; did you mean `corinth validate game.yml` or"
            " `corinth generate game.yml -o DIR`?",
        ),
        (
            "--color never 'my game/graph'",
            "unknown command `my game/graph`; did you mean `corinth validate 'my game/graph'` or"
            " `corinth generate 'my game/graph' -o DIR`?",
        ),
        ("-", "a command is needed; did you mean `corinth validate -`?"),
        ("", "a command is needed: generate, validate, layout, graph or schema"),
        ("--color never", "a command is needed: generate, validate, layout, graph or schema"),
        ("--color graph a", "argument --color: can't be `graph`; choose auto, always or never"),
        ("--verison", "unknown option `--verison`; did you mean `--version`?"),
        ("--depfile a.d", "unknown option `--depfile`; it belongs to `corinth generate`"),
        ("--cmake-dir", "unknown option `--cmake-dir`; did you mean `--include-dir`?"),
        ("-- layout a", "unknown command `--`; choose generate, validate, layout, graph or schema"),
        (
            "'a\x1b[2J'",
            r"unknown command `a\x1b[2J`; choose generate, validate, layout, graph or schema",
        ),
    ],
)  # fmt: skip
def test_wrong_commands(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the tool as a whole: also a schema where a command should be, and what is misplaced."""
    assert last_line(line, capsys) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("generate", "the following arguments are required: SCHEMA"),
        ("generate a.yaml", "generate needs -o DIR"),
        ("generate a.yaml -O gen", "unknown option `-O`; did you mean `-o`?"),
        ("generate --ouptut gen a.yaml", "unknown option `--ouptut`; did you mean `--output`?"),
        ("generate --OUTPUT=gen a.yaml", "unknown option `--OUTPUT`; did you mean `--output`?"),
        ("generate a.yaml -output gen", "unknown option `-output`; did you mean `--output`?"),
        ("generate a.yaml -o gen --chec", "unknown option `--chec`; did you mean `--check`?"),
        ("generate a.yaml -o gen b.yaml", "unexpected argument `b.yaml`"),
        ("generate a.yaml --depfile", "argument --depfile: expected one argument"),
        ("generate a.yaml --zzz", "unknown option `--zzz`; `--help` lists those that there are"),
        (
            "generate - -o gen",
            "generated files name their schema's file, so it can't come from `-`",
        ),
        (
            "generate a.yaml -o gen --list-outputs --check",
            "argument --check: not allowed with argument --list-outputs",
        ),
        (
            "generate a.yaml -o gen --check --depfile x.d",
            "--check writes nothing, so --depfile and --stamp can't go with it",
        ),
        (
            "generate a.yaml -o gen --check --stamp x",
            "--check writes nothing, so --depfile and --stamp can't go with it",
        ),
        ("generate a.yaml -o ''", "argument -o/--output: the path is empty"),
        ("generate a.yaml -o g --force ''", "argument --force: the path is empty"),
        ("generate a.yaml -o g --depfile ''", "argument --depfile: the path is empty"),
        ("generate a.yaml -o g --stamp ''", "argument --stamp: the path is empty"),
        ("generate '' -o g", "argument SCHEMA: the path is empty"),
        ("validate a.yaml ''", "argument SCHEMA: the path is empty"),
        ("layout ''", "argument SCHEMA: the path is empty"),
        ("graph ''", "argument SCHEMA: the path is empty"),
        ("validate", "the following arguments are required: SCHEMA"),
        ("validate a.yaml --check", "unknown option `--check`; it belongs to `corinth generate`"),
        ("validate a.yaml --version", "unknown option `--version`; it belongs to `corinth`"),
        ("validate a --format jsom", "argument --format: can't be `jsom`; did you mean `json`?"),
        ("validate a.yaml --format xml", "argument --format: can't be `xml`; choose text or json"),
        ("validate --colour never a", "unknown option `--colour`; did you mean `--color`?"),
        ("validate - a.yaml -", "`-` is given twice, and there is one standard input"),
        ("validate --stdin-name b.yaml a.yaml", "--stdin-name needs `-` as a schema"),
        ("validate --stdin-name '' -", "--stdin-name can't be empty"),
        ("validate --stdin-name a.yaml a.yaml -", "`a.yaml` is given as a file too"),
        ("layout a.yaml --format dot", "argument --format: can't be `dot`; choose text or json"),
        ("layout a.yaml b.yaml", "unexpected argument `b.yaml`"),
        ("graph --format Dot a", "argument --format: can't be `Dot`; did you mean `dot`?"),
        ("graph --stdin-name b.yaml a.yaml", "--stdin-name needs `-` as a schema"),
        ("schema a.yaml", "unexpected argument `a.yaml`"),
    ],
)  # fmt: skip
def test_wrong_arguments(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of one command, with its own usage."""
    assert last_line(line, capsys, line.split()[0]) == said


def test_right_words_are_not_refused() -> None:
    """What looks like a mistake but isn't: after `--`, as a value, in another order."""
    for line in (
        "generate -o- a.yaml", "generate --output=gen a.yaml", "generate -ogen -- -a.yaml",
        "validate --format=json - a.yaml", "--color always graph - --color never",
        "layout --stdin-name validate -", "--color=never schema", "--version",
    ):  # fmt: skip
        parse(shlex.split(line))
    assert parse(["--color", "always", "graph", "-"]).color == "always"
    assert parse(["--color", "always", "graph", "-", "--color", "never"]).color == "never"
    assert parse(["graph", "-"]).color == "auto"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What each argument is, an example that the tool accepts, and every exit code."""
    assert main([command, "--help"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert f"\n  corinth {command}" in printed.out
    for code in ("0 success", "1 the input has errors", "2 wrong usage", "3 an error"):
        assert code in " ".join(printed.out.split())
    options = printed.out.split("options:\n")[1].split("\nexample:")[0].splitlines()
    for i, line in enumerate(options):
        if line.startswith("  -"):
            is_alone = "  " not in line.strip()
            assert not is_alone or options[i + 1].startswith(" " * 20), f"no help: {line}"
    assert command == "schema" or "\n  SCHEMA      " in printed.out
    for line in printed.out.splitlines():
        if line.startswith(f"  corinth {command}"):
            words = shlex.split(line.split(" | ")[0].split(" < ")[0].split(" > ")[0])[1:]
            assert parse(words).command == command


def test_help_of_the_tool(capsys: pytest.CaptureFixture[str]) -> None:
    """It lists every command with its purpose, and goes to standard output."""
    assert main(["--help"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for command in COMMANDS:
        assert f"\n    {command}  " in printed.out
    assert "exit codes: 0 success" in printed.out


@pytest.mark.parametrize(("command", "format_name"), FORMATS.items())
def test_formats_of_the_help_are_accepted(command: str, format_name: str, tmp_path: Path) -> None:
    """A format that is listed is one that the command has."""
    schema = tmp_path / "a.yaml"
    schema.write_text("corinth: 1\nname: a\nworlds: {a: {role: standalone}}\n", encoding="utf-8")
    assert main([command, str(schema), "--format", format_name]) == 0
