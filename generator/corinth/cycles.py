"""Cycles of lanes, and which of them can deadlock.

A world waits for another only while a send into a full lane waits for room. So worlds can deadlock
if and only if there is a cycle of lanes that all make senders wait: each world on it may then wait
for the next one to receive, and that one waits too. One lane on a cycle where a send returns at
once, whether it failed or dropped something, breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable

from corinth.model import Lane


def cycles(lanes: Iterable[Lane]) -> tuple[tuple[int, ...], ...]:
    """The groups of worlds in which each can reach every other over these lanes, by ids.

    A lane is on a cycle if and only if both its ends are in one group. A group's worlds are in id
    order, and the groups in order of their first worlds.
    """
    targets: dict[int, list[int]] = {}
    for lane in lanes:
        targets.setdefault(lane.source, []).append(lane.target)
    reach = {source: _reachable(targets, source) for source in sorted(targets)}
    groups: dict[tuple[int, ...], None] = {}
    for own, others in reach.items():
        group = tuple(sorted(other for other in others if own in reach.get(other, ())))
        if group:
            groups[group] = None
    return tuple(groups)


def deadlocks(lanes: Iterable[Lane]) -> tuple[tuple[int, ...], ...]:
    """The groups of worlds that can deadlock: `cycles` of those lanes whose sends wait for room."""
    return cycles(lane for lane in lanes if lane.waits_for_room)


def _reachable(targets: dict[int, list[int]], start: int) -> set[int]:
    """The worlds that entities of a world can get to over one lane or several."""
    found: set[int] = set()
    pending = [start]
    while pending:
        for target in targets.get(pending.pop(), ()):
            if target not in found:
                found.add(target)
                pending.append(target)
    return found
