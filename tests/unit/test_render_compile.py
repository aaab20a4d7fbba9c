"""Goal: a generated header defines no symbol, and never warns of what a program does with it.

Method: object files are looked into; the uses that a compiler's flow analysis is known to misjudge
are compiled at every optimisation level. Which compilers and languages take the headers at all is
in test_compilers_matrix.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corinth.render import render
from tests.support.compilers import (
    CLANG,
    COMPILERS,
    GCC,
    Compiler,
    compile_source,
    compiler_id,
)
from tests.support.process import run
from tests.support.schemas import examine
from tests.support.tree import INCLUDE, TESTS

GOLDEN = TESTS / "golden"
RICHEST = "zones"

BUILDS = (
    ("-O0",),
    ("-O1",),
    ("-O2",),
    ("-O3",),
    ("-Os",),
    ("-O2", "-DNDEBUG"),
    ("-O3", "-DNDEBUG"),
    ("-Os", "-DNDEBUG"),
)

USES = """
#include "fields.h"
#include "words.h"
size_t consumed;
fields_source_port *fields_port;
words_source_port *words_port;
words_transfer *slot;
int send_some(int count);
int send_some(int count)
{
    unsigned char small[40] = {0};
    fields_transfer narrow;
    fields_transfer_init(&narrow, FIELDS_WORLD_SOURCE, FIELDS_WORLD_MIDDLE);
    if (count > 2) {
        fields_enums *enums = fields_transfer_add_enums(&narrow);
        enums->dense = FIELDS_DENSE_MIDDLE;
        enums->sparse = FIELDS_SPARSE_MIDDLE;
    }
    narrow.flags |= FIELDS_TRANSFER_PRIORITY;
    fields_transfer copy;
    fields_transfer_copy(&copy, &narrow);
    words_transfer wide;
    words_transfer_init(&wide, WORDS_WORLD_SOURCE, WORDS_WORLD_TARGET);
    if (count > 3) {
        words_transfer_add_first(&wide)->value = 3;
    }
    words_transfer_copy(slot, &wide);
    return fields_source_send(fields_port, &narrow) != CORINTH_OK ||
           words_source_send(words_port, &wide) != CORINTH_OK ||
           fields_transfer_validate(&narrow) != CORINTH_OK ||
           fields_transfer_encode(&copy, small, sizeof small) == 0 ||
           words_transfer_encode(&wide, small, sizeof small) == 0 ||
           fields_transfer_decode(&narrow, small, sizeof small, &consumed) != CORINTH_OK ||
           words_transfer_decode(&wide, small, sizeof small, &consumed) != CORINTH_OK;
}
"""


def headers_of(schema: str) -> list[Path]:
    return sorted((GOLDEN / schema).glob("*.h"))


@pytest.mark.parametrize("compiler", COMPILERS, ids=compiler_id)
@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_headers_leak_no_symbol(compiler: Compiler, standard: str, tmp_path: Path) -> None:
    """Compiles the richest schema's headers at -O2, for the warnings of flow analysis too; what the
    object file then defines could collide with a symbol of the program."""
    include = [GOLDEN / RICHEST]
    text = f'#include "{RICHEST}.h"\n'
    compile_source(
        text, tmp_path, compiler=compiler, standard=standard, include=include, extra=["-O2"]
    ).expect_success()
    listing = run(["nm", "--defined-only", "--extern-only", *tmp_path.glob("*.o")])
    assert listing.expect_success().stdout == ""


@pytest.mark.parametrize("compiler", COMPILERS, ids=compiler_id)
@pytest.mark.parametrize("build", BUILDS, ids=" ".join)
def test_common_uses_never_warn(compiler: Compiler, build: tuple[str, ...], tmp_path: Path) -> None:
    """A transfer that one path fills, a buffer that not every frame fits: gcc warned of both."""
    for schema in ("fields", "words"):
        text = (TESTS / "c" / "schemas" / f"{schema}.yaml").read_text(encoding="utf-8")
        for name, content in render(examine(text, f"{schema}.yaml").valid()).items():
            (tmp_path / name).write_text(content, encoding="utf-8")
    for standard in ("c11", "c++17"):
        compile_source(
            USES, tmp_path, compiler=compiler, standard=standard, include=[tmp_path], extra=build
        ).expect_success()


@pytest.mark.parametrize("compiler", [GCC, CLANG], ids=compiler_id)
def test_another_runtime_stops_the_build(compiler: Compiler, tmp_path: Path) -> None:
    """Puts a runtime of another version before the real one."""
    fake = tmp_path / "corinth"
    fake.mkdir()
    (fake / "platform.h").write_text(
        f'#include "{INCLUDE / "corinth" / "platform.h"}"\n'
        "#undef CORINTH_ABI_VERSION\n#define CORINTH_ABI_VERSION 999\n",
        encoding="utf-8",
    )
    result = compile_source(
        '#include "minimal_components.h"\n',
        tmp_path,
        compiler=compiler,
        include=[tmp_path, GOLDEN / "minimal"],
    )
    assert result.status != 0
    assert "generate it again" in result.stderr


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("int32_t fd; ", "int64_t fd; "),
        ("int32_t fd; ", "CORINTH_ALIGNAS(16) int32_t fd; "),
        ("server_conn_state state; ", ""),
        ("#define SERVER_CONNECTION_OFFSET 16", "#define SERVER_CONNECTION_OFFSET 20"),
        ("typedef uint8_t server_conn_state;", "typedef uint16_t server_conn_state;"),
        ("#define SERVER_REQUEST_DATA_SIZE 4100", "#define SERVER_REQUEST_DATA_SIZE 4096"),
        ("#define SERVER_WORLD_COUNT 3", "#define SERVER_WORLD_COUNT 2"),
    ],
)
def test_a_wrong_assumption_does_not_compile(given: str, wrong: str, tmp_path: Path) -> None:
    """Falsifies one number or type of a header, as a hand edit or a strange target would."""
    for header in headers_of("server"):
        text = header.read_text(encoding="utf-8")
        if header.stem == "server_components":
            assert given in text
            text = text.replace(given, wrong)
        (tmp_path / header.name).write_text(text, encoding="utf-8")
    result = compile_source('#include "server_transfer.h"\n', tmp_path, include=[tmp_path])
    assert result.status != 0
    assert "static assertion failed" in result.stderr
