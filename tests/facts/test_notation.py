"""Rows written by hand are read as they are meant, and what cannot be meant is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary
from priorauth.facts.notation import MAX_DAILY, Notation
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.values import dates, strict_yaml, units
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY


def read(text: str) -> dict[str, tuple[Row, ...]]:
    top = strict_yaml.read_bytes(f"given:\n  {text}\n".encode(), "cases.yaml")
    return dict(Notation("cases.yaml", vocabulary.load(), units.load()).rows(top["given"]))


def one(text: str) -> Row:
    (rows,) = read(text).values()
    (row,) = rows
    return row


def fault(text: str) -> str:
    with pytest.raises(PolicyFaults) as caught:
        read(text)
    (found,) = caught.value.faults
    assert found.place == "line 2"
    return found.message


DAY = dates.day("2026-10-02")

# ---- measurements


def test_a_result_is_held_in_tenths_of_a_percent() -> None:
    row = one("hba1c: [{on: 2026-10-02, value: 8.1 %, ref: a1c-3}]")
    assert row == Measurement("hba1c", Source.RECORD, "a1c-3", DAY, DAY, low=81, high=81)


def test_a_result_in_another_unit_is_converted() -> None:
    row = one("hba1c: [{on: 2026-10-02, value: 53 mmol/mol}]")
    assert isinstance(row, Measurement)
    assert (row.low, row.high) == (70, 70)


@pytest.mark.parametrize(
    ("value", "ends"),
    [
        ("> 14 %", (140, None, True, False)),
        (">= 14 %", (140, None, False, False)),
        ("< 4 %", (None, 40, False, True)),
        ("<= 4 %", (None, 40, False, False)),
        (">14 %", (140, None, True, False)),
    ],
)
def test_a_result_with_a_comparator_has_one_end(value: str, ends: tuple[int | None, int | None, bool, bool]) -> None:
    row = one(f'hba1c: [{{on: 2026-10-02, value: "{value}"}}]')
    assert isinstance(row, Measurement)
    assert (row.low, row.high, row.low_open, row.high_open) == ends


def test_a_result_in_a_unit_that_cannot_be_converted_says_why_it_has_no_number() -> None:
    row = one("hba1c: [{on: 2026-10-02, value: 8 mg/dL}]")
    assert isinstance(row, Measurement)
    assert (row.low, row.high, row.fault) == (None, None, "unit mg/dL does not become %")


def test_a_result_without_a_date_may_be_of_any_day() -> None:
    row = one("hba1c: [{value: 8.1 %, source: answer}]")
    assert isinstance(row, Measurement)
    assert (row.first, row.last, row.source) == (ANY_DAY.first, ANY_DAY.last, Source.ANSWER)


def test_results_of_one_draw_share_a_specimen() -> None:
    row = one("c_peptide: [{on: 2026-05-05, value: 0.8 ng/mL, specimen: s1}]")
    assert isinstance(row, Measurement)
    assert row.specimen == "s1"


def test_a_partial_date_is_all_the_days_it_may_be() -> None:
    row = one("hba1c: [{on: 2026-10, value: 8.1 %}]")
    assert isinstance(row, Measurement)
    assert (row.first, row.last) == (dates.day("2026-10-01"), dates.day("2026-10-31"))


# ---- events and wholeness


def test_events_may_be_written_as_bare_days() -> None:
    rows = read("prescriber_visit: [2026-01-10, {on: 2026-10-02}]")["prescriber_visit"]
    assert [row.ref for row in rows] == ["prescriber_visit-1", "prescriber_visit-2"]
    assert rows[1] == Event("prescriber_visit", Source.RECORD, "prescriber_visit-2", DAY, DAY)
    assert read("prescriber_visit: 2026-01-10")["prescriber_visit"][0].ref == "prescriber_visit-1"


def test_so_many_a_day_includes_both_days() -> None:
    rows = read("glucose_self_test: [{daily: 4, from: 2026-10-02, until: 2026-10-04, ref: m}]")["glucose_self_test"]
    assert len(rows) == 12
    assert {row.first for row in rows if isinstance(row, Event)} == {DAY, DAY + 1, DAY + 2}
    assert len({row.ref for row in rows}) == 12
    assert rows[0].ref == "m-2026-10-02-1"


def test_wholeness_is_a_span_of_days_by_whoever_states_it() -> None:
    row = one("ketoacidosis: [{whole: true, from: 2026-10-02, until: 2026-10-02, source: answer}]")
    assert row == Whole("ketoacidosis", Source.ANSWER, "ketoacidosis-1", DAY, DAY)


# ---- regimens and conditions


def test_a_regimen_without_an_end_is_still_so() -> None:
    row = one("insulin_injections: [{value: 4 /d, from: 2026-10-02}]")
    assert isinstance(row, Period)
    assert row.ongoing
    assert (row.start_first, row.start_last, row.low, row.high) == (DAY, DAY, 40, 40)


@pytest.mark.parametrize(("word", "ends"), [("yes", (1, 1)), ("no", (0, 0)), ("maybe", (0, 1))])
def test_a_condition_is_present_absent_or_only_hinted_at(word: str, ends: tuple[int, int]) -> None:
    for text in (f"pregnancy: [{{value: {word}}}]", f"pregnancy: {word}", f"pregnancy: [{{is: {word}}}]"):
        row = one(text)
        assert isinstance(row, Period)
        assert (row.low, row.high) == ends
        assert (row.start_first, row.end_last) == (FIRST_DAY, LAST_DAY)


def test_the_ends_of_a_condition_may_be_known_in_part() -> None:
    row = one("pregnancy: [{from: 2026-03, until: 2026-11}]")
    assert isinstance(row, Period)
    assert (row.start_last - row.start_first, row.end_last - row.end_first) == (30, 29)


# ---- statements


def test_a_statement_may_stand_alone_or_with_its_day() -> None:
    assert one("motivated: yes") == Answer("motivated", Source.RECORD, "motivated-1", "yes")
    row = one("motivated: [{is: no, on: 2026-10-02, source: answer, ref: q}]")
    assert row == Answer("motivated", Source.ANSWER, "q", "no", DAY, DAY)


def test_a_statement_keeps_its_minute() -> None:
    row = one('motivated: [{is: no, on: "1970-01-01T01:00:00Z"}]')
    assert isinstance(row, Answer)
    assert row.minute == 60


def test_an_attribute_is_a_code_a_number_or_a_day() -> None:
    assert one("request_kind: initial") == Answer("request_kind", Source.RECORD, "request_kind-1", "initial")
    number, day = one("reservoir_volume: 3 mL"), one("birth_date: 2005-11")
    assert isinstance(number, Answer)
    assert (number.text, number.low, number.high) == ("3 mL", 3000, 3000)
    assert isinstance(day, Answer)
    assert (day.text, day.low, day.high) == ("2005-11", dates.day("2005-11-01"), dates.day("2005-11-30"))


def test_a_statement_names_the_roles_of_who_made_it() -> None:
    def author(text: str) -> str | None:
        row = one(f"motivated: [{{is: yes, by: {text}}}]")
        assert isinstance(row, Answer)
        return row.author

    assert author("physician") == "physician"
    assert author('[prescriber, "educator?", practice]') == "educator? practice prescriber"
    assert author("none") == ""
    plain = one("motivated: yes")
    assert isinstance(plain, Answer)
    assert plain.author is None


def test_a_role_that_nobody_knows_is_refused_with_the_one_perhaps_meant() -> None:
    with pytest.raises(PolicyFaults, match=r"no role is named 'suplier'.*did you mean 'supplier'"):
        one("motivated: [{is: yes, by: suplier}]")


def test_a_judgment_is_a_judgment_where_nobody_says_otherwise() -> None:
    assert one("hba1c_exception_granted: yes").source is Source.JUDGMENT
    assert one("hba1c_exception_granted: [{is: yes, source: answer}]").source is Source.ANSWER


def test_a_clinician_may_settle_any_criterion() -> None:
    assert one("settle.II.A.T.7: yes") == Answer("settle.II.A.T.7", Source.JUDGMENT, "settle.II.A.T.7-1", "yes")
    assert one("settle.II.A.T.7.why: [{is: seen}]").source is Source.JUDGMENT


# ---- faults


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hba1x: [{on: 2026-10-02}]", "no fact is named 'hba1x'"),
        ("hba1c: [8.1 %]", "hba1c: expected the keys"),
        ("hba1c: [[8.1 %]]", "hba1c: expected the keys"),
        (
            "hba1c: [{date: 2026-10-02}]",
            "hba1c: expected the keys daily, from, mention, on, ref, source, specimen, until",
        ),
        ("hba1c: [{on: 2026-13-02}]", "hba1c: expected a date that exists, found '2026-13-02'"),
        ("hba1c: [{value: high}]", "hba1c: expected a number with a unit, found 'high'"),
        ("hba1c: [{value: 8 %, source: nurse}]", "expected one of record, answer, judgment, ledger, document"),
        ("hba1c: [{whole: true, from: 2026-10-02}]", "hba1c: expected `until:`"),
        ("hba1c: [{whole: true, from: 2026-10-02, until: 2026-10-01}]", "expected `until:` on or after `from:`"),
        ("hba1c: [{whole: true, from: 2026-10, until: 2026-11-01}]", "expected a full date"),
        ("glucose_self_test: [{daily: four, from: 2026-10-02, until: 2026-10-02}]", "expected `daily:` a whole number"),
        ("glucose_self_test: [{daily: 9999999999, from: 2026-10-02, until: 2026-10-02}]", "at most 100,000 rows"),
        ("glucose_self_test: [{daily: 1, from: 0001-01-01, until: 9999-12-31}]", "at most 100,000 rows"),
        ("insulin_injections: [{from: 2026-10-02}]", "insulin_injections: expected `value:`"),
        ("insulin_injections: [{value: 4 /d, from: 2026-10-02, until: 2026-10-01}]", "expected `until:` on or after"),
        ("pregnancy: [{value: perhaps}]", "expected one of yes, no, maybe, found 'perhaps'"),
        ("pregnancy: [{on: 2026-10-02}]", "pregnancy: expected the keys from, is, mention, ref, source, until, value"),
        ("motivated: [{on: 2026-10-02}]", "motivated: expected `is:`"),
        ("motivated: perhaps", "expected yes or no, found 'perhaps'"),
        ("request_kind: urgent", "expected one of initial, continued"),
        ("birth_date: young", "expected a FHIR date"),
        ("quantity_requested: many", "expected a number with a unit"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, message: str) -> None:
    assert message in fault(text)


def test_facts_are_a_mapping() -> None:
    with pytest.raises(PolicyFaults, match=r"cases.yaml:1: expected facts with their rows"):
        Notation("cases.yaml", vocabulary.load(), units.load()).rows(strict_yaml.text("hba1c", 1))
    assert Notation("cases.yaml", vocabulary.load(), units.load()).rows(None) == {}


# ---- every fact of the vocabulary


@pytest.mark.parametrize("name", sorted(vocabulary.load()))
def test_every_fact_can_be_written(name: str) -> None:
    fact = vocabulary.load()[name]
    match fact.kind:
        case "measurement" | "regimen":
            text = f'[{{value: "1 {fact.unit}", {"on" if fact.kind == "measurement" else "from"}: 2026-10-02}}]'
        case "event":
            text = "2026-10-02"
        case "attribute":
            special: dict[tuple[str, ...], str] = {
                ("date",): "2026-10-02",
                ("number",): f"1 {fact.unit}",
                ("integer",): f"1 {fact.unit}",
            }
            text = f'"{special.get(fact.values, fact.values[0])}"'
        case _:
            text = "yes"
    row = one(f"{name}: {text}")
    assert row.fact == name
    assert not isinstance(row, Measurement) or (row.fault is None and row.low is not None)


@given(st.integers(0, 250), st.dates())
def test_tenths_of_a_percent_are_read_back(tenths: int, date: object) -> None:
    row = one(f"hba1c: [{{on: {date}, value: {tenths // 10}.{tenths % 10} %}}]")
    assert isinstance(row, Measurement)
    assert (row.low, dates.iso(row.first)) == (tenths, str(date))


words = st.text(st.characters(codec="ascii", categories=("L", "N")), max_size=6)
parts = st.sampled_from(["yes", "no", "2026-10-02", "8 %", "> 3 /d", "answer", "true", "4", "", "x"])
keys = st.sampled_from(["on", "value", "source", "ref", "from", "until", "daily", "whole", "is", "specimen", "odd"])
some_facts = st.sampled_from(
    ["hba1c", "ketoacidosis", "insulin_injections", "diabetes", "motivated", "birth_date", "x"]
)


@given(some_facts, st.dictionaries(keys, parts, max_size=5))
def test_any_entry_is_rows_or_one_fault(fact: str, entry: dict[str, str]) -> None:
    written = ", ".join(f'{key}: "{value}"' for key, value in entry.items())
    try:
        rows = read(f"{fact}: [{{{written}}}]")
    except PolicyFaults as caught:
        found = caught
    else:
        assert 1 <= len(rows[fact]) <= MAX_DAILY
        return
    assert [one.place for one in found.faults] == ["line 2"]
