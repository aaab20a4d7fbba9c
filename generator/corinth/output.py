"""Output: writes generated files, compares them with what is there, writes depfiles.

It knows file names and texts, and nothing of what they mean. A file is replaced in one step and
only when its text changed, so that a build never sees half of one, and nothing is rebuilt in vain.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corinth.diagnostics import MachineError

NEW_FILE_MODE = 0o666
"""Before the umask takes its share."""

DIFF_CONTEXT_LINES = 3


def write_files(files: dict[str, str], folder: str) -> list[str]:
    """Bring a folder up to date; answers the names of the files that changed.

    All new texts are on the disk before the first file is replaced.
    """
    changed = {}
    with _machine_errors(folder):
        directory = _prepare(folder)
        for name, text in files.items():
            target = _target(directory, name)
            if _read(target) != _encode(text):
                changed[name] = (target, text)
        _replace_all(list(changed.values()))
    return list(changed)


def write_file(path: str, text: str) -> None:
    """Write one file outside the generated ones, such as a depfile."""
    file = Path(path)
    write_files({file.name: text}, str(file.parent))


def leftovers(names: Iterable[str], folder: str, mark: str) -> list[str]:
    """Those of the names that a folder has a file of with the mark in it: made for other input."""
    found = []
    for name in names:
        path = Path(folder) / name
        with _machine_errors(str(path)):
            if mark.encode() in (_read(path) or b""):
                found.append(name)
    return found


def remove_files(names: Iterable[str], folder: str) -> None:
    """Remove files from a folder that isn't the tool's own."""
    with _machine_errors(folder):
        directory = _prepare(folder)
        for name in names:
            (directory / name).unlink()


def difference(files: dict[str, str], folder: str, gone: Iterable[str] = ()) -> str:
    """A unified diff from what is in a folder to what should be; empty if it is up to date.

    `gone` are files that shouldn't be there.
    """
    parts = []
    for name, text in files.items():
        path = Path(folder) / name
        with _machine_errors(str(path)):
            old = _read(path)
        if old != _encode(text):
            parts.append(_unified(str(path), old, text))
    for name in gone:
        path = Path(folder) / name
        with _machine_errors(str(path)):
            parts.append(_unified(str(path), _read(path), None))
    return "".join(parts)


def depfile(outputs: Iterable[str], inputs: Iterable[str]) -> str:
    """A make rule by which every output depends on every input."""
    targets = " ".join(_escape(path) for path in outputs)
    needs = "".join(f" \\\n  {_escape(path)}" for path in inputs)
    return f"{targets}:{needs}\n"


def _prepare(folder: str) -> Path:
    """The folder, made if need be, links followed; never one of the tool's own."""
    from corinth import paths

    directory = Path(folder).resolve()
    package = Path(__file__).resolve().parent
    own = (package, paths.templates_dir(), paths.schemas_dir(), paths.include_dir().parent)
    if any(directory.is_relative_to(part.resolve()) for part in own):
        raise MachineError(f"{folder} belongs to corinth itself; choose another folder")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _target(directory: Path, name: str) -> Path:
    """The file to replace: what a link in the folder points at, or the plain path."""
    assert Path(name).name == name, f"a file name has no folders: {name}"
    path = directory / name
    if path.is_symlink():
        path = path.resolve()
        _prepare(str(path.parent))
    return path


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace_all(changes: list[tuple[Path, str]]) -> None:
    """Write each text beside its file, then move all of them into place."""
    written: list[tuple[Path, Path]] = []
    try:
        for target, text in changes:
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.new")
            written.append((temporary, target))
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(temporary, flags, NEW_FILE_MODE), "wb") as file:
                file.write(_encode(text))
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o777)
        for temporary, target in written:
            temporary.replace(target)
    finally:
        for temporary, _ in written:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


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


def _escape(path: str) -> str:
    """A path as make and ninja read it in a rule."""
    if "\n" in path:
        raise MachineError(f"a depfile can't name {path!r}: the path has a line end")
    return path.replace("$", "$$").replace("#", "\\#").replace(" ", "\\ ")


@contextmanager
def _machine_errors(path: str) -> Iterator[None]:
    """Says which path it was that the machine refused, and why."""
    try:
        yield
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else path
        raise MachineError(f"can't write {place}: {error.strerror or error}") from error
