"""Full lanes, a stopped thread, and the end: nothing is lost, nothing is stuck."""

from __future__ import annotations

import json
import select
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from check_client import Address, Client, digest, request
from server_process import Report, ServerError, parse_report
from tests.e2e.conftest import StartServer
from tests.e2e.processes import has_thread, stopped, wait_for_clients, wait_until

MANY = 200
"""More requests than all lanes hold."""


@contextmanager
def asking_clients(address: Address, count: int) -> Iterator[list[Client]]:
    """Clients that have each asked for the digest of their number."""
    with ExitStack() as opened:
        clients = [opened.enter_context(Client(address)) for _ in range(count)]
        for number, client in enumerate(clients):
            client.send(request("POST", "/sha256", b"%d" % number))
        yield clients


def is_silent(clients: list[Client], seconds: float) -> bool:
    """No client hears anything for a while."""
    return select.select([client.socket for client in clients], [], [], seconds)[0] == []


def expect_digests(clients: list[Client]) -> None:
    for number, client in enumerate(clients):
        client.receive().expect(200, digest(b"%d" % number))


def test_stopped_compute(start: StartServer) -> None:
    """Goal: with compute's thread stopped, requests stall, new connections are still accepted and
    io still speaks with them; continued, every answer arrives. Method: a debugger's means."""
    server = start()
    with ExitStack() as opened:
        with stopped(server.pid, "compute"):
            clients = opened.enter_context(asking_clients(server.address, MANY))
            assert is_silent(clients, 0.3)
            wait_for_clients(server.pid, MANY)
            with Client(server.address) as late:
                late.ask(b"bad\r\n\r\n").expect(400)
            assert is_silent(clients, 0.1)
        expect_digests(clients)
    assert server.stop().io["answers"] == MANY


def test_full_lanes(start: StartServer) -> None:
    """Goal: a full lane is back-pressure: requests wait, none is dropped. Method: stop compute, ask
    more than the lanes hold, pipelined twice, continue, compare every answer."""
    server = start()
    with ExitStack() as opened:
        with stopped(server.pid, "compute"):
            clients = opened.enter_context(asking_clients(server.address, MANY))
            for number, client in enumerate(clients):
                client.send(request("POST", "/sha256", b"%d" % number))
            assert is_silent(clients, 0.3)
            wait_for_clients(server.pid, MANY)
        expect_digests(clients)
        expect_digests(clients)
        stats = json.loads(clients[0].ask(request("GET", "/stats")).expect(200).body)
    lanes = {lane["name"]: lane for lane in stats["lanes"]}
    report = server.stop()
    assert report.io["waits"] >= MANY / 2
    assert lanes["io_to_compute"]["high_water"] >= 2
    assert report.lanes["io_to_compute"].received == 2 * MANY + 1


def test_full_lane_is_counted(start_plain: StartServer) -> None:
    """Goal: the lane itself says how often it was full. Method: stop compute, ask more than the
    lane to it holds, which is less than the lane back holds, and look at the statistics."""
    server = start_plain()
    with ExitStack() as opened:
        with stopped(server.pid, "compute"):
            clients = opened.enter_context(asking_clients(server.address, MANY))
            assert is_silent(clients, 0.3)
        expect_digests(clients)
        stats = json.loads(clients[0].ask(request("GET", "/stats")).expect(200).body)
    there = next(lane for lane in stats["lanes"] if lane["name"] == "io_to_compute")
    assert there["full"] > 0
    assert there["high_water"] == 32


def test_stopped_io(start: StartServer) -> None:
    """Goal: with io's thread stopped, accept goes on until its lane is full, then it stops, and
    no client is turned away. Method: stop io, connect and ask, continue, compare every answer.
    """
    server = start()
    with ExitStack() as opened:
        with stopped(server.pid, "io"):
            clients = opened.enter_context(asking_clients(server.address, MANY))
            assert is_silent(clients, 0.3)
        expect_digests(clients)
    assert server.stop().io["connections"] == MANY


def test_stopped_accept(start: StartServer) -> None:
    """Goal: clients that are there don't need accept. Method: stop it, ask as an old client, then
    connect as a new one, which waits until accept continues."""
    server = start()
    with Client(server.address) as old, ExitStack() as opened:
        old.ask(request("GET", "/")).expect(200)
        with stopped(server.pid, "accept"):
            old.ask(request("POST", "/sha256", b"old")).expect(200, digest(b"old"))
            clients = opened.enter_context(asking_clients(server.address, 10))
            assert is_silent(clients, 0.2)
        expect_digests(clients)
    server.stop()


def connection_refused(address: Address) -> bool:
    """Whether the socket is closed; a client that gets in while it closes is reset."""
    try:
        Client(address).socket.close()
    except ConnectionResetError:
        return False
    except ConnectionRefusedError:
        return True
    return False


def test_end_answers_what_is_asked(start: StartServer) -> None:
    """Goal: SIGTERM lets no new client in and serves all that are in. Method: stop compute, ask,
    ask to end, see that the door is shut, continue, compare every answer and every count.
    """
    server = start()
    idle = Client(server.address)
    idle.ask(request("GET", "/")).expect(200)
    with ExitStack() as opened:
        with stopped(server.pid, "compute"):
            clients = opened.enter_context(asking_clients(server.address, 20))
            wait_for_clients(server.pid, 21)
            assert is_silent(clients, 0.3)
            server.terminate()
            wait_until(lambda: connection_refused(server.address), "no more connections")
            assert idle.is_closed()
        for number, client in enumerate(clients):
            answer = client.receive().expect(200, digest(b"%d" % number))
            assert answer.headers["connection"] == "close"
            assert client.is_closed()
    report = server.finish()
    assert report.io["answers"] == report.io["requests"] == 21
    for lane in report.lanes.values():
        assert lane.sent == lane.received


def test_end_answers_what_is_pipelined(start: StartServer) -> None:
    """Goal: the end doesn't cut off what has arrived behind a request. Method: stop compute, send
    two requests at once and a third behind them, ask to end, continue; the last says that it is."""
    server = start()
    bodies = [b"one", b"two", b"three"]
    with Client(server.address) as client:
        with stopped(server.pid, "compute"):
            data = [request("POST", "/sha256", body) for body in bodies]
            client.send(data[0] + data[1])
            assert is_silent([client], 0.2)
            client.send(data[2])
            server.terminate()
            wait_until(lambda: connection_refused(server.address), "no more connections")
        for body in bodies:
            answer = client.receive().expect(200, digest(body))
            is_last = body == bodies[-1]
            assert answer.headers["connection"] == ("close" if is_last else "keep-alive")
        assert client.is_ended()
    assert server.finish().io["answers"] == len(bodies)


def test_end_with_a_full_lane(start: StartServer) -> None:
    """Goal: accept's last word finds its way through a full lane, and who was accepted is answered.
    Method: stop io, connect more than the lane holds, ask to end, continue; no client hears a wrong
    word, and those who hear none were never accepted.
    """
    server = start()
    with ExitStack() as opened:
        with stopped(server.pid, "io"):
            clients = opened.enter_context(asking_clients(server.address, MANY))
            assert is_silent(clients, 0.3)
            server.terminate()
            wait_until(lambda: connection_refused(server.address), "no more connections")
        answered = 0
        for number, client in enumerate(clients):
            try:
                client.receive().expect(200, digest(b"%d" % number))
                answered += 1
            except ConnectionError:
                continue
    report = server.finish()
    assert 0 < answered == report.io["connections"] == report.io["answers"] < MANY


def test_end_within_its_time(start: StartServer) -> None:
    """Goal: the end comes even if a client can't be served in time, and what was on its way is
    counted as undelivered. Method: stop compute for longer than the drain may take, until io has
    stopped the coordinator and left; a compute that ran sooner could still take what is there.
    """
    server = start("--drain-timeout-ms", "200")
    with stopped(server.pid, "compute"), asking_clients(server.address, 3) as clients:
        assert is_silent(clients, 0.3)
        server.terminate()
        assert all(client.is_closed() for client in clients)
        wait_until(lambda: not has_thread(server.pid, "io"), "the end of io")
    report = server.finish()
    there = report.lanes["io_to_compute"]
    assert there.undelivered == there.sent - there.received > 0


def test_end_under_load(start: StartServer) -> None:
    """Goal: no answer is half. Method: SIGTERM amid pipelined requests; what comes is right."""
    server = start()
    bodies = [b"%d" % number for number in range(500)]
    with Client(server.address) as client:
        client.send(b"".join(request("POST", "/sha256", body) for body in bodies))
        client.receive().expect(200, digest(bodies[0]))
        server.terminate()
        answered = 1
        try:
            for body in bodies[1:]:
                client.receive().expect(200, digest(body))
                answered += 1
        except ConnectionError:
            pass
    report = server.finish()
    assert report.io["answers"] == report.io["requests"] >= answered


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_end_when_idle(start: StartServer, number: signal.Signals) -> None:
    """Goal: an idle server ends at once, whichever signal comes. Method: without any client."""
    server = start()
    server.process.send_signal(number)
    report = server.finish()
    # accept says that nothing more comes, and io that it has heard.
    assert report.lanes["accept_to_io"].sent == report.lanes["io_to_accept"].sent == 1


def test_a_lost_count_is_noticed() -> None:
    """Goal: the check of the counts can fail. Method: a report in which one transfer is missing."""
    lane = "lane a_to_b: sent 3 = received 1 + in lane 1 + undelivered {}\n"
    line = "io: connections 1, stale answers 2\n"
    assert parse(lane.format(1) + line).io == {"connections": 1, "stale answers": 2}
    with pytest.raises(ServerError, match="a_to_b"):
        parse(lane.format(0) + line)
    with pytest.raises(ServerError):
        parse(line)


def parse(text: str) -> Report:
    report = parse_report(text)
    report.check()
    return report
