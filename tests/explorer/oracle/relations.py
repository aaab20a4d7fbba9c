"""Relations between the events of an execution.

A relation is a list: for each event, a set of those that it precedes, a bit each.
"""

from __future__ import annotations

from collections.abc import Iterator

Relation = list[int]


def members(bits: int) -> Iterator[int]:
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def join(*relations: Relation) -> Relation:
    joined = [0] * len(relations[0])
    for relation in relations:
        for index, row in enumerate(relation):
            joined[index] |= row
    return joined


def compose(one: Relation, other: Relation) -> Relation:
    composed = [0] * len(one)
    for index, row in enumerate(one):
        for middle in members(row):
            composed[index] |= other[middle]
    return composed


def close(relation: Relation) -> Relation:
    """The transitive closure."""
    closed = list(relation)
    for middle in range(len(closed)):
        for index, row in enumerate(closed):
            if row >> middle & 1:
                closed[index] |= closed[middle]
    return closed


def is_irreflexive(relation: Relation) -> bool:
    return not any(row >> index & 1 for index, row in enumerate(relation))


def between(first: int, relation: Relation, last: int) -> Relation:
    """Of a relation what begins in one set and ends in the other."""
    return [row & last if first >> index & 1 else 0 for index, row in enumerate(relation)]
