"""A Subscription as a partner sends it: read and checked against what is served here, and as it is shown again.

What is served: the topic of PAS, for the partner's own organisation, to a rest-hook, with the content of the version
(2.0.1: ids alone; 2.2: the whole response). What is not served is refused, never left out in silence; a wish for
heartbeats, which is optional, is taken out of what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

from priorauth.exchange.plan import Partner, Version
from priorauth.exchange.subscriptions import endpoint
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.ledger.traffic import Row

TOPIC: Final = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition"
FILTERS: Final = ("org-identifier", "orgIdentifier")
"""The one filter by both of its names: that of the guide's text, and that of the topic."""
CONTENT: Final[dict[Version, str]] = {"2.0": "id-only", "2.2": "full-resource"}
Status = Literal["requested", "active", "error", "off"]
_MEDIA: Final = ("application/fhir+json", "application/json")
_WISHED: Final = ("requested", "active")
_MOST_HEADERS: Final = 20
_LONGEST_HEADER: Final = 4096
_HEADER: Final = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}):[ \t]*([\x21-\x7e][\x20-\x7e]*)")
_OURS: Final = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade", "host", "content-length", "content-type", "content-encoding", "expect"),
    }
)
"""Headers that belong to a connection or to what is sent over it: nobody else says them."""
_HEARTBEAT: Final = f"{BACKPORT}/backport-heartbeat-period"
_TIMEOUT: Final = f"{BACKPORT}/backport-timeout"
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Wish(NamedTuple):
    """What a Subscription asks for: whether it is to run, where it is told, until when; and what is kept of it."""

    runs: bool
    endpoint: str
    ends: datetime | None
    resource: Json


def wish(  # noqa: PLR0913 - whose it is, and when
    said: Json, version: Version, partner: Partner, own: Collection[str], now: datetime, *, new: bool, anyone: bool
) -> Wish:
    """Return what a Subscription asks for; raises Fault where it is not served.

    ``own``: identifiers of the partner and its organisation. ``anyone``: the server asks nobody who he is, so every
    identifier is taken, and an endpoint of this machine.
    """
    _shape(said)
    status = said.get("status")
    if status not in (*_WISHED, *(() if new else ("off", "error"))):
        raise Fault(422, "business-rule", "expected the status requested", "Subscription.status")
    _topic(said)
    _filter(said, own, anyone=anyone)
    channel = said["channel"]
    if channel.get("type") != "rest-hook":
        raise Fault(422, "not-supported", "expected the channel rest-hook", "Subscription.channel.type")
    _payload(channel, version)
    headers(channel)
    place = endpoint.allowed(channel.get("endpoint"), partner, anyone=anyone)
    return Wish(status in _WISHED, place, _ends(said, now), _kept(said))


def _shape(said: Json) -> None:
    """Refuse what is no Subscription at all."""
    if not isinstance(said.get("channel"), dict):
        raise Fault(400, "required", "expected a channel", "Subscription.channel")
    for name in ("status", "criteria"):
        if not isinstance(said.get(name), str):
            raise Fault(400, "required", f"expected a {name}", f"Subscription.{name}")
    for name in ("type", "endpoint", "payload"):
        if not isinstance(said["channel"].get(name), str):
            raise Fault(400, "required", f"expected a {name}", f"Subscription.channel.{name}")
    if said.get("modifierExtension") or said["channel"].get("modifierExtension"):
        raise Fault(422, "extension", "expected no modifier extension", "Subscription.modifierExtension")


def _topic(said: Json) -> None:
    if said["criteria"].partition("|")[0] != TOPIC:
        raise Fault(422, "not-supported", f"expected the topic {TOPIC}", "Subscription.criteria")


def _filter(said: Json, own: Collection[str], *, anyone: bool) -> None:
    """Refuse filters other than the one there is, and organisations that are not the partner's."""
    where = "Subscription.criteria.extension"
    filters = list(_extensions(said.get("_criteria"), f"{BACKPORT}/backport-filter-criteria"))
    if not filters:
        raise Fault(422, "required", f"expected the filter {FILTERS[0]}=", where)
    for one in filters:
        text = one.get("valueString")
        name, found, value = (text if isinstance(text, str) else "").rpartition("?")[2].partition("=")
        if name not in FILTERS or not found or not value:
            raise Fault(422, "not-supported", f"expected the filter {FILTERS[0]}= and no other", where)
        if not anyone and not any(_same(value, mine) for mine in own):
            raise Fault(403, "forbidden", "a partner is told of its own organisation alone", where)


def _same(value: str, mine: str) -> bool:
    """Whether an identifier is one of ours, its system left out or not."""
    return value == mine or value.rpartition("|")[2] == mine.rpartition("|")[2]


def _payload(channel: Json, version: Version) -> None:
    where = "Subscription.channel.payload"
    if channel["payload"].partition(";")[0].strip() not in _MEDIA:
        raise Fault(422, "not-supported", f"expected the payload {_MEDIA[0]}", where)
    found = [
        one.get("valueCode") for one in _extensions(channel.get("_payload"), f"{BACKPORT}/backport-payload-content")
    ]
    if found != [CONTENT[version]]:
        raise Fault(422, "not-supported", f"expected the content {CONTENT[version]}", f"{where}.extension")


def headers(channel: Json) -> dict[str, str]:
    """Return the headers that a channel asks to be sent; raises Fault where one is none, or is not for it to say."""
    where, found = "Subscription.channel.header", dict[str, str]()
    named = channel.get("header", [])
    if not isinstance(named, list) or len(named) > _MOST_HEADERS:
        raise Fault(422, "invalid", f"expected at most {_MOST_HEADERS} headers", where)
    for place, one in enumerate(named):
        read = _HEADER.fullmatch(one.rstrip(" \t")) if isinstance(one, str) and len(one) <= _LONGEST_HEADER else None
        if read is None:
            raise Fault(422, "invalid", "expected a header as Name: value", f"{where}[{place}]")
        if read[1].lower() in _OURS or read[1].lower() in {name.lower() for name in found}:
            raise Fault(422, "invalid", f"the header {read[1]} is not for a channel to say, or is there twice", where)
        found[read[1]] = read[2]
    return found


def seconds(channel: Json) -> float:
    """Return how long an endpoint may take: as the channel says, and never longer than we wait."""
    for one in _extensions(channel, _TIMEOUT):
        value = one.get("valueUnsignedInt")
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return min(float(value), endpoint.SECONDS)
    return endpoint.SECONDS


def _ends(said: Json, now: datetime) -> datetime | None:
    """Return when a subscription ends; one that had ended before it was asked for has no end that can be kept."""
    text = said.get("end")
    if text is None:
        return None
    try:
        known = isinstance(text, str) and _INSTANT.fullmatch(text)
        found = datetime.fromisoformat(text).astimezone(UTC) if known else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise Fault(400, "value", "expected an instant", "Subscription.end")
    return found if found > now else None


def _extensions(element: object, url: str) -> Iterator[Json]:
    """Yield the extensions of an element with a url."""
    for one in listed(element, "extension"):
        if one.get("url") == url:
            yield one


def _kept(said: Json) -> Json:
    """Return what is kept of a Subscription: all but what only the server says, and what it does not do."""
    kept: Json = {name: value for name, value in said.items() if name not in ("id", "meta", "status", "error", "end")}
    extensions = [one for one in listed(said["channel"], "extension") if one.get("url") != _HEARTBEAT]
    channel = {name: value for name, value in said["channel"].items() if name != "extension"}
    kept["channel"] = {**({"extension": extensions} if extensions else {}), **channel}
    profiles = said["meta"].get("profile") if isinstance(said.get("meta"), dict) else None
    return {**kept, **({"meta": {"profile": profiles}} if isinstance(profiles, list) else {})}


def shown(row: Row) -> Json:
    """Return a Subscription as it is now."""
    kept: Json = dict(row["resource"])
    meta = {"versionId": str(row["edition"]), "lastUpdated": instant(row["changed_at"]), **kept.pop("meta", {})}
    found: Json = {"resourceType": "Subscription", "id": row["subscription"], "meta": meta, "status": row["status"]}
    if row["ends_at"] is not None:
        found["end"] = instant(row["ends_at"])
    if row["error"] is not None:
        found["error"] = row["error"]
    return {**found, **{name: value for name, value in kept.items() if name != "resourceType"}}


def instant(moment: datetime) -> str:
    """Return a moment as FHIR writes it."""
    return moment.isoformat(timespec="milliseconds")


def etag(row: Row) -> str:
    """Return by what an edition of a subscription is known."""
    return f'W/"{row["edition"]}"'
