"""Cycles of lanes, and those on which worlds can wait for each other.

A world waits for another only while a send into a full lane waits for room. So worlds can deadlock
if and only if there is a cycle of lanes that all make senders wait: each world on it may then wait
for the next one to receive, and that one waits too. One lane on a cycle where a send returns at
once, whether it failed or dropped something, breaks it.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from corinth.model import Lane

Targets = Mapping[int, Sequence[int]]
"""By world: those that its lanes lead to, in id order."""
Path = tuple[int, ...]


def cycles(lanes: Iterable[Lane]) -> tuple[tuple[int, ...], ...]:
    """The groups of worlds in which each can reach every other over these lanes, by ids.

    A lane is on a cycle if and only if both its ends are in one group. A group's worlds are in id
    order, and the groups in order of their first worlds.
    """
    targets = _targets(lanes)
    reach = {source: _reachable(targets, source) for source in targets}
    groups: dict[tuple[int, ...], None] = {}
    for own, others in reach.items():
        group = tuple(sorted(other for other in others if own in reach.get(other, ())))
        if group:
            groups[group] = None
    return tuple(groups)


def waiting_cycles(lanes: Iterable[Lane]) -> Iterator[Path]:
    """Every cycle of lanes whose sends wait for room, the shortest first, of equal ones by ids.

    No world comes twice in a cycle, which begins with the one of the lowest id. There may be more
    of them than can be counted; each takes a search from each of its worlds to be found. This is
    Yen's algorithm: the next one leaves one that is known at some world, by a lane that no known
    one with the same beginning takes.
    """
    targets = _targets(lane for lane in lanes if lane.can_wait)
    pending: list[tuple[int, Path]] = []
    known: set[Path] = set()

    def search(beginning: Path, refused: Collection[int]) -> None:
        cycle = _shortest(targets, beginning, refused)
        if cycle is not None and cycle not in known:
            known.add(cycle)
            heapq.heappush(pending, (len(cycle), cycle))

    for start in targets:
        search((start,), ())
    told: list[Path] = []
    while pending:
        _, cycle = heapq.heappop(pending)
        told.append((*cycle, cycle[0]))
        yield cycle
        for length in range(1, len(cycle) + 1):
            beginning = cycle[:length]
            search(beginning, {other[length] for other in told if other[:length] == beginning})


def _targets(lanes: Iterable[Lane]) -> Targets:
    targets: dict[int, list[int]] = {}
    for source, target in sorted((lane.source, lane.target) for lane in lanes):
        targets.setdefault(source, []).append(target)
    return targets


def _shortest(targets: Targets, beginning: Path, refused: Collection[int]) -> Path | None:
    """The shortest way on from a beginning back to its first world; of equal ones the first by ids.

    It leaves the beginning for none of the worlds that are `refused`, and passes only ids above
    that of the first world, each once.
    """
    start, leaving = beginning[0], beginning[-1]
    before: dict[int, int] = dict.fromkeys(beginning, start)
    pending = deque([leaving])
    while pending:
        own = pending.popleft()
        for target in targets.get(own, ()):
            if own == leaving and target in refused:
                continue
            if target == start:
                way = []
                while own != leaving:
                    way.append(own)
                    own = before[own]
                return (*beginning, *reversed(way))
            if target > start and target not in before:
                before[target] = own
                pending.append(target)
    return None


def _reachable(targets: Targets, start: int) -> set[int]:
    """The worlds that entities of a world can get to over one lane or several."""
    found: set[int] = set()
    pending = [start]
    while pending:
        for target in targets.get(pending.pop(), ()):
            if target not in found:
                found.add(target)
                pending.append(target)
    return found
