"""A determination as a page shows it: what decides first, two sides apart, rows alike as one, the rest folded."""

from __future__ import annotations

from functools import cache

import pytest

from priorauth.decide.decided import Refused
from priorauth.decide.determination import Determination
from priorauth.decide.determine import determine
from priorauth.workbench.view import criteria
from tests.ledger.house import example

EXAMPLES = ("approve", "ask", "conflict", "medicare", "not-yet", "replacement", "review")


@cache
def made(name: str) -> Determination:
    (found,) = determine(example(name))
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_criterion_of_the_pathway_is_open_or_shown_and_none_is_both(name: str) -> None:
    found = criteria.shown(made(name))
    open_, shown = {one.anchor for one in found.open}, {one.anchor for one in found.shown}
    assert not open_ & shown
    assert all(one.status == "met" for one in found.shown)
    assert len({one.anchor for one in criteria.every((*found.open, *found.shown))}) == sum(
        1 for _ in criteria.every((*found.open, *found.shown))
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_below_a_criterion_that_is_shown_is_missing(name: str) -> None:
    for one in criteria.every(criteria.shown(made(name)).shown):
        assert one.status not in ("unknown", "conflict"), (name, one.id)
        assert not one.questions


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_decides_stands_before_what_does_not(name: str) -> None:
    decides = [one.decisive for one in criteria.shown(made(name)).open]
    assert decides == sorted(decides, reverse=True)


def test_what_is_ready_has_nothing_open() -> None:
    found = criteria.shown(made("approve"))
    assert (found.outcome, found.open, found.grants) == ("approve", (), "3 months")


def test_two_sides_have_their_verdicts_values_and_rows() -> None:
    (one,) = criteria.shown(made("conflict")).open
    log, letter = one.sides
    assert (log.verdict, log.value, letter.verdict) == ("not shown", "2 a day", "shown")
    assert [(row.says, row.when, row.kind) for row in log.rows] == [
        ("60 times self-test of glucose", "22 Oct to 20 Nov 2026", "meter reading")
    ]
    assert [row.kind for row in letter.rows] == ["form answer"]
    assert not one.one_of


def test_rows_of_one_kind_that_do_not_count_stand_as_one_with_their_days() -> None:
    (one,) = criteria.shown(made("conflict")).open
    refused = [row for row in one.rows if not row.counts]
    assert [(row.says, row.when, row.ground) for row in refused] == [
        ("3 times self-test of glucose", "20 Oct to 21 Oct 2026", "too old, counts from 22 Oct 2026")
    ]


def test_a_value_that_does_not_count_is_named_with_the_day_that_bounds_it() -> None:
    found = criteria.shown(made("ask"))
    rows = [row for one in found.open for row in one.rows if not row.counts]
    assert [(row.says, row.when, row.ground) for row in rows] == [
        ("HbA1c 8.7 %", "15 Jul 2025", "too old, counts from 21 Nov 2025")
    ]


@pytest.mark.parametrize(
    ("ground", "bound", "said"),
    [
        ("too old", "2025-11-20", "too old, counts from 21 Nov 2025"),
        ("too new", "2026-11-20", "too new, counts up to 20 Nov 2026"),
        ("entered in error", None, "entered in error"),
    ],
)
def test_a_ground_says_the_day_that_bounds_it(ground: str, bound: str | None, said: str) -> None:
    assert criteria.ground(Refused("Observation/1", None, None, ground, bound, "laboratory result", "HbA1c")) == said


def test_of_alternatives_one_answer_is_enough() -> None:
    found = {one.id: one for one in criteria.shown(made("ask")).open}
    assert found["II.A.T.5"].one_of
    assert not found["II.A.T.7"].one_of


def test_other_ways_that_are_not_shown_and_change_nothing_stand_aside() -> None:
    for name in EXAMPLES:
        found = criteria.shown(made(name))
        assert all(one.status == "not-met" and not one.decisive for one in found.aside)
        assert not {one.anchor for one in found.aside} & {one.anchor for one in found.open}


def test_an_exclusion_that_nobody_mentioned_is_silent_and_one_not_asked_of_this_request_is_not() -> None:
    found = criteria.shown(made("conflict"))
    assert (len(found.exclusions), found.silent) == (4, 3)


def test_papers_that_are_stated_and_not_seen_are_named() -> None:
    assert criteria.shown(made("ask")).stated == ("signed prescription", "signed letter of medical necessity")


def test_a_criterion_by_its_id_has_every_step_and_every_row() -> None:
    whole = criteria.find(made("conflict"), "II.A.T.5")
    brief = criteria.find(made("conflict"), "II.A.T.5", whole=False)
    assert whole is not None
    assert brief is not None
    assert len([row for row in whole.rows if row.counts]) == 61
    assert [one.status for one in criteria.every(whole.parts)].count("unknown") == 4
    assert brief.parts == ()
    assert whole.readings == ("testing_window", "cgm_days_worn")
    assert criteria.find(made("conflict"), "Z.9") is None


def test_that_nothing_is_on_file_is_said_only_where_that_is_so() -> None:
    for name in EXAMPLES:
        for one in criteria.every(criteria.shown(made(name)).open):
            assert "nothing on file" not in one.why or not one.rows
