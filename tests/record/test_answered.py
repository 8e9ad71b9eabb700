import pytest

from priorauth.facts.rows import Event, Measurement, Period, Source, Whole
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY
from tests.record.building import (
    REQUESTED,
    Json,
    day,
    device_order,
    form,
    item,
    on,
    quantity,
    read,
    ref,
    request,
    rows,
    yes,
)

STATED = day("2026-06-14")
CODE = {"valueCoding": {"code": "upgrade"}}


def a1c(value: float = 8.1, unit: str = "%", **more: object) -> dict[str, object]:
    return {"valueQuantity": quantity(value, unit), **more}


def dated(text: str) -> dict[str, object]:
    return item("hba1c.date", on(text))


def test_an_attestation_is_yes_or_no_on_the_day_it_was_stated() -> None:
    (row,) = rows("motivated", form(item("motivated", yes(False))))
    assert (row.text, row.first, row.source, row.ref) == ("no", STATED, Source.ANSWER, "QuestionnaireResponse/qr-1")


def test_an_attestation_in_words_is_ignored_and_said() -> None:
    made = request(form(item("motivated", {"valueString": "yes"})))
    assert "motivated" not in made.rows
    assert made.warnings == ("QuestionnaireResponse/qr-1: motivated: expected valueBoolean; ignored",)


def test_two_statements_are_both_kept_with_their_days() -> None:
    newer = form(item("motivated", yes(False)), id="qr-2", authored="2026-06-15")
    assert [(row.text, row.first) for row in rows("motivated", form(item("motivated", yes())), newer)] == [
        ("yes", STATED), ("no", STATED + 1),
    ]  # fmt: skip


@pytest.mark.parametrize("answer", [CODE, {"valueString": "upgrade"}])
def test_an_attribute_is_one_of_its_values(answer: dict[str, object]) -> None:
    assert [row.text for row in rows("request_kind", form(item("request_kind", answer)))] == ["upgrade"]


def test_an_unknown_value_makes_no_row_and_a_warning_without_the_value() -> None:
    made = request(form(item("replacement_reason", {"valueString": "dropped by Mary"})))
    assert "replacement_reason" not in made.rows
    assert "replacement_reason: expected one of worn-out" in made.warnings[0]
    assert "Mary" not in made.warnings[0]


def test_a_date_attribute_is_a_day() -> None:
    (row,) = rows("warranty_ends_on", form(item("warranty_ends_on", on("2027-01-02"))))
    assert (row.text, row.low, row.high) == ("2027-01-02", day("2027-01-02"), day("2027-01-02"))
    (row,) = rows("warranty_ends_on", form(item("warranty_ends_on", on("2027-01"))))
    assert (row.low, row.high) == (day("2027-01-01"), day("2027-01-31"))


def test_a_number_attribute_is_in_its_own_unit_or_converted() -> None:
    for answer, multiple in (
        ({"valueInteger": 10}, 100),
        ({"valueDecimal": 10.25}, 103),
        ({"valueQuantity": quantity(30, "min")}, 5),
    ):
        assert rows("infusion_hours", form(item("infusion_hours", answer)))[0].low == multiple
    assert rows("infusion_hours", form(item("infusion_hours", {"valueQuantity": quantity(3, "kg")}))) == ()


def test_a_whole_number_attribute_is_a_number_of_months() -> None:
    assert rows("rental_months_used", form(item("rental_months_used", {"valueInteger": 7})))[0].low == 7


@pytest.mark.parametrize(
    "items",
    [
        [item("hba1c", a1c(), parts=[dated("2026-05-01")])],
        [item("hba1c", a1c(item=[dated("2026-05-01")]))],
        [item("hba1c", a1c()), dated("2026-05-01")],
    ],
)
def test_a_measurement_is_dated_by_its_date_wherever_that_stands(items: list[dict[str, object]]) -> None:
    (row,) = rows("hba1c", form(*items))
    assert (row.low, row.first, row.last) == (81, day("2026-05-01"), day("2026-05-01"))


def test_results_of_several_items_and_answers_keep_their_own_dates() -> None:
    nested = [item("hba1c", a1c(8.0, item=[dated("2026-01-01")]), a1c(9.0, item=[dated("2026-02-01")]))]
    beside = [item("hba1c", a1c(8.0)), dated("2026-01-01"), item("hba1c", a1c(9.0)), dated("2026-02-01")]
    for items in (nested, beside):
        found = rows("hba1c", form(*items))
        assert [(row.low, row.first) for row in found] == [(80, day("2026-01-01")), (90, day("2026-02-01"))]


def test_a_measurement_without_a_date_has_none() -> None:
    (row,) = rows("hba1c", form(item("hba1c", a1c())))
    assert (row.first, row.last) == ANY_DAY[:2]


def test_a_measurement_in_a_wrong_unit_or_none_is_unknown() -> None:
    assert rows("hba1c", form(item("hba1c", a1c(8, "kg"))))[0].fault is not None
    assert rows("hba1c", form(item("hba1c", {"valueDecimal": 8}))) == ()


def test_a_date_without_a_result_is_ignored() -> None:
    assert rows("hba1c", form(dated("2026-05-01"))) == ()


def test_an_event_is_one_answer_each() -> None:
    found = rows(
        "hypoglycemia", form(item("hypoglycemia", on("2026-04-01"), {"valueDateTime": "2026-03-01T10:00:00Z"}))
    )
    assert [(type(row), row.first) for row in found] == [(Event, day("2026-03-01")), (Event, day("2026-04-01"))]
    assert found[0].minute is not None


def whole(*items: dict[str, object]) -> list[tuple[int, int]]:
    return [(row.first, row.last) for row in rows("hypoglycemia", form(*items)) if isinstance(row, Whole)]


def test_none_at_all_makes_the_record_whole_until_it_was_stated() -> None:
    assert whole(item("hypoglycemia.none", yes())) == [(FIRST_DAY, STATED)]
    assert whole(item("hypoglycemia", parts=[item("hypoglycemia.none", yes())])) == [(FIRST_DAY, STATED)]
    assert whole(item("hypoglycemia.none", yes(False))) == []


def test_none_beside_events_is_ignored() -> None:
    assert whole(item("hypoglycemia", on("2026-04-01")), item("hypoglycemia.none", yes())) == []


def test_a_record_is_whole_over_the_span_that_is_stated_and_never_beyond_the_statement() -> None:
    start, end = (
        item("hypoglycemia.complete_from", on("2026-01-01")),
        item("hypoglycemia.complete_until", on("2026-03-01")),
    )
    assert whole(start, end) == [(day("2026-01-01"), day("2026-03-01"))]
    assert whole(start) == [(day("2026-01-01"), STATED)]
    assert whole(end) == [(FIRST_DAY, day("2026-03-01"))]
    assert whole(start, item("hypoglycemia.complete_until", on("2027-01-01"))) == [(day("2026-01-01"), STATED)]
    assert whole(item("hypoglycemia.complete_from", on("2026-07-01"))) == []


def test_a_partial_date_makes_the_record_whole_over_no_more_than_is_certain() -> None:
    start, end = item("hypoglycemia.complete_from", on("2026-01")), item("hypoglycemia.complete_until", on("2026-03"))
    assert whole(start, end) == [(day("2026-01-31"), day("2026-03-01"))]


def test_a_repeating_group_states_several_whole_spans() -> None:
    groups = [
        item("hypoglycemia.complete", parts=[item("from", on(first)), item("until", on(last))])
        for first, last in (("2026-01-01", "2026-01-31"), ("2026-03-01", "2026-03-31"))
    ]
    assert whole(item("hypoglycemia", on("2026-01-15")), *groups) == [
        (day("2026-01-01"), day("2026-01-31")), (day("2026-03-01"), day("2026-03-31")),
    ]  # fmt: skip


def test_a_measurement_may_be_whole_too() -> None:
    found = rows("hba1c", form(item("hba1c.none", yes())))
    assert [type(row) for row in found] == [Whole]


def regimen(value: Json, start: str | None = None, end: str | None = None) -> dict[str, object]:
    parts = [item("insulin_injections.value", value)]
    parts += [item("insulin_injections.from", on(start))] if start else []
    parts += [item("insulin_injections.until", on(end))] if end else []
    return item("insulin_injections", parts=parts)


def test_a_regimen_is_a_number_over_a_span() -> None:
    (row,) = rows("insulin_injections", form(regimen({"valueDecimal": 4}, "2025-06-10")))
    assert (row.low, row.high, row.start_first, row.end_last) == (40, 40, day("2025-06-10"), LAST_DAY)
    (row,) = rows(
        "insulin_injections", form(regimen({"valueQuantity": quantity(28, "/wk")}, "2025-06-10", "2026-01-01"))
    )
    assert (row.low, row.end_first, row.end_last) == (40, day("2026-01-01"), day("2026-01-01"))


def test_a_regimen_of_no_stated_start_began_by_the_day_of_the_statement() -> None:
    (row,) = rows("insulin_injections", form(regimen({"valueDecimal": 4})))
    assert (row.start_first, row.start_last) == (FIRST_DAY, STATED)


def test_a_regimen_may_be_stated_beside_and_repeat() -> None:
    beside = [item("insulin_injections.value", {"valueDecimal": 3}), item("insulin_injections.from", on("2025-01-01")),
              item("insulin_injections.until", on("2025-12-31")), item("insulin_injections.value", {"valueDecimal": 4}),
              item("insulin_injections.from", on("2026-01-01"))]  # fmt: skip
    assert [(row.low, row.start_first) for row in rows("insulin_injections", form(*beside))] == [
        (30, day("2025-01-01")), (40, day("2026-01-01")),
    ]  # fmt: skip


def test_a_regimen_without_a_number_or_that_ends_before_it_begins_is_ignored() -> None:
    assert rows("insulin_injections", form(regimen(yes(), "2025-01-01"))) == ()
    assert rows("insulin_injections", form(regimen({"valueDecimal": 4}, "2026-01-01", "2025-01-01"))) == ()


def pregnancy(*parts: dict[str, object]) -> list[object]:
    found = rows("pregnancy", form(item("pregnancy", parts=parts)))
    return sorted(found, key=lambda row: isinstance(row, Whole))


def test_a_condition_with_dates_and_no_value_is_present() -> None:
    (row,) = pregnancy(item("pregnancy.from", on("2026-02-01")))
    assert isinstance(row, Period)
    assert (row.low, row.high, row.start_first, row.end_last) == (1, 1, day("2026-02-01"), LAST_DAY)


def test_an_absent_condition_is_absent_and_whole_at_all_times_up_to_the_statement() -> None:
    absent, closed = pregnancy(item("pregnancy.value", yes(False)))
    assert isinstance(absent, Period)
    assert (absent.low, absent.high, absent.start_first, absent.end_last) == (0, 0, FIRST_DAY, STATED)
    assert isinstance(closed, Whole)
    assert (closed.first, closed.last) == (FIRST_DAY, STATED)


def test_an_absent_condition_with_dates_is_absent_over_them() -> None:
    parts = [
        item("pregnancy.value", yes(False)),
        item("pregnancy.from", on("2026-01-01")),
        item("pregnancy.until", on("2026-02-01")),
    ]
    absent, closed = pregnancy(*parts)
    assert isinstance(absent, Period)
    assert isinstance(closed, Whole)
    assert (
        (absent.start_first, absent.end_last) == (closed.first, closed.last) == (day("2026-01-01"), day("2026-02-01"))
    )


def test_a_condition_may_be_answered_directly() -> None:
    assert [row.low for row in rows("pregnancy", form(item("pregnancy", yes()))) if isinstance(row, Period)] == [1]


def test_an_empty_group_says_nothing() -> None:
    assert pregnancy() == []
    assert rows("pregnancy", form(item("pregnancy", parts=[item("pregnancy.value")]))) == ()


def test_a_judgment_in_the_case_is_ignored_and_said() -> None:
    made = request(form(item("only_for_convenience", yes(False))))
    assert "only_for_convenience" not in made.rows
    assert "a judgment is not read from the case" in made.warnings[0]


def test_settling_a_criterion_in_the_case_is_ignored_and_said() -> None:
    assert read(form(item("settle.II.A.T.7", yes()))).warnings == (
        "QuestionnaireResponse/qr-1: ignored, no facts: settle.II.A.T.7",
    )


def test_a_questionnaire_without_a_date_is_of_the_day_of_the_claim() -> None:
    assert rows("motivated", form(item("motivated", yes()), authored=None))[0].first == day(REQUESTED)


def test_the_supplier_settles_documents_and_orders_and_shows_the_rest() -> None:
    said = form(
        item("hba1c", a1c(item=[dated("2026-05-01")])), item("pregnancy.value", yes(False)),
        item("letter_of_medical_necessity_signed_on", on("2026-06-01")),
        item("coverage_program", {"valueString": "medicaid"}),
        author=ref("Organization/dme-1"),
    )  # fmt: skip
    made = request(said, device_order())
    assert {row.source for row in made.rows["hba1c"]} == {Source.SHOWN}
    assert {row.source for row in made.rows["pregnancy"]} == {Source.SHOWN}
    assert {row.source for row in made.rows["coverage_program"]} == {Source.SHOWN}
    assert {row.source for row in made.rows["letter_of_medical_necessity_signed_on"]} == {Source.ANSWER}
    assert isinstance(made.rows["hba1c"][0], Measurement)
