"""Names: every identifier that generated code may define, made in one place.

A schema's `name` prefixes them all: `RequestData` of `server` is `server_request_data` as a type
and a member, `SERVER_REQUEST_DATA_BIT` as a constant. Templates ask a `Names` for what depends on
the schema and write what doesn't as `{{ names.fixed("transfer_init") }}`; both only answer names
that `declare_all` enters into the identifier table, where two equal ones are an error.

Helpers that only templates call are PREFIX_internal_*, and listed here as well. No schema name may
be or begin with `internal`, so they can only meet each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corinth.model import Component, EnumType, EnumValue, StructType, World

COMPONENT_CALLS = ("pack", "add", "unpack", "has", "remove")
"""PREFIX_transfer_CALL_component."""

COMPONENT_CONSTANTS = ("BIT", "MASK", "OFFSET", "SIZE", "ALIGNMENT")
"""PREFIX_COMPONENT_…; MASK exists up to 64 components, OFFSET and SIZE not for tags."""

ENUM_CALLS = ("is_valid", "name")
"""PREFIX_enum_CALL."""

STRUCT_CONSTANTS = ("SIZE", "ALIGNMENT")

WORLD_CALLS = (
    "open", "close", "send", "send_routed", "send_batch", "receive", "receive_batch", "flush",
    "wait", "prepare_wait", "commit_wait", "cancel_wait", "set_wake", "record_tick",
)  # fmt: skip
"""PREFIX_world_CALL."""

WORLD_CONSTANTS = ("THREADS",)

LANE_TYPES = ("transfer", "claim", "batch")
"""PREFIX_lane_TYPE; the lane itself is PREFIX_lane."""

LANE_CALLS = (
    "init", "reserve", "reserve_priority", "commit", "abort", "peek", "release", "send",
    "send_batch", "receive", "receive_batch", "pending", "stats", "ring", "flush",
)  # fmt: skip
LANE_CONSTANTS = (
    "INDEX", "CAPACITY", "BATCH_SIZE", "WEIGHT", "PRIORITY_CAPACITY", "PRIORITY_BURST", "SIZE",
)  # fmt: skip

INTERNAL_TYPE_CALLS = ("check", "get", "put", "ranges_of")
"""PREFIX_internal_CALL_name, of enums, structs and components."""

INTERNAL_WORLD_CALLS = (
    "SOURCES",
    "init",
    "is_ready",
    "next_turn",
    "receive_run",
    "route",
    "send_run",
    "turn_length",
)
"""PREFIX_internal_world_CALL; a constant with all of it in upper case."""

INTERNAL_LANE_CALLS = (
    "claim", "claim_priority", "commit", "drain", "is_ready", "peek", "peek_normal",
    "peek_priority", "receive_run", "release", "reserve", "reserve_priority", "send_run", "stats",
    "tally",
)  # fmt: skip
"""PREFIX_internal_lane_CALL."""

HEADERS = ("", "components", "transfer", "lanes", "coordinator")
"""PREFIX.h, PREFIX_components.h and so on, each with its include guard."""

HEADER_MEMBERS = ("entity", "generation", "source", "target", "flags", "mask")
"""Members of the transfer before the components."""

FIXED_NAMES = frozenset(
    (
        "entity",
        "generation",
        *("mask", "mask_of", "mask_or", "mask_and", "mask_has", "mask_none", "mask_all"),
        *("mask_is_empty", "mask_equal", "mask_add", "mask_remove", "mask_count", "mask_is_valid"),
        *("world", "world_name", "world_is_valid", "route", "lane", "lane_name", "lane_info"),
        *("lane_table", "world_table", "world_info"),
        *("component_name", "component_table", "component_info"),
        *("transfer", "transfer_init", "transfer_reset", "transfer_forward", "transfer_validate"),
        *("transfer_encode", "transfer_decode", "transfer_copy", "transfer_encoded_size"),
        *("coordinator", "coordinator_init", "coordinator_start", "coordinator_stop"),
        *("coordinator_is_running", "coordinator_send", "coordinator_send_routed"),
        *("coordinator_send_batch", "coordinator_receive", "coordinator_receive_batch"),
        *("coordinator_flush", "coordinator_wait", "coordinator_prepare_wait"),
        *("coordinator_commit_wait", "coordinator_cancel_wait", "coordinator_set_wake"),
        *("coordinator_pending", "coordinator_total_pending", "coordinator_set_undelivered"),
        *("coordinator_drain", "coordinator_deinit", "coordinator_stats"),
        *("coordinator_stats_reset", "coordinator_record_tick", "coordinator_create"),
        *("coordinator_destroy", "undelivered_function", "drain_function", "wake_function"),
        *("undelivered", "undelivered_reason", "drain_fn", "undelivered_fn", "wake_fn"),
        *("stats", "lane_stats", "world_stats", "coordinator_statistics"),
    )
)
"""Types and functions that every schema gets, without the prefix."""

FIXED_CONSTANTS = frozenset(
    (
        *("WORLD_COUNT", "NO_ROUTE", "COMPONENT_COUNT", "LANE_COUNT", "MASK_WORDS", "MASK_ALL"),
        *("MASK_NONE", "WIRE_HASH", "LAYOUT_HASH", "WIRE_VERSION", "WIRE_MAGIC"),
        *("TRANSFER_SIZE", "TRANSFER_ALIGNMENT", "TRANSFER_HEADER_SIZE", "TRANSFER_ENCODED_MAX"),
        *("TRANSFER_ENCODED_MIN", "TRANSFER_MAGIC", "TRANSFER_VERSION", "TRANSFER_FLAGS"),
        *("TRANSFER_DESTROY_ON_ARRIVE", "TRANSFER_PRIORITY", "TRANSFER_COMPLETE"),
        *("TRANSFER_FLAGS_ALL", "COORDINATOR_SIZE", "COORDINATOR_ALIGNMENT"),
    )
)
"""Constants that every schema gets, without the prefix."""


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """`RequestData` → `request_data`, `HTTPRequest` → `http_request`, `Vec3` → `vec3`."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return name.lower()


def upper_case(name: str) -> str:
    """`RequestData` → `REQUEST_DATA`."""
    return snake_case(name).upper()


@dataclass(frozen=True)
class Names:
    """The identifiers of one schema. Constant parts that are unknown raise `KeyError`."""

    prefix: str
    """The schema's name, `server`."""

    def internal(self, name: str) -> str:
        """`server_internal_copy`; a constant where the name has no lower case."""
        prefix = f"{self.upper}_INTERNAL" if name.isupper() else f"{self.prefix}_internal"
        return f"{prefix}_{name}"

    @property
    def upper(self) -> str:
        """`SERVER`."""
        return self.prefix.upper()

    def header(self, part: str) -> str:
        """The file of a part, one of `HEADERS`: `server_lanes.h`."""
        return f"{self.prefix}_{_known(part, HEADERS)}.h" if part else f"{self.prefix}.h"

    def guard(self, part: str) -> str:
        """The include guard of a part: `SERVER_LANES_H`."""
        return f"{self.upper}_{_known(part, HEADERS).upper()}_H" if part else f"{self.upper}_H"

    def fixed(self, name: str) -> str:
        """`transfer_init` → `server_transfer_init`; upper case likewise."""
        if name in FIXED_CONSTANTS:
            return f"{self.upper}_{name}"
        return f"{self.prefix}_{_known(name, FIXED_NAMES)}"

    def enum_type(self, enum: EnumType) -> str:
        """`server_conn_state`."""
        return f"{self.prefix}_{snake_case(enum.name)}"

    def enum_value(self, enum: EnumType, value: EnumValue) -> str:
        """`SERVER_CONN_STATE_READING`."""
        return f"{self.upper}_{upper_case(enum.name)}_{upper_case(value.name)}"

    def enum_call(self, enum: EnumType, call: str) -> str:
        """`server_conn_state_is_valid`."""
        return f"{self.enum_type(enum)}_{_known(call, ENUM_CALLS)}"

    def struct_type(self, struct: StructType) -> str:
        """`server_address`."""
        return f"{self.prefix}_{snake_case(struct.name)}"

    def struct_constant(self, struct: StructType, constant: str) -> str:
        """`SERVER_ADDRESS_SIZE`."""
        return f"{self.upper}_{upper_case(struct.name)}_{_known(constant, STRUCT_CONSTANTS)}"

    def component_member(self, component: Component) -> str:
        """The member of the transfer: `request_data`."""
        return snake_case(component.name)

    def component_type(self, component: Component) -> str:
        """`server_request_data`."""
        return f"{self.prefix}_{snake_case(component.name)}"

    def component_constant(self, component: Component, constant: str) -> str:
        """`SERVER_REQUEST_DATA_OFFSET`."""
        return f"{self.upper}_{upper_case(component.name)}_{_known(constant, COMPONENT_CONSTANTS)}"

    def component_bit(self, component: Component) -> str:
        """`SERVER_REQUEST_DATA_BIT`."""
        return self.component_constant(component, "BIT")

    def component_mask(self, component: Component) -> str:
        """`SERVER_REQUEST_DATA_MASK`; emitted up to 64 components."""
        return self.component_constant(component, "MASK")

    def component_call(self, component: Component, call: str) -> str:
        """`server_transfer_pack_request_data`."""
        known = _known(call, COMPONENT_CALLS)
        return f"{self.prefix}_transfer_{known}_{snake_case(component.name)}"

    def world_member(self, world: World) -> str:
        """The world's part in names and the text of `world_name`: `io`."""
        return snake_case(world.name)

    def world_constant(self, world: World, constant: str = "") -> str:
        """`SERVER_WORLD_IO`; with a constant, `SERVER_IO_THREADS`."""
        if constant:
            return f"{self.upper}_{upper_case(world.name)}_{_known(constant, WORLD_CONSTANTS)}"
        return f"{self.upper}_WORLD_{upper_case(world.name)}"

    def world_port(self, world: World) -> str:
        """`server_io_port`."""
        return f"{self.prefix}_{snake_case(world.name)}_port"

    def world_ports_member(self, world: World) -> str:
        """The coordinator's array of a world's ports: `io_ports`."""
        return f"{snake_case(world.name)}_ports"

    def world_parkers_member(self, world: World) -> str:
        """The coordinator's array of what a world's threads sleep on: `io_parkers`."""
        return f"{snake_case(world.name)}_parkers"

    def world_call(self, world: World, call: str) -> str:
        """`server_io_send`."""
        return f"{self.prefix}_{snake_case(world.name)}_{_known(call, WORLD_CALLS)}"

    def lane_member(self, source: World, target: World) -> str:
        """The lane in messages and as the coordinator's member: `accept_to_io`."""
        return f"{snake_case(source.name)}_to_{snake_case(target.name)}"

    def lane_type(self, source: World, target: World, part: str = "") -> str:
        """`server_accept_to_io`, or with a part `server_accept_to_io_claim`."""
        name = f"{self.prefix}_{self.lane_member(source, target)}"
        return f"{name}_{_known(part, LANE_TYPES)}" if part else name

    def lane_call(self, source: World, target: World, call: str) -> str:
        """`server_accept_to_io_reserve`."""
        return f"{self.lane_type(source, target)}_{_known(call, LANE_CALLS)}"

    def lane_constant(self, source: World, target: World, constant: str) -> str:
        """`SERVER_ACCEPT_TO_IO_CAPACITY`."""
        lane = self.lane_type(source, target).upper()
        return f"{lane}_{_known(constant, LANE_CONSTANTS)}"


def _known(part: str, parts: tuple[str, ...] | frozenset[str]) -> str:
    if part not in parts:
        raise KeyError(f"`{part}` is not in the identifier table of corinth.names")
    return part
