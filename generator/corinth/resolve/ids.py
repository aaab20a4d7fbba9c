"""Ids of components and worlds: the position in the file, or what `id` says."""

from __future__ import annotations

from dataclasses import dataclass

from corinth.diagnostics import Diagnostics, Note, Span


@dataclass(frozen=True)
class Claimant:
    """Something that needs an id. `given` is its `id:`, with its place."""

    name: str
    span: Span
    given: tuple[int, Span] | None


def assign_ids(
    what: str, claimants: list[Claimant], limit: int, diagnostics: Diagnostics, first: int
) -> list[int]:
    """One id for each claimant, in the same order; all different, even after an error.

    `first` is the id of the first position.
    """
    taken: dict[int, Claimant] = {}
    wanted = [
        position if claimant.given is None else claimant.given[0]
        for position, claimant in enumerate(claimants, first)
    ]
    free = _free_id(wanted, limit)
    ids = []
    for claimant, number in zip(claimants, wanted, strict=True):
        if number in taken:
            _report_collision(what, claimant, number, taken[number], free, diagnostics)
            number = max(limit, *taken) + 1
        taken[number] = claimant
        ids.append(number)
    return ids


def _free_id(wanted: list[int], limit: int) -> int | None:
    """The lowest id that isn't taken."""
    used = set(wanted)
    return next((number for number in range(limit) if number not in used), None)


def _report_collision(
    what: str,
    claimant: Claimant,
    number: int,
    first: Claimant,
    free: int | None,
    diagnostics: Diagnostics,
) -> None:
    whose = ", its position" if claimant.given is None else ""
    place = claimant.span if claimant.given is None else claimant.given[1]
    theirs = " by its position" if first.given is None else ""
    hint = f"`id: {free}` is free" if free is not None else "no id is free"
    diagnostics.error(
        "id-collision",
        f"{what} `{claimant.name}` has the id {number}{whose}, which `{first.name}` has{theirs}",
        place,
        hint,
        (Note(f"`{first.name}` is here", first.given[1] if first.given else first.span),),
    )
