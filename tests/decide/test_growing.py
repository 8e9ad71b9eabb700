"""A row more that supports a growing form never turns met into not met, nor unknown into not met."""

from __future__ import annotations

from collections import Counter

import pytest

from priorauth.engines.python import leaf
from priorauth.engines.python.view import View
from priorauth.facts.case import Case
from priorauth.facts.rows import Event, Measurement, Row
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy, leaves
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.draw import SOURCES, Draw

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]
CASES, STEPS = 40, 400
WORDS = {MET: "met", NOT_MET: "not met", UNKNOWN: "unknown"}


def growing(form: f.Form) -> bool:
    """Say whether rows can only help."""
    match form:
        case f.AnyRow(partner=None) | f.Gap(op="<" | "<="):
            return True
        case f.Sum(compare=compare):
            return compare.op in (">", ">=")
        case f.Count(compare=compare) | f.DaysWith(compare=compare) | f.Average(compare=compare):
            return isinstance(compare, f.Compare) and compare.op in (">", ">=")
        case _:
            return False


def shrinking(form: f.Form) -> bool:
    """Say whether rows can only hurt."""
    match form:
        case f.NoRow() | f.Gap(op=">" | ">="):
            return True
        case f.Sum(compare=compare):
            return compare.op in ("<", "<=")
        case f.Count(compare=compare) | f.DaysWith(compare=compare) | f.Average(compare=compare):
            return isinstance(compare, f.Compare) and compare.op in ("<", "<=")
        case _:
            return False


def with_rows(draw: Draw, case: Case, fact: str, count: int) -> Case:
    """Put rows more on file, exact ones, on and around the edges."""
    known = CATALOG.vocabulary[fact]
    more: list[Row] = []
    for place in range(count):
        day, number = draw.day(fact), draw.number(fact) if known.numeric else None
        source = draw.pick([row.source for row in case.rows.get(fact, ())] or [draw.pick(SOURCES)])
        made = Event if known.kind == "event" else Measurement
        more.append(made(fact, source, f"more-{place}", day, day, None, number, number))
    return Case(case.as_of, {**case.rows, fact: (*case.rows.get(fact, ()), *more)})


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_rows_more_never_turn_a_growing_form_from_met_nor_a_shrinking_one_from_not_met(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 37)
    forms = dict.fromkeys(one.form for root in policy.roots() for one in leaves(root))
    listed = [form for form in forms if growing(form) or shrinking(form)]
    steps: Counter[str] = Counter()
    for _ in range(max(CASES, STEPS // max(len(listed), 1))):
        case = draw.case()
        for form in listed:
            before = leaf.evaluate(form, View(case, CATALOG.vocabulary)).truth
            more = with_rows(draw, case, form.fact, int(draw.rng.integers(1, 5)))
            after = leaf.evaluate(form, View(more, CATALOG.vocabulary)).truth
            worst = NOT_MET if growing(form) else MET
            steps[f"{WORDS[before]} to {WORDS[after]}"] += 1
            assert before == worst or after != worst, form
    print(policy.id, dict(steps))
    # Without a window "none" is whole from the birth date on; a policy that reads neither never fails such a form.
    fails = "birth_date" in draw.days or any(contents.lengths_of(form) for form in listed)
    wanted = {"unknown to met", "met to met"} | ({"not met to not met"} if fails else set())
    assert not listed or wanted <= steps.keys()
