"""The server's variants, each built once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from server_process import ServerProcess
from tests.e2e.servers import PLAIN, VARIANTS, Variant, build
from tests.support.process import Watchdog, run

WATCHDOG_S = 240.0

StartServer = Callable[..., ServerProcess]


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """No test of a server waits forever."""
    with Watchdog(WATCHDOG_S):
        yield


@pytest.fixture(scope="session")
def build_variant(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Variant], Path]:
    """Build a variant, unless that has been done, or tried."""
    built: dict[Variant, Path | None] = {}

    def build_once(variant: Variant) -> Path:
        if variant not in built:
            built[variant] = None
            built[variant] = build(variant, tmp_path_factory.mktemp("server"))
        binary = built[variant]
        assert binary is not None, "it couldn't be built: an earlier test says why"
        return binary

    return build_once


@pytest.fixture(scope="session", params=VARIANTS, ids=lambda variant: variant.name)
def variant(request: pytest.FixtureRequest) -> Variant:
    """Each of the variants: for what must hold in all of them."""
    assert isinstance(request.param, Variant)
    return request.param


@pytest.fixture
def start_any(
    build_variant: Callable[[Variant], Path],
) -> Iterator[Callable[[Variant, Sequence[str]], ServerProcess]]:
    """Start a variant with options; the test's end is the server's."""
    with ExitStack() as running:

        def start(variant: Variant, options: Sequence[str]) -> ServerProcess:
            binary = build_variant(variant)
            # Older thread sanitizers can't run where the kernel randomises addresses widely.
            needs_setarch = variant.name == "thread sanitizer" and run([binary, "--help"]).status
            prefix = ["setarch", "-R"] if needs_setarch else []
            return running.enter_context(ServerProcess(binary, options, prefix=prefix))

        yield start


@pytest.fixture
def start(
    start_any: Callable[[Variant, Sequence[str]], ServerProcess], variant: Variant
) -> StartServer:
    """Start each of the variants with options."""
    return lambda *options: start_any(variant, options)


@pytest.fixture
def start_plain(
    start_any: Callable[[Variant, Sequence[str]], ServerProcess],
) -> StartServer:
    """Start the server as the schema has it, with options."""
    return lambda *options: start_any(PLAIN, options)
