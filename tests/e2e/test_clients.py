"""Clients that are slow, silent or gone don't hold up others and don't pile up."""

from __future__ import annotations

import json
import resource
import select
import socket
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from check_client import Client, digest, request
from server_process import ServerError, ServerProcess
from tests.e2e.conftest import StartServer
from tests.e2e.processes import (
    cpu_seconds,
    sockets,
    stopped,
    times_asleep,
    wait_for_clients,
    wait_until,
)
from tests.e2e.servers import PLAIN, Variant

PATIENT = ("--request-timeout-ms", "600000")
SOON_S = 10.0
SHORT = ("--idle-timeout-ms", "200", "--request-timeout-ms", "200", "--write-timeout-ms", "200")


def reset(client: Client) -> None:
    """Go without a word: the server's socket is told that the client is gone."""
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.socket.close()


def test_silent(start: StartServer) -> None:
    """Goal: who says nothing has to go. Method: silent clients; one that asks between them."""
    server = start(*SHORT)
    silent = [Client(server.address) for _ in range(20)]
    with Client(server.address) as client:
        client.ask(request("GET", "/")).expect(200)
    assert all(client.is_closed() for client in silent)
    wait_for_clients(server.pid, 0)
    for client in silent:
        client.socket.close()
    assert server.stop().io["timeouts"] >= len(silent)


def test_unfinished_request(start: StartServer) -> None:
    """Goal: a request that isn't finished in time is dropped, even if it comes drop by drop.
    Method: send a byte at a time, slowly, until the server responds.
    """
    server = start(*SHORT, "--idle-timeout-ms", "60000")
    data = request("POST", "/sha256", b"x" * 1000)
    with Client(server.address) as client:
        client.send(data[:60])
        for byte in data[60:260]:
            if select.select([client.socket], [], [], 0.02)[0]:
                break
            client.send(bytes([byte]))
        else:
            pytest.fail("each drop renewed the deadline")
        client.receive().expect(408)
        assert client.is_closed()
    server.stop()


def test_idle_between_requests(start_plain: StartServer) -> None:
    """Goal: keep-alive isn't forever. Method: one request, then nothing."""
    with Client(start_plain(*SHORT).address) as client:
        client.ask(request("GET", "/")).expect(200)
        assert client.is_closed()


PIPELINED = 2000
"""More answers than the buffers of a connection hold; of the smaller requests they hold all."""


def test_unread_answers(start: StartServer) -> None:
    """Goal: a client that doesn't read is waited for, blocks none, and gets every answer.
    Method: pipeline more than fits, ask as another client, then read: partial writes went on.
    """
    server = start("--send-buffer-bytes", "4096")
    with Client(server.address) as client, Client(server.address) as other:
        client.send(request("GET", "/stats") * PIPELINED)
        other.ask(request("POST", "/sha256", b"other")).expect(200, digest(b"other"))
        time.sleep(0.2)
        stats = json.loads(other.ask(request("GET", "/stats")).expect(200).body)
        lanes = {lane["name"]: lane for lane in stats["lanes"]}
        assert lanes["io_to_compute"]["sent"] < PIPELINED / 2
        for _ in range(PIPELINED):
            json.loads(client.receive().expect(200).body)
    assert server.stop().io["answers"] == PIPELINED + 2


def test_never_read_answers(start: StartServer) -> None:
    """Goal: who never reads has to go. Method: pipeline more than fits, and wait."""
    server = start(*SHORT, "--idle-timeout-ms", "60000", "--send-buffer-bytes", "4096")
    with Client(server.address) as client:
        client.send(request("GET", "/stats") * PIPELINED)
        wait_for_clients(server.pid, 1)
        wait_for_clients(server.pid, 0)
    report = server.stop()
    assert report.io["timeouts"] == 1
    assert report.io["answers"] < PIPELINED / 2


def test_refused_but_goes_on(start_plain: StartServer) -> None:
    """Goal: a refused client gets its answer even if it goes on sending, and not forever.
    Method: send behind a bad request until the server has had enough."""
    server = start_plain()
    with Client(server.address) as client:
        client.ask(b"bad\r\n\r\n").expect(400)
        with pytest.raises(ConnectionError):
            client.send(b"x" * 100_000_000)
    wait_for_clients(server.pid, 0)
    server.stop()


def test_gone_before_the_answer(start: StartServer) -> None:
    """Goal: the answer for a client that has gone is recognized and dropped, not given to the next
    client in its slot. Method: stop compute, ask and go, let another take the slot, continue."""
    server = start()
    with stopped(server.pid, "compute"):
        gone = Client(server.address)
        gone.send(request("POST", "/sha256", b"gone"))
        wait_for_clients(server.pid, 1)
        # The refusal shows that io has read what came before it.
        with Client(server.address) as other:
            other.ask(b"bad\r\n\r\n").expect(400)
        reset(gone)
        wait_for_clients(server.pid, 0)
        client = Client(server.address)
        client.send(request("POST", "/sha256", b"here"))
        wait_for_clients(server.pid, 1)
    client.receive().expect(200, digest(b"here"))
    client.socket.close()
    report = server.stop()
    assert report.io["stale answers"] == 1
    assert report.io["answers"] == 2


def test_most_connections(start: StartServer, variant: Variant) -> None:
    """Goal: beyond the most connections, clients wait while none is idle that was answered; none
    is turned away. Method: four at most; twelve silent ones, and one that asks and is answered once
    they had to go."""
    server = start("--max-connections", "4", *SHORT)
    silent = [Client(server.address) for _ in range(12)]
    with Client(server.address) as client:
        client.send(request("POST", "/sha256", b"patience"))
        wait_until(lambda: sockets(server.pid) - 1 >= 4, "four clients")
        most = 0
        while not select.select([client.socket], [], [], 0.005)[0]:
            most = max(most, sockets(server.pid) - 1)
        client.receive().expect(200, digest(b"patience"))
    # Besides the four, the lane to io holds those that accept has taken and io hasn't.
    assert most <= 4 + (variant.capacity or 32)
    assert all(each.is_closed() for each in silent)
    for each in silent:
        each.socket.close()
    assert server.stop().io["connections"] == len(silent) + 1


def test_idle_clients_make_room(start: StartServer) -> None:
    """Goal: when all places are taken, an idle client goes for a new one, the one that is idle for
    the longest, and is told properly. Method: four places, four clients that were answered, three
    more, with time-outs that don't help."""
    server = start("--max-connections", "4", "--idle-timeout-ms", "600000")
    with ExitStack() as opened:
        idle = [opened.enter_context(Client(server.address)) for _ in range(4)]
        for client in idle:
            client.ask(request("GET", "/")).expect(200)
        # Now the second is idle for the longest, and the first for the shortest time.
        idle[0].ask(request("GET", "/")).expect(200)
        for number, client in enumerate(idle[1:]):
            newcomer = opened.enter_context(Client(server.address))
            newcomer.ask(request("POST", "/sha256", b"new")).expect(200, digest(b"new"))
            assert client.is_ended()
            client.socket.close()
            assert not select.select([idle[0].socket], [], [], 0)[0], number
        idle[0].ask(request("GET", "/")).expect(200)
    assert server.stop().io["made room"] == 3


SILENCE_S = 2.0
"""How long a client that never asked anything keeps its place while others wait."""


def test_silent_clients_make_room(start: StartServer) -> None:
    """Goal: clients that never ask anything don't keep others out, and have some time to ask.
    Method: four places; half a request, three silent clients, two that ask and one that is silent;
    with time-outs that don't help, the two that came first of the silent ones go, not sooner."""
    server = start("--max-connections", "4", "--idle-timeout-ms", "600000", *PATIENT)
    data = request("POST", "/sha256", b"new")
    with ExitStack() as opened:
        begin = time.monotonic()
        slow, *silent = (opened.enter_context(Client(server.address)) for _ in range(4))
        slow.send(data[:-1])
        wait_until(lambda: sockets(server.pid) - 1 >= 4, "four clients")
        came = time.monotonic()
        newcomers = [opened.enter_context(Client(server.address)) for _ in range(2)]
        for client in newcomers:
            client.send(data)
        for client in newcomers:
            client.receive().expect(200, digest(b"new"))
        assert time.monotonic() - begin >= SILENCE_S
        assert all(client.is_closed() for client in silent[:2])
        assert time.monotonic() - came < SILENCE_S + SOON_S
        assert not select.select([silent[2].socket], [], [], 0)[0]
        silent[2].ask(data).expect(200, digest(b"new"))
        slow.ask(data[-1:]).expect(200, digest(b"new"))
    assert server.stop().io["made room"] == 2


def test_silent_clients_stay(start_plain: StartServer) -> None:
    """Goal: while there is room, silence costs no place, and io sleeps. Method: full, yet without
    anyone who waits, for longer than the silence that is let pass."""
    server = start_plain("--max-connections", "4", "--idle-timeout-ms", "600000")
    with ExitStack() as opened:
        silent = [opened.enter_context(Client(server.address)) for _ in range(4)]
        wait_until(lambda: sockets(server.pid) - 1 >= 4, "four clients")
        asleep = times_asleep(server.pid)
        time.sleep(SILENCE_S + 0.5)
        assert times_asleep(server.pid) - asleep <= 20
        for client in silent:
            client.ask(request("GET", "/")).expect(200)
    assert server.stop().io["made room"] == 0


def test_many_make_room(start: StartServer) -> None:
    """Goal: room is made for as many as come, also where an idle client doesn't close its end.
    Method: two places, 40 clients one after the other, all of which stay."""
    server = start("--max-connections", "2", "--linger-timeout-ms", "20")
    with ExitStack() as opened:
        for number in range(40):
            client = opened.enter_context(Client(server.address))
            body = b"%d" % number
            client.ask(request("POST", "/sha256", body)).expect(200, digest(body))
    assert server.stop().io["made room"] >= 38


def test_busy_clients_stay(start: StartServer) -> None:
    """Goal: only who is idle makes room. Method: stop compute with four requests on their way in
    four places, and half a request behind each; a fifth client waits until one has ended."""
    server = start("--max-connections", "4", "--idle-timeout-ms", "600000")
    data = request("POST", "/sha256", b"busy")
    with ExitStack() as opened:
        with stopped(server.pid, "compute"):
            busy = [opened.enter_context(Client(server.address)) for _ in range(4)]
            for client in busy:
                client.send(data + data[:-1])
            wait_until(lambda: sockets(server.pid) - 1 >= 4, "four clients")
            fifth = opened.enter_context(Client(server.address))
            fifth.send(data)
        for client in busy:
            client.receive().expect(200, digest(b"busy"))
        assert not select.select([fifth.socket], [], [], 0.2)[0]
        for client in busy:
            client.ask(data[-1:]).expect(200, digest(b"busy"))
        fifth.receive().expect(200, digest(b"busy"))
    assert server.stop().io["made room"] == 1


def test_too_many_connections(build_variant: Callable[[Variant], Path]) -> None:
    """Goal: more connections than the machine allows are refused at the start, with a message.
    Method: a limit of open files that is lower than what is asked for."""
    limited = ("prlimit", "--nofile=500:500")
    with pytest.raises(ServerError, match="higher limit of open files"):
        ServerProcess(build_variant(PLAIN), ["--max-connections", "500"], prefix=limited)


def test_out_of_descriptors(start_plain: StartServer) -> None:
    """Goal: when the machine has no descriptors left, clients wait, and accept doesn't spin.
    Method: take them away from a running server, connect, give them back, compare every answer."""
    server = start_plain()
    limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    open_files = len(list(Path(f"/proc/{server.pid}/fd").iterdir()))
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (open_files + 5, limits[1]))
    clients = [Client(server.address) for _ in range(12)]
    for client in clients:
        client.send(request("POST", "/sha256", b"x"))
    wait_for_clients(server.pid, 5)
    used_s, asleep = cpu_seconds(server.pid), times_asleep(server.pid)
    time.sleep(0.5)
    assert cpu_seconds(server.pid) - used_s <= 0.05
    assert 0 < times_asleep(server.pid) - asleep <= 50
    assert len(select.select([client.socket for client in clients], [], [], 0)[0]) == 5

    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limits)
    for client in clients:
        client.receive().expect(200, digest(b"x"))
        client.socket.close()
    server.stop()


def test_idle(start: StartServer) -> None:
    """Goal: no thread polls; an idle server uses under 1 % of a core. Method: with idle clients,
    look for some seconds at the processor time and at how often a thread went to sleep, which one
    that polls does again and again.
    """
    window_s, clock_tick_s, sleeps_per_s = 3.0, 0.01, 20
    server = start()
    clients = [Client(server.address) for _ in range(10)]
    for client in clients:
        client.ask(request("POST", "/sha256", b"x")).expect(200)
    wait_until(lambda: times_asleep(server.pid) > 0, "sleeping threads")
    time.sleep(0.2)
    used_s, asleep = cpu_seconds(server.pid), times_asleep(server.pid)
    time.sleep(window_s)
    used_s, asleep = cpu_seconds(server.pid) - used_s, times_asleep(server.pid) - asleep
    for client in clients:
        client.socket.close()
    assert used_s <= window_s * 0.01 + clock_tick_s
    # The thread sanitizer has a thread of its own that looks around now and then.
    assert asleep <= window_s * sleeps_per_s
    server.stop()
