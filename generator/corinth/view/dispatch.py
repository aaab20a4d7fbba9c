"""What PREFIX_dispatch.h prints: a port's calls for a world that is named at run time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corinth.model import Layout
from corinth.names import Names
from corinth.view.worlds import WorldView, world_views


@dataclass(frozen=True)
class CaseView:
    world: str
    statement: str


@dataclass(frozen=True)
class ByWorldView:
    """A call of the ports, forwarded to port 0 of a world that is known at run time."""

    head: str
    preset: tuple[str, ...]
    """Statements that come first."""
    world: str
    """What the world is taken from."""
    cases: tuple[CaseView, ...]
    has_result: bool
    otherwise: tuple[str, ...]
    """What is done for other worlds."""


@dataclass(frozen=True)
class DispatchView:
    calls: tuple[ByWorldView, ...]
    world_headers: tuple[str, ...]
    has_busy_worlds: bool
    """Some, and not all, look again and again where others sleep."""


@dataclass(frozen=True)
class _Call:
    """One call. `{p}` in its texts is the schema's prefix."""

    name: str
    result: str
    parameters: str
    """After the coordinator."""
    arguments: str
    """After the port."""
    otherwise: tuple[str, ...]
    """What is returned for other worlds, in statements."""
    has: Callable[[WorldView], bool]
    world: str = "world"
    preset: tuple[str, ...] = ()
    plain: tuple[str, str] | None = None
    """The call that a world has instead which sends and hasn't got this one, and its arguments."""
    is_of_port: bool = True
    """Else it is given the coordinator."""


def _always(_world: WorldView) -> bool:
    return True


def _sends(world: WorldView) -> bool:
    return bool(world.senders)


def _parks(world: WorldView) -> bool:
    return world.is_parking


def _can_wait(world: WorldView) -> bool:
    return world.can_wait


def _receives(world: WorldView) -> bool:
    return bool(world.receivers)


def _given(pointer: str) -> str:
    return f"CORINTH_ASSERT({pointer} != NULL);"


def _unless_world(world: str, status: str) -> tuple[str, ...]:
    """`status` for a world that hasn't got the call, BAD_WORLD for what is no world."""
    return (
        f"bool is_world = {{p}}_world_is_valid({world});",
        f"return is_world ? {status} : CORINTH_BAD_WORLD;",
    )


_BAD_WORLD = ("return CORINTH_BAD_WORLD;",)
_ZERO = ("return 0;",)
_WORLD = "{p}_world world"
_TRANSFER = "const {p}_transfer *transfer"
_BATCH = "const {p}_transfer *transfers, size_t count, size_t *sent"
_WAKE = "corinth_wake_function function, void *context"
_STATUS = "corinth_status"
_SOURCE = "transfer->source"
_NO_LANE_OF_SOURCE = _unless_world(_SOURCE, "CORINTH_NO_LANE")
_NO_LANE = _unless_world("world", "CORINTH_NO_LANE")
_EMPTY = _unless_world("world", "CORINTH_EMPTY")

_CALLS = (
    _Call(
        "send", _STATUS, _TRANSFER, "transfer", _NO_LANE_OF_SOURCE, _sends, _SOURCE,
        (_given("transfer"),),
    ),
    _Call(
        "try_send", _STATUS, _TRANSFER, "transfer", _NO_LANE_OF_SOURCE, _can_wait, _SOURCE,
        (_given("transfer"),), ("send", "transfer"),
    ),
    _Call(
        "send_for",
        _STATUS,
        f"{_TRANSFER}, uint64_t timeout_ns",
        "transfer, timeout_ns",
        _NO_LANE_OF_SOURCE,
        _can_wait,
        _SOURCE,
        (_given("transfer"),),
        ("send", "transfer"),
    ),
    _Call(
        "send_routed", _STATUS, _TRANSFER, "transfer", _NO_LANE_OF_SOURCE, _sends, _SOURCE,
        (_given("transfer"),),
    ),
    _Call(
        "send_batch",
        _STATUS,
        f"{_WORLD}, {_BATCH}",
        "transfers, count, sent",
        _NO_LANE,
        _sends,
        preset=(_given("sent"), "*sent = 0;"),
    ),
    _Call(
        "receive", _STATUS, f"{_WORLD}, {{p}}_transfer *out", "out", _EMPTY, _receives,
        preset=(_given("out"),),
    ),
    _Call(
        "receive_batch", "size_t", f"{_WORLD}, {{p}}_transfer *out, size_t max", "out, max", _ZERO,
        _receives, preset=("CORINTH_ASSERT(out != NULL || max == 0);",),
    ),
    _Call("is_ready", "bool", _WORLD, "", ("return false;",), _always),
    _Call(
        "wait", _STATUS, f"{_WORLD}, uint64_t timeout_ns", "timeout_ns", _BAD_WORLD, _always,
    ),
    _Call("prepare_wait", "uint32_t", _WORLD, "", _ZERO, _parks),
    _Call(
        "commit_wait",
        _STATUS,
        f"{_WORLD}, uint32_t key, uint64_t timeout_ns",
        "key, timeout_ns",
        _BAD_WORLD,
        _parks,
    ),
    _Call("cancel_wait", "void", _WORLD, "", (), _parks),
    _Call("set_wake", "void", f"{_WORLD}, {_WAKE}", "function, context", (), _parks),
    _Call("record_tick", "void", f"{_WORLD}, uint64_t duration_ns", "duration_ns", (), _always),
    _Call(
        "interrupt", _STATUS, f"{_WORLD}, uint32_t index", "index", _BAD_WORLD, _always,
        is_of_port=False,
    ),
)  # fmt: skip


def dispatch_view(layout: Layout, names: Names) -> DispatchView:
    """Every call that a world has, for those that have it."""
    worlds = world_views(layout, names)
    return DispatchView(
        calls=tuple(
            _view(call, worlds, names) for call in _CALLS if any(call.has(each) for each in worlds)
        ),
        world_headers=tuple(world.header for world in worlds),
        has_busy_worlds=len({world.is_parking for world in worlds}) > 1,
    )


def _call_of(call: _Call, world: WorldView) -> str:
    """What a world's case says."""
    name, given = call.name, call.arguments
    if call.plain is not None and not call.has(world):
        name, given = call.plain
    target = f"&coordinator->{world.ports}[0]" if call.is_of_port else "coordinator"
    return f"{world.calls[name]}({', '.join(filter(None, (target, given)))});"


def _statement(text: str, has_result: bool) -> str:
    return f"return {text}" if has_result else text


def _view(call: _Call, worlds: Sequence[WorldView], names: Names) -> ByWorldView:
    def complete(text: str) -> str:
        return text.replace("{p}", names.prefix)

    function = names.fixed(f"coordinator_{call.name}")
    coordinator = names.fixed("coordinator")
    head = f"static inline {call.result} {function}({coordinator} *coordinator, {call.parameters})"
    return ByWorldView(
        head=complete(head),
        preset=call.preset,
        world=call.world,
        cases=tuple(
            CaseView(world.constant, _statement(_call_of(call, world), call.result != "void"))
            for world in worlds
            if call.has(world) or (call.plain is not None and _sends(world))
        ),
        has_result=call.result != "void",
        otherwise=tuple(complete(text) for text in call.otherwise),
    )
