"""Subscriptions over the web: made, read, changed, ended, taken away, and asked how they stand."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import select

from priorauth.exchange.call import Call, Operation, Told
from priorauth.exchange.pas import access
from priorauth.exchange.subscriptions import bundle, kept
from priorauth.exchange.subscriptions.resource import Wish, etag, shown, wish
from priorauth.exchange.wire import Fault, resource_of
from priorauth.ledger import tables as t
from priorauth.ledger.traffic import Row


def create(call: Call) -> Told:
    """Make a subscription, ``requested`` until its endpoint has taken a handshake."""
    row = kept.made(call, str(uuid.uuid4()), _wish(call, new=True))
    if row is None:
        raise Fault(422, "too-costly", f"expected at most {kept.MOST} subscriptions of one partner")
    place = {"Location": f"{call.fhir}/Subscription/{row['subscription']}/_history/1"}
    return _told(row, 201, **place)


def read(call: Call) -> Told:
    """Show a subscription to whoever made it."""
    return _told(_mine(call))


def change(call: Call) -> Told:
    """Let a subscription be as it is sent; one that is to run is asked for a handshake anew."""
    row = _fresh(call)
    said = resource_of(call.body, "Subscription")
    if said.get("id") != row["subscription"]:
        raise Fault(400, "invalid", "expected the id of the address", "Subscription.id")
    changed = kept.changed(call, row, _wish(call, new=False))
    if changed is None:
        raise _stale()
    return _told(changed)


def remove(call: Call) -> Told:
    """Take a subscription away; nothing is sent for it afterwards."""
    if not kept.gone(call, _fresh(call)):
        raise _stale()
    return Told(b"", 204)


def status(call: Call) -> Told:
    """Say how a subscription stands, and how many events it has had."""
    row = _mine(call)
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"{row['subscription']} {row['edition']} {row['events']} {call.request}")
    return Told(bundle.answered(row, call.now, str(named)))


def _wish(call: Call, *, new: bool) -> Wish:
    said = resource_of(call.body, "Subscription")
    return wish(said, call.version, call.partner, _own(call), call.now, new=new, anyone=access.anyone(call))


def _own(call: Call) -> set[str]:
    """Return the identifiers by which a partner and its organisation are known."""
    partner = call.partner
    found = {call.client, *partner.npis}
    if partner.organisation is not None:
        one = t.organisation.c
        query = select(one.npi).where(one.tenant == call.tenant, one.organisation == partner.organisation)
        with call.store.reading(call.tenant) as connection:
            npi = connection.execute(query).scalar()
        found |= {partner.organisation, *([npi] if npi else [])}
    return found


def _mine(call: Call) -> Row:
    row = kept.mine(call, call.path["id"])
    if row is None:
        raise Fault(404, "not-found", "no subscription of yours has this id")
    return row


def _fresh(call: Call) -> Row:
    """Return a subscription of who calls; raises Fault where she names another edition of it."""
    row, seen = _mine(call), call.headers.get("if-match", "*").strip()
    if seen != "*" and etag(row).removeprefix("W/") not in [one.strip().removeprefix("W/") for one in seen.split(",")]:
        raise _stale()
    return row


def _stale() -> Fault:
    return Fault(412, "conflict", "the subscription has changed: read it again")


def _told(row: Row, code: int = 200, **headers: str) -> Told:
    return Told(shown(row), code, {"ETag": etag(row), "Last-Modified": _date(row), **headers})


def _date(row: Row) -> str:
    from email.utils import format_datetime

    return format_datetime(row["changed_at"], usegmt=True)


_ONE: Final = "/fhir/Subscription/{id}"
OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("POST", "/fhir/Subscription", create, "subscription-create", name="subscription-create"),
    Operation("GET", _ONE, read, "subscription-read", name="subscription-read"),
    Operation("PUT", _ONE, change, "subscription-update", name="subscription-update"),
    Operation("DELETE", _ONE, remove, "subscription-delete", name="subscription-delete"),
    Operation("GET", f"{_ONE}/$status", status, "subscription-read", name="subscription-status"),
)
