"""What is set up for a plan, in words: every number has its own, days in order, clocks with their sources."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.allowed import defaults
from priorauth.ledger.clocks import load
from priorauth.workbench.view import house

TODAY = date(2026, 11, 24)


def test_every_number_of_the_settings_has_words() -> None:
    assert set(house.NUMBERS) == set(defaults())
    found = {one.name: one for one in house.numbers({"answer_days": "9"})}
    assert (found["answer_days"].value, found["answer_days"].own) == (9, True)
    assert (found["remind_days"].value, found["remind_days"].own) == (defaults()["remind_days"], False)


def test_other_settings_are_shown_as_they_are() -> None:
    said = house.others({"answer_days": 9, "plans": {"b": 1, "a": 2}, "closed_days": {"2026-12-24": "x"}})
    assert said == (("plans", '{"a":2,"b":1}'),)


def test_closed_days_are_in_order_and_those_that_are_over_stay() -> None:
    days = {"2026-12-24": "Christmas Eve", "2026-11-20": "a storm"}
    found = house.closed_days({"closed_days": days}, TODAY)
    assert [(one.title, one.past) for one in found] == [("a storm", True), ("Christmas Eve", False)]


def test_public_holidays_bear_names_and_those_of_a_state_stand_among_them() -> None:
    nation, state = house.public_holidays(None, 2026), house.public_holidays("MA", 2026)
    assert (date(2026, 11, 26), "Thanksgiving Day") in [(day, name) for day, name in nation]
    assert {day for day, _ in nation} < {day for day, _ in state}
    assert house.public_holidays("XX", 2026) == nation


def test_every_clock_is_shown_with_its_source_those_nobody_verified_first() -> None:
    found = house.rules({})
    assert len(found) == len(load.shipped().clocks)
    assert [one.verified for one in found] == sorted(one.verified for one in found)
    assert all(one.cite for one in found)
    assert not any(one.own or one.longer for one in found)


def test_how_long_records_are_kept_is_said() -> None:
    assert [one.id for one in house.duties({}, "retention")] == ["keep"]
