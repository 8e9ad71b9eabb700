"""A subscription is made, shaken hands on, told of a change and ended: what is wrong on the way is found."""

from __future__ import annotations

from typing import ClassVar

import pytest

from priorauth.exchange.trying.checks import subscriptions
from priorauth.exchange.trying.checks.subscriptions import parameter
from priorauth.exchange.trying.found import tried
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.listener import Came, Listener
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.shapes import resources
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.queues import RouteToDirector
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import Tried, answered, named
from tests.exchange.trying.spoiling import Exchanged, Json, Spoil, answers, configured, every, nowhere, on, says
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


class TestChecks(Held):
    names = named(subscriptions)
    spoiled = SPOILED
    elsewhere = frozenset({"subscription.notified", "subscription.handshake"})
    unasked: ClassVar = {"2.0": {"subscription.notified"}, "2.2": {"subscription.notified"}}


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


# ---- each check by itself


def test_what_is_asked_names_the_organisation_that_asks_the_topic_and_what_it_wants_sent(good: Tried) -> None:
    for version, content in (("2.0", "id-only"), ("2.2", "full-resource")):
        made = subscriptions.made(good.session(version))
        channel = made["channel"]
        assert made["criteria"] == subscriptions.TOPIC
        (criteria,) = made["_criteria"]["extension"]
        assert criteria["valueString"] == "orgIdentifier=http://hl7.org/fhir/sid/us-npi|1245319599"
        assert (channel["type"], channel["endpoint"]) == ("rest-hook", good.listener.address)
        assert channel["_payload"]["extension"][0]["valueCode"] == content


def status(kind: str, named: str, *events: Json, count: str = "1") -> Json:
    """Return the status of a notification."""
    parts = [{"name": "notification-event", "part": []} for _ in events]
    named_ = {"name": "subscription", "valueReference": {"reference": f"https://a.example/fhir/Subscription/{named}"}}
    told = [{"name": "type", "valueCode": kind}, {"name": "events-since-subscription-start", "valueString": count}]
    return {"resourceType": "Parameters", "parameter": [named_, *told, *parts]}


def heard(name: str, *resources: Json, version: str = "2.2", headers: Json | None = None) -> tuple[str, str]:
    """Return what a check finds where a notification of some resources has come."""
    session = answered(version, submitted={"entry": [{"resource": {"resourceType": "ClaimResponse"}}]})
    session.listener, session.wait = Listener("http://127.0.0.1:1"), 0.01
    session.kept["subscribed"] = Answer(201, json={"resourceType": "Subscription", "id": "mine"})
    body = {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}
    session.listener.take(Came({"x-priorauth-trying": "as it was given"} if headers is None else headers, body))
    found = tried(name, session)
    return found.stand, found.found


EVENT = ("event-notification", "mine")
WHOLE: Json = {"resourceType": "Bundle"}


@pytest.mark.parametrize(
    ("version", "resources", "found"),
    [
        ("2.2", (status(*EVENT, {}), WHOLE), ""),
        ("2.2", (status(*EVENT, {}), {"resourceType": "ClaimResponse"}), ""),
        ("2.2", (status(*EVENT, {}),), "no whole response: nothing"),
        ("2.2", (status(*EVENT, {}), {"resourceType": "Patient"}), "no whole response: Patient"),
        ("2.2", (status(*EVENT), WHOLE), "0 events, the count '1'"),
        ("2.2", (status(*EVENT, {}, count="0"), WHOLE), "1 events, the count '0'"),
        ("2.2", (status(*EVENT, {}, count="-1"), WHOLE), "1 events, the count '-1'"),
        ("2.2", (status("event-notification", "another", {}), WHOLE), "none within 0.01 seconds"),
        ("2.2", (status("heartbeat", "mine", {}), WHOLE), "none within 0.01 seconds"),
        ("2.0", (status(*EVENT, {}),), ""),
        ("2.0", (status(*EVENT, {}), WHOLE), "1 resources beside the ids"),
    ],
)
def test_an_event_has_what_its_version_wants_sent(version: str, resources: tuple[Json, ...], found: str) -> None:
    assert heard("subscription.notified", *resources, version=version) == ("failed" if found else "passed", found)


def test_a_handshake_is_of_our_subscription_and_bears_our_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "_SECONDS", 0.01)
    assert heard("subscription.handshake", status("handshake", "mine")) == ("passed", "")
    none = ("failed", "none within 0.01 seconds")
    assert heard("subscription.handshake", status("handshake", "another")) == none
    assert heard("subscription.handshake", status(*EVENT)) == none
    bare = heard("subscription.handshake", status("handshake", "mine"), headers={})
    assert bare == ("failed", "the header X-Priorauth-Trying was None")


def test_where_no_subscription_was_made_nothing_follows_on_it() -> None:
    for name in sorted(TestChecks.names - {"subscription.notified", "subscription.kind"}):
        found = tried(name, answered())
        assert (found.stand, found.found) == ("not applicable", "no address to listen at was given"), name
    session = answered()
    session.listener = Listener("http://127.0.0.1:1")
    session.kept["subscribed"] = Answer(400, json={"resourceType": "OperationOutcome"})
    assert tried("subscription.made", session).found == "400 with OperationOutcome"
    for name in ("active", "status", "handshake", "deleted"):
        assert tried(f"subscription.{name}", session).found == "no subscription was made"


@pytest.mark.parametrize("code", [200, 400, 500])
def test_a_subscription_that_is_made_is_answered_201(good: Tried, code: int) -> None:
    def other(one: Exchanged) -> None:
        if one.path.endswith("/Subscription"):
            one.status = code

    assert good.spoilt("subscription.made", other).stand == "failed"


def test_a_subscription_that_stays_requested_is_left_after_a_while(
    good: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "_SECONDS", 0.05)
    monkeypatch.setattr(subscriptions, "_PAUSE", 0.01)
    found = good.spoilt("subscription.active", every("Subscription", says(status="requested")))
    assert (found.stand, found.found) == ("failed", "200 with Subscription, status 'requested'")


def test_a_subscription_that_is_ended_may_be_gone_or_off_and_nothing_else(good: Tried) -> None:
    ends = ((404, "", "passed"), (410, "", "passed"), (200, "off", "passed"), (200, "active", "failed"))
    for code, said, stand in ends:
        body = {"resourceType": "Subscription", "status": said}
        spoil = answers("/Subscription/", code, body, when=lambda one: one.method == "GET")
        assert good.spoilt("subscription.deleted", spoil).stand == stand, (code, said)
