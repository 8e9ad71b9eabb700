"""A plain glucose result is a fasting one where its draw is known to be fasting, and nothing says otherwise."""

from typing import Any

import pytest

from tests.record.building import Json, concept, day, observation, quantity, ref, rows

DRAW = "2026-05-14T07:40:00-04:00"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0916"
YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
FACT, TOGETHER = "fasting_glucose", "fasting_glucose_with_c_peptide"


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def glucose(code: str = "2345-7", **more: Any) -> Json:
    return {**observation(f"loinc:{code}", quantity(148, "mg/dL"), DRAW, id="glu", specimen=ref("Specimen/t")), **more}


def tube(fasting: Json | None = None, hours: Json | None = None, **more: Any) -> Json:
    collection: Json = {} if fasting is None else {"fastingStatusCodeableConcept": fasting}
    collection |= {} if hours is None else {"fastingStatusDuration": hours}
    return {"resourceType": "Specimen", "id": "t", "subject": ref("Patient/pat-1"), "collection": collection, **more}


def reported(value: Json, **more: Any) -> Json:
    return {**observation("loinc:49541-6", None, DRAW, id="fast"), **value, **more}


def part(value: Json) -> Json:
    return {"code": concept("loinc:49541-6"), **value}


FASTED, YES = coded(V2, "F"), {"valueCodeableConcept": concept("loinc:LA33-6")}
NO = {"valueCodeableConcept": concept("loinc:LA32-8")}


@pytest.mark.parametrize("code", ["2345-7", "14749-6", "2339-0", "15074-8"])
def test_glucose_of_a_specimen_drawn_fasting_is_fasting_glucose(code: str) -> None:
    (row,) = rows(FACT, glucose(code), tube(FASTED))
    assert (row.low, row.ref, row.specimen, row.first) == (148, "Observation/glu", "Specimen/t", day("2026-05-14"))


def test_glucose_in_moles_is_converted() -> None:
    (row,) = rows(FACT, glucose("14749-6", valueQuantity=quantity(8.2, "mmol/L")), tube(FASTED))
    assert row.low == 148


def test_it_goes_with_the_c_peptide_of_the_same_draw() -> None:
    peptide = observation("loinc:1986-9", quantity(0.3, "ng/mL"), DRAW, id="cpep", specimen=ref("Specimen/t"))
    assert [row.low for row in rows(TOGETHER, peptide, glucose(), tube(FASTED))] == [148]
    assert rows(TOGETHER, peptide, glucose(), tube(coded(V2, "NF"))) == ()


@pytest.mark.parametrize(
    "status",
    [None, coded(V2, "NF"), coded(V2, "NG"), coded(V2, "FNA"), coded("urn:local", "F"), {"text": "fasting"},
     {"coding": [*FASTED["coding"], *coded(V2, "NF")["coding"]]}],
)  # fmt: skip
def test_a_specimen_that_is_not_coded_fasting_says_nothing(status: Json | None) -> None:
    assert rows(FACT, glucose(), tube(status)) == ()


@pytest.mark.parametrize("system", [V2, f"{V2}/", V2.replace("http:", "https:"), "http://hl7.org/fhir/v2/0916"])
def test_the_table_of_hl7_is_known_by_every_name_in_use(system: str) -> None:
    assert len(rows(FACT, glucose(), tube(coded(system, "F")))) == 1


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        (quantity(8, "h"), 1),
        (quantity("7.9", "h"), 0),
        (quantity(480, "min"), 1),
        (quantity(0.5, "d"), 1),
        (quantity(8, "h", ">="), 1),
        (quantity(12, "h", "<"), 0),
        (quantity(4, "h", ">"), 0),
        (quantity(12, "wk"), 0),
        ({"unit": "h"}, 0),
    ],
)
def test_at_least_eight_hours_without_food_are_fasting(hours: Json, found: int) -> None:
    if isinstance(hours.get("value"), str):
        hours = {**hours, "value": float(hours["value"])}
    assert len(rows(FACT, glucose(), tube(hours=hours))) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (YES, 1),
        ({"valueCodeableConcept": coded(YES_NO, "Y")}, 1),
        ({"valueCodeableConcept": concept("snomed:16985007")}, 1),
        ({"valueBoolean": True}, 1),
        (NO, 0),
        ({"valueCodeableConcept": coded(YES_NO, "N")}, 0),
        ({"valueCodeableConcept": coded("urn:local", "Y")}, 0),
        ({"valueBoolean": False}, 0),
        ({"valueString": "Yes"}, 0),
        ({}, 0),
        ({**YES, "dataAbsentReason": concept("x:unknown")}, 0),
    ],
)
def test_a_component_or_an_observation_of_the_draw_says_whether_it_was_fasting(value: Json, found: int) -> None:
    assert len(rows(FACT, glucose(component=[part(value)]))) == found
    assert len(rows(FACT, glucose(), reported(value))) == found
    assert len(rows(FACT, reported(value), glucose())) == found


def test_an_observation_of_the_same_specimen_says_it_whatever_its_time() -> None:
    told = reported(YES, effectiveDateTime="2026-05-15", specimen=ref("Specimen/t"))
    assert len(rows(FACT, glucose(effectiveDateTime="2026-05-14"), told)) == 1
    assert rows(FACT, glucose(), reported(YES, effectiveDateTime="2026-05-14T07:41:00-04:00")) == ()
    assert rows(FACT, glucose(effectiveDateTime="2026-05-14"), reported(YES, effectiveDateTime="2026-05-14")) == ()


def test_what_says_otherwise_or_is_in_doubt_keeps_a_draw_from_being_fasting() -> None:
    assert rows(FACT, glucose(), tube(FASTED), reported(NO)) == ()
    assert rows(FACT, glucose(component=[part(NO)]), tube(FASTED)) == ()
    assert rows(FACT, glucose(), reported(YES, status="Final")) == ()
    assert rows(FACT, glucose(), tube(FASTED), reported(NO, status="unknown")) == ()
    assert rows(FACT, glucose(), tube(FASTED, status="entered-in-error")) == ()
    assert rows(FACT, glucose(), tube(FASTED, modifierExtension=[{"url": "urn:not"}])) == ()
    modified = {"fastingStatusCodeableConcept": FASTED, "modifierExtension": [{"url": "urn:not"}]}
    assert rows(FACT, glucose(), tube(collection=modified)) == ()


def test_that_nobody_asked_says_neither() -> None:
    assert len(rows(FACT, glucose(component=[part(YES)]), tube(coded(V2, "NG")))) == 1


def test_a_status_that_was_withdrawn_says_nothing() -> None:
    assert rows(FACT, glucose(), reported(YES, status="entered-in-error")) == ()
    assert len(rows(FACT, glucose(), tube(FASTED), reported(NO, status="entered-in-error"))) == 1


def test_glucose_within_a_panel_is_read_from_its_component() -> None:
    panel = observation("loinc:24323-8", None, DRAW, id="panel", specimen=ref("Specimen/t"))
    panel["component"] = [{"code": concept("loinc:2345-7"), "valueQuantity": quantity(148, "mg/dL")}]
    assert [(row.low, row.ref) for row in rows(FACT, panel, tube(FASTED))] == [(148, "Observation/panel")]
    assert rows(FACT, panel, tube()) == ()


def test_a_fasting_result_in_doubt_or_that_cannot_be_read_is_a_mention() -> None:
    for made in (glucose(status="Final"), glucose(valueQuantity=None, valueString="148")):
        (row,) = rows(FACT, {key: value for key, value in made.items() if value is not None}, tube(FASTED))
        assert (row.low, row.high) == (None, None)
        assert row.fault


def test_a_preliminary_result_counts_until_a_final_one_of_the_draw() -> None:
    early = glucose(status="preliminary", id="early", valueQuantity=quantity(201, "mg/dL"))
    assert [row.low for row in rows(FACT, early, tube(FASTED))] == [201]
    assert [row.low for row in rows(FACT, early, glucose(), tube(FASTED))] == [148]
    said = {**early, "component": [part(YES)]}
    assert rows(FACT, said, glucose(component=[part(NO)])) == ()


def test_plain_glucose_of_which_nothing_is_known_stays_what_it_was() -> None:
    assert rows(FACT, glucose()) == ()
    named = glucose(code="2345-7")
    named["code"] = {**named["code"], "text": "Glucose, fasting"}
    (row,) = rows(FACT, named)
    assert (row.low, row.fault) == (None, "named by words or by a code that is not known")
    assert [row.low for row in rows(FACT, named, tube(FASTED))] == [148]


def test_a_code_of_fasting_glucose_needs_no_more() -> None:
    assert len(rows(FACT, glucose("1558-6"), tube(coded(V2, "NF")))) == 1
