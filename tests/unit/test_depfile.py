"""Goal: make and ninja both read a depfile as it is meant, whatever the files are called.
Method: real make and real ninja (the system's and the locked one) look at files of odd names, and
find work exactly when one of them is newer; a name that one of them can't read is refused.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from corinth.depfile import depfile, is_depfile
from corinth.diagnostics import MachineError
from tests.support.process import run

ODD = [
    "plain.yaml", "a b.yaml", " lead.yaml", "two  blanks.yaml", "e$f", "$$.yaml", "$(HOME).yaml",
    "c#d.yaml", "#.yaml", "x:y.yaml", "C:/drive.yaml", "::.yaml", "back\\slash.yaml", "\\\\.yaml",
    "\\n.yaml", "x/~root/home.yaml", "a~", "copy (2)/part.yaml",
    "(a.yaml", "@{!}+,-.yaml", "-dash.yaml", "étoile ☆.yaml", os.fsdecode(b"\xff\xfe.yaml"),
    "deep down/in # a $folder/x.yaml", "../outside.yaml", "include", "a: b.yaml", "export me",
]  # fmt: skip
TARGETS = ["out.h", "out put.h", "$out#1:2.h", "a\\b.h", "out~", "œ.h"]
REFUSED = [
    "a\nb", "a\rb", "a\tb", "a;b", "a|b", "a*b", "a?b", "a[1]", "a%b", "a<b", "a>b", "a^b", "a`b",
    "a&b", "a'b", 'a"b', "a\\", "a\\ b", "a\\#b", "a\\:b", "a\\$b", "a:", "lib(member)", "\x7f",
    "~x", "./~x", "a ", "a=b", "x=1/a",
]  # fmt: skip
OLD = (1_000_000_000, 1_000_000_000)
BUILT = (1_100_000_000, 1_100_000_000)
NEW = (1_200_000_000, 1_200_000_000)
TIMEOUT_S = 60


def ninjas() -> list[str]:
    """The locked ninja and the system's, where there is one."""
    found = (str(Path(sys.executable).parent / "ninja"), shutil.which("ninja"))
    return sorted({path for path in found if path})


def prepare(folder: Path, target: str, inputs: list[str]) -> Path:
    """A folder two levels down with all files in it, and the depfile."""
    work = folder / "w" / "w"
    for name in (target, *inputs):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text("", encoding="utf-8")
        os.utime(work / name, OLD)
    text = depfile([target], inputs)
    (work / "x.d").write_bytes(text.encode("utf-8", "surrogateescape"))
    return work


def make(work: Path, *arguments: str) -> str:
    """Run make on a rule for the depfile's first target, in the depfile's own words."""
    rule = (work / "x.d").read_bytes().partition(b": \\\n")[0] + b":\n\t@echo ran\ninclude x.d\n"
    (work / "Makefile").write_bytes(rule)
    done = run(["make", *arguments], cwd=work, timeout_s=TIMEOUT_S).expect_success()
    return done.stdout


def test_make_reads_odd_inputs(tmp_path: Path) -> None:
    """With each of them newer in its turn make runs the rule; with none it doesn't."""
    work = prepare(tmp_path, "out.h", ODD)
    os.utime(work / "out.h", BUILT)
    assert "up to date" in make(work)
    for name in ODD:
        os.utime(work / name, NEW)
        assert make(work) == "ran\n", name
        os.utime(work / name, OLD)
    assert "up to date" in make(work)


@pytest.mark.parametrize("target", TARGETS)
def test_make_reads_odd_targets(target: str, tmp_path: Path) -> None:
    """The rule of the target is the one that is told to be out of date."""
    work = prepare(tmp_path, target, ["in.yaml"])
    os.utime(work / target, BUILT)
    assert "up to date" in make(work)
    os.utime(work / "in.yaml", NEW)
    assert make(work) == "ran\n"


def test_make_goes_on_without_an_input(tmp_path: Path) -> None:
    """An input that is gone is a reason to run, and none to stop."""
    work = prepare(tmp_path, "out.h", ODD)
    os.utime(work / "out.h", BUILT)
    for name in ODD:
        (work / name).unlink()
        assert make(work) == "ran\n", name
        (work / name).write_text("", encoding="utf-8")
        os.utime(work / name, OLD)
    assert "up to date" in make(work)


@pytest.mark.parametrize("ninja", ninjas())
def test_ninja_reads_odd_inputs(ninja: str, tmp_path: Path) -> None:
    """With each of them newer in its turn, or gone, ninja runs the rule; with none it doesn't."""
    work = prepare(tmp_path, "out.h", ODD)
    build = "rule make\n  command = touch out.h\n  depfile = x.d\nbuild out.h: make\n"
    (work / "build.ninja").write_text(build, encoding="utf-8")

    def finds_work(*arguments: str) -> bool:
        done = run([ninja, *arguments], cwd=work, timeout_s=TIMEOUT_S).expect_success()
        return "no work to do" not in done.stdout

    assert finds_work()
    assert not finds_work("-n")
    for name in ODD:
        os.utime(work / name, (4_000_000_000, 4_000_000_000))
        assert finds_work("-n"), name
        os.utime(work / name, OLD)
        (work / name).unlink()
        assert finds_work("-n"), name
        (work / name).write_text("", encoding="utf-8")
        os.utime(work / name, OLD)
    assert not finds_work("-n")


@pytest.mark.parametrize("ninja", ninjas())
@pytest.mark.parametrize("target", TARGETS)
def test_ninja_reads_odd_targets(ninja: str, target: str, tmp_path: Path) -> None:
    """Ninja stops at a depfile that names another target than its rule."""
    work = prepare(tmp_path, target, ["in.yaml"])
    escaped = "".join(f"${char}" if char in "$ :" else char for char in target)
    build = f"rule make\n  command = true\n  depfile = x.d\nbuild {escaped}: make\n"
    (work / "build.ninja").write_text(build, encoding="utf-8")
    run([ninja], cwd=work, timeout_s=TIMEOUT_S).expect_success()
    assert "no work" in run([ninja, "-n"], cwd=work, timeout_s=TIMEOUT_S).expect_success().stdout


def test_rules_look_like_a_compilers() -> None:
    """One rule for all targets, then one without needs for each input."""
    assert depfile(["a b.h", "c.h"], ["d$e#f.yaml", "g.yaml"]) == (
        "a\\ b.h c.h: \\\n  d$$e\\#f.yaml \\\n  g.yaml\nd$$e\\#f.yaml:\ng.yaml:\n"
    )


@pytest.mark.parametrize("path", REFUSED)
def test_refuses_what_one_of_them_cannot_read(path: str) -> None:
    """As an input and as a target; the message names the path."""
    for targets, inputs in (([path], ["in.yaml"]), (["out.h"], ["in.yaml", path])):
        with pytest.raises(MachineError, match="make and ninja") as caught:
            depfile(targets, inputs)
        assert f"name {path}: " in str(caught.value)


def test_depfiles_are_known_by_their_form() -> None:
    """What is written is known again, also as 0.1.0 wrote it; a source or a schema isn't."""
    for targets, inputs in ((["a"], ["b"]), (["a b", "c:d"], ODD)):
        text = depfile(targets, inputs).encode("utf-8", "surrogateescape")
        assert is_depfile(text)
        assert not is_depfile(text + b"int x;\n")
    assert is_depfile(b"a.h b.h: \\\n  x.yaml \\\n  y.yaml\n")
    assert is_depfile(b"")
    for text in (b"corinth: 1\nname: a\n", b"int main(void) {}\n", b"all: x\n\techo\n", b"\n"):
        assert not is_depfile(text)
