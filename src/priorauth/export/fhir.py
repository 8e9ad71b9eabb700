"""A determination as a Da Vinci PAS response: a Bundle with one ClaimResponse, and what it refers to echoed back.

Review actions (X12 306): A1 for `approve`, NA for `not-required`, CT for `not-applicable` and `other-criteria`, A4
(pended) for the rest. Software never sends A3. Source: hl7.org/fhir/us/davinci-pas 2.2.1, profile-claimresponse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from priorauth.decide.determination import Determination
from priorauth.decide.outcome import Outcome

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
ACTION: dict[Outcome, str] = {
    "approve": "A1",
    "not-required": "NA",
    "not-applicable": "CT",
    "other-criteria": "CT",
    "request-information": "A4",
    "clinical-review": "A4",
    "not-yet": "A4",
}
_PARTIES = (("patient", "patient"), ("insurer", "insurer"), ("provider", "requestor"))
Json = dict[str, Any]


def response(found: Sequence[Determination], bundle: Mapping[str, Any]) -> Json:
    """Write the response Bundle to a request Bundle; its dates are those of the request, no clock is read."""
    entries = [entry for entry in bundle.get("entry", ()) if isinstance(entry, Mapping)]
    claims = dict.fromkeys(one.claim for one in found)
    answers = [_answer(claim, [one for one in found if one.claim == claim], entries) for claim in claims]
    parties = [answer[key] for answer in answers for _, key in _PARTIES if key in answer]
    referred = {str(party["reference"]) for party in parties if "reference" in party}
    echoed = [dict(entry) for entry in entries if referred & _names(entry)]
    receipt = str(found[0].receipt["sha256"]) if found else ""
    made: Json = {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PAS}/profile-pas-response-bundle"]},
        "identifier": {"system": "urn:priorauth:receipt", "value": receipt},
        "type": "collection",
    }
    if "timestamp" in bundle:
        made["timestamp"] = bundle["timestamp"]
    made["entry"] = [{"fullUrl": _url(answer), "resource": answer} for answer in answers] + echoed
    return made


def _url(answer: Json) -> str:
    """Give a urn:uuid drawn from the receipt, so that the same determination has the same name."""
    seal = str(answer["identifier"][0]["value"])
    return f"urn:uuid:{seal[:8]}-{seal[8:12]}-{seal[12:16]}-{seal[16:20]}-{seal[20:32]}"


def _answer(claim: str, found: list[Determination], entries: list[Mapping[str, Any]]) -> Json:
    request: Mapping[str, Any] = next((entry["resource"] for entry in entries if claim in _names(entry)), {})
    made: Json = {
        "resourceType": "ClaimResponse",
        "meta": {"profile": [f"{PAS}/profile-claimresponse"]},
        "identifier": [{"system": "urn:priorauth:receipt", "value": found[0].receipt["sha256"]}],
        "status": "active",
        "type": request.get("type", {}),
        "use": "preauthorization",
    }
    for key, target in _PARTIES:
        if key in request:
            made[target] = request[key]
    made["created"] = request.get("created", found[0].as_of)
    made["request"] = {"reference": claim}
    made["outcome"] = "complete"
    made["item"] = [_item(one) for one in found]
    notes = [text for one in found for text in _notes(one)]
    if notes:
        made["processNote"] = [
            {"number": place, "type": "display", "text": text} for place, text in enumerate(notes, 1)
        ]
    return made


def _item(one: Determination) -> Json:
    code = {"coding": [{"system": "https://codesystem.x12.org/005010/306", "code": ACTION[one.outcome]}]}
    action = {"url": f"{PAS}/extension-reviewActionCode", "valueCodeableConcept": code}
    category = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/adjudication", "code": "submitted"}]}
    reference = {
        "url": f"{PAS}/extension-administrationReferenceNumber",
        "valueString": str(one.receipt["sha256"])[:16],
    }
    review = {"url": f"{PAS}/extension-reviewAction", "extension": [action]}
    return {
        "extension": [reference],
        "itemSequence": one.item,
        "adjudication": [{"extension": [review], "category": category}],
    }


def _notes(one: Determination) -> Iterator[str]:
    """Say what a provider can act on: where to send it, what is asked, why a person decides."""
    for question in one.questions:
        yield f"Item {one.item}: {question.ask} ({', '.join(question.criteria)})"
    if one.outcome != "approve":
        for reason in one.reasons:
            yield f"Item {one.item}: {reason.criterion + ': ' if reason.criterion else ''}{reason.text}"
    for note in one.notes:
        yield f"Item {one.item}: {note}"


def _names(entry: Mapping[str, Any]) -> set[str]:
    """Give the references by which a resource of the Bundle is known."""
    resource = entry.get("resource")
    if not isinstance(resource, Mapping):
        return set()
    found = {str(entry["fullUrl"])} if "fullUrl" in entry else set()
    if "id" in resource:
        found.add(f"{resource.get('resourceType')}/{resource['id']}")
    return found
