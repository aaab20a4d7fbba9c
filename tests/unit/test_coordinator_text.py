"""Goal: lanes, worlds and coordinators read as if written by hand whatever the names are: no line
is too long, except one that a single name fills, and no blank or blank line is doubled.
Method: schemas with names of many lengths, up to the longest that the language allows.
"""

from __future__ import annotations

import re

import pytest

from corinth.render import render
from tests.support.schemas import examine

WIDTH = 100
NAME = re.compile(r"\w+")
LONG_NAME = 36
"""Nothing can be done for a line with a name of this length."""

SCHEMA = """
corinth: 1
name: {schema}
components:
  C{component}: {{fields: {{number: u32}}}}
  T{component}: {{}}
worlds:
  a{world}:
    threads: 2
    routing:
      default_target: b{world}
      component_routes: [{{component: T{component}, target: c{world}}}]
  b{world}: {{routing: {{default_target: c{world}}}}}
  c{world}: {{routing: {{default_target: a{world}}}}}
lanes:
  - {{from: a{world}, to: c{world}, priority: true}}
  - {{from: b{world}, to: c{world}, priority: true}}
"""


def headers(schema: int, world: int, component: int) -> dict[str, str]:
    """All headers but those of components and transfers, for names of these lengths."""
    text = SCHEMA.format(
        schema="s" * schema, world="w" * (world - 1), component="t" * (component - 1)
    )
    outputs = render(examine(text).valid())
    other = re.compile(r"s+(_components|_transfer)?\.h|s+\.json")
    found = {name: text for name, text in outputs.items() if not other.fullmatch(name)}
    assert len(found) == 3 + 3, "lanes, coordinator, dispatch, and three worlds"
    return found


@pytest.mark.parametrize("schema", [1, 6, 12])
@pytest.mark.parametrize("world", [1, 5, 11, 16])
def test_lines_are_short(schema: int, world: int) -> None:
    """Names as they are in use: no line is longer than the limit."""
    for text in headers(schema, world, 20).values():
        assert [line for line in text.splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize(("schema", "world"), [(48, 62), (48, 1), (1, 62), (24, 30)])
def test_lines_are_long_for_a_long_name_only(schema: int, world: int) -> None:
    """The longest names: a line that is too long holds one that could not be broken."""
    for text in headers(schema, world, 62).values():
        long = [line for line in text.splitlines() if len(line) > WIDTH]
        assert [line for line in long if max(map(len, NAME.findall(line))) < LONG_NAME] == []


def test_text_is_tidy() -> None:
    """No blank at a line's end, no tab, no blank lines in a row or after a brace."""
    for text in headers(6, 5, 9).values():
        assert not re.search(r"[ \t]\n|\t|\n\n\n|\{\n\n", text)
        assert text.endswith("#endif\n")
