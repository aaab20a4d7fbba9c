"""The model: what a schema means, once it is known to be right.

`resolve` makes a `Model` from a validated document: every reference followed, every default
filled in, every lane decided, except for what depends on sizes. `layout` adds those: a `Layout`
knows every offset and every lane's capacity. `render` prints a `Layout` and looks at nothing else.

All of it is immutable. Sequences are in id order where there are ids, otherwise in file order.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Generic, TypeVar

from corinth.diagnostics import Span
from corinth.field_types import EnumType, Field, StructType
from corinth.lane_kinds import LaneKind

T_co = TypeVar("T_co", covariant=True)

MAX_WORLDS = 64
MAX_COMPONENTS = 256
MAX_THREADS = 64
MAX_ROOMS = 63
MAX_TRANSFER_BYTES = 64 * 1024
MAX_ARRAY_COUNT = MAX_TRANSFER_BYTES
MAX_STRUCT_DEPTH = 16
MAX_ENUM_VALUES = 4096
MIN_CAPACITY = 2
MAX_CAPACITY = 2**30
DEFAULT_MAX_BYTES = 2**30


def fitting_capacity(wanted: int) -> int:
    """The smallest capacity that a ring may have and that holds as much; at most the largest."""
    return min(max(MIN_CAPACITY, 1 << max(0, wanted - 1).bit_length()), MAX_CAPACITY)


class Origin(enum.Enum):
    """Where a setting's value came from; `corinth layout` prints it."""

    GIVEN = "given"
    ROLE = "role"
    DEFAULT = "default"
    DECIDED = "decided"


@dataclass(frozen=True)
class Setting(Generic[T_co]):
    """A value, where it came from, and the place that gave it (or the lane or world it is for)."""

    value: T_co
    origin: Origin
    span: Span


class Role(enum.Enum):
    STANDALONE = "standalone"
    ACCEPT = "accept"
    IO = "io"
    COMPUTE = "compute"
    CUSTOM = "custom"


class Wait(enum.Enum):
    """What a thread does that waits."""

    PARK = "park"
    """It sleeps, and what it waits for wakes it by a bell."""
    YIELD = "yield"
    """It looks again and again, and lets others run between two looks."""
    SPIN = "spin"
    """It looks again and again, and keeps its core."""


class WhenFull(enum.Enum):
    """What a send into a full lane does."""

    FAIL = "fail"
    """It returns at once; the sender keeps the transfer."""
    WAIT = "wait"
    """It waits until there is room."""
    DROP_NEWEST = "drop_newest"
    """It drops the transfer that is sent."""
    DROP_OLDEST = "drop_oldest"
    """It takes the oldest out of the lane and drops that, to make room."""

    @property
    def drops(self) -> bool:
        """Whether a transfer is dropped where it finds the lane full."""
        return self in (WhenFull.DROP_NEWEST, WhenFull.DROP_OLDEST)


class Undelivered(enum.Enum):
    """Where transfers go that are dropped."""

    HANDLER = "handler"
    """To a function of the program, which owns them from then on."""
    DISCARD = "discard"
    """Nowhere: they are copies, and only counted."""


class Topology(enum.Enum):
    """Which pairs of worlds have lanes: those that routes and `lanes` name, or all."""

    ROUTES = "routes"
    FULL = "full"


@dataclass(frozen=True)
class Component:
    """A typed piece of entity data. A tag has no fields."""

    id: int
    name: str
    doc: str
    fields: tuple[Field, ...]
    span: Span

    @property
    def is_tag(self) -> bool:
        return not self.fields


@dataclass(frozen=True)
class ComponentRoute:
    component: Component
    target: int
    """World id."""
    span: Span


@dataclass(frozen=True)
class World:
    number: Setting[int]
    """Its id; by default its position in the file."""
    name: str
    doc: str
    role: Setting[Role]
    threads: Setting[int]
    wait: Setting[Wait]
    default_route: Setting[int] | None
    """World id, given by the world or the pipeline, or None where it routes nothing by default."""
    component_routes: tuple[ComponentRoute, ...]
    """In file order: the last match wins."""
    span: Span

    @property
    def id(self) -> int:
        return self.number.value

    @property
    def default_target(self) -> int | None:
        """World id, or None where the world routes nothing by default."""
        return None if self.default_route is None else self.default_route.value


@dataclass(frozen=True)
class Priority:
    """The second ring of a lane with `priority: true`; a capacity of None is left to `layout`."""

    capacity: Setting[int] | None
    burst: Setting[int]
    when_full: Setting[WhenFull]


@dataclass(frozen=True)
class Lane:
    """The directed transfer queue from one world to another, sizes not yet decided."""

    source: int
    target: int
    kind: Setting[LaneKind]
    producers: int
    consumers: int
    """How many threads send into it, and receive from it."""
    capacity: Setting[int] | None
    """None: not given, `layout` decides it from the size of a transfer."""
    batch_size: Setting[int]
    """As given, or the role's default before it is held to the capacity."""
    batch_is_own: bool
    """Given for this very lane, so above its capacity it is an error and not held to it."""
    weight: Setting[int]
    when_full: Setting[WhenFull]
    """Of transfers without priority; the others' is in `priority`."""
    deadline_ms: Setting[int] | None
    """How long a send waits at most; None where none waits, or as long as it takes."""
    undelivered: Setting[Undelivered] | None
    """None where nothing is ever dropped."""
    closable: Setting[bool]
    """Whether ports may close their ends of it."""
    pressure: Setting[bool]
    """Whether senders can ask if it is nearly full."""
    senders_park: bool
    """Whether a sender that waits for room sleeps, as its world says; else it looks again."""
    has_priority: Setting[bool]
    priority: Priority | None
    """None where `has_priority` is false."""
    span: Span

    @property
    def policies(self) -> tuple[Setting[WhenFull], ...]:
        """What a send does that finds it full, by class: the normal one, and that of priority."""
        return (self.when_full, *(() if self.priority is None else (self.priority.when_full,)))

    @property
    def can_wait(self) -> bool:
        """Whether a send into it, when it is full, waits until there is room."""
        return any(policy.value is WhenFull.WAIT for policy in self.policies)

    @property
    def has_room_bell(self) -> bool:
        """Whether senders sleep until there is room, so that receivers must wake them."""
        return self.can_wait and self.senders_park

    @property
    def can_drop(self) -> bool:
        """Whether a transfer may be dropped: where the lane is full, or when it is closed."""
        return self.closable.value or any(policy.value.drops for policy in self.policies)

    @property
    def has_handler(self) -> bool:
        """Whether what it drops goes to the program's handler, and isn't discarded."""
        return self.undelivered is not None and self.undelivered.value is Undelivered.HANDLER


@dataclass(frozen=True)
class Model:
    """A schema whose every reference is resolved. Lanes are ordered by (source, target)."""

    name: str
    doc: str
    source_name: str
    """The schema's file name without folders, for the banner."""
    inputs: tuple[str, ...]
    """Every file read, the schema first, for depfiles."""
    enums: tuple[EnumType, ...]
    structs: tuple[StructType, ...]
    """Each after those that it uses."""
    components: tuple[Component, ...]
    worlds: tuple[World, ...]
    lanes: tuple[Lane, ...]
    topology: Setting[Topology]
    max_bytes: Setting[int]
    span: Span

    @property
    def has_coordinator(self) -> bool:
        """One standalone world without lanes needs no coordinator at all."""
        return bool(self.lanes)

    @property
    def world_id_end(self) -> int:
        """One above the highest world id: the size of a table by id. Ids may have gaps."""
        return max((world.id for world in self.worlds), default=-1) + 1

    @property
    def component_id_end(self) -> int:
        """One above the highest component id: the bits of the mask. Ids may have gaps."""
        return max((component.id for component in self.components), default=-1) + 1


@dataclass(frozen=True)
class FieldLayout:
    field: Field
    offset: int
    size: int
    alignment: int


@dataclass(frozen=True)
class StructLayout:
    """A struct laid out as the compiler will: members, size with tail padding, alignment."""

    fields: tuple[FieldLayout, ...]
    size: int
    alignment: int
    padding: int
    """Bytes between and after members."""


@dataclass(frozen=True)
class HeaderMember:
    """A member of the transfer's header: entity, generation, source, target, flags, mask."""

    name: str
    offset: int
    size: int


@dataclass(frozen=True)
class ComponentLayout:
    component: Component
    struct: StructLayout | None
    """None for a tag."""
    offset: int | None
    """In the transfer; None for a tag."""


@dataclass(frozen=True)
class PlacedBlock:
    """A part of the transfer."""

    offset: int
    size: int


@dataclass(frozen=True)
class TransferLayout:
    header: tuple[HeaderMember, ...]
    header_size: int
    components: tuple[ComponentLayout, ...]
    body: PlacedBlock | None
    """The member that holds the components; None where all of them are tags."""
    mask_bits: int
    """One above the highest component id, as ids may have gaps; 0 without components."""
    mask_value_bits: int
    """Width of the mask as a value: 32, 64, or a multiple of 64 (words of a struct)."""
    mask_storage_bytes: int
    """As a member: 1, 2, 4, 8, or 8 times the words."""
    size: int
    alignment: int
    padding: int
    encoded_max: int
    """The longest encoded frame in bytes."""


@dataclass(frozen=True)
class PriorityLayout:
    capacity: Setting[int]
    burst: Setting[int]
    when_full: Setting[WhenFull]
    bytes: int


@dataclass(frozen=True)
class LaneLayout:
    lane: Lane
    capacity: Setting[int]
    batch_size: Setting[int]
    priority: PriorityLayout | None
    bytes: int
    """Slots and ring, the priority ring included."""


@dataclass(frozen=True)
class Layout:
    """A model with every size, offset and capacity decided."""

    model: Model
    structs: tuple[StructLayout, ...]
    """Parallel to `model.structs`."""
    transfer: TransferLayout
    lanes: tuple[LaneLayout, ...]
    """Parallel to `model.lanes`."""
    total_bytes: int
    """The slots and rings of all lanes."""
    wire_hash: int
    """The first 8 bytes of SHA-256 over the canonical wire text, most significant byte first."""
    layout_hash: int
    """The same over offsets, sizes and lanes."""
