"""The table of outcomes: the first sign that holds decides, and nothing ever denies."""

from __future__ import annotations

from itertools import product
from typing import get_args

from priorauth.policy.outcome import EARLY, SETTLED, TABLE, Outcome, Sign, outcome

SIGNS: tuple[Sign, ...] = get_args(Sign)


def test_without_any_sign_the_request_is_approved() -> None:
    assert outcome({}) == "approve"


def test_each_sign_alone_brings_its_own_outcome() -> None:
    expected = {
        "scope_differs": "not-applicable",
        "other_criteria": "other-criteria",
        "not_required": "not-required",
        "scope_unknown": "request-information",
        "excluded": "clinical-review",
        "failed": "clinical-review",
        "no_pathway": "clinical-review",
        "conflict": "clinical-review",
        "reserved": "clinical-review",
        "waiting": "not-yet",
        "askable": "request-information",
        "only_time": "not-yet",
        "undecided": "clinical-review",
    }
    assert {sign: outcome({sign: True}) for sign in SIGNS} == expected


def test_no_combination_of_signs_denies_and_only_the_empty_one_approves() -> None:
    for held in product((False, True), repeat=len(SIGNS)):
        found = outcome(dict(zip(SIGNS, held, strict=True)))
        assert found in get_args(Outcome)
        assert (found == "approve") == (not any(held))


def test_a_person_decides_before_anything_is_asked() -> None:
    assert outcome({"conflict": True, "askable": True, "undecided": True}) == "clinical-review"
    assert outcome({"scope_unknown": True, "excluded": True}) == "request-information"


def test_a_pathway_that_only_lacks_time_is_not_yet_before_anything_is_asked_and_after_what_a_person_decides() -> None:
    assert outcome({"waiting": True, "askable": True, "undecided": True}) == "not-yet"
    for sign in ("excluded", "failed", "no_pathway", "conflict", "reserved"):
        assert outcome({"waiting": True, sign: True}) == "clinical-review"


def test_every_sign_stands_once_in_the_table() -> None:
    listed = [sign for _, signs in TABLE for sign in signs]
    assert sorted(listed) == sorted(SIGNS)


def test_signs_that_end_the_matter_come_before_those_that_ask_in_the_order_of_the_table() -> None:
    listed = [sign for _, signs in TABLE for sign in signs]
    assert (*EARLY, "scope_unknown", *SETTLED) == tuple(listed[: len(EARLY) + 1 + len(SETTLED)])
    assert all(outcome({sign: True, "askable": True}) != "request-information" for sign in (*EARLY, *SETTLED))
