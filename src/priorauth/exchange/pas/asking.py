"""What is asked of who asked, as resources: a CommunicationRequest for each thing, and the Tasks that list them.

A form answers all of it: it is asked for under LOINC 102089-0, by the id of the item, which is the context of the form.
Papers and findings are named by their LOINC code where they have one, else in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from priorauth.exchange.echo import Sent
from priorauth.exchange.pas import codes, items
from priorauth.exchange.pas.codes import TEMP, coded, extension
from priorauth.exchange.pas.model import Answer, Result, Want
from priorauth.exchange.pas.parties import Party, own_identifier
from priorauth.exchange.plan import Version

Json = dict[str, Any]


class Asking(NamedTuple):
    """What all that is asked shares: the answer, the parties, the claim, the version, the plan's base."""

    answer: Answer
    patient: Json
    insurer: Party
    sender: Party | None
    request: Json
    claim: Sent
    version: Version
    base: str

    def entry(self, kind: str, name: str, resource: Json) -> Json:
        """Return an entry with a resource of ours."""
        made = {"resourceType": kind, "id": name, "meta": {"profile": [f"{codes.PAS}/profile-{kind.lower()}"]}}
        return {"fullUrl": f"{self.base}/fhir/{kind}/{name}", "resource": {**made, **resource}}


def communications(asking: Asking) -> Iterator[Json]:
    """Yield an entry for each thing that is asked: of an item first the form, then what it may be shown by."""
    for result in asking.answer.results:
        if not result.wants:
            continue
        yield _communication(asking, result, 0, codes.FORM, None)
        for number, want in enumerate(result.wants, 1):
            yield _communication(asking, result, number, want.code or "; ".join(want.asks), want)


def _communication(asking: Asking, result: Result, number: int, content: str, want: Want | None) -> Json:
    line = extension("serviceLineNumber", "PositiveInt", result.sequence)
    payload: Json = {"contentString": content}
    beside = list(_beside(asking, result, want))
    if asking.version == "2.0":
        beside.insert(0, line)
    if beside:
        payload = {"extension": beside, **payload}
    made: Json = {
        "extension": [line],
        "identifier": [{"system": codes.trace_system(asking.base), "value": result.trace}],
        "status": "active",
        "category": [{"text": "additional information"}],
        "medium": [coded(TEMP, "CDEX")],
        "payload": [payload],
        "authoredOn": stamp(asking.answer),
        "requester": asking.insurer.reference,
        "recipient": [asking.insurer.reference],
    }
    if asking.version == "2.0":
        del made["extension"]
    if asking.sender is not None:
        made["sender"] = asking.sender.reference
    if want is None:
        made["note"] = [{"text": "A form asks all that is listed here; its context is the identifier."}]
    else:
        made["reasonCode"] = [{"text": ", ".join(want.criteria) or want.title}]
        made["note"] = [{"text": text} for text in _said(want)]
    return asking.entry("CommunicationRequest", f"{result.administration}-{number}", made)


def stamp(answer: Answer) -> str:
    """Return when the answer came to be what it is."""
    return answer.created.isoformat(timespec="seconds").replace("+00:00", "Z")


def _beside(asking: Asking, result: Result, want: Want | None) -> Iterator[Json]:
    """Yield of what diagnosis it is asked, and of which time."""
    yield from items.diagnoses(asking.claim.resource, result)
    if want is not None and want.code is not None:
        yield extension("contentModifier", "CodeableConcept", coded(codes.LOINC, codes.UP_TO_SERVICE))


def _said(want: Want) -> Iterator[str]:
    """Yield the criterion, what is on file and does not do, and the question."""
    yield f"{', '.join(want.criteria)}: {want.title}" if want.criteria else want.title
    for held in want.held:
        yield f"on file: {held}"
    yield f"asked of the {' or the '.join(want.of)}: {'; or: '.join(want.asks)}"


def tasks(asking: Asking) -> Iterator[Json]:
    """Yield the Tasks: one for the forms, one for what has a code."""
    wanted = [one for one in asking.answer.results if one.wants]
    if not wanted:
        return

    def on(result: Result) -> list[Json]:
        if asking.version == "2.0":
            return [extension("paLineNumber", "Integer", result.sequence)]
        return [extension("serviceLineNumber", "PositiveInt", result.sequence)]

    forms = [{"extension": on(one), **_form(asking, one)} for one in wanted]
    yield _task(asking, "questionnaire", "form", forms)
    found = dict.fromkeys((one.sequence, want.code) for one in wanted for want in one.wants if want.code)
    by_sequence = {one.sequence: one for one in wanted}
    listed = [
        {
            "extension": [
                *on(by_sequence[sequence]),
                *(
                    [extension("contentModifier", "CodeableConcept", coded(codes.LOINC, codes.UP_TO_SERVICE))]
                    if asking.version != "2.0"
                    else []
                ),
            ],
            "type": coded(TEMP, "attachments-needed"),
            "valueCodeableConcept": coded(codes.LOINC, str(code)),
        }
        for sequence, code in found
    ]
    if listed:
        yield _task(asking, "code", "papers", listed)


def _form(asking: Asking, one: Result) -> Json:
    """Return the input that names the context of a form."""
    if asking.version == "2.0":
        value = {"system": codes.trace_system(asking.base), "value": one.trace}
        return {"type": coded(TEMP, "questionnaires-needed"), "valueIdentifier": value}
    return {"type": coded(TEMP, "questionnaire-context"), "valueString": one.trace}


def _task(asking: Asking, kind: str, name: str, inputs: list[Json]) -> Json:
    first = next(one for one in asking.answer.results if one.wants)
    where = {"type": coded(TEMP, "payer-url"), "valueUrl": f"{asking.base}/fhir"}
    payer = own_identifier(asking.insurer) or {"system": f"{codes.house(asking.base)}/payer", "value": "payer"}
    owner = None if asking.sender is None else own_identifier(asking.sender)
    made: Json = {
        "identifier": [{"system": codes.trace_system(asking.base), "value": first.trace}],
        "status": "requested",
        "statusReason": {"text": "more is needed before it can be decided"},
        "intent": "order",
        "code": coded(TEMP, f"attachment-request-{kind}"),
        "for": asking.patient,
        "authoredOn": stamp(asking.answer),
        "requester": {"identifier": payer},
        "owner": {"identifier": owner or {"system": f"{codes.house(asking.base)}/case", "value": asking.answer.case}},
        "reasonCode": coded(TEMP, "priorAuthorization"),
        "reasonReference": asking.request,
        "input": [where, *inputs],
    }
    if asking.answer.until is not None:
        made["restriction"] = {"period": {"end": asking.answer.until.isoformat(timespec="seconds")}}
    return asking.entry("Task", f"{asking.answer.case}-{name}", made)
