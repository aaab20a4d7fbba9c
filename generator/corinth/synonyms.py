"""Synonyms: what people call the keys of the language, and what these need beside them."""

from __future__ import annotations

FULL_LANE = {
    "on_full": "when_full",
    "full": "when_full",
    "overflow": "when_full",
    "policy": "when_full",
    "timeout_ms": "deadline_ms",
    "on_drop": "undelivered",
    "dropped": "undelivered",
}
"""Of the keys that a lane and a `transfer_queue` have for what happens when there is no room."""

SYNONYMS: dict[str, dict[str, str]] = {
    "a schema": {
        "types": "structs",
        "version": "corinth",
        "imports": "include",
        "scenes": "worlds",
        "zones": "worlds",
        "levels": "worlds",
        "servers": "worlds",
        "shards": "worlds",
        "queues": "lanes",
        "channels": "lanes",
        "links": "lanes",
        "edges": "lanes",
        "connections": "lanes",
    },
    "a component": {"members": "fields", "data": "fields", "properties": "fields"},
    "a struct": {"members": "fields", "data": "fields", "properties": "fields"},
    "an enum": {"members": "values", "items": "values", "base": "type"},
    "a field": {"kind": "type"},
    "a world": {"queue": "transfer_queue", "routes": "routing"},
    "a routing": {"target": "default_target", "default": "default_target"},
    "a transfer_queue": {"size": "capacity", "batch": "batch_size", **FULL_LANE},
    "`when_full`": {"default": "normal", "urgent": "priority"},
    "a component route": {"to": "target", "world": "target", "name": "component"},
    "a lane": {
        "source": "from",
        "src": "from",
        "target": "to",
        "destination": "to",
        "dst": "to",
        "size": "capacity",
        "batch": "batch_size",
        "burst": "priority_burst",
        "urgent": "priority",
        **FULL_LANE,
    },
}
"""By what a mapping is called: words that people write for one of its keys."""

NEEDED = {"priority_burst": "priority", "priority_capacity": "priority"}
"""By key: the other one without which it has no effect."""

LENGTHS = ("count", "length", "size", "len", "elements", "n", "array")
"""What people call the number of elements beside the type of a field."""

INCLUDED = "an included file"
"""What a file is called that is only included by others."""

SYNONYMS[INCLUDED] = SYNONYMS["a schema"]
TOP = ("a schema", INCLUDED)
