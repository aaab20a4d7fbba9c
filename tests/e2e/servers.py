"""Builds the HTTP server in the variants that the tests run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.compilers import CLANG, GCC, Compiler, command_for
from tests.support.process import run
from tests.support.tool import generate
from tests.support.tree import ROOT, SOURCE

EXAMPLE = ROOT / "examples" / "http_server"
SCHEMA = EXAMPLE / "http_server.yaml"
LLHTTP_SOURCES = Path("/usr/share/llhttp")
"""Where Debian 12 has llhttp; later ones have a library."""


@dataclass(frozen=True)
class Variant:
    """One way to build the server."""

    name: str
    compiler: Compiler = GCC
    flags: tuple[str, ...] = ()
    capacity: int | None = None
    """Of every lane; None leaves them as the schema has them."""


PLAIN = Variant("plain", flags=("-O2",))
CAPACITY_2 = Variant("capacity 2", flags=("-O2",), capacity=2)
THREAD_SANITIZER = Variant("thread sanitizer", CLANG, ("-O1", "-fsanitize=thread"))
ADDRESS_SANITIZER = Variant(
    "address sanitizer",
    GCC,
    ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
    capacity=2,
)
SERVER_SOURCES = tuple(sorted(EXAMPLE.glob("*.c")))
PARSER_SOURCES = tuple(
    EXAMPLE / f"{name}.c"
    for name in (
        "authority",
        "head_lines",
        "http_parse",
        "http_text",
        "request_check",
        "request_fields",
        "request_target",
        "uri_text",
    )
)
"""The parser without the server."""

VARIANTS = (PLAIN, CAPACITY_2, THREAD_SANITIZER, ADDRESS_SANITIZER)


def with_capacity(schema: str, capacity: int) -> str:
    """The schema with the same capacity for every lane."""
    text, lanes = re.subn(r"capacity: \d+", f"capacity: {capacity}", schema)
    assert lanes == 4, "each of the four lanes states its capacity"
    return text


def llhttp_flags(variant: Variant, folder: Path) -> list[str | Path]:
    """Compiler arguments for llhttp: a library where there is one, else objects made here."""
    found = run(["pkg-config", "--cflags", "--libs", "libllhttp"])
    if found.status == 0:
        return list(found.stdout.split())
    include = "-isystem/usr/share/include/llhttp"
    objects: list[str | Path] = []
    for name in ("api", "http", "llhttp"):
        objects.append(folder / f"{name}.o")
        flags = [*variant.flags, "-w", "-g", "-DLLHTTP_STRICT_MODE=1", include]
        source = LLHTTP_SOURCES / f"{name}.c"
        run([variant.compiler.c_driver, *flags, "-c", source, "-o", objects[-1]]).expect_success()
    return [include, *objects]


def build(
    variant: Variant,
    folder: Path,
    sources: Sequence[Path] = SERVER_SOURCES,
    name: str = "http_server",
) -> Path:
    """Generate from the example's schema and compile; returns the executable."""
    schema = folder / SCHEMA.name
    text = SCHEMA.read_text(encoding="utf-8")
    if variant.capacity is not None:
        text = with_capacity(text, variant.capacity)
    schema.write_text(text, encoding="utf-8")
    generate(schema, folder / "gen")

    binary = folder / name
    flags = [*variant.flags, "-g", "-pthread"]
    include = [EXAMPLE, folder / "gen"]
    command: Sequence[str] = command_for(variant.compiler, "c11", include, flags)
    objects = []
    for source in sorted(SOURCE.glob("*.c")):
        objects.append(folder / f"runtime_{source.stem}.o")
        run([*command, "-c", source, "-o", objects[-1]]).expect_success()
    llhttp = llhttp_flags(variant, folder)
    run(
        [*command, "-D_GNU_SOURCE", *sources, *objects, *llhttp, "-lcrypto", "-o", binary],
        timeout_s=300,
    ).expect_success()
    return binary
