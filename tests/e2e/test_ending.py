"""The signals that end the server: what is answered, what is said to whom, and how long it takes.

test_lanes.py has the ends that full lanes and stopped threads make difficult."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from check_client import Address, Client, digest, request
from server_process import ServerProcess
from tests.e2e.conftest import StartServer
from tests.e2e.processes import stopped, wait_until
from tests.e2e.servers import PLAIN, Variant

PATIENT = ("--request-timeout-ms", "600000", "--drain-timeout-ms", "600000")
SOON_S = 20.0
"""Far less than what a patient server waits, far more than a busy machine needs."""


def is_door_shut(address: Address) -> bool:
    """Whether no one listens any more."""
    try:
        socket.create_connection(address, timeout=SOON_S).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        return False
    return False


def drain(server: ServerProcess) -> None:
    """Ask to end, and wait until that is seen to have been heard."""
    server.terminate()
    wait_until(lambda: is_door_shut(server.address), "no more connections")


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT], ids=lambda n: n.name
)
def test_each_signal_drains(
    build_variant: Callable[[Variant], Path], number: signal.Signals
) -> None:
    """Goal: whichever signal comes, a client that has asked for something is served first. Method:
    half a request, the signal, the other half. Our own parent may have signals ignored.
    """
    default = ("env", f"--default-signal={number.name.removeprefix('SIG')}")
    with ServerProcess(build_variant(PLAIN), PATIENT, prefix=default) as server:
        data = request("POST", "/sha256", b"body")
        with Client(server.address) as client:
            client.ask(request("GET", "/")).expect(200)
            client.send(data[:30])
            with Client(server.address) as idle:
                # The answer shows that io has read what was sent before, and its end that io has
                # heard of the signal: accept is the first to.
                idle.ask(request("GET", "/")).expect(200)
                server.process.send_signal(number)
                assert idle.is_ended()
            assert is_door_shut(server.address)
            answer = client.ask(data[30:]).expect(200, digest(b"body"))
            assert answer.headers["connection"] == "close"
            assert client.is_ended()
        server.finish()


def test_hangup_under_nohup(build_variant: Callable[[Variant], Path]) -> None:
    """Goal: who has started the server with nohup keeps it. Method: SIGHUP where it is ignored."""
    ignored = ("env", "--ignore-signal=HUP")
    with ServerProcess(build_variant(PLAIN), prefix=ignored) as server:
        server.process.send_signal(signal.SIGHUP)
        with Client(server.address) as client:
            client.ask(request("GET", "/")).expect(200)
        server.stop()


def test_second_signal_hastens(start: StartServer) -> None:
    """Goal: a second signal ends the server at once, in order, with status 0. Method: a client that
    never finishes its request, for which the first signal lets the server wait."""
    server = start(*PATIENT)
    with Client(server.address) as client, Client(server.address) as idle:
        idle.ask(request("GET", "/")).expect(200)
        client.send(request("POST", "/sha256", b"body")[:-1])
        drain(server)
        assert idle.is_ended()
        idle.socket.close()
        time.sleep(0.3)
        assert server.process.poll() is None
        begin = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert client.is_closed()
        server.finish()
        assert time.monotonic() - begin < SOON_S


def test_half_of_a_request_behind(start: StartServer) -> None:
    """Goal: what has arrived as a whole is answered, what hasn't isn't waited for, and the client
    is told which. Method: stop compute, pipeline more than a read takes and a half, end."""
    server = start(*PATIENT)
    bodies = [bytes([number]) * 1500 for number in range(10)]
    with Client(server.address) as client:
        client.ask(request("GET", "/")).expect(200)
        with stopped(server.pid, "compute"):
            data = b"".join(request("POST", "/sha256", body) for body in bodies)
            client.send(data + request("POST", "/sha256", b"half")[:-1])
            drain(server)
        for body in bodies:
            answer = client.receive().expect(200, digest(body))
            is_last = body == bodies[-1]
            assert answer.headers["connection"] == ("close" if is_last else "keep-alive")
        assert client.is_ended()
    assert server.finish().io["requests"] == len(bodies) + 1


def test_bad_request_behind(start: StartServer) -> None:
    """Goal: a refusal is an answer, too: it is the last. Method: a good request and a bad one."""
    server = start(*PATIENT)
    with Client(server.address) as client:
        client.ask(request("GET", "/")).expect(200)
        with stopped(server.pid, "compute"):
            client.send(request("POST", "/sha256", b"good") + b"HEAD / HTTP/1.1\r\n\r\n")
            drain(server)
        answer = client.receive().expect(200, digest(b"good"))
        assert answer.headers["connection"] == "keep-alive"
        assert client.receive(is_head=True).expect(400).headers["connection"] == "close"
        assert client.is_ended()
    server.finish()


def test_pipelining_without_end(start: StartServer) -> None:
    """Goal: who never stops asking is told close as well, before the time is over. Method: keep
    more on its way than is answered."""
    server = start("--drain-timeout-ms", "4000")
    data = request("POST", "/sha256", b"again") * 50
    asked, connection = 0, "keep-alive"
    with Client(server.address) as client:
        begin = time.monotonic()
        client.send(data)
        asked += 50
        client.receive().expect(200)
        server.terminate()
        while connection == "keep-alive":
            if asked % 50 == 0:
                client.send(data)
            connection = client.receive().expect(200, digest(b"again")).headers["connection"]
            asked += 1
        assert time.monotonic() - begin < SOON_S
        assert client.is_ended()
    report = server.finish()
    assert report.io["answers"] == report.io["requests"]


def test_idle_client_at_the_end(start: StartServer) -> None:
    """Goal: an idle client isn't hung up on when it asks at the moment of the end. Method: stop io,
    ask to end, ask for something, continue: it is answered and told close."""
    server = start()
    with Client(server.address) as client:
        client.ask(request("GET", "/")).expect(200)
        with stopped(server.pid, "io"):
            drain(server)
            client.send(request("POST", "/sha256", b"late"))
        answer = client.receive().expect(200, digest(b"late"))
        assert answer.headers["connection"] == "close"
        assert client.is_ended()
    server.finish()
