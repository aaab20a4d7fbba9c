"""Interrupts: lets the signals that ask a program to end do so quietly and in good order.

Python ends by itself only at SIGINT, by an exception. Wherever that comes, it is shown with a
traceback, or lost where no exception can leave, as while modules are imported. So the program ends
at once, without an exception, except where files are written: there one cleans up what was begun.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], None] | signal.Handlers

EXIT_SIGNAL = 128
"""To which the number of the signal is added that ended the run, as shells have it."""

DEFAULTS: dict[signal.Signals, Handler] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGHUP: signal.SIG_DFL,
}
"""By signal, how it is handled where nothing else was decided, as `nohup` does."""


class Interrupted(KeyboardInterrupt):
    """A signal requests that the program ends."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def end_at_once() -> None:
    """Let each of these signals end the program where it is. Only the program itself asks for it:
    a program that calls a part of it keeps its own way to end.
    """
    for each, default in DEFAULTS.items():
        if signal.getsignal(each) == default:
            signal.signal(each, _end)


@contextmanager
def raised() -> Iterator[None]:
    """Raise `Interrupted` at the first of these signals. Later ones don't disturb the end.

    Only a program's first thread may decide about signals; in another one nothing changes.
    """
    may_decide = threading.current_thread() is threading.main_thread()
    before = {each: signal.getsignal(each) for each in DEFAULTS if may_decide}
    ours = {each: old for each, old in before.items() if old in (DEFAULTS[each], _end)}

    def interrupt(number: int, _frame: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    try:
        for each in ours:
            signal.signal(each, interrupt)
        yield
    finally:
        for each, old in ours.items():
            signal.signal(each, old)


def _end(number: int, _frame: FrameType | None) -> None:
    os._exit(EXIT_SIGNAL + number)
