"""Interrupts: lets the signals that end a program do so in good order.

Python ends by itself only at SIGINT, by an exception, so that what was begun is cleaned up.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Handler = Callable[[int, FrameType | None], None] | signal.Handlers

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


@contextmanager
def raised() -> Iterator[None]:
    """Raise `Interrupted` at the first of these signals. Later ones don't disturb the end.

    Only a program's first thread may decide about signals; in another one nothing changes.
    """
    may_decide = threading.current_thread() is threading.main_thread()
    ours = [each for each in DEFAULTS if may_decide and signal.getsignal(each) == DEFAULTS[each]]

    def interrupt(number: int, _frame: FrameType | None) -> None:
        for each in ours:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    try:
        for each in ours:
            signal.signal(each, interrupt)
        yield
    finally:
        for each in ours:
            signal.signal(each, DEFAULTS[each])
