"""``Claim/$submit``: a request is read, received by the ledger, decided there, and answered as it then stands.

The same bytes from the same client are the same ask: they make one case, however often and from however many at once
they come, and they are answered as it stands: with the same bytes until something has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import msgspec
from msgspec import structs

from priorauth.exchange.call import Call, Told
from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas import request as asks
from priorauth.exchange.pas import respond, update
from priorauth.exchange.pas.acting import act
from priorauth.exchange.pas.known import before
from priorauth.exchange.pas.model import Answer, Error
from priorauth.exchange.pas.request import Asked, token
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.wire import Json, listed
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.store import upsert

OPERATION: Final = "Claim/$submit"
KEY: Final = "idempotency-key"
SECOND: Final = "An identifier of the request was used before, for case {case}; this is a case of its own"


def submit(call: Call) -> Told:
    """Answer a request for prior authorization; raises Fault where it cannot be worked with."""
    sha = traffic.key_of(OPERATION, call.version, call.raw)
    asked = asks.read(call.body, call.raw, call.plan, call.version)
    known = traffic.answered(call.store, call.tenant, call.client, sha)
    if known is not None and known.case_no is not None:
        return Told(bytes_of(call, _stood(call, asked, known.case_no)))
    found = _done(call, asked, _key(call, sha))
    if isinstance(found, Error):
        return Told(bytes_of(call, refused(call, asked, found)))
    answer = _stood(call, asked, found)
    data = bytes_of(call, answer)
    _keep(call, sha, answer, asked, data)
    return Told(data)


def _key(call: Call, sha: str) -> str:
    """Return by what an ask is done once: the key that was sent with it, else its bytes."""
    sent = call.headers.get(KEY)
    return f"ask {call.client} {sha if sent is None else hashlib.sha256(sent.encode()).hexdigest()}"


def _done(call: Call, asked: Asked, key: str) -> str | Error:
    """Let the ledger do what is asked; return the number of the case, or why nothing was done."""
    if asked.related is not None or asked.cancels:
        return update.updated(call, asked, key)
    done = act(call, Receive(key=key, bundle=asked.data, client=call.client, notes=asked.notes), asked)
    return str(done.case)


def _stood(call: Call, asked: Asked, case_no: str) -> Answer:
    """Return how the case of an ask stands; of one whose names an older request has too, with a note of that."""
    answer = stood(call, case_no)
    if asked.related is not None:
        return answer
    names = [one for one in (*asked.names, asked.envelope) if one]
    older = before(call, names, answer.case)[-1:]
    return structs.replace(answer, notes=(*(SECOND.format(case=one) for one in older), *answer.notes))


def stood(call: Call, case_no: str) -> Answer:
    """Return how a case stands that is known to be there."""
    found = standing(call.store, call.tenant, case_no)
    if found is None:
        raise LookupError(case_no)
    return found


def bytes_of(call: Call, answer: Answer) -> bytes:
    """Return the answer as it goes over the wire."""
    return msgspec.json.encode(respond.bundle(answer, call.plan, call.version, call.partner, call.base))


def refused(call: Call, asked: Asked, error: Error) -> Answer:
    """Return the answer to a request of which nothing was done, for a reason of business."""
    return Answer(
        tenant=call.tenant,
        case="",
        member="",
        client=call.client,
        organisation=call.partner.organisation,
        claim="",
        bundle=asked.data,
        created=call.now,
        results=(),
        errors=(error,),
    )


# ---- what is kept


def _keep(call: Call, sha: str, answer: Answer, asked: Asked, data: bytes) -> None:
    """Keep the answer, the numbers by which the case is known, and the contexts of its forms.

    Of two that came at once both keep the same.
    """
    row = {
        "tenant": call.tenant,
        "client": call.client,
        "sha256": sha,
        "operation": OPERATION,
        "version": call.version,
        "at": max(call.now, answer.created),
        "case_no": answer.case,
        "status": 200,
        "answer": data,
    }
    with call.store.writing(call.tenant) as connection:
        connection.execute(upsert(connection, t.ask).values(row).on_conflict_do_nothing())
        numbers = [
            {"tenant": call.tenant, "value": traffic.as_kept(value), "kind": kind, "case_no": answer.case, "item": item}
            for kind, value, item in dict.fromkeys(_numbers(answer, asked))
        ]
        connection.execute(upsert(connection, t.traced).on_conflict_do_nothing(), numbers)
        for form in _forms(call, answer):
            traffic.put(connection, call.tenant, t.context, form)


def _numbers(answer: Answer, asked: Asked) -> Iterator[tuple[str, str, int]]:
    """Yield the numbers by which a case is known: kind, value, and item (0: the whole case)."""
    yield "case", answer.case, 0
    for name in asked.names:
        yield "claim", name, 0
    if asked.full_url:
        yield "url", asked.full_url, 0
    if asked.envelope:
        yield "bundle", asked.envelope, 0
    for member in asked.members:
        yield "member", member, 0
    for one in answer.results:
        yield "administration", one.administration, one.sequence
        yield "trace", one.trace, one.sequence
        if one.grant is not None:
            yield "authorization", one.grant.number, one.sequence
        for theirs in listed(one.requested, "extension"):
            if theirs.get("url") == asks.url("itemTraceNumber") and (said := token(theirs.get("valueIdentifier"))):
                yield "trace", said, one.sequence


def _forms(call: Call, answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield the contexts by which the forms of what is asked are asked for."""
    for one in answer.results:
        if not one.wants:
            continue
        data = {
            "hook": "pas",
            "case": answer.case,
            "item": one.sequence,
            "order": _order(one.requested),
            "patient": answer.member,
            "coverage": _coverage(answer),
            "rows": None,
            "pathway": one.pathway,
        }
        yield {
            "context": one.trace,
            "client": call.client,
            "version": call.version,
            "member": answer.member,
            "policy": one.policy,
            "product": one.product,
            "data": data,
            "bundle": answer.bundle,
            "made_at": answer.created,
            "ends_at": answer.created + timedelta(days=call.plan.context_days),
        }


def _order(requested: Json) -> str | None:
    """Return the order of an item as it is referred to."""
    said = next(
        (
            one.get("valueReference")
            for one in listed(requested, "extension")
            if one.get("url") == asks.url("requestedService")
        ),
        None,
    )
    return said.get("reference") if isinstance(said, dict) else None


def _coverage(answer: Answer) -> str | None:
    """Return the coverage under which is asked, as it is referred to."""
    sent = SentBundle(answer.bundle, "request")
    claim = sent.claim(answer.claim).resource
    focal = sorted(listed(claim, "insurance"), key=lambda one: one.get("focal") is not True)
    said = focal[0].get("coverage") if focal else None
    return said.get("reference") if isinstance(said, dict) else None


__all__ = ["bytes_of", "refused", "stood", "submit"]
