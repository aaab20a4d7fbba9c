"""How a lane of one producing and one consuming thread uses corinth/spsc.h."""

from __future__ import annotations

from corinth.lane_kinds import LaneKind
from corinth.view.rings import RingNames, RingStatementsView, aligned, slots


def statements(kind: LaneKind, names: RingNames) -> RingStatementsView:
    """Those of one producer and one consumer, whatever the kind is called."""
    assert not kind.many_producers
    assert not kind.many_consumers
    ring = f"&lane->{names.ring}"
    return RingStatementsView(
        members=(f"corinth_spsc {names.ring};", *aligned(slots(names))),
        init=f"corinth_spsc_init({ring}, start);",
        reserve=f"size_t count = corinth_spsc_reserve({ring}, capacity, wanted, &first);",
        commit=f"corinth_spsc_commit({ring}, {names.capacity}, count);",
        peek=(f"size_t count = corinth_spsc_peek({ring}, capacity, wanted, &first, ready);",),
        release=f"corinth_spsc_release({ring}, count);",
        readiness=f"corinth_spsc_is_ready({ring})",
        count_behind="",
    )
