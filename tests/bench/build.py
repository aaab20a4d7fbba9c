"""Builds the benchmark: generated lanes and every peer that is there, by one compiler."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support.tool import generate
from tests.support.tree import BUILD, INCLUDE, SOURCE, TESTS

HERE = TESTS / "bench"
FOLDER = BUILD / "bench"
HARNESS = ("main.c", "line.c", "process.c", "results.c", "run.c")

BYTES = (16, 64, 256, 1024, 8192)
CAPACITIES = (4096, 1024)
TRIP_BYTES = (64,)
TRIP_CAPACITY = 1024

OPTIONS = ("-O3", "-DNDEBUG", "-pthread")
C_OPTIONS = (*OPTIONS, "-std=gnu11")
CXX_OPTIONS = (*OPTIONS, "-std=c++17")
"""The same for everybody; GNU C, because the headers of one peer need it."""

WARNINGS = ("-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror")
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
    Peer("mutex and condition", "peer_mutex.c", "pthread.h", "libc6-dev"),
    Peer("oneTBB", "peer_tbb.cc", "tbb/concurrent_queue.h", "libtbb-dev", libraries=("-ltbb",)),
    Peer("folly", "peer_folly.cc", "folly/ProducerConsumerQueue.h"),
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

    @property
    def trip_sizes(self) -> tuple[int, ...]:
        return tuple(size for size in self.sizes if size in TRIP_BYTES)


Command = list[str]


def generate_from(*parts: str) -> Path:
    """Headers for a schema that is put together here from parts of one; returns their folder."""
    folder = FOLDER / "_".join(["generated", *parts])
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        shutil.copyfile(HERE / "schemas" / f"{part}.yaml", folder / f"{part}.yaml")
    included = ", ".join(f"{part}.yaml" for part in parts)
    schema = folder / "bench.yaml"
    schema.write_text(f"corinth: 1\nname: bench\ninclude: [{included}]\n", encoding="utf-8")
    generate(schema, folder)
    return folder


def compile_lanes(
    source: str, toolchain: Toolchain, size: int, capacity: int, generated: Path
) -> Iterator[Command]:
    """One of Corinth's own sources, for both kinds of lane."""
    driver = [*driver_of(source, toolchain), *WARNINGS]
    for is_mpmc in (0, 1):
        name = f"{Path(source).stem}_{size}_{capacity}_{is_mpmc}.o"
        yield [
            *driver,
            *(f"-I{folder}" for folder in (HERE, generated, INCLUDE)),
            f"-DBENCH_BYTES={size}",
            f"-DBENCH_CAPACITY={capacity}",
            f"-DBENCH_IS_MPMC={is_mpmc}",
            *("-c", str(HERE / source), "-o", str(FOLDER / toolchain.name / name)),
        ]


def compile_all(toolchain: Toolchain, peers: Sequence[Peer], extent: Extent) -> Iterator[Command]:
    """A command for each object; the headers that it needs are generated before."""
    folder = FOLDER / toolchain.name
    driver = [*driver_of("main.c", toolchain), *WARNINGS, f"-I{HERE}", f"-I{INCLUDE}"]
    for source in (*(HERE / name for name in HARNESS), *sorted(SOURCE.glob("*.c"))):
        yield [*driver, "-c", str(source), "-o", str(folder / f"{source.stem}.o")]
    for size in extent.sizes:
        for capacity in extent.capacities:
            generated = generate_from(f"bytes_{size}", f"capacity_{capacity}")
            yield from compile_lanes("corinth.c", toolchain, size, capacity, generated)
    for size in extent.trip_sizes:
        generated = generate_from(f"bytes_{size}", "trip")
        yield from compile_lanes("corinth_trip.c", toolchain, size, TRIP_CAPACITY, generated)
    for peer in peers:
        driver = [*driver_of(peer.source, toolchain), *NO_WARNINGS, *include_options(peer)]
        for size in extent.sizes:
            output = folder / f"{Path(peer.source).stem}_{size}.o"
            options = [f"-I{HERE}", f"-DBENCH_BYTES={size}"]
            yield [*driver, *options, "-c", str(HERE / peer.source), "-o", str(output)]


def build(toolchain: Toolchain, peers: Sequence[Peer], extent: Extent) -> Path:
    """The program that measures, compiled by as many processes as there are cores."""
    folder = FOLDER / toolchain.name
    folder.mkdir(parents=True, exist_ok=True)
    commands = list(compile_all(toolchain, peers, extent))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda command: subprocess.run(command, check=True), commands))
    objects = [command[-1] for command in commands]
    libraries = [library for peer in peers for library in peer.libraries]
    program = folder / "bench"
    command = [toolchain.cxx_driver, "-pthread", *objects, *libraries, "-o", str(program)]
    subprocess.run(command, check=True)
    return program
