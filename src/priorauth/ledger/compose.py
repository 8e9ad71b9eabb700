"""The record of a case as a run reads it: the request, and everything that has come since, in the order it came.

Nothing is merged by hand: what came later is laid beside the request in one Bundle, and the reader weighs it. Words of
clinicians of the payer are questionnaires of their own, earlier approvals answers of the payer (ClaimResponse).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple

import msgspec

from priorauth.documents import rows
from priorauth.documents.rows import Proposed
from priorauth.errors import Fault, InputRefused
from priorauth.ledger.columns import canonical, written

Json = dict[str, Any]
Part = Literal["request", "resources", "answers", "log", "words", "approval", "documents"]
HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_REVIEW: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"
_REVIEW_CODE: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode"
_ACTIONS: Final = "https://codesystem.x12.org/005010/306"
SETTLE: Final = "settle."


class Input(NamedTuple):
    """One thing that a run reads: what part it plays, its name in errors, and the sha256 of its bytes."""

    part: Part
    name: str
    sha256: str


class Composed(NamedTuple):
    """What a run reads, put together. ``documents`` is what its documents propose, and what people said of that."""

    bundle: bytes
    judgments: tuple[bytes, ...]
    logs: tuple[tuple[str, bytes], ...]
    documents: tuple[Proposed, ...] = ()


def compose(inputs: Iterable[Input], content: Callable[[str], bytes]) -> Composed:
    """Put the inputs of a run together; ``content`` gives the bytes of a sha256. The same inputs, the same bytes."""
    listed = tuple(inputs)
    request = requested(listed)
    more = [one for one in listed if one.part in ("resources", "answers", "approval")]
    bundle = content(request.sha256)
    if more:
        whole = read(bundle, request.name)
        whole["entry"] = [*whole.get("entry", ()), *_entries(more, content)]
        whole.pop("timestamp", None)  # it says when the request was put together, and what is beside it came later
        bundle = canonical(whole)
    return Composed(
        bundle,
        tuple(content(one.sha256) for one in listed if one.part == "words"),
        tuple(sorted((one.name, content(one.sha256)) for one in listed if one.part == "log")),
        tuple(
            document
            for one in listed
            if one.part == "documents"
            for document in rows.decoded(content(one.sha256), one.name)
        ),
    )


def requested(inputs: Iterable[Input]) -> Input:
    """Return the request that stands: the one that came last, where it was sent anew."""
    return [one for one in inputs if one.part == "request"][-1]


def _entries(inputs: Iterable[Input], content: Callable[[str], bytes]) -> Iterator[Json]:
    for one in inputs:
        resource = read(content(one.sha256), one.name)
        if resource.get("resourceType") == "Bundle":
            entries = resource.get("entry", [])
            if not isinstance(entries, list):
                raise InputRefused(Fault(one.name, None, "expected a list of entries"))
            yield from entries
        else:
            yield {"resource": resource}


def read(data: bytes, name: str) -> Json:
    """Return a JSON object; raises InputRefused."""
    try:
        found = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise InputRefused(Fault(name, None, f"not JSON: {fault}")) from None
    if not isinstance(found, dict):
        raise InputRefused(Fault(name, None, "expected a JSON object"))
    return found


class _Head(msgspec.Struct):
    """Of a resource what tells which it is."""

    resourceType: object = None  # noqa: N815 - FHIR's own name
    id: object = None


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"{}")


class _Bundle(msgspec.Struct):
    entry: list[_Entry] = []


_ENTRIES: Final = msgspec.json.Decoder(_Bundle)
_WHICH: Final = msgspec.json.Decoder(_Head)


def claim_of(bundle: bytes, name: str, claim: str) -> Json:
    """Return the Claim that a determination names (``Claim/1``), else the first; nothing else is decoded."""
    found: list[msgspec.Raw] = []
    try:
        for entry in _ENTRIES.decode(bundle).entry:
            head = _WHICH.decode(entry.resource)
            if head.resourceType == "Claim":
                found.append(entry.resource)
                if claim.endswith(f"Claim/{'' if head.id is None else head.id}"):
                    return read(bytes(entry.resource), name)
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise InputRefused(Fault(name, None, f"not JSON: {fault}")) from None
    if found:
        return read(bytes(found[0]), name)
    raise InputRefused(Fault(name, None, "expected a Claim"))


class Clinician(NamedTuple):
    """A clinician of the payer, as she signs: her id, her name, and the system under which the plan knows her."""

    id: str
    name: str
    system: str


def words_of(who: Clinician, claim: str, said: Mapping[str, tuple[bool, str]], at: datetime) -> bytes:
    """Return what one clinician has said of a claim, as a questionnaire that the reader of judgments takes.

    ``said`` has by fact, or by ``settle.<criterion>``, what she said and why.
    """
    items: list[Json] = []
    for subject, (value, why) in sorted(said.items()):
        items.append({"linkId": subject, "answer": [{"valueBoolean": value}]})
        if subject.startswith(SETTLE):
            items.append({"linkId": f"{subject}.why", "answer": [{"valueString": why}]})
    form = {
        "resourceType": "QuestionnaireResponse",
        "id": f"words-{who.id}",
        "status": "completed",
        "basedOn": [{"reference": claim}],
        "author": {
            "type": "Practitioner",
            "identifier": {"system": who.system, "value": who.id},
            "display": who.name,
        },
        "authored": written(at),
        "item": items,
    }
    return canonical(form)


def approval_of(claim: Json, number: str, product: str, made: date, first: date, last: date | None) -> bytes:  # noqa: PLR0913, PLR0917 - what an approval says
    """Return an earlier approval by this payer as the answer (ClaimResponse) that the reader of approvals takes."""
    action = {"url": _REVIEW_CODE, "valueCodeableConcept": {"coding": [{"system": _ACTIONS, "code": "A1"}]}}
    period = {"start": first.isoformat()} | ({} if last is None else {"end": last.isoformat()})
    response = {
        "resourceType": "ClaimResponse",
        "id": f"approval-{number}",
        "status": "active",
        "use": "preauthorization",
        "outcome": "complete",
        "patient": claim["patient"],
        "insurer": claim.get("insurer", {}),
        "created": made.isoformat(),
        "preAuthRef": number,
        "preAuthPeriod": period,
        "addItem": [
            {
                "productOrService": {"coding": [{"system": HCPCS, "code": product}]},
                "adjudication": [
                    {
                        "category": {"coding": [{"code": "submitted"}]},
                        "extension": [{"url": _REVIEW, "extension": [action]}],
                    }
                ],
            }
        ],
    }
    return canonical(response)
