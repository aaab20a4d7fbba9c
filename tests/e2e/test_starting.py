"""Where the server listens, and what it was started with: addresses and closed descriptors."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from check_client import Address, Client, digest, request
from server_process import ServerError, ServerProcess
from tests.e2e.conftest import StartServer
from tests.e2e.processes import wait_until
from tests.e2e.servers import PLAIN, Variant
from tests.support.process import run

END_S = 30.0


def ask(address: Address) -> None:
    with Client(address) as client:
        client.ask(request("POST", "/sha256", b"x")).expect(200, digest(b"x"))


def test_ipv6(start: StartServer) -> None:
    """Goal: the server listens on IPv6. Method: its loopback, with such a Host."""
    server = start("--bind", "::1")
    assert server.address[0] == "::1"
    ask(server.address)
    with Client(server.address) as client:
        host = b"[::1]:%d" % server.address[1]
        client.ask(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % host).expect(200)
    with pytest.raises(ConnectionRefusedError):
        ask(("127.0.0.1", server.address[1]))
    server.stop()


@pytest.mark.parametrize("options", [(), ("--ipv6-only",)], ids=["both", "IPv6 alone"])
def test_all_addresses(start_plain: StartServer, options: tuple[str, ...]) -> None:
    """Goal: :: is IPv4 as well unless that is asked for. Method: connect by both."""
    server = start_plain("--bind", "::", *options)
    ask(("::1", server.address[1]))
    if options:
        with pytest.raises(ConnectionRefusedError):
            ask(("127.0.0.1", server.address[1]))
    else:
        ask(("127.0.0.1", server.address[1]))
    server.stop()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("localhost", "'localhost' is not an IPv4 or IPv6 address"),
        ("[::1]", r"'\[::1\]' is not an IPv4 or IPv6 address"),
        ("", "'' is not an IPv4 or IPv6 address"),
        ("192.0.2.1", r"can't listen on 192\.0\.2\.1:0: Cannot assign"),
        ("2001:db8::1", r"can't listen on \[2001:db8::1\]:0: Cannot assign"),
    ],
)
def test_bad_address(build_variant: Callable[[Variant], Path], address: str, message: str) -> None:
    """Goal: an address that isn't one, or isn't ours, is named. Method: the message of each."""
    with pytest.raises(ServerError, match=message):
        ServerProcess(build_variant(PLAIN), ["--bind", address])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_taken_port(start_plain: StartServer, host: str) -> None:
    """Goal: a port that is taken is named. Method: two servers on one."""
    server = start_plain("--bind", host)
    port = str(server.address[1])
    with pytest.raises(ServerError, match=f"{re.escape(host)}]?:{port}: Address already in use"):
        start_plain("--bind", host, "--port", port)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def is_listening(address: Address) -> bool:
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(address, timeout=END_S).close()
        return True
    return False


@contextmanager
def started_by_shell(
    binary: Path, redirection: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server and its port, as a shell starts it with a redirection."""
    port = free_port()
    command = ["sh", "-c", f'exec "$0" --port {port} {redirection}', str(binary)]
    with subprocess.Popen(command) as process:
        try:
            wait_until(lambda: is_listening(("127.0.0.1", port)), "a server")
            yield process, port
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("redirection", "closed"),
    [("<&-", [0]), (">&-", [1]), ("2>&-", [2]), ("<&- >&- 2>&-", [0, 1, 2])],
)
def test_closed_descriptors(
    build_variant: Callable[[Variant], Path], redirection: str, closed: list[int]
) -> None:
    """Goal: started without stdin, stdout or stderr, the server gives their numbers to nothing of
    its own, where the report would go. Method: close them, look at what is open, and ask."""
    with started_by_shell(build_variant(PLAIN), redirection) as (process, port):
        with Client(("127.0.0.1", port)) as client:
            client.ask(request("GET", "/")).expect(200)
            for number in closed:
                assert str(Path(f"/proc/{process.pid}/fd/{number}").readlink()) == "/dev/null"
            process.send_signal(signal.SIGTERM)
            assert client.is_ended()
        assert process.wait(END_S) == 0


def test_stdout_goes(build_variant: Callable[[Variant], Path]) -> None:
    """Goal: the end of who reads stdout isn't the server's. Method: close the pipe, ask, end."""
    command = [str(build_variant(PLAIN)), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().decode().rpartition(":")[2])
        process.stdout.close()
        ask(("127.0.0.1", port))
        process.send_signal(signal.SIGTERM)
        assert process.wait(END_S) == 0


def test_help(build_variant: Callable[[Variant], Path]) -> None:
    """Goal: --help lists what the other tests use, and wrong usage is status 2. Method: read it."""
    binary = build_variant(PLAIN)
    text = run([binary, "--help"]).expect_success().stdout
    for option in ("--bind", "--ipv6-only", "--max-connections", "--drain-timeout-ms"):
        assert f"  {option} " in text
    assert run([binary, "--bind"]).status == 2
    assert run([binary, "more"]).status == 2
