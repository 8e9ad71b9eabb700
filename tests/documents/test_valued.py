"""What a proposal comes to: values, units, dates and bounds by the tables of a record; what does not follow is said."""

from __future__ import annotations

from fractions import Fraction

import pytest

from priorauth.documents import valued
from priorauth.documents.valued import Speaking, Unread, amount_of, unread, when
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole, ground_of
from priorauth.record.quantities import Amount
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, When
from tests.documents.stated import SCALES, WORDS, says

OF, SEEN = dates.day("2026-11-10"), dates.day("2026-09-22")
BY = Speaking(SCALES, Source.DOCUMENT, "document 3#page=2&at=118", When(OF, OF))


def rows(fact: str, value: str = "yes", date: str | None = None, **more: object) -> tuple[Row, ...]:
    return valued.rows(says(fact, value, date, **more), BY)


@pytest.mark.parametrize(
    ("fact", "text", "amount"),
    [
        ("hba1c", "8.4 %", Amount(84, 84)),
        ("hba1c", "8.4", Amount(84, 84)),
        ("hba1c", "71 mmol/mol", Amount(86, 86)),
        ("hba1c", "8.44 %", Amount(84, 84)),
        ("c_peptide", "<0.1 ng/mL", Amount(None, 10, high_open=True)),
        ("hba1c", ">14 %", Amount(140, None, low_open=True)),
        ("insulin_injections", "4-6 /d", Amount(40, 60)),
        ("insulin_injections", ">=4 /d", Amount(40, None)),
        ("body_weight", "156 lbs", Amount(708, 708)),
    ],
)
def test_a_value_is_read_with_the_units_of_its_fact(fact: str, text: str, amount: Amount) -> None:
    assert amount_of(WORDS[fact], text, SCALES) == amount


@pytest.mark.parametrize(
    ("fact", "text", "ground"),
    [
        ("hba1c", "high", valued.ANOTHER_VALUE),
        ("hba1c", "84 %", "no plausible value"),
        ("hba1c", "8.4 furlong", "is not a unit of hba1c"),
        ("hba1c", "8.4 % or so, 9", "is not a unit of hba1c"),
        ("insulin_injections", "6-4 /d", valued.ANOTHER_VALUE),
        ("hba1c", "<7-8 %", valued.ANOTHER_VALUE),
        ("hba1c", "9" * 400, valued.ANOTHER_VALUE),
        ("hba1c", "", valued.ANOTHER_VALUE),
    ],
)
def test_a_value_that_does_not_follow_is_none(fact: str, text: str, ground: str) -> None:
    with pytest.raises(Unread, match=ground):
        amount_of(WORDS[fact], text, SCALES)


def test_a_date_may_be_partial_or_a_span_and_one_that_cannot_be_is_none() -> None:
    day = dates.day
    assert when("2026-11-10") == (OF, OF, None, None)
    assert when("2026-08") == (day("2026-08-01"), day("2026-08-31"), None, None)
    assert when("2026-09-27/2026-10-07") == (day("2026-09-27"), day("2026-10-07"), None, None)
    assert when(None) is when(" ") is None
    for text in ("2026-13-01", "soon", "0001-01-01", "2026-10-07/2026-09-27", "2026/2027/2028"):
        with pytest.raises(Unread, match=valued.ANOTHER_DAY):
            when(text)


def test_a_result_has_its_day_and_one_without_was_by_that_of_the_document_and_settles_nothing() -> None:
    (dated,) = rows("hba1c", "8.4 %", "2026-10-02")
    assert isinstance(dated, Measurement)
    assert (dated.first, dated.low, dated.source, ground_of(dated)) == (dates.day("2026-10-02"), 84, "document", None)
    (bare,) = rows("hba1c", "8.4 %")
    assert isinstance(bare, Measurement)
    assert (bare.first, bare.last, ground_of(bare)) == (FIRST_DAY, OF, "without a date")


def test_an_event_may_carry_its_number_and_how_often_it_was_is_no_event() -> None:
    (low,) = rows("hypoglycemia", "44 mg/dL", "2026-09-22")
    assert isinstance(low, Event)
    assert (low.low, low.high) == (44, 44)
    (visit,) = rows("prescriber_visit", "yes", "2026-09-22")
    assert visit == Event("prescriber_visit", Source.DOCUMENT, BY.ref, first=SEEN, last=SEEN)
    with pytest.raises(Unread, match=valued.HOW_OFTEN):
        rows("hypoglycemia", "9 x")


def test_a_condition_and_a_regimen_go_on_from_the_day_that_is_said_or_had_begun_by_that_of_the_document() -> None:
    (since,) = rows("type_1_diabetes", since="2004")
    assert isinstance(since, Period)
    assert (since.start_first, since.start_last) == (dates.day("2004-01-01"), dates.day("2004-12-31"))
    assert (since.end_first, since.end_last, since.low, since.high) == (LAST_DAY, LAST_DAY, 1, 1)
    (shots,) = rows("insulin_injections", "4-6 /d", "2026-10-06")
    assert isinstance(shots, Period)
    assert (shots.start_first, shots.start_last, shots.low, shots.high) == (FIRST_DAY, dates.day("2026-10-06"), 40, 60)
    (over,) = rows("insulin_pump_use", until="2021-03-05")
    assert isinstance(over, Period)
    assert (over.start_last, over.end_first, over.end_last) == (*[dates.day("2021-03-05")] * 3,)
    with pytest.raises(Unread, match=valued.ANOTHER_DAY):
        rows("insulin_pump_use", since="2022", until="2021")


def test_what_is_denied_was_not_up_to_the_day_of_the_document_and_that_is_a_persons_word() -> None:
    assert rows("ketoacidosis", "none", "2026-11-10", polarity="denied") == (
        Whole("ketoacidosis", Source.ANSWER, BY.ref, FIRST_DAY, OF),
    )
    assert rows("ketoacidosis", "no", polarity="denied", since="2025-11-10") == (
        Whole("ketoacidosis", Source.ANSWER, BY.ref, dates.day("2025-11-10"), OF),
    )
    absent, whole = rows("pregnancy", "no", polarity="denied")
    assert isinstance(absent, Period)
    assert (absent.low, absent.high, absent.start_first, absent.end_last) == (0, 0, FIRST_DAY, OF)
    assert whole == Whole("pregnancy", Source.ANSWER, BY.ref, FIRST_DAY, OF)
    (none,) = rows("insulin_injections", "none", polarity="denied")
    assert isinstance(none, Period)
    assert (none.low, none.high) == (0, 0)


def test_a_statement_is_of_the_day_as_of_which_the_document_speaks() -> None:
    (yes,) = rows("motivated")
    assert yes == Answer("motivated", Source.DOCUMENT, BY.ref, "yes", OF, OF)
    (no,) = rows("motivated", "yes", polarity="denied")
    assert isinstance(no, Answer)
    assert no.text == "no"
    (signed,) = rows("prescription_signed_on", "2026-11-02", "2026-11-02")
    assert isinstance(signed, Answer)
    assert (signed.text, signed.low, signed.high) == ("2026-11-02", *[dates.day("2026-11-02")] * 2)
    (months,) = rows("life_expectancy", "6 mo")
    assert isinstance(months, Answer)
    assert (months.low, months.high) == (60, 60)


@pytest.mark.parametrize(
    ("fact", "value", "more"),
    [
        ("motivated", "perhaps", {}),
        ("replacement_reason", "colour", {}),
        ("replacement_reason", "lost", {"polarity": "denied"}),
        ("prescription_signed_on", "", {}),
        ("life_expectancy", ">6 mo", {}),
    ],
)
def test_a_statement_that_is_none_of_its_fact_does_not_follow(fact: str, value: str, more: dict[str, str]) -> None:
    with pytest.raises(Unread):
        rows(fact, value, **more)


@pytest.mark.parametrize("fact", ["hba1c", "ketoacidosis", "pregnancy", "insulin_injections", "motivated"])
def test_what_does_not_follow_is_a_mention_with_its_ground_and_never_a_number(fact: str) -> None:
    row = unread(says(fact, "?"), BY, "why")
    assert ground_of(row) == "why"
    assert getattr(row, "low", None) in (None, 0)
    assert getattr(row, "high", None) in (None, 1)


def test_a_value_was_rounded_from_one_of_those_around_it() -> None:
    assert valued.written(WORDS["hba1c"], "8 %", SCALES) == (Fraction(75), Fraction(85))
    assert valued.written(WORDS["hba1c"], "8.4 %", SCALES) == (Fraction("83.5"), Fraction("84.5"))
    for text in (">8 %", "high", "8 furlong"):
        assert valued.written(WORDS["hba1c"], text, SCALES) is None
