"""Output: writes files, compares them with what is there, removes them.

It knows paths and texts, and nothing of what they mean. A file is replaced in one step and only
when its text changed, so that a build never sees half of one, and nothing is rebuilt needlessly.
Runs that write into one folder wait for each other, so that none sees another's half-done work.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from corinth.diagnostics import MachineError

NEW_FILE_MODE = 0o666
"""Permissions of a new file, before the umask."""

DIFF_CONTEXT_LINES = 3

LOCK_WAIT_S = 60.0
"""How long a run waits for others that write into the same folder; each takes milliseconds."""

LOCK_POLL_S = 0.01

NO_LOCKS = frozenset((errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP))
"""How file systems say that they can't lock a folder. Runs then don't wait for each other."""

TEMPORARY = re.compile(r"\.corinth-[0-9a-f]{16}\.new")
"""Files that a run makes, and that stay only if it is killed."""


@contextmanager
def at_work(paths: Iterable[str]) -> Iterator[None]:
    """Keep other runs out of the folders of these files, which are made if need be.

    What killed runs left there is removed: a run that makes a temporary file holds its folder, so
    those that lie there now have no owner.
    """
    with ExitStack() as held:
        folders = {}
        for path in paths:
            with _machine_errors(path):
                folder = _prepare(str(_target(path).parent))
                place = Path(folder).stat()
                folders[place.st_dev, place.st_ino] = folder
        # In the same order everywhere, so that no two runs can wait for each other.
        for _, folder in sorted(folders.items()):
            with _machine_errors(folder):
                if held.enter_context(_lock(folder)):
                    _sweep(folder)
        yield


def write_files(files: dict[str, str]) -> list[str]:
    """Bring files up to date; returns the paths of those that changed.

    All new texts are written beside them before the first is replaced. The caller is `at_work`.
    """
    changed = []
    for path, text in files.items():
        if read(path) != _encode(text):
            changed.append(path)
    targets: list[tuple[Path, str]] = []
    for path in changed:
        with _machine_errors(path):
            targets.append((_target(path), files[path]))
    _replace_all(targets)
    return changed


def remove_files(paths: Iterable[str]) -> None:
    """Remove files; of a link the link."""
    for path in paths:
        with _machine_errors(path):
            _prepare(str(Path(path).parent))
            Path(path).unlink()


def touch(path: str) -> None:
    """Set a file's time to now; an empty one is made if there is none."""
    with _machine_errors(path):
        target = _target(path)
        _prepare(str(target.parent))
        with suppress(FileExistsError):
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE_MODE))
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        os.utime(target)


def difference(files: dict[str, str], gone: Iterable[str] = ()) -> str:
    """A unified diff from what is there to what should be; empty if all is up to date.

    `gone` are files that shouldn't be there.
    """
    parts = []
    for path, text in files.items():
        old = read(path)
        if old != _encode(text):
            parts.append(_unified(path, old, text))
    parts += [_unified(path, read(path), None) for path in gone]
    return "".join(parts)


def read(path: str, limit: int = -1) -> bytes | None:
    """What a file holds, or its first bytes; None if there is none. Nothing but a file is read."""
    with _machine_errors(path, "read"):
        found = status(path)
        if found is None:
            return None
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(found.st_mode):
            raise MachineError(f"can't write {path}: it is neither a file nor a link to one")
        with Path(path).open("rb") as file:
            return file.read(limit)


def status(path: str) -> os.stat_result | None:
    """The system's record of a file to write, links followed; None if there is no such file."""
    with _machine_errors(path), suppress(FileNotFoundError):
        return Path(path).stat()
    return None


def listing(folder: str) -> list[str]:
    """The names in a folder to write into, sorted; none if it isn't there."""
    with _machine_errors(folder), suppress(FileNotFoundError):
        return sorted(path.name for path in Path(folder).iterdir())
    return []


def _prepare(folder: str) -> str:
    """The folder, made if need be, links followed; never one of the tool's own."""
    from corinth import paths

    directory = Path(os.path.realpath(folder))
    package = Path(__file__).parent
    own = (package, paths.templates_dir(), paths.schemas_dir(), paths.include_dir().parent)
    if any(directory.is_relative_to(os.path.realpath(part)) for part in own):
        raise MachineError(f"{folder} belongs to corinth itself; choose another folder")
    directory.mkdir(parents=True, exist_ok=True)
    return str(directory)


def _target(path: str) -> Path:
    """The file to replace: what a link points at, or the plain path."""
    with suppress(FileNotFoundError):
        # A link that leads back to itself is an error here, before anything is replaced.
        Path(path).stat()
    return Path(os.path.realpath(path) if Path(path).is_symlink() else path)


@contextmanager
def _lock(folder: str) -> Iterator[bool]:
    """Hold a folder; whether it could be held. The system lets go of it when a process ends."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _wait_for_lock(descriptor, folder)
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, folder: str) -> bool:
    deadline = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                message = f"another run of corinth has been writing into {folder} for"
                raise MachineError(f"{message} {LOCK_WAIT_S:.0f} s; end it, or wait") from None
            time.sleep(LOCK_POLL_S)
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            return False


def _sweep(folder: str) -> None:
    """Remove what a killed run left. One that can't be removed does no harm."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _replace_all(changes: list[tuple[Path, str]]) -> None:
    """Write each text beside its file, then move all of them into place."""
    written: list[tuple[Path, Path]] = []
    try:
        for target, text in changes:
            temporary = target.with_name(f".corinth-{secrets.token_hex(8)}.new")
            written.append((temporary, target))
            with _machine_errors(str(target)):
                _write_new(temporary, text, target)
        for temporary, target in written:
            with _machine_errors(str(target)):
                temporary.replace(target)
    finally:
        for temporary, _ in written:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _write_new(path: Path, text: str, target: Path) -> None:
    """Write a file that will replace another, and may be read and written as that one."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, NEW_FILE_MODE), "wb") as file:
        file.write(_encode(text))
    if target.exists():
        path.chmod(target.stat().st_mode & 0o777)


def _encode(text: str) -> bytes:
    """A depfile may name a path that isn't UTF-8; everything else is."""
    return text.encode("utf-8", "surrogateescape")


def _unified(path: str, old: bytes | None, new: str | None) -> str:
    """The difference between two states of a file; None where there is none."""
    from difflib import unified_diff

    before = [] if old is None else _lines(old.decode("utf-8", "backslashreplace"))
    after = [] if new is None else _lines(new)
    source, target = ("/dev/null" if text is None else path for text in (old, new))
    lines = unified_diff(before, after, source, target, n=DIFF_CONTEXT_LINES)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Lines with their ends. Only LF ends one, so that a stray CR shows as a difference."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, f"{last}\n\\ No newline at end of file\n"] if last else lines


@contextmanager
def _machine_errors(path: str, call: str = "write") -> Iterator[None]:
    """Says which path the machine refused, and why; a temporary file's name is left out."""
    try:
        yield
    except OSError as error:
        place = error.filename
        if not isinstance(place, str) or TEMPORARY.fullmatch(Path(place).name):
            place = path
        raise MachineError(f"can't {call} {place}: {error.strerror or error}") from error
