"""Compiling what was generated, with the warnings of the specification as errors."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import Result, run
from tests.support.tree import INCLUDE, SOURCE

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")

BITS_32 = ("-m32", "-idirafter", "/usr/include/x86_64-linux-gnu")
"""Debian has the kernel's headers for 32 bits, which are the same, only in the folder of the other
architecture, unless gcc-multilib is installed."""


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


def compiler_id(value: object) -> str:
    """Names a parameter for pytest, where it is a compiler: `ids=compiler_id`."""
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


def runtime_objects(
    folder: Path, *, compiler: Compiler = GCC, extra: Sequence[str] = ()
) -> list[Path]:
    """Compile the runtime's sources, to be linked with a program of C++."""
    sources = sorted(SOURCE.glob("*.c"))
    command = command_for(compiler, "c11", [], extra)
    run([*command, "-pthread", "-c", *sources], cwd=folder).expect_success()
    return [folder / path.with_suffix(".o").name for path in sources]


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
