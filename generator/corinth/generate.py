"""Generate: brings a folder up to date with a schema, or says what isn't.

Nothing is written before all is known: every text, whether each file may be replaced, and what has
to go. What a build system wants besides, a depfile and a stamp, comes last.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from corinth import interrupts, output
from corinth.depfile import depfile
from corinth.diagnostics import Diagnostics
from corinth.marks import mark
from corinth.model import Layout, Model
from corinth.ownership import (
    Owner,
    check_depfile,
    check_is_no_input,
    check_is_not_gone,
    leftovers,
    report_unused_force,
)
from corinth.render import output_names, render

MAKE_VARIABLE = "MAKELEVEL"
"""Set by make for what it runs. It compares times alone: without a stamp, it would run the
generator again each time for targets that keep theirs. Ninja and Meson would only compile
needlessly.
"""


@dataclass(frozen=True)
class Request:
    """What the command line requests."""

    schema: str
    folder: str
    depfile: str | None = None
    stamp: str | None = None
    forced: tuple[str, ...] = ()

    @property
    def extras(self) -> list[str]:
        """What is written beside the generated files."""
        return [path for path in (self.depfile, self.stamp) if path is not None]


def output_paths(model: Model, folder: str | None) -> list[str]:
    """The generated files of a schema."""
    names = output_names(model)
    return [str(Path(folder, name)) if folder else name for name in names]


def conflict(request: Request, outputs: list[str]) -> str | None:
    """Reports a file that is named for two purposes at once, if one is."""
    taken = {os.path.realpath(path) for path in outputs}
    for path in request.extras:
        place = os.path.realpath(path)
        if place in taken:
            return f"{path} is written already; give --depfile and --stamp names of their own"
        taken.add(place)
    return None


def difference(layout: Layout, request: Request, diagnostics: Diagnostics) -> str:
    """What `generate` would change, as a diff. Reports what keeps it from doing so."""
    files = _texts(layout, request)
    owner = _owner(layout, request)
    gone = leftovers(owner, list(files), request.folder, diagnostics)
    report_unused_force(owner, [*files, *gone], diagnostics)
    return "" if diagnostics else output.difference(files, gone)


def generate(layout: Layout, request: Request, diagnostics: Diagnostics) -> None:
    """Write, remove, touch. Reports what keeps it from doing so, and then does nothing."""
    files = _texts(layout, request)
    extra = {}
    if request.depfile:
        targets = [request.stamp] if request.stamp else list(files)
        extra = {request.depfile: depfile(targets, layout.model.inputs)}
    # A first look, so that a run that is refused doesn't even make a folder.
    first_gone = _check(layout, request, list(files), diagnostics)
    owner = _owner(layout, request)
    report_unused_force(owner, [*files, *first_gone, *extra], diagnostics)
    if diagnostics:
        return
    with interrupts.raised(), output.at_work([*files, *extra]):
        gone = _check(layout, request, list(files), diagnostics)
        if diagnostics:
            return
        output.write_files({**files, **extra})
        output.remove_files(gone)
    for path in gone:
        diagnostics.remarks.append(f"removed {path}, which this schema no longer makes")
    if request.stamp:
        output.touch(request.stamp)
    elif request.depfile and MAKE_VARIABLE in os.environ:
        for path in files:
            output.touch(path)


def _check(
    layout: Layout, request: Request, outputs: list[str], diagnostics: Diagnostics
) -> list[str]:
    owner = _owner(layout, request)
    gone = leftovers(owner, outputs, request.folder, diagnostics)
    for path in request.extras:
        check_is_not_gone(path, gone, diagnostics)
    if request.depfile:
        check_depfile(owner, request.depfile, diagnostics)
    if request.stamp:
        check_is_no_input(owner, request.stamp, diagnostics)
    return gone


def _texts(layout: Layout, request: Request) -> dict[str, str]:
    """The text of each generated file by its path."""
    return {str(Path(request.folder, name)): text for name, text in render(layout).items()}


def _owner(layout: Layout, request: Request) -> Owner:
    model = layout.model
    return Owner(mark(model.name, model.source_name), request.schema, model.inputs, request.forced)
