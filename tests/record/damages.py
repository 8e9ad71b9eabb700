"""The table of damages to clinical resources: what a record may say of itself so that it does not count.

Forms and judgments stand in damages_of_forms.py, the request and its coverage in damages_of_requests.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.record.damage import (
    CONDITION,
    LOCAL,
    OBSERVATION,
    SNOMED,
    UNKNOWN_MODIFIER,
    Damage,
    Edit,
    coded,
    concept,
    held,
    mention,
    never,
    others,
    out,
    put,
    ref,
    times,
    void,
    words,
)
from tests.record.worked import Change, Json, Worked, copied

NOT_A_STATUS: Final = ("Final", "Active", "Cancelled", " final", "gibberish", "")
PRESCRIPTION: Final = ("MedicationRequest",)
STATEMENT: Final = ("MedicationStatement",)
OF_SUBJECT: Final = (
    "Observation", "Condition", "MedicationRequest", "MedicationStatement", "Encounter", "DeviceRequest",
    "ServiceRequest", "DocumentReference", "QuestionnaireResponse",
)  # fmt: skip
OF_PATIENT: Final = ("AllergyIntolerance", "ClaimResponse")
UNSPOKEN: Final = ("Device",)
"""Only hints, in these cases: whose they are is asked, nothing rests on them."""


# ---- statuses, code by code

# type: codes with which a resource does not count; codes that say nothing of whether it does; whether one is required
STATUSES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]]] = {
    "Observation": (("registered", "cancelled", "entered-in-error"), ("unknown",), True),
    "MedicationRequest": (("cancelled", "entered-in-error", "draft"), ("unknown", "on-hold"), True),
    "MedicationStatement": (("entered-in-error", "intended", "not-taken"), ("unknown", "on-hold"), True),
    "Encounter": (("planned", "cancelled", "entered-in-error"), ("unknown",), True),
    "DeviceRequest": (("draft", "revoked", "entered-in-error"), ("unknown",), False),
    "ServiceRequest": (("draft", "revoked", "entered-in-error"), ("unknown",), True),
    "DocumentReference": (("superseded", "entered-in-error"), (), True),
    "QuestionnaireResponse": (("entered-in-error",), ("in-progress", "stopped"), True),
    "ClaimResponse": (("cancelled", "draft", "entered-in-error"), (), True),
}


def _statuses() -> Iterator[Damage]:
    for kind, (gone, unsure, required) in STATUSES.items():
        row, types = f"{kind}: status", (kind,)
        yield from (void(row, code, types, put(status=code)) for code in gone)
        yield from (mention(row, code, types, put(status=code)) for code in unsure)
        yield from (mention(row, f"no code of FHIR: {code!r}", types, put(status=code)) for code in NOT_A_STATUS)
        if required:
            yield mention(row, "missing", types, out("status"))


def _of_conditions() -> Iterator[Damage]:
    for kind in ("Condition", "AllergyIntolerance"):
        row, types = f"{kind}: verification and clinical status", (kind,)
        verification = "condition-ver-status" if kind == "Condition" else "allergyintolerance-verification"
        clinical = "condition-clinical" if kind == "Condition" else "allergyintolerance-clinical"
        for code in ("refuted", "entered-in-error"):
            yield void(row, f"verification {code}", types, coded("verificationStatus", code, verification))
        unsure = ("unconfirmed", "provisional", "differential") if kind == "Condition" else ()
        for code in (*unsure, "Confirmed", "Refuted", "gibberish"):
            yield mention(row, f"verification {code}", types, coded("verificationStatus", code, verification))
        yield mention(row, "verification in words", types, put(verificationStatus={"text": "ruled out"}))
        for code in ("Active", "gibberish"):
            yield mention(row, f"clinical {code}", types, coded("clinicalStatus", code, clinical))


def _of_documents() -> Iterator[Damage]:
    row, types = "DocumentReference: docStatus", ("DocumentReference",)
    yield from (void(row, code, types, put(docStatus=code)) for code in ("preliminary", "entered-in-error"))
    yield from (mention(row, code, types, put(docStatus=code)) for code in ("Final", "draft", "gibberish"))
    row = "DocumentReference: date"
    yield from (void(row, what, types, _later("date", years)) for what, years in (("in ten years", 10), ("9999", 0)))
    yield void(row, "missing", types, out("date"))


def _of_orders() -> Iterator[Damage]:
    for kind in ("MedicationRequest", "DeviceRequest", "ServiceRequest"):
        for code in ("proposal", "plan", "option"):
            yield void(f"{kind}: intent", code, (kind,), put(intent=code))
        yield mention(f"{kind}: intent", "no code of FHIR", (kind,), put(intent="Order"))
    for kind in ("MedicationRequest", "ServiceRequest"):
        yield void(f"{kind}: intent", "doNotPerform", (kind,), put(doNotPerform=True))


# ---- whose it is


def _subject(value: Callable[[Json, Worked], Json]) -> Edit:
    def edit(resource: Json, worked: Worked) -> Json | None:
        element = "subject" if resource["resourceType"] in OF_SUBJECT else "patient"
        return {**resource, element: value(resource, worked)} if element in resource else None

    return edit


def _identified(value: Callable[[Json, Worked], Json]) -> Edit:
    """Say the subject anew, where the member is known by an identifier."""
    inner = _subject(value)
    return lambda resource, worked: inner(resource, worked) if worked.patient.get("identifier") else None


OTHER_MEMBER: Final = {"system": "urn:example:member", "value": "M-somebody-else"}


def _inside(*, identified: bool) -> Edit:
    """Put a Patient of the member's own id into the resource, and name that one."""

    def edit(resource: Json, worked: Worked) -> Json | None:
        inner: Json = {"resourceType": "Patient", "id": worked.patient["id"], "birthDate": "1950-01-01"}
        if identified:
            inner["identifier"] = [OTHER_MEMBER]
        made = _subject(lambda _resource, _worked: ref(f"#{inner['id']}"))(resource, worked)
        return None if made is None else {**made, "contained": [*resource.get("contained", ()), inner]}  # type: ignore[dict-item]

    return edit


def _disagrees(_resource: Json, worked: Worked) -> Json:
    return {**ref(f"Patient/{worked.patient['id']}"), "identifier": OTHER_MEMBER}


def _of_subjects() -> Iterator[Damage]:
    for kind in (*OF_SUBJECT, *OF_PATIENT, *UNSPOKEN):
        row, types = f"{kind}: whose it is", (kind,)
        yield never(row, "another patient", types, _subject(lambda _r, _w: ref("Patient/somebody-else")))
        elsewhere: Callable[[Json, Worked], Json] = lambda _r, w: ref(  # noqa: E731
            f"https://another.example.net/fhir/Patient/{w.patient['id']}"
        )
        yield never(row, "another server's patient", types, _subject(elsewhere))
        yield never(row, "reference against identifier", types, _identified(_disagrees))
        if kind in UNSPOKEN:
            continue
        yield void(row, "somebody's identifier", types, _identified(lambda _r, _w: {"identifier": OTHER_MEMBER}))
        yield void(row, "a display only", types, _subject(lambda _r, _w: {"display": "the member"}))
        yield void(row, "a group", types, _subject(lambda _r, _w: ref("Group/ward-3")))
        yield void(row, "contained, of the same id", types, _inside(identified=False))
        yield void(row, "contained, somebody else", types, _inside(identified=True))
    row = "Observation: focus and specimen"
    for what, focus in (("a child", "RelatedPerson/child-1"), ("another patient", "Patient/somebody-else")):
        yield void(row, f"focus on {what}", OBSERVATION, put(focus=[ref(focus)]))
    yield void(row, "specimen of somebody else", OBSERVATION, _drawn_from_another)


def _drawn_from_another(resource: Json, _worked: Worked) -> Json:
    inner = {"resourceType": "Specimen", "id": "tube", "subject": ref("Patient/somebody-else")}
    return {**resource, "contained": [inner], "specimen": ref("#tube")}


# ---- what is not understood


def _of_modifiers() -> Iterator[Damage]:
    for kind in (*OF_SUBJECT, "AllergyIntolerance", "ClaimResponse"):
        yield mention(f"{kind}: modifierExtension", "unknown", (kind,), put(modifierExtension=UNKNOWN_MODIFIER))
    row = "Observation: modifierExtension"
    yield held(row, "unknown, on a component", OBSERVATION, _on_component, lambda r, _w: ([_bare(r)],))


def _on_component(resource: Json, _worked: Worked) -> Json | None:
    if not resource.get("component"):
        return None
    parts = [{**part, "modifierExtension": UNKNOWN_MODIFIER} for part in resource["component"]]
    return {**resource, "component": parts}


def _bare(resource: Json) -> Json:
    return {key: value for key, value in resource.items() if key != "component"}


# ---- versions of one resource


def _version(resource: Json, number: str, day: str) -> Json:
    return {**resource, "meta": {**resource.get("meta", {}), "versionId": number, "lastUpdated": f"{day}T12:00:00Z"}}


def _withdrawn(*, numbered: bool, newest_first: bool) -> Edit:
    def edit(resource: Json, _worked: Worked) -> list[Json] | None:
        old, new = _version(resource, "1", "2020-01-01"), _version(copied(resource), "2", "2020-02-02")
        if resource["resourceType"] in ("Condition", "AllergyIntolerance"):
            code = {"coding": [{"code": "entered-in-error"}]}
            new = {key: value for key, value in new.items() if key != "clinicalStatus"} | {"verificationStatus": code}
        else:
            new["status"] = "entered-in-error"
        for one in (old, new) if not numbered else ():
            del one["meta"]["versionId"]
        return [new, old] if newest_first else [old, new]

    return edit


def _corrected(resource: Json, worked: Worked) -> Iterator[Change]:
    """Put beside a result a newer version of it with another value: it counts as if it stood alone."""
    for (other,) in others(resource, worked):
        for turn in (1, -1):
            both = [_version(copied(resource), "1", "2020-01-01"), _version(other, "2", "2020-02-02")]
            yield Change(both[::turn], ([other],), f"{other['valueQuantity']['value']}")


def _of_versions() -> Iterator[Damage]:
    row = "versions: a newer one withdraws it"
    types = (*OF_SUBJECT, "AllergyIntolerance", "ClaimResponse")
    for numbered in (True, False):
        for newest_first in (True, False):
            what = f"{'numbered' if numbered else 'dated'}, {'newest' if newest_first else 'oldest'} first"
            edit = _withdrawn(numbered=numbered, newest_first=newest_first)
            yield void(row, what, types, edit)
    yield Damage("versions: a newer one corrects it", "another value", OBSERVATION, "held", _corrected)
    row = "versions: same version, other content"
    yield never(row, "another value", OBSERVATION, _twice)
    yield never(row, "another code", CONDITION, lambda r, _w: [r, {**copied(r), "code": {"text": "something else"}}])


def _twice(resource: Json, _worked: Worked) -> list[Json] | None:
    return [resource, times(copied(resource), 0.5)] if "valueQuantity" in resource else None


# ---- when it was


def _later(element: str, years: int) -> Edit:
    """Move a day so many years behind the request; 0: into the year 9999."""

    def edit(resource: Json, worked: Worked) -> Json | None:
        if element not in resource:
            return None
        year = f"{int(worked.day[:4]) + years:04}" if years else "9999"
        return {**resource, element: f"{year}-06-15"}

    return edit


def _of_days() -> Iterator[Damage]:
    for kind, element in (
        ("Observation", "effectiveDateTime"), ("Condition", "onsetDateTime"), ("DeviceRequest", "authoredOn"),
        ("ServiceRequest", "authoredOn"),
    ):  # fmt: skip
        row = f"{kind}: when it was"
        if kind != "Condition":
            yield void(row, "in ten years", (kind,), _later(element, 10))
            yield void(row, "year 9999", (kind,), _later(element, 0))
        else:
            yield void(row, "begins in ten years", (kind,), _later(element, 10))
        if kind != "Condition":
            yield void(row, "no date", (kind,), put(**{element: "last spring"}))
    row = "Observation: when it was"
    undated: Edit = lambda r, w: out("effectiveDateTime")({**r, "issued": ""}, w)  # noqa: E731
    # Its number still counts, on whichever day it was taken: only a number that differs keeps the newest open.
    yield held(row, "missing", OBSERVATION, undated, lambda _r, _w: ())
    row, visit = "Encounter: when it was", ("Encounter",)
    yield void(row, "in ten years", visit, lambda r, w: {**r, "period": {"start": f"{int(w.day[:4]) + 10}-06-15"}})
    yield void(row, "missing", visit, out("period"))


# ---- drugs


def _drug(named: Callable[[str], Json]) -> Edit:
    """Name the drug otherwise: ``named`` takes its words."""

    def edit(resource: Json, _worked: Worked) -> Json | None:
        code = resource.pop("medicationCodeableConcept", None)
        return None if code is None else {**resource, **named(words(code))}

    return edit


def _at(reference: str, display: str = "") -> Json:
    return {"medicationReference": {**ref(reference), **({"display": display} if display else {})}}


def _identifier(words: str) -> Json:
    return {"medicationReference": {"identifier": {"system": LOCAL, "value": "DRUG-7"}, "display": words}}


def _withdrawn_drug(resource: Json, _worked: Worked) -> list[Json] | None:
    code = resource.pop("medicationCodeableConcept", None)
    drug = {"resourceType": "Medication", "id": "drug-of-order", "status": "entered-in-error", "code": code}
    return None if code is None else [{**resource, "medicationReference": ref("Medication/drug-of-order")}, drug]


def _dosed(**changes: Any) -> Edit:
    """Change every instruction of an order; ``repeat_*`` its timing."""
    repeat = {key.removeprefix("repeat_"): value for key, value in changes.items() if key.startswith("repeat_")}
    plain = {key: value for key, value in changes.items() if not key.startswith("repeat_")}

    def edit(resource: Json, _worked: Worked) -> Json | None:
        listed = resource.get("dosageInstruction") or resource.get("dosage")
        if not listed:
            return None
        for one in listed:
            one.update(plain)
            if repeat:
                one.setdefault("timing", {}).setdefault("repeat", {}).update(repeat)
        return resource

    return edit


def _untimed(resource: Json, _worked: Worked) -> tuple[list[Json], ...]:
    """Give the order with nothing said of how often: that much is left of one that is not injected so often."""
    made = copied(resource)
    for one in made.get("dosageInstruction") or made.get("dosage") or ():
        one.pop("timing", None)
    return ([made],)


def _of_drugs() -> Iterator[Damage]:
    for types in (PRESCRIPTION, STATEMENT):
        row = f"{types[0]}: drug"
        yield void(row, "reference to nothing", types, _drug(lambda _words: _at("Medication/elsewhere")))
        yield mention(
            row, "by the display of a reference", types, _drug(lambda words: _at("Medication/elsewhere", words))
        )
        yield mention(row, "by an identifier", types, _drug(_identifier))
        yield mention(row, "in words", types, _drug(lambda words: {"medicationCodeableConcept": {"text": words}}))
        local: Callable[[str], Json] = lambda words: {"medicationCodeableConcept": concept(LOCAL, "DRUG-7", words)}  # noqa: E731
        yield mention(row, "of another system", types, _drug(local))
        yield void(row, "entered in error", types, _withdrawn_drug)
        row = f"{types[0]}: how it is given"
        into_a_vein = concept(SNOMED, "47625008", "Intravenous route")
        yield held(row, "into a vein", types, _dosed(route=into_a_vein), _untimed)
        by_the_hour = [
            {"rateQuantity": {"value": 1, "unit": "U/h", "system": "http://unitsofmeasure.org", "code": "U/h"}}
        ]
        yield held(row, "by the hour", types, _dosed(doseAndRate=by_the_hour), _untimed)
        yield held(row, "as needed", types, _dosed(asNeededBoolean=True), _untimed)
        yield held(row, "three times in all", types, _dosed(repeat_count=3), _untimed)


# ---- answers of the payer, allergies


def _of_answers() -> Iterator[Damage]:
    types = ("ClaimResponse",)
    row = "ClaimResponse: outcome, use, insurer"
    yield from (void(row, f"outcome {one}", types, put(outcome=one)) for one in ("queued", "error", "Complete"))
    yield from (void(row, f"use {one}", types, put(use=one)) for one in ("claim", "predetermination"))
    yield void(row, "another insurer", types, put(insurer={"identifier": {"system": "urn:other", "value": "9"}}))
    yield void(row, "no insurer", types, out("insurer"))


CLINICAL: Final[tuple[Damage, ...]] = (
    *_statuses(), *_of_conditions(), *_of_documents(), *_of_orders(), *_of_subjects(), *_of_modifiers(),
    *_of_versions(), *_of_days(), *_of_drugs(), *_of_answers(),
)  # fmt: skip
