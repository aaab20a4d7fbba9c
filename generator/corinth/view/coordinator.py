"""What PREFIX_coordinator.h prints: ports, routing, the coordinator and its statistics."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.model import Layout, World
from corinth.names import WORLD_CALLS, Names
from corinth.view.by_world import ByWorldView, by_world_views
from corinth.view.lanes import LaneView, lane_view
from corinth.view.text import comment


@dataclass(frozen=True)
class PortLaneView:
    """A lane as one port sees it."""

    lane: LaneView
    member: str
    """The port's side of it: `to_io` or `from_accept`."""
    other_constant: str
    """The constant of the world at the other end."""
    other_parkers: str
    """The coordinator's member that holds its parkers."""
    other_threads_constant: str
    """How many there are."""
    calls: dict[str, str]
    """Public functions by what they do: `reserve` to `server_accept_to_io_reserve`."""
    turn: int
    """Among the lanes that the port sends to, or receives from."""


@dataclass(frozen=True)
class RuleView:
    """A component route: its bit and the target's constant."""

    bit_constant: str
    target_constant: str


@dataclass(frozen=True)
class WorldView:
    comment: str
    name: str
    constant: str
    threads_constant: str
    thread_count: int
    port: str
    ports: str
    parkers: str
    internal: str
    """`server_internal_io`."""
    sources_constant: str
    """The constant for how many lanes lead to the world."""
    calls: dict[str, str]
    senders: tuple[PortLaneView, ...]
    receivers: tuple[PortLaneView, ...]
    rules: tuple[RuleView, ...]
    """The last of the schema first: it wins."""
    default_target_constant: str
    """A world's constant or NO_ROUTE."""

    @property
    def only_receiver(self) -> PortLaneView | None:
        """The lane into the world if there is but one."""
        return self.receivers[0] if len(self.receivers) == 1 else None


@dataclass(frozen=True)
class LaneEndsView:
    """A lane with the ports at its ends, for what walks over all lanes."""

    lane: LaneView
    sender_port: str
    sender_ports: str
    sender_member: str
    sender_threads_constant: str
    receiver_port: str
    receiver_ports: str
    receiver_member: str
    receiver_threads_constant: str


@dataclass(frozen=True)
class CoordinatorView:
    worlds: tuple[WorldView, ...]
    lanes: tuple[LaneEndsView, ...]
    by_world: tuple[ByWorldView, ...]
    has_priority: bool
    has_rules: bool
    """Some world routes by component."""


def coordinator_view(layout: Layout, names: Names) -> CoordinatorView:
    """Everything that PREFIX_coordinator.h says."""
    lanes = tuple(lane_view(lane, index, layout, names) for index, lane in enumerate(layout.lanes))
    worlds = {world.id: world for world in layout.model.worlds}
    views = {world.id: _world(world, layout, lanes, names) for world in worlds.values()}
    ends = tuple(
        LaneEndsView(
            lane,
            views[item.lane.source].port,
            views[item.lane.source].ports,
            _member_to(worlds[item.lane.target], names),
            views[item.lane.source].threads_constant,
            views[item.lane.target].port,
            views[item.lane.target].ports,
            _member_from(worlds[item.lane.source], names),
            views[item.lane.target].threads_constant,
        )
        for item, lane in zip(layout.lanes, lanes, strict=True)
    )
    return CoordinatorView(
        worlds=tuple(views.values()),
        lanes=ends,
        by_world=by_world_views(tuple(views.values()), names),
        has_priority=any(lane.has_priority for lane in lanes),
        has_rules=any(view.rules for view in views.values()),
    )


def _member_to(world: World, names: Names) -> str:
    return f"to_{names.world_member(world)}"


def _member_from(world: World, names: Names) -> str:
    return f"from_{names.world_member(world)}"


PORT_LANE_CALLS = (
    "reserve", "reserve_priority", "commit", "abort", "peek", "release", "send", "receive",
)  # fmt: skip
"""What a port does with a lane; reserve_priority only where the lane has priority."""


def _port_lane(
    lane: LaneView, member: str, other: World, calls: dict[str, str], turn: int, names: Names
) -> PortLaneView:
    return PortLaneView(
        lane=lane,
        member=member,
        other_constant=names.world_constant(other),
        other_parkers=names.world_parkers_member(other),
        other_threads_constant=names.world_constant(other, "THREADS"),
        calls=calls,
        turn=turn,
    )


def _world(world: World, layout: Layout, lanes: tuple[LaneView, ...], names: Names) -> WorldView:
    worlds = {other.id: other for other in layout.model.worlds}
    senders: list[PortLaneView] = []
    receivers: list[PortLaneView] = []
    for item, lane in zip(layout.lanes, lanes, strict=True):
        ends = worlds[item.lane.source], worlds[item.lane.target]
        calls = {call: names.lane_call(*ends, call) for call in PORT_LANE_CALLS}
        if ends[0] is world:
            member = _member_to(ends[1], names)
            senders.append(_port_lane(lane, member, ends[1], calls, len(senders), names))
        if ends[1] is world:
            member = _member_from(ends[0], names)
            receivers.append(_port_lane(lane, member, ends[0], calls, len(receivers), names))
    member = names.world_member(world)
    return WorldView(
        comment=comment(world.doc),
        name=member,
        constant=names.world_constant(world),
        threads_constant=names.world_constant(world, "THREADS"),
        thread_count=world.threads.value,
        port=names.world_port(world),
        ports=names.world_ports_member(world),
        parkers=names.world_parkers_member(world),
        internal=f"{names.prefix}_internal_{member}",
        sources_constant=f"{names.upper}_INTERNAL_{member.upper()}_SOURCES",
        calls={call: names.world_call(world, call) for call in WORLD_CALLS},
        senders=tuple(senders),
        receivers=tuple(receivers),
        rules=tuple(
            RuleView(names.component_bit(rule.component), names.world_constant(worlds[rule.target]))
            for rule in reversed(world.component_routes)
        ),
        default_target_constant=(
            names.fixed("ROUTE_NONE")
            if world.default_target is None
            else names.world_constant(worlds[world.default_target])
        ),
    )
