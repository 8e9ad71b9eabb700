from collections.abc import Iterable

import pytest

from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Period, Row, Source, Whole, ground_of
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import (
    REQUESTED,
    Json,
    bundle,
    day,
    device_order,
    form,
    item,
    on,
    quantity,
    read,
    read_any,
    ref,
    request,
    rows,
    yes,
)

STATED = day("2026-06-14")
CODE = {"valueCoding": {"code": "upgrade"}}


def a1c(value: float = 8.1, unit: str = "%", **more: object) -> dict[str, object]:
    return {"valueQuantity": quantity(value, unit), **more}


def answers(found: Iterable[Row]) -> list[Answer]:
    return [row for row in found if isinstance(row, Answer)]


def dated(text: str) -> dict[str, object]:
    return item("hba1c.date", on(text))


def test_an_attestation_is_yes_or_no_on_the_day_it_was_stated() -> None:
    (row,) = rows("motivated", form(item("motivated", yes(False))))
    assert (row.text, row.first, row.source, row.ref) == ("no", STATED, Source.ANSWER, "QuestionnaireResponse/qr-1")


def test_an_attestation_in_words_is_a_mention_and_said() -> None:
    made = request(form(item("motivated", {"valueString": "yes"})))
    assert [(row.text, row.ground) for row in answers(made.rows["motivated"])] == [
        (UNREAD, "the answer: expected valueBoolean")
    ]
    assert made.warnings == ("QuestionnaireResponse/qr-1: motivated: expected valueBoolean; it does not count",)


def test_two_statements_are_both_kept_with_their_days() -> None:
    newer = form(item("motivated", yes(False)), id="qr-2", authored="2026-06-15")
    assert [(row.text, row.first) for row in rows("motivated", form(item("motivated", yes())), newer)] == [
        ("yes", STATED), ("no", STATED + 1),
    ]  # fmt: skip


@pytest.mark.parametrize("answer", [CODE, {"valueString": "upgrade"}])
def test_an_attribute_is_one_of_its_values(answer: dict[str, object]) -> None:
    assert [row.text for row in rows("request_kind", form(item("request_kind", answer)))] == ["upgrade"]


def test_an_unknown_value_makes_a_mention_and_a_warning_without_the_value() -> None:
    made = request(form(item("replacement_reason", {"valueString": "dropped by Mary"})))
    assert [row.text for row in answers(made.rows["replacement_reason"])] == [UNREAD]
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
    (unread,) = rows("infusion_hours", form(item("infusion_hours", {"valueQuantity": quantity(3, "kg")})))
    assert (unread.text, unread.low, unread.high) == (UNREAD, None, None)


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


def test_a_measurement_without_a_date_was_taken_by_the_day_of_the_form() -> None:
    (row,) = rows("hba1c", form(item("hba1c", a1c())))
    assert (row.first, row.last) == (FIRST_DAY, STATED)


def test_a_measurement_in_a_wrong_unit_or_none_is_unknown() -> None:
    assert rows("hba1c", form(item("hba1c", a1c(8, "kg"))))[0].fault is not None
    (row,) = rows("hba1c", form(item("hba1c", {"valueDecimal": 8})))
    assert (row.low, row.high, row.fault) == (None, None, "the answer: expected a valueQuantity")


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


def test_none_is_how_a_question_about_a_state_a_regimen_or_a_statement_is_answered_with_no() -> None:
    (stated,) = rows("motivated", form(item("motivated.none", yes())))
    assert stated.text == "no"
    (never,) = rows("insulin_injections", form(item("insulin_injections.none", yes())))
    assert (never.start_last, never.ongoing, never.low, never.high) == (FIRST_DAY, True, 0, 0)
    absent = [row for row in rows("cgm_use", form(item("cgm_use.none", yes()))) if isinstance(row, Period)]
    assert [(row.start_last, row.low, row.high) for row in absent] == [(FIRST_DAY, 0, 0)]
    assert whole(item("cgm_use.none", yes())) == []
    beside = form(item("motivated", yes()), item("motivated.none", yes()))
    assert [row.text for row in rows("motivated", beside)] == ["yes"]
    (mention,) = rows("motivated", form(item("motivated.none", {"valueString": "none"})))
    assert mention.ground is not None


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


def test_a_regimen_without_a_number_or_that_ends_before_it_begins_is_a_mention() -> None:
    for given in (regimen(yes(), "2025-01-01"), regimen({"valueDecimal": 4}, "2026-01-01", "2025-01-01")):
        (row,) = rows("insulin_injections", form(given))
        assert (row.low, row.high, row.start_first, row.end_last) == (0, None, FIRST_DAY, LAST_DAY)


def pregnancy(*parts: dict[str, object]) -> list[object]:
    found = rows("pregnancy", form(item("pregnancy", parts=parts)))
    return sorted(found, key=lambda row: isinstance(row, Whole))


def test_a_condition_with_dates_and_no_value_is_present() -> None:
    before, row = sorted(pregnancy(item("pregnancy.from", on("2026-02-01"))), key=lambda one: one.low)  # type: ignore[attr-defined]  # both are periods
    assert isinstance(before, Period)
    assert isinstance(row, Period)
    assert (row.low, row.high, row.start_first, row.end_last) == (1, 1, day("2026-02-01"), LAST_DAY)
    assert (before.low, before.high, before.start_first, before.end_last) == (0, 0, FIRST_DAY, day("2026-01-31"))


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


def test_the_supplier_settles_documents_and_orders_and_mentions_the_rest() -> None:
    said = form(
        item("hba1c", a1c(item=[dated("2026-05-01")])), item("pregnancy.value", yes(False)),
        item("letter_of_medical_necessity_signed_on", on("2026-06-01")),
        item("coverage_program", {"valueString": "medicaid"}),
        author=ref("Organization/dme-1"),
    )  # fmt: skip
    made = request(said, device_order())
    (lab,), (state,), (program,) = (made.rows[name] for name in ("hba1c", "pregnancy", "coverage_program"))
    assert isinstance(lab, Measurement)
    assert (lab.low, lab.high, lab.fault) == (None, None, "said by the supplier, who cannot settle it")
    assert isinstance(state, Period)
    assert (state.low, state.high) == (0, 1)
    assert isinstance(program, Answer)
    assert program.text == UNREAD
    assert [row.text for row in answers(made.rows["letter_of_medical_necessity_signed_on"])] == ["2026-06-01"]


# ---- every kind of fact with an answer of every other type ----

TYPES: dict[str, Json] = {
    "boolean": yes(),
    "integer": {"valueInteger": 3},
    "decimal": {"valueDecimal": 3.5},
    "date": on("2026-06-01"),
    "dateTime": {"valueDateTime": "2026-06-01T10:00:00Z"},
    "string": {"valueString": "certainly"},
    "coding": {"valueCoding": {"code": "surprise"}},
    "quantity": {"valueQuantity": quantity(8.1, "%")},
    "kilograms": {"valueQuantity": quantity(8.1, "kg")},
    "quantity without a number": {"valueQuantity": {"unit": "%"}},
    "time": {"valueTime": "10:00:00"},
    "uri": {"valueUri": "http://example.org"},
    "reference": {"valueReference": ref("Patient/pat-1")},
    "attachment": {"valueAttachment": {"title": "scan"}},
}
NUMBERS = {"integer", "decimal"}
DATES = {"date", "dateTime"}
# a fact of each kind -> where its value is answered, the types that can be read, the part in the ground
KINDS: dict[str, tuple[str, set[str]]] = {
    "motivated": ("motivated", {"boolean"}),
    "request_kind": ("request_kind", set()),
    "warranty_ends_on": ("warranty_ends_on", DATES),
    "infusion_hours": ("infusion_hours", NUMBERS),
    "rental_months_used": ("rental_months_used", NUMBERS),
    "hba1c": ("hba1c", {"quantity"}),
    "ketoacidosis": ("ketoacidosis", DATES),
    "insulin_injections": ("insulin_injections.value", NUMBERS),
    "pregnancy": ("pregnancy.value", {"boolean"}),
    "end_stage_complication": ("end_stage_complication", set()),
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("fact", KINDS)
def test_an_answer_of_a_type_that_a_fact_does_not_take_is_a_mention_with_its_ground(fact: str, kind: str) -> None:
    link, readable = KINDS[fact]
    found = [row for row in rows(fact, form(item(link, TYPES[kind]))) if row.source is Source.ANSWER]
    grounds = [ground_of(row) for row in found]
    assert found
    if kind not in readable:
        assert len(found) == 1
        assert grounds[0], (fact, kind)
        if isinstance(found[0], Answer):
            assert found[0].text == UNREAD
        else:
            assert (found[0].low, found[0].high) in ((None, None), (0, None), (0, 1))
    elif fact == "hba1c":
        assert grounds == ["without a date"]
    else:
        assert grounds == [None] * len(found)


@pytest.mark.parametrize(
    ("fact", "part", "answer"),
    [
        ("ketoacidosis", "none", {"valueString": "none"}),
        ("hba1c", "none", {"valueInteger": 1}),
        ("pregnancy", "from", {"valueString": "spring"}),
        ("pregnancy", "until", {"valueDate": "2026-13-01"}),
        ("insulin_injections", "from", {"valueBoolean": True}),
    ],
)
def test_a_part_that_cannot_be_read_is_a_mention_that_names_the_part(fact: str, part: str, answer: Json) -> None:
    found = list(rows(fact, form(item(f"{fact}.{part}", answer))))
    assert len(found) == 1
    assert (ground_of(found[0]) or "").startswith(f"{part}: expected ")


def test_a_judgment_in_the_case_that_says_yes_is_no_silence() -> None:
    (row,) = rows("end_stage_complication", form(item("end_stage_complication", yes())))
    assert (row.text, row.source) == (UNREAD, Source.ANSWER)
    assert rows("end_stage_complication", form(item("end_stage_complication", yes(False)))) == ()


def test_a_stated_beginning_says_that_it_was_absent_before() -> None:
    said = form(item("pregnancy", parts=[item("pregnancy.from", on("2026-03"))]))
    absent, present = sorted(rows("pregnancy", said), key=lambda row: row.low)
    assert (absent.low, absent.high, absent.start_first) == (0, 0, FIRST_DAY)
    assert (absent.end_first, absent.end_last) == (day("2026-02-28"), day("2026-03-30"))
    assert (present.start_first, present.start_last) == (day("2026-03-01"), day("2026-03-31"))
    assert [row.low for row in rows("pregnancy", form(item("pregnancy", yes())))] == [1]


# ---- what a supplier says ----


def supplied(*items: Json) -> Json:
    return form(*items, id="qr-2", author=ref("Organization/dme-1"))


def test_what_a_supplier_says_of_a_clinical_fact_is_a_mention_of_every_kind() -> None:
    said = supplied(
        item("motivated", yes()), item("hba1c", a1c()), dated("2026-06-01"), item("ketoacidosis", on("2026-06-01")),
        item("ketoacidosis.complete_from", on("2020-01-01")), item("pregnancy", yes()),
        item("insulin_injections.value", {"valueInteger": 4}),
        item("primary_diagnosis", {"valueString": "type-1-diabetes"}),
    )  # fmt: skip
    made = request(said, device_order())
    for fact in ("motivated", "hba1c", "ketoacidosis", "pregnancy", "insulin_injections", "primary_diagnosis"):
        (row,) = made.rows[fact]
        assert ground_of(row) == "said by the supplier, who cannot settle it", fact
        assert row.source is Source.ANSWER


def test_what_a_supplier_only_repeats_is_left_out() -> None:
    practice = form(item("motivated", yes()), item("hba1c", a1c()), dated("2026-06-01"), item("pregnancy", yes()))
    again = supplied(item("motivated", yes()), item("hba1c", a1c()), dated("2026-06-01"), item("pregnancy", yes()))
    made = request(practice, again, device_order())
    for fact in ("motivated", "hba1c", "pregnancy"):
        assert [row.ref for row in made.rows[fact]] == ["QuestionnaireResponse/qr-1"], fact


def test_what_a_supplier_says_otherwise_is_a_mention_beside_what_the_practice_says() -> None:
    practice = form(item("motivated", yes()), item("hba1c", a1c()), dated("2026-06-01"))
    for other in (supplied(item("motivated", yes(False))), supplied(item("hba1c", a1c(9)), dated("2026-06-01")),
                  supplied(item("hba1c", a1c()), dated("2026-06-02"))):  # fmt: skip
        made = request(practice, other, device_order())
        fact = "motivated" if other["item"][0]["linkId"] == "motivated" else "hba1c"
        assert sorted(ground_of(row) is None for row in made.rows[fact]) == [False, True]


def test_a_supplier_who_cannot_be_read_repeats_nothing() -> None:
    practice = form(item("motivated", {"valueString": "yes"}))
    made = request(practice, supplied(item("motivated", {"valueString": "yes"})), device_order())
    assert len(made.rows["motivated"]) == 2


# ---- on which days a form can have been filled in ----


def counts(authored: str | None, timestamp: str | None = None, **changes: Json) -> bool:
    source = bundle(form(item("motivated", yes()), authored=authored), **changes)
    if timestamp is not None:
        source["timestamp"] = timestamp
    (row,) = read_any(source).requests[0].rows["motivated"]
    return ground_of(row) is None


@pytest.mark.parametrize(
    ("authored", "timestamp", "found"),
    [
        ("2026-06-14", None, True),
        ("1980-05-01", None, True),
        ("1980-04-30", None, False),
        ("2027-06-16", None, True),
        ("2027-06-17", None, False),
        ("2026-06-20", "2026-06-20T00:00:00Z", True),
        ("2026-06-21", "2026-06-20T23:00:00Z", False),
        ("2026-06-14", "2026-06-20T00:00:00Z", True),
        ("2030-01-01", "2031-01-01T00:00:00Z", True),
        ("2027-06-17", "soon", False),
        ("2026", None, True),
        ("2026", "2026-06-20T00:00:00Z", False),
        ("soon", None, False),
        (None, None, False),
    ],
)
def test_a_form_was_filled_in_between_birth_and_the_day_of_the_bundle(
    authored: str | None, timestamp: str | None, *, found: bool
) -> None:
    assert counts(authored, timestamp) is found


@pytest.mark.parametrize(
    ("fact", "settles"),
    [("letter_of_medical_necessity_signed_on", True), ("prescription_signed_on", True), ("warranty_ends_on", None)],
)
def test_a_supplier_attaches_documents(fact: str, *, settles: bool | None) -> None:
    made = request(supplied(item(fact, on("2026-06-01"))), device_order())
    found = [row for row in answers(made.rows[fact]) if row.ref == "QuestionnaireResponse/qr-2"]
    assert found, fact
    if settles:
        assert [(row.source, row.text, row.ground) for row in found] == [(Source.ANSWER, "2026-06-01", None)]
