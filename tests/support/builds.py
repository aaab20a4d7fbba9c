"""Build folders under build/: how each is set up, and bringing one up to date.

A test that needs a program which meson builds asks for it: `built(ASAN) / "examples" / ...`. The
folders are kept, so that only what changed is built again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.tree import BUILD, ROOT

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


@dataclass(frozen=True)
class Configuration:
    """One way to build everything."""

    name: str
    compiler: str
    options: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return BUILD / self.name


GCC = Configuration("gcc", "gcc")
CLANG = Configuration("clang", "clang")
ASAN = Configuration("asan", "gcc", ("-Db_sanitize=address,undefined",))
TSAN = Configuration("tsan", "clang", ("-Db_sanitize=thread", "-Db_lundef=false"))
CONFIGURATIONS = (GCC, CLANG, ASAN, TSAN)

SETUP = ("meson", "setup", "--buildtype=debugoptimized", "--werror", "-Dhttp_server=enabled")


class BuildError(AssertionError):
    """A build failed; what it printed is the message."""


def environment() -> dict[str, str]:
    """The environment of builds and their programs: the virtual environment's tools come first."""
    tools = str(Path(sys.executable).parent)
    return {**os.environ, **SANITIZER_OPTIONS, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


def _attempt(command: Sequence[str], variables: Mapping[str, str]) -> str | None:
    """None when the command succeeds, otherwise what it printed."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=variables,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return None if done.returncode == 0 else done.stdout


def _configure(configuration: Configuration) -> str | None:
    """Set up a folder, or bring it up to date; one that meson can't update is made again."""
    command = [*SETUP, *configuration.options, str(configuration.folder)]
    variables = {**environment(), "CC": configuration.compiler}
    if (configuration.folder / "meson-private" / "coredata.dat").exists():
        if _attempt([*command, "--reconfigure"], variables) is None:
            return None
        command.append("--wipe")
    return _attempt(command, variables)


def built(configuration: Configuration) -> Path:
    """The build folder of a configuration, with everything in it up to date."""
    folder = configuration.folder
    problem = _configure(configuration)
    if problem is None:
        problem = _attempt(["meson", "compile", "-C", str(folder)], environment())
    if problem is not None:
        raise BuildError(f"{configuration.name}: the build failed\n{problem}")
    return folder


def launch_prefix(configuration: Configuration) -> list[str]:
    """What stands before the command of a program from this build, on this machine.

    Older thread sanitizers can't place their shadow memory where the kernel randomises addresses
    widely; there, programs run without randomisation.
    """
    if "-Db_sanitize=thread" not in configuration.options:
        return []
    probe = configuration.folder / "probe"
    probe.parent.mkdir(parents=True, exist_ok=True)
    command = [configuration.compiler, "-x", "c", "-fsanitize=thread", "-o", str(probe), "-"]
    subprocess.run(command, input="int main(void) { return 0; }\n", text=True, check=True)
    started = subprocess.run([probe], capture_output=True)
    return [] if started.returncode == 0 else ["setarch", "-R"]
