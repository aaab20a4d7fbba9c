"""The command line: reads arguments, runs the stages, prints what they say.

Exit codes: 0 success; 1 the input has errors, or is not up to date; 2 wrong usage; 3 an error of
the machine, or in this program.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from corinth import __version__
from corinth.diagnostics import Diagnostics, MachineError

if TYPE_CHECKING:
    from corinth.model import Layout

EXIT_SUCCESS = 0
EXIT_INPUT = 1
EXIT_USAGE = 2
EXIT_MACHINE = 3
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code and never raises."""
    _prepare_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has left. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_MACHINE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except MachineError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.strerror or error}")
    except MemoryError:
        return _complain("out of memory")
    except Exception as error:
        return _complain(_internal_error(error))
    return code


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
        return _run_command(options, parser)
    except SystemExit as request:
        # argparse ends so: with 0 after --help and --version, with 2 after wrong usage.
        return request.code if isinstance(request.code, int) else EXIT_USAGE


def _run_command(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    if options.include_dir:
        from corinth.paths import include_dir

        print(include_dir())
        return EXIT_SUCCESS
    if options.command is None:
        parser.error("a command is needed")
    commands = {
        "generate": _generate,
        "validate": _validate,
        "layout": _layout,
        "graph": _graph,
        "schema": _schema,
    }
    return commands[options.command](options, parser)


def _generate(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    diagnostics = Diagnostics()
    if options.list_outputs or options.list_inputs:
        return _list_files(options, diagnostics)
    if options.output is None:
        parser.error("generate needs -o DIR")
    if options.check and options.depfile:
        parser.error("--check writes nothing, so --depfile can't go with it")
    from corinth import output, pipeline

    layout = pipeline.read_layout(options.schema, diagnostics)
    if layout is None:
        return _print_errors(diagnostics, sys.stderr)
    from corinth.render import GENERATED_MARK, other_names, render

    files = render(layout)
    gone = output.leftovers(other_names(layout), options.output, GENERATED_MARK)
    if options.check:
        difference = output.difference(files, options.output, gone)
        sys.stdout.write(difference)
        return EXIT_INPUT if difference else EXIT_SUCCESS
    output.write_files(files, options.output)
    output.remove_files(gone, options.output)
    if options.depfile:
        targets = _output_paths(files, options.output)
        output.write_file(options.depfile, output.depfile(targets, layout.model.inputs))
    return EXIT_SUCCESS


def _list_files(options: argparse.Namespace, diagnostics: Diagnostics) -> int:
    from corinth import pipeline
    from corinth.render import output_names

    model = pipeline.read_model(options.schema, diagnostics)
    if model is None or diagnostics:
        return _print_errors(diagnostics, sys.stderr)
    names = output_names(model.name, model.has_coordinator)
    paths = model.inputs if options.list_inputs else _output_paths(names, options.output)
    for path in paths:
        print(path)
    return EXIT_SUCCESS


def _validate(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    """All errors of all schemas; one that can't be read keeps none of the others from it."""
    from corinth import pipeline, report

    merged = Diagnostics()
    code = EXIT_SUCCESS
    for schema in options.schemas:
        diagnostics = Diagnostics()
        try:
            pipeline.read_layout(schema, diagnostics)
        except MachineError as error:
            code = _complain(str(error))
        merged.absorb(diagnostics)
    if options.format == "json":
        sys.stdout.write(report.as_json(merged))
    else:
        _print_errors(merged, sys.stdout)
    return max(code, EXIT_INPUT if merged else EXIT_SUCCESS)


def _layout(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from corinth import layout_report

    layout = _read_layout(options.schema)
    if layout is None:
        return EXIT_INPUT
    report = layout_report.layout_json if options.format == "json" else layout_report.layout_text
    sys.stdout.write(report(layout))
    return EXIT_SUCCESS


def _graph(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from corinth import graph

    layout = _read_layout(options.schema)
    if layout is None:
        return EXIT_INPUT
    draw = graph.graph_dot if options.format == "dot" else graph.graph_mermaid
    sys.stdout.write(draw(layout))
    return EXIT_SUCCESS


def _schema(_options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from corinth.validate import schema_text

    sys.stdout.write(schema_text())
    return EXIT_SUCCESS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="corinth",
        description="Generates the transfer queues that move entities between ECS worlds.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"corinth {__version__}")
    parser.add_argument(
        "--include-dir",
        action="store_true",
        help="print the folder that generated code is compiled with as -I",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_generate(commands)
    validate = commands.add_parser(
        "validate", help="print all errors of schemas", allow_abbrev=False
    )
    validate.add_argument("schemas", metavar="SCHEMA", nargs="+")
    validate.add_argument("--format", choices=("text", "json"), default="text")
    layout = commands.add_parser(
        "layout", help="print every struct, lane and default", allow_abbrev=False
    )
    layout.add_argument("schema", metavar="SCHEMA")
    layout.add_argument("--format", choices=("text", "json"), default="text")
    graph = commands.add_parser("graph", help="print worlds and lanes", allow_abbrev=False)
    graph.add_argument("schema", metavar="SCHEMA")
    graph.add_argument("--format", choices=("mermaid", "dot"), default="mermaid")
    commands.add_parser("schema", help="print the JSON Schema of schemas", allow_abbrev=False)
    return parser


def _add_generate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    generate = commands.add_parser("generate", help="write the headers", allow_abbrev=False)
    generate.add_argument("schema", metavar="SCHEMA")
    generate.add_argument("-o", "--output", metavar="DIR", help="the folder for the headers")
    generate.add_argument("--depfile", metavar="FILE", help="write a make rule of the inputs too")
    mode = generate.add_mutually_exclusive_group()
    mode.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and print a diff if DIR is not up to date",
    )
    mode.add_argument("--list-outputs", action="store_true", help="print what would be written")
    mode.add_argument("--list-inputs", action="store_true", help="print what would be read")


def _read_layout(schema: str) -> Layout | None:
    """The layout of a schema; None once its errors are printed."""
    from corinth import pipeline

    diagnostics = Diagnostics()
    layout = pipeline.read_layout(schema, diagnostics)
    if layout is None:
        _print_errors(diagnostics, sys.stderr)
    return layout


def _output_paths(names: Sequence[str] | dict[str, str], folder: str | None) -> list[str]:
    return [str(Path(folder) / name) if folder else name for name in names]


def _print_errors(diagnostics: Diagnostics, stream: TextIO) -> int:
    from corinth import report

    stream.write(report.text(diagnostics, _wants_colour(stream)))
    return EXIT_INPUT


def _wants_colour(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def _complain(message: str) -> int:
    from corinth.report import printable

    print(f"corinth: error: {printable(message)}", file=sys.stderr)
    return EXIT_MACHINE


def _internal_error(error: Exception) -> str:
    """Names the place, so that a report of it is worth something without a traceback."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = ""
    if place:
        where = f" ({Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno})"
    return f"this is a bug in corinth: {type(error).__name__}: {error}{where}"


def _prepare_streams() -> None:
    """Text that a terminal can't show is escaped; to fail while reporting helps nobody.

    A stream that was closed before the start takes what is printed and forgets it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
