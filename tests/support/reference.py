"""The parts of the docs that are told by the code: tables of keys, and the list of messages.

`docs/schema.md` has a table between `<!-- keys of NAME -->` and `<!-- end -->` for each object of
the JSON Schema; `docs/messages.md` is made whole, from the rules and their bad schemas.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Node = Mapping[str, Any]

MARK = re.compile(r"<!-- keys of (\w+) -->\n.*?<!-- end -->", re.DOTALL)

MESSAGES_HEAD = """\
# Messages

Every rule that a schema can break, in the order in which they are checked: files first, then YAML,
then the form of each key, then what the keys mean together. The rule's name stands in brackets at
the end of a message. All errors come in one run. The examples are this project's own tests.
"""


def key_tables(text: str, schema: Node) -> str:
    """The reference with each table as the JSON Schema has it."""

    def table(mark: re.Match[str]) -> str:
        name = mark.group(1)
        node = schema if name == "schema" else definition(schema, name)
        return f"<!-- keys of {name} -->\n{key_table(node, schema)}\n<!-- end -->"

    return MARK.sub(table, text)


def documented_objects(text: str) -> set[str]:
    """The names of the objects that the reference has a table for."""
    return {mark.group(1) for mark in MARK.finditer(text)}


def definition(schema: Node, name: str) -> Node:
    """An object of the schema by its name: a definition, or a property of the top or of a world."""
    if name in schema["$defs"]:
        return resolved(schema["$defs"][name], schema)
    for owner in (schema, schema["$defs"]["world"]):
        if name in owner["properties"]:
            return resolved(owner["properties"][name], schema)
    raise KeyError(name)


def resolved(node: Node, schema: Node) -> Node:
    """The node with what it refers to merged in; its own keys win."""
    if "$ref" not in node:
        return node
    target = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return {**resolved(target, schema), **{key: node[key] for key in node if key != "$ref"}}


def key_table(node: Node, schema: Node) -> str:
    """One row for each key that may be given, one for all that may not yet."""
    rows = ["| key | domain | default | |", "| --- | --- | --- | --- |"]
    later = []
    for key, value in node["properties"].items():
        item = resolved(value, schema)
        if "x-due" in item:
            later.append(f"`{key}`")
            continue
        default = default_of(key, item, node)
        rows.append(f"| `{key}` | {domain(item, schema)} | {default} | {item['description']} |")
    if later:
        rows.append(f"| {', '.join(later)} | | | Reserved: refused as not supported yet. |")
    return "\n".join(rows)


def default_of(key: str, item: Node, owner: Node) -> str:
    if key in owner.get("required", owner.get("then", {}).get("required", ())):
        return "required"
    if "x-default" in item:
        return str(item["x-default"])
    value = item.get("default")
    if value is None or value in ({}, [], ""):
        return "-"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def domain(item: Node, schema: Node) -> str:
    """What values a key takes, in words."""
    if "const" in item:
        return f"`{str(item['const']).lower()}`"
    if "enum" in item:
        return ", ".join(f"`{value}`" for value in item["enum"])
    kind = item.get("type", "")
    if kind == "integer" and "minimum" in item and "maximum" in item:
        return f"{item['minimum']:,} to {item['maximum']:,}"
    names = {"integer": "integer", "boolean": "`true`, `false`", "string": "text"}
    names |= {"array": "list", "object": "mapping"}
    kinds: list[str] = kind if isinstance(kind, list) else [kind]
    return " or ".join(names.get(name, name) for name in kinds)


def messages(rules: Mapping[str, str], bad_schemas: Path) -> str:
    """The whole of docs/messages.md."""
    parts = [MESSAGES_HEAD]
    for rule, explanation in rules.items():
        paragraph = textwrap.fill(explanation, 104, break_long_words=False, break_on_hyphens=False)
        parts.append(f"## {rule}\n\n{paragraph}\n{example(rule, bad_schemas)}")
    return "\n".join(parts)


def example(rule: str, bad_schemas: Path) -> str:
    """The first message of the rule's own bad schema, indented; nothing where there is none."""
    expected = bad_schemas / f"{rule}.expected"
    if not expected.is_file():
        return ""
    blocks = re.split(r"\n(?=\S+:\d+:\d+: error: )", expected.read_text(encoding="utf-8"))
    own = next((block for block in blocks if f"[{rule}]" in block), None)
    if own is None:
        return ""
    lines = [line.rstrip() for line in own.rstrip("\n").splitlines()]
    return "\n" + textwrap.indent("\n".join(lines), "    ") + "\n"
