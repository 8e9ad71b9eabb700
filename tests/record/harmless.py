"""Changes that say nothing against an approval: it stays. Failing closed is not failing always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from tests.record.damage import CPT, ICD10, LOCAL, LOINC, SNOMED, concept, ref, times
from tests.record.damages_of_requests import PAS
from tests.record.damages_of_results import HBA1C
from tests.record.mention import condition, device, encounter, form, item, procedure, result
from tests.record.worked import Case, Json, Worked, changed, copied, name

Harmless = Callable[[Worked], Case | None]

SUCCEEDS: Final = "a1c"
"""The one final result beside a preliminary one of its day: as preliminary ones the two would contradict each other."""


def _entries(change: Callable[[Json], Json]) -> Harmless:
    """Change every entry."""

    def made(worked: Worked) -> Case:
        entries = [change(copied(entry)) for entry in worked.case.bundle["entry"]]
        return replace(worked.case, bundle={**worked.case.bundle, "entry": entries})

    return made


def _resources(change: Callable[[Json], Json]) -> Harmless:
    return _entries(lambda entry: {**entry, "resource": change(entry["resource"])})


def _of(kind: str, change: Callable[[Json], Json]) -> Harmless:
    return _resources(lambda one: change(one) if one["resourceType"] == kind else one)


def _beside(make: Callable[[Worked], Json]) -> Harmless:
    """Put a resource into the Bundle."""
    return lambda worked: changed(worked.case, None, [make(worked)])


def _ordered(worked: Worked) -> Case:
    first, *rest = worked.case.bundle["entry"]
    return replace(worked.case, bundle={**worked.case.bundle, "entry": [first, *reversed(rest)]})


# ---- names


def _walked(value: Any, rename: Callable[[str], str]) -> Any:
    """Rename what references point to."""
    if isinstance(value, dict):
        return {
            key: rename(one) if key == "reference" and isinstance(one, str) else _walked(one, rename)
            for key, one in value.items()
        }
    return [_walked(one, rename) for one in value] if isinstance(value, list) else value


def _renamed(worked: Worked, new: Callable[[int, str], tuple[str, str, str]]) -> Case:
    """Give every resource another id, fullUrl and reference."""
    entries = worked.case.bundle["entry"]
    names = {name(entry["resource"]): new(turn, name(entry["resource"])) for turn, entry in enumerate(entries)}

    def rename(reference: str) -> str:
        return names[reference][2] if reference in names else reference

    made = []
    for entry in entries:
        resource, (number, url, _) = _walked(entry["resource"], rename), names[name(entry["resource"])]
        made.append({**entry, "fullUrl": url, "resource": {**resource, "id": number}})
    judgments = _walked(worked.case.judgments, rename)
    return replace(worked.case, bundle={**worked.case.bundle, "entry": made}, judgments=judgments)


def _other_ids(worked: Worked) -> Case:
    def new(turn: int, old: str) -> tuple[str, str, str]:
        kind = old.partition("/")[0]
        return f"x{turn}", f"https://ehr.example.org/fhir/{kind}/x{turn}", f"{kind}/x{turn}"

    return _renamed(worked, new)


def _absolute(worked: Worked) -> Case:
    def new(_turn: int, old: str) -> tuple[str, str, str]:
        url = f"https://another.example.net/r4/{old}"
        return old.partition("/")[2], url, url

    return _renamed(worked, new)


def _by_uuid(worked: Worked) -> Case:
    def new(turn: int, old: str) -> tuple[str, str, str]:
        url = f"urn:uuid:5b2c7a10-0000-4000-8000-{turn:012}"
        return old.partition("/")[2], url, url

    return _renamed(worked, new)


def _versioned(worked: Worked) -> Case:
    return replace(
        worked.case, bundle=_walked(worked.case.bundle, lambda one: one if one.startswith("#") else f"{one}/_history/1")
    )


# ---- what is not read


def _unread(kind: str, **more: Any) -> Callable[[Worked], Json]:
    return lambda worked: {"resourceType": kind, "id": "put-in", "subject": ref(name(worked.patient)), **more}


def _withdrawn_result(status: str) -> Harmless:
    """Put in a newer result that was withdrawn."""

    def made(worked: Worked) -> Case | None:
        found = next((one for one in worked.resources if HBA1C(one) and "valueQuantity" in one), None)
        if found is None:
            return None
        other = times(copied(found), 0.5)
        other.update(id="put-in", status=status, effectiveDateTime=worked.day)
        return changed(worked.case, None, [other])

    return made


def _spelled(unit: str) -> Harmless:
    """Write percent as laboratories do."""

    def change(one: Json) -> Json:
        if HBA1C(one) and one.get("valueQuantity", {}).get("code") == "%":
            one["valueQuantity"] = {"value": one["valueQuantity"]["value"], "unit": unit}
        return one

    return _of("Observation", change)


def _twice(worked: Worked) -> Case:
    """Give every clinical resource twice, letter by letter."""
    kinds = ("Observation", "Condition", "Encounter", "DocumentReference")
    again = [copied(one) for one in worked.resources if one["resourceType"] in kinds]
    return changed(worked.case, None, again)


def _not_cancelled(worked: Worked) -> Case:
    claim = copied(worked.claim)
    for one in claim["item"]:
        one["modifierExtension"] = [{"url": f"{PAS}/modifierextension-infoCancelledFlag", "valueBoolean": False}]
    return changed(worked.case, None, [], {name(claim): claim})


TEXT: Final = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">end stage renal disease</div>'}
TAG: Final = [{"system": "urn:example:tags", "code": "reviewed"}]
ENTERED_IN_ERROR: Final = {"coding": [{"code": "entered-in-error"}]}


def _lines() -> Iterator[tuple[str, Harmless]]:
    yield "the order of entries", _ordered
    yield "other ids", _other_ids
    yield "another server, absolute references", _absolute
    yield "urn:uuid references", _by_uuid
    yield "references to a version", _versioned
    yield "a narrative", _resources(lambda one: {**one, "text": TEXT})
    yield "a tag", _resources(lambda one: {**one, "meta": {**one.get("meta", {}), "tag": TAG}})
    yield "a version", _resources(lambda one: {**one, "meta": {**one.get("meta", {}), "versionId": "7"}})
    yield (
        "an extension",
        _resources(
            lambda one: {
                **one,
                "extension": [*one.get("extension", ()), {"url": "https://example.org/x", "valueString": "y"}],
            }
        ),
    )
    yield "everything twice", _twice
    yield "an item that is not withdrawn", _not_cancelled
    for status in ("amended", "corrected"):
        yield (
            f"results {status}",
            _of(
                "Observation",
                lambda one, status=status: {**one, "status": status} if one["status"] == "final" else one,  # type: ignore[misc]
            ),
        )
    yield (
        "results preliminary, none final",
        _of(
            "Observation",
            lambda one: {**one, "status": "preliminary"} if one["status"] == "final" and one["id"] != SUCCEEDS else one,
        ),
    )
    yield (
        "forms amended",
        _of("QuestionnaireResponse", lambda one: {**one, "status": "amended"} if one["status"] == "completed" else one),
    )
    for unit in ("% of total Hgb", "%{NGSP}", "%Hgb", "% (NGSP)"):
        yield f"percent written {unit}", _spelled(unit)
    for kind in ("CarePlan", "Immunization", "Appointment", "Communication", "Media", "Basic"):
        yield f"a {kind}", _beside(_unread(kind))
    yield "a finished task of nobody", _beside(lambda _w: {"resourceType": "Location", "id": "put-in"})
    pulse = concept(LOINC, "8867-4", "Heart rate")
    yield "a pulse", _beside(lambda w: result(w, pulse, valueQuantity={"value": 70, "unit": "/min", "code": "/min"}))
    yield "a result of nobody's code", _beside(lambda w: result(w, concept(LOCAL, "Q7"), valueString="see report"))
    yield "a result of no member", _beside(lambda w: result(w, pulse, subject={"display": "the member"}))
    yield (
        "a healthy kidney",
        _beside(
            lambda w: result(w, concept(LOINC, "98979-8"), valueQuantity={"value": 92, "unit": "mL/min/{1.73_m2}"})
        ),
    )
    over = {"value": 60, "comparator": ">", "unit": "mL/min/1.73m2"}
    yield "a kidney over 60", _beside(lambda w: result(w, concept(LOINC, "98979-8"), valueQuantity=over))
    for status in ("entered-in-error", "cancelled"):
        yield f"a newer result {status}", _withdrawn_result(status)
    for status in ("refuted", "entered-in-error"):
        yield (
            f"end-stage renal disease {status}",
            _beside(
                lambda w, status=status: condition(  # type: ignore[misc]
                    w,
                    concept(ICD10, "N18.6"),
                    verificationStatus={"coding": [{"code": status}]},
                    clinicalStatus={"coding": []},
                )
            ),
        )
    yield "dialysis not done", _beside(lambda w: procedure(w, concept(CPT, "90935", "Hemodialysis"), status="not-done"))
    yield (
        "a visit for dialysis cancelled",
        _beside(lambda w: encounter(w, status="cancelled", type=[concept(SNOMED, "302497006", "Hemodialysis")])),
    )
    yield (
        "a pacemaker entered in error",
        _beside(lambda w: device(w, type=concept(SNOMED, "14106009", "Cardiac pacemaker"), status="entered-in-error")),
    )
    yield "high blood pressure", _beside(lambda w: condition(w, concept(ICD10, "I10", "Essential hypertension")))
    yield "high blood pressure in words", _beside(lambda w: condition(w, {"text": "Essential hypertension"}))
    yield (
        "an early kidney disease",
        _beside(lambda w: condition(w, concept(ICD10, "N18.2", "Chronic kidney disease, stage 2 (mild)"))),
    )
    yield "a procedure", _beside(lambda w: procedure(w, concept(CPT, "45378", "Diagnostic colonoscopy")))
    yield (
        "a form entered in error",
        _beside(
            lambda w: form(w, item("unable_to_monitor_glucose", {"valueBoolean": True}), status="entered-in-error")
        ),
    )
    yield "a form of no facts", _beside(lambda w: form(w, item("favorite_color", {"valueString": "green"})))


HARMLESS: Final[tuple[tuple[str, Harmless], ...]] = tuple(_lines())
