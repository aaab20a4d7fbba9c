"""Makes the text of generator/corinth/system_names.txt from what is installed; see there.

Which headers there are is read from the lists of files of the packages. What the headers of C and
POSIX define is asked of the compilers: gcc for the macros, clang for everything else.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support.tree import INCLUDE

FILE_PACKAGES = (
    "libc6-dev",
    "linux-libc-dev",
    "musl-dev",
    r"libgcc-\d+-dev",
    r"libstdc\+\+-\d+-dev",
)
"""Patterns of the packages whose headers a program's own could hide."""

INCLUDE_FOLDER = re.compile(
    r"(?:/usr/include|/usr/include/[a-z0-9_]+-linux-(?:gnu|musl)|/usr/include/c\+\+/\d+"
    r"|/usr/lib/gcc/[^/]+/\d+/include)/([A-Za-z0-9_+-]+\.h)"
)
"""A header that is included without a folder before it."""

STANDARD_HEADERS = """
    assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign
    stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time
    uchar wchar wctype
    aio arpa/inet cpio dirent dlfcn fcntl fmtmsg fnmatch ftw glob grp iconv langinfo libgen monetary
    mqueue ndbm net/if netdb netinet/in netinet/tcp nl_types poll pthread pwd regex sched search
    semaphore spawn strings stropts sys/ipc sys/mman sys/msg sys/resource sys/select sys/sem
    sys/shm sys/socket sys/stat sys/statvfs sys/time sys/times sys/types sys/uio sys/un
    sys/utsname sys/wait syslog tar termios trace ulimit unistd utime utmpx wordexp
    endian err error getopt sys/epoll sys/eventfd sys/inotify sys/ioctl sys/prctl sys/random
    sys/signalfd sys/syscall sys/sysinfo sys/timerfd
"""
"""Those of C11, of POSIX.1-2017, and of Linux and GNU that programs commonly include."""

MACRO = re.compile(r"^#define ([A-Za-z]\w*)(\(?)", re.MULTILINE)
DECLARED = re.compile(r"[A-Za-z]\w*")
EMITTED = re.compile(r"[a-z]+[a-z0-9_]*|[A-Z]+[A-Z0-9_]*")
"""The forms of generated identifiers: nothing else can be equal to one."""

WIDTH = 100


@dataclass(frozen=True)
class Header:
    name: str
    values: frozenset[str]
    """Macros without parameters: no member can be called so."""
    identifiers: frozenset[str]
    """Everything with a name at file scope."""


def text() -> str:
    """The whole file."""
    system = _read_all(f"{name}.h" for name in STANDARD_HEADERS.split())
    runtime = _read_all(f"corinth/{path.name}" for path in (INCLUDE / "corinth").glob("*.h"))
    own = [header for header in _least(runtime, "corinth/") if header.identifiers]
    parts = [
        "# What names of generated code could meet. Made by scripts/system-names from:",
        *(f"#     {package}" for package in packages()),
        "# Files: headers that a header of the same name would hide.",
        "# Values: macros without parameters; no member can be called so. Names: everything else.",
        "",
        "[files]",
        *_wrap("", files()),
        *_section("values", [(header.name, header.values) for header in _least(system)]),
        *_section("names", [(h.name, h.identifiers - h.values) for h in _least(system)]),
        *_section("runtime values", [(header.name, header.values) for header in own]),
        *_section("runtime names", [(h.name, h.identifiers - h.values) for h in own]),
    ]
    return "\n".join(parts) + "\n"


def packages() -> list[str]:
    """The installed packages that the file is made from, with their versions."""
    shown = _output(["dpkg-query", "-W", "-f=${Package} ${Version} ${db:Status-Status}\n"])
    wanted = re.compile("|".join(FILE_PACKAGES))
    rows = [line.split() for line in shown.splitlines()]
    return sorted(
        {f"{r[0]} {r[1]}" for r in rows if r[2] == "installed" and wanted.fullmatch(r[0])}
    )


def files() -> list[str]:
    """Every header of the packages that is included by its bare name."""
    listed = _output(["dpkg", "-L", *(package.split()[0] for package in packages())])
    found = (INCLUDE_FOLDER.fullmatch(line) for line in listed.splitlines())
    return sorted({match[1] for match in found if match})


def _read_all(names: Iterable[str]) -> list[Header]:
    predefined = _macros("") | _macros("", "-m32")
    with ThreadPoolExecutor() as pool:
        headers = pool.map(lambda name: _read(name, predefined), sorted(names))
        return [Header("gcc", *_emitted(predefined, set())), *headers]


def _read(name: str, predefined: dict[str, bool]) -> Header:
    """What a header and all that it includes define; nothing where the system hasn't got it."""
    source = f"#include <{name}>\n"
    if not _preprocess(source):
        return Header(name, frozenset(), frozenset())
    macros = {key: value for key, value in _macros(source).items() if key not in predefined}
    command = ["clang", "-fsyntax-only", "-Xclang", "-ast-list", *_options(), "-"]
    declared = _output(command, source).splitlines()
    return Header(name, *_emitted(macros, {line for line in declared if DECLARED.fullmatch(line)}))


def _emitted(macros: dict[str, bool], declared: set[str]) -> tuple[frozenset[str], frozenset[str]]:
    values = frozenset(name for name, is_value in macros.items() if is_value)
    return values, values | {name for name in {*macros, *declared} if EMITTED.fullmatch(name)}


def _macros(source: str, *options: str) -> dict[str, bool]:
    """Each macro, and whether it has no parameters."""
    return {name: not opening for name, opening in MACRO.findall(_preprocess(source, *options))}


def _preprocess(source: str, *options: str) -> str:
    """The macros that are defined at the end of a source text; nothing if it can't be read."""
    command = ["gcc", "-dM", "-E", *_options(), *options, "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _options() -> list[str]:
    return ["-x", "c", "-std=gnu11", "-D_GNU_SOURCE", "-w", f"-I{INCLUDE}"]


def _least(headers: list[Header], folder: str = "") -> list[Header]:
    """Each name with the header that brings the fewest others: the one that programs include."""
    taken: set[str] = set()
    result = []
    for header in sorted(headers, key=lambda header: (len(header.identifiers), header.name)):
        own = header.identifiers - taken
        if folder:
            own = frozenset(name for name in own if name.lower().startswith("corinth_"))
        taken |= own
        result.append(Header(header.name, header.values & own, own))
    return sorted(result, key=lambda header: header.name)


def _section(title: str, rows: list[tuple[str, frozenset[str]]]) -> list[str]:
    lines = ["", f"[{title}]"]
    for header, names in rows:
        lines += _wrap(f"{header}:", sorted(names))
    return lines


def _wrap(label: str, words: list[str]) -> list[str]:
    """Words on lines that each begin with the label."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(f"{label} {word}".lstrip())
    return lines


def _output(command: list[str], source: str = "") -> str:
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    if not Path("/usr/bin/dpkg").exists():
        sys.exit("this asks dpkg for the files of packages: run it on Debian")
    sys.stdout.write(text())
