"""Subscriptions of PAS: made, shaken hands on, told of a change, and ended."""

from __future__ import annotations

from time import sleep
from typing import Final

from priorauth.exchange.trying.checks.forms import is_refusal
from priorauth.exchange.trying.found import check
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.listener import Came
from priorauth.exchange.trying.session import NotApplicable, Session
from priorauth.exchange.trying.shapes import Json, objects, resources, text

TOPIC: Final = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
_BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition"
_CONTENT: Final = {"2.0": "id-only", "2.2": "full-resource"}
_HEADER: Final = ("X-Priorauth-Trying", "as it was given")
_SECONDS: Final = 20.0
_PAUSE: Final = 0.25


def made(s: Session, *, topic: str = TOPIC, kind: str = "rest-hook", endpoint: str | None = None) -> Json:
    """Return a subscription of the organisation that asks."""
    organisation = next(
        (
            f"{text(one, 'system')}|{text(one, 'value')}"
            for each in resources(s.case.bundle, "Organization")
            if text(each, "id") == text(s.case.one("Claim"), "provider", "reference").rpartition("/")[2]
            for one in objects(each, "identifier")
        ),
        "",
    )
    criteria = {"url": f"{_BACKPORT}/backport-filter-criteria", "valueString": f"orgIdentifier={organisation}"}
    content = {"url": f"{_BACKPORT}/backport-payload-content", "valueCode": _CONTENT[s.version]}
    return {
        "resourceType": "Subscription",
        "meta": {"profile": [f"{_BACKPORT}/backport-subscription"]},
        "status": "requested",
        "end": "2099-12-31T00:00:00Z",
        "reason": "a test of notifications",
        "criteria": topic,
        "_criteria": {"extension": [criteria]},
        "channel": {
            "type": kind,
            "endpoint": endpoint or s.listening.address,
            "payload": "application/fhir+json",
            "_payload": {"extension": [content]},
            "header": [": ".join(_HEADER)],
        },
    }


def subscribed(s: Session) -> Answer:
    """Return the answer to a subscription at our endpoint."""
    _ = s.listening
    found: Answer = s.once("subscribed", lambda: s.operation("Subscription", made(s)))
    return found


def _at(s: Session) -> str:
    named = text(subscribed(s).resource, "id")
    if not named:
        raise NotApplicable("no subscription was made")
    return f"{s.fhir}/Subscription/{named}"


@check("subscription.made")
def _made(s: Session) -> str | None:
    found = subscribed(s)
    fits = found.status == 201 and text(found.resource, "resourceType") == "Subscription"  # noqa: PLR2004 - FHIR
    return None if fits and text(found.resource, "id") else found.said()


def _status(came: Came) -> Json:
    """Return the Parameters with the status of a notification."""
    first = resources(came.body)[:1]
    return first[0] if first else {}


def parameter(status: Json, name: str) -> str:
    """Return a parameter of a status as text; nothing where it has none."""
    for one in objects(status, "parameter"):
        if one.get("name") == name:
            return next((str(value) for key, value in one.items() if key.startswith("value")), "")
    return ""


def _came(s: Session, kind: str, seconds: float) -> Came | None:
    """Return the first notification of a kind for our subscription; None where none comes in time."""
    own = _at(s).rpartition("/")[2]

    def fits(one: Came) -> bool:
        status = _status(one)
        mine = [one for one in objects(status, "parameter") if one.get("name") == "subscription"]
        named = next((text(one, "valueReference", "reference") for one in mine), "")
        return parameter(status, "type") == kind and named.rpartition("/")[2] in (own, "")

    return s.listening.wait(fits, seconds)


@check("subscription.handshake")
def _handshake(s: Session) -> str | None:
    came = _came(s, "handshake", _SECONDS)
    if came is None:
        return f"none within {_SECONDS:g} seconds"
    header = came.headers.get(_HEADER[0].lower())
    return None if header == _HEADER[1] else f"the header {_HEADER[0]} was {header!r}"


@check("subscription.active")
def _active(s: Session) -> str | None:
    at, found = _at(s), Answer(0)
    for _ in range(int(_SECONDS / _PAUSE)):
        found = s.get(at)
        if text(found.resource, "status") != "requested":
            break
        sleep(_PAUSE)
    status = text(found.resource, "status")
    return None if found.ok and status == "active" else f"{found.said()}, status {status!r}"


@check("subscription.status")
def _shown(s: Session) -> str | None:
    found = s.get(f"{_at(s)}/$status")
    if found.status in (404, 405):
        found = s.post(f"{_at(s)}/$status", {"resourceType": "Parameters"})
    return None if found.ok and text(found.resource, "resourceType") == "Bundle" else found.said()


@check("subscription.kind")
def _kind(s: Session) -> str | None:
    found = s.operation("Subscription", made(s, kind="email", endpoint="mailto:somebody@clinic.example"))
    return None if is_refusal(found) else found.said()


@check("subscription.topic")
def _topic(s: Session) -> str | None:
    found = s.operation("Subscription", made(s, topic="http://nowhere.example/topic"))
    return None if is_refusal(found) else found.said()


@check("subscription.notified")
def _notified(s: Session) -> str | None:
    _ = s.response
    if not s.wait:
        raise NotApplicable("--wait: somebody at the payer's has to decide the request meanwhile")
    came = _came(s, "event-notification", s.wait)
    if came is None:
        return f"none within {s.wait:g} seconds"
    status = _status(came)
    events = [one for one in objects(status, "parameter") if one.get("name") == "notification-event"]
    count = parameter(status, "events-since-subscription-start")
    if not events or not count.isdecimal() or int(count) < 1:
        return f"{len(events)} events, the count {count!r}"
    more = resources(came.body)[1:]
    if s.version == "2.0":
        return f"{len(more)} resources beside the ids" if more else None
    within = [text(one, "resourceType") for one in more]
    return None if set(within) & {"Bundle", "ClaimResponse"} else f"no whole response: {', '.join(within) or 'nothing'}"


@check("subscription.deleted")
def _deleted(s: Session) -> str | None:
    found = s.delete(_at(s))
    if not found.ok:
        return found.said()
    after = s.get(_at(s))
    gone = after.status in (404, 410) or text(after.resource, "status") == "off"
    return None if gone else f"then {after.said()}"
