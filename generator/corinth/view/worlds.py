"""What PREFIX_WORLD.h prints: a world's port, and what its thread does with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corinth.model import Layout, Wait, WhenFull, World
from corinth.names import WORLD_CALLS, Names
from corinth.view.constants import ConstantView
from corinth.view.lanes import LaneView, lane_views
from corinth.view.text import comment


@dataclass(frozen=True)
class EndRingView:
    """One ring of a lane as a port at its end sees it."""

    index: int
    """Which of the port's senders or receivers it is."""
    capacity_constant: str
    claim: str
    """A function of the sender's port, for its own use."""
    reserve: str
    """The same for programs."""
    summary: str
    flags: str
    """Those of a transfer in it."""
    is_priority: bool
    claim_test: str
    """Whether a claim is of this ring, in C, where the lane has two."""
    interest: int
    """The bit by which a wait names room in it, from 1 on; 0 where no send waits for it."""
    is_waiting: bool
    """A send that finds it full waits; as the next two, nothing where it fails."""
    is_newest_dropped: bool
    is_oldest_dropped: bool

    @property
    def drops(self) -> bool:
        """A send that finds no room at last is dropped."""
        return self.is_newest_dropped or self.is_oldest_dropped


@dataclass(frozen=True)
class SendCallView:
    """A function that sends a copy of one transfer over a lane."""

    name: str
    summary: str
    sending: str
    """How long it waits for room, in C."""
    has_timeout: bool


@dataclass(frozen=True)
class EndView:
    """A lane as the ports at one of its ends see it."""

    lane: LaneView
    other_constant: str
    """The constant of the world at the other end."""
    bell_threads: str
    """How many of its threads may sleep; 0 where they look again and again."""
    room_threads: str
    """At the receiving end: how many of them may sleep until there is room; 0 where none does."""
    passing_threads: str
    """The same where a peek may make room: it passes slots that were skipped."""
    calls: dict[str, str]
    """Public functions by what they do: `reserve` to `server_accept_to_io_reserve`."""
    normal: EndRingView
    priority: EndRingView | None
    send_calls: tuple[SendCallView, ...]
    """At the sending end."""

    @property
    def rings(self) -> tuple[EndRingView, ...]:
        return (self.normal,) if self.priority is None else (self.normal, self.priority)

    @property
    def priority_first(self) -> tuple[EndRingView, ...]:
        """The same as what is left in them is handed over."""
        return tuple(reversed(self.rings))


@dataclass(frozen=True)
class WorldView:
    comment: str
    name: str
    constant: str
    index: int
    """Its place among the worlds."""
    header: str
    """The name of its file."""
    threads_constant: str
    port: str
    ports: str
    """The coordinator's member."""
    internal: str
    """`server_internal_io`."""
    is_parking: bool
    """Its threads sleep when they wait; else they look again and again."""
    waiting: str
    """How they wait, for the runtime."""
    interests: tuple[ConstantView, ...]
    """What they can wait for, where a send of theirs waits for room: a bit each."""
    calls: dict[str, str]
    senders: tuple[EndView, ...]
    receivers: tuple[EndView, ...]
    headers: tuple[str, ...]
    """Those of the runtime for the kinds of its lanes."""

    @property
    def only_receiver(self) -> EndView | None:
        """The lane into the world if there is but one."""
        return self.receivers[0] if len(self.receivers) == 1 else None

    @property
    def can_wait(self) -> bool:
        return any(end.lane.can_wait for end in self.senders)

    @property
    def drops(self) -> bool:
        return any(ring.drops for end in self.senders for ring in end.rings)

    @property
    def pressed_senders(self) -> tuple[EndView, ...]:
        """The lanes out of the world whose senders can ask if they are nearly full."""
        return tuple(end for end in self.senders if end.lane.has_pressure)

    @property
    def is_closable(self) -> bool:
        """All lanes into the world can be closed, so that it learns that nothing more comes."""
        return bool(self.receivers) and all(end.lane.is_closable for end in self.receivers)

    @property
    def can_close(self) -> bool:
        """A lane out of it can be closed."""
        return any(end.lane.is_closable for end in self.senders)

    @property
    def sender_count(self) -> int:
        return sum(len(end.rings) for end in self.senders)

    @property
    def receiver_count(self) -> int:
        return sum(len(end.rings) for end in self.receivers)

    @property
    def turns(self) -> int:
        """How many lanes lead to it; their normal rings come first among its receivers."""
        return len(self.receivers)


LANE_END_CALLS = (
    "commit", "abort", "place", "peek", "release", "send", "receive", "is_pressed", "close_sending",
    "close_receiving", "is_closed",
)  # fmt: skip
"""What a port does with a lane, beside reserving; the last four where the lane has them."""


def world_views(layout: Layout, names: Names) -> tuple[WorldView, ...]:
    """Every world, in the order of their ids."""
    lanes = lane_views(layout, names)
    return tuple(
        _world(world, index, layout, lanes, names)
        for index, world in enumerate(layout.model.worlds)
    )


def _world(
    world: World, index: int, layout: Layout, lanes: Sequence[LaneView], names: Names
) -> WorldView:
    worlds = {other.id: other for other in layout.model.worlds}
    pairs = list(zip(layout.lanes, lanes, strict=True))
    outbound = [
        (worlds[item.lane.target], lane) for item, lane in pairs if item.lane.source == world.id
    ]
    inbound = [
        (worlds[item.lane.source], lane) for item, lane in pairs if item.lane.target == world.id
    ]
    member = names.world_member(world)
    kinds = {lane.ring_header for _, lane in outbound + inbound}
    return WorldView(
        comment=comment(world.doc),
        name=member,
        constant=names.world_constant(world),
        index=index,
        header=names.world_header(world),
        threads_constant=names.world_constant(world, "THREADS"),
        port=names.world_port(world),
        ports=names.world_ports_member(world),
        internal=names.internal(member),
        is_parking=world.wait.value is Wait.PARK,
        waiting=f"CORINTH_WAITING_{world.wait.value.name}",
        interests=_interests(world, outbound, bool(inbound), names),
        calls={call: names.world_call(world, call) for call in WORLD_CALLS},
        senders=_ends(outbound, names),
        receivers=_ends(inbound, names),
        headers=tuple(sorted(kinds)),
    )


def _ends(others: Sequence[tuple[World, LaneView]], names: Names) -> tuple[EndView, ...]:
    """The lanes of one direction: their normal rings are numbered first, then the others."""
    ends = []
    urgent = len(others)
    interests = itertools.count(1)
    for index, (other, lane) in enumerate(others):
        threads = names.world_constant(other, "THREADS")
        normal = _ring(lane, index, interests, names, is_priority=False)
        priority = None
        room_threads = threads if lane.has_room_bell else "0"
        if lane.has_priority:
            priority = _ring(lane, urgent, interests, names, is_priority=True)
            urgent += 1
        ends.append(
            EndView(
                lane=lane,
                other_constant=names.world_constant(other),
                bell_threads=threads if other.wait.value is Wait.PARK else "0",
                room_threads=room_threads,
                passing_threads=room_threads if lane.keeps_skipped else "0",
                calls={call: f"{lane.c_type}_{call}" for call in LANE_END_CALLS},
                normal=normal,
                priority=priority,
                send_calls=_send_calls(lane),
            )
        )
    return tuple(ends)


def _interests(
    world: World, outbound: Sequence[tuple[World, LaneView]], is_target: bool, names: Names
) -> tuple[ConstantView, ...]:
    """What a wait_for of the world may name, by their bits: those of rooms from 1 on."""
    rooms = [
        names.room_constant(world, other, is_priority=is_priority > 0)
        for other, lane in outbound
        for is_priority, policy in enumerate(lane.policies)
        if policy is WhenFull.WAIT
    ]
    inbound = ConstantView("", names.world_constant(world, "INBOUND"), "CORINTH_INBOUND")
    return (
        *((inbound,) if rooms and is_target else ()),
        *(
            ConstantView("", room, f"(CORINTH_INBOUND << {bit})")
            for bit, room in enumerate(rooms, 1)
        ),
    )


FULL_LANES = {
    WhenFull.FAIL: ("", "FULL, "),
    WhenFull.WAIT: (" Waits for room as long as the lane says.", "TIMED_OUT, CANCELLED, "),
    WhenFull.DROP_NEWEST: (" It is dropped if there is no room.", ""),
    WhenFull.DROP_OLDEST: (" The oldest one is dropped if there is no room.", ""),
}
"""What a send does that finds the lane full, and what it returns then besides OK."""


def _send_calls(lane: LaneView) -> tuple[SendCallView, ...]:
    full = [FULL_LANES[policy] for policy in dict.fromkeys(lane.policies)]
    summary = f"Sends a copy to {lane.target}, whatever target it names."
    summary += "".join(words for words, _ in full)
    closed = "CLOSED, " if lane.is_closable else ""
    summary += f" OK, {''.join(each for _, each in full)}{closed}STOPPED or BAD_TRANSFER."
    by_lane = "corinth_sending_by_lane()"
    send = SendCallView(f"{lane.c_type}_send", summary, by_lane, has_timeout=False)
    if not lane.can_wait:
        return (send,)
    return (
        send,
        SendCallView(
            f"{lane.c_type}_try_send",
            "The same, but never waits: FULL.",
            "corinth_sending_within(0)",
            has_timeout=False,
        ),
        SendCallView(
            f"{lane.c_type}_send_for",
            "The same, but waits for at most `timeout_ns` nanoseconds.",
            "corinth_sending_within(timeout_ns)",
            has_timeout=True,
        ),
    )


def _ring(
    lane: LaneView, index: int, interests: Iterator[int], names: Names, *, is_priority: bool
) -> EndRingView:
    after = "_priority" if is_priority else ""
    policy = lane.policies[1 if is_priority else 0]
    return EndRingView(
        index=index,
        capacity_constant=(
            lane.priority_capacity_constant if is_priority else lane.capacity_constant
        ),
        claim=f"{lane.internal}_claim{after}",
        reserve=f"{lane.c_type}_reserve{after}",
        summary=", of those with priority" if is_priority else "",
        flags=names.fixed("TRANSFER_PRIORITY") if is_priority else "0",
        is_priority=is_priority,
        claim_test="claim.is_priority" if is_priority else "!claim.is_priority",
        interest=next(interests) if policy is WhenFull.WAIT else 0,
        is_waiting=policy is WhenFull.WAIT,
        is_newest_dropped=policy is WhenFull.DROP_NEWEST,
        is_oldest_dropped=policy is WhenFull.DROP_OLDEST,
    )
