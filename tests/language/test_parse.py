"""A line of a policy becomes its form, or one fault that says where and what was expected."""

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from priorauth.language import forms as f
from priorauth.language.parse import MAX_CHARACTERS, LeafFault, parse, parse_reading
from priorauth.values.dates import Duration
from tests.language.leaves import Drawn, leaves

WORDS = """
    latest no any share of above at least count days with daily average spread sum longest gap between and
    throughout lasts documented is one age years on before since within while worse than by judged refused > >= < <= = ,
    7 7.0 % mg/dL 2026-10-02 2026-13-02 12 months day hba1c x E0784 request [iU]/d 99999999999999999999 ٣ (
"""


def fault(text: str, readings: dict[str, f.Amount | f.Length] | None = None) -> tuple[int, str]:
    with pytest.raises(LeafFault) as caught:
        parse(text, readings)
    return caught.value.column, caught.value.message


# ---- what can be said


@settings(max_examples=500)
@given(leaves())
def test_what_is_written_is_what_is_read(drawn: Drawn) -> None:
    text, form = drawn
    assert parse(text) == form


@given(leaves())
def test_blanks_between_words_do_not_matter(drawn: Drawn) -> None:
    text, form = drawn
    assert parse(f"  {text.replace(' ', '   ')}\t").fact == form.fact


def test_before_after_within_belongs_to_the_window() -> None:
    read = parse("any x within 2 months before enrollment")
    assert read == f.AnyRow("x", None, (f.Within(f.Length(Duration(2, "month")), "enrollment"),))


def test_a_number_behind_a_count_without_a_window_is_the_count_and_with_more_behind_it_a_test_of_each_row() -> None:
    three, two = f.Amount(Fraction(3), None, None, "3"), f.Amount(Fraction(2), None, None, "2")
    assert parse("count of x > 3") == f.Count("x", None, (), f.Compare(">", three))
    assert parse("days with x > 3") == f.DaysWith("x", None, (), f.Compare(">", three))
    assert parse("count of x > 3 >= 2") == f.Count("x", f.Compare(">", three), (), f.Compare(">=", two))
    assert parse("days with x > 3 >= 2") == f.DaysWith("x", f.Compare(">", three), (), f.Compare(">=", two))


def test_a_fact_may_bear_the_name_of_a_word_of_the_language() -> None:
    assert parse("within") == f.Stated("within")
    assert parse("latest latest > 3 %").fact == "latest"


def test_a_value_may_be_a_word_of_the_language() -> None:
    assert parse("x is none") == f.Is("x", ("none",))
    assert parse("x is one of one, of") == f.Is("x", ("one", "of"))


@pytest.mark.parametrize("unit", ["%", "mg/dL", "mL/min/{1.73_m2}", "[iU]/d", "{USD}", "/d", "a", "mo", "10"])
def test_a_unit_of_any_spelling_stays_as_written(unit: str) -> None:
    text = f"latest x > 7 {unit}"
    if unit == "10":  # a second number is no unit
        assert fault(text)[0] == 14
    else:
        read = parse(text)
        assert isinstance(read, f.Latest)
        assert read.compare
        assert read.compare.amount.unit == unit


# ---- readings


def test_a_reading_stands_in_for_a_number_and_for_a_length() -> None:
    limit, length = parse_reading("7.5 %", "limit"), parse_reading("12 months", "age_of_result")
    read = parse("latest hba1c within age_of_result > limit", {"limit": limit, "age_of_result": length})
    assert read == f.Latest(
        "hba1c",
        (f.Within(f.Length(Duration(12, "month"), "age_of_result")),),
        f.Compare(">", f.Amount(Fraction(15, 2), "%", "limit", "7.5 %")),
    )


def test_a_reading_of_the_wrong_kind_is_refused_where_it_stands() -> None:
    readings = {"limit": parse_reading("7.5 %", "limit"), "span": parse_reading("1 year", "span")}
    assert fault("latest hba1c within limit > 7 %", readings) == (
        21,
        "reading limit: expected a length of time, it is a number",
    )
    assert fault("latest hba1c > span", readings) == (16, "reading span: expected a number, it is a length of time")


def test_a_reading_that_nobody_gave_is_refused_where_it_stands() -> None:
    assert fault("latest hba1c within hba1c_age > 7 %") == (21, "no reading is named 'hba1c_age'")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("3", f.Amount(Fraction(3), None, "r", "3")),
        ("7.5 %", f.Amount(Fraction(15, 2), "%", "r", "7.5 %")),
        ("1 day", f.Length(Duration(1, "day"), "r")),
        ("12 months", f.Length(Duration(12, "month"), "r")),
        ("0.5 months", f.Amount(Fraction(1, 2), "months", "r", "0.5 months")),
    ],
)
def test_a_reading_is_a_number_with_a_unit_or_a_length(text: str, reading: f.Amount | f.Length) -> None:
    assert parse_reading(text, "r") == reading


@pytest.mark.parametrize("text", ["", " ", "often", "-3 months", "-1 %", "NaN", "Infinity %", "9" * 40])
def test_a_reading_that_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(LeafFault, match="reading r: expected"):
        parse_reading(text, "r")


# ---- faults


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("latest hba1c > ", 15, "expected a date or a name or a number, found the end"),
        ("", 1, "found the end"),
        ("age < 21", 9, "expected years, found the end"),
        ("x is one of y", 14, "expected a comma, found the end"),
        ("latest hba1c > 7.0 % extra", 22, "expected the end, found 'extra'"),
        ("count of x within 6 moons >= 2", 21, "expected days, weeks, months or years, found 'moons'"),
        ("latest hba1c within 1.5 months > 7 %", 21, "expected a whole number of months"),
        ("x > 2015-13-01", 5, "expected a date that exists, found '2015-13-01'"),
        ("x > 2015-02-29", 5, "expected a date that exists, found '2015-02-29'"),
        ("HbA1c > 7 %", 1, "found 'HbA1c'"),
        ("latest hba1c > 99999999999999999999 %", 16, "expected a finite number of at most 18 digits"),
        ("latest hba1c > ٣ %", 16, "found '٣'"),
        ("latest hba1c > \u00a07 %", 16, "found '\\xa07'"),
        ("latest hba1c > -7 %", 16, "found '-7'"),
    ],
)
def test_a_fault_says_where_and_what_was_expected(text: str, column: int, message: str) -> None:
    found = fault(text)
    assert found[0] == column
    assert message in found[1]


def test_a_line_that_is_too_long_is_refused_before_it_is_read() -> None:
    assert fault("x" * (MAX_CHARACTERS + 1)) == (1, f"expected at most {MAX_CHARACTERS} characters, found 401")
    assert parse("x" * MAX_CHARACTERS) == f.Stated("x" * MAX_CHARACTERS)


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)))
@example("latest hba1c\n within x > 3 %")
@example("latest hba1c\u00a0> 7 %")
@example("latest hba1c > 7.0 %\u200b")
def test_any_text_gives_a_form_or_one_fault_within_the_text(text: str) -> None:
    found = read(text)
    if isinstance(found, LeafFault):
        assert 1 <= found.column <= len(text) + 1
        assert found.message
        assert "\n" not in found.message
    else:
        assert found.fact


def read(text: str) -> f.Form | LeafFault:
    try:
        return parse(text)
    except LeafFault as caught:
        return caught
