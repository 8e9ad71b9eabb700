"""A view: sides, wholeness and the dates that windows count from."""

from __future__ import annotations

from priorauth.facts.rows import SIDES
from priorauth.values import dates
from tests.asking import view


def test_wholeness_stated_by_a_person_closes_the_union_never_one_side() -> None:
    seen = view("hypoglycemia: [2026-10-01, {whole: true, from: 2026-01-01, until: 2026-11-21, source: answer}]")
    first, last = dates.day("2026-05-01"), dates.day("2026-11-21")
    assert [seen.whole("hypoglycemia", side, first, last) for side in ("all", "answers", "record")] == [
        True,
        False,
        False,
    ]


def test_a_device_download_closes_the_record_too() -> None:
    seen = view("hypoglycemia: [{whole: true, from: 2026-01-01, until: 2026-11-21}]")
    assert seen.whole("hypoglycemia", "record", dates.day("2026-05-01"), dates.day("2026-11-21"))


def test_two_statements_of_wholeness_that_touch_cover_what_lies_between() -> None:
    given = (
        "hypoglycemia: [{whole: true, from: 2026-01-01, until: 2026-05-31}, "
        "{whole: true, from: 2026-06-01, until: 2026-11-21}]"
    )
    assert view(given).whole("hypoglycemia", "all", dates.day("2026-01-01"), dates.day("2026-11-21"))


def test_nothing_is_missing_from_the_days_before_birth() -> None:
    given = "{birth_date: 2020-05-05, hypoglycemia: [{whole: true, from: 2020-05-05, until: 2026-11-21}]}"
    assert view(given).whole("hypoglycemia", "all", 1, dates.day("2026-11-21"))


def test_pump_start_is_the_request_for_a_member_without_a_pump() -> None:
    assert view().anchor("pump_start") == view().anchor("request")
    started = view("insulin_pump_use: [{from: 2025-03-04}]").anchor("pump_start")
    assert started is not None
    assert dates.iso(started.first) == "2025-03-04"


def test_the_latest_approval_before_the_request_is_the_anchor() -> None:
    found = view("prior_approval_on: [2026-01-01, 2026-07-24, 2026-11-21]").anchor("prior_approval")
    assert found is not None
    assert dates.iso(found.first) == "2026-07-24"
    assert view().anchor("enrollment") is None


def test_a_pump_that_was_given_back_is_not_the_one_that_is_counted_from() -> None:
    back = view("insulin_pump_use: [{from: 2020-01-01, until: 2024-01-01}]")
    assert back.anchor("pump_start") == back.anchor("request")
    assert back.moves("pump_start")
    again = view("insulin_pump_use: [{from: 2020-01-01, until: 2024-01-01}, {from: 2025-03-04}]")
    found = again.anchor("pump_start")
    assert (found and (found.first, found.last)) == (dates.day("2025-03-04"), dates.day("2025-03-04"))
    assert not again.moves("pump_start")
    hinted = view("insulin_pump_use: [{from: 2020-01-01, value: maybe}]")
    assert hinted.anchor("pump_start") == hinted.anchor("request")


def test_each_row_that_counts_on_a_side_stands_on_its_shelf_in_one_shape() -> None:
    given = (
        "hypoglycemia: [2026-10-01, {on: 2026-10-02, source: answer}, {source: ledger}, "
        "{on: 2026-10-03, source: shown}, {whole: true, from: 2026-01-01, until: 2026-11-21, source: answer}]"
    )
    seen = view(given)
    counts = {"all": (2, 1, 1), "answers": (1, 0, 1), "record": (1, 1, 0), "judgment": (0, 0, 0)}
    for side in SIDES:
        shelf = seen.shelf("hypoglycemia", side)
        assert (len(shelf.dated), len(shelf.undated), len(shelf.wholes)) == counts[side], side
        assert len(shelf.rows) == sum(counts[side])
        assert shelf.sources <= set(SIDES[side])
        assert seen.shelf("hypoglycemia", side) is shelf


def test_a_fact_has_two_sides_where_answers_and_record_both_have_rows_of_it() -> None:
    answer, record, whole = (
        "{on: 2026-10-01, source: answer}",
        "{on: 2026-10-02, source: ledger}",
        "{whole: true, from: 2026-01-01, until: 2026-11-21, source: answer}",
    )
    assert view(f"hypoglycemia: [{answer}, {record}]").two_sided("hypoglycemia")
    assert view(f"hypoglycemia: [{answer}, {record}, {whole}]").two_sided("hypoglycemia")
    for given in ([], [answer, answer], [record, record], [whole, record], [answer, whole]):
        assert not view(f"hypoglycemia: [{', '.join(given)}]").two_sided("hypoglycemia"), given


def test_rows_of_one_shape_and_rows_of_several_stand_on_their_shelves_alike() -> None:
    stated = view("motivated: [{is: yes, source: answer}, {is: no, source: record}]").shelf("motivated", "record")
    assert (len(stated.rows), stated.answers, stated.periods) == (1, stated.rows, ())
    lasting = view("diabetes: [{from: 2020-01-01}]").shelf("diabetes", "all")
    assert (len(lasting.rows), lasting.periods, lasting.answers) == (1, lasting.rows, ())


def test_it_is_known_whether_a_clinician_settled_any_criterion() -> None:
    assert not view("motivated: yes").settles
    assert view("settle.II.A: [{is: yes, source: judgment}]").settles


def test_what_somebody_of_a_role_states_is_read_alone_and_days_to_count_from_stay() -> None:
    given = (
        "{prescription_signed_on: [{is: 2026-10-01, on: 2026-10-02, by: none}, "
        "{is: 2026-09-01, on: 2026-09-02, by: prescriber}, {is: 2026-08-01, on: 2026-08-02}]}"
    )
    seen = view(given)
    heard = seen.stated_by("prescription_signed_on", "prescriber")
    assert seen.anchor("prescription") == dates.read("2026-10-01")
    assert heard.anchor("prescription") == dates.read("2026-10-01")
    rows = heard.answers("prescription_signed_on", "all")
    assert [(row.text, row.ground) for row in rows] == [
        ("2026-09-01", None),
        ("?", "nothing on file says whether the prescriber states it"),
    ]
    assert len(seen.answers("prescription_signed_on", "all")) == 3
