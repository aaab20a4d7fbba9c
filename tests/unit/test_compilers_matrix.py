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

from tests.support.process import Result, run
from tests.support.tool import generate
from tests.support.tree import INCLUDE, SOURCE, TESTS

GOLDEN = TESTS / "golden"
HEADERS = sorted(GOLDEN.glob("*/*.h"))
UMBRELLAS = [path for path in HEADERS if path.stem == path.parent.name]
RUNTIME_HEADERS = sorted(INCLUDE.glob("corinth/*.h"))
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


BITS_32 = ("-m32", "-idirafter", "/usr/include/x86_64-linux-gnu")
"""Debian has the kernel's headers for 32 bits, which are the same, only in the folder of the other
architecture, unless gcc-multilib is installed."""
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
name: ferry
enums:
  Load: {type: i8, values: {empty: -1, full: 7}}
components:
  Boat: {fields: {length_m: f64, crew: u16, has_radio: bool, load: Load}}
  Wreck: {}
worlds:
  west: {routing: {default_target: east}}
  east: {threads: 2, routing: {default_target: west}}
lanes:
  - {from: west, to: east, priority: true}
"""

PROGRAM = """
#include "ferry.h"

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

static ferry_coordinator *coordinator;

/* Sends a boat once the other thread had time to go to sleep, but doesn't rely on that. */
static void *sail(void *context)
{
    ferry_west_port *west = ferry_west_open(coordinator, 0);
    ferry_transfer transfer;
    ferry_boat boat;
    (void)ferry_west_wait(west, NAP_NS);
    boat.length_m = 21.5;
    boat.crew = 12;
    boat.has_radio = true;
    boat.load = FERRY_LOAD_EMPTY;
    ferry_transfer_init(&transfer, FERRY_WORLD_WEST, FERRY_WORLD_EAST);
    ferry_transfer_pack_boat(&transfer, &boat);
    transfer.entity = 1893;
    if (ferry_west_send(west, &transfer) != CORINTH_OK) {
        return NOTHING;
    }
    ferry_west_flush(west);
    return context;
}

/* Whether a wait for nothing ends by the clock, and not after many short ones. */
static bool is_late(ferry_east_port *east)
{
    uint64_t before_ns = corinth_clock_ns();
    struct rusage before;
    struct rusage after;
    int wrong = getrusage(RUSAGE_SELF, &before);
    corinth_status status = ferry_east_wait(east, WAIT_NS);
    wrong |= getrusage(RUSAGE_SELF, &after);
    return wrong == 0 && status == CORINTH_TIMED_OUT && corinth_clock_ns() - before_ns >= WAIT_NS
           && after.ru_nvcsw - before.ru_nvcsw <= SLEEPS_MAX;
}

/* Whether a transfer holds the boat, also after it was bytes. */
static bool is_boat(ferry_transfer *transfer)
{
    static unsigned char bytes[FERRY_TRANSFER_ENCODED_MAX];
    const ferry_boat *boat;
    size_t consumed = 0;
    size_t size = ferry_transfer_encode(transfer, bytes, sizeof(bytes));
    if (ferry_transfer_decode(transfer, bytes, size, &consumed) != CORINTH_OK) {
        return false;
    }
    boat = ferry_transfer_unpack_boat(transfer);
    return size > 0 && transfer->entity == 1893 && transfer->source == FERRY_WORLD_WEST
           && ferry_mask_equal(transfer->mask, FERRY_BOAT_MASK) && boat->crew == 12
           && boat->has_radio && boat->load == FERRY_LOAD_EMPTY;
}

int main(void)
{
    ferry_east_port *east;
    ferry_transfer arrived;
    pthread_t sailor;
    void *result = NOTHING;
    bool is_right;
    coordinator = ferry_coordinator_create();
    if (coordinator == NOTHING || ferry_coordinator_start(coordinator) != CORINTH_OK) {
        return 1;
    }
    if (pthread_create(&sailor, NOTHING, sail, coordinator) != 0) {
        return 2;
    }
    east = ferry_east_open(coordinator, 0);
    while (ferry_east_receive(east, &arrived) != CORINTH_OK) {
        (void)ferry_east_wait(east, CORINTH_FOREVER);
    }
    (void)pthread_join(sailor, &result);
    is_right = result == coordinator && is_boat(&arrived) && is_late(east);
    return ferry_coordinator_destroy(coordinator) == 0 && is_right ? 0 : 3;
}
"""

FUNCTION = re.compile(r"^static inline [^;{]*?(\w+)\(", re.MULTILINE)


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
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the headers that the program includes."""
    folder = tmp_path_factory.mktemp("ferry")
    (folder / "ferry.yaml").write_text(SCHEMA, encoding="utf-8")
    generate(folder / "ferry.yaml", folder)
    return folder


def compile_texts(row: Row, include: Sequence[Path], options: Sequence[str]) -> Result:
    folders = [f"-I{folder}" for folder in (*include, INCLUDE)]
    return run([*row.command(), *row.warnings(), *folders, "-x", row.language, *options])


def compile_each_header_alone(row: Row, ferry: Path, folder: Path) -> None:
    """Each by itself, twice: it relies on nothing that was included before."""
    sources = []
    for header in (*HEADERS, *RUNTIME_HEADERS):
        source = folder / header.stem
        line = f'#include "{header.relative_to(header.parents[1]).as_posix()}"\n'
        source.write_text(f"{line}{line}extern int not_empty;\n", encoding="utf-8")
        sources.append(str(source))
    compile_texts(row, [GOLDEN], ["-fsyntax-only", *sources]).expect_success()


def compile_all_functions(row: Row, ferry: Path, folder: Path) -> None:
    """All headers together, with each function in use."""
    source = folder / "functions"
    includes = "".join(f'#include "{path.name}"\n' for path in UMBRELLAS)
    source.write_text(includes + use_of([*HEADERS, *RUNTIME_HEADERS]), encoding="utf-8")
    made = ["-c", "-O0", "-o", str(folder / "object")] if row in CODE_ROWS else ["-fsyntax-only"]
    include = [path.parent for path in UMBRELLAS]
    compile_texts(row, include, [*made, str(source)]).expect_success()


def run_program(row: Row, ferry: Path, folder: Path) -> None:
    """A program and the runtime's sources, with each function of the program's headers in use."""
    source, program = folder / "source", folder / "program"
    source.write_text(PROGRAM + use_of(sorted(ferry.glob("*.h"))), encoding="utf-8")
    runtime = [str(path) for path in sorted(SOURCE.glob("*.c"))]
    made = [str(source), *runtime, "-pthread", "-o", str(program)]
    compile_texts(row, [ferry], made).expect_success()
    if not row.is_instrumented:
        run([program], timeout_s=RUN_TIMEOUT_S).expect_success()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row: Row, ferry: Path, tmp_path: Path) -> None:
    """Goal: a row of the table is clean and works. Method: its columns, two at a time."""
    missing = what_is_missing(row, tmp_path) if row.package else ""
    if missing:
        pytest.skip(f"{row.name}: {missing}; {row.package} would give it")
    columns = [compile_all_functions, run_program]
    columns += [compile_each_header_alone] if row in FIRST else []
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(column, row, ferry, tmp_path) for column in columns]
    for each in done:
        each.result()
