"""Render: a `Layout` becomes the text of every output file. It touches no disk but its templates.

Templates print and Python decides: each gets `file` (its own name and what its banner says), `view`
(everything else, made by its module in `corinth.view`), and the schema's name as `prefix` and
`PREFIX`. An undefined name in a template is an error. Where lines end is for `lines` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from corinth.layout_json import layout_json
from corinth.lines import lay_out
from corinth.marks import CHANGE, sentence
from corinth.model import Layout, Model
from corinth.names import Names
from corinth.paths import templates_dir
from corinth.statistics import ABI_VERSION
from corinth.view.components import components_view
from corinth.view.coordinator import coordinator_view
from corinth.view.dispatch import dispatch_view
from corinth.view.lanes import lanes_view
from corinth.view.text import comment, prose, wrapped
from corinth.view.transfer import transfer_view
from corinth.view.worlds import world_views

if TYPE_CHECKING:
    import jinja2

UMBRELLA = "umbrella"
"""The template of the header that includes the others. It alone has the schema's `doc`."""


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
class Header:
    """What a header is printed from."""

    file: str
    guard: str
    summary: str
    template: str
    view: object


@dataclass(frozen=True)
class FileView:
    """What the frame of a header says."""

    name: str
    guard: str
    summary: str
    doc: tuple[str, ...]
    """Lines of a comment."""
    source_name: str
    mark: tuple[str, ...]
    """By which the tool knows the file as its own, and how to change it: likewise."""
    abi_version: int
    headers: tuple[str, ...]
    """The other headers, for the one that includes them all."""


PARTS = (
    Part("components", "what entities are made of", components_view),
    Part("transfer", "one entity on its way from one world to another", transfer_view),
    Part("lanes", "what there is between worlds", lanes_view, is_coordinators=True),
    Part("coordinator", "lanes, statistics and lifecycle", coordinator_view, is_coordinators=True),
    Part("dispatch", "calls by a world of run time", dispatch_view, is_coordinators=True),
)
"""All but those of worlds, which come before the coordinator."""


def output_names(model: Model) -> tuple[str, ...]:
    """The files that a schema becomes, in the order of their reading."""
    names = Names(model.name)
    return (names.header(""), *_header_names(model, names), _summary_name(model.name))


def render(layout: Layout) -> dict[str, str]:
    """The text of every output file by its name."""
    model = layout.model
    names = Names(model.name)
    environment = _environment(templates_dir())
    summary = "everything that Corinth generated"
    umbrella = Header(names.header(""), names.guard(""), summary, UMBRELLA, None)
    outputs = {}
    for header in (umbrella, *_headers(layout, names)):
        template = environment.get_template(f"{header.template}.h.j2")
        text = template.render(
            file=_file(header, model, names),
            view=header.view,
            prefix=names.prefix,
            PREFIX=names.upper,
        )
        outputs[header.file] = lay_out(text)
    outputs[_summary_name(model.name)] = layout_json(layout)
    return outputs


def _header_names(model: Model, names: Names) -> tuple[str, ...]:
    """All headers but the one that includes the others."""
    parts = [names.header(part.name) for part in _parts(model)]
    if model.has_coordinator:
        at = parts.index(names.header("coordinator"))
        parts[at:at] = [names.world_header(world) for world in model.worlds]
    return tuple(parts)


def _headers(layout: Layout, names: Names) -> Iterator[Header]:
    """The same, with what they are printed from."""
    model = layout.model
    for part in _parts(model):
        if part.name == "coordinator":
            views = world_views(layout, names)
            for world, view in zip(model.worlds, views, strict=True):
                summary = f"the threads of {view.name}, and what they send and receive"
                yield Header(view.header, names.world_guard(world), summary, "world", view)
        yield Header(
            file=names.header(part.name),
            guard=names.guard(part.name),
            summary=part.summary,
            template=part.name,
            view=part.view(layout, names),
        )


def _summary_name(name: str) -> str:
    return f"{name}.json"


def _parts(model: Model) -> tuple[Part, ...]:
    return tuple(part for part in PARTS if model.has_coordinator or not part.is_coordinators)


def _file(header: Header, model: Model, names: Names) -> FileView:
    return FileView(
        name=header.file,
        guard=header.guard,
        summary=header.summary,
        doc=prose(model.doc) if header.template == UMBRELLA else (),
        source_name=model.source_name,
        mark=wrapped(f"{sentence(model.name, model.source_name)} {CHANGE}"),
        abi_version=ABI_VERSION,
        headers=_header_names(model, names),
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
