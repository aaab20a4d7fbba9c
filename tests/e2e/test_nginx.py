"""The server's answers beside those of nginx.

Both get the same bytes and behind them a request that asks for the end, so that the statuses up to
the end tell all: (200, 404) is an answer to the first and the connection kept for the second,
(400,) a refusal and the end, and (200, 400) would be a body taken for a request. Where the server
differs, the case says what nginx does and why the server doesn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from check_client import Address
from server_process import ServerProcess
from tests.e2e.nginx import nginx
from tests.e2e.nginx_bodies import BODIES
from tests.e2e.nginx_case import Case
from tests.e2e.nginx_heads import HEADS
from tests.e2e.raw import exchange, statuses
from tests.e2e.servers import PLAIN, Variant

LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
CASES = (*HEADS, *BODIES)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with nginx(tmp_path_factory.mktemp("nginx")) as address:
        yield address


@pytest.fixture(scope="module")
def server(build_variant: Callable[[Variant], Path]) -> Iterator[Address]:
    with ServerProcess(build_variant(PLAIN)) as running:
        yield running.address
        running.stop()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_beside_nginx(server: Address, peer: Address, case: Case) -> None:
    """Goal: other servers read a request as this one does, or there is a reason. Method: the same
    bytes to both; a difference that is stated may have gone in a later nginx."""
    assert statuses(exchange(server, case.data + LAST)) == case.statuses
    assert statuses(exchange(peer, case.data + LAST)) in (case.statuses, case.nginx)


def test_differences_have_reasons() -> None:
    """Goal: the table says why wherever it says that. Method: look at every case, and count."""
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len({case.data for case in CASES}) == len(CASES)
    for case in CASES:
        assert (case.nginx is None) == (case.reason == "")
        assert case.nginx != case.statuses
