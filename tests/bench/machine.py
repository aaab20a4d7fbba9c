"""The machine that is measured: what figures depend on, without saying whose it is."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

TOPOLOGY = Path("/sys/devices/system/cpu")


def one_of_each(siblings: Mapping[int, str]) -> set[int]:
    """One processor of each core, from what names a core for each processor."""
    descending = sorted(siblings.items(), reverse=True)
    return set({core: number for number, core in descending}.values())


def _core_of(number: int) -> str:
    """The processors that are threads of this one's core; itself where that can't be known."""
    path = TOPOLOGY / f"cpu{number}" / "topology" / "thread_siblings_list"
    return path.read_text(encoding="ascii") if path.exists() else str(number)


def leave_siblings_alone() -> int:
    """Use one processor of each core from here on, if that leaves two; returns how many."""
    allowed = os.sched_getaffinity(0)
    cores = one_of_each({number: _core_of(number) for number in allowed})
    if len(cores) >= 2:
        os.sched_setaffinity(0, cores)
    return len(os.sched_getaffinity(0))


def model_name(lines: Iterable[str]) -> str:
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.machine()


def description(cores: int) -> dict[str, str | int]:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    version = ".".join(platform.release().split(".")[:2])
    system = f"{platform.system()} {version}"
    return {"processor": model_name(text.splitlines()), "cores": cores, "system": system}


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()
