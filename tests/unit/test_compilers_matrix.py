"""Goal: headers and runtime never warn, by whom and however strictly they are compiled, and work.

Method: each row of a table is a compiler, a language and options, with every warning that its
compiler has for programs, as errors. The row compiles every header of every golden schema with each
of their functions in use, so that code is made of it, and builds and runs a program together with
the runtime's sources: its threads wake each other, and a wait of it ends by the clock.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.compilers import BITS_32
from tests.support.process import Result, run
from tests.support.tool import generate
from tests.support.tree import INCLUDE, SOURCE, TESTS

GOLDEN = TESTS / "golden"
HEADERS = sorted(GOLDEN.glob("*/*.h"))
UMBRELLAS = [path for path in HEADERS if path.stem == path.parent.name]
RUNTIME_HEADERS = sorted(INCLUDE.rglob("*.h"))
RUN_TIMEOUT_S = 60.0

STRICT = (
    "-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual "
    "-Wcast-align=strict -Wundef -Wdouble-promotion -Wswitch-enum -Wswitch-default -Wformat=2 "
    "-Wmissing-declarations -Wredundant-decls -Wunused-macros -Wfloat-equal -Wvla -Wwrite-strings "
    "-Wdate-time -Wnull-dereference -Wpadded -Wlogical-op -Wduplicated-cond -Wduplicated-branches "
    "-Warith-conversion"
)
STRICT_BY_LANGUAGE = {
    "c": (
        "-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wbad-function-cast "
        "-Wnested-externs -Wjump-misses-init -Wc++-compat -Wdeclaration-after-statement"
    ),
    "c++": (
        "-Wold-style-cast -Wuseless-cast -Wzero-as-null-pointer-constant -Wextra-semi -Wsign-promo "
        "-Weffc++ -Wnoexcept -Wstrict-null-sentinel -Wcomma-subscript -Wvolatile"
    ),
}
EVERYTHING = (
    "-Weverything",
    # C++ begins with C++17 here; a constant is written as a C++98 program couldn't.
    "-Wno-c++98-compat",
    "-Wno-c++98-compat-pedantic",
)
"""Everything but what the comments give a reason for. What headers are spared besides, and a
program that includes them isn't, stands in language.h."""


@dataclass(frozen=True)
class Row:
    """One way to compile; `package` gives a compiler that not every machine has."""

    driver: str
    standard: str
    options: tuple[str, ...] = ()
    package: str = ""

    @property
    def name(self) -> str:
        shown = [option for option in self.options if not option.startswith(("-idirafter", "/"))]
        return " ".join([self.driver, self.standard, *shown])

    @property
    def language(self) -> str:
        return "c++" if self.standard.startswith(("c++", "gnu++")) else "c"

    @property
    def is_instrumented(self) -> bool:
        """Where the sanitizer runs is a matter of the C tests; here it only compiles."""
        return "-fsanitize=thread" in self.options

    def warnings(self) -> list[str]:
        if self.driver.startswith("clang"):
            return [*EVERYTHING, "-Werror"]
        return [*STRICT.split(), *STRICT_BY_LANGUAGE[self.language].split(), "-Werror"]

    def command(self) -> list[str]:
        """The command up to what it compiles."""
        return [self.driver, f"-std={self.standard}", *self.options]


TIME_64 = ("-D_TIME_BITS=64", "-D_FILE_OFFSET_BITS=64")
TSAN = "-fsanitize=thread"
MULTILIB = "g++-multilib"

FIRST = (Row("gcc", "c11"), Row("clang", "c11"), Row("g++", "c++17"), Row("clang++", "c++17"))
ROWS = (
    *FIRST,
    *(Row(driver, standard) for driver in ("gcc", "clang") for standard in ("c17", "c2x")),
    *(Row(driver, standard) for driver in ("g++", "clang++") for standard in ("c++20", "c++2b")),
    *(Row(driver, "gnu17", ("-D_GNU_SOURCE", "-O2")) for driver in ("gcc", "clang")),
    *(Row(driver, "c11", ("-O2", "-DNDEBUG")) for driver in ("gcc", "clang")),
    *(Row("gcc", "c11", (TSAN, level)) for level in ("-O0", "-O2")),
    *(Row("g++", "c++17", (TSAN, level)) for level in ("-O0", "-O2")),
    *(Row("musl-gcc", standard, package="musl-tools") for standard in ("c11", "c2x")),
    *(Row(driver, "c11", BITS_32, MULTILIB) for driver in ("gcc", "clang")),
    *(Row(driver, "c++17", BITS_32, MULTILIB) for driver in ("g++", "clang++")),
    Row("gcc", "c11", (*BITS_32, *TIME_64), MULTILIB),
)
"""`c2x` and `c++2b` are C23 and C++23 by the names that gcc 12 and clang 14 know."""
CODE_ROWS = (*FIRST, *(row for row in ROWS if {"-O0", "-m32"} & set(row.options)))
"""Where all functions become code, of which compilers say more than of text; the others only read
them, which takes a fifth of the time."""

SCHEMA = """
corinth: 1
name: matrix
enums:
  Level: {type: i8, values: {empty: -1, full: 7}}
components:
  Item: {fields: {size: f64, count: u16, is_set: bool, level: Level}}
  Tag: {}
worlds:
  source: {routing: {default_target: target}}
  target: {threads: 2, routing: {default_target: source}}
lanes:
  - {from: source, to: target, priority: true}
"""

PROGRAM = """
#include "matrix.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/resource.h>

#ifdef __cplusplus
#define NOTHING nullptr
#else
#define NOTHING NULL
#endif
#define NAP_NS 2000000u
#define WAIT_NS 50000000u
#define SLEEPS_MAX 20

static matrix_coordinator *coordinator;

/* Sends an item once the other thread had time to go to sleep, but doesn't rely on that. */
static void *send_one(void *context)
{
    matrix_source_port *source = matrix_source_open(coordinator, 0);
    matrix_transfer transfer;
    matrix_item item;
    (void)matrix_source_wait(source, NAP_NS);
    item.size = 21.5;
    item.count = 12;
    item.is_set = true;
    item.level = MATRIX_LEVEL_EMPTY;
    matrix_transfer_init(&transfer, MATRIX_WORLD_SOURCE, MATRIX_WORLD_TARGET);
    matrix_transfer_pack_item(&transfer, &item);
    transfer.entity = 1893;
    if (matrix_source_send(source, &transfer) != CORINTH_OK) {
        return NOTHING;
    }
    return context;
}

/* Whether a wait for nothing ends by the clock, and not after many short ones. */
static bool is_late(matrix_target_port *target)
{
    uint64_t before_ns = corinth_clock_ns();
    struct rusage before;
    struct rusage after;
    int wrong = getrusage(RUSAGE_SELF, &before);
    corinth_status status = matrix_target_wait(target, WAIT_NS);
    wrong |= getrusage(RUSAGE_SELF, &after);
    return wrong == 0 && status == CORINTH_TIMED_OUT && corinth_clock_ns() - before_ns >= WAIT_NS
           && after.ru_nvcsw - before.ru_nvcsw <= SLEEPS_MAX;
}

/* Whether a transfer holds the item, also after it was bytes. */
static bool is_item(matrix_transfer *transfer)
{
    static unsigned char bytes[MATRIX_TRANSFER_ENCODED_MAX];
    const matrix_item *item;
    size_t consumed = 0;
    size_t size = matrix_transfer_encode(transfer, bytes, sizeof(bytes));
    if (matrix_transfer_decode(transfer, bytes, size, &consumed) != CORINTH_OK) {
        return false;
    }
    item = matrix_transfer_unpack_item(transfer);
    return size > 0 && transfer->entity == 1893 && transfer->source == MATRIX_WORLD_SOURCE
           && matrix_mask_equal(transfer->mask, MATRIX_ITEM_MASK) && item->count == 12
           && item->is_set && item->level == MATRIX_LEVEL_EMPTY;
}

int main(void)
{
    matrix_target_port *target;
    matrix_transfer arrived;
    pthread_t sender;
    void *result = NOTHING;
    bool is_right;
    coordinator = matrix_coordinator_create();
    if (coordinator == NOTHING || matrix_coordinator_start(coordinator) != CORINTH_OK) {
        return 1;
    }
    if (pthread_create(&sender, NOTHING, send_one, coordinator) != 0) {
        return 2;
    }
    target = matrix_target_open(coordinator, 0);
    while (matrix_target_receive(target, &arrived) != CORINTH_OK) {
        (void)matrix_target_wait(target, CORINTH_FOREVER);
    }
    (void)pthread_join(sender, &result);
    is_right = result == coordinator && is_item(&arrived) && is_late(target);
    return matrix_coordinator_destroy(coordinator) == 0 && is_right ? 0 : 3;
}
"""

FUNCTION = re.compile(r"^(?:static inline|CORINTH_INLINE) [^;{]*?(\w+)\(", re.MULTILINE)


def use_of(headers: Sequence[Path]) -> str:
    """A function that takes the address of every function in these headers: code is made of it."""
    names = [name for path in headers for name in FUNCTION.findall(path.read_text("utf-8"))]
    assert len(names) == len(set(names)) >= 20
    lines = [f"    {{ __typeof__(&{name}) volatile use = &{name}; (void)use; }}" for name in names]
    return "\n".join(["void use_all(void);", "void use_all(void)", "{", *lines, "}", ""])


def what_is_missing(row: Row, folder: Path) -> str:
    """Why this row can't be compiled and run on this machine; nothing if it can."""
    if not shutil.which(row.driver):
        return f"no {row.driver}"
    program = folder / "probe"
    include = ["<cstdlib>", "<cstdint>"] if row.language == "c++" else ["<stdlib.h>", "<errno.h>"]
    text = "".join(f"#include {name}\n" for name in include) + "int main(void) { return 0; }\n"
    made = run([*row.command(), "-x", row.language, "-", "-o", program], stdin=text)
    if made.status != 0:
        return made.stderr.splitlines()[0]
    try:
        return "" if run([program]).status == 0 else "its programs don't run"
    except OSError as error:
        return f"its programs don't run: {error}"


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the headers that the program includes."""
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "matrix.yaml").write_text(SCHEMA, encoding="utf-8")
    generate(folder / "matrix.yaml", folder)
    return folder


def compile_texts(row: Row, include: Sequence[Path], options: Sequence[str]) -> Result:
    folders = [f"-I{folder}" for folder in (*include, INCLUDE)]
    return run([*row.command(), *row.warnings(), *folders, "-x", row.language, *options])


def compile_each_header_alone(row: Row, headers: Path, folder: Path) -> None:
    """Each by itself, twice: it relies on nothing that was included before."""
    sources = []
    names = [path.relative_to(GOLDEN).as_posix() for path in HEADERS]
    names += [path.relative_to(INCLUDE).as_posix() for path in RUNTIME_HEADERS]
    for name in names:
        source = folder / name.replace("/", "-")
        line = f'#include "{name}"\n'
        source.write_text(f"{line}{line}extern int not_empty;\n", encoding="utf-8")
        sources.append(str(source))
    compile_texts(row, [GOLDEN], ["-fsyntax-only", *sources]).expect_success()


def compile_all_functions(row: Row, headers: Path, folder: Path) -> None:
    """All headers together, with each function in use."""
    source = folder / "functions"
    includes = "".join(f'#include "{path.name}"\n' for path in UMBRELLAS)
    source.write_text(includes + use_of([*HEADERS, *RUNTIME_HEADERS]), encoding="utf-8")
    made = ["-c", "-O0", "-o", str(folder / "object")] if row in CODE_ROWS else ["-fsyntax-only"]
    include = [path.parent for path in UMBRELLAS]
    compile_texts(row, include, [*made, str(source)]).expect_success()


def run_program(row: Row, headers: Path, folder: Path) -> None:
    """A program and the runtime's sources, with each function of the program's headers in use."""
    source, program = folder / "source", folder / "program"
    source.write_text(PROGRAM + use_of(sorted(headers.glob("*.h"))), encoding="utf-8")
    runtime = [str(path) for path in sorted(SOURCE.glob("*.c"))]
    made = [str(source), *runtime, "-pthread", "-o", str(program)]
    compile_texts(row, [headers], made).expect_success()
    if not row.is_instrumented:
        run([program], timeout_s=RUN_TIMEOUT_S).expect_success()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row: Row, headers: Path, tmp_path: Path) -> None:
    """Goal: a row of the table is clean and works. Method: its columns, two at a time."""
    missing = what_is_missing(row, tmp_path) if row.package else ""
    if missing:
        pytest.skip(f"{row.name}: {missing}; {row.package} would give it")
    columns = [compile_all_functions, run_program]
    columns += [compile_each_header_alone] if row in FIRST else []
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(column, row, headers, tmp_path) for column in columns]
    for each in done:
        each.result()
