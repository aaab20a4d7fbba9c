"""Goal: the docs say what is true. Method: the parts that the code determines are made again and
compared with what is committed (with CORINTH_REWRITE_GOLDEN=1 they are rewritten instead); every
link between the docs leads somewhere; what the docs call is in a generated header.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from corinth.render import render
from corinth.rules import RULES
from corinth.statistics import RECORDS
from tests.support import reference
from tests.support.schemas import examine

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
REWRITE = "CORINTH_REWRITE_GOLDEN"


def compare(path: Path, text: str) -> None:
    if os.environ.get(REWRITE):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"set {REWRITE}=1 and run this test again"


def schema() -> reference.Node:
    text = (ROOT / "schemas" / "corinth-1.schema.json").read_text(encoding="utf-8")
    loaded: reference.Node = json.loads(text)
    return loaded


def test_the_reference_has_every_key_of_the_json_schema() -> None:
    """The tables are as the JSON Schema has them, and every object with keys has a table."""
    path = DOCS / "schema.md"
    text = path.read_text(encoding="utf-8")
    compare(path, reference.key_tables(text, schema()))
    objects = {name for name, node in schema()["$defs"].items() if "properties" in node}
    assert objects | {"schema", "pipeline"} <= reference.documented_objects(text)


def test_the_reference_has_every_key_of_the_layout() -> None:
    """The tables of NAME.json are as its JSON Schema has them, and no object lacks one."""
    form = json.loads((ROOT / "schemas" / "layout-2.schema.json").read_text(encoding="utf-8"))
    path = DOCS / "layout-json.md"
    compare(path, reference.value_tables(path.read_text(encoding="utf-8"), form))
    objects = {name for name, node in form["$defs"].items() if "properties" in node}
    assert objects | {"schema"} == reference.documented_objects(path.read_text(encoding="utf-8"))


def test_every_counter_is_explained() -> None:
    """The tables of counters are as the generator has them, and no struct lacks one."""
    for page in ("generated-api.md", "layout-json.md"):
        path = DOCS / page
        compare(path, reference.counter_tables(path.read_text(encoding="utf-8"), RECORDS))
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    documented = [mark.group(1) for mark in reference.COUNTERS_MARK.finditer(text)]
    assert sorted(documented) == sorted(record.c_type for record in RECORDS)


def test_every_rule_is_explained() -> None:
    """The list of messages is as the rules and their bad schemas have it."""
    compare(DOCS / "messages.md", reference.messages(RULES, ROOT / "tests" / "bad_schemas"))


def test_a_missing_key_would_be_seen() -> None:
    """A key that the JSON Schema gains changes the table."""
    before = schema()
    world = before["$defs"]["lane"]
    gained = {**world["properties"], "colour": {"type": "string", "description": "New."}}
    after = {**before, "$defs": {**before["$defs"], "lane": {**world, "properties": gained}}}
    text = (DOCS / "schema.md").read_text(encoding="utf-8")
    assert "| `colour` | text | - | New. |" in reference.key_tables(text, after)


def anchors(page: Path) -> set[str]:
    """What a link may name after `#`: the page's headings, as code hosts write them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file of the repository, and a heading that is there."""
    links = re.findall(r"\]\(([^)#\s]*)#?([^)\s]*)\)", page.read_text(encoding="utf-8"))
    for target, anchor in links:
        if "://" not in target:
            other = page.parent / target if target else page
            assert other.exists(), f"{page.name} links to {target}"
            assert not anchor or anchor in anchors(other), f"{page.name}: {target}#{anchor}"


FULL_LANES = """
  - {from: io, to: compute, priority: true, when_full: {normal: wait, priority: wait},
     closable: true, undelivered: handler, pressure: true}
  - {from: io, to: accept, closable: true, undelivered: handler, pressure: true}
  - {from: compute, to: io, when_full: drop_newest, undelivered: handler}
"""


def test_the_calls_that_the_api_page_shows_exist() -> None:
    """Each server_… function in docs/generated-api.md is in the golden server's headers, or would
    be if its lanes had what the page speaks of there."""
    source = (ROOT / "tests" / "golden" / "server" / "server.yaml").read_text(encoding="utf-8")
    outputs = [render(examine(text).valid()) for text in (source, source.rstrip() + FULL_LANES)]
    generated = "".join(text for each in outputs for text in each.values())
    known = set(re.findall(r"\b(?:server|SERVER)_\w+", generated))
    text = (DOCS / "generated-api.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"\b((?:server|SERVER)_\w+)", text)) - {"server_coordinator_h"}
    assert shown, "the page shows no call"
    assert not {name for name in shown if not name.endswith("_") and name not in known}
