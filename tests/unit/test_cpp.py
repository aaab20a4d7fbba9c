"""Goal: C++ tells components by their types, and C runs the same code for each.
Method: programs that use every call, with components that are called like the calls themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.compilers import (
    COMPILERS,
    GCC,
    Compiler,
    command_for,
    runtime_objects,
)
from tests.support.process import Result, run
from tests.support.tool import generate

SCHEMA = """corinth: 1
name: typed
enums:
  kind: {type: u8, values: [first, second]}
components:
  Item: {fields: {size: f32, count: u16, kind: kind}}
  Tag: {}
  Pack: {fields: {size: u8}}
  Has: {}
  Value: {fields: {value: i32}}
  T: {fields: {t: entity}}
worlds:
  source: {routing: {default_target: target}}
  target: {}
"""

CPP = """
extern "C" {
#include "typed.h"
}
#include <cstdio>
#include <string>

struct print {
    std::string text;
    void operator()(const typed::item &item) { text += "item " + std::to_string(item.count); }
    void operator()(typed::tag) { text += " tag"; }
    void operator()(const typed::pack_component &pack) { text += " " + std::to_string(pack.size); }
    template <class Other> void operator()(const Other &) { text += " other"; }
};

int main()
{
    typed_transfer t;
    typed_transfer_init(&t, TYPED_WORLD_SOURCE, TYPED_WORLD_TARGET);
    typed::pack(t, typed_item{21, 12, TYPED_KIND_SECOND});
    typed::pack(t, typed::tag());
    typed::add<typed_pack>(t).size = 7;
    typed::pack(t, typed::has_component());
    const typed::item *item = typed::unpack<typed::item>(t);
    bool is_right = item != nullptr && item->count == 12 && item == &t.components.item;
    is_right = is_right && typed::has<typed::tag>(t) && typed::has<typed_pack>(t);
    is_right = is_right && !typed::has<typed::value>(t) && !typed::unpack<typed::t>(t);
    print visitor{};
    typed::each_component(t, visitor);
    typed::remove<typed::item>(t);
    typed::remove<typed::tag>(t);
    int left = 0;
    typed::each_component(t, [&](const auto &) { left++; });
    std::printf("%d %s %d\\n", is_right, visitor.text.c_str(), left);
    return 0;
}
"""

DROPS = """corinth: 1
name: drops
components: {Tag: {}}
worlds:
  source: {transfer_queue: {capacity: 2, when_full: POLICY, undelivered: handler}}
  target: {}
lanes:
  - {from: source, to: target}
"""

THROWS = """
#include "drops.h"

static int handed;

static void refuse(void *, const drops_transfer *, corinth_undelivered_reason)
{
    handed++;
    throw handed;
}

static drops_coordinator coordinator;

int main()
{
    drops_coordinator_init(&coordinator);
    drops_coordinator_set_undelivered(&coordinator, refuse, nullptr);
    drops_coordinator_start(&coordinator);
    drops_source_port *port = drops_source_open(&coordinator, 0);
    drops_transfer t;
    drops_transfer_init(&t, DROPS_WORLD_SOURCE, DROPS_WORLD_TARGET);
    int thrown = 0;
    for (int i = 0; i < 4; i++) {
        try {
            drops_source_send(port, &t);
        } catch (int) {
            thrown++;
        }
    }
    drops_target_port *target = drops_target_open(&coordinator, 0);
    int received = 0;
    while (drops_target_receive(target, &t) == CORINTH_OK) {
        received++;
    }
    corinth_lane_stats lane = drops_coordinator_stats(&coordinator).lanes[0];
    bool is_counted = lane.undelivered == static_cast<uint64_t>(handed) && lane.in_lane == 0;
    is_counted = is_counted && lane.received == static_cast<uint64_t>(received);
    return is_counted && thrown == handed ? handed : 9;
}
"""

THROWS_IN_BATCH = """
#include "drops.h"

static const int count = 6;
static int handed[count];
static bool has_thrown;

static void refuse(void *, const drops_transfer *transfer, corinth_undelivered_reason)
{
    handed[transfer->entity]++;
    if (transfer->entity >= 3 && !has_thrown) {
        has_thrown = true;
        throw 1;
    }
}

static drops_coordinator coordinator;

int main()
{
    drops_coordinator_init(&coordinator);
    drops_coordinator_set_undelivered(&coordinator, refuse, nullptr);
    drops_coordinator_start(&coordinator);
    drops_source_port *port = drops_source_open(&coordinator, 0);
    drops_transfer transfers[count];
    for (int i = 0; i < count; i++) {
        drops_transfer_init(&transfers[i], DROPS_WORLD_SOURCE, DROPS_WORLD_TARGET);
        transfers[i].entity = static_cast<uint64_t>(i);
    }
    size_t sent = 0;
    try {
        drops_source_send_batch(port, transfers, count, &sent);
    } catch (int) {
    }
    size_t rest = 0;
    drops_source_send_batch(port, &transfers[sent], count - sent, &rest);
    drops_target_port *target = drops_target_open(&coordinator, 0);
    drops_transfer t;
    while (drops_target_receive(target, &t) == CORINTH_OK) {
        handed[t.entity]++;
    }
    bool is_right = has_thrown && sent + rest == count;
    for (int i = 0; i < count; i++) {
        is_right = is_right && handed[i] == 1;
    }
    return is_right ? 0 : 1;
}
"""

WRONG = """
#include "typed.h"
int main() { typed_transfer t; return typed::unpack<int>(t) != nullptr; }
"""

C = """
#include <stdio.h>
#include "typed.h"
#define PRINT(name, NAME) printf(#name " %d\\n", TYPED_##NAME##_BIT);
#define BYTES(name, NAME) + sizeof(typed_##name)
#define ONE(name, NAME) +1
int main(void)
{
    TYPED_COMPONENTS(PRINT)
    printf("%zu %d\\n", (size_t)0 TYPED_COMPONENTS_WITH_DATA(BYTES), 0 TYPED_TAGS(ONE));
    return 0;
}
"""


@pytest.fixture(name="headers", scope="module")
def _headers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cpp")
    schema = folder / "typed.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    generate(schema, folder)
    return folder


Build = Callable[[Path, Compiler, str, str], tuple[Result, Path]]


@pytest.fixture(name="build", scope="module")
def _build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Compiles and links a program; returns what the compiler said, and the program."""
    runtime = runtime_objects(tmp_path_factory.mktemp("runtime"))

    def build(folder: Path, compiler: Compiler, standard: str, source: str) -> tuple[Result, Path]:
        path = folder / f"program_{compiler.name}_{standard}.c"
        path.write_text(source, encoding="utf-8")
        program = path.with_suffix("")
        language = "c++" if standard.startswith("c++") else "c"
        command = command_for(compiler, standard, [folder])
        objects = ["-x", "none", *map(str, runtime)]
        return run([*command, "-x", language, path, *objects, "-pthread", "-o", program]), program

    return build


def output_of(build: Build, folder: Path, compiler: Compiler, standard: str, source: str) -> str:
    compiled, program = build(folder, compiler, standard, source)
    compiled.expect_success()
    return run([program]).expect_success().stdout


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
@pytest.mark.parametrize("standard", ["c++17", "c++20", "c++2b"])
def test_components_by_type(build: Build, headers: Path, compiler: Compiler, standard: str) -> None:
    """Goal: each call finds its component. Method: a program in each dialect, its output compared.

    The header is included inside of `extern "C"`, as programs do to C headers.
    """
    printed = output_of(build, headers, compiler, standard, CPP)
    assert printed == "1 item 12 tag 7 other 2\n"


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
def test_what_is_no_component_is_refused(build: Build, headers: Path, compiler: Compiler) -> None:
    """Goal: a mistaken type is told at compile time. Method: unpack an int."""
    result, _ = build(headers, compiler, "c++17", WRONG)
    assert result.status != 0
    assert "deleted function" in result.stderr


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
@pytest.mark.parametrize(("policy", "handed"), [("drop_newest", 2), ("drop_oldest", 1)])
def test_a_handler_of_what_is_dropped_may_throw(
    build: Build, tmp_path: Path, compiler: Compiler, policy: str, handed: int
) -> None:
    """Goal: a send whose handler throws has ended: its lane goes on, and nothing is handed over
    twice. Method: one that always throws, in a debug build, which would stop at an open claim.

    Where the oldest was taken out, what was to be sent isn't: there is room for the next one.
    """
    schema = tmp_path / "drops.yaml"
    schema.write_text(DROPS.replace("POLICY", policy), encoding="utf-8")
    generate(schema, tmp_path)
    compiled, program = build(tmp_path, compiler, "c++17", THROWS)
    compiled.expect_success()
    assert run([program]).status == handed


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
@pytest.mark.parametrize("policy", ["drop_newest", "drop_oldest"])
def test_a_batch_whose_handler_throws_says_what_moved(
    build: Build, tmp_path: Path, compiler: Compiler, policy: str
) -> None:
    """Goal: `sent` counts what the handler has got, also that at which it threw. Method: send the
    rest of such a batch; each transfer is then handed over or received once.
    """
    schema = tmp_path / "drops.yaml"
    schema.write_text(DROPS.replace("POLICY", policy), encoding="utf-8")
    generate(schema, tmp_path)
    compiled, program = build(tmp_path, compiler, "c++17", THROWS_IN_BATCH)
    compiled.expect_success()
    run([program]).expect_success()


def test_the_same_code_for_each_component_in_c(build: Build, headers: Path) -> None:
    """Goal: the lists name every component. Method: print bits, add up sizes, count tags."""
    printed = output_of(build, headers, GCC, "c11", C).splitlines()
    assert printed == ["item 0", "tag 1", "pack 2", "has 3", "value 4", "t 5", "21 2"]


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
def test_only_a_schema_meets_what_is_global(
    build: Build, compiler: Compiler, tmp_path: Path
) -> None:
    """Goal: `main` and the like are refused as a namespace and nowhere else. Method: components,
    fields and worlds of these names, in a program that has a `main` and uses `std` and `abi`.
    """
    schema = tmp_path / "game.yaml"
    words = ("main", "std", "posix", "abi", "std2")
    fields = ", ".join(f"{word}: u8" for word in words)
    data = "".join(f"  {word}: {{fields: {{{fields}}}}}\n" for word in words[:-1])
    worlds = "worlds: {main: {routing: {default_target: std}}, std: {}}\n"
    schema.write_text(
        f"corinth: 1\nname: game\ncomponents:\n{data}  std2: {{}}\n{worlds}", encoding="utf-8"
    )
    generate(schema, tmp_path)
    lines = [
        '#include "game.h"\n#include <cxxabi.h>\n#include <string>\nint main() {',
        "game_transfer t; game_transfer_init(&t, GAME_WORLD_MAIN, GAME_WORLD_STD);",
        *(f"game::pack(t, game::{word}{{}});" for word in words),
        "game::add<game::std>(t).main = 3; int status = 0;",
        'const bool is_right = abi::__cxa_demangle("1", nullptr, nullptr, &status) == nullptr',
        '&& std::string("a") == "a" && game::unpack<game::std>(t)->main == 3;',
        "return !is_right; }\n",
    ]
    output_of(build, tmp_path, compiler, "c++17", "\n".join(lines))


def test_components_may_be_called_like_macros(build: Build, tmp_path: Path) -> None:
    """Goal: a macro with parameters replaces nothing. Method: tags and data of such names."""
    schema = tmp_path / "macros.yaml"
    tags = (
        "Assert: {}, Offsetof: {}, Major: {}, Isnan: {}, Minor: {fields: {assert: u8, major: u8}}"
    )
    schema.write_text(
        f"corinth: 1\nname: macros\ncomponents: {{{tags}}}\n"
        "worlds: {a: {routing: {default_target: b}}, b: {}}\n",
        encoding="utf-8",
    )
    generate(schema, tmp_path)
    text = """#include <cassert>
#include <cmath>
#include <sys/types.h>
#include <sys/sysmacros.h>
#include "macros.h"
int main()
{
    macros_transfer t;
    macros_transfer_init(&t, MACROS_WORLD_A, MACROS_WORLD_B);
    macros::pack(t, macros::assert{});
    macros::pack(t, macros::minor{1, 2});
    int seen = 0;
    macros::each_component(t, [&](auto &component) { seen += sizeof component > 0; });
    return seen == 2 && macros::has<macros::assert>(t) ? 0 : 1;
}
"""
    for compiler in COMPILERS:
        output_of(build, tmp_path, compiler, "c++17", text)


@pytest.mark.parametrize("name", ["value", "transfer", "item", "mask", "to", "i"])
def test_a_namespace_shadows_nothing(build: Build, tmp_path: Path, name: str) -> None:
    """Goal: any schema's headers compile as C++. Method: names that variables of theirs have."""
    schema = tmp_path / f"{name}.yaml"
    schema.write_text(SCHEMA.replace("name: typed", f"name: {name}"), encoding="utf-8")
    generate(schema, tmp_path)
    for compiler in COMPILERS:
        source = f'#include "{name}.h"\nint main() {{ return {name.upper()}_WORLD_SOURCE; }}\n'
        build(tmp_path, compiler, "c++20", source)[0].expect_success()
