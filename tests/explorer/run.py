"""Builds litmus tests and scenarios, runs them in the explorer, and prints a table.

usage: python -m tests.explorer.run [--compiler gcc|clang|...] [--optimise LEVEL]
                                    [--timeout SECONDS] [--jobs N] [NAME ...] [-- OPTION ...]

NAME is `litmus`, `scenarios`, or a file's name without its ending; without any, all run. What
stands behind -- goes to each program: --mode random --runs 1000, or, for one program,
--case NAME --replay CHOICES.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.explorer.members import Members

EXPLORER = Path(__file__).resolve().parent
ROOT = EXPLORER.parents[1]
RUNTIME = ROOT / "runtime"
FOLDERS = ("litmus", "scenarios")
BUILD = ROOT / "build" / "explorer"
TIMEOUT_S = 600.0
"""For a case. The longest takes two minutes on a quiet machine."""

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
EXPLORER_FLAGS = ("-std=c11", "-O2", "-march=native", "-g", "-fno-pie")
SECTIONS = ("-ffunction-sections", "-fdata-sections")
LINK_USED = "-Wl,--gc-sections"
"""A program contains what it uses, so that a fault elsewhere leaves it as it is."""

TESTED_FLAGS = ("-std=c11", "-g", "-fno-pie", "-fno-builtin", "-fsanitize=thread", *SECTIONS)
MODELLED = frozenset({"barrier.c", "clock.c", "futex.c", "processor.c"})
"""Sources of the runtime that the explorer has a model of."""

RENAMED = ("memcpy", "memmove", "memset", "memcmp")
"""C library functions whose accesses count when instrumented code calls them."""


@dataclass(frozen=True)
class Toolchain:
    """How programs are compiled; each combination has its own build folder."""

    compiler: str = "gcc"
    optimise: str = "-O1"
    defines: tuple[str, ...] = ()
    """For the explorer itself."""
    runtime: Path = RUNTIME
    """The runtime under test: the tree's, or a changed copy of it, which may warn."""
    launcher: tuple[str, ...] = ()
    """What stands before the compiler where it makes objects of tested code: a cache of them."""
    headers_folder: Path | None = None
    """Where generated headers go, if not below `folder`."""

    @property
    def folder(self) -> Path:
        parts = [self.compiler, self.optimise, *self.defines]
        if self.runtime != RUNTIME:
            return self.runtime.parent / "explorer" / "".join(parts)
        return BUILD / "".join(parts)

    def include(self) -> list[str]:
        folders = (EXPLORER / "include", self.runtime / "include", self.runtime / "src")
        return [f"-I{folder}" for folder in folders]


@dataclass(frozen=True)
class Verdict:
    """What the last line of a case says, and the text before it."""

    name: str
    case: str
    mode: str
    passed: bool
    report: str
    executions: int
    pruned: int
    seconds: float
    is_complete: bool
    text: str
    distinct: int = 0
    """Different executions, if --distinct asked for them to be counted."""

    def row(self) -> str:
        rate = self.executions / self.seconds if self.seconds > 0.001 else 0.0
        shown = f"{rate:>9,.0f}/s" if rate else f"{'':>11}"
        mark = "pass" if self.passed else "FAIL"
        end = "all" if self.is_complete else self.report
        return (
            f"{mark} {self.name:34} {self.case:12} {self.mode:10} {self.executions:>10,} runs "
            f"{self.pruned:>10,} cut {self.seconds:>7.2f} s {shown}  {end}"
        )


class BuildError(Exception):
    """A compiler's message."""


def call(command: Sequence[str | Path], variables: Mapping[str, str] | None = None) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, env=variables)
    if done.returncode != 0:
        raise BuildError(f"{' '.join(words)}\n{done.stdout}{done.stderr}")


def is_newer(target: Path, sources: Sequence[Path]) -> bool:
    """Whether the target was made after all of its sources."""
    if not target.exists():
        return False
    made = target.stat().st_mtime_ns
    return all(source.stat().st_mtime_ns < made for source in sources)


def headers(toolchain: Toolchain) -> list[Path]:
    folders = (EXPLORER / "include", EXPLORER / "src", EXPLORER / "scenarios")
    own = [path for folder in folders for path in folder.glob("*.h")]
    return own + sorted(toolchain.runtime.glob("**/*.h"))


def build_explorer(toolchain: Toolchain) -> Path:
    """The explorer as a static library. It is never instrumented."""
    library = toolchain.folder / "libexplorer.a"
    sources = sorted((EXPLORER / "src").glob("*.c"))
    if is_newer(library, [*sources, *headers(toolchain), Path(__file__)]):
        return library
    toolchain.folder.mkdir(parents=True, exist_ok=True)
    objects = []
    for source in sources:
        target = toolchain.folder / f"explorer-{source.stem}.o"
        flags = (*EXPLORER_FLAGS, *WARNINGS, *(f"-D{name}" for name in toolchain.defines))
        call([toolchain.compiler, *flags, *toolchain.include(), "-c", source, "-o", target])
        objects.append(target)
    library.unlink(missing_ok=True)
    call(["ar", "rcs", library, *objects])
    return library


def generate(toolchain: Toolchain, source: Path) -> list[Path]:
    """The headers of those schemas beside a scenario that it includes: turns.yaml for turns.h."""
    include = re.compile(r'#include "(\w+)\.h"')
    included = set(include.findall(source.read_text(encoding="utf-8")))
    generated: list[Path] = []
    for schema in sorted(source.parent.glob("*.yaml")):
        if schema.stem in included:
            generated += generate_schema(toolchain, schema)
    return generated


def generate_schema(toolchain: Toolchain, schema: Path) -> list[Path]:
    """A schema's headers, made again when it or anything of the generator has changed."""
    tree = toolchain.runtime.parent
    folder = (toolchain.headers_folder or toolchain.folder / "generated") / schema.stem
    stamp = folder.with_suffix(".stamp")
    tool = [path for name in ("generator", "templates") for path in (tree / name).rglob("*.*")]
    if not is_newer(stamp, [schema, *tool]):
        variables = {
            **os.environ,
            "PYTHONPATH": str(tree / "generator"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        call([sys.executable, "-m", "corinth", "generate", schema, "-o", folder], variables)
        stamp.touch()
    return sorted(folder.glob("*.h"))


def build_tested(toolchain: Toolchain, source: Path, prefix: str) -> Path:
    """An instrumented object whose calls of memcpy and its like come to the explorer."""
    target = toolchain.folder / f"{prefix}-{source.stem}.o"
    generated = generate(toolchain, source)
    if is_newer(target, [source, *generated, *headers(toolchain), Path(__file__)]):
        return target
    toolchain.folder.mkdir(parents=True, exist_ok=True)
    flags = [*TESTED_FLAGS, toolchain.optimise]
    if toolchain.runtime == RUNTIME:
        flags += WARNINGS
    if "clang" not in toolchain.compiler:
        flags.append("-Wno-tsan")
    flags += [f"-I{folder}" for folder in sorted({header.parent for header in generated})]
    command = [*toolchain.launcher, toolchain.compiler, *flags, *toolchain.include()]
    call([*command, "-c", source, "-o", target])
    renames = [f"--redefine-sym={name}=explorer_{name}" for name in RENAMED]
    call(["objcopy", *renames, target])
    return target


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps two runs from building in one folder at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_program(toolchain: Toolchain, source: Path) -> Path:
    """A litmus test or scenario with the runtime and the explorer, linked without the sanitizer."""
    explorer = replace(toolchain, runtime=RUNTIME)
    with locked(explorer.folder):
        library = build_explorer(explorer)
    with locked(toolchain.folder):
        return link_program(toolchain, source, library)


def link_program(toolchain: Toolchain, source: Path, library: Path) -> Path:
    runtime = [
        build_tested(toolchain, path, "runtime")
        for path in sorted((toolchain.runtime / "src").glob("*.c"))
        if path.name not in MODELLED
    ]
    tested = build_tested(toolchain, source, source.parent.name)
    program = toolchain.folder / source.stem
    if not is_newer(program, [tested, library, *runtime]):
        call([toolchain.compiler, "-no-pie", LINK_USED, tested, *runtime, library, "-o", program])
    return program


def read_verdicts(output: str) -> list[Verdict]:
    """Cuts a program's output behind each RESULT line."""
    verdicts = []
    text: list[str] = []
    for line in output.splitlines():
        if not line.startswith("RESULT "):
            text.append(line)
            continue
        head, _, rest = line.partition(" report=")
        report, _, tail = rest.partition(" complete=")
        pairs = f"{head} complete={tail}".split()[1:]
        values = dict(pair.split("=", 1) for pair in pairs)
        verdicts.append(
            Verdict(
                name=values["name"],
                case=values["case"],
                mode=values["mode"],
                passed=values["verdict"] == "pass",
                report=report,
                executions=int(values["executions"]),
                pruned=int(values["pruned"]),
                seconds=float(values["seconds"]),
                is_complete=values["complete"] == "1",
                text="\n".join(text),
                distinct=int(values["distinct"]),
            )
        )
        text = []
    return verdicts


def no_verdict(program: Path, text: str) -> Verdict:
    return Verdict(program.name, "-", "-", False, "no verdict", 0, 0, 0.0, False, text)


def run_program(
    program: Path,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    jobs: int = 1,
) -> list[Verdict]:
    """Runs a program's cases, each in a process of its own and `jobs` of them at once."""
    variables = {**os.environ, **(environment or {})}

    def run_one(case: str) -> list[Verdict]:
        return run_case(program, case, options, variables, timeout_s)

    with ThreadPoolExecutor(jobs) as pool:
        found = list(pool.map(run_one, cases_of(program, options)))
    return [verdict for verdicts in found for verdict in verdicts]


def cases_of(program: Path, options: Sequence[str]) -> list[str]:
    """The case that the options name, or all that the program has."""
    if "--case" in options:
        return [options[options.index("--case") + 1]]
    listed = subprocess.run([str(program), "--cases"], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def run_case(
    program: Path,
    case: str,
    options: Sequence[str],
    variables: Mapping[str, str],
    timeout_s: float,
) -> list[Verdict]:
    """Runs one case; a program that ends without a verdict counts as failed."""
    chosen = [] if "--case" in options else ["--case", case]
    try:
        done = subprocess.run(
            [str(program), *options, *chosen],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env=variables,
        )
    except subprocess.TimeoutExpired:
        return [no_verdict(program, f"not done after {timeout_s} s")]
    verdicts = read_verdicts(done.stdout)
    if not verdicts or (done.returncode == 0) != all(each.passed for each in verdicts):
        text = f"ended with {done.returncode}\n{done.stdout}{done.stderr}"
        verdicts.append(no_verdict(program, text))
    return verdicts


def find_sources(names: Sequence[str]) -> list[Path]:
    """The files that are meant by these names; a file dropped into a folder is found by itself."""
    found = {path.stem: path for name in FOLDERS for path in sorted((EXPLORER / name).glob("*.c"))}
    chosen: dict[str, Path] = {}
    for name in names or FOLDERS:
        matching = {stem: path for stem, path in found.items() if name in (stem, path.parent.name)}
        if not matching:
            raise SystemExit(f"run.py: no litmus test or scenario {name}")
        chosen.update(matching)
    return list(chosen.values())


def replay(program: Path, options: Sequence[str]) -> int:
    done = subprocess.run([str(program), *options], stdout=subprocess.PIPE, text=True)
    print(Members(program).name_all(done.stdout), end="")
    return done.returncode


def main(arguments: Sequence[str]) -> int:
    own = list(arguments)
    passed_on: list[str] = []
    if "--" in own:
        at = own.index("--")
        own, passed_on = own[:at], own[at + 1 :]
    parser = argparse.ArgumentParser(
        prog="python -m tests.explorer.run",
        description="Run litmus tests and scenarios in the explorer.",
    )
    parser.add_argument("--compiler", default="gcc")
    parser.add_argument("--optimise", default="1", help="an optimisation level: 0, 1 (default), 2")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, help="seconds for a case")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="cases at once")
    parser.add_argument("names", nargs="*", help="litmus, scenarios, or single names")
    chosen = parser.parse_args(own)
    toolchain = Toolchain(compiler=chosen.compiler, optimise=f"-O{chosen.optimise}")
    failed = 0
    for source in find_sources(chosen.names):
        program = build_program(toolchain, source)
        if "--replay" in passed_on:
            return replay(program, passed_on)
        verdicts = run_program(program, passed_on, timeout_s=chosen.timeout, jobs=chosen.jobs)
        for verdict in verdicts:
            if verdict.text:
                print(Members(program).name_all(verdict.text))
            print(verdict.row(), flush=True)
            failed += not verdict.passed
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BuildError as error:
        sys.exit(f"run.py: {error}")
