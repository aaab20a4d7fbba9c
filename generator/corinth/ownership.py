"""Ownership: which files of a folder are a schema's own, and may be replaced and removed.

A file is its own if it carries its mark: made by Corinth, from the schema of this `name` and this
file name. Every other file is foreign, and stays unless the user names it with --force. An input
always stays. A file that the schema made before and doesn't make any more is found by its mark.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from corinth import output, rivals
from corinth.depfile import is_depfile
from corinth.diagnostics import Diagnostics, MachineError, Note, Span
from corinth.marks import BEGINNING_BYTES, Mark, mark_of

OUTPUT_IS_INPUT = "output-is-input"
FOREIGN_FILE = "foreign-file"
RIVAL_SCHEMA = "rival-schema"


@dataclass(frozen=True)
class Owner:
    """A schema that generates into a folder."""

    mark: Mark
    schema: str
    inputs: Collection[str]
    forced: Collection[str]
    """Paths of files that the user allows to be replaced, whatever made them."""


def leftovers(
    owner: Owner, outputs: Iterable[str], folder: str, diagnostics: Diagnostics
) -> list[str]:
    """Check that a folder's files can be written; returns those that have to go.

    Reports each file that would be replaced or removed though it isn't the owner's. Then nothing
    may be written.
    """
    present = output.listing(folder)
    forced = {_place(path) for path in owner.forced}
    inputs = {identity: path for path in owner.inputs if (identity := _identity(path))}
    others: dict[str, list[str]] = {}
    foreign: dict[Mark, list[str]] = {}
    names = {Path(path).name for path in outputs}
    for path in outputs:
        if (identity := _identity(path)) in inputs:
            _report_input(path, inputs[identity], diagnostics)
            continue
        mark = _mark(path) if identity else owner.mark
        if mark == owner.mark or _place(path) in forced:
            continue
        if mark and mark.source_name == owner.mark.source_name:
            others.setdefault(mark.name, []).append(path)
        elif mark:
            foreign.setdefault(mark, []).append(path)
        else:
            _report_unmarked(path, owner.mark, diagnostics)
    for mark, paths in foreign.items():
        _report_foreign(paths, mark, owner.mark, diagnostics)
    gone = []
    for path, mark in _made_from(owner.mark.source_name, folder, present):
        if Path(path).name in names or _identity(path) in inputs:
            continue
        gone.append(path)
        if mark.name != owner.mark.name and _place(path) not in forced:
            others.setdefault(mark.name, []).append(path)
    _check_rivals(owner, others, folder, diagnostics)
    return gone


def check_depfile(owner: Owner, path: str, diagnostics: Diagnostics) -> None:
    """Check that a depfile can be written: there is none, or what is there has its form."""
    if not check_is_no_input(owner, path, diagnostics):
        return
    text = output.read(path)
    if text and not is_depfile(text) and _place(path) not in {_place(p) for p in owner.forced}:
        _add_source(path, diagnostics)
        hint = f"choose another name, or replace it with --force {quote(path)}"
        diagnostics.error(FOREIGN_FILE, "this isn't a depfile of corinth", Span(path, 1, 1), hint)


def report_unused_force(owner: Owner, paths: Collection[str], diagnostics: Diagnostics) -> None:
    """Say which files were given away without effect.

    `paths` are all that a run replaces or removes.
    """
    places = {_place(path) for path in paths}
    for path in owner.forced:
        if _place(path) not in places:
            near = [other for other in paths if Path(other).name == Path(path).name]
            hint = f"; did you mean {near[0]}?" if near else ""
            remark = f"--force {path} changes nothing: no such file is replaced or removed{hint}"
            diagnostics.remarks.append(remark)


def check_is_not_gone(path: str, gone: Collection[str], diagnostics: Diagnostics) -> None:
    """Check that a depfile or stamp isn't named like a header to remove, as it has no mark."""
    if _place(path) in {_place(other) for other in gone}:
        _add_source(path, diagnostics)
        message = "this header is of the schema's former state, and goes"
        hint = "choose another name for the depfile or the stamp"
        diagnostics.error(FOREIGN_FILE, message, Span(path, 1, 1), hint)


def check_is_no_input(owner: Owner, path: str, diagnostics: Diagnostics) -> bool:
    """Check that a file that is written or touched is none of those that were read."""
    identity = _identity(path)
    for given in owner.inputs:
        if identity and _identity(given) == identity:
            _report_input(path, given, diagnostics)
            return False
    return True


def _made_from(source_name: str, folder: str, present: list[str]) -> list[tuple[str, Mark]]:
    """The files of a folder that a schema of this file name became, with their marks."""
    found = []
    for name in present:
        path = str(Path(folder, name))
        if name.endswith((".h", ".json")) and Path(path).is_file():
            # One that can't be read is foreign, and no reason to stop.
            with suppress(MachineError):
                mark = _mark(path)
                if mark and mark.source_name == source_name:
                    found.append((path, mark))
    return found


def _check_rivals(
    owner: Owner, others: dict[str, list[str]], folder: str, diagnostics: Diagnostics
) -> None:
    """Check that what has another `name` was made when the schema still had it."""
    if not others:
        return
    survey = rivals.survey(owner.schema, folder)
    for name, paths in sorted(others.items()):
        rival = next((path for path in survey.paths if rivals.calls_itself(path, name)), None)
        if rival is None and survey.is_complete:
            continue
        if rival is None:
            reason = f"the tree is too large to find another {owner.mark.source_name} that makes it"
        else:
            reason = f"that is {os.path.relpath(rival)}, not {owner.schema}"
        message = f"this file is of schema `{name}`: {reason}"
        hint = "choose another folder, rename a schema's file, or name each file with --force"
        notes = tuple(Note("this one as well", Span(path, 1, 1)) for path in paths[1:])
        _add_source(paths[0], diagnostics)
        diagnostics.error(RIVAL_SCHEMA, message, Span(paths[0], 1, 1), hint, notes)


def _report_input(path: str, given: str, diagnostics: Diagnostics) -> None:
    which = given if _place(given) == _place(path) else f"{given}, by a link"
    message = f"{path} would replace what it is made from: {which}"
    hint = "choose another folder or name for the output"
    _add_source(given, diagnostics)
    diagnostics.error(OUTPUT_IS_INPUT, message, Span(given, 1, 1), hint)


def _report_unmarked(path: str, own: Mark, diagnostics: Diagnostics) -> None:
    whose = f"`{own.name}` in {own.source_name}"
    message = f"this file wasn't made from schema {whose}, so it isn't replaced"
    hint = f"choose another folder, or replace it with --force {quote(path)}"
    _add_source(path, diagnostics)
    diagnostics.error(FOREIGN_FILE, message, Span(path, 1, 1), hint)


def _report_foreign(paths: list[str], mark: Mark, own: Mark, diagnostics: Diagnostics) -> None:
    """All files of another schema at once. If it has the same name, this one may have been it under
    another file name, which nothing tells from a second schema: so the hint has the way out.
    """
    first, *more = paths
    whose = f"`{own.name}` in {own.source_name}"
    message = f"this file is of schema `{mark.name}` in {mark.source_name}, not of {whose}"
    words = " ".join(map(quote, paths))
    if mark.name == own.name:
        hint = f"choose another folder, or, if {mark.source_name} was renamed: rm {words}"
    else:
        hint = f"choose another folder, or replace it with --force {words}"
    notes = tuple(Note("this one as well", Span(path, 1, 1)) for path in more)
    for path in paths:
        _add_source(path, diagnostics)
    diagnostics.error(FOREIGN_FILE, message, Span(first, 1, 1), hint, notes)


def _add_source(path: str, diagnostics: Diagnostics) -> None:
    """Let the message show the first line of a file, by which its owner knows it."""
    if path not in diagnostics.sources:
        beginning = output.read(path, BEGINNING_BYTES) or b""
        diagnostics.add_source(path, beginning.decode("utf-8", "replace").replace("\r\n", "\n"))


def _mark(path: str) -> Mark | None:
    return mark_of(Path(path).name, output.read(path, BEGINNING_BYTES) or b"")


def _identity(path: str) -> tuple[int, int] | None:
    """Device and inode, by which two paths are known to mean one file; None if there is none."""
    status = output.status(path)
    return (status.st_dev, status.st_ino) if status else None


def _place(path: str) -> str:
    """A path in one spelling: its folder without links, its name as given."""
    return str(Path(os.path.realpath(Path(path).parent), Path(path).name))
