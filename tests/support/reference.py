"""The parts of the docs that are told by the code: tables of keys and counters, all messages.

`docs/schema.md` has a table between `<!-- keys of NAME -->` and `<!-- end -->` for each object of
the JSON Schema of schemas, `docs/layout-json.md` one for each of that of NAME.json. Pages have
tables between `<!-- counters of TYPE -->` and `<!-- end -->` for structs of counters.
`docs/messages.md` is made whole, from the rules and their bad schemas.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from corinth.statistics import Record

Node = Mapping[str, Any]

MARK = re.compile(r"<!-- keys of (\w+) -->\n.*?<!-- end -->", re.DOTALL)
COUNTERS_MARK = re.compile(r"<!-- counters of (\w+) -->\n.*?<!-- end -->", re.DOTALL)

MESSAGES_HEAD = """\
# Messages

Every rule that a schema can break, in the order in which they are checked: files first, then YAML,
then the form of each key, then what the keys mean together. The rule's name stands in brackets at
the end of a message. All errors come in one run. The examples are this project's own tests.
"""


def key_tables(text: str, schema: Node) -> str:
    """The reference of schemas with each table as the JSON Schema has it."""
    return _with_tables(text, schema, key_table)


def value_tables(text: str, schema: Node) -> str:
    """The reference of NAME.json, likewise."""
    return _with_tables(text, schema, value_table)


def _with_tables(text: str, schema: Node, made: Callable[[Node, Node], str]) -> str:
    def table(mark: re.Match[str]) -> str:
        name = mark.group(1)
        node = schema if name == "schema" else definition(schema, name)
        return f"<!-- keys of {name} -->\n{made(node, schema)}\n<!-- end -->"

    return MARK.sub(table, text)


def counter_tables(text: str, records: Iterable[Record]) -> str:
    """A page with its tables of counters as the generator has them."""
    known = {record.c_type: record for record in records}

    def table(mark: re.Match[str]) -> str:
        name = mark.group(1)
        rows = ["| counter | unit | kind | |", "| --- | --- | --- | --- |"]
        rows += [
            f"| `{each.name}` | {each.unit.value} | {each.kind.value} | {each.doc} |"
            for each in known[name].counters
        ]
        return "\n".join([f"<!-- counters of {name} -->", *rows, "<!-- end -->"])

    return COUNTERS_MARK.sub(table, text)


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


def value_table(node: Node, schema: Node) -> str:
    """One row for each key, all of which are always there."""
    rows = ["| key | value | |", "| --- | --- | --- |"]
    for key, value in node["properties"].items():
        item = resolved(value, schema)
        rows.append(f"| `{key}` | {value_words(value, schema)} | {item['description']} |")
    return "\n".join(rows)


def value_words(item: Node, schema: Node) -> str:
    """What a key holds, in words; an object by a link to its own table."""
    if "oneOf" in item:
        return " or ".join(value_words(each, schema) for each in item["oneOf"])
    name = item.get("$ref", "").rsplit("/", 1)[-1]
    node = resolved(item, schema)
    if "properties" in node:
        return f"[{name}](#{name})"
    if node.get("type") == "array":
        return f"list of {value_words(node['items'], schema)}"
    return domain(node, schema)


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
        return f"`{json.dumps(item['const'])}`"
    if "enum" in item:
        return ", ".join(f"`{value}`" for value in item["enum"])
    if "then" in item and "enum" in item["then"]:
        return f"{domain(item['then'], schema)}, or mapping"
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
