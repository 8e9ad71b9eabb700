"""A letter asks what the determination asks, numbered, with what is on file beside it."""

from priorauth.letters.asked import wanted
from tests.letterbook import decided


def test_each_thing_is_asked_once_with_its_paragraph() -> None:
    found = wanted(decided("examples/ask.json"))
    assert [one.paragraphs for one in found] == [("II.A.T.7",), ("II.A.T.5",)]


def test_alternatives_stand_under_one_number() -> None:
    tests_a_day = wanted(decided("examples/ask.json"))[1]
    assert len(tests_a_day.ways) == 5
    assert all(len(way.asks) == 1 for way in tests_a_day.ways)


def test_what_we_hold_is_said_with_the_reason_why_it_does_not_count() -> None:
    assert wanted(decided("examples/ask.json"))[0].held == (
        "HbA1c 8.7 %, 15 Jul 2025, laboratory result: too old (counts from 21 Nov 2025)",
    )


def test_a_suppliers_word_does_not_settle_a_clinical_fact() -> None:
    assert all(one.clinical for one in wanted(decided("examples/ask.json")))


def test_nothing_is_asked_where_nothing_is_open() -> None:
    assert wanted(decided("examples/approve.json")) == ()
