"""Goal: C++ tells components by their types, and C runs the same code for each.
Method: programs that use every call, with components that are called like the calls themselves.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.compilers import (
    COMPILERS,
    GCC,
    Compiler,
    command_for,
)
from tests.support.process import Result, run
from tests.support.tool import generate

SCHEMA = """corinth: 1
name: fleet
enums:
  rig: {type: u8, values: [sloop, ketch]}
components:
  Boat: {fields: {length_m: f32, crew: u16, rig: rig}}
  Docked: {}
  Pack: {fields: {size: u8}}
  Has: {}
  Value: {fields: {value: i32}}
  T: {fields: {t: entity}}
worlds:
  gulf: {routing: {default_target: sea}}
  sea: {}
"""

CPP = """
extern "C" {
#include "fleet.h"
}
#include <cstdio>
#include <string>

struct print {
    std::string text;
    void operator()(const fleet::boat &boat) { text += "boat " + std::to_string(boat.crew); }
    void operator()(fleet::docked) { text += " docked"; }
    void operator()(const fleet::pack_component &pack) { text += " " + std::to_string(pack.size); }
    template <class Other> void operator()(const Other &) { text += " other"; }
};

int main()
{
    fleet_transfer t;
    fleet_transfer_init(&t, FLEET_WORLD_GULF, FLEET_WORLD_SEA);
    fleet::pack(t, fleet_boat{21, 12, FLEET_RIG_KETCH});
    fleet::pack(t, fleet::docked());
    fleet::add<fleet_pack>(t).size = 7;
    fleet::pack(t, fleet::has_component());
    const fleet::boat *boat = fleet::unpack<fleet::boat>(t);
    bool is_right = boat != nullptr && boat->crew == 12 && boat == &t.components.boat;
    is_right = is_right && fleet::has<fleet::docked>(t) && fleet::has<fleet_pack>(t);
    is_right = is_right && !fleet::has<fleet::value>(t) && !fleet::unpack<fleet::t>(t);
    print visitor{};
    fleet::each_component(t, visitor);
    fleet::remove<fleet::boat>(t);
    fleet::remove<fleet::docked>(t);
    int left = 0;
    fleet::each_component(t, [&](const auto &) { left++; });
    std::printf("%d %s %d\\n", is_right, visitor.text.c_str(), left);
    return 0;
}
"""

WRONG = """
#include "fleet.h"
int main() { fleet_transfer t; return fleet::unpack<int>(t) != nullptr; }
"""

C = """
#include <stdio.h>
#include "fleet.h"
#define PRINT(name, NAME) printf(#name " %d\\n", FLEET_##NAME##_BIT);
#define BYTES(name, NAME) + sizeof(fleet_##name)
#define ONE(name, NAME) +1
int main(void)
{
    FLEET_COMPONENTS(PRINT)
    printf("%zu %d\\n", (size_t)0 FLEET_COMPONENTS_WITH_DATA(BYTES), 0 FLEET_TAGS(ONE));
    return 0;
}
"""


@pytest.fixture(name="headers", scope="module")
def _headers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cpp")
    schema = folder / "fleet.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    generate(schema, folder)
    return folder


def build(folder: Path, compiler: Compiler, standard: str, source: str) -> tuple[Result, Path]:
    """Compile and link a program; what the compiler said, and the program."""
    path = folder / f"program_{compiler.name}_{standard}.c"
    path.write_text(source, encoding="utf-8")
    program = path.with_suffix("")
    language = "c++" if standard.startswith("c++") else "c"
    command = command_for(compiler, standard, [folder])
    return run([*command, "-x", language, path, "-o", program]), program


def output_of(folder: Path, compiler: Compiler, standard: str, source: str) -> str:
    compiled, program = build(folder, compiler, standard, source)
    compiled.expect_success()
    return run([program]).expect_success().stdout


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
@pytest.mark.parametrize("standard", ["c++17", "c++20", "c++2b"])
def test_components_by_type(headers: Path, compiler: Compiler, standard: str) -> None:
    """Goal: each call finds its component. Method: a program in each dialect, its output compared.

    The header is included inside of `extern "C"`, as programs do to C headers.
    """
    printed = output_of(headers, compiler, standard, CPP)
    assert printed == "1 boat 12 docked 7 other 2\n"


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda each: each.name)
def test_what_is_no_component_is_refused(headers: Path, compiler: Compiler) -> None:
    """Goal: a mistaken type is told at compile time. Method: unpack an int."""
    result, _ = build(headers, compiler, "c++17", WRONG)
    assert result.status != 0
    assert "deleted function" in result.stderr


def test_the_same_code_for_each_component_in_c(headers: Path) -> None:
    """Goal: the lists name every component. Method: print bits, add up sizes, count tags."""
    printed = output_of(headers, GCC, "c11", C).splitlines()
    assert printed == ["boat 0", "docked 1", "pack 2", "has 3", "value 4", "t 5", "21 2"]


def test_components_may_be_called_like_macros(tmp_path: Path) -> None:
    """Goal: a macro with parameters replaces nothing. Method: tags and data of such names."""
    schema = tmp_path / "tally.yaml"
    tags = (
        "Assert: {}, Offsetof: {}, Major: {}, Isnan: {}, Minor: {fields: {assert: u8, major: u8}}"
    )
    schema.write_text(
        f"corinth: 1\nname: tally\ncomponents: {{{tags}}}\n"
        "worlds: {a: {routing: {default_target: b}}, b: {}}\n",
        encoding="utf-8",
    )
    generate(schema, tmp_path)
    text = """#include <cassert>
#include <cmath>
#include <sys/types.h>
#include <sys/sysmacros.h>
#include "tally.h"
int main()
{
    tally_transfer t;
    tally_transfer_init(&t, TALLY_WORLD_A, TALLY_WORLD_B);
    tally::pack(t, tally::assert{});
    tally::pack(t, tally::minor{1, 2});
    int seen = 0;
    tally::each_component(t, [&](auto &component) { seen += sizeof component > 0; });
    return seen == 2 && tally::has<tally::assert>(t) ? 0 : 1;
}
"""
    for compiler in COMPILERS:
        output_of(tmp_path, compiler, "c++17", text)


@pytest.mark.parametrize("name", ["value", "transfer", "boat", "mask", "to", "i"])
def test_a_namespace_shadows_nothing(tmp_path: Path, name: str) -> None:
    """Goal: any schema's headers compile as C++. Method: names that variables of theirs have."""
    schema = tmp_path / f"{name}.yaml"
    schema.write_text(SCHEMA.replace("name: fleet", f"name: {name}"), encoding="utf-8")
    generate(schema, tmp_path)
    for compiler in COMPILERS:
        source = f'#include "{name}.h"\nint main() {{ return {name.upper()}_WORLD_GULF; }}\n'
        build(tmp_path, compiler, "c++20", source)[0].expect_success()
