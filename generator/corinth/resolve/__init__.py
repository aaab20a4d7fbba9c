"""Resolve: what a validated document means.

Checks what JSON Schema can't say: references, ids, cycles, contradictions, names. It reports every
error and returns a model all the same, made of what is right, so that `layout` can find errors as
well; such a model must not be rendered. Nothing here assumes that a key is present, as `validate`
removes what it refused.
"""

from __future__ import annotations

from corinth.diagnostics import Diagnostics
from corinth.document import Loaded, Mapping
from corinth.identifiers import declare_all
from corinth.model import (
    DEFAULT_MAX_BYTES,
    MAX_COMPONENTS,
    Component,
    Model,
    Topology,
)
from corinth.reserved import check_bare_name
from corinth.resolve.context import Context, choice, doc_of, integer, section, setting, string
from corinth.resolve.effects import check_effects
from corinth.resolve.ids import Claimant, assign_ids
from corinth.resolve.lanes import resolve_lanes
from corinth.resolve.types import (
    Types,
    bind_fields,
    parse_fields,
    resolve_types,
    type_names,
)
from corinth.resolve.worlds import resolve_worlds

__all__ = ["resolve"]

NO_MAX_BYTES = 2**63
"""Stands for the limit that the file has which includes a fragment."""

LANE_RULES = frozenset(
    (
        "unknown-world",
        "unknown-component",
        "route-to-self",
        "route-shadowed",
        "lane-to-self",
        "pipeline-stage",
        "pipeline-conflict",
        "world-count",
    )
)
"""Where one of these rules is broken, a lane may be missing that is meant to be there."""


def resolve(loaded: Loaded, diagnostics: Diagnostics) -> Model:
    """Make the model of a document. It may be used only if `diagnostics` stayed empty."""
    root = loaded.root
    count_before = len(diagnostics.errors)
    context = Context(diagnostics, loaded.unseen, loaded.is_fragment)
    most_bytes = NO_MAX_BYTES if loaded.is_fragment else DEFAULT_MAX_BYTES
    given = string(root, "name")
    name, span = given if given is not None else ("schema", root.span)
    if given is not None:
        check_bare_name("schema", name, span, diagnostics)
    context.types = type_names(root)
    types = resolve_types(root, context)
    components = _resolve_components(root, types, context)
    worlds = resolve_worlds(root, components, context)
    topology = choice(root, "topology", Topology.ROUTES, span)
    lanes = resolve_lanes(root, worlds, topology, context)
    model = Model(
        name=name,
        doc=doc_of(root),
        source_name=loaded.source_name,
        inputs=loaded.inputs,
        enums=tuple(types.enums.values()),
        structs=tuple(types.structs.values()),
        components=tuple(sorted(components.values(), key=lambda component: component.id)),
        worlds=tuple(worlds.worlds),
        lanes=lanes,
        topology=topology,
        max_bytes=setting(root, "max_bytes", most_bytes, span),
        span=span,
    )
    declare_all(model, diagnostics)
    found = {error.rule for error in diagnostics.errors[count_before:]}
    if not (found & LANE_RULES or context.has_open_references or "lanes" in loaded.unseen.sections):
        check_effects(root, model, worlds, diagnostics)
    return model


def _resolve_components(root: Mapping, types: Types, context: Context) -> dict[str, Component]:
    """The components by name, in file order."""
    entries = section(root, "components")
    claimants = [Claimant(e.key, e.key_span, integer(mapping, "id")) for e, mapping in entries]
    first = context.first_position(MAX_COMPONENTS)
    ids = assign_ids("component", claimants, MAX_COMPONENTS, context.diagnostics, first)
    names = [entry.key for entry, _ in entries]
    components = {}
    for (entry, mapping), number in zip(entries, ids, strict=True):
        check_bare_name("component", entry.key, entry.key_span, context.diagnostics)
        components[entry.key] = Component(
            id=number,
            name=entry.key,
            doc=doc_of(mapping),
            fields=bind_fields(parse_fields(mapping, context), types, names, context),
            span=entry.key_span,
        )
    return components
