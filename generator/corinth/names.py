"""Names: every identifier that generated code defines, made in one place.

A schema's `name` prefixes them all: `RequestData` of `server` is `server_request_data` as a type
and `SERVER_REQUEST_DATA_BIT` as a constant. What the generator names itself begins, after the
prefix, with one of `NOUNS`, so that everything else is free for the user. Templates take from a
`Names` what depends on the schema and write everything else out; `identifiers` enters all of it
into one table, where two equal identifiers are an error.

Helpers that only templates call are PREFIX_internal_*, and listed here as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from corinth.field_types import EnumType, EnumValue, StructType
from corinth.model import Component, World

Parts: TypeAlias = tuple[str, ...]

NOUNS = ("transfer", "coordinator", "world", "lane", "mask", "port", "stats", "route", "store")
"""What the generator's own names begin with; docs/schema.md lists them."""

COMPONENT_CALLS: Parts = ("pack", "has", "remove")
COMPONENT_DATA_CALLS: Parts = ("add", "unpack")
"""PREFIX_transfer_CALL_component; the latter not for tags."""

COMPONENT_CONSTANTS: Parts = ("BIT",)
COMPONENT_MASK: Parts = ("MASK",)
COMPONENT_DATA_CONSTANTS: Parts = ("OFFSET", "SIZE", "ALIGNMENT")
"""PREFIX_COMPONENT_…; MASK exists up to 64 components, the last three not for tags."""

ENUM_CALLS = ("is_valid",)
"""PREFIX_enum_CALL."""

STRUCT_CONSTANTS = ("SIZE", "ALIGNMENT")

WAITING_CALLS: Parts = ("open", "is_ready", "wait", "record_tick", "interrupt")
PARKING_CALLS: Parts = ("prepare_wait", "commit_wait", "cancel_wait", "set_wake")
SENDING_CALLS: Parts = ("send", "send_routed", "send_batch")
PATIENT_CALLS: Parts = ("try_send", "send_for")
SELECTING_CALLS: Parts = ("wait_for",)
PARKING_SELECTING_CALLS: Parts = ("prepare_wait_for", "commit_wait_for", "cancel_wait_for")
RECEIVING_CALLS: Parts = ("receive", "receive_batch")
PRESSED_CALLS: Parts = ("is_pressed",)
CLOSED_CALLS: Parts = ("is_closed",)
WORLD_CALLS = (
    WAITING_CALLS + PARKING_CALLS + SENDING_CALLS + PATIENT_CALLS + SELECTING_CALLS
    + PARKING_SELECTING_CALLS + RECEIVING_CALLS + PRESSED_CALLS + CLOSED_CALLS
)  # fmt: skip
"""PREFIX_world_CALL; those that send and receive where a lane leaves or reaches the world, the
patient and the selecting ones where a send over one waits for room, the parking ones where the
world's threads sleep, the pressed one where a lane that leaves it has pressure, the closed one
where all that reach it can be closed. Lanes that wait or have pressure have their calls, too."""

WORLD_CONSTANTS: Parts = ("THREADS",)
WORLD_SELECTING_CONSTANTS: Parts = ("INBOUND",)
"""PREFIX_WORLD_CONSTANT; the last where a world that selects has lanes into it."""

LANE_TYPES: Parts = ("transfer", "claim", "batch")
"""PREFIX_lane_TYPE; the lane itself is PREFIX_lane."""

LANE_CALLS: Parts = (
    "reserve", "place", "commit", "abort", "peek", "release", "send", "receive",
)  # fmt: skip
LANE_PRIORITY_CALLS: Parts = ("reserve_priority",)
LANE_CLOSING_CALLS: Parts = ("close_sending", "close_receiving", "is_closed")
"""PREFIX_lane_CALL; the first after `receive` where the lane has priority, the others where it can
be closed."""

LANE_CONSTANTS: Parts = ("INDEX", "CAPACITY", "BATCH_SIZE", "WEIGHT", "SIZE")
LANE_PRIORITY_CONSTANTS: Parts = ("PRIORITY_CAPACITY", "PRIORITY_BURST")
LANE_WAITING_CONSTANTS: Parts = ("DEADLINE_NS",)

INTERNAL_TYPE_CALLS = ("check", "get", "put", "ranges_of")
"""PREFIX_internal_CALL_name, of enums, structs and components."""

INTERNAL_WORLD_CALLS: Parts = ("route", "send_run", "take")
"""PREFIX_internal_world_CALL."""

INTERNAL_LANE_CALLS: Parts = ("claim", "claim_priority", "receive_run", "send_run")
"""PREFIX_internal_lane_CALL."""

INTERNAL_NAMES = (
    "are_stamped", "begin", "copy_in", "copy_out", "worlds", "rings", "form",
    "drop_newest", "make_room", "undelivered",
    "send", "send_batch", "send_function", "send_routed",
    "encoded_size", "run_length", "validate_header", "copy_components", "encode_components",
    "decode_components", "validate_components",
)  # fmt: skip
"""PREFIX_internal_NAME, where nothing of the user's is in the name."""

INTERNAL_PART = re.compile(
    r"(?:copy|encode|decode|validate)_(?:components_\d+_to_\d+|fields_\d+_to_\d+_of_\w+)"
)
"""The form of PREFIX_internal_NAME where a helper had to be parted."""

COORDINATOR_HEADERS: Parts = ("lanes", "coordinator", "dispatch")
HEADERS: Parts = ("", "components", "transfer", *COORDINATOR_HEADERS)
"""PREFIX.h, PREFIX_components.h and so on, each with its include guard; those of the coordinator
where there is one, and then one for each world."""

COORDINATOR_MEMBERS = (
    "base", "bells", "rooms", "wakers", "undelivered", "undelivered_context", "shared",
)  # fmt: skip
"""Members of the coordinator beside those of its worlds."""

SHARED_MEMBERS = ("base", "doorbells", "parkers", "ends", "ticks", "records")
"""Members of its shared part beside those of its lanes."""

FIXED_NAMES: Parts = (
    "world", "world_is_valid", "world_name",
    "mask", "mask_none", "mask_all", "mask_of", "mask_or", "mask_and", "mask_remove", "mask_has",
    "mask_equal", "mask_is_valid",
    "transfer_component_info", "transfer_component_name",
    "transfer", "transfer_init", "transfer_reset", "transfer_forward", "transfer_copy",
    "transfer_validate", "transfer_encode", "transfer_decode",
)  # fmt: skip
TABLE_NAMES: Parts = ("transfer_component_table",)
COORDINATOR_NAMES: Parts = (
    "lane_name", "route_target",
    "coordinator", "coordinator_shared", "coordinator_init", "coordinator_use_fences",
    "coordinator_start", "coordinator_stop",
    "coordinator_is_running", "coordinator_send", "coordinator_send_routed",
    "coordinator_send_batch", "coordinator_receive", "coordinator_receive_batch",
    "coordinator_is_ready", "coordinator_wait", "coordinator_interrupt",
    "coordinator_pending", "coordinator_total_pending", "coordinator_drain_function",
    "coordinator_drain", "coordinator_deinit", "coordinator_snapshot", "coordinator_stats",
    "coordinator_stats_reset", "coordinator_record_tick", "coordinator_create",
    "coordinator_destroy",
)  # fmt: skip
COORDINATOR_PARKING_NAMES: Parts = (
    "coordinator_prepare_wait", "coordinator_commit_wait", "coordinator_cancel_wait",
    "coordinator_set_wake",
)  # fmt: skip
COORDINATOR_PATIENT_NAMES: Parts = ("coordinator_try_send", "coordinator_send_for")
HANDLER_NAMES: Parts = ("coordinator_undelivered_function", "coordinator_set_undelivered")
"""Types and functions without the prefix: of every schema, of one with components, of one with
lanes, of one with worlds that park, of one with lanes that wait, of one where a lane has a
handler."""

FIXED_CONSTANTS: Parts = (
    "WORLD_COUNT", "ROUTE_NONE", "TRANSFER_COMPONENT_COUNT", "TRANSFER_WIRE_HASH",
    "TRANSFER_LAYOUT_HASH", "TRANSFER_SIZE", "TRANSFER_ALIGNMENT", "TRANSFER_HEADER_SIZE",
    "TRANSFER_ENCODED_MIN", "TRANSFER_ENCODED_MAX", "TRANSFER_DESTROY_ON_ARRIVE",
    "TRANSFER_PRIORITY", "TRANSFER_COMPLETE", "TRANSFER_FLAGS_ALL", "COMPONENTS",
    "COMPONENTS_WITH_DATA", "TAGS",
)  # fmt: skip
INTEGER_MASK_CONSTANTS: Parts = ("MASK_NONE", "MASK_ALL")
WORDS_MASK_CONSTANTS: Parts = ("MASK_WORDS",)
COORDINATOR_CONSTANTS: Parts = (
    "LANE_COUNT", "COORDINATOR_WORLDS", "COORDINATOR_THREADS", "COORDINATOR_SIZE",
    "COORDINATOR_ALIGNMENT",
)  # fmt: skip
"""Constants without the prefix: of every schema, of one with up to 64 components, of one with
more, of one with lanes."""

CPP_CALLS = ("pack", "add", "unpack", "has", "remove", "each_component")
"""Functions in the namespace that C++ sees."""

LOCAL_NAMES: Parts = (
    "are_stamped", "begin_ns", "deadline_ns", "duration_ns", "index_bits", "is_aboard", "is_batch",
    "is_in_range", "is_known", "is_lane", "is_new", "is_over", "is_pressed", "is_priority",
    "is_published", "is_running", "is_skipped", "is_valid", "is_world", "most_skipped", "now_ns",
    "other_state", "room_threads", "send_run", "timeout_ns", "to_end", "urgent_capacity",
    "wire_hash",
)  # fmt: skip
"""Parameters and variables of inline functions that a prefix and a name could be equal to."""

_FIXED_NAMES = frozenset(
    FIXED_NAMES + TABLE_NAMES + COORDINATOR_NAMES + COORDINATOR_PARKING_NAMES
    + COORDINATOR_PATIENT_NAMES + HANDLER_NAMES
)  # fmt: skip
_FIXED_CONSTANTS = frozenset(
    FIXED_CONSTANTS + INTEGER_MASK_CONSTANTS + WORDS_MASK_CONSTANTS + COORDINATOR_CONSTANTS
)

_DIMENSION = r"\d+Ds?(?![a-z]|[A-Z]{1,2}(?![A-Za-z]))|\d+K(?![A-Za-z])"
"""A word of its own: Position|2D, Texture|4K, but SQLite3|DB."""

_WORLD_CONSTANTS = WORLD_CONSTANTS + WORLD_SELECTING_CONSTANTS

_LANE_CONSTANTS = LANE_CONSTANTS + LANE_PRIORITY_CONSTANTS + LANE_WAITING_CONSTANTS

_WORD = re.compile(
    rf"""
    (?: {_DIMENSION}
      | AoE | DoT | HoT | IoT | NaN         # as players and mathematicians write
      | [A-Z](?:v[A-Z])+(?![a-z])           # PvP|Zone
      | [A-Z]2[A-Z](?![A-Za-z])             # P2P, B2B
      | [A-Z]{{2,}}(?:s(?![a-z])|v(?=\d))    # NPCs, IPv4|Address
      | [A-Z]+(?![a-z])                     # HTTP|Server
      | [A-Z]?[a-z]+                        # request|Data
      | (?<=_)(?=\d)                        # area_|51
    )
    (?: (?!{_DIMENSION})\d+[a-z]* )*        # Vec3f, MP3|Player
    """,
    re.VERBOSE,
)
"""A word of a name; what follows `|` in an example is the next one."""


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """`RequestData` → `request_data`, `AABB2D` → `aabb_2d`, `IPv4Address` → `ipv4_address`."""
    return "_".join(_WORD.findall(name)).lower()


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
        """The file of a part: `server_lanes.h`."""
        known = _known(part, HEADERS)
        return f"{self.prefix}_{known}.h" if part else f"{self.prefix}.h"

    def guard(self, part: str) -> str:
        """The include guard of a part: `SERVER_LANES_H`."""
        known = _known(part, HEADERS).upper()
        return f"{self.upper}_{known}_H" if part else f"{self.upper}_H"

    def fixed(self, name: str) -> str:
        """`transfer_init` → `server_transfer_init`; upper case likewise."""
        if name in _FIXED_CONSTANTS:
            return f"{self.upper}_{name}"
        return f"{self.prefix}_{_known(name, _FIXED_NAMES)}"

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

    def type_word(self, item: EnumType | StructType | Component) -> str:
        """A type's part in the names of its helpers: `request_data`."""
        return snake_case(item.name)

    def type_call(self, item: EnumType | StructType | Component, call: str) -> str:
        """`server_internal_put_request_data`."""
        return self.internal(f"{_known(call, INTERNAL_TYPE_CALLS)}_{self.type_word(item)}")

    def component_member(self, component: Component) -> str:
        """The member of the transfer: `request_data`."""
        return snake_case(component.name)

    def component_type(self, component: Component) -> str:
        """`server_request_data`."""
        return f"{self.prefix}_{snake_case(component.name)}"

    def component_cpp_type(self, component: Component) -> str:
        """`request_data` in the namespace that C++ sees; one that is called like a function of it
        is `pack_component`."""
        word = snake_case(component.name)
        is_taken = word in CPP_CALLS or word.startswith("internal_each_component")
        return f"{word}_component" if is_taken else word

    def component_constant(self, component: Component, constant: str) -> str:
        """`SERVER_REQUEST_DATA_OFFSET`."""
        known = _known(constant, COMPONENT_CONSTANTS + COMPONENT_MASK + COMPONENT_DATA_CONSTANTS)
        return f"{self.upper}_{upper_case(component.name)}_{known}"

    def component_bit(self, component: Component) -> str:
        """`SERVER_REQUEST_DATA_BIT`."""
        return self.component_constant(component, "BIT")

    def component_mask(self, component: Component) -> str:
        """`SERVER_REQUEST_DATA_MASK`; emitted up to 64 components."""
        return self.component_constant(component, "MASK")

    def component_call(self, component: Component, call: str) -> str:
        """`server_transfer_pack_request_data`."""
        known = _known(call, COMPONENT_CALLS + COMPONENT_DATA_CALLS)
        return f"{self.prefix}_transfer_{known}_{snake_case(component.name)}"

    def world_member(self, world: World) -> str:
        """The world's part in names and the text of `world_name`: `io`."""
        return snake_case(world.name)

    def world_constant(self, world: World, constant: str = "") -> str:
        """`SERVER_WORLD_IO`; with a constant, `SERVER_IO_THREADS`."""
        if constant:
            return f"{self.upper}_{upper_case(world.name)}_{_known(constant, _WORLD_CONSTANTS)}"
        return f"{self.upper}_WORLD_{upper_case(world.name)}"

    def room_constant(self, source: World, target: World, *, is_priority: bool) -> str:
        """`SERVER_IO_ROOM_TO_COMPUTE`, or `SERVER_IO_PRIORITY_ROOM_TO_COMPUTE`."""
        room = "PRIORITY_ROOM" if is_priority else "ROOM"
        return f"{self.upper}_{upper_case(source.name)}_{room}_TO_{upper_case(target.name)}"

    def world_port(self, world: World) -> str:
        """`server_io_port`."""
        return f"{self.prefix}_{snake_case(world.name)}_port"

    def world_ports_member(self, world: World) -> str:
        """The coordinator's array of a world's ports: `io_ports`."""
        return f"{snake_case(world.name)}_ports"

    def world_header(self, world: World) -> str:
        """The file of a world: `server_io.h`."""
        return f"{self.prefix}_{snake_case(world.name)}.h"

    def world_guard(self, world: World) -> str:
        """Its include guard: `SERVER_IO_H`."""
        return f"{self.upper}_{upper_case(world.name)}_H"

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

    def lane_constant(self, source: World, target: World, constant: str) -> str:
        """`SERVER_ACCEPT_TO_IO_CAPACITY`."""
        lane = self.lane_type(source, target).upper()
        return f"{lane}_{_known(constant, _LANE_CONSTANTS)}"


def _known(part: str, parts: tuple[str, ...] | frozenset[str]) -> str:
    if part not in parts:
        raise KeyError(f"`{part}` is not in the identifier table of corinth.names")
    return part
