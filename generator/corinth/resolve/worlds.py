"""Worlds, the pipeline shorthand and routing.

A pipeline is worked out first: it defines its stages as worlds, ids from 0 in order, each routing
to the next and the last one to `return_to`. An entry under `worlds` with a stage's name refines
that stage: its keys count as if the stage had been written out in full, but a `default_target` that
contradicts the pipeline is refused. Other entries under `worlds` follow after the stages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from corinth.diagnostics import Note, Span
from corinth.document import Mapping, Scalar
from corinth.model import (
    MAX_WORLDS,
    Component,
    ComponentRoute,
    Origin,
    Role,
    Setting,
    Wait,
    World,
)
from corinth.resolve.context import (
    Context,
    as_mapping,
    choice,
    doc_of,
    integer,
    mappings,
    scalars,
    setting,
    string,
)
from corinth.resolve.ids import Claimant, assign_ids

DEFAULT_THREADS = 1
STANDARD_STAGES = ("accept", "io", "compute")
STANDARD_RETURN = "io"


@dataclass(frozen=True)
class Edge:
    """A pair of worlds that needs a lane, and the place that requires it."""

    source: int
    target: int
    span: Span


@dataclass
class Worlds:
    """The worlds in id order, the settings that each has for its lanes, and the pairs that routes
    name.
    """

    worlds: list[World] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    queues: dict[int, Mapping] = field(default_factory=dict)
    """The `transfer_queue` of a world by id, where it has one."""
    edges: list[Edge] = field(default_factory=list)


@dataclass
class Draft:
    """A world on the way: a stage of the pipeline, an entry under `worlds`, or both."""

    name: str
    span: Span
    mapping: Mapping
    role: Setting[Role] | None = None
    """The standard pipeline's."""
    next_stage: tuple[str, Span] | None = None
    """Where the pipeline routes it."""


def resolve_worlds(root: Mapping, components: dict[str, Component], context: Context) -> Worlds:
    """Resolve `pipeline` and `worlds`."""
    drafts = _draft_pipeline(root, context)
    stages = len(drafts)
    worlds = root.mapping("worlds")
    for entry in worlds or ():
        if entry.key in drafts:
            drafts[entry.key].mapping = as_mapping(entry)
            drafts[entry.key].span = entry.key_span
        else:
            drafts[entry.key] = Draft(entry.key, entry.key_span, as_mapping(entry))
    _check_count(root, drafts, stages, context)
    claimants = [Claimant(d.name, d.span, integer(d.mapping, "id")) for d in drafts.values()]
    first = context.first_position(MAX_WORLDS)
    ids = assign_ids("world", claimants, MAX_WORLDS, context.diagnostics, first)
    result = Worlds(ids=dict(zip(drafts, ids, strict=True)))
    for draft in drafts.values():
        result.worlds.append(_resolve_world(draft, result, components, context))
        queue = draft.mapping.mapping("transfer_queue")
        if queue is not None:
            result.queues[result.ids[draft.name]] = queue
    result.worlds.sort(key=lambda world: world.id)
    return result


def _check_count(root: Mapping, drafts: dict[str, Draft], stages: int, context: Context) -> None:
    """Refuse no worlds or too many; each section alone is bounded by the JSON Schema."""
    section = root.mapping("worlds") or ()
    unseen = context.unseen
    if not drafts and not unseen.sections & {"worlds", "pipeline"} and not unseen.names:
        place = root.entry("worlds") or root.entry("name")
        hint = "add it under `worlds`; one alone has `role: standalone`"
        span = root.span if place is None else place.key_span
        context.diagnostics.error("world-count", "a schema has at least one world", span, hint)
    if len(drafts) > MAX_WORLDS >= max(len(section), stages):
        surplus = list(drafts.values())[MAX_WORLDS]
        message = f"pipeline and worlds make {len(drafts)} worlds, the limit is {MAX_WORLDS}"
        hint = f"this is number {MAX_WORLDS + 1}"
        context.diagnostics.error("world-count", message, surplus.span, hint)


def _draft_pipeline(root: Mapping, context: Context) -> dict[str, Draft]:
    """The stages of the pipeline; none where there is no pipeline."""
    node = root.get("pipeline")
    if isinstance(node, Scalar):
        if node.value != "standard":
            return {}
        empty = Mapping((), node.span)
        roles = [Setting(Role(name), Origin.GIVEN, node.span) for name in STANDARD_STAGES]
        names = [role.value.value for role in roles]
        drafts = {n: Draft(n, node.span, empty, r) for n, r in zip(names, roles, strict=True)}
        return _chain(drafts, (STANDARD_RETURN, node.span))
    if not isinstance(node, Mapping):
        return {}
    drafts = {}
    for name, span in scalars(node.sequence("stages")):
        if name in drafts:
            notes = (Note("the first is here", drafts[name].span),)
            message = f"stage `{name}` is listed twice"
            context.diagnostics.error("pipeline-stage", message, span, "remove one", notes)
        else:
            drafts[name] = Draft(name, span, Mapping((), span))
    back = string(node, "return_to")
    if back is not None and back[0] not in drafts:
        message = f"return_to names `{back[0]}`, which is no stage"
        context.unknown("pipeline-stage", message, back[0], list(drafts)[:-1], back[1])
        back = None
    if back is not None and back[0] == list(drafts)[-1]:
        message = f"return_to names `{back[0]}`, the last stage itself"
        context.diagnostics.error("route-to-self", message, back[1], "name an earlier stage")
        back = None
    return _chain(drafts, back)


def _chain(drafts: dict[str, Draft], back: tuple[str, Span] | None) -> dict[str, Draft]:
    """Route each stage to the next, and the last one to `back`."""
    stages = list(drafts.values())
    for stage, following in pairwise(stages):
        stage.next_stage = (following.name, following.span)
    if stages:
        stages[-1].next_stage = back
    return drafts


def _resolve_world(
    draft: Draft, result: Worlds, components: dict[str, Component], context: Context
) -> World:
    own = result.ids[draft.name]
    routing = draft.mapping.mapping("routing") or Mapping((), draft.span)
    default = _default_target(draft, routing, context)
    default_target = None if default is None else _target(draft, *default, result, context)
    routes = _component_routes(draft, routing, result, components, context)
    default_route = None
    if default_target is not None and default is not None:
        result.edges.append(Edge(own, default_target, default[1]))
        default_route = Setting(default_target, Origin.GIVEN, default[1])
    result.edges += [Edge(own, route.target, route.span) for route in routes]
    return World(
        number=_number(draft, own),
        name=draft.name,
        doc=doc_of(draft.mapping),
        role=choice(draft.mapping, "role", Role.CUSTOM, draft.span)
        if draft.role is None or "role" in draft.mapping
        else draft.role,
        threads=setting(draft.mapping, "threads", DEFAULT_THREADS, draft.span),
        wait=choice(draft.mapping, "wait", Wait.PARK, draft.span),
        default_route=default_route,
        component_routes=tuple(routes),
        span=draft.span,
    )


def _number(draft: Draft, own: int) -> Setting[int]:
    given = integer(draft.mapping, "id")
    if given is None:
        return Setting(own, Origin.DEFAULT, draft.span)
    return Setting(own, Origin.GIVEN, given[1])


def _default_target(draft: Draft, routing: Mapping, context: Context) -> tuple[str, Span] | None:
    """The default target by name: the world's own or the pipeline's, which must not differ."""
    given = string(routing, "default_target")
    if given is None or draft.next_stage is None or given[0] == draft.next_stage[0]:
        return given or draft.next_stage
    name, span = draft.next_stage
    context.diagnostics.error(
        "pipeline-conflict",
        f"world `{draft.name}` can't go to `{given[0]}` by default, the pipeline says `{name}`",
        given[1],
        "leave it out, use component_routes, or write the worlds without `pipeline`",
        (Note("the pipeline says so here", span),),
    )
    return draft.next_stage


def _target(draft: Draft, name: str, span: Span, result: Worlds, context: Context) -> int | None:
    """The id of a route's target; None where it is unknown or the world itself."""
    if name not in result.ids:
        message = f"world `{draft.name}` routes to the unknown world `{name}`"
        others = [other for other in result.ids if other != draft.name]
        context.unknown("unknown-world", message, name, others, span)
        return None
    if name == draft.name:
        message = f"world `{name}` routes to itself"
        hint = "what stays in its world needs no lane; leave the route out"
        context.diagnostics.error("route-to-self", message, span, hint)
        return None
    return result.ids[name]


def _component_routes(
    draft: Draft,
    routing: Mapping,
    result: Worlds,
    components: dict[str, Component],
    context: Context,
) -> list[ComponentRoute]:
    """The rules in file order. A rule that a later one for its component hides is an error."""
    routes: dict[str, ComponentRoute] = {}
    for item in mappings(routing, "component_routes"):
        component, target = string(item, "component"), string(item, "target")
        if component is None or target is None:
            continue
        name, span = component
        if name not in components:
            message = f"world `{draft.name}` routes the unknown component `{name}`"
            context.unknown("unknown-component", message, name, components, span)
        target_id = _target(draft, *target, result, context)
        if name in routes:
            context.diagnostics.error(
                "route-shadowed",
                f"this route for component `{name}` never applies, a later one does",
                routes[name].span,
                "a later rule wins; remove one of them",
                (Note("the later one is here", span),),
            )
            del routes[name]
        if name in components and target_id is not None:
            routes[name] = ComponentRoute(components[name], target_id, span)
    return list(routes.values())
