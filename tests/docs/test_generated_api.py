"""Goal: docs/generated-api.md shows every function, as README says. Method: the public functions of
the headers of the page's schema, by their form: what it shows of one world, lane, component or enum
it shows of all. The same for the types of functions that a program writes.
"""

from __future__ import annotations

import re

from tests.support.tree import ROOT, TESTS

HEADERS = sorted((TESTS / "golden" / "server").glob("*.h"))
PAGE = ROOT / "docs" / "generated-api.md"
FUNCTION = re.compile(r"^static inline [^;{=]*?\b(server_\w+)\(", re.MULTILINE)
FUNCTION_TYPE = re.compile(r"^typedef [^;]*\(\*(server_\w+)\)\(", re.MULTILINE)
INTERNAL = "server_internal_"
WORLD = "(?:accept|io|compute)"
FORMS = (
    (rf"^server_{WORLD}_to_{WORLD}(?=_)", "LANE"),
    (rf"^server_{WORLD}(?=_)", "WORLD"),
    (r"(?<=_)(?:connection|request_data)$", "DATA"),
    (r"(?<=_)error_marker$", "TAG"),
    (r"^server_conn_state(?=_)", "ENUM"),
)
LEAST = 60
"""Forms that there are at least, so that the test can't pass for want of headers."""


def form(name: str) -> str:
    """`server_io_send` → `WORLD_send`."""
    for pattern, noun in FORMS:
        name = re.sub(pattern, noun, name)
    return name


def test_every_function_is_shown() -> None:
    """A tag's calls stand for those of data: pack, has and remove are the same for both."""
    shown = {form(name) for name in re.findall(r"server_\w+", PAGE.read_text(encoding="utf-8"))}
    shown |= {name.replace("TAG", "DATA") for name in shown}
    shown |= {name.replace("DATA", "TAG") for name in shown}
    defined = set()
    for header in HEADERS:
        text = header.read_text(encoding="utf-8")
        found = FUNCTION.findall(text) + FUNCTION_TYPE.findall(text)
        defined |= {form(name) for name in found if not name.startswith(INTERNAL)}
    assert len(defined) >= LEAST
    assert defined - shown == set()
