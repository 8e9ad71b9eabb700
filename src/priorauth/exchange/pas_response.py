"""A determination as a Da Vinci PAS response: a Bundle with one ClaimResponse, and what it refers to echoed back.

Review actions (X12 306): A1 for `approve`, NA for `not-required`, CT for `not-applicable` and `other-criteria`, A4
(pended) for the rest. Software never sends A3. Source: hl7.org/fhir/us/davinci-pas 2.2.1, profile-claimresponse. What a
plan answers from its ledger is written by :mod:`priorauth.exchange.pas.respond`; both share the items and the parties.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from priorauth.decide.determination import Determination
from priorauth.decide.page.text import HEAD
from priorauth.errors import Fault, InputRefused
from priorauth.exchange.echo import Json, Sent, SentBundle, named
from priorauth.exchange.moments import moments
from priorauth.exchange.pas import parties
from priorauth.exchange.pas.clean import clean
from priorauth.exchange.pas.codes import PAS
from priorauth.exchange.pas.items import Frame, lines
from priorauth.exchange.pas.model import Action, Result
from priorauth.exchange.pas.respond import claim_type, request_of
from priorauth.exchange.pas.standing import PENDING
from priorauth.exchange.plan import Codes
from priorauth.exchange.wire import listed
from priorauth.policy.outcome import Outcome

ACTION: Final[Mapping[Outcome, Action]] = {**PENDING, "approve": "A1"}


def response(found: Sequence[Determination], bundle: bytes | Mapping[str, object], name: str = "bundle") -> Json:
    """Write the response Bundle to a request Bundle; its dates are those of the request, no clock is read.

    Determinations of several claims become a Bundle of response Bundles, one a claim. Raises InputRefused where the
    request is none; ``name`` stands for it then.
    """
    request = SentBundle(bundle, name)
    claims = dict.fromkeys(one.claim for one in found)
    try:
        answers = [_answer(request, claim, [one for one in found if one.claim == claim]) for claim in claims]
    except msgspec.DecodeError as fault:  # in a part that the record's reader leaves unread
        said = str(fault).partition(" - at")[0]
        raise InputRefused(Fault(name, None, f"expected JSON: {said}")) from fault
    if len(answers) == 1:
        return clean(answers[0])  # type: ignore[no-any-return]
    entries = [{"fullUrl": named(f"bundle {one['identifier']['value']}"), "resource": one} for one in answers]
    return clean({"resourceType": "Bundle", "type": "collection", "entry": entries})  # type: ignore[no-any-return]


def _answer(request: SentBundle, name: str, found: list[Determination]) -> Json:
    """Write the response Bundle to one claim."""
    claim = request.claim(name)
    seal = _seal(found)
    created, timestamp = moments(claim.resource.get("created"), request.timestamp, found[0].as_of)
    patient, insurer = parties.patient(request, claim), parties.insurer(request, claim)
    requestor = parties.requestor(request, claim)
    results = tuple(_result(one, claim) for one in found)
    made: Json = {
        "resourceType": "ClaimResponse",
        "meta": {"profile": [f"{PAS}/profile-claimresponse"]},
        "identifier": [{"system": "urn:priorauth:receipt", "value": seal}],
        "status": "active",
        "type": claim_type(claim.resource.get("type")),
        "use": "preauthorization",
        "patient": patient.reference,
        "created": created,
        "insurer": insurer.reference,
        "requestor": requestor.reference,
        "request": {key: part for key, part in request_of(claim, name).items() if key != "extension"},
        "outcome": "complete",
        "disposition": "; ".join(f"Item {one.sequence}: {HEAD[one.outcome]}" for one in found),
        **lines(results, (), claim.resource, {}, Frame("2.2", Codes(), None)),
    }
    echoed = [party.sent for party in (patient, insurer, requestor) if party.sent is not None]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PAS}/profile-pas-response-bundle"]},
        "identifier": {"system": "urn:priorauth:receipt", "value": seal},
        "type": "collection",
        "timestamp": timestamp,
        "entry": [{"fullUrl": named(f"response {seal}"), "resource": made}, *request.echo(echoed)],
    }


def _result(one: Determination, claim: Sent) -> Result:
    """Return a determination as the result of an item; its number is the beginning of its receipt."""
    asked = (item for item in listed(claim.resource, "item") if item.get("sequence") == one.sequence)
    return Result(
        sequence=one.sequence,
        administration=str(one.receipt["sha256"])[:16],
        trace="",
        action=ACTION[one.outcome],
        outcome=one.outcome,
        requested=next(asked, {}),
        notes=tuple(dict.fromkeys(_notes(one))),
    )


def _seal(found: list[Determination]) -> str:
    """Return the receipt of one determination, or one hash over those of several."""
    receipts = [str(one.receipt["sha256"]) for one in found]
    return receipts[0] if len(receipts) == 1 else hashlib.sha256("\n".join(receipts).encode()).hexdigest()


def _notes(one: Determination) -> Iterator[str]:
    """Yield the decision, its policy, and what a provider can act on: where to send it, what is asked, why."""
    applied = f"under {one.policy.id}, version {one.policy.version}" if one.policy else "no policy applies"
    yield f"{one.outcome} as of {one.as_of}, {applied}"
    if one.decide_after:
        yield f"first day on which it can be decided: {one.decide_after}"
    if one.grants:
        yield f"grants {', '.join(f'{value} {key}' for key, value in one.grants.items())}"
    for question in one.questions:
        yield f"{question.ask} ({', '.join(question.criteria)})"
    for reason in one.reasons:
        yield f"{reason.criterion}: {reason.text}" if reason.criterion else reason.text
    for conflict in one.conflicts:
        yield f"{conflict.criterion}: conflict: {' / '.join(conflict.says)}"
    yield from one.notes
