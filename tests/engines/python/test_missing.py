"""What is missing: the undecided leaves that can still change the result."""

from __future__ import annotations

from priorauth.engines.python import missing
from priorauth.engines.python.finding import Why
from priorauth.values import dates
from tests.answering import CATALOG
from tests.asking import finding


def test_only_what_is_missing_is_asked() -> None:
    tree = "all: [motivated, follows_diet_and_exercise, latest hba1c > 7.0 %]"
    found = missing.open_leaves(finding(tree, "motivated: yes"))
    assert list(missing.asked(found, CATALOG.vocabulary)) == ["follows_diet_and_exercise", "hba1c"]


def test_nothing_is_asked_of_a_branch_that_is_decided() -> None:
    tree = "any: [motivated, latest hba1c > 7.0 %]"
    assert list(missing.open_leaves(finding(tree, "motivated: yes"))) == []


def test_a_judgment_is_no_question_but_is_known_to_be_missing() -> None:
    found = tuple(missing.open_leaves(finding("judged high_risk_of_complications")))
    assert missing.asked(found, CATALOG.vocabulary) == {}
    assert [one.finding.result.why for one in missing.judgments(found) if one.finding.result] == [Why.JUDGMENT]


def test_a_trial_that_still_runs_waits_and_asks_nothing() -> None:
    found = tuple(missing.open_leaves(finding("pump_trial lasts 3 months", "pump_trial: [{from: 2026-09-14}]")))
    assert missing.asked(found, CATALOG.vocabulary) == {}
    assert [dates.iso(day) for day in missing.waits(found)] == ["2026-12-14"]
    assert missing.only_time(found)


def test_a_stated_beginning_waits_and_a_result_that_fails_leaves_nothing_to_ask() -> None:
    tree = "all: [insulin_injections >= 3 /d throughout 6 months, any c_peptide_percent_of_lower_limit <= 110 %]"
    since = "insulin_injections: [{value: 4 /d, from: 2026-06-20, source: answer}]"
    passes, fails = (f"c_peptide_percent_of_lower_limit: [{{on: 2026-10-01, value: {value} %}}]" for value in (90, 140))
    waiting, stuck = (tuple(missing.open_leaves(finding(tree, f"{{{since}, {rows}}}"))) for rows in (passes, fails))
    assert missing.asked((*waiting, *stuck), CATALOG.vocabulary) == {}
    assert [dates.iso(day) for day in missing.waits(waiting)] == ["2026-12-19"]
    assert (missing.only_time(waiting), missing.only_time(stuck)) == (True, False)


def test_how_a_trial_ends_is_not_asked_while_it_runs_and_nothing_but_time_is_missing() -> None:
    tree = "all: [pump_trial lasts 3 months, trial_outcome is completed]"
    runs = tuple(missing.open_leaves(finding(tree, "{pump_trial: [{from: 2026-09-14}], trial_outcome: ongoing}")))
    assert missing.asked(runs, CATALOG.vocabulary) == {}
    assert missing.only_time(runs)
    over = tuple(missing.open_leaves(finding(tree, "{pump_trial: [{from: 2026-08-01}], trial_outcome: ongoing}")))
    assert list(missing.asked(over, CATALOG.vocabulary)) == ["trial_outcome"]
    assert not missing.only_time(over)


def test_what_else_is_missing_beside_a_wait_is_asked() -> None:
    tree = "all: [pump_trial lasts 3 months, motivated]"
    found = tuple(missing.open_leaves(finding(tree, "pump_trial: [{from: 2026-09-14}]")))
    assert list(missing.asked(found, CATALOG.vocabulary)) == ["motivated"]
    assert not missing.only_time(found)
