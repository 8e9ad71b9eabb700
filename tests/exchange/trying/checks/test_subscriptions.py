"""A subscription is made, shaken hands on, told of a change and ended: what is wrong on the way is found."""

from __future__ import annotations

import pytest

from priorauth.exchange.trying.checks import subscriptions
from priorauth.exchange.trying.checks.subscriptions import parameter
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.shapes import resources
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.queues import RouteToDirector
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import Json, Spoil, answers, configured, every, nowhere, on, says
from tests.ledger import house

MADE: Json = {"resourceType": "Subscription"}

SPOILED: dict[str, Spoil] = {
    "subscription.made": on("/Subscription", lambda one: {**one, "id": ""}),
    "subscription.active": every("Subscription", says(status="error")),
    "subscription.status": answers("/$status", 404),
    "subscription.kind": answers("/Subscription", 201, MADE, when=configured("email")),
    "subscription.topic": answers("/Subscription", 201, MADE, when=nowhere),
    "subscription.deleted": answers("/Subscription/", 405, when=lambda one: one.method == "DELETE"),
}  # fmt: skip

NAMES = named(subscriptions)
ELSEWHERE = {"subscription.notified", "subscription.handshake"}
UNASKED: dict[str, set[str]] = {"2.0": {"subscription.notified"}, "2.2": {"subscription.notified"}}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found


def test_a_handshake_without_the_headers_of_the_channel_is_found(good: Tried) -> None:
    good.proxy.before = lambda asked: asked.replace(b"as it was given", b"otherwise")
    try:
        (found,) = run(good.session(), ("subscription.handshake",))
    finally:
        good.proxy.before = bytes
    assert (found.stand, found.found) == ("failed", "the header X-Priorauth-Trying was 'otherwise'")


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_decision_of_the_payer_meanwhile_is_told_and_its_shape_is_looked_at(good: Tried, version: str) -> None:
    session = good.session(version, wait=20.0)
    (active,) = run(session, ("subscription.active",))
    assert active.stand == "passed"
    case = str(session.response["id"])
    house.done(good.server.store, RouteToDirector(case=case), house.NURSE, good.server.now)
    house.done(good.server.store, Approve(case=case, why="shown on the telephone"), house.DIRECTOR, good.server.now)
    (told,) = run(session, ("subscription.notified",))
    assert (told.stand, told.found) == ("passed", "")
    good.listener.came = [
        one._replace(body={"resourceType": "Bundle", "entry": one.body["entry"][:1]})
        if parameter(resources(one.body)[0], "type") == "event-notification"
        else one
        for one in good.listener.came
    ]
    (spoilt,) = run(session, ("subscription.notified",))
    assert spoilt.stand == ("passed" if version == "2.0" else "failed")


def test_an_answer_without_an_event_and_one_that_never_comes_are_found(good: Tried) -> None:
    session = good.session(wait=0.1)
    (found,) = run(session, ("subscription.notified",))
    assert (found.stand, found.found) == ("failed", "none within 0.1 seconds")
