"""Shows the HTTP server at work: real traffic, every checked digest right, nothing lost.

usage: demo.py --server PATH [--seconds N] [--connections N] [--body-bytes N]

wrk drives the server as hard as it can while check_client.py compares digests with its own. Then
SIGTERM ends the server, which prints what each lane has carried. A wrong digest, an error that wrk
saw, or a count that doesn't add up ends this with a message and status 1.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from check_client import Address, WrongAnswerError, check_for
from server_process import Report, ServerError, ServerProcess

LOAD_SCRIPT = Path(__file__).with_name("load.lua")
WRK_GRACE_S = 30.0


class DemoError(Exception):
    """What was shown isn't what was promised."""


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    requests: int
    duration_us: int
    p50_us: int
    p99_us: int
    max_us: int
    errors: dict[str, int]


def parse_load(text: str) -> Load:
    line = next((line for line in text.splitlines() if line.startswith("wrk: ")), None)
    if line is None:
        raise DemoError(f"wrk said nothing to the point:\n{text}")
    return Load(**json.loads(line.removeprefix("wrk: ")))


def drive(address: Address, given: argparse.Namespace) -> tuple[Load, int]:
    """Run wrk and the checking client side by side; what wrk saw, and how many were checked."""
    host, port = address
    command = ["wrk", "-t1", f"-c{given.connections}", f"-d{given.seconds}s", "-s"]
    arguments = [str(LOAD_SCRIPT), f"http://{host}:{port}/sha256", "--", str(given.body_bytes)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as wrk:
        try:
            checked = check_for(address, given.seconds, given.seed)
            text, _ = wrk.communicate(timeout=given.seconds + WRK_GRACE_S)
        except BaseException:
            wrk.kill()
            raise
    if wrk.returncode != 0:
        raise DemoError(f"wrk ended with {wrk.returncode}:\n{text}")
    return parse_load(text), checked


def judge(load: Load, checked: int, report: Report, connections: int) -> None:
    """Every request that a client counted went through the lanes, and each was answered."""
    if any(load.errors.values()):
        raise DemoError(f"wrk saw errors: {load.errors}")
    if load.requests == 0 or checked == 0:
        raise DemoError(f"no traffic: {load.requests} by wrk, {checked} checked")
    there, back = report.lanes["io_to_compute"], report.lanes["compute_to_io"]
    if not there.sent == there.received == back.sent == back.received:
        raise DemoError("not every request was answered")
    # wrk doesn't count what is on its way when its time is over: at most one per connection.
    uncounted = there.sent - load.requests - checked
    if not 0 <= uncounted <= connections:
        raise DemoError(
            f"the lanes carried {there.sent} requests, "
            f"but wrk counted {load.requests} and {checked} were checked"
        )


def show(load: Load, checked: int, report: Report) -> None:
    rate = load.requests * 1e6 / load.duration_us
    print(f"requests per second: {rate:,.0f} ({load.requests:,} requests, digest of each body)")
    print(
        f"latency: {load.p50_us / 1000:.2f} ms median, {load.p99_us / 1000:.2f} ms for 99 %, "
        f"{load.max_us / 1000:.2f} ms at most"
    )
    print(f"digests compared meanwhile: {checked:,}, all right")
    print("\n".join(line for line in report.text.splitlines() if line.startswith("lane ")))
    print("nothing lost: every request was answered, every count adds up")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Show the HTTP server at work.")
    parser.add_argument("--server", type=Path, required=True, help="the server's executable")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--body-bytes", type=int, default=1024)
    parser.add_argument("--seed", type=int, default=1893)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    given = parse(arguments)
    if shutil.which("wrk") is None:
        print("demo: wrk is missing; install it, or run scripts/demo as root", file=sys.stderr)
        return 1
    try:
        with ServerProcess(given.server) as server:
            host, port = server.address
            print(
                f"The server listens on {host}:{port}; {given.connections} connections ask for "
                f"digests of {given.body_bytes} bytes for {given.seconds} s",
                flush=True,
            )
            load, checked = drive(server.address, given)
            report = server.stop()
        judge(load, checked, report, given.connections)
    except (DemoError, ServerError, WrongAnswerError, OSError) as error:
        print(f"demo: FAILED: {error}", file=sys.stderr)
        return 1
    show(load, checked, report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
