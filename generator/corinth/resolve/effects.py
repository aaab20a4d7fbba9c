"""What has no effect in a schema: worlds that exchange nothing and keys that change nothing.

Checked only where every lane is known, since a reference that failed looks like a missing lane.
"""

from __future__ import annotations

from corinth.diagnostics import Diagnostics, Span
from corinth.document import Mapping
from corinth.model import Model, Origin, Role, Topology, World
from corinth.resolve.context import mappings
from corinth.resolve.full_lanes import check_queue, read_said
from corinth.resolve.worlds import Worlds


def check_effects(root: Mapping, model: Model, worlds: Worlds, diagnostics: Diagnostics) -> None:
    """Report worlds without lanes, and keys that have no effect."""
    alone = len(model.worlds) == 1
    linked = {end for lane in model.lanes for end in (lane.source, lane.target)}
    for world in model.worlds:
        standalone = world.role.value is Role.STANDALONE
        if standalone and not alone:
            message = f"world `{world.name}` is standalone, but it isn't the only world"
            hint = "standalone is for a schema with one world; leave the role out"
            diagnostics.error("standalone-world", message, world.role.span, hint)
        elif not standalone and world.id not in linked:
            _report_isolated(world, alone, diagnostics)
        given = (("threads", world.threads), ("wait", world.wait)) if standalone and alone else ()
        for key, setting in given:
            if setting.origin is Origin.GIVEN:
                message = f"{key} has no effect on the standalone world `{world.name}`"
                diagnostics.error("no-effect", message, setting.span, "leave it out")
    # What a lane says by itself that was refused may be what a default is for.
    said = [mapping for mapping in mappings(root, "lanes") if not read_said(mapping).is_whole]
    unclear = {mapping.string("from") for mapping in said}
    for world in model.worlds:
        queue = worlds.queues.get(world.id)
        leaving = [lane for lane in model.lanes if lane.source == world.id]
        if queue is not None and leaving and world.name not in unclear:
            check_queue(world, queue, leaving, diagnostics)
        elif queue is not None and not leaving:
            message = f"transfer_queue has no effect, as no lane leaves `{world.name}`"
            hint = "it sets defaults for leaving lanes; add a route, or leave it out"
            diagnostics.error("no-effect", message, _key_span(root, world, queue), hint)
    topology = root.entry("topology")
    if topology is not None and model.topology.value is Topology.FULL and alone:
        message = "topology has no effect with one world"
        diagnostics.error("no-effect", message, topology.key_span, "leave it out")


def _report_isolated(world: World, alone: bool, diagnostics: Diagnostics) -> None:
    message = f"world `{world.name}` exchanges entities with no other world"
    if alone:
        hint = "say `role: standalone`, or add a world and a route to it"
    else:
        hint = "route to it or from it, add it under `lanes`, or remove it"
    diagnostics.error("isolated-world", message, world.span, hint)


def _key_span(root: Mapping, world: World, queue: Mapping) -> Span:
    """The place of the key `transfer_queue`, which reads better than that of its value."""
    section = root.mapping("worlds")
    entry = None if section is None else section.mapping(world.name)
    key = None if entry is None else entry.entry("transfer_queue")
    return queue.span if key is None else key.key_span
