"""Terminal: the standard streams, and what of them may be coloured."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path
from typing import TextIO

from corinth.diagnostics import MachineError

STDIN_DESCRIPTOR = 0
CHUNK_BYTES = 65536


def prepare_streams() -> None:
    """Text that a terminal can't show is escaped; to fail while reporting helps no one.

    A stream that was closed before the start takes what is printed and forgets it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def forget_unwritten() -> None:
    """Make Python discard what a stream refused; otherwise it would complain when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def print_path(path: str | Path) -> None:
    """Print a path for other programs, byte for byte, as it needn't be text."""
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(path) + b"\n")


def wants_colour(stream: TextIO, choice: str) -> bool:
    """Whether a stream gets colour: what `--color` says, else the environment, else the stream.

    NO_COLOR wins over FORCE_COLOR, as in Python itself; either counts if it isn't empty.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def read_stdin(limit_bytes: int) -> bytes:
    """Standard input up to its end, or up to a limit; MachineError if it can't be read."""
    if sys.stdin is None:
        raise MachineError("can't read standard input: it is closed")
    data = b""
    try:
        while len(data) < limit_bytes:
            part = _read_part(min(CHUNK_BYTES, limit_bytes - len(data)))
            if not part:
                break
            data += part
    except OSError as error:
        raise MachineError(f"can't read standard input: {error.strerror}") from error
    return data


def _read_part(size_bytes: int) -> bytes:
    """Wait for some input; another program may have made the stream non-blocking."""
    while True:
        try:
            return os.read(STDIN_DESCRIPTOR, size_bytes)
        except BlockingIOError:
            select.select([STDIN_DESCRIPTOR], [], [])
