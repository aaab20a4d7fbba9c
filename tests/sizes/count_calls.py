"""For gdb: steps through the call in `call_it` and prints how many functions it called.

Run as `gdb -batch -x count_calls.py PROGRAM`. What is inlined in a debug build too is no call: a
debugger steps over it.
"""

import gdb  # type: ignore[import-untyped]  # part of gdb


def frames() -> list[str]:
    """The functions that are being called, innermost first."""
    names = []
    frame = gdb.newest_frame()
    while frame is not None:
        if frame.type() != gdb.INLINE_FRAME:
            names.append(frame.name() or "?")
        frame = frame.older()
    return names


def count_calls() -> None:
    """Prints a line: how many calls, how deep, and which."""
    gdb.execute("set pagination off")
    gdb.execute("break call_it")
    gdb.execute("run", to_string=True)
    base = previous = len(frames())
    deepest = 0
    called: list[str] = []
    while previous >= base:
        gdb.execute("step", to_string=True)
        names = frames()
        called += reversed(names[: max(0, len(names) - previous)])
        previous = len(names)
        deepest = max(deepest, previous - base)
    print(f"calls={len(called)} deep={deepest} {' '.join(called)}")


count_calls()
