"""What a subscriber is sent: a Bundle of type history, first in it the SubscriptionStatus (R4 backport: Parameters)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from priorauth.exchange.subscriptions.resource import BACKPORT, TOPIC, instant
from priorauth.exchange.wire import Json
from priorauth.ledger.traffic import Row

_STATUS: Final = f"{BACKPORT}/backport-subscription-status-r4"
_NOTIFICATION: Final = f"{BACKPORT}/backport-subscription-notification-r4"
Kind = Literal["handshake", "event-notification", "query-status"]


class Event(NamedTuple):
    """An event of a subscription: its number, when it happened, and the address of what changed."""

    number: int
    at: datetime
    focus: str


def status(row: Row, kind: Kind, *, named: str, events: tuple[Event, ...] = ()) -> Json:
    """Return how a subscription stands, as Parameters with an id."""
    said: list[Json] = [
        {
            "name": "subscription",
            "valueReference": {"reference": f"{row['base']}/fhir/Subscription/{row['subscription']}"},
        },
        {"name": "topic", "valueCanonical": TOPIC},
        {"name": "status", "valueCode": row["status"]},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(row["events"])},
        *({"name": "notification-event", "part": _event(one)} for one in events),
    ]
    if row["error"] is not None:
        said.append({"name": "error", "valueCodeableConcept": {"text": row["error"]}})
    return {"resourceType": "Parameters", "id": named, "meta": {"profile": [_STATUS]}, "parameter": said}


def _event(one: Event) -> list[Json]:
    return [
        {"name": "event-number", "valueString": str(one.number)},
        {"name": "timestamp", "valueInstant": instant(one.at)},
        {"name": "focus", "valueReference": {"reference": one.focus}},
    ]


def notification(row: Row, kind: Kind, now: datetime, named: str, *told: tuple[Event, Json | None]) -> Json:
    """Return what is sent: the status, then an entry for each event; with its resource, where it is sent too.

    ``named`` is the id of the Bundle: the same at every attempt to send it.
    """
    first = status(row, kind, named=named, events=tuple(event for event, _ in told))
    address = f"{row['base']}/fhir/Subscription/{row['subscription']}/$status"
    entries = [_entry(f"{row['base']}/fhir/Parameters/{named}", "GET", address, first)]
    for event, resource in told:
        method = "GET" if resource is None else "PUT"
        entries.append(_entry(event.focus, method, _relative(event.focus), resource))
    return {
        "resourceType": "Bundle",
        "id": named,
        "meta": {"profile": [_NOTIFICATION]},
        "type": "history",
        "timestamp": instant(now),
        "entry": entries,
    }


def _entry(full: str, method: str, url: str, resource: Json | None) -> Json:
    held: dict[str, Any] = {} if resource is None else {"resource": resource}
    return {"fullUrl": full, **held, "request": {"method": method, "url": url}, "response": {"status": "200"}}


def _relative(address: str) -> str:
    """Return the last two parts of an address: kind and id."""
    return "/".join(address.rsplit("/", 2)[-2:])


def answered(row: Row, now: datetime, named: str) -> Json:
    """Return what ``$status`` answers: a searchset with the status."""
    first = status(row, "query-status", named=named)
    entry = {"fullUrl": f"{row['base']}/fhir/Parameters/{named}", "resource": first, "search": {"mode": "match"}}
    return {
        "resourceType": "Bundle",
        "id": named,
        "type": "searchset",
        "timestamp": instant(now),
        "total": 1,
        "entry": [entry],
    }
