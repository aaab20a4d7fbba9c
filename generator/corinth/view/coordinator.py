"""What PREFIX_coordinator.h prints: ports, routing, the coordinator and its statistics."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.model import Layout, World
from corinth.names import WORLD_CALLS, Names
from corinth.view.lanes import LaneView, lane_view
from corinth.view.text import comment


@dataclass(frozen=True)
class PortLaneView:
    """A lane as one port sees it."""

    lane: LaneView
    member: str
    """The port's side of it: `to_io` or `from_accept`."""
    other: str
    """The constant of the world at the other end."""
    calls: dict[str, str]
    """Public functions by what they do: `reserve` to `server_accept_to_io_reserve`."""
    turn: int
    """Among the lanes that the port sends to, or receives from."""


@dataclass(frozen=True)
class RuleView:
    """A component route: its bit and the target's constant."""

    bit: str
    target: str


@dataclass(frozen=True)
class WorldView:
    comment: str
    name: str
    constant: str
    threads: str
    """The constant and, beside it, its value."""
    thread_count: int
    port: str
    ports: str
    parkers: str
    internal: str
    """`server_internal_io`."""
    calls: dict[str, str]
    senders: tuple[PortLaneView, ...]
    receivers: tuple[PortLaneView, ...]
    weights: str
    batches: str
    """Initialisers, by turn."""
    rules: tuple[RuleView, ...]
    """The last of the schema first: it wins."""
    default_target: str
    """A world's constant or NO_ROUTE."""


@dataclass(frozen=True)
class LaneEndsView:
    """A lane with the ports at its ends, for what walks over all lanes."""

    lane: LaneView
    sender_ports: str
    sender_member: str
    sender_threads: str
    receiver_ports: str
    receiver_member: str
    receiver_threads: str


@dataclass(frozen=True)
class CoordinatorView:
    worlds: tuple[WorldView, ...]
    lanes: tuple[LaneEndsView, ...]


def coordinator_view(layout: Layout, names: Names) -> CoordinatorView:
    """Everything that PREFIX_coordinator.h says."""
    lanes = tuple(lane_view(lane, index, layout, names) for index, lane in enumerate(layout.lanes))
    worlds = {world.id: world for world in layout.model.worlds}
    views = {world.id: _world(world, layout, lanes, names) for world in worlds.values()}
    ends = tuple(
        LaneEndsView(
            lane,
            views[item.lane.source].ports,
            _member_to(worlds[item.lane.target], names),
            views[item.lane.source].threads,
            views[item.lane.target].ports,
            _member_from(worlds[item.lane.source], names),
            views[item.lane.target].threads,
        )
        for item, lane in zip(layout.lanes, lanes, strict=True)
    )
    return CoordinatorView(tuple(views.values()), ends)


def _member_to(world: World, names: Names) -> str:
    return f"to_{names.world_member(world)}"


def _member_from(world: World, names: Names) -> str:
    return f"from_{names.world_member(world)}"


PORT_LANE_CALLS = (
    "reserve", "reserve_priority", "commit", "abort", "peek", "release", "send", "receive",
)  # fmt: skip
"""What a port does with a lane; reserve_priority only where the lane has priority."""


def _world(world: World, layout: Layout, lanes: tuple[LaneView, ...], names: Names) -> WorldView:
    worlds = {other.id: other for other in layout.model.worlds}
    senders: list[PortLaneView] = []
    receivers: list[PortLaneView] = []
    weights: list[str] = []
    for item, lane in zip(layout.lanes, lanes, strict=True):
        ends = worlds[item.lane.source], worlds[item.lane.target]
        calls = {call: names.lane_call(*ends, call) for call in PORT_LANE_CALLS}
        if ends[0] is world:
            other, member = names.world_constant(ends[1]), _member_to(ends[1], names)
            senders.append(PortLaneView(lane, member, other, calls, len(senders)))
        if ends[1] is world:
            other, member = names.world_constant(ends[0]), _member_from(ends[0], names)
            receivers.append(PortLaneView(lane, member, other, calls, len(receivers)))
            weights.append(names.lane_constant(*ends, "WEIGHT"))
    member = names.world_member(world)
    return WorldView(
        comment=comment(world.doc),
        name=member,
        constant=names.world_constant(world),
        threads=names.world_constant(world, "THREADS"),
        thread_count=world.threads.value,
        port=names.world_port(world),
        ports=names.world_ports_member(world),
        parkers=names.world_parkers_member(world),
        internal=f"{names.prefix}_internal_{member}",
        calls={call: names.world_call(world, call) for call in WORLD_CALLS},
        senders=tuple(senders),
        receivers=tuple(receivers),
        weights=", ".join(weights),
        batches=", ".join(receiver.lane.batch_size for receiver in receivers),
        rules=tuple(
            RuleView(names.component_bit(rule.component), names.world_constant(worlds[rule.target]))
            for rule in reversed(world.component_routes)
        ),
        default_target=(
            names.fixed("NO_ROUTE")
            if world.default_target is None
            else names.world_constant(worlds[world.default_target])
        ),
    )
