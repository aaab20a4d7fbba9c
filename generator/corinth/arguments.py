"""Arguments: what the command line may hold, its help, and the messages about a wrong one.

argparse reads the arguments; unknown commands and options are found before it sees them, so that
each is named with the one that was probably meant, and with the usage of the command it is for.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NoReturn

STDIN = "-"
STDIN_NAME = "<stdin>"
COLOR_CHOICES = ("auto", "always", "never")
EXIT_CODES = (
    "exit codes: 0 success; 1 the input has errors{}; 2 wrong usage;\n"
    "3 an error of the machine, such as a file that can't be read"
)
SCHEMA_ENDS = (".yaml", ".yml", ".json")
NEARNESS = 0.6
HELP_COLUMN = 26

Commands = dict[str, "_Parser"]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options, with the `parser` of their command in them; SystemExit after wrong usage.

    `command` is None where only the tool itself is asked about.
    """
    parser, commands = _parsers()
    all_parsers = {"": parser, **commands}
    index = _command_index(arguments, commands)
    _refuse_unknown_options(parser, arguments[:index], all_parsers)
    if index < len(arguments):
        word = arguments[index]
        if word not in commands:
            parser.error(_unknown_command(word, commands, _options(parser)))
        _refuse_unknown_options(commands[word], arguments[index + 1 :], all_parsers)
    options, left = parser.parse_known_args(arguments)
    chosen = commands.get(options.command, parser)
    options.parser = chosen
    if left:
        chosen.error(f"unexpected argument `{left[0]}`")
    is_about_tool = options.version or options.include_dir or options.sources
    if options.command is None and not is_about_tool:
        parser.error(f"a command is needed: {_alternatives(commands)}")
    if options.command in ("validate", "layout", "graph"):
        _check_stdin(options)
    return options


class _Parser(argparse.ArgumentParser):
    """Prints what it is given so that a terminal obeys none of it."""

    def error(self, message: str) -> NoReturn:
        from corinth.report import printable

        super().error(printable(message))


if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[_Parser]


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """The layout of Python 3.13 in every version: `-o, --output DIR`."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=HELP_COLUMN)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, action.dest.upper())
        return f"{', '.join(action.option_strings)} {value}"


class _Help(argparse.Action):
    """Prints the help. Unlike argparse's own it doesn't hide that it couldn't be written."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        _namespace: argparse.Namespace,
        _values: object,
        _option: str | None = None,
    ) -> NoReturn:
        sys.stdout.write(parser.format_help())
        parser.exit()


def _parsers() -> tuple[_Parser, Commands]:
    """The parser of the whole, and that of each command."""
    parser = _Parser(
        prog="corinth",
        description="Generates the transfer queues that move entities between ECS worlds.",
        epilog="example:\n  corinth generate server.yaml -o gen\n\n"
        "`corinth COMMAND --help` tells more of a command.\n" + EXIT_CODES.format(""),
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    _add_help(parser)
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument(
        "--include-dir",
        action="store_true",
        help="print the folder that generated code is compiled with as -I",
    )
    parser.add_argument(
        "--sources",
        action="store_true",
        help="print the runtime's source files, which are compiled with a program",
    )
    _add_color(parser, "auto")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_generate(subparsers)
    _add_validate(subparsers)
    _add_layout(subparsers)
    _add_graph(subparsers)
    schema = _add_command(
        subparsers,
        "schema",
        "print the JSON Schema of schemas, which editors use",
        "corinth schema > corinth-1.schema.json",
    )
    _add_color(schema)
    return parser, dict(subparsers.choices)


def _add_generate(commands: Subparsers) -> None:
    generate = _add_command(
        commands,
        "generate",
        "write the C headers of a schema",
        "corinth generate server.yaml -o gen",
        ", or DIR isn't up to date",
    )
    generate.add_argument(
        "schema", metavar="SCHEMA", type=_path, help="the schema, a YAML or JSON file"
    )
    generate.add_argument(
        "-o", "--output", metavar="DIR", type=_path, help="the folder for the headers"
    )
    generate.add_argument(
        "--depfile", metavar="FILE", type=_path, help="write make rules of the inputs too"
    )
    generate.add_argument(
        "--stamp",
        metavar="FILE",
        type=_path,
        help="set this file's time at every success; the depfile is then about it alone",
    )
    generate.add_argument(
        "--force",
        metavar="FILE",
        type=_path,
        action="append",
        default=[],
        help="replace or remove this very file of DIR, even if it isn't of this schema;"
        " may be repeated",
    )
    mode = generate.add_mutually_exclusive_group()
    mode.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and print a diff if DIR is not up to date",
    )
    mode.add_argument("--list-outputs", action="store_true", help="print what would be written")
    mode.add_argument("--list-inputs", action="store_true", help="print what would be read")
    _add_color(generate)


def _add_validate(commands: Subparsers) -> None:
    validate = _add_command(
        commands,
        "validate",
        "print all errors of schemas",
        "corinth validate server.yaml\n  corinth validate --stdin-name server.yaml - < draft.yaml",
    )
    validate.add_argument(
        "schemas",
        metavar="SCHEMA",
        type=_path,
        nargs="+",
        help="a schema; `-` reads standard input",
    )
    validate.add_argument(
        "--fragment",
        action="store_true",
        help="the files are only included by others; without it their keys tell",
    )
    _add_stdin_name(validate)
    _add_format(validate, ("text", "json"), "text for people, or one JSON object for tools")
    _add_color(validate)


def _add_layout(commands: Subparsers) -> None:
    layout = _add_command(
        commands,
        "layout",
        "print every enum, struct, lane and setting",
        "corinth layout server.yaml",
    )
    layout.add_argument(
        "schema", metavar="SCHEMA", type=_path, help="a schema; `-` reads standard input"
    )
    _add_stdin_name(layout)
    _add_format(layout, ("text", "json"), "text for people, or JSON for tools")
    _add_color(layout)


def _add_graph(commands: Subparsers) -> None:
    graph = _add_command(
        commands,
        "graph",
        "print worlds and lanes as a diagram",
        "corinth graph server.yaml --format dot | dot -Tsvg -o server.svg",
    )
    graph.add_argument(
        "schema", metavar="SCHEMA", type=_path, help="a schema; `-` reads standard input"
    )
    _add_stdin_name(graph)
    _add_format(graph, ("mermaid", "dot"), "the language of the diagram")
    _add_color(graph)


def _add_command(
    commands: Subparsers,
    name: str,
    purpose: str,
    example: str,
    input_error: str = "",
) -> _Parser:
    parser = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example:\n  {example}\n\n{EXIT_CODES.format(input_error)}",
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )
    _add_help(parser)
    return parser


def _add_help(parser: _Parser) -> None:
    parser.add_argument(
        "-h", "--help", action=_Help, nargs=0, default=argparse.SUPPRESS, help="print this help"
    )


def _add_stdin_name(parser: _Parser) -> None:
    parser.add_argument(
        "--stdin-name",
        metavar="FILE",
        help="what messages call standard input, and where its includes are relative to"
        f" (default: {STDIN_NAME}, and the current folder)",
    )


def _add_format(parser: _Parser, choices: Sequence[str], purpose: str) -> None:
    parser.add_argument(
        "--format",
        type=_one_of(choices),
        default=choices[0],
        metavar=f"{{{','.join(choices)}}}",
        help=f"{purpose} (default: {choices[0]})",
    )


def _add_color(parser: _Parser, default: str = argparse.SUPPRESS) -> None:
    """Allowed before the command and after it, where it has no default that would win."""
    parser.add_argument(
        "--color",
        type=_one_of(COLOR_CHOICES),
        default=default,
        metavar=f"{{{','.join(COLOR_CHOICES)}}}",
        help="whether errors are in colour (default: auto, on a terminal)",
    )


def _path(text: str) -> str:
    """An argument that names a file or folder. An empty one is a variable that isn't set."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return text


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """A type of arguments that takes some words only; its message is the same in every Python."""

    def convert(value: str) -> str:
        if value in choices:
            return value
        near = _nearest(value, choices)
        hint = f"did you mean `{near}`?" if near else f"choose {_alternatives(choices)}"
        raise argparse.ArgumentTypeError(f"can't be `{value}`; {hint}")

    return convert


def _command_index(arguments: Sequence[str], commands: Commands) -> int:
    """Where the command stands: the first word that is no option, nor an option's value."""
    index = 0
    while index < len(arguments) and _is_option(arguments[index]):
        following = arguments[index + 1 : index + 2]
        is_pair = arguments[index] == "--color" and not set(following) & set(commands)
        index += 2 if is_pair else 1
    return index


def _unknown_command(word: str, commands: Commands, options: Sequence[str]) -> str:
    if word == STDIN:
        return f"a command is needed; did you mean `corinth validate {STDIN}`?"
    if word.endswith(SCHEMA_ENDS) or "/" in word:
        schema = shlex.quote(word)
        return (
            f"unknown command `{word}`; did you mean `corinth validate {schema}`"
            f" or `corinth generate {schema} -o DIR`?"
        )
    near = f"--{word}" if f"--{word}" in options else _nearest(word, commands)
    hint = f"did you mean `corinth {near}`?" if near else f"choose {_alternatives(commands)}"
    return f"unknown command `{word}`; {hint}"


def _refuse_unknown_options(parser: _Parser, words: Sequence[str], all_parsers: Commands) -> None:
    """No value begins with a dash, so each word that does is meant as an option."""
    known = _options(parser)
    for word in filter(_is_option, takewhile(lambda word: word != "--", words)):
        name = word.partition("=")[0] if word.startswith("--") else word[:2]
        if name not in known:
            parser.error(f"unknown option `{name}`; {_option_hint(name, known, all_parsers)}")
        if f"-{word}" in known:
            parser.error(f"unknown option `{word}`; did you mean `-{word}`?")


def _is_option(word: str) -> bool:
    return word.startswith("-") and word not in (STDIN, "--")


def _option_hint(name: str, known: Sequence[str], all_parsers: Commands) -> str:
    owners = [parser.prog for parser in all_parsers.values() if name in _options(parser)]
    if owners:
        return f"it belongs to `{owners[0]}`"
    near = _nearest(name, known)
    return f"did you mean `{near}`?" if near else "`--help` lists those that there are"


def _options(parser: _Parser) -> list[str]:
    """Of a parser, which has no public way to tell them."""
    return list(parser._option_string_actions)


def _nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like this one; capitals count little, a beginning counts."""
    from difflib import get_close_matches

    lower = {each.lower(): each for each in known}
    begun = [each for each in lower if len(word) > len("--") and each.startswith(word.lower())]
    near = begun or get_close_matches(word.lower(), lower, n=1, cutoff=NEARNESS)
    return lower[near[0]] if near else None


def _alternatives(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _check_stdin(options: argparse.Namespace) -> None:
    """Standard input is read once, and no other file is called as it is."""
    schemas: list[str] = getattr(options, "schemas", None) or [options.schema]
    count = schemas.count(STDIN)
    if count > 1:
        options.parser.error(f"`{STDIN}` is given twice, and there is one standard input")
    if options.stdin_name is None:
        options.stdin_name = STDIN_NAME
    elif not count:
        options.parser.error(f"--stdin-name needs `{STDIN}` as a schema")
    elif not options.stdin_name:
        options.parser.error("--stdin-name can't be empty")
    elif options.stdin_name in schemas:
        options.parser.error(f"`{options.stdin_name}` is given as a file too")
