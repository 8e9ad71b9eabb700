import pytest

from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import concept, day, order, ref, rows, times

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
