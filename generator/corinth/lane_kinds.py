"""Lane kinds: what each kind of lane is, for all stages, in one table.

A stage asks a kind for what it needs and never which one it is, so a new kind is a row here, its
ring (a header of the runtime) and a word in the JSON Schema;
docs/architecture.md has the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LaneKind:
    name: str
    """As the schema writes it."""
    ring: str
    """corinth/RING.h carries the lane by its `corinth_RING`, a corinth_ring_kind."""
    many_producers: bool
    """Whether several threads may send into it."""
    many_consumers: bool
    """Whether several threads may receive from it."""
    mark_bytes: int
    """What the ring keeps beside each slot."""
    keeps_skipped: bool
    """Skipped slots stay in the lane until a receiver passes them."""
    lets_senders_take: bool
    """Whether a sender may take the oldest from it, as `drop_oldest` does."""
    counts_itself: bool
    """How far its ring is published counts what is sent; else senders do."""
    promise: str
    """What it promises, and what it doesn't."""

    def serves(self, producers: int, consumers: int) -> bool:
        """Whether so many threads may send into it and receive from it."""
        return (producers <= 1 or self.many_producers) and (consumers <= 1 or self.many_consumers)


def _shared(threads: str, statuses: str) -> str:
    """The promise of a kind where several threads claim at an end."""
    return (
        f"{threads}. No call spins on another thread, but one that stops inside a claim blocks the"
        f" slots behind it. {statuses} may be returned while another operation is in progress,"
        " never when quiet."
    )


LANE_KINDS: Mapping[str, LaneKind] = {
    kind.name: kind
    for kind in (
        LaneKind(
            name="spsc",
            ring="spsc",
            many_producers=False,
            many_consumers=False,
            mark_bytes=0,
            keeps_skipped=False,
            lets_senders_take=False,
            counts_itself=True,
            promise="one producing and one consuming thread. Wait-free.",
        ),
        LaneKind(
            name="mpsc",
            ring="mpsc",
            many_producers=True,
            many_consumers=False,
            mark_bytes=4,
            keeps_skipped=True,
            lets_senders_take=False,
            counts_itself=False,
            promise=_shared("several producing threads and one consuming", "EMPTY"),
        ),
        LaneKind(
            name="spmc",
            ring="spmc",
            many_producers=False,
            many_consumers=True,
            mark_bytes=4,
            keeps_skipped=False,
            lets_senders_take=False,
            counts_itself=False,
            promise=_shared("one producing thread and several consuming", "FULL"),
        ),
        LaneKind(
            name="mpmc",
            ring="mpmc",
            many_producers=True,
            many_consumers=True,
            mark_bytes=4,
            keeps_skipped=True,
            lets_senders_take=True,
            counts_itself=False,
            promise=_shared("several producing and several consuming threads", "FULL or EMPTY"),
        ),
    )
}
"""By name; the first one that serves a lane's threads is the one that it gets by itself."""


def kind_for(producers: int, consumers: int, *, senders_take: bool = False) -> LaneKind:
    """The kind for a lane between so many threads, of which senders may take as well."""
    serving = (kind for kind in LANE_KINDS.values() if kind.serves(producers, consumers))
    return next(kind for kind in serving if kind.lets_senders_take or not senders_take)
