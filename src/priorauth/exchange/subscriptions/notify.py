"""How messages of the outbox reach a subscription: first a handshake, then an event for each change of a result.

What has changed nothing that the subscriber has not been told already, by an event or in answer to its own request, is
no event. An event that is not taken is sent again under the same number; after a day the subscription has failed, and
what waits for it is sent when it has been asked for anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from sqlalchemy import select

from priorauth.exchange import outward
from priorauth.exchange.pas import respond, submit
from priorauth.exchange.pas.model import Answer
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.plan import OPEN, Partner, Plan, plan_of
from priorauth.exchange.subscriptions import bundle, endpoint, kept, resource
from priorauth.exchange.subscriptions.bundle import Event
from priorauth.exchange.subscriptions.result import responses, result_of
from priorauth.exchange.wire import FHIR, Fault, Json
from priorauth.ledger import tables as t
from priorauth.ledger.acting import HANDSHAKE, SUBSCRIPTION
from priorauth.ledger.outbox import Message, Needless, NotDelivered, Unlisted, waits
from priorauth.ledger.store import Store
from priorauth.ledger.traffic import ACTIVE, Row
from priorauth.server.service import Service, Way


class Subscriber(NamedTuple):
    """Who is told: the subscription, the plan, and the partner as the plan knows it now."""

    row: Row
    plan: Plan
    partner: Partner
    anyone: bool


def ways(resolve: outward.Resolve | None = None) -> dict[str, Way]:
    """Return what delivers to subscriptions and asks for handshakes; ``resolve`` finds the addresses of a host."""

    def handshake(service: Service, store: Store, settings: Mapping[str, object], message: Message) -> None:
        _handshake(service, store, settings, message, resolve)

    def event(service: Service, store: Store, settings: Mapping[str, object], message: Message) -> None:
        _event(service, store, settings, message, resolve)

    return {HANDSHAKE: handshake, SUBSCRIPTION: event}


def _subscriber(service: Service, store: Store, settings: Mapping[str, object], message: Message) -> Subscriber:
    """Return whom a message is for; raises Needless where there is nobody any more."""
    row = kept.of(store, message.tenant, message.receiver.partition(":")[2], service.clock())
    if row is None:
        raise Needless("the subscription was deleted")
    if row["status"] == "off":
        kept.stands(store, row, "off", service.clock(), row["error"])
        raise Needless("the subscription has ended")
    plan, client = plan_of(settings), row["client"]
    anyone = client == OPEN and service.open
    if client == OPEN and not anyone:
        raise Unlisted("a subscription of an open server is told by that server alone")
    partner = plan.partners.get(client, Partner())
    if (client not in plan.partners and not anyone) or (partner.organisation or "") != row["organisation"]:
        raise Needless("the subscriber is no partner of the plan any more")
    return Subscriber(row, plan, partner, anyone)


def _handshake(
    service: Service,
    store: Store,
    settings: Mapping[str, object],
    message: Message,
    resolve: outward.Resolve | None,
) -> None:
    to = _subscriber(service, store, settings, message)
    if to.row["status"] != "requested":
        raise Needless("the subscription waits for no handshake")
    named = _named(to.row, message)
    sent = bundle.notification(to.row, "handshake", service.clock(), named)
    try:
        _tell(to, sent, resolve)
    except endpoint.NotTaken as fault:
        kept.stands(store, to.row, "error", service.clock(), f"the handshake: {fault}")
        raise Needless(f"the handshake: {fault}") from None
    kept.stands(store, to.row, ACTIVE, service.clock())


def _event(
    service: Service,
    store: Store,
    settings: Mapping[str, object],
    message: Message,
    resolve: outward.Resolve | None,
) -> None:
    to = _subscriber(service, store, settings, message)
    if to.row["status"] != ACTIVE:
        raise Unlisted("the subscription waits for its endpoint to be asked anew")
    answer = standing(store, message.tenant, message.case or "")
    if answer is None or not _its(to.row, answer):
        raise Needless("the request was sent by another system")
    told = respond.bundle(answer, to.plan, to.row["version"], to.partner, to.row["base"])
    result = result_of(told)
    if result == _known(store, to.row, message, answer):
        raise Needless("nothing has changed for the subscriber")
    number = kept.numbered(store, to.row, message.number, answer.case, message.at, result)
    if number is None:
        raise Needless("the subscription was deleted")
    sent = _notification({**to.row, "events": number.events}, message, number.event, told)
    try:
        _tell(to, sent, resolve)
    except endpoint.NotTaken as fault:
        if message.attempt >= waits().of(message.receiver).attempts:
            kept.stands(store, to.row, "error", service.clock(), f"an event was not taken for a day: {fault}")
        raise NotDelivered(str(fault)) from None


def _its(row: Row, answer: Answer) -> bool:
    """Whether a subscriber is told of a request: of its organisation; in 2.2, not of what another system sent."""
    if (answer.organisation or "") != row["organisation"]:
        return False
    mine = answer.client == row["client"]
    return mine or (row["organisation"] != "" and (answer.client is None or row["version"] == "2.0"))


def _known(store: Store, row: Row, message: Message, answer: Answer) -> str | None:
    """Return the result that the subscriber was told last: in an event before, or in answer to a request of its own."""
    event = kept.told(store, row, message.number, answer.case)
    one = t.ask.c
    query = (
        select(one.at, one.answer)
        .where(one.tenant == message.tenant, one.client == row["client"], one.case_no.in_(answer.cases))
        .where(one.operation == submit.OPERATION)
        .order_by(one.at.desc())
        .limit(1)
    )
    with store.reading(message.tenant) as connection:
        asked = connection.execute(query).first()
    if asked is None or (event is not None and event.at >= asked.at):
        return None if event is None else event.result
    said = msgspec.json.decode(asked.answer)
    return result_of(said) if isinstance(said, dict) else None


def _notification(row: Row, message: Message, number: int, told: Json) -> Json:
    """Return the event that a subscriber is sent: by ids alone, or with the whole response."""
    named = _named(row, message)
    if resource.CONTENT[row["version"]] == "full-resource":
        focus, held = f"{row['base']}/fhir/Bundle/{named}", {"resourceType": "Bundle", "id": named, **told}
    else:
        focus, held = str(next(responses(told))["fullUrl"]), None
    return bundle.notification(row, "event-notification", message.at, named, (Event(number, message.at, focus), held))


def _named(row: Row, message: Message) -> str:
    """Return the id of what is sent: the same at every attempt."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{row['tenant']} {row['subscription']} {message.number}"))


def _tell(to: Subscriber, sent: Json, resolve: outward.Resolve | None) -> None:
    """Send something to the endpoint of a subscription, with the headers that it asks for; raises NotTaken."""
    channel, address = to.row["resource"]["channel"], to.row["endpoint"]
    try:
        endpoint.allowed(address, to.partner, anyone=to.anyone)
    except Fault:
        raise endpoint.NotTaken("the address is not agreed with the partner any more") from None
    endpoint.tell(
        address,
        msgspec.json.encode(sent),
        media=channel.get("payload", FHIR),
        headers=resource.headers(channel),
        private=endpoint.private(address, to.partner, anyone=to.anyone),
        seconds=resource.seconds(channel),
        resolve=resolve,
    )
