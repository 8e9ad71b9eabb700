"""When an observation was made, on which sample, and in which element its value stands."""

import pytest

from priorauth.fhir.elements import Quantity
from priorauth.fhir.structs import Observation
from priorauth.record.readers.observed import says, written
from priorauth.values.dates import FIRST_DAY
from tests.record.building import Json, day, observation, quantity, read, ref, rows

A1C = "loinc:4548-4"


def a1c(**more: object) -> Json:
    return observation(A1C, quantity(8.1, "%"), None, **more)


def days(*resources: Json) -> tuple[int, int]:
    (row,) = rows("hba1c", *resources)
    return row.first, row.last


def test_an_instant_dates_a_result() -> None:
    assert days(a1c(effectiveInstant="2026-06-01T12:00:00Z")) == (day("2026-06-01"), day("2026-06-01"))


def test_a_period_that_ends_at_midnight_ends_the_day_before() -> None:
    made = a1c(effectivePeriod={"start": "2026-06-01", "end": "2026-06-03T00:00:00Z"})
    assert days(made) == (day("2026-06-01"), day("2026-06-02"))


def test_a_result_without_a_date_of_its_own_is_dated_by_its_specimen() -> None:
    specimen = {"resourceType": "Specimen", "id": "s-1", "subject": ref("Patient/pat-1"),
                "collection": {"collectedDateTime": "2026-05-20"}}  # fmt: skip
    assert days(a1c(specimen=ref("Specimen/s-1"), issued="2026-06-01T12:00:00Z"), specimen) == (
        day("2026-05-20"),
        day("2026-05-20"),
    )


def test_a_result_that_says_only_when_it_was_issued_was_made_by_then() -> None:
    assert days(a1c(issued="2026-06-01T12:00:00Z")) == (FIRST_DAY, day("2026-06-01"))


def test_a_date_that_is_none_is_said_and_dates_nothing() -> None:
    made = read(a1c(effectiveDateTime="last spring"))
    assert any("effective is no FHIR date" in text for text in made.warnings)


def test_a_sample_of_somebody_else_says_nothing_of_the_patient() -> None:
    def drawn_from(patient: str) -> Json:
        specimen = {"resourceType": "Specimen", "id": "s", "subject": ref(patient)}
        return observation(A1C, quantity(8.1, "%"), specimen=ref("#s"), contained=[specimen])

    assert len(rows("hba1c", drawn_from("Patient/pat-1"))) == 1
    assert rows("hba1c", drawn_from("Patient/pat-2")) == ()
    assert any("its specimen is of somebody else" in text for text in read(drawn_from("Patient/pat-2")).warnings)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (">59 mL/min", (59, ">")),
        ("≥ 60", (60, ">=")),
        ("  7.5 %", (7.5, "")),
        ("7,5", None),
        ("about 7", None),
        ("120/80", None),
        ("2026-06-01", None),
        ("", None),
    ],
)
def test_a_text_gives_a_number_only_where_it_begins_with_one(text: str, found: tuple[float, str] | None) -> None:
    made = written(text)
    if found is None:
        assert made == Quantity()
    else:
        assert (float(made.value or 0), made.comparator) == found


def test_a_value_says_in_which_element_it_stands() -> None:
    assert says(Observation(id="o")) == ""
    assert says(Observation(id="o", value_string="high")) == "valueString"
    assert says(Observation(id="o", value_boolean=False)) == "valueBoolean"
    assert says(Observation(id="o", value_integer=0)) == "valueInteger"
    assert says(Observation(id="o", value_quantity=Quantity())) == "valueQuantity"
