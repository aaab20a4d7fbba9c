"""Goal: offsets, sizes and capacities are those of the compiler and of the specification.
Method: gcc computes the layout of random structs; tables give the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings

from corinth.field_types import ArrayType, EnumType, Field, StructType
from corinth.layout import ring_places
from corinth.model import LaneLayout, Layout, Origin, StructLayout
from tests.support.compilers import build_and_run
from tests.support.schemas import examine, schemas

PAIR = "worlds:\n  a: {routing: {default_target: b}}\n  b: {}\n"
HEAD = "corinth: 1\nname: server\n"
C_TYPES = {
    "i8": "int8_t", "i16": "int16_t", "i32": "int32_t", "i64": "int64_t", "u8": "uint8_t",
    "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t", "f32": "float", "f64": "double",
    "bool": "bool", "char": "char", "entity": "uint64_t",
}  # fmt: skip


def lane_of(text: str, index: int = 0) -> LaneLayout:
    """A lane of a valid schema."""
    return examine(text).valid().lanes[index]


def declare(prefix: str, item: Field) -> str:
    """A member in C, written without the generator's templates."""
    element = item.type.element if isinstance(item.type, ArrayType) else item.type
    if isinstance(element, StructType):
        kind = f"struct {prefix}_{element.name}"
    elif isinstance(element, EnumType):
        kind = C_TYPES[element.base.text]
    else:
        kind = C_TYPES[element.text]
    align = "_Alignas(8) " if kind in ("int64_t", "uint64_t", "double") else ""
    suffix = f"[{item.type.count}]" if isinstance(item.type, ArrayType) else ""
    return f"{align}{kind} {item.name}{suffix};"


@dataclass
class Program:
    """C code that prints what the compiler thinks, and what we expect it to print."""

    lines: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    expected: list[tuple[str, int]] = field(default_factory=list)

    def expect(self, expression: str, value: int) -> None:
        self.body.append(f'printf("%zu\\n", {expression});')
        self.expected.append((expression, value))

    def add_struct(self, name: str, prefix: str, struct: StructLayout) -> None:
        members = " ".join(declare(prefix, item.field) for item in struct.fields)
        self.lines.append(f"struct {name} {{ {members} }};")
        self.expect(f"sizeof(struct {name})", struct.size)
        self.expect(f"_Alignof(struct {name})", struct.alignment)
        for item in struct.fields:
            self.expect(f"offsetof(struct {name}, {item.field.name})", item.offset)

    def add_layout(self, prefix: str, layout: Layout) -> None:
        for struct, laid_out in zip(layout.model.structs, layout.structs, strict=True):
            self.add_struct(f"{prefix}_{struct.name}", prefix, laid_out)
        mask = layout.transfer.mask_storage_bytes
        stored = f"uint{8 * mask}_t mask;" if mask <= 8 else f"uint64_t mask[{mask // 8}];"
        members = ["_Alignas(8) uint64_t entity; uint32_t generation;"]
        members += ["uint8_t source, target, flags;", stored]
        places = [(member.name, member.offset) for member in layout.transfer.header]
        inner = []
        for component in layout.transfer.components:
            if component.struct is not None and component.offset is not None:
                name = f"{prefix}_{component.component.name}"
                self.add_struct(name, prefix, component.struct)
                inner.append(f"struct {name} m{component.component.id};")
                places.append((f"components.m{component.component.id}", component.offset))
        if layout.transfer.body is not None:
            members.append(f"struct {{ {' '.join(inner)} }} components;")
            places.append(("components", layout.transfer.body.offset))
            size = f"sizeof(((struct {prefix} *)0)->components)"
            self.expect(size, layout.transfer.body.size)
        self.lines.append(f"struct {prefix} {{ {' '.join(members)} }};")
        self.expect(f"sizeof(struct {prefix})", layout.transfer.size)
        for name, offset in places:
            self.expect(f"offsetof(struct {prefix}, {name})", offset)

    def text(self) -> str:
        """The whole program, in functions of a length that compiles fast."""
        headers = ("stdbool.h", "stddef.h", "stdint.h", "stdio.h")
        lines = [f"#include <{header}>" for header in headers] + self.lines
        parts = [self.body[start : start + 200] for start in range(0, len(self.body), 200)]
        for number, part in enumerate(parts):
            lines.append(f"static void print_{number}(void) {{ {' '.join(part)} }}")
        calls = " ".join(f"print_{number}();" for number in range(len(parts)))
        return "\n".join([*lines, f"int main(void) {{ {calls} return 0; }}"]) + "\n"


def test_layout_is_that_of_the_compiler(tmp_path: Path) -> None:
    """Goal: all offsets are right. Method: compile the structs of many random schemas at once, and
    of one whose header ends where no component can begin."""
    program = Program()
    texts: dict[str, str] = {}

    @settings(max_examples=30, database=None)
    @given(schemas())
    def collect(text: str) -> None:
        prefix = f"s{len(texts)}"
        texts[prefix] = text
        program.add_layout(prefix, examine(text).valid())

    collect()
    many = "".join(f"  C{number}: {{fields: {{x: u64}}}}\n" for number in range(9))
    texts["wide"] = (
        f"corinth: 1\nname: wide\ncomponents:\n{many}worlds:\n  w: {{role: standalone}}\n"
    )
    program.add_layout("wide", examine(texts["wide"]).valid())
    assert len(program.expected) > 500, "there is something to compare"
    result = build_and_run(program.text(), tmp_path, extra=["-O0"]).expect_success()
    printed = [int(line) for line in result.stdout.split()]
    for (expression, value), found in zip(program.expected, printed, strict=True):
        prefix = re.findall(r"struct (s\d+|wide)", expression)[0]
        assert found == value, f"{expression} in\n{texts[prefix]}"


@settings(max_examples=40)
@given(schemas())
def test_members_neither_overlap_nor_leave_the_transfer(text: str) -> None:
    """Goal: padding adds up. Method: every byte is a member's or padding, in random schemas."""
    transfer = examine(text).valid().transfer
    end = transfer.header_size
    used = sum(member.size for member in transfer.header)
    for component in transfer.components:
        if component.struct is None or component.offset is None:
            continue
        assert component.offset >= end
        assert component.offset % component.struct.alignment == 0
        end = component.offset + component.struct.size
        used += component.struct.size
        members = sum(item.size for item in component.struct.fields)
        assert members + component.struct.padding == component.struct.size
    assert end <= transfer.size < end + transfer.alignment
    assert used + transfer.padding == transfer.size


@pytest.mark.parametrize(
    ("count", "storage", "value_bits", "offset", "header_size"),
    [
        (0, 1, 32, 15, 16),
        (1, 1, 32, 15, 16),
        (8, 1, 32, 15, 16),
        (9, 2, 32, 16, 18),
        (16, 2, 32, 16, 18),
        (17, 4, 32, 16, 20),
        (32, 4, 32, 16, 20),
        (33, 8, 64, 16, 24),
        (64, 8, 64, 16, 24),
        (65, 16, 128, 16, 32),
        (128, 16, 128, 16, 32),
        (129, 24, 192, 16, 40),
        (256, 32, 256, 16, 48),
    ],
)
def test_mask(count: int, storage: int, value_bits: int, offset: int, header_size: int) -> None:
    """Goal: the mask has the smallest type. Method: each size around a change, as tags."""
    tags = "components:\n" + "".join(f"  T{i}: {{}}\n" for i in range(count)) if count else ""
    transfer = examine(HEAD + tags + PAIR).valid().transfer
    assert transfer.mask_bits == count
    assert (transfer.mask_storage_bytes, transfer.mask_value_bits) == (storage, value_bits)
    assert (transfer.header[-1].name, transfer.header[-1].offset) == ("mask", offset)
    assert transfer.header_size == header_size


def test_mask_reaches_to_the_highest_id() -> None:
    """Goal: ids with gaps have room. Method: one component with the last id."""
    text = HEAD + "components:\n  T: {id: 255}\n" + PAIR
    assert examine(text).valid().transfer.mask_storage_bytes == 32


def test_transfer_may_fill_64_kib() -> None:
    """Goal: the limit is exact. Method: a component that fits to the byte, and one byte more."""
    text = HEAD + 'components:\n  Body: {fields: {data: "u8[%d]"}}\n' + PAIR
    assert examine(text % (65536 - 16)).valid().transfer.size == 65536
    outcome = examine(text % (65536 - 15))
    assert outcome.rules == ["transfer-size"]
    assert "`Body` has 65,521" in outcome.report


def test_struct_may_fill_64_kib() -> None:
    """Goal: an unused struct is bounded as well. Method: one at the limit and one above."""
    text = HEAD + 'structs:\n  Big: {fields: {a: "u16[%d]"}}\n' + PAIR
    assert examine(text % 32768).valid().structs[0].size == 65536
    assert examine(text % 32769).rules == ["struct-size"]


@pytest.mark.parametrize(
    ("size", "capacity", "origin"),
    [
        (16, 4096, Origin.DEFAULT),
        (248, 4096, Origin.DEFAULT),
        (256, 2048, Origin.DECIDED),
        (504, 2048, Origin.DECIDED),
        (512, 1024, Origin.DECIDED),
        (4096, 128, Origin.DECIDED),
        (32768, 16, Origin.DECIDED),
        (65536, 16, Origin.DECIDED),
    ],
)
def test_default_capacity(size: int, capacity: int, origin: Origin) -> None:
    """Goal: 4096, or what fits 1 MiB with its ring, at least 16. Method: sizes around changes."""
    body = f'components:\n  B: {{fields: {{x: "u8[{size - 16}]"}}}}\n' if size > 16 else ""
    lane = lane_of(HEAD + body + PAIR)
    assert (lane.capacity.value, lane.capacity.origin) == (capacity, origin)
    assert lane.bytes <= 2**20 or capacity == 16


def test_default_capacity_leaves_room_for_the_priority_ring() -> None:
    """Goal: 1 MiB holds both rings. Method: a size at which the first one alone would fit."""
    text = HEAD + 'components:\n  B: {fields: {x: "u8[232]"}}\n' + PAIR
    lane = lane_of(text + "lanes:\n  - {from: a, to: b, priority: true}\n")
    assert lane_of(text).capacity.value == 4096
    assert lane.capacity.value == 2048
    assert lane.priority is not None
    assert lane.priority.capacity.value == 256


@pytest.mark.parametrize(("capacity", "expected"), [(2, 2), (8, 2), (16, 2), (32, 4), (8192, 1024)])
def test_priority_capacity_is_an_eighth(capacity: int, expected: int) -> None:
    """Goal: capacity/8, at least 2. Method: a table."""
    options = f"capacity: {capacity}, batch_size: 1, priority: true"
    lane = lane_of(f"{HEAD}{PAIR}lanes:\n  - {{from: a, to: b, {options}}}\n")
    assert lane.priority is not None
    assert lane.priority.capacity.value == expected
    assert lane.priority.capacity.origin is Origin.DEFAULT


def test_batch_is_held_to_the_capacity() -> None:
    """Goal: a default never exceeds the capacity. Method: small lanes with each sort of default."""
    for world in ("a: {", "a: {role: io, ", "a: {transfer_queue: {batch_size: 200}, "):
        text = HEAD + PAIR.replace("a: {", world)
        lane = lane_of(text + "lanes:\n  - {from: a, to: b, capacity: 16}\n")
        assert (lane.batch_size.value, lane.batch_size.origin) == (16, Origin.DECIDED)


@pytest.mark.parametrize(
    ("kind", "producers", "consumers", "capacity", "size", "expected"),
    [
        ("spsc", 1, 1, 2, 16, 256 + 256 + 128),
        ("spsc", 1, 1, 16, 16, 256 + 256 + 256),
        ("mpmc", 1, 1, 2, 16, 256 + 256 + 128 + 128),
        ("mpsc", 3, 1, 32, 24, 256 + 512 + 128 + 768),
        ("spmc", 1, 2, 64, 24, 256 + 384 + 256 + 1536),
    ],
)
def test_ring_bytes(
    kind: str, producers: int, consumers: int, capacity: int, size: int, expected: int
) -> None:
    """Goal: lanes are as large as generated code asserts. Method: sums done by hand: both ends of
    the ring, the counters of each thread, marks, slots."""
    threads = PAIR.replace("a: {", f"a: {{threads: {producers}, ")
    threads = threads.replace("b: {", f"b: {{threads: {consumers}")
    lane = lane_of(f"{HEAD}{threads}lanes:\n  - {{from: a, to: b, kind: {kind}}}\n").lane
    assert ring_places(lane, capacity, size).size == expected


def test_max_bytes_is_exact() -> None:
    """Goal: the limit holds to the byte. Method: allow exactly what the lanes take, and less."""
    total = examine(HEAD + PAIR).valid().total_bytes
    assert total == 4096 * 16 + 512
    assert not examine(f"{HEAD}max_bytes: {total}\n{PAIR}").diagnostics
    assert examine(f"{HEAD}max_bytes: {total - 1}\n{PAIR}").rules == ["max-bytes"]
