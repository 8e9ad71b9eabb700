"""What a prior authorization has come to, as a response Bundle: the ClaimResponse first, then what it refers to.

Pure: the same answer, plan, version and partner give the same bytes. People, organisations and orders come back under
the fullUrl and with the identifiers that they came with; the claim stays with its sender, and is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import structs

from priorauth.exchange.echo import Sent, SentBundle
from priorauth.exchange.pas import asking as a
from priorauth.exchange.pas import codes, items, parties
from priorauth.exchange.pas.clean import clean
from priorauth.exchange.pas.codes import coded, extension, url
from priorauth.exchange.pas.model import Action, Answer, Error, Result
from priorauth.exchange.pas.parties import Party
from priorauth.exchange.plan import Partner, Plan, Version
from priorauth.exchange.wire import listed

Json = dict[str, Any]
PROFESSIONAL: Final[Json] = coded(f"{codes.TERMS}/claim-type", "professional")
"""The type of a response to a claim that states none: the one of PAS's three under which equipment is billed."""
OPEN: Final[frozenset[Action]] = frozenset({"A4"})
_SENT: Final = "TransmissionIdentifiers"
_BACK: Final = {
    "applicationSenderCode": "applicationReceiverCode", "applicationReceiverCode": "applicationSenderCode",
    "interchangeSenderID": "interchangeReceiverID", "interchangeReceiverID": "interchangeSenderID",
}  # fmt: skip


def bundle(answer: Answer, plan: Plan, version: Version, partner: Partner, base: str) -> Json:
    """Return the response Bundle. ``base`` is that of the plan in the version, as ``Call.base``."""
    request = SentBundle(answer.bundle, "request")
    claim = request.claim(answer.claim)
    patient, asker = parties.patient(request, claim), parties.requestor(request, claim)
    insurer = _insurer(parties.insurer(request, claim), plan, base)
    about = request_of(claim, answer.claim)
    asking = a.Asking(
        answer, patient.reference, insurer, parties.organization(request, asker), about, claim, version, base
    )
    wanted = list(a.communications(asking))
    frame = items.Frame(
        version, plan.codes, codes.trace_system(base), part_as_a2=partner.part_as_a2 and version == "2.0"
    )
    resolved = [_resolved(request, claim, one) for one in answer.results]
    answer = structs.replace(answer, results=tuple(one for one, _ in resolved))
    suppliers = {one.sequence: parties.supplier(request, claim, one.requested) for one in answer.results}
    services = [sent for one, sents in resolved if one.action == "A6" for sent in sents]
    roles = [one.role_of for one in suppliers.values() if one is not None]
    made = _response(answer, plan, version, base, claim)
    made |= {"patient": patient.reference, "insurer": insurer.reference, "requestor": asker.reference, "request": about}
    known = {sequence: one for sequence, one in suppliers.items() if one is not None}
    whole = parties.overall(request, claim) if any(one.grant for one in answer.results) else []
    made |= items.lines(answer.results, answer.notes, claim.resource, known, frame)
    if version != "2.0":
        made = _of_the_whole(made, answer, whole, frame)
    if wanted:
        made["communicationRequest"] = [{"reference": one["fullUrl"]} for one in wanted]
    named_parties = [patient.sent, asker.sent, *(one.party.sent for one in known.values()), *services, *roles]
    named_parties += [one.sent for one in whole] if version != "2.0" else []
    echoed = request.echo([one for one in named_parties if one is not None])
    own = insurer.sent
    if own is not None:
        echoed = [*(one for one in echoed if one["fullUrl"] != own.full_url), *request.echo([own])]
        echoed = list({one["fullUrl"]: one for one in echoed}.values())
    seal = hashlib.sha256(msgspec.json.encode(made, order="sorted")).hexdigest()
    entry = {"fullUrl": f"{base}/fhir/ClaimResponse/{made['id']}", "resource": made}
    return clean(  # type: ignore[no-any-return]
        {
            "resourceType": "Bundle",
            "meta": {"profile": [f"{codes.PAS}/profile-pas-response-bundle"]},
            "identifier": {"system": f"{codes.house(base)}/answer", "value": seal},
            "type": "collection",
            "timestamp": a.stamp(answer),
            "entry": [entry, *wanted, *a.tasks(asking), *echoed],
        }
    )


def _of_the_whole(made: Json, answer: Answer, whole: list[Party], frame: items.Frame) -> Json:
    """Add what is said of all items alike: the action, and who of the whole claim's team is authorized."""
    authorized = [items.authorized(one.reference) for one in whole]
    if authorized:
        made["extension"] = [*made.get("extension", []), *authorized]
    if answer.results and len({one.action for one in answer.results}) == 1:
        first = answer.results[0]
        made["adjudication"] = [items.adjudication(first, first.action, frame.codes, number=len(answer.results) == 1)]
    return made


def _response(answer: Answer, plan: Plan, version: Version, base: str, claim: Sent) -> Json:
    """Return what a ClaimResponse says of itself and of the whole request."""
    extensions = list(_extensions(answer, version, claim))
    theirs = [
        one for one in listed(claim.resource, "identifier") if one.get("system") and one.get("value")
    ]  # as PAS has it: the trace number of who asked
    made: Json = {
        "resourceType": "ClaimResponse",
        "id": answer.case or f"refused-{hashlib.sha256(answer.bundle).hexdigest()[:16]}",
        "meta": {"profile": [f"{codes.PAS}/profile-claimresponse"]},
        "extension": extensions,
        "identifier": [{"system": f"{codes.house(base)}/case", "value": answer.case}, *theirs]
        if answer.case
        else theirs,
        "status": "active",
        "type": claim_type(claim.resource.get("type")),
        "use": "preauthorization",
        "created": a.stamp(answer),
        "outcome": outcome(answer, version),
        "disposition": "; ".join(_dispositions(answer)),
    }
    for name in ("extension", "identifier"):
        if not made[name]:
            del made[name]
    granted = [one.grant for one in answer.results if one.grant is not None and one.action in ("A1", "A6")]
    if granted:
        made["preAuthRef"] = granted[0].number
        if all(items.period(one) == items.period(granted[0]) for one in granted):
            made["preAuthPeriod"] = items.period(granted[0])
    if answer.errors:
        made["error"] = [_error(one, plan, version) for one in answer.errors]
    return made


def _case(answer: Answer, base: str) -> list[Json]:
    return [{"system": f"{codes.house(base)}/case", "value": answer.case}] if answer.case else []


def outcome(answer: Answer, version: Version) -> str:
    """Return the outcome of the whole: 2.0.1 says queued of what is pended, 2.2 complete."""
    if answer.errors:
        return "error"
    waiting = [one.action in OPEN for one in answer.results]
    if version == "2.0" and any(waiting):
        return "queued" if all(waiting) else "partial"
    return "partial" if any(waiting) and not all(waiting) else "complete"


def _dispositions(answer: Answer) -> Iterator[str]:
    for one in answer.errors:
        yield one.text
    for result in answer.results:
        yield f"Item {result.sequence}: {result.notes[0] if result.notes else result.outcome}"


def _extensions(answer: Answer, version: Version, claim: Sent) -> Iterator[Json]:
    if version == "2.0":
        return
    if (sent := codes.of(claim.resource, _SENT)) is not None or (sent := _transmission(claim.resource)) is not None:
        parts = [{**one, "url": _BACK.get(str(one.get("url")), one.get("url"))} for one in listed(sent, "extension")]
        yield {**sent, "extension": parts}
    if answer.results:
        yield {"url": url("claimResponseReviewer"), "extension": list(_reviewed(answer.results))}


def _transmission(resource: Json) -> Json | None:
    return next((one for one in listed(resource, "extension") if str(one.get("url", "")).endswith(f"/{_SENT}")), None)


def _reviewed(results: tuple[Result, ...]) -> Iterator[Json]:
    """Yield whether a person decided anything of it, and of her who decided last the NPI and the specialty."""
    people = [one.reviewer for one in results if one.reviewer is not None]
    yield {"url": "wasHumanReviewedFlag", "valueBoolean": bool(people)}
    known = next((one for one in people if one.npi), people[0] if people else None)
    if known is not None and known.npi:
        yield {"url": "reviewerNPI", "valueIdentifier": {"system": codes.NPI, "value": known.npi}}
    if known is not None and known.specialty:
        yield {"url": "reviewerSpecialty", "valueCodeableConcept": {"text": known.specialty}}


def _error(one: Error, plan: Plan, version: Version) -> Json:
    """Return an error; its code is one of X12 only where the plan lists it."""
    extensions: list[Json] = []
    if follow := plan.codes.follow_up.get(one.name):
        extensions.append(extension("errorFollowupAction", "CodeableConcept", coded(codes.FOLLOW_UPS, follow)))
    if one.element and version == "2.0":
        extensions.append(extension("errorElement", "String", one.element))
    elif one.element:
        extensions.append({"url": url("errorElement"), "extension": [{"url": "error", "valueString": one.element}]})
    if one.path:
        extensions.append(extension("errorPath", "String", one.path))
    reject = plan.codes.reject.get(one.name)
    code = {**(coded(codes.REJECTS, reject) if reject else {}), "text": one.text}
    return {"extension": extensions, "code": code}


def _insurer(stated: Party, plan: Plan, base: str) -> Party:
    """Return the insurer: the one that the request names, with what the plan says of itself, else the plan."""
    home = codes.house(base)
    if stated.sent is not None:
        full_url = stated.sent.full_url
        resource = parties.ours(plan.payer, stated.sent.resource, home)
    else:
        full_url = f"{base}/fhir/Organization/payer"
        resource = {**parties.ours(plan.payer, None, home), "id": "payer"}
    return Party({"reference": full_url}, Sent("Organization", resource, full_url))


def _resolved(request: SentBundle, claim: Sent, one: Result) -> tuple[Result, list[Sent]]:
    """Return a result whose item refers to what is in the Bundle by its fullUrl, and that which it refers to."""
    made = {**one.requested}
    found: list[Sent] = []

    def absolute(reference: object) -> object:
        if (sent := request.find(reference, claim)) is None:
            return reference
        found.append(sent)
        return {**(reference if isinstance(reference, dict) else {}), "reference": sent.full_url}

    if "locationReference" in made:
        made["locationReference"] = absolute(made["locationReference"])
    if isinstance(made.get("extension"), list):
        made["extension"] = [
            {**each, "valueReference": absolute(each["valueReference"])} if "valueReference" in each else each
            for each in listed(made, "extension")
        ]
    return structs.replace(one, requested=made), found


def claim_type(stated: object) -> Json:
    """Return the type of the claim where it says one."""
    if isinstance(stated, dict):
        codings = stated.get("coding")
        if stated.get("text") or (isinstance(codings, list) and any(one.get("code") for one in codings if one)):
            return stated
    return PROFESSIONAL


def request_of(claim: Sent, name: str) -> Json:
    """Return the name of the claim: by the fullUrl that its sender gave it, and by its identifier."""
    made: Json = {"reference": claim.full_url} if claim.full_url.lower() == claim.sent_url.lower() else {}
    made["type"] = "Claim"
    if (found := parties.identifier(claim.resource.get("identifier"))) is not None:
        made["identifier"] = found
    if made.keys() & {"reference", "identifier"}:
        return made
    unknown = [{"url": codes.ABSENT, "valueCode": "unknown"}]
    return {"extension": unknown, **made, "display": name}
