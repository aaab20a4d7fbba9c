"""Goal: what a full lane does is what its entry says, else its world's `transfer_queue`, by class;
and what a schema says of it is refused exactly where it contradicts itself.
Method: each setting at each place, and every combination of the keys of one lane. What the
messages look like is in tests/bad_schemas.
"""

from __future__ import annotations

import itertools
import json

import pytest

from corinth.lane_kinds import LANE_KINDS
from corinth.model import Lane, Origin, Setting, Undelivered, Wait, WhenFull
from tests.support.schemas import Data, examine

POLICIES = [policy.value for policy in WhenFull]


def schema(lane: Data, queue: Data | None = None, **world: object) -> str:
    """Two worlds, with settings for the lane from the first one."""
    first = {"transfer_queue": queue or {}, "routing": {"default_target": "b"}, **world}
    worlds = json.dumps({"a": first, "b": {}})
    entry = json.dumps({"from": "a", "to": "b", **lane})
    return f"corinth: 1\nname: s\nworlds: {worlds}\nlanes: [{entry}]\n"


def lane_of(lane: Data, queue: Data | None = None, **world: object) -> Lane:
    (only,) = examine(schema(lane, queue, **world)).valid().model.lanes
    return only


def value(setting: Setting[object] | None) -> object:
    return None if setting is None else setting.value


@pytest.mark.parametrize("policy", WhenFull)
def test_both_classes_have_the_policy_that_stands_alone(policy: WhenFull) -> None:
    """Goal: a policy is that of all sends. Method: each one on a lane with priority."""
    said: Data = {"when_full": policy.value, "priority": True}
    lane = lane_of({**said, "undelivered": "discard"} if policy.drops else said)
    assert [setting.value for setting in lane.policies] == [policy, policy]
    assert all(setting.origin is Origin.GIVEN for setting in lane.policies)
    assert lane.can_wait == (policy is WhenFull.WAIT)
    assert lane.can_drop == policy.drops


def test_each_class_has_its_own_policy() -> None:
    """Goal: the mapping states it per class. Method: both, and one alone."""
    both: Data = {"normal": "drop_newest", "priority": "wait"}
    lane = lane_of({"priority": True, "when_full": both, "undelivered": "handler"})
    assert [policy.value for policy in lane.policies] == [WhenFull.DROP_NEWEST, WhenFull.WAIT]
    assert (lane.can_wait, lane.can_drop) == (True, True)
    lane = lane_of({"priority": True, "when_full": {"priority": "wait"}})
    assert [(policy.value, policy.origin) for policy in lane.policies] == [
        (WhenFull.FAIL, Origin.DEFAULT),
        (WhenFull.WAIT, Origin.GIVEN),
    ]


@pytest.mark.parametrize(
    ("key", "of_world", "of_lane", "more"),
    [
        ("when_full", "wait", "fail", {}),
        ("deadline_ms", 5, 6, {"when_full": "wait"}),
        ("undelivered", "handler", "discard", {"when_full": "drop_newest"}),
        ("closable", True, False, {"undelivered": "handler", "when_full": "drop_newest"}),
        ("pressure", True, False, {}),
    ],
)
def test_a_lane_wins_over_its_world(
    key: str, of_world: object, of_lane: object, more: Data
) -> None:
    """Goal: `transfer_queue` is a default. Method: each key there, with and without one of the
    lane's own."""

    def found(own: Data) -> object:
        setting: object = value(getattr(lane_of({**more, **own}, {key: of_world}), key))
        return setting.value if isinstance(setting, WhenFull | Undelivered) else setting

    assert found({}) == of_world
    assert found({key: of_lane}) == of_lane


def test_a_default_by_class_is_the_normal_one_without_priority() -> None:
    """Goal: a world's default serves all its lanes. Method: one with priority, one without."""
    queue = (
        "{when_full: {normal: drop_newest, priority: wait}, deadline_ms: 7, undelivered: handler}"
    )
    text = f"corinth: 1\nname: s\nworlds: {{a: {{transfer_queue: {queue}}}, b: {{}}, c: {{}}}}\n"
    text += "lanes: [{from: a, to: b, priority: true}, {from: a, to: c}]\n"
    with_priority, without = examine(text).valid().model.lanes
    assert [policy.value for policy in with_priority.policies] == [
        WhenFull.DROP_NEWEST,
        WhenFull.WAIT,
    ]
    assert value(with_priority.deadline_ms) == 7
    assert [policy.value for policy in without.policies] == [WhenFull.DROP_NEWEST]
    assert without.deadline_ms is None


@pytest.mark.parametrize("wait", Wait)
def test_only_senders_that_park_need_a_bell(wait: Wait) -> None:
    """Goal: a release rings only where someone sleeps. Method: each `wait` of the source's world,
    with and without a send that waits."""
    assert lane_of({"when_full": "wait"}, wait=wait.value).has_room_bell == (wait is Wait.PARK)
    assert not lane_of({}, wait=wait.value).has_room_bell


@pytest.mark.parametrize("threads", [1, 3])
def test_a_lane_whose_senders_take_is_of_a_kind_that_lets_them(threads: int) -> None:
    """Goal: `drop_oldest` decides the kind. Method: one and several threads, either class; a kind
    that is stated."""
    taking: Data = {"when_full": "drop_oldest", "undelivered": "discard"}
    urgent: Data = {"priority": True, "when_full": {"priority": "drop_oldest"}}
    for said in (taking, {**taking, **urgent}):
        kind = lane_of(said, threads=threads).kind
        assert (kind.value.name, kind.origin) == ("mpmc", Origin.DECIDED)
        for name, stated in LANE_KINDS.items():
            rules = examine(schema({**said, "kind": name}, threads=threads)).rules
            if not stated.serves(threads, 1):
                assert rules == ["lane-kind"]
            else:
                assert rules == ([] if name == "mpmc" else ["lane-drop-oldest-kind"])


def test_every_combination_is_refused_exactly_where_it_contradicts_itself() -> None:
    """Goal: no contradiction passes, and nothing else is refused. Method: all values of all keys
    of one lane, and the rules of the specification, written down once more."""
    policies = [None, *POLICIES, {"normal": "wait"}, {"priority": "drop_newest"}]
    for policy, deadline, undelivered, closable, priority in itertools.product(
        policies, (None, 5), (None, "handler", "discard"), (None, False, True), (None, True)
    ):
        said = {
            "when_full": policy,
            "deadline_ms": deadline,
            "undelivered": undelivered,
            "closable": closable,
            "priority": priority,
        }
        given = {key: each for key, each in said.items() if each is not None}
        by_class = policy if isinstance(policy, dict) else {"normal": policy, "priority": policy}
        used = {by_class.get("normal"), by_class.get("priority") if priority else None}
        drops = bool(used & {"drop_newest", "drop_oldest"}) or closable is True
        expected = {"priority-option"} if isinstance(policy, dict) and not priority else set()
        expected |= {"lane-deadline-unused"} if deadline and "wait" not in used else set()
        expected |= {"lane-undelivered"} if drops and undelivered is None else set()
        expected |= {"lane-undelivered-unused"} if undelivered and not drops else set()
        assert set(examine(schema(given)).rules) == expected, given


@pytest.mark.parametrize(
    ("lane", "queue", "rule"),
    [
        ({"when_full": "wiat", "deadline_ms": 5}, {}, "unknown-value"),
        ({"when_full": "drop", "undelivered": "handler"}, {}, "unknown-value"),
        ({"when_full": {"normal": "drop"}, "priority": True, "undelivered": "handler"}, {},
         "unknown-value"),
        ({"when_full": "drop_newest", "undelivered": "handel"}, {}, "unknown-value"),
        ({"closable": "yes", "undelivered": "handler"}, {}, "wrong-type"),
        ({"undelivered": "handler"}, {"when_full": "drop"}, "unknown-value"),
        ({"when_full": "wait"}, {"deadline_ms": 0, "undelivered": 5}, "out-of-range wrong-type"),
        ({"when_full": "fial", "kind": "spsc"}, {"when_full": "drop_oldest", "undelivered":
         "discard"}, "unknown-value"),
    ],
)  # fmt: skip
def test_what_was_refused_contradicts_nothing(lane: Data, queue: Data, rule: str) -> None:
    """Goal: one mistake is one message. Method: a mistake in each key, where what else is said
    would be refused without it."""
    rules = examine(schema(lane, queue)).rules
    assert rules == rule.split()


def test_a_refused_policy_is_not_that_of_the_world() -> None:
    """Goal: no cycle is told that isn't meant. Method: a misspelt way out of one that waits."""
    text = (
        "corinth: 1\nname: s\nworlds: {a: {transfer_queue: {when_full: wait}}, b: {}}\n"
        "lanes: [{from: a, to: b, when_full: fial}, {from: b, to: a, when_full: wait}]\n"
    )
    assert examine(text).rules == ["unknown-value"]


def test_a_default_counts_where_it_has_an_effect() -> None:
    """Goal: what is of no use to one lane may be to another. Method: a world with two lanes, of
    which one waits and the other drops."""
    queue = "{deadline_ms: 5, undelivered: discard, when_full: wait}"
    text = (
        f"corinth: 1\nname: s\nworlds: {{a: {{transfer_queue: {queue}}}, b: {{}}, c: {{}}}}\n"
        "lanes: [{from: a, to: b}, {from: a, to: c, when_full: drop_newest}]\n"
    )
    waiting, dropping = examine(text).valid().model.lanes
    assert (value(waiting.deadline_ms), value(waiting.undelivered)) == (5, None)
    assert (value(dropping.deadline_ms), value(dropping.undelivered)) == (
        None,
        Undelivered.DISCARD,
    )
    assert examine(text.replace("when_full: drop_newest", "pressure: true")).rules == [
        "lane-undelivered-unused"
    ]
