"""A worked year of 40 cases, played through real acts: every public figure is what was counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.ledger import metrics
from priorauth.ledger.metrics import Part, Year
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from tests.ledger.house import COORDINATOR, NURSE, SYSTEM, furnish
from tests.ledger.year import COUNTED_AT, PLANS, WORKED, played


def shares_by_hand(part: dict[str, Any], numbers: dict[str, str]) -> dict[str, Any]:
    return {
        name: (sorted(numbers[one] for one in by_hand["counted"]), by_hand["of"], by_hand["percent"])
        for name, by_hand in part["shares"].items()
    }


def times_by_hand(part: dict[str, Any]) -> dict[str, Any]:
    return {
        name: (one["timed"], one["untimed"], one["mean_hours"], one["median_hours"], one["percentiles"])
        for name, one in part["times"].items()
    }


def beside(found: Year, numbers: dict[str, str]) -> None:
    by_hand, measured = WORKED["beside"], found.beside
    questions, by_rule = measured.questions, measured.by_rule
    assert (questions.requests, questions.letters) == (by_hand["requests"], by_hand["letters"])
    assert questions.per_request == by_hand["per_request"]
    assert questions.asked_again == tuple(numbers[one] for one in by_hand["asked_again"])
    assert questions.percent_again == by_hand["percent_again"]
    assert (by_rule.by_rule, by_rule.percent) == (len(by_hand["by_rule"]), by_hand["percent_by_rule"])
    assert len(by_rule.sample) == by_hand["sampled"]
    assert set(by_rule.sample) <= {numbers[one] for one in by_hand["by_rule"]}
    assert {
        one.criterion: {
            "denied": one.denied,
            "appealed": one.appealed,
            "overturned": one.overturned,
            "percent": one.percent,
        }
        for one in measured.overturns
    } == by_hand["overturns"]
    missed = {one.rule: one.missed for one in measured.clocks if one.missed}
    assert missed == {rule: tuple(numbers[one] for one in of) for rule, of in by_hand["missed"].items()}


def parts(store: Store, found: Year, numbers: dict[str, str]) -> None:
    assert [(one.line, one.contract) for one in found.parts] == [
        (one["line"], one["contract"]) for one in WORKED["parts"]
    ]
    for part, by_hand in zip(found.parts, WORKED["parts"], strict=True):
        assert (part.requests, part.in_part) == (by_hand["requests"], by_hand["in_part"])
        assert shares(store, part) == shares_by_hand(by_hand, numbers), part.line
        assert {
            one.id: (one.timed, one.untimed, one.mean_hours, one.median_hours, list(one.percentiles.values()))
            for one in part.times
        } == times_by_hand(by_hand), part.line
        assert [len(metrics.cases(store, SYSTEM, one)) for one in part.times] == [one.timed for one in part.times]


def shares(store: Store, part: Part) -> dict[str, Any]:
    """Return the shares with the cases that each one's query gives."""
    found = {one.id: (list(metrics.cases(store, SYSTEM, one)), one.of, one.percent) for one in part.shares}
    assert {one.id: one.counted for one in part.shares} == {name: len(cases) for name, (cases, *_) in found.items()}
    return found


@pytest.mark.slow
def test_every_figure_of_the_worked_year_is_what_was_counted_by_hand(store: Store) -> None:
    assert len(WORKED["cases"]) == 40
    numbers = played(store)
    found = metrics.year(store, SYSTEM, 2026, COUNTED_AT)
    parts(store, found, numbers)
    beside(found, numbers)
    assert found == metrics.year(store, SYSTEM, 2026, COUNTED_AT)
    assert [part.requests for part in metrics.year(store, SYSTEM, 2027, COUNTED_AT).parts] == [1]  # x3


def test_a_year_in_which_nothing_was_decided_has_no_figure_and_no_nought(store: Store) -> None:
    furnish(store)
    found = metrics.year(store, SYSTEM, 2026, COUNTED_AT)
    assert found.parts == ()
    assert found.beside.questions.per_request is None
    assert found.beside.by_rule.percent is None


def test_the_list_of_items_names_what_needs_authorization_and_by_which_policy(store: Store) -> None:
    furnish(store, plans=PLANS)
    found = {one.product: one.policies for one in metrics.year(store, SYSTEM, 2026, COUNTED_AT).items}
    assert "masshealth/insulin-pumps" in found["E0784"]
    assert not [name for policies in found.values() for name in policies if name.startswith("husky")]
    assert not [product for product in found if product.startswith("J")]


def test_a_nurse_and_a_clinic_count_no_year(store: Store) -> None:
    furnish(store)
    for who in (NURSE, COORDINATOR):
        with pytest.raises(Refusal, match="metrics: not for the role"):
            metrics.year(store, who, 2026, COUNTED_AT)
