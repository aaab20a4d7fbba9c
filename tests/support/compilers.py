"""Compiling what was generated, with the warnings of the specification as errors."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import Result, run
from tests.support.tree import INCLUDE, SOURCE

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")

C_STANDARDS = ("c11", "c17", "c2x")
CXX_STANDARDS = ("c++17", "c++20", "c++2b")
"""`c++2b` is C++23 by the name that clang 14 knows."""


@dataclass(frozen=True)
class Compiler:
    """A toolchain by the names of its two drivers."""

    name: str
    c_driver: str
    cxx_driver: str

    def driver(self, standard: str) -> str:
        return self.cxx_driver if standard.startswith("c++") else self.c_driver


GCC = Compiler("gcc", "gcc", "g++")
CLANG = Compiler("clang", "clang", "clang++")
COMPILERS = (GCC, CLANG)

MATRIX = tuple(
    (compiler, standard) for compiler in COMPILERS for standard in C_STANDARDS + CXX_STANDARDS
)
"""Every (compiler, standard) that a generated header must compile with."""


def matrix_id(value: object) -> str:
    """Names a parameter of `MATRIX` for pytest: `ids=matrix_id`."""
    return value.name if isinstance(value, Compiler) else str(value)


def command_for(
    compiler: Compiler, standard: str, include: Iterable[Path], extra: Sequence[str] = ()
) -> list[str]:
    """The compiler's command line up to the source file."""
    driver = compiler.driver(standard)
    assert shutil.which(driver), f"{driver} is missing; scripts/test installs it"
    folders = [f"-I{folder}" for folder in (*include, INCLUDE)]
    return [driver, f"-std={standard}", *WARNINGS, *extra, *folders]


def compile_source(
    text: str,
    folder: Path,
    *,
    compiler: Compiler = GCC,
    standard: str = "c11",
    include: Iterable[Path] = (),
    extra: Sequence[str] = (),
) -> Result:
    """Compile a text to an object file in `folder`; the caller judges the result."""
    is_cxx = standard.startswith("c++")
    source = folder / ("source.cc" if is_cxx else "source.c")
    source.write_text(text, encoding="utf-8")
    command = command_for(compiler, standard, include, extra)
    return run([*command, "-c", source, "-o", source.with_suffix(".o")])


def compile_header(
    header: Path, folder: Path, *, compiler: Compiler = GCC, standard: str = "c11"
) -> None:
    """Demand that a header compiles as the first and only thing that a file includes, twice."""
    line = f'#include "{header.name}"\n'
    compile_source(
        line + line,
        folder,
        compiler=compiler,
        standard=standard,
        include=[header.parent],
        extra=["-O1"],
    ).expect_success()


def build_and_run(
    text: str,
    folder: Path,
    *,
    compiler: Compiler = GCC,
    standard: str = "c11",
    include: Iterable[Path] = (),
    extra: Sequence[str] = ("-O1", "-g"),
    arguments: Sequence[str] = (),
) -> Result:
    """Build a C program with the runtime and run it; a failed build fails the test."""
    assert not standard.startswith("c++"), "the runtime's sources are C"
    source = folder / "program.c"
    source.write_text(text, encoding="utf-8")
    program = folder / "program"
    command = command_for(compiler, standard, include, extra)
    runtime = sorted(SOURCE.glob("*.c"))
    run([*command, "-pthread", source, *runtime, "-o", program]).expect_success()
    return run([program, *arguments])
