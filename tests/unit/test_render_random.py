"""Goal: whatever a valid schema says, its headers compile without a warning and carry every value.

Method: Hypothesis draws schemas; several become one C program that sends each component, alone and
together with all others, there and back, against frames that tests.support.roundtrip encodes by
itself. The draws are the same on every run; each program's text names its seed.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from corinth.model import Layout
from corinth.render import render
from tests.support.compilers import CLANG, GCC, Compiler, build_and_run
from tests.support.roundtrip import roundtrip_function
from tests.support.schemas import Data, examine, schema_data, schema_text
from tests.support.tree import TESTS

PROGRAMS = 5
SCHEMAS_A_PROGRAM = 6
SANITIZERS = ("-O0", "-fsanitize=undefined", "-fno-sanitize-recover=all")


def program_of(layouts: list[Layout], seed: int) -> str:
    rng = random.Random(seed)
    functions = [roundtrip_function(layout, rng) for layout in layouts]
    calls = [f"    roundtrip_{layout.model.name}();" for layout in layouts]
    return "\n".join(
        [
            f"/* seed {seed} */",
            '#include "check.h"',
            "#include <string.h>",
            *(f'#include "{layout.model.name}.h"' for layout in layouts),
            *functions,
            "int main(int argc, char **argv)",
            "{",
            "    (void)check_begin(argc, argv, 60);",
            *calls,
            "    return 0;",
            "}",
            "",
        ]
    )


@settings(
    max_examples=PROGRAMS,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(schema_data(), min_size=SCHEMAS_A_PROGRAM, max_size=SCHEMAS_A_PROGRAM),
    st.integers(0, 2**32 - 1),
    st.sampled_from([GCC, CLANG]),
)
def test_random_schemas_round_trip(schemas: list[Data], seed: int, compiler: Compiler) -> None:
    texts = [schema_text(data | {"name": f"random{i}"}) for i, data in enumerate(schemas)]
    note("\n".join(texts))
    round_trip(texts, seed, compiler)


def test_wide_schemas_round_trip() -> None:
    """What random schemas hardly are: more fields than one helper handles, an enum whose values
    have more gaps than one expression names, the highest ids."""
    types = ("bool", "u8[4]", "bool[2]", "u32", "f64", "E", "E[2]")
    fields = {f"f{i}": types[i % len(types)] for i in range(80)} | {"s": "S"}
    wide: Data = {
        "corinth": 1,
        "name": "wide",
        "enums": {"E": {"type": "i32", "values": {f"v{i}": 3 * i - 50 for i in range(40)}}},
        "structs": {"S": {"fields": {f"g{i}": ("bool", "u16")[i % 2] for i in range(70)}}},
        "components": {"A": {"fields": fields}, "B": {"id": 255}, "C": {"id": 254}},
        "worlds": {"a": {"id": 63}, "b": {}},
        "topology": "full",
    }
    plain: Data = {
        "corinth": 1,
        "name": "plain",
        "components": {"A": {"fields": {f"f{i}": ("u8", "u64[2]")[i % 2] for i in range(120)}}},
        "worlds": {"a": {"role": "standalone"}},
    }
    round_trip([schema_text(wide), schema_text(plain)], 1, GCC)


def round_trip(texts: list[str], seed: int, compiler: Compiler) -> None:
    """Generate from the schemas, and compile and run one program that uses all of it."""
    layouts = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for text in texts:
            layout = examine(text).valid()
            for file, content in render(layout).items():
                (folder / file).write_text(content, encoding="utf-8")
            layouts.append(layout)
        build_and_run(
            program_of(layouts, seed),
            folder,
            compiler=compiler,
            include=[folder, TESTS / "c"],
            extra=SANITIZERS,
        ).expect_success()
