"""Builds the benchmark: generated lanes and every peer that is there, by one compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.tool import generate
from tests.support.tree import BUILD, INCLUDE, SOURCE, TESTS

HERE = TESTS / "bench"
FOLDER = BUILD / "bench"

BYTES = (16, 64, 256, 1024)
CAPACITIES = (4096, 1024)

OPTIONS = ("-O3", "-DNDEBUG", "-pthread")
C_OPTIONS = (*OPTIONS, "-std=gnu11")
CXX_OPTIONS = (*OPTIONS, "-std=c++17")
"""The same for everybody; GNU C, because the headers of one peer need it."""

WARNINGS = ("-Wall", "-Wextra", "-Werror")
NO_WARNINGS = ("-w",)
"""Compilers warn of peers' headers once they are inlined."""


@dataclass(frozen=True)
class Toolchain:
    name: str
    c_driver: str
    cxx_driver: str

    def is_there(self) -> bool:
        return bool(shutil.which(self.c_driver) and shutil.which(self.cxx_driver))

    def version(self) -> str:
        command = [self.c_driver, "--version"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[0]


TOOLCHAINS = (Toolchain("gcc", "gcc", "g++"), Toolchain("clang", "clang", "clang++"))


@dataclass(frozen=True)
class Peer:
    """A queue of another project: in a Debian package, or in a folder of CORINTH_PEERS."""

    name: str
    source: str
    header: str
    package: str = ""
    folders: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


PEERS = (
    Peer("Boost.Lockfree", "peer_boost.cc", "boost/lockfree/spsc_queue.hpp", "libboost-dev"),
    Peer("Concurrency Kit", "peer_ck.c", "ck_ring.h", "libck-dev"),
    Peer(
        "DPDK",
        "peer_dpdk.c",
        "rte_ring_peek_zc.h",
        "libdpdk-dev",
        folders=("/usr/include/dpdk", f"/usr/include/{os.uname().machine}-linux-gnu/dpdk"),
    ),
    Peer(
        "moodycamel ConcurrentQueue",
        "peer_concurrentqueue.cc",
        "concurrentqueue/concurrentqueue.h",
        "libconcurrentqueue-dev",
    ),
    Peer(
        "moodycamel ReaderWriterQueue",
        "peer_readerwriterqueue.cc",
        "readerwriterqueue/readerwriterqueue.h",
        "libreaderwriterqueue-dev",
    ),
    Peer("oneTBB", "peer_tbb.cc", "tbb/concurrent_queue.h", "libtbb-dev", libraries=("-ltbb",)),
    Peer("rigtorp", "peer_rigtorp.cc", "rigtorp/SPSCQueue.h"),
)


def include_options(peer: Peer) -> list[str]:
    """Where a peer's headers may be. A system folder's warnings aren't ours."""
    given = os.environ.get("CORINTH_PEERS", "")
    return [f"-isystem{folder}" for folder in (*peer.folders, *given.split(os.pathsep)) if folder]


def driver_of(source: str, toolchain: Toolchain) -> list[str]:
    if source.endswith(".cc"):
        return [toolchain.cxx_driver, *CXX_OPTIONS]
    return [toolchain.c_driver, *C_OPTIONS]


def is_present(peer: Peer, toolchain: Toolchain) -> bool:
    """Whether the compiler finds the peer's header."""
    command = [*driver_of(peer.source, toolchain), *include_options(peer), "-E", "-x", "c", "-"]
    if peer.source.endswith(".cc"):
        command[-2] = "c++"
    text = f"#if !__has_include(<{peer.header}>)\n#error absent\n#endif\n"
    return subprocess.run(command, input=text, text=True, capture_output=True).returncode == 0


@dataclass(frozen=True)
class Extent:
    """Which sizes of items and which capacities are wanted."""

    sizes: tuple[int, ...] = BYTES
    capacities: tuple[int, ...] = CAPACITIES


def generate_lanes(extent: Extent) -> Iterator[tuple[int, int, Path]]:
    """Headers for each size and capacity: two parts of a schema, put together here."""
    schemas = HERE / "schemas"
    for size in extent.sizes:
        for capacity in extent.capacities:
            folder = FOLDER / f"generated_{size}_{capacity}"
            folder.mkdir(parents=True, exist_ok=True)
            for part in (f"bytes_{size}.yaml", f"capacity_{capacity}.yaml"):
                shutil.copyfile(schemas / part, folder / part)
            schema = folder / "bench.yaml"
            schema.write_text(
                "corinth: 1\nname: bench\n"
                f"include: [bytes_{size}.yaml, capacity_{capacity}.yaml]\n",
                encoding="utf-8",
            )
            generate(schema, folder)
            yield size, capacity, folder


def compile_object(command: Sequence[str | Path], source: Path, output: Path) -> Path:
    subprocess.run([*command, "-c", source, "-o", output], check=True)
    return output


def objects_of_lanes(toolchain: Toolchain, extent: Extent, folder: Path) -> Iterator[Path]:
    """corinth.c by size, capacity and kind of lane."""
    driver = [*driver_of("corinth.c", toolchain), *WARNINGS]
    for size, capacity, generated in generate_lanes(extent):
        for is_mpmc in (0, 1):
            options = [f"-I{HERE}", f"-I{generated}", f"-I{INCLUDE}"]
            options += [f"-DBENCH_BYTES={size}", f"-DBENCH_CAPACITY={capacity}"]
            options += [f"-DBENCH_IS_MPMC={is_mpmc}"]
            output = folder / f"corinth_{size}_{capacity}_{is_mpmc}.o"
            yield compile_object([*driver, *options], HERE / "corinth.c", output)


def objects_of_peer(
    peer: Peer, toolchain: Toolchain, extent: Extent, folder: Path
) -> Iterator[Path]:
    driver = [*driver_of(peer.source, toolchain), *NO_WARNINGS]
    for size in extent.sizes:
        options = [f"-I{HERE}", *include_options(peer), f"-DBENCH_BYTES={size}"]
        output = folder / f"{Path(peer.source).stem}_{size}.o"
        yield compile_object([*driver, *options], HERE / peer.source, output)


def build(toolchain: Toolchain, peers: Sequence[Peer], extent: Extent) -> Path:
    """The program that measures."""
    folder = FOLDER / toolchain.name
    folder.mkdir(parents=True, exist_ok=True)
    driver = [*driver_of("main.c", toolchain), *WARNINGS, f"-I{HERE}", f"-I{INCLUDE}"]
    sources = [HERE / "main.c", HERE / "line.c", *sorted(SOURCE.glob("*.c"))]
    objects = [compile_object(driver, each, folder / f"{each.stem}.o") for each in sources]
    objects += objects_of_lanes(toolchain, extent, folder)
    for peer in peers:
        objects += objects_of_peer(peer, toolchain, extent, folder)
    libraries = [library for peer in peers for library in peer.libraries]
    program = folder / "bench"
    command = [toolchain.cxx_driver, "-pthread", *map(str, objects), *libraries]
    subprocess.run([*command, "-o", str(program)], check=True)
    return program
