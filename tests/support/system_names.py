"""Makes the text of generator/corinth/system_names.txt from what is installed; see there.

Which headers there are is read from the lists of files of the packages. What the headers of C and
POSIX define is taken from the compilers: gcc for the macros, clang for everything else.
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
    mqueue ndbm net/if netdb netinet/icmp6 netinet/in netinet/ip netinet/ip6
    netinet/ip_icmp netinet/tcp netinet/udp nl_types poll pthread pwd regex sched search
    semaphore spawn strings stropts sys/ipc sys/mman sys/msg sys/resource sys/select sys/sem
    sys/shm sys/socket sys/stat sys/statvfs sys/time sys/times sys/types sys/uio sys/un
    sys/utsname sys/wait syslog tar termios trace ulimit unistd utime utmpx wordexp
    endian err error getopt sys/epoll sys/eventfd sys/inotify sys/ioctl sys/prctl sys/random
    sys/signalfd sys/syscall sys/sysinfo sys/timerfd
"""
"""Those of C11, of POSIX.1-2017, and of Linux and GNU that programs commonly include."""

MACRO = re.compile(r"^#define ([A-Za-z]\w*)(\(?)", re.MULTILINE)
DECLARED = re.compile(
    r"^[|`]-(?:Function|Var|Typedef)Decl\b.*? (?P<name>[A-Za-z]\w*) '"
    r"|^[|`]-RecordDecl\b.* (?:struct|union) (?!definition$)(?P<tag>[A-Za-z]\w*)(?: definition)?$"
    r"|^[|`]-EnumDecl\b.* (?P<enum>[A-Za-z]\w*)$"
    r"|EnumConstantDecl\b.*? (?P<constant>[A-Za-z]\w*) '",
    re.MULTILINE,
)
"""In clang's dump of a header: what is declared at file scope, and the constants of enums."""

EMITTED = re.compile(r"[a-z]+[a-z0-9_]*|[A-Z]+[A-Z0-9_]*")
"""The forms of generated identifiers: nothing else can be equal to one."""

WIDTH = 100


KINDS = {
    "values": "macros without parameters; no member can be called so",
    "calls": "macros with parameters; no function can be called so",
    "names": "what is declared at file scope",
}


@dataclass(frozen=True)
class Header:
    """What a header and all that it includes define, by kind."""

    name: str
    words: dict[str, frozenset[str]]

    @property
    def size(self) -> int:
        return sum(map(len, self.words.values()))


def text() -> str:
    """The whole file."""
    system = _read_all(f"{name}.h" for name in STANDARD_HEADERS.split())
    runtime = _read_all(path.relative_to(INCLUDE).as_posix() for path in INCLUDE.rglob("*.h"))
    parts = [
        "# What names of generated code could meet. Made by scripts/system-names from:",
        *(f"#     {package}" for package in packages()),
        "# Files: headers that a header of the same name would hide.",
        *(f"# {kind.capitalize()}: {words}." for kind, words in KINDS.items()),
        "",
        "[files]",
        *_wrap("", files()),
    ]
    for kind in KINDS:
        parts += ["", f"[{kind}]", *_rows(system, kind)]
    for kind in KINDS:
        parts += ["", f"[runtime {kind}]", *_rows(runtime, kind, "corinth_")]
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
        return [_header("gcc", predefined, set()), *headers]


def _read(name: str, predefined: dict[str, bool]) -> Header:
    """What a header defines; nothing where the system hasn't got it."""
    source = f"#include <{name}>\n"
    if not _preprocess(source):
        return _header(name, {}, set())
    macros = {key: value for key, value in _macros(source).items() if key not in predefined}
    command = ["clang", "-fsyntax-only", "-fno-color-diagnostics", "-Xclang", "-ast-dump"]
    dump = _output([*command, *_options(), "-"], source)
    return _header(name, macros, {word for found in DECLARED.findall(dump) for word in found})


def _header(name: str, macros: dict[str, bool], declared: set[str]) -> Header:
    """Values may meet any member; the others only what has the form of a generated identifier."""
    values = frozenset(word for word, is_value in macros.items() if is_value)
    calls = {word for word in macros if EMITTED.fullmatch(word)} - values
    names = {word for word in declared if EMITTED.fullmatch(word)} - macros.keys()
    return Header(name, {"values": values, "calls": frozenset(calls), "names": frozenset(names)})


def _macros(source: str, *options: str) -> dict[str, bool]:
    """Each macro, and whether it has no parameters."""
    return {name: not opening for name, opening in MACRO.findall(_preprocess(source, *options))}


def _preprocess(source: str, *options: str) -> str:
    """The macros that are defined at the end of a source text; nothing if it can't be read."""
    command = ["gcc", "-dM", "-E", *_options(), *options, "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _options() -> list[str]:
    return ["-x", "c", "-std=gnu11", "-D_GNU_SOURCE", "-D_XOPEN_SOURCE=700", "-w", f"-I{INCLUDE}"]


def _rows(headers: list[Header], kind: str, prefix: str = "") -> list[str]:
    """Each word with the header that brings the fewest others: the one that programs include."""
    taken: set[str] = set()
    own = {}
    for header in sorted(headers, key=lambda header: (header.size, header.name)):
        words = {word for word in header.words[kind] if word.lower().startswith(prefix)}
        own[header.name] = words - taken
        taken |= words
    return [line for name in sorted(own) for line in _wrap(f"{name}:", sorted(own[name]))]


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
