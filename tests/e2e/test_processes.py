"""The means by which the tests stop a server's thread."""

from __future__ import annotations

import select
import subprocess
import sys

from tests.e2e.processes import stopped, thread_ids

WAITS_LATE = """
import select, time
end = time.monotonic() + 0.2
while time.monotonic() < end:
    pass
print("waits", flush=True)
select.poll().poll()
"""


def test_stops_where_it_waits() -> None:
    """Goal: a thread isn't stopped amid its work, where it may hold a lock that others need.
    Method: a process that works for a while, says so and waits: when stopped it has said so."""
    arguments = [sys.executable, "-c", WAITS_LATE]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            (name,) = thread_ids(process.pid)
            with stopped(process.pid, name):
                assert select.select([process.stdout], [], [], 0)[0] == [process.stdout]
                assert process.stdout.readline() == "waits\n"
        finally:
            process.kill()
