"""How a lane of several producing or consuming threads uses corinth/mpmc.h."""

from __future__ import annotations

from corinth.lane_kinds import LaneKind
from corinth.view.rings import RingNames, RingStatementsView, aligned, slots


def statements(kind: LaneKind, names: RingNames) -> RingStatementsView:
    """Those of any number of producers and consumers; a single consumer may release a part."""
    ring, marks, capacity = f"&lane->{names.ring}", f"lane->{names.marks}", names.capacity
    batch = "batch->first, batch->count, count"
    if kind.many_consumers:
        release = f"corinth_mpmc_release({marks}, {capacity}, batch->first, count);"
    else:
        release = f"corinth_mpmc_release_first({ring}, {marks}, {capacity}, {batch});"
    return RingStatementsView(
        members=(
            f"corinth_mpmc {names.ring};",
            *aligned(f"corinth_mpmc_mark {names.marks}[{capacity}];"),
            *aligned(slots(names)),
        ),
        init=f"corinth_mpmc_init({ring}, {marks}, {capacity}, start);",
        reserve=f"size_t count = corinth_mpmc_reserve({ring}, {marks}, capacity, wanted, &first);",
        commit=f"corinth_mpmc_commit({marks}, {capacity}, claim->first, claim->count, count);",
        peek=(
            f"size_t count = corinth_mpmc_peek({ring}, {marks}, capacity, wanted, &first);",
            "*ready = count;",
            "if (count > 0) {",
            f"    *ready = corinth_mpmc_sample_ready({ring}, capacity, first, count);",
            "}",
        ),
        release=release,
        readiness=f"corinth_mpmc_is_ready({ring}, {marks}, {capacity})",
        count_behind=(
            f"return corinth_mpmc_count_behind({marks}, {capacity}, end, CORINTH_THREADS_MAX);"
        ),
    )
