"""Packages: the messages about a Python package that is missing or doesn't fit."""

from __future__ import annotations

import importlib.util
import shlex
import sys
from collections.abc import Sequence

NEEDED = ("ruamel.yaml", "jsonschema", "jinja2")
"""The modules that corinth imports itself; each brings others along."""

PIP_NAMES = {
    "attr": "attrs",
    "jsonschema_specifications": "jsonschema-specifications",
    "rpds": "rpds-py",
    "ruamel": "ruamel.yaml",
}
"""The package of each module whose name differs from it."""

DEBIAN_NAMES = {"attrs": "attr"}
"""What follows `python3-` where it isn't pip's name."""


def import_failure(error: ImportError) -> str | None:
    """How to get what couldn't be imported; None if it is a module of corinth itself."""
    module = (error.name or "").partition(".")[0]
    if module in ("", "corinth"):
        return None
    name = PIP_NAMES.get(module, module)
    if not isinstance(error, ModuleNotFoundError):
        return f"the Python package {name} can't be used ({error.msg}); {_installation([name])}"
    others = [each for each in NEEDED if each != name and not _is_there(each)]
    if not others:
        return f"the Python package {name} is missing; {_installation([name])}"
    names = [name, *others]
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"the Python packages {listed} are missing; {_installation(names)}"


def _installation(names: Sequence[str]) -> str:
    python = shlex.quote(sys.executable or "python3")
    debian_names = " ".join(f"python3-{DEBIAN_NAMES.get(name, name)}" for name in names)
    pip_names = " ".join(names)
    return f"run: {python} -m pip install {pip_names} (Debian: apt install {debian_names})"


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        # The package that the module is in is missing.
        return False
