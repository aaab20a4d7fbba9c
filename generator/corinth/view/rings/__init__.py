"""A lane's rings: the members and statements by which a lane uses each of the runtime's rings.

The ring of corinth/RING.h has them in RING.py beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from corinth.lane_kinds import LaneKind


@dataclass(frozen=True)
class RingNames:
    """What the statements of a ring speak of."""

    ring: str
    marks: str
    slots: str
    """Members of the lane."""
    capacity: str
    """The constant."""
    transfer: str
    """The type of a slot."""


@dataclass(frozen=True)
class RingStatementsView:
    """How a lane uses a ring, in its own functions. Positions begin at `start`; `lane`, `claim`,
    `batch`, `first`, `end`, `wanted`, `count` and `ready` are those functions' own."""

    members: tuple[str, ...]
    init: str
    reserve: str
    commit: str
    peek: tuple[str, ...]
    release: str
    readiness: str
    """An expression."""
    count_behind: str
    """Nothing where there is one producer: no other can be behind its claim."""


class Ring(Protocol):
    """What a ring's module has."""

    def statements(self, kind: LaneKind, names: RingNames) -> RingStatementsView: ...


def ring_statements(kind: LaneKind, names: RingNames) -> RingStatementsView:
    """Those of a lane of the kind."""
    ring = cast(Ring, import_module(f"{__name__}.{kind.ring}"))
    return ring.statements(kind, names)


def slots(names: RingNames) -> str:
    """The declaration of a lane's slots."""
    return f"{names.transfer} {names.slots}[{names.capacity}];"


def aligned(declaration: str) -> tuple[str, str]:
    """A declaration on a line of its own."""
    return "CORINTH_ALIGNAS(CORINTH_CACHE_LINE)", declaration
