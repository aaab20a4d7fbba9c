"""The command line: reads arguments, runs the stages, prints what they say.

Exit codes: 0 success; 1 the input has errors, or is not up to date; 2 wrong usage; 3 an error of
the machine, or in this program.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from corinth import __version__, interrupts
from corinth.arguments import STDIN, parse
from corinth.diagnostics import Diagnostics, MachineError
from corinth.terminal import forget_unwritten, prepare_streams, print_path, read_stdin, wants_colour

if TYPE_CHECKING:
    from corinth.model import Layout

EXIT_SUCCESS = 0
EXIT_INPUT = 1
EXIT_USAGE = 2
EXIT_MACHINE = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code and raises nothing but what a signal raises."""
    prepare_streams()
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except Exception as error:
        code = _failure(error)
    except interrupts.Interrupted as request:
        code = interrupts.EXIT_SIGNAL + request.number
    forget_unwritten()
    return code


def _failure(error: Exception) -> int:
    """Say what went wrong outside of the input, unless the reader has closed the stream."""
    match error:
        case BrokenPipeError():
            return EXIT_MACHINE
        case MachineError():
            return _complain(str(error))
        case OSError():
            place = f"{error.filename}: " if isinstance(error.filename, str) else ""
            return _complain(f"{place}{error.strerror or error}")
        case ImportError():
            from corinth.packages import import_failure

            return _complain(import_failure(error) or _internal_error(error))
        case MemoryError():
            return _complain("out of memory")
    return _complain(_internal_error(error))


def _run(arguments: Sequence[str]) -> int:
    try:
        options = parse(arguments)
        return _run_command(options, options.parser)
    except SystemExit as request:
        # argparse ends so: with 0 after --help, with 2 after wrong usage.
        return request.code if isinstance(request.code, int) else EXIT_USAGE


def _run_command(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    if options.version:
        print(f"corinth {__version__}")
        return EXIT_SUCCESS
    if options.include_dir:
        from corinth.paths import include_dir

        print_path(include_dir())
        return EXIT_SUCCESS
    if options.sources:
        from corinth.paths import sources

        for path in sources():
            print_path(path)
        return EXIT_SUCCESS
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
    if options.schema == STDIN:
        parser.error("generated files name their schema's file, so it can't come from `-`")
    if options.list_outputs or options.list_inputs:
        return _list_files(options, diagnostics)
    if options.output is None:
        parser.error("generate needs -o DIR")
    if options.check and (options.depfile or options.stamp):
        parser.error("--check writes nothing, so --depfile and --stamp can't go with it")
    from corinth import pipeline

    layout = pipeline.read_layout(options.schema, diagnostics)
    if layout is None:
        return _print_errors(diagnostics, sys.stderr, options)
    from corinth import generate

    request = generate.Request(
        options.schema, options.output, options.depfile, options.stamp, tuple(options.force)
    )
    conflict = generate.conflict(request, generate.output_paths(layout.model, options.output))
    if conflict is not None:
        parser.error(conflict)
    difference = ""
    if options.check:
        difference = generate.difference(layout, request, diagnostics)
        sys.stdout.write(difference)
    else:
        generate.generate(layout, request, diagnostics)
    _print_remarks(diagnostics)
    if diagnostics:
        return _print_errors(diagnostics, sys.stderr, options)
    _print_warnings(diagnostics, options)
    return _out_of_date(options) if difference else EXIT_SUCCESS


def _list_files(options: argparse.Namespace, diagnostics: Diagnostics) -> int:
    from corinth import generate, pipeline

    model = pipeline.read_model(options.schema, diagnostics)
    if model is None or diagnostics:
        return _print_errors(diagnostics, sys.stderr, options)
    request = generate.Request(options.schema, options.output, options.depfile, options.stamp)
    outputs = [*generate.output_paths(model, options.output), *request.extras]
    for path in model.inputs if options.list_inputs else outputs:
        print_path(path)
    return EXIT_SUCCESS


def _validate(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    """All errors of all schemas; one that can't be read doesn't stop the others."""
    from corinth import pipeline, report
    from corinth.document import Kind

    merged = Diagnostics()
    kind = Kind.FRAGMENT if options.fragment else Kind.EITHER
    code = EXIT_SUCCESS
    for schema in options.schemas:
        diagnostics = Diagnostics()
        try:
            name, data = _source(schema, options)
            pipeline.read_layout(name, diagnostics, kind, data)
        except MachineError as error:
            code = _complain(str(error))
        merged.absorb(diagnostics)
    _print_remarks(merged)
    if options.format == "json":
        sys.stdout.write(report.as_json(merged))
    else:
        _print_errors(merged, sys.stdout, options)
    return max(code, EXIT_INPUT if merged else EXIT_SUCCESS)


def _layout(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from corinth.layout_json import layout_json
    from corinth.layout_report import layout_text

    layout = _read_layout(options)
    if layout is None:
        return EXIT_INPUT
    report = layout_json if options.format == "json" else layout_text
    sys.stdout.write(report(layout))
    return EXIT_SUCCESS


def _graph(options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from corinth import graph

    layout = _read_layout(options)
    if layout is None:
        return EXIT_INPUT
    draw = graph.graph_dot if options.format == "dot" else graph.graph_mermaid
    sys.stdout.write(draw(layout))
    return EXIT_SUCCESS


def _schema(_options: argparse.Namespace, _parser: argparse.ArgumentParser) -> int:
    from corinth.validate import schema_text

    sys.stdout.write(schema_text())
    return EXIT_SUCCESS


def _read_layout(options: argparse.Namespace) -> Layout | None:
    """The layout of a schema; None once its errors are printed."""
    from corinth import pipeline

    diagnostics = Diagnostics()
    name, data = _source(options.schema, options)
    layout = pipeline.read_layout(name, diagnostics, data=data)
    if layout is None:
        _print_errors(diagnostics, sys.stderr, options)
    else:
        _print_warnings(diagnostics, options)
    return layout


def _source(schema: str, options: argparse.Namespace) -> tuple[str, bytes | None]:
    """What messages call a schema, and its text where that is standard input."""
    if schema != STDIN:
        return schema, None
    from corinth.load import MAX_TOTAL_BYTES

    return options.stdin_name, read_stdin(MAX_TOTAL_BYTES + 1)


def _print_errors(diagnostics: Diagnostics, stream: TextIO, options: argparse.Namespace) -> int:
    from corinth import report

    stream.write(report.text(diagnostics, wants_colour(stream, options.color)))
    return EXIT_INPUT


def _print_warnings(diagnostics: Diagnostics, options: argparse.Namespace) -> None:
    """Print what a run that succeeds has to say of its input."""
    if diagnostics.warnings:
        _print_errors(diagnostics, sys.stderr, options)


def _print_remarks(diagnostics: Diagnostics) -> None:
    from corinth.report import printable

    for remark in diagnostics.remarks:
        print(f"corinth: note: {printable(remark)}", file=sys.stderr)


def _out_of_date(options: argparse.Namespace) -> int:
    """Name the command that brings the folder up to date."""
    words = ("corinth", "generate", options.schema, "-o", options.output)
    command = " ".join(_shell_word(word) for word in words)
    print(f"not up to date; this repairs it: {command}", file=sys.stderr)
    return EXIT_INPUT


def _shell_word(word: str) -> str:
    """The word as a shell reads it, on one line whatever is in it."""
    if word.isprintable():
        return shlex.quote(word)
    escaped = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in "\\'" else f"\\{byte:03o}"
        for byte in os.fsencode(word)
    )
    return f"$'{escaped}'"


def _complain(message: str) -> int:
    """Print an error of the machine; where it can't even take that, the exit code has to do."""
    from corinth.report import printable

    with suppress(OSError):
        print(f"corinth: error: {printable(message)}", file=sys.stderr)
    return EXIT_MACHINE


def _internal_error(error: Exception) -> str:
    """Names the place in the code, so that a bug report is of use without a traceback."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = ""
    if place:
        where = f" ({Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno})"
    return f"this is a bug in corinth: {type(error).__name__}: {error}{where}"
