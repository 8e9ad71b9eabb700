"""Damages to the request itself, its member and its coverage: none of them leaves anything to approve."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.record.damage import UNKNOWN_MODIFIER, Damage, Edit, coded, concept, never, out, put, ref
from tests.record.worked import Change, Json, Worked, copied, name

CLAIM: Final = ("Claim",)
COVERAGE: Final = ("Coverage",)
PATIENT: Final = ("Patient",)
PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
CERTIFICATION: Final = f"{PAS}/extension-certificationType"
X12: Final = "https://codesystem.x12.org/005010/1322"


def _item(**elements: Any) -> Edit:
    """Change the items that are approved."""

    def edit(resource: Json, worked: Worked) -> Json:
        for item in worked.items:
            resource["item"][item].update(elements)
        return resource

    return edit


def _asked(edit: Edit) -> Edit:
    """Change the claim that asks, no earlier one."""
    return lambda resource, worked: edit(resource, worked) if name(resource) == name(worked.claim) else None


def certified(resource: Json, items: tuple[int, ...], code: str) -> Json:
    """Say another kind of certification, on the items."""
    for item in items:
        kept = [one for one in resource["item"][item].get("extension", ()) if one["url"] != CERTIFICATION]
        added = {"url": CERTIFICATION, "valueCodeableConcept": concept(X12, code)}
        resource["item"][item]["extension"] = [*kept, added]
    return resource


def _certified(code: str) -> Edit:
    return lambda resource, worked: certified(resource, worked.items, code)


def _certified_as_a_whole(resource: Json, worked: Worked) -> Json:
    for item in worked.items:
        kept = [one for one in resource["item"][item].get("extension", ()) if one["url"] != CERTIFICATION]
        resource["item"][item]["extension"] = kept
    extension = {"url": CERTIFICATION, "valueCodeableConcept": concept(X12, "3")}
    return {**resource, "extension": [*resource.get("extension", ()), extension]}


def _unanswered(worked: Worked) -> dict[str, Json]:
    """Give the forms without the answer that says the kind of request."""
    forms = [one for one in worked.resources if one["resourceType"] == "QuestionnaireResponse"]
    return {
        name(form): {**form, "item": [item for item in form["item"] if item["linkId"] != "request_kind"]}
        for form in forms
    }


def _certified_alone(code: str) -> Callable[[Json, Worked], Iterator[Change]]:
    """Say the kind by the certification alone; a person decides on such a request."""

    def changes(resource: Json, worked: Worked) -> Iterator[Change]:
        if name(resource) == name(worked.claim):
            yield Change([certified(copied(resource), worked.items, code)], others=_unanswered(worked))

    return changes


def _of_claims() -> Iterator[Damage]:
    row = "Claim: status and use"
    for code in ("draft", "cancelled", "entered-in-error", "unknown", "Active", "gibberish", ""):
        yield never(row, f"status {code!r}", CLAIM, _asked(put(status=code)))
    yield never(row, "status missing", CLAIM, _asked(out("status")))
    for code in ("claim", "predetermination", "Preauthorization", ""):
        yield never(row, f"use {code!r}", CLAIM, _asked(put(use=code)))
    row = "Claim: quantity"
    for value in (0, -1, 1.5, 0.999, 1e25, "1e400"):
        yield never(row, str(value), CLAIM, _asked(_item(quantity={"value": value})))
    row = "Claim: modifierExtension"
    yield never(row, "on the claim", CLAIM, _asked(put(modifierExtension=UNKNOWN_MODIFIER)))
    yield never(row, "on the item", CLAIM, _asked(_item(modifierExtension=UNKNOWN_MODIFIER)))
    withdrawn = [{"url": f"{PAS}/modifierextension-infoCancelledFlag", "valueBoolean": True}]
    yield never(row, "the item is withdrawn", CLAIM, _asked(_item(modifierExtension=withdrawn)))
    row = "Claim: certification"
    yield never(row, "3: cancel", CLAIM, _asked(_certified("3")))
    yield never(row, "3: cancel, on the claim", CLAIM, _asked(_certified_as_a_whole))
    for code in ("1", "2", "3", "N", "S"):
        yield Damage(row, f"{code}, nothing else said", CLAIM, "never", _certified_alone(code))
    row = "Claim: whose and when"
    yield never(row, "another patient", CLAIM, _asked(put(patient=ref("Patient/somebody-else"))))
    yield never(row, "no patient", CLAIM, _asked(out("patient")))
    yield never(row, "created on no day", CLAIM, _asked(put(created="soon")))
    yield never(row, "created missing", CLAIM, _asked(out("created")))
    yield never(row, "no insurance", CLAIM, _asked(out("insurance")))
    row = "Claim: already decided"
    for action in ("A3", "A2"):
        yield never(row, action, CLAIM, _asked(_answered(action)))
    row = "Claim: diagnosis by reference"
    for code in ("refuted", "entered-in-error"):
        yield Damage(row, code, CLAIM, "held", _pointed(code))


def _answered(action: str) -> Edit:
    """Let the insurer have answered the claim."""

    def edit(resource: Json, worked: Worked) -> list[Json]:
        code = {"url": f"{PAS}/extension-reviewActionCode", "valueCodeableConcept": {"coding": [{"code": action}]}}
        review = {"url": f"{PAS}/extension-reviewAction", "extension": [code]}
        response = {
            "resourceType": "ClaimResponse", "id": "decided", "status": "active", "use": "preauthorization",
            "patient": ref(name(worked.patient)), "created": worked.day, "outcome": "complete",
            "insurer": worked.first("Coverage")["payor"][0], "request": ref(name(resource)),
            "item": [
                {"itemSequence": one["sequence"], "adjudication": [{"extension": [review]}]} for one in resource["item"]
            ],
        }  # fmt: skip
        return [resource, response]

    return edit


def _pointed(code: str) -> Callable[[Json, Worked], Iterator[Change]]:
    """Let a diagnosis point to the condition on file, which does not count: the claim then has no such diagnosis."""

    def changes(resource: Json, worked: Worked) -> Iterator[Change]:
        for turn, one in enumerate(resource.get("diagnosis", ())):
            on_file = [each for each in worked.resources if each["resourceType"] == "Condition"]
            same = [each for each in on_file if _codes(each["code"]) & _codes(one.get("diagnosisCodeableConcept", {}))]
            if name(resource) != name(worked.claim) or not same:
                continue
            put_in = coded("verificationStatus", code, "condition-ver-status")
            gone = {name(each): put_in({**copied(each), "clinicalStatus": {}}, worked) for each in same}
            kept = {key: value for key, value in one.items() if key != "diagnosisCodeableConcept"}
            pointing = [*resource["diagnosis"]]
            pointing[turn] = {**kept, "diagnosisReference": ref(name(same[0]))}
            without = [each for each in resource["diagnosis"] if each is not one]
            bare = {key: value for key, value in resource.items() if key != "diagnosis"}
            plain = {**bare, "diagnosis": without} if without else bare
            yield Change([{**resource, "diagnosis": pointing}], ([plain],), others=gone)  # type: ignore[arg-type]

    return changes


def _codes(concept_: Json) -> set[str]:
    return {coding["code"] for coding in concept_.get("coding", ()) if "code" in coding}


def _focal(edit: Edit) -> Edit:
    """Change the coverage under which is asked."""

    def made(resource: Json, worked: Worked) -> Json | list[Json] | None:
        insurance = sorted(worked.claim["insurance"], key=lambda one: not one.get("focal"))
        return edit(resource, worked) if insurance[0]["coverage"]["reference"] == name(resource) else None

    return made


def _of_coverages() -> Iterator[Damage]:
    row = "Coverage: status"
    for code in ("cancelled", "draft", "entered-in-error", "unknown", "Active", "gibberish", ""):
        yield never(row, repr(code), COVERAGE, _focal(put(status=code)))
    yield never(row, "missing", COVERAGE, _focal(out("status")))
    row = "Coverage: period, whose, modifierExtension"
    over = {"start": "2001-01-01", "end": "2002-01-01"}
    yield never(row, "over", COVERAGE, _focal(put(period=over)))
    yield never(
        row, "not yet begun", COVERAGE, _focal(lambda r, w: {**r, "period": {"start": f"{int(w.day[:4]) + 2}-01-01"}})
    )
    yield never(row, "another beneficiary", COVERAGE, _focal(put(beneficiary=ref("Patient/somebody-else"))))
    yield never(row, "no payor", COVERAGE, _focal(out("payor")))
    yield never(row, "modifierExtension", COVERAGE, _focal(put(modifierExtension=UNKNOWN_MODIFIER)))


def _own(edit: Edit) -> Edit:
    return lambda resource, worked: edit(resource, worked) if name(resource) == name(worked.patient) else None


def _of_patients() -> Iterator[Damage]:
    row = "Patient: deceased, unborn"
    yield never(row, "deceased", PATIENT, _own(put(deceasedBoolean=True)))
    yield never(row, "deceased a day before", PATIENT, _own(lambda r, w: {**r, "deceasedDateTime": _before(w)}))
    yield never(
        row, "deceased last year", PATIENT, _own(lambda r, w: {**r, "deceasedDateTime": f"{int(w.day[:4]) - 1}-06"})
    )
    yield never(row, "not yet born", PATIENT, _own(lambda r, w: {**r, "birthDate": f"{int(w.day[:4]) + 1}-01-01"}))
    yield never(row, "born on no day", PATIENT, _own(put(birthDate="long ago")))


def _before(worked: Worked) -> str:
    return f"{worked.day[:8]}01T08:00:00Z" if worked.day[8:] != "01" else f"{int(worked.day[:4]) - 1}-12-31"


REQUESTS: Final[tuple[Damage, ...]] = (*_of_claims(), *_of_coverages(), *_of_patients())
