"""Goal: lanes and coordinators build in every way that programs are built: without assertions, as
C++, with another length of cache lines, but never with a runtime that was built for another one.
Method: small programs are compiled, linked and run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.compilers import (
    COMPILERS,
    Compiler,
    build_and_run,
    command_for,
    compile_source,
    runtime_objects,
)
from tests.support.process import run
from tests.support.schemas import examine
from tests.support.tool import generate
from tests.support.tree import SOURCE

SCHEMA = """
corinth: 1
name: builds
components:
  Item: {fields: {number: u32}}
  Tag: {}
worlds:
  source: {routing: {default_target: pool, component_routes: [{component: Tag, target: sink}]}}
  pool: {threads: 3, routing: {default_target: source}}
  sink: {id: 9}
lanes:
  - {from: source, to: pool, priority: true}
  - {from: pool, to: sink, priority: true}
"""

PROGRAM = """
#include "builds.h"

int main(void)
{
    builds_coordinator *coordinator = builds_coordinator_create();
    if (coordinator == NULL || builds_coordinator_start(coordinator) != CORINTH_OK) {
        return 1;
    }
    builds_transfer transfer;
    builds_transfer_init(&transfer, BUILDS_WORLD_SOURCE, BUILDS_WORLD_POOL);
    transfer.entity = 7;
    size_t sent = 0;
    corinth_status status = builds_coordinator_send(coordinator, &transfer);
    status = status == CORINTH_OK ? builds_coordinator_receive(
        coordinator, BUILDS_WORLD_POOL, &transfer) : status;
    builds_source_port *source = builds_source_open(coordinator, 0);
    (void)builds_source_send_batch(source, &transfer, 1, &sent);
    size_t left = builds_coordinator_destroy(coordinator);
    return status == CORINTH_OK && transfer.entity == 7 && sent == 1 && left == 1 ? 0 : 2;
}
"""

LINE_BYTES = (32, 64, 256)


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the headers."""
    folder = tmp_path_factory.mktemp("builds")
    schema = folder / "builds.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    generate(schema, folder)
    return folder


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda compiler: compiler.name)
@pytest.mark.parametrize("extra", [["-O0"], ["-O2", "-DNDEBUG"], ["-O3", "-flto"]], ids=" ".join)
def test_program_runs(compiler: Compiler, extra: list[str], headers: Path, tmp_path: Path) -> None:
    """A program that sends and receives, however it is built."""
    build_and_run(
        PROGRAM, tmp_path, compiler=compiler, include=[headers], extra=extra
    ).expect_success()


@pytest.mark.parametrize("compiler", COMPILERS, ids=lambda compiler: compiler.name)
@pytest.mark.parametrize("extra", [[], ["-DNDEBUG"]], ids=["debug", "release"])
def test_program_is_also_cxx(
    compiler: Compiler, extra: list[str], headers: Path, tmp_path: Path
) -> None:
    """The same text as C++, linked with the runtime as C: sizes agree, or it would not run."""
    objects = runtime_objects(tmp_path, compiler=compiler, extra=extra)
    compile_source(
        PROGRAM, tmp_path, compiler=compiler, standard="c++17", include=[headers], extra=extra
    ).expect_success()
    program = tmp_path / "program"
    driver = compiler.driver("c++17")
    run([driver, "-pthread", tmp_path / "source.o", *objects, "-o", program]).expect_success()
    run([program]).expect_success()


@pytest.mark.parametrize("bytes_", LINE_BYTES)
def test_other_cache_lines_build_throughout(bytes_: int, headers: Path, tmp_path: Path) -> None:
    """Where everything is built with another length of lines, all assertions hold and it runs."""
    build_and_run(
        PROGRAM, tmp_path, include=[headers], extra=["-O1", f"-DCORINTH_CACHE_LINE={bytes_}"]
    ).expect_success()


def test_mixed_cache_lines_do_not_link(headers: Path, tmp_path: Path) -> None:
    """A program with lines of 64 bytes and the runtime of 128 name two different symbols."""
    compile_source(
        PROGRAM, tmp_path, include=[headers], extra=["-O1", "-DCORINTH_CACHE_LINE=64"]
    ).expect_success()
    linked = run(
        [
            *command_for(COMPILERS[0], "c11", []),
            "-pthread",
            tmp_path / "source.o",
            *sorted(SOURCE.glob("*.c")),
            "-o",
            tmp_path / "program",
        ]
    )
    assert linked.status != 0
    assert "corinth_abi_2_line_64" in linked.stderr


def test_sizes_of_lanes_are_asserted(headers: Path, tmp_path: Path) -> None:
    """A lane whose size isn't what the tool says stops the build, where lines are as it reckons."""
    header = headers / "builds_coordinator.h"
    size = examine(SCHEMA).valid().lanes[0].bytes
    text = header.read_text(encoding="utf-8")
    assert f"== {size}," in text
    edited = tmp_path / "builds_coordinator.h"
    edited.write_text(text.replace(f"== {size},", f"== {size + 128},"), encoding="utf-8")
    include = [tmp_path, headers]
    line = '#include "builds_coordinator.h"\n'
    wrong = compile_source(line, tmp_path, include=include)
    assert wrong.status != 0
    assert "lane size" in wrong.stderr
    compile_source(
        line, tmp_path, include=include, extra=["-DCORINTH_CACHE_LINE=64"]
    ).expect_success()
