"""A determination as a Da Vinci PAS response: a Bundle with one ClaimResponse, and what it refers to echoed back.

Review actions (X12 306): A1 for `approve`, NA for `not-required`, CT for `not-applicable` and `other-criteria`, A4
(pended) for the rest. Software never sends A3. Source: hl7.org/fhir/us/davinci-pas 2.2.1, profile-claimresponse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from priorauth.decide.determination import Determination
from priorauth.decide.page.text import HEAD
from priorauth.errors import Fault, InputRefused
from priorauth.exchange.echo import Json, Sent, SentBundle, named
from priorauth.exchange.moments import moments
from priorauth.policy.outcome import Outcome

PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
TERMS: Final = "http://terminology.hl7.org/CodeSystem"
ACTION: Final[dict[Outcome, str]] = {
    "approve": "A1",
    "not-required": "NA",
    "not-applicable": "CT",
    "other-criteria": "CT",
    "request-information": "A4",
    "clinical-review": "A4",
    "not-yet": "A4",
}
PROFESSIONAL: Final[Json] = {"coding": [{"system": f"{TERMS}/claim-type", "code": "professional"}]}
"""The type of a response to a claim that states none: the one of PAS's three under which equipment is billed."""
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_CONTROLS: Final = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        *range(0xFFFE, 0x10000),
    ],
    "\ufffd",
)
"""Characters that FHIR's strings may not hold, and those that turn the direction of the text around them."""


class _Party(NamedTuple):
    """A party of a claim: the reference to it, and the resource to echo where the request holds one."""

    reference: Json
    sent: Sent | None = None


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
        return _clean(answers[0])  # type: ignore[no-any-return]
    entries = [{"fullUrl": named(f"bundle {one['identifier']['value']}"), "resource": one} for one in answers]
    return _clean({"resourceType": "Bundle", "type": "collection", "entry": entries})  # type: ignore[no-any-return]


def _answer(request: SentBundle, name: str, found: list[Determination]) -> Json:
    """Write the response Bundle to one claim."""
    claim = request.claim(name)
    seal = _seal(found)
    created, timestamp = moments(claim.resource.get("created"), request.timestamp, found[0].as_of)
    patient = _party(request, [(claim.resource.get("patient"), claim)], ("Patient",))
    insurer = _party(request, _insurers(request, claim), ("Organization",))
    requestor = _requestor(request, claim)
    notes = [list(dict.fromkeys(_notes(one))) for one in found]
    made: Json = {
        "resourceType": "ClaimResponse",
        "meta": {"profile": [f"{PAS}/profile-claimresponse"]},
        "identifier": [{"system": "urn:priorauth:receipt", "value": seal}],
        "status": "active",
        "type": _type(claim.resource.get("type")),
        "use": "preauthorization",
        "patient": patient.reference,
        "created": created,
        "insurer": insurer.reference,
        "requestor": requestor.reference,
        "request": _request(claim, name),
        "outcome": "complete",
        "disposition": "; ".join(f"Item {one.sequence}: {HEAD[one.outcome]}" for one in found),
        "item": [],
        "processNote": [],
    }
    for one, texts in zip(found, notes, strict=True):
        first = len(made["processNote"]) + 1
        made["item"].append(_item(one, range(first, first + len(texts))))
        made["processNote"] += [
            {"number": number, "type": "display", "text": text} for number, text in enumerate(texts, first)
        ]
    parties = [party.sent for party in (patient, insurer, requestor) if party.sent is not None]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PAS}/profile-pas-response-bundle"]},
        "identifier": {"system": "urn:priorauth:receipt", "value": seal},
        "type": "collection",
        "timestamp": timestamp,
        "entry": [{"fullUrl": named(f"response {seal}"), "resource": made}, *request.echo(parties)],
    }


def _seal(found: list[Determination]) -> str:
    """Return the receipt of one determination, or one hash over those of several."""
    receipts = [str(one.receipt["sha256"]) for one in found]
    return receipts[0] if len(receipts) == 1 else hashlib.sha256("\n".join(receipts).encode()).hexdigest()


def _type(stated: object) -> Json:
    """Return the type of the claim where it says one."""
    if isinstance(stated, dict):
        codings = stated.get("coding")
        if stated.get("text") or (isinstance(codings, list) and any(one.get("code") for one in codings if one)):
            return stated
    return PROFESSIONAL


def _request(claim: Sent, name: str) -> Json:
    """Return the name of the claim: by the fullUrl that its sender gave it, and by its identifier."""
    made: Json = {"reference": claim.full_url} if claim.full_url.lower() == claim.sent_url.lower() else {}
    made["type"] = "Claim"
    if (identifier := _identifier(claim.resource.get("identifier"))) is not None:
        made["identifier"] = identifier
    return made if made.keys() & {"reference", "identifier"} else {**made, "display": name}


# ---- the parties


def _party(request: SentBundle, candidates: Sequence[tuple[object, Sent]], kinds: tuple[str, ...]) -> _Party:
    """Return the first of several references that names a resource of the right type, in the Bundle or elsewhere."""
    for reference, owner in candidates:
        sent = request.find(reference, owner)
        if sent is not None and sent.kind in kinds:
            return _Party({"reference": sent.full_url}, sent)
        if sent is None and (outside := _outside(reference, owner, kinds)) is not None:
            return _Party(outside)
    unknown = [{"url": _ABSENT, "valueCode": "unknown"}]
    return _Party({"extension": unknown, "display": "not stated in the request"})


def _insurers(request: SentBundle, claim: Sent) -> list[tuple[object, Sent]]:
    """Return the references that may name the insurer: the claim's own, then its coverages' payors, focal first."""
    stated = claim.resource.get("insurance")
    insurance = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    covers = [
        request.find(one.get("coverage"), claim)
        for one in sorted(insurance, key=lambda one: (one.get("focal") is not True, str(one.get("sequence")).zfill(10)))
    ]
    payors = [
        (payor, cover)
        for cover in covers
        if cover is not None and cover.kind == "Coverage" and isinstance(cover.resource.get("payor"), list)
        for payor in cover.resource["payor"]
    ]
    return [(claim.resource.get("insurer"), claim), *payors]


def _requestor(request: SentBundle, claim: Sent) -> _Party:
    """Return who asks. PAS takes an organization or a role; a practitioner is named by one, else by identifier."""
    reference = claim.resource.get("provider")
    sent = request.find(reference, claim)
    if sent is None or sent.kind != "Practitioner":
        return _party(request, [(reference, claim)], ("Organization", "PractitionerRole"))
    for role in request.all("PractitionerRole"):
        if request.find(role.resource.get("practitioner"), role) is sent:
            return _Party({"reference": role.full_url}, role)
    made: Json = {"type": "Practitioner"}
    if (identifier := _identifier(sent.resource.get("identifier"))) is not None:
        made["identifier"] = identifier
    return _Party({**made, "display": _person(sent.resource.get("name")) or sent.full_url})


def _person(names: object) -> str:
    """Return a name as it is written."""
    first = names[0] if isinstance(names, list) and names else None
    if not isinstance(first, dict):
        return ""
    given = first.get("given")
    parts = [*(given if isinstance(given, list) else ()), first.get("family")]
    return str(first.get("text") or " ".join(str(part) for part in parts if part))


def _outside(reference: object, owner: Sent, kinds: tuple[str, ...]) -> Json | None:
    """Return a reference to what is not in the Bundle, as far as it means anything outside of it."""
    if not isinstance(reference, dict):
        return None
    made: Json = {}
    literal = reference.get("reference")
    if isinstance(literal, str) and not literal.startswith(("#", "urn:")):
        absolute = literal if "://" in literal else f"{owner.base}{literal}" if owner.base else ""
        if absolute and any(f"/{kind}/" in absolute for kind in kinds):
            made["reference"] = absolute
    if (identifier := _identifier([reference.get("identifier")])) is not None:
        made["identifier"] = identifier
    if isinstance(reference.get("display"), str) and reference["display"].strip():
        made["display"] = reference["display"]
    return made or None


def _identifier(listed: object) -> Json | None:
    """Return the first identifier that has a value, without what else is said of it."""
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("value"):
            return {key: one[key] for key in ("system", "value") if one.get(key)}
    return None


# ---- the items


def _item(one: Determination, notes: range) -> Json:
    code = {"coding": [{"system": "https://codesystem.x12.org/005010/306", "code": ACTION[one.outcome]}]}
    action = {"url": f"{PAS}/extension-reviewActionCode", "valueCodeableConcept": code}
    category = {"coding": [{"system": f"{TERMS}/adjudication", "code": "submitted"}]}
    reference = {
        "url": f"{PAS}/extension-administrationReferenceNumber",
        "valueString": str(one.receipt["sha256"])[:16],
    }
    review = {"url": f"{PAS}/extension-reviewAction", "extension": [action]}
    return {
        "extension": [reference],
        "itemSequence": one.sequence,
        "noteNumber": list(notes),
        "adjudication": [{"extension": [review], "category": category, "reason": {"text": one.outcome}}],
    }


def _notes(one: Determination) -> Iterator[str]:
    """Yield the decision, its policy, and what a provider can act on: where to send it, what is asked, why."""
    item = f"Item {one.sequence}"
    applied = f"under {one.policy.id}, version {one.policy.version}" if one.policy else "no policy applies"
    yield f"{item}: {one.outcome} as of {one.as_of}, {applied}"
    if one.decide_after:
        yield f"{item}: first day on which it can be decided: {one.decide_after}"
    if one.grants:
        yield f"{item}: grants {', '.join(f'{value} {key}' for key, value in one.grants.items())}"
    for question in one.questions:
        yield f"{item}: {question.ask} ({', '.join(question.criteria)})"
    for reason in one.reasons:
        yield f"{item}: {reason.criterion + ': ' if reason.criterion else ''}{reason.text}"
    for conflict in one.conflicts:
        yield f"{item}: {conflict.criterion}: conflict: {' / '.join(conflict.says)}"
    for note in one.notes:
        yield f"{item}: {note}"


def _clean(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Copy JSON with control characters replaced."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else value.translate(_CONTROLS)
    if isinstance(value, list):
        return [_clean(part) for part in value]
    return {_clean(key): _clean(part) for key, part in value.items()} if isinstance(value, dict) else value
