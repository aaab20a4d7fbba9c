"""Looks at a running server from outside, and stops one of its threads as a debugger does."""

from __future__ import annotations

import contextlib
import ctypes
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_MOST_S = 30.0

PTRACE_CONT = 7
PTRACE_DETACH = 17
PTRACE_SEIZE = 0x4206
PTRACE_INTERRUPT = 0x4207
WAIT_ALL = 0x40000000
"""__WALL: threads that aren't the main one, too."""

WAITING_CALLS = {
    "x86_64": {7: "poll", 202: "futex", 232: "epoll_wait"},
    "aarch64": {22: "epoll_pwait", 73: "ppoll", 98: "futex"},
}
"""By machine, the numbers of the system calls in which the server's threads wait for work."""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must come; the watchdog fails the test."""
    end = time.monotonic() + WAIT_MOST_S
    while not condition():
        assert time.monotonic() < end, f"still not after {WAIT_MOST_S} s: {what}"
        time.sleep(0.005)


def thread_ids(pid: int) -> dict[str, int]:
    """The server's threads by name."""
    tasks = Path(f"/proc/{pid}/task")
    return {(task / "comm").read_text().strip(): int(task.name) for task in tasks.iterdir()}


def has_thread(pid: int, name: str) -> bool:
    """Whether a thread of this name lives; others may end while this looks."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if (task / "comm").read_text().strip() == name:
                return True
    return False


def cpu_seconds(pid: int) -> float:
    """Processor time that all threads have used so far."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(after_name[11]), int(after_name[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def times_asleep(pid: int) -> int:
    """How often the threads have gone to sleep so far."""
    key = "voluntary_ctxt_switches:"
    statuses = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/status")]
    lines = [line for status in statuses for line in status.splitlines() if line.startswith(key)]
    return sum(int(line.removeprefix(key)) for line in lines)


def sockets(pid: int) -> int:
    """How many sockets the server has open, its listening one included."""
    count = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            count += str(link.readlink()).startswith("socket:")
        except FileNotFoundError:
            continue
    return count


def wait_for_clients(pid: int, clients: int) -> None:
    """Wait until the server has accepted so many clients, and no more."""
    wait_until(lambda: sockets(pid) == clients + 1, f"{clients} clients")


def _ptrace(request: int, thread: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    if libc.ptrace(request, thread, None, None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"ptrace {request:#x}: {os.strerror(error)}")


def _is_waiting(pid: int, thread: int) -> bool:
    """Whether a thread that stands still does so in a call that waits for work."""
    call = Path(f"/proc/{pid}/task/{thread}/syscall").read_text().split()[0]
    return int(call) in WAITING_CALLS[os.uname().machine]


@contextmanager
def stopped(pid: int, name: str) -> Iterator[None]:
    """One thread stands still as in a debugger, the others run; afterwards it continues.

    It stands where it waits for work. Anywhere else it may hold a lock of the C library or of a
    sanitizer, for which the others would wait as well."""
    thread = thread_ids(pid)[name]

    def stops_waiting() -> bool:
        _ptrace(PTRACE_INTERRUPT, thread)
        os.waitpid(thread, WAIT_ALL)
        if _is_waiting(pid, thread):
            return True
        _ptrace(PTRACE_CONT, thread)
        return False

    _ptrace(PTRACE_SEIZE, thread)
    wait_until(stops_waiting, f"{name} waits for work")
    try:
        yield
    finally:
        _ptrace(PTRACE_DETACH, thread)
