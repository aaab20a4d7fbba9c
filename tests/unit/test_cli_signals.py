"""Goal: signals and other runs never leave a folder half-done, nor anything behind.
Method: signals and kills at chosen moments of a run, and runs at once into one folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corinth import cli
from tests.support.tool import corinth
from tests.support.tree import GENERATOR, ROOT

GOOD = """corinth: 1
name: second
topology: full
worlds:
  a: {transfer_queue: {capacity: 4096}, routing: {default_target: b}}
  b: {}
"""
WATCHDOG_S = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text("corinth: 1\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def may_interrupt() -> Iterator[None]:
    """Children heed Control-C, also where the tests run in the background and are told not to."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("may_interrupt")
def test_interrupt_is_quiet(folder: Path) -> None:
    """Control-C while the tool waits for its input."""
    os.mkfifo(folder / "fifo")
    with (
        subprocess.Popen(
            [sys.executable, "-m", "corinth", "validate", "fifo"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(GENERATOR)},
            stderr=subprocess.PIPE,
        ) as process,
        (folder / "fifo").open("wb"),
    ):
        wait_until_blocked(process.pid)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=WATCHDOG_S)
    assert stderr == b""
    assert process.returncode == 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("moment", ["open", "replace"])
def test_signals_leave_nothing_behind(number: int, moment: str, folder: Path) -> None:
    """A signal comes while new texts are written, or between the first and the second rename; the
    same signal once more doesn't disturb the end. The exit code is the shell's for that signal.
    """
    script = f"""
import os, pathlib, signal, sys
from corinth.cli import main
signal.signal({int(number)}, signal.SIG_DFL)
calls = 0
def interrupted(real):
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == 2:
            os.kill(os.getpid(), {int(number)})
        return real(*arguments, **named)
    return call
if {moment!r} == "open":
    os.fdopen = interrupted(os.fdopen)
else:
    pathlib.Path.replace = interrupted(pathlib.Path.replace)
unlink = pathlib.Path.unlink
def again(*arguments, **named):
    os.kill(os.getpid(), {int(number)})
    return unlink(*arguments, **named)
pathlib.Path.unlink = again
sys.exit(main(["generate", "good.yaml", "-o", "gen"]))
"""
    done = run_script(script, folder)
    assert (done.returncode, done.stderr) == (128 + number, b"")
    expected = [] if moment == "open" else ["second.h"]
    assert sorted(path.name for path in (folder / "gen").iterdir()) == expected


def test_next_run_sweeps_after_a_kill(folder: Path) -> None:
    """SIGKILL comes between two renames. Temporaries stay then, and the next run removes them."""
    script = """
import os, pathlib, signal, sys
from corinth.cli import main
real, calls = pathlib.Path.replace, []
def replace(*arguments):
    calls.append(arguments)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments)
pathlib.Path.replace = replace
main(["generate", "good.yaml", "-o", "gen"])
"""
    environment = {**os.environ, "PYTHONPATH": str(GENERATOR)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=folder, env=environment, timeout=WATCHDOG_S, check=False)
    assert done.returncode == -signal.SIGKILL
    gen = folder / "gen"
    temporaries = [path for path in gen.iterdir() if path.name.startswith(".")]
    corinth("generate", "good.yaml", "-o", "gen", cwd=folder).expect_success()
    files = list(gen.iterdir())
    assert not [path for path in files if path.name.startswith(".")]
    assert len(temporaries) == len(files) - 2, "all but those that were renamed"


def test_runs_at_once_end_well(folder: Path) -> None:
    """Two states of one schema are generated into one folder by several processes: all succeed, and
    the folder is wholly of one of the two.
    """
    wanted = []
    for name, state in (("old", GOOD), ("new", GOOD.replace("b: {}", "b: {threads: 2}"))):
        (folder / name).mkdir()
        (folder / name / "s.yaml").write_text(state, encoding="utf-8")
        corinth("generate", f"{name}/s.yaml", "-o", f"{name}/gen", cwd=folder).expect_success()
        wanted.append({path.name: path.read_bytes() for path in (folder / name / "gen").iterdir()})
    assert wanted[0] != wanted[1]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "corinth", "generate", f"{name}/s.yaml", "-o", "gen"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(GENERATOR)},
        )
        for name in ("old", "new", "old", "new")
    ]
    assert [process.wait(WATCHDOG_S) for process in processes] == [0, 0, 0, 0]
    found = {path.name: path.read_bytes() for path in (folder / "gen").iterdir()}
    assert found in wanted


def test_signal_that_is_ignored_stays_ignored(folder: Path) -> None:
    """`nohup corinth …` goes on when the terminal closes."""
    script = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from corinth import cli, pipeline
read = pipeline.read_layout
def hang_up(*arguments, **named):
    os.kill(os.getpid(), signal.SIGHUP)
    return read(*arguments, **named)
pipeline.read_layout = hang_up
sys.exit(cli.main(["layout", "bad.yaml"]))
"""
    done = run_script(script, folder)
    assert done.returncode == 1


LOADED = (
    *("corinth.interrupts", "corinth.cli", "argparse", "corinth.load", "ruamel.yaml"),
    *("jsonschema", "jinja2"),
)
"""Modules that a run imports, from its first line to its last stage."""


@pytest.mark.usefixtures("may_interrupt")
@pytest.mark.parametrize("entry", ["python -m corinth", "console script"])
def test_an_interrupt_while_modules_load_is_quiet(entry: str, folder: Path) -> None:
    """Control-C at each moment of the first tenths of a second. Python tells an audit hook of each
    import; there the signal is sent. The console script does what pip writes for pyproject.toml.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, function = project["project"]["scripts"]["corinth"].split(":")
    runs = {
        "python -m corinth": "import runpy; runpy.run_module('corinth', run_name='__main__')",
        "console script": f"from {module} import {function}; sys.exit({function}())",
    }
    for loaded in LOADED:
        script = f"""
import os, signal, sys
sys.argv = ["corinth", "generate", "good.yaml", "-o", "gen"]
def hook(event, arguments):
    if event == "import" and arguments[0] == {loaded!r}:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hook)
{runs[entry]}
"""
        done = run_script(script, folder)
        assert (done.returncode, done.stdout, done.stderr) == (130, b"", b""), loaded
        assert not (folder / "gen").exists()


def test_handlers_are_put_back(folder: Path) -> None:
    """Who calls `main` from a program keeps its own way to end, also after files were written."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert cli.main(["generate", str(folder / "good.yaml"), "-o", str(folder / "gen")]) == 0
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


def test_runs_in_any_thread() -> None:
    """Only the first thread of a program may set what signals do."""
    with ThreadPoolExecutor() as pool:
        assert pool.submit(cli.main, ["--version"]).result(WATCHDOG_S) == 0


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(GENERATOR)},
        capture_output=True,
        timeout=WATCHDOG_S,
        check=False,
    )


def wait_until_blocked(pid: int) -> None:
    """Wait until a process sleeps in a read of the pipe that was just opened."""
    deadline = time.monotonic() + WATCHDOG_S
    while time.monotonic() < deadline:
        if "pipe" in Path(f"/proc/{pid}/wchan").read_text(encoding="ascii"):
            return
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
        if state == "S":
            return
        time.sleep(0.01)
    raise AssertionError("the process never waited for its input")
