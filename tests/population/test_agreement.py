"""Python and DuckDB say the same of every drawn case: every numbered criterion, the outcome, what is asked."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Source, Whole
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from tests.approved import approved, mixed, near
from tests.draw import AS_OF, Draw, otherwise
from tests.population.agreement import differences, drawn
from tests.population.held import decided

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]
EACH = 240


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_python_and_duckdb_say_the_same_of_drawn_members(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 29)
    cases = mixed(draw, EACH)
    rows = decided(policy, cases, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
    assert differences(policy, cases, rows, CATALOG)[:20] == []
    outcomes = Counter(row["outcome"] for row in rows)
    assert min(outcomes[name] for name in ("approve", "request-information", "clinical-review")) >= EACH // 40, outcomes


def test_members_may_each_have_a_request_date_of_their_own() -> None:
    policy = next(one for one in POLICIES if one.payer == "masshealth")
    draw = Draw(policy, CATALOG.vocabulary, 31)
    cases = mixed(draw, 40)
    cases = [type(case)(case.as_of - place, case.rows) for place, case in enumerate(cases)]
    rows = decided(policy, cases, CATALOG.vocabulary, CATALOG.common)
    assert differences(policy, cases, rows, CATALOG)[:20] == []


def test_stated_beginnings_what_lacks_time_alone_and_results_that_fail_are_drawn_on_purpose() -> None:
    found = drawn("medicare/ncd-280-14 NCD 280.14, version 2", 450, 37)
    assert found.differ[:20] == []
    assert len(found.reasons) == 4
    assert min(found.reasons.values()) >= 3, found.told


def test_the_day_of_an_approval_that_never_was_is_asked_by_neither() -> None:
    policy = next(one for one in POLICIES if one.payer == "masshealth")
    draw = Draw(policy, CATALOG.vocabulary, 43)
    kind = Answer("request_kind", Source.ANSWER, "kind", "continued", AS_OF, AS_OF)
    whole = Whole("prior_approval_on", Source.ANSWER, "none", 1, AS_OF)
    asked = []
    for approvals in ((), (whole,)):
        cases = [
            Case(case.as_of, {**case.rows, "request_kind": (kind,), "prior_approval_on": approvals})
            for case in islice(near(draw, approved(policy.id, policy.version)), 80)
        ]
        rows = decided(policy, cases, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
        assert differences(policy, cases, rows, CATALOG)[:20] == []
        asked.append(sum("prior_approval_on" in str(row["questions"]).split() for row in rows))
    assert asked[0] >= 5, asked
    assert asked[1] == 0


@pytest.mark.parametrize("policy", [POLICIES[0], POLICIES[-1]], ids=lambda one: one.id)
def test_both_say_the_same_where_a_policy_hears_silence_otherwise(policy: Policy) -> None:
    turned = otherwise(policy, CATALOG.vocabulary)
    cases = mixed(Draw(turned, CATALOG.vocabulary, 47), 120)
    rows = decided(turned, cases, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
    assert differences(turned, cases, rows, CATALOG)[:20] == []
    plain = decided(policy, cases, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
    assert sum(one != other for one, other in zip(rows, plain, strict=True)) > 10
