"""Render: a `Layout` becomes the text of every output file. It touches no disk but its templates.

Templates print and Python decides: each gets `file` (its own name and what its banner says), `view`
(everything else, made by its module in `corinth.view`), and the schema's name as `prefix` and
`PREFIX`. An undefined name in a template is an error. Where lines end is for `lines` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corinth.lines import lay_out
from corinth.marks import sentence
from corinth.model import Layout
from corinth.names import Names
from corinth.paths import templates_dir
from corinth.view.components import components_view
from corinth.view.coordinator import coordinator_view
from corinth.view.lanes import lanes_view
from corinth.view.summary import summary_text
from corinth.view.text import comment, prose
from corinth.view.transfer import transfer_view

if TYPE_CHECKING:
    import jinja2

ABI_VERSION = 1
"""CORINTH_ABI_VERSION of the runtime that the templates are written for."""


@dataclass(frozen=True)
class Part:
    """One generated header."""

    name: str
    """As `Names.header` knows it."""
    summary: str
    """What it holds; ends the first line of its banner."""
    view: Callable[[Layout, Names], object]
    is_coordinators: bool = False
    """Left out where there is no coordinator."""


@dataclass(frozen=True)
class FileView:
    """What the frame of a header says."""

    name: str
    guard: str
    summary: str
    doc: tuple[str, ...]
    """Lines of a comment."""
    source_name: str
    mark: str
    """By which the tool knows the file as its own."""
    abi_version: int
    headers: tuple[str, ...]
    """The other headers, for the one that includes them all."""


PARTS = (
    Part("components", "what entities are made of", components_view),
    Part("transfer", "one entity on its way from one world to another", transfer_view),
    Part("lanes", "the queues between worlds", lanes_view, is_coordinators=True),
    Part("coordinator", "ports, routing and statistics", coordinator_view, is_coordinators=True),
)


def output_names(name: str, has_coordinator: bool) -> tuple[str, ...]:
    """The files that a schema of this name becomes, in the order of their reading."""
    names = Names(name)
    headers = tuple(names.header(part.name) for part in _parts(has_coordinator))
    return (names.header(""), *headers, _summary_name(name))


def render(layout: Layout) -> dict[str, str]:
    """The text of every output file by its name."""
    names = Names(layout.model.name)
    environment = _environment(templates_dir())
    parts = _parts(layout.model.has_coordinator)
    umbrella = Part("", "everything that Corinth generated", _no_view)
    outputs = {}
    for part in (umbrella, *parts):
        template = environment.get_template(f"{part.name or 'umbrella'}.h.j2")
        text = template.render(
            file=_file(part, layout, names),
            view=part.view(layout, names),
            prefix=names.prefix,
            PREFIX=names.upper,
        )
        outputs[names.header(part.name)] = lay_out(text)
    outputs[_summary_name(layout.model.name)] = summary_text(layout)
    return outputs


def _summary_name(name: str) -> str:
    return f"{name}.json"


def _parts(has_coordinator: bool) -> tuple[Part, ...]:
    return tuple(part for part in PARTS if has_coordinator or not part.is_coordinators)


def _no_view(_layout: Layout, _names: Names) -> None:
    """The header that includes the others holds nothing else."""


def _file(part: Part, layout: Layout, names: Names) -> FileView:
    model = layout.model
    return FileView(
        name=names.header(part.name),
        guard=names.guard(part.name),
        summary=part.summary,
        doc=prose(model.doc),
        source_name=model.source_name,
        mark=sentence(model.name, model.source_name),
        abi_version=ABI_VERSION,
        headers=tuple(names.header(other.name) for other in _parts(model.has_coordinator)),
    )


def _comment(text: str) -> str:
    return f"{comment(text)}\n"


@lru_cache(maxsize=1)
def _environment(templates: Path) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
    )
    environment.filters["comment"] = _comment
    return environment
