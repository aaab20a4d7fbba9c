"""Goal: files appear whole or not at all, only where they changed, and never inside the tool.
Method: folders in a temporary place, in every state that a user's folder may be in.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corinth import paths
from corinth.diagnostics import MachineError
from corinth.output import (
    depfile,
    difference,
    leftovers,
    remove_files,
    write_file,
    write_files,
)
from tests.support.tree import GENERATOR, INCLUDE, SCHEMAS, TEMPLATES

FILES = {"a.h": "one\ntwo\n", "b.h": "été\n"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_makes_folders(tmp_path: Path) -> None:
    """A folder two levels down, which isn't there yet; nothing else is left in it."""
    folder = tmp_path / "build" / "gen"
    assert write_files(FILES, str(folder)) == ["a.h", "b.h"]
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == FILES


def test_touches_only_what_changed(tmp_path: Path) -> None:
    """The inode tells whether a file was replaced."""
    write_files(FILES, str(tmp_path))
    before = {name: (tmp_path / name).stat().st_ino for name in FILES}
    assert write_files(FILES, str(tmp_path)) == []
    assert write_files({**FILES, "b.h": "new\n"}, str(tmp_path)) == ["b.h"]
    assert (tmp_path / "a.h").stat().st_ino == before["a.h"]
    assert (tmp_path / "b.h").stat().st_ino != before["b.h"]
    assert names(tmp_path) == ["a.h", "b.h"]


def test_line_ends_count_as_a_change(tmp_path: Path) -> None:
    """Bytes are compared, so that a checkout with other line ends is brought back."""
    (tmp_path / "a.h").write_bytes(b"one\r\ntwo\r\n")
    assert difference({"a.h": FILES["a.h"]}, str(tmp_path)).count("\r") == 2
    assert write_files({"a.h": FILES["a.h"]}, str(tmp_path)) == ["a.h"]
    assert (tmp_path / "a.h").read_bytes() == b"one\ntwo\n"


def test_permissions_follow_the_umask_and_stay(tmp_path: Path) -> None:
    """New files are as any program's; a replaced one keeps what it had."""
    old_mask = os.umask(0o027)
    try:
        write_files(FILES, str(tmp_path))
        (tmp_path / "a.h").chmod(0o600)
        write_files({"a.h": "x\n"}, str(tmp_path))
    finally:
        os.umask(old_mask)
    assert (tmp_path / "b.h").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "a.h").stat().st_mode & 0o777 == 0o600


def test_failure_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The second of two files can't be written: the first must not have changed either."""
    write_files({"a.h": "old\n"}, str(tmp_path))
    (tmp_path / "b.h").mkdir()
    with pytest.raises(MachineError, match=r"b\.h"):
        write_files(FILES, str(tmp_path))
    assert (tmp_path / "a.h").read_text(encoding="utf-8") == "old\n"
    assert names(tmp_path) == ["a.h", "b.h"]


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """An error of the machine that names the path."""
    (tmp_path / "gen").write_text("", encoding="utf-8")
    with pytest.raises(MachineError, match="gen"):
        write_files(FILES, str(tmp_path / "gen"))


def test_link_stays_a_link(tmp_path: Path) -> None:
    """What it points at is replaced, as an editor would."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.h").write_text("old\n", encoding="utf-8")
    (tmp_path / "gen").mkdir()
    (tmp_path / "gen" / "a.h").symlink_to("../real/a.h")
    write_files({"a.h": "new\n"}, str(tmp_path / "gen"))
    assert (tmp_path / "gen" / "a.h").is_symlink()
    assert (tmp_path / "real" / "a.h").read_text(encoding="utf-8") == "new\n"


@pytest.mark.parametrize("own", [GENERATOR / "corinth", TEMPLATES, SCHEMAS / "x", INCLUDE])
def test_never_writes_into_the_tool(own: Path, tmp_path: Path) -> None:
    """Directly, through a link to a folder, and through a link in a folder."""
    (tmp_path / "link").symlink_to(own)
    for folder in (own, tmp_path / "link"):
        with pytest.raises(MachineError, match="belongs to corinth"):
            write_files({"stray.h": ""}, str(folder))
    (tmp_path / "gen").mkdir()
    (tmp_path / "gen" / "stray.h").symlink_to(own / "stray.h")
    with pytest.raises(MachineError, match="belongs to corinth"):
        write_files({"stray.h": ""}, str(tmp_path / "gen"))
    assert not (own / "stray.h").exists()


def test_never_writes_into_an_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parts lie is for `paths` to say."""
    monkeypatch.setattr(paths, "templates_dir", lambda: tmp_path / "site" / "templates")
    with pytest.raises(MachineError, match="belongs to corinth"):
        write_files(FILES, str(tmp_path / "site" / "templates" / "gen"))


def test_difference_is_a_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git applies it, and then there is no difference. One file is new, one was edited."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "gen"
    folder.mkdir()
    (folder / "a.h").write_text("one\nedited", encoding="utf-8")
    patch = difference(FILES, "gen")
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
    assert difference(FILES, "gen") == ""


def test_difference_writes_nothing(tmp_path: Path) -> None:
    """The folder isn't even made."""
    assert difference(FILES, str(tmp_path / "gen"))
    assert names(tmp_path) == []


def test_leftovers_are_known_by_their_mark(tmp_path: Path) -> None:
    """One file has the mark, one hasn't, one isn't there; only the first is found and removed."""
    (tmp_path / "old.h").write_text("/* made by it */\n", encoding="utf-8")
    (tmp_path / "own.h").write_text("/* by hand */\n", encoding="utf-8")
    found = leftovers(["old.h", "own.h", "none.h"], str(tmp_path), "made by it")
    assert found == ["old.h"]
    patch = difference({}, str(tmp_path), found)
    assert "+++ /dev/null\n" in patch
    assert "-/* made by it */\n" in patch
    remove_files(found, str(tmp_path))
    assert names(tmp_path) == ["own.h"]


def test_difference_survives_odd_bytes(tmp_path: Path) -> None:
    """A file that isn't text differs, and is shown escaped."""
    (tmp_path / "a.h").write_bytes(b"\xff\xfe\0")
    assert "\\xff" in difference({"a.h": "one\n"}, str(tmp_path))


def test_depfile_is_read_by_ninja(tmp_path: Path) -> None:
    """Ninja reads what make reads: it finds work only when an input, however odd, is newer."""
    odd = ["a b.yaml", "c#d.yaml", "e$f.yaml", "plain.yaml"]
    write_file(str(tmp_path / "rules.d"), depfile(["out put.h"], odd))
    build = "rule make\n  command = true\n  depfile = rules.d\nbuild out$ put.h: make\n"
    (tmp_path / "build.ninja").write_text(build, encoding="utf-8")
    # The log of earlier commands comes from ninja itself, the times that it compares from here.
    (tmp_path / "out put.h").write_text("", encoding="utf-8")
    for name in odd:
        (tmp_path / name).write_text("", encoding="utf-8")
    assert "[1/1]" in ninja(tmp_path)
    for name in odd:
        for other in odd:
            os.utime(tmp_path / other, (1_000_000_000, 1_000_000_000))
        assert "no work to do" in ninja(tmp_path, "-n")
        os.utime(tmp_path / name, (4_000_000_000, 4_000_000_000))
        assert "[1/1]" in ninja(tmp_path, "-n"), name


def ninja(folder: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).parent / "ninja"), *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_depfile_is_escaped_as_make_wants() -> None:
    """Its manual: a dollar is doubled, a backslash goes before a hash or a space."""
    assert depfile(["a b.h", "c.h"], ["d$e#f.yaml", "g.yaml"]) == (
        "a\\ b.h c.h: \\\n  d$$e\\#f.yaml \\\n  g.yaml\n"
    )


def test_depfile_refuses_what_make_cannot_say() -> None:
    """A line end in a path has no escape."""
    with pytest.raises(MachineError, match="line end"):
        depfile(["a.h"], ["a\nb.yaml"])


def test_file_names_have_no_folders(tmp_path: Path) -> None:
    """Names come from the generator; one with a folder in it is its bug."""
    with pytest.raises(AssertionError):
        write_files({"../a.h": ""}, str(tmp_path))
