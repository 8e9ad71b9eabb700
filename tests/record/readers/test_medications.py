from typing import Any

import pytest

from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import Json, concept, day, order, ref, rows, times

ASPART = "rxnorm:51428"


def span(row: object) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in ("start_first", "start_last", "end_first", "end_last"))


def statement(**more: object) -> dict[str, object]:
    return {"resourceType": "MedicationStatement", "id": "ms-1", "status": "active", "subject": ref("Patient/pat-1"),
            "medicationCodeableConcept": concept(ASPART), "effectivePeriod": {"start": "2026-02-01"},
            **more}  # fmt: skip


def test_an_active_order_for_insulin_is_treatment_from_the_day_it_was_written() -> None:
    (row,) = rows("insulin_treatment", order(ASPART))
    assert span(row) == (day("2026-01-10"), day("2026-01-10"), LAST_DAY, LAST_DAY)
    assert (row.low, row.high) == (1, 1)


@pytest.mark.parametrize("drug", ["atc:A10AB05", "rxnorm:1605101", "rxnorm:314684"])
def test_insulin_is_known_by_its_ingredient_in_every_code_system(drug: str) -> None:
    assert len(rows("insulin_treatment", order(drug))) == 1


def test_another_drug_is_no_insulin() -> None:
    assert rows("insulin_treatment", order("rxnorm:6809")) == ()


def test_a_product_counts_by_its_ingredients() -> None:
    product = {"resourceType": "Medication", "id": "m", "code": concept("ndc:1"),
               "ingredient": [{"itemReference": ref("Medication/i")}]}  # fmt: skip
    part = {"resourceType": "Medication", "id": "i", "code": concept(ASPART)}
    made = order("x:y", medicationReference=ref("Medication/m"))
    del made["medicationCodeableConcept"]
    assert len(rows("insulin_treatment", product, part, made)) == 1


@pytest.mark.parametrize(
    ("words", "found"), [("insulin glargine pen", [0]), ("Lantus", [0]), ("insulin syringe", []), ("aspirin", [])]
)
def test_words_alone_are_a_hint_and_a_syringe_is_no_insulin(words: str, found: list[int]) -> None:
    made = order("rxnorm:999999")
    made["medicationCodeableConcept"]["text"] = words
    assert [row.low for row in rows("insulin_treatment", made)] == found


def test_a_statement_counts_over_its_period() -> None:
    (row,) = rows("insulin_treatment", statement())
    assert span(row) == (day("2026-02-01"), day("2026-02-01"), LAST_DAY, LAST_DAY)


@pytest.mark.parametrize("status", ["not-taken", "intended", "entered-in-error"])
def test_a_drug_that_is_not_taken_does_not_count(status: str) -> None:
    assert rows("insulin_treatment", statement(status=status)) == ()


def test_a_statement_that_was_only_asserted_began_by_then() -> None:
    (row,) = rows("insulin_treatment", statement(effectivePeriod={}, dateAsserted="2026-04-01"))
    assert span(row)[:2] == (FIRST_DAY, day("2026-04-01"))


def test_a_statement_that_rests_on_a_prescription_says_nothing_of_its_own() -> None:
    written = order(ASPART, repeat=times(3))
    rested = statement(basedOn=[ref(f"MedicationRequest/{written['id']}")])
    assert [row.ref for row in rows("insulin_treatment", written, rested)] == [f"MedicationRequest/{written['id']}"]


def test_an_order_for_a_length_of_time_ends_after_it() -> None:
    made = order(ASPART, repeat={**times(3), "boundsDuration": {"value": 90, "code": "d"}})
    assert span(rows("insulin_treatment", made)[0])[2:] == (day("2026-01-10") + 90,) * 2


def test_a_completed_order_ends_with_its_validity() -> None:
    lasting = {"validityPeriod": {"start": "2026-01-10", "end": "2026-04-10"}}
    done = order(ASPART, status="completed", dispenseRequest=lasting)
    assert span(rows("insulin_treatment", done)[0])[2:] == (day("2026-04-10"),) * 2
    assert rows("insulin_treatment", order(ASPART, dispenseRequest=lasting))[0].ongoing


# ---- what only names a drug, and what is in doubt ----


def referred(*, reference: Json, **more: Any) -> Json:
    made = order("x:y", medicationReference=reference, **more)
    del made["medicationCodeableConcept"]
    return made


def grounds(*resources: dict[str, object]) -> list[tuple[int | None, bool]]:
    return [(row.low, row.ground is None) for row in rows("insulin_treatment", *resources)]


SURE, HINT = (1, True), (0, False)


def test_the_display_or_the_identifier_of_a_reference_only_hints() -> None:
    assert grounds(referred(reference={"display": "insulin aspart 100 units/mL"})) == [HINT]
    assert grounds(referred(reference={"reference": "Medication/none", "display": "Humalog"})) == [HINT]
    by_code = {"identifier": {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "value": "51428"}}
    assert grounds(referred(reference=by_code)) == [HINT]
    assert grounds(referred(reference={"identifier": {"value": "insulin lispro"}})) == [HINT]
    assert grounds(referred(reference={"display": "aspirin"})) == []
    assert grounds(referred(reference={"identifier": {"value": "6809"}})) == []


def test_a_kit_holds_insulin_by_what_it_contains() -> None:
    parts = [
        {"resourceType": "Medication", "id": "kit", "ingredient": [{"itemReference": ref("#vial")}]},
        {"resourceType": "Medication", "id": "vial", "ingredient": [{"itemCodeableConcept": concept(ASPART)}]},
    ]
    assert grounds(referred(reference=ref("#kit"), contained=parts)) == [SURE]
    assert grounds(referred(reference=ref("#kit"), contained=parts[:1])) == []


def test_a_kit_that_holds_itself_ends() -> None:
    kit = {"resourceType": "Medication", "id": "kit", "ingredient": [{"itemReference": ref("#kit")}]}
    assert grounds(referred(reference=ref("#kit"), contained=[kit])) == []


def medication(**more: object) -> dict[str, object]:
    return {"resourceType": "Medication", "id": "m", "code": concept(ASPART), **more}


def test_a_product_that_is_withdrawn_is_no_drug_and_one_in_doubt_hints() -> None:
    made = referred(reference={**ref("Medication/m"), "display": "insulin aspart"})
    assert grounds(made, medication()) == [SURE]
    assert grounds(made, medication(status="active")) == [SURE]
    assert grounds(made, medication(status="entered-in-error")) == []
    assert grounds(made, medication(status="nobody-knows")) == [HINT]
    assert grounds(made, medication(modifierExtension=[{"url": "urn:x"}])) == [HINT]
    strange = [{"itemCodeableConcept": {}, "modifierExtension": [{"url": "urn:x"}]}]
    assert grounds(made, medication(ingredient=strange)) == [HINT]


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("active", [SURE]), ("completed", [SURE]), ("stopped", [SURE]), ("on-hold", [HINT]), ("unknown", [HINT]),
        ("cancelled", []), ("draft", []), ("entered-in-error", []), ("Active", [HINT]), ("", [HINT]),
    ],
)  # fmt: skip
def test_an_order_treats_by_its_status(status: str, found: list[tuple[int, bool]]) -> None:
    assert grounds(order(ASPART, status=status)) == found


def test_a_statement_of_a_prescription_that_is_withdrawn_only_hints() -> None:
    for status, expected in (("active", [SURE]), ("cancelled", [HINT]), ("entered-in-error", [HINT])):
        written = order(ASPART, status=status)
        rested = statement(basedOn=[ref(f"MedicationRequest/{written['id']}")])
        assert grounds(written, rested) == expected
        rested = statement(derivedFrom=[ref(f"MedicationRequest/{written['id']}")])
        assert grounds(written, rested) == expected


def test_an_order_of_a_number_of_doses_lasts_as_long_as_they_do() -> None:
    start = day("2026-01-10")

    def last(repeat: dict[str, object]) -> int:
        (row,) = rows("insulin_treatment", order(ASPART, repeat=repeat))
        found: int = row.end_last
        return found

    assert last({**times(3), "count": 30}) == start + 10
    assert last({**times(3), "count": 30, "countMax": 60}) == start + 20
    assert last({**times(3), "count": 31}) == start + 11
    assert last({"count": 1}) == start + 1
    assert last({"count": 30}) == start + 1
    bounded = {"boundsPeriod": {"start": "2026-01-10", "end": "2026-01-14"}}
    assert last({**times(3), "count": 30, **bounded}) == day("2026-01-14")
    assert last({**times(3), "count": 3, **bounded}) == start + 1
    assert last({**times(3), **bounded}) == day("2026-01-14")
    assert last(times(3)) == LAST_DAY
