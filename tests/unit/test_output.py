"""Goal: files appear whole or not at all, only where they changed, and never inside the tool.
Method: folders in a temporary place, in every state that a user's folder may be in.
"""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corinth import output, paths
from corinth.diagnostics import MachineError
from corinth.output import at_work, difference, read, remove_files, touch, write_files
from tests.support.tree import GENERATOR, INCLUDE, SCHEMAS, TEMPLATES

FILES = {"a.h": "one\ntwo\n", "b.h": "été\n"}
TEMPORARY = ".corinth-0123456789abcdef.new"


def write(files: dict[str, str], folder: Path) -> list[str]:
    """Write files into a folder; returns the names of those that changed."""
    texts = {str(folder / name): text for name, text in files.items()}
    with at_work(texts):
        return [Path(path).name for path in write_files(texts)]


def changes(files: dict[str, str], folder: str | Path, gone: tuple[str, ...] = ()) -> str:
    """What would change in a folder."""
    texts = {f"{folder}/{name}": text for name, text in files.items()}
    return difference(texts, [f"{folder}/{name}" for name in gone])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_makes_folders(tmp_path: Path) -> None:
    """A folder two levels down, which isn't there yet; nothing else is left in it."""
    folder = tmp_path / "build" / "gen"
    assert write(FILES, folder) == ["a.h", "b.h"]
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == FILES


def test_touches_only_what_changed(tmp_path: Path) -> None:
    """The inode tells whether a file was replaced."""
    write(FILES, tmp_path)
    before = {name: (tmp_path / name).stat().st_ino for name in FILES}
    assert write(FILES, tmp_path) == []
    assert write({**FILES, "b.h": "new\n"}, tmp_path) == ["b.h"]
    assert (tmp_path / "a.h").stat().st_ino == before["a.h"]
    assert (tmp_path / "b.h").stat().st_ino != before["b.h"]
    assert names(tmp_path) == ["a.h", "b.h"]


def test_line_ends_count_as_a_change(tmp_path: Path) -> None:
    """Bytes are compared, so that a checkout with other line ends is brought back."""
    (tmp_path / "a.h").write_bytes(b"one\r\ntwo\r\n")
    assert changes({"a.h": FILES["a.h"]}, tmp_path).count("\r") == 2
    assert write({"a.h": FILES["a.h"]}, tmp_path) == ["a.h"]
    assert (tmp_path / "a.h").read_bytes() == b"one\ntwo\n"


def test_permissions_follow_the_umask_and_stay(tmp_path: Path) -> None:
    """New files are as any program's; a replaced one keeps what it had."""
    old_mask = os.umask(0o027)
    try:
        write(FILES, tmp_path)
        (tmp_path / "a.h").chmod(0o600)
        write({"a.h": "x\n"}, tmp_path)
    finally:
        os.umask(old_mask)
    assert (tmp_path / "b.h").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a.h").stat().st_mode & 0o777 == 0o600


def test_failure_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The second of two files can't be written: the first must not have changed either."""
    write({"a.h": "old\n"}, tmp_path)
    (tmp_path / "b.h").mkdir()
    with pytest.raises(MachineError, match=r"b\.h"):
        write(FILES, tmp_path)
    assert (tmp_path / "a.h").read_text(encoding="utf-8") == "old\n"
    assert names(tmp_path) == ["a.h", "b.h"]


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """An error of the machine that names the path."""
    (tmp_path / "gen").write_text("", encoding="utf-8")
    with pytest.raises(MachineError, match="gen"):
        write(FILES, tmp_path / "gen")


def test_link_stays_a_link(tmp_path: Path) -> None:
    """What it points at is replaced, as an editor would."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.h").write_text("old\n", encoding="utf-8")
    (tmp_path / "gen").mkdir()
    (tmp_path / "gen" / "a.h").symlink_to("../real/a.h")
    write({"a.h": "new\n"}, tmp_path / "gen")
    assert (tmp_path / "gen" / "a.h").is_symlink()
    assert (tmp_path / "real" / "a.h").read_text(encoding="utf-8") == "new\n"


@pytest.mark.parametrize("own", [GENERATOR / "corinth", TEMPLATES, SCHEMAS / "x", INCLUDE])
def test_never_writes_into_the_tool(own: Path, tmp_path: Path) -> None:
    """Directly, through a link to a folder, and through a link in a folder."""
    (tmp_path / "link").symlink_to(own)
    for folder in (own, tmp_path / "link"):
        with pytest.raises(MachineError, match="belongs to corinth"):
            write({"stray.h": ""}, folder)
    (tmp_path / "gen").mkdir()
    (tmp_path / "gen" / "stray.h").symlink_to(own / "stray.h")
    with pytest.raises(MachineError, match="belongs to corinth"):
        write({"stray.h": ""}, tmp_path / "gen")
    assert not (own / "stray.h").exists()


def test_never_writes_into_an_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parts lie is for `paths` to say."""
    monkeypatch.setattr(paths, "templates_dir", lambda: tmp_path / "site" / "templates")
    with pytest.raises(MachineError, match="belongs to corinth"):
        write(FILES, tmp_path / "site" / "templates" / "gen")


def test_difference_is_a_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git applies it, and then there is no difference. One file is new, one was edited."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "gen"
    folder.mkdir()
    (folder / "a.h").write_text("one\nedited", encoding="utf-8")
    patch = changes(FILES, "gen")
    assert patch.startswith("--- gen/a.h\n+++ gen/a.h\n")
    assert "\\ No newline at end of file" in patch
    assert "--- /dev/null\n+++ gen/b.h\n" in patch
    done = subprocess.run(
        ["git", "apply", "--unsafe-paths", "-p0", "-"],
        input=patch.encode("utf-8"),
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert changes(FILES, "gen") == ""


def test_difference_writes_nothing(tmp_path: Path) -> None:
    """The folder isn't even made."""
    assert changes(FILES, tmp_path / "gen")
    assert names(tmp_path) == []


def test_removal_is_a_patch_first(tmp_path: Path) -> None:
    """What has to go shows as a difference to nothing; of a link only the link goes."""
    (tmp_path / "old.h").write_text("/* old */\n", encoding="utf-8")
    (tmp_path / "link.h").symlink_to("old.h")
    patch = changes({}, tmp_path, ("old.h",))
    assert "+++ /dev/null\n" in patch
    assert "-/* old */\n" in patch
    remove_files([str(tmp_path / "link.h")])
    assert names(tmp_path) == ["old.h"]
    remove_files([str(tmp_path / "old.h")])
    assert names(tmp_path) == []


def test_difference_survives_odd_bytes(tmp_path: Path) -> None:
    """A file that isn't text differs, and is shown escaped."""
    (tmp_path / "a.h").write_bytes(b"\xff\xfe\0")
    assert "\\xff" in changes({"a.h": "one\n"}, tmp_path)


def test_only_files_are_read(tmp_path: Path) -> None:
    """A pipe in a file's place would never end; a folder is refused in the system's words."""
    os.mkfifo(tmp_path / "a.h")
    with pytest.raises(MachineError, match="neither a file nor a link"):
        read(str(tmp_path / "a.h"))
    with pytest.raises(MachineError, match="Is a directory"):
        read(str(tmp_path))


@pytest.mark.parametrize("what", ["folder", "file"])
def test_links_that_lead_round(what: str, tmp_path: Path) -> None:
    """A folder or a file that is a link to itself can't be written, as the system says."""
    (tmp_path / "gen").mkdir()
    loop = tmp_path / "loop" if what == "folder" else tmp_path / "gen" / "a.h"
    loop.symlink_to(loop.name)
    folder = loop if what == "folder" else tmp_path / "gen"
    with pytest.raises(MachineError, match="Too many levels of symbolic links"):
        write(FILES, folder)
    assert loop.is_symlink()


def test_paths_that_the_system_refuses(tmp_path: Path) -> None:
    """A name that is too long, and a folder below a file."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder, words in (("n" * 300, "File name too long"), ("file/gen", "Not a directory")):
        with pytest.raises(MachineError, match=words):
            write(FILES, tmp_path / folder)


def test_errors_name_no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full: the message is about the file that was to be, and nothing is left."""

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / TEMPORARY))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", fail)
        with pytest.raises(MachineError, match=r"a\.h: No space left"):
            write(FILES, tmp_path)
    assert names(tmp_path) == []


def test_next_run_sweeps_what_a_killed_one_left(tmp_path: Path) -> None:
    """Only files that are called as the tool calls its temporaries, and no folders."""
    kept = [".corinth-0123.new", ".corinth-0123456789abcdef.new.bak", ".a.h.swp", "corinth.new"]
    for name in (TEMPORARY, *kept):
        (tmp_path / name).write_text("half", encoding="utf-8")
    folder = TEMPORARY.replace("0", "1")
    (tmp_path / folder).mkdir()
    write(FILES, tmp_path)
    assert names(tmp_path) == sorted([*kept, folder, *FILES])


def test_run_at_work_keeps_its_temporaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one run holds the folder another waits; it says so if that takes too long."""
    monkeypatch.setattr(output, "LOCK_WAIT_S", 0.05)
    with at_work([str(tmp_path / "a.h")]):
        (tmp_path / TEMPORARY).write_text("half", encoding="utf-8")
        with pytest.raises(MachineError, match="another run of corinth"):
            write(FILES, tmp_path)
        assert names(tmp_path) == [TEMPORARY]


def test_runs_wait_for_each_other(tmp_path: Path) -> None:
    """A thread begins while the folder is held; it writes once the folder is free."""
    with ThreadPoolExecutor() as pool:
        with at_work([str(tmp_path / "a.h")]):
            other = pool.submit(write, FILES, tmp_path)
            with pytest.raises(TimeoutError):
                other.result(timeout=0.2)
        assert other.result(timeout=60) == ["a.h", "b.h"]


def test_folder_that_cannot_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs don't wait for each other there, and so none may sweep."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    (tmp_path / TEMPORARY).write_text("perhaps another's", encoding="utf-8")
    assert write(FILES, tmp_path) == ["a.h", "b.h"]
    assert (tmp_path / TEMPORARY).exists()


def test_touch_sets_the_time_and_nothing_else(tmp_path: Path) -> None:
    """A stamp is made where there is none; what one holds stays."""
    stamp = tmp_path / "made" / "stamp"
    touch(str(stamp))
    assert stamp.read_bytes() == b""
    stamp.write_text("kept", encoding="utf-8")
    os.utime(stamp, (1_000_000_000, 1_000_000_000))
    before = time.time()
    touch(str(stamp))
    # File systems round times down to their clock's tick.
    assert stamp.stat().st_mtime >= before - 1
    assert stamp.read_text(encoding="utf-8") == "kept"
    with pytest.raises(MachineError, match="Is a directory"):
        touch(str(tmp_path))


def test_names_are_never_too_long_for_temporaries(tmp_path: Path) -> None:
    """A file whose name is as long as the system allows."""
    name = "n" * 253 + ".h"
    assert write({name: ""}, tmp_path) == [name]
