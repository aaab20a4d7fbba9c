"""Where the package's own files are: beside it when installed, in the checkout otherwise.

Installed, `templates`, `schemas` and `runtime` lie inside the package; in a checkout they lie two
folders above it. Nothing else in the tool knows the difference.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _data_dir() -> Path:
    """The folder that holds `templates`, `schemas` and `runtime`."""
    installed = _PACKAGE / "templates"
    return _PACKAGE if installed.is_dir() else _PACKAGE.parent.parent


def templates_dir() -> Path:
    """The Jinja2 templates of the generated headers."""
    return _data_dir() / "templates"


def schemas_dir() -> Path:
    """The JSON Schemas of the schema language."""
    return _data_dir() / "schemas"


def include_dir() -> Path:
    """What generated code is compiled with as `-I`: it holds `corinth/*.h`."""
    return _data_dir() / "runtime" / "include"


def sources() -> list[Path]:
    """The runtime's C sources, to be compiled into the user's program."""
    return sorted((include_dir().parent / "src").glob("*.c"))
