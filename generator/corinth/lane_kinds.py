"""Lane kinds: what each kind of lane is, for all stages, in one table.

A stage asks a kind for what it needs and never which one it is, so a new kind is a row here, its
ring (a header of the runtime and a module of view/rings/) and a word in the JSON Schema;
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
    """corinth/RING.h carries the lane; view/rings/RING.py has the statements that use it."""
    many_producers: bool
    """Whether several threads may send into it."""
    many_consumers: bool
    """Whether several threads may receive from it."""
    ring_lines: int
    """Cache lines of the ring without slots."""
    mark_bytes: int
    """What the ring keeps beside each slot."""
    keeps_skipped: bool
    """Skipped slots stay in the lane until a receiver passes them."""
    promise: str
    """What it promises, and what it doesn't."""

    def serves(self, producers: int, consumers: int) -> bool:
        """Whether so many threads may send into it and receive from it."""
        return (producers <= 1 or self.many_producers) and (consumers <= 1 or self.many_consumers)


SHARED_PROMISE = (
    "No call spins on another thread, but one that stops inside a claim blocks the slots behind"
    " it. FULL or EMPTY may be returned while another operation is in progress, never when quiet."
)

LANE_KINDS: Mapping[str, LaneKind] = {
    kind.name: kind
    for kind in (
        LaneKind(
            name="spsc",
            ring="spsc",
            many_producers=False,
            many_consumers=False,
            ring_lines=4,
            mark_bytes=0,
            keeps_skipped=False,
            promise="one producing and one consuming thread. Wait-free.",
        ),
        LaneKind(
            name="mpsc",
            ring="mpmc",
            many_producers=True,
            many_consumers=False,
            ring_lines=2,
            mark_bytes=4,
            keeps_skipped=True,
            promise=f"several producing threads and one consuming. {SHARED_PROMISE}",
        ),
        LaneKind(
            name="spmc",
            ring="mpmc",
            many_producers=False,
            many_consumers=True,
            ring_lines=2,
            mark_bytes=4,
            keeps_skipped=True,
            promise=f"one producing thread and several consuming. {SHARED_PROMISE}",
        ),
        LaneKind(
            name="mpmc",
            ring="mpmc",
            many_producers=True,
            many_consumers=True,
            ring_lines=2,
            mark_bytes=4,
            keeps_skipped=True,
            promise=f"several producing and several consuming threads. {SHARED_PROMISE}",
        ),
    )
}
"""By name; the first one that serves a lane's threads is the one that it gets by itself."""


def kind_for(producers: int, consumers: int) -> LaneKind:
    """The kind for a lane between so many threads."""
    return next(kind for kind in LANE_KINDS.values() if kind.serves(producers, consumers))
