"""What speaks of a result and cannot be read as one is a mention of it: it ends silence and proves nothing."""

import pytest

from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Period, Row, ground_of
from priorauth.values.dates import FIRST_DAY
from tests.record.building import Json, concept, day, observation, quantity, ref, rows

A1C = "loinc:4548-4"


def mention(fact: str, *resources: Json) -> Row:
    (row,) = rows(fact, *resources)
    assert isinstance(row, Measurement | Event | Period | Answer)
    assert ground_of(row) is not None
    return row


def report(**more: object) -> Json:
    return {"resourceType": "DiagnosticReport", "id": "rep-1", "status": "final", "subject": ref("Patient/pat-1"),
            "code": concept(A1C), "effectiveDateTime": "2026-06-02", **more}  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [{"valueString": "7.1"}, {"valueInteger": 7}, {"valueRange": {"low": {"value": 7}}}, {"valueBoolean": True},
     {"valueRatio": {"numerator": {"value": 7}}}, {"valueCodeableConcept": {"text": "7.1 %"}}],
    ids=lambda value: next(iter(value)),
)  # fmt: skip
def test_a_value_that_is_no_quantity_is_a_mention_with_the_element_as_its_ground(value: Json) -> None:
    row = mention("hba1c", observation(A1C, **value))
    assert isinstance(row, Measurement)
    assert (row.low, row.high, row.first) == (None, None, day("2026-06-01"))
    assert next(iter(value)) in str(ground_of(row))


def test_a_result_that_is_said_to_be_absent_is_none() -> None:
    assert rows("hba1c", observation(A1C, dataAbsentReason=concept("urn:x:unknown"))) == ()


def test_a_result_named_by_words_alone_is_a_mention() -> None:
    made = observation("urn:local:1", quantity(8.1, "%"))
    made["code"]["text"] = "Hemoglobin A1c"
    row = mention("hba1c", made)
    assert "named by words" in str(ground_of(row))


def test_a_result_that_a_report_holds_in_itself_is_a_mention_of_the_reports_day() -> None:
    inner = {"resourceType": "Observation", "id": "in", "status": "final", "code": concept(A1C),
             "valueQuantity": quantity(6.0, "%")}  # fmt: skip
    row = mention("hba1c", report(contained=[inner], result=[ref("#in")]))
    assert isinstance(row, Measurement)
    assert (row.ref, row.first) == ("DiagnosticReport/rep-1", day("2026-06-02"))


def test_a_contained_result_that_was_withdrawn_is_none() -> None:
    inner = {"resourceType": "Observation", "id": "in", "status": "entered-in-error", "code": concept(A1C),
             "valueQuantity": quantity(6.0, "%")}  # fmt: skip
    assert rows("hba1c", report(contained=[inner], result=[ref("#in")])) == ()


def test_a_report_whose_results_are_on_file_says_nothing_more() -> None:
    made = observation(A1C, quantity(8.1, "%"))
    (row,) = rows("hba1c", made, report(result=[ref("Observation/obs-1")]))
    assert ground_of(row) is None


def test_a_report_that_names_no_result_on_file_is_a_mention() -> None:
    assert "without a result" in str(ground_of(mention("hba1c", report())))
    assert "without a result" in str(ground_of(mention("hba1c", report(result=[ref("Observation/elsewhere")]))))


def test_a_mention_without_a_date_may_be_of_any_day_until_the_request() -> None:
    row = mention("hba1c", observation(A1C, None, None, valueString="7.1"))
    assert isinstance(row, Measurement)
    assert row.first == FIRST_DAY


def test_an_attribute_in_doubt_is_an_answer_that_nobody_can_read() -> None:
    made = observation("loinc:13926-1", None, status="unknown", valueCodeableConcept={"text": "positive"})
    row = mention("beta_cell_autoantibody", made)
    assert isinstance(row, Answer)
    assert row.text == UNREAD


def test_a_contained_result_in_doubt_is_a_mention_that_says_why() -> None:
    for state in ("unknown", "registered", "Final"):
        inner = {"resourceType": "Observation", "id": "in", "status": state, "code": concept(A1C),
                 "valueQuantity": quantity(6.0, "%")}  # fmt: skip
        row = mention("hba1c", report(contained=[inner], result=[ref("#in")]))
        assert "status" in str(ground_of(row))
