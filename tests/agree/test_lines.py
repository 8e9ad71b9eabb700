"""Python and DuckDB say the same of lines that no shipped policy says, or says once, over drawn members."""

from __future__ import annotations

from collections import Counter

import pytest
from msgspec.structs import replace

from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.facts import vocabulary as vocabularies
from priorauth.policy.tree import Pathway, Policy, Span
from tests import asking
from tests.draw import Draw
from tests.population.held import decided

VOCABULARY = vocabularies.load()
EACH = 240
STATED_BY = (
    "motivated stated by physician",
    "motivated",
    "motivated stated by educator",
    "unwilling_or_unable_to_take_part stated by physician",
    "education_provider_credential is one of certified, licensed stated by educator",
    "trial_outcome is completed stated by prescriber",
    "reservoir_volume <= 300 [iU] stated by supplier",
    "documented letter_of_medical_necessity_signed_on within 6 months stated by physician",
    "documented clinical_notes_dated within 6 months stated by practice",
    "warranty_ends_on before request stated by supplier",
    "warranty_ends_on since prior_approval stated by supplier",
    "warranty_ends_on within 3 months stated by supplier",
    "warranty_ends_on > 1 month after pump_start stated by supplier",
    "prescription_signed_on within 91 days before prescription stated by prescriber",
)
ONLY_FOR = (
    "{only for: [E0784, A9274], when: motivated}",
    "{only for: implantable, when: documented prescription_signed_on within 91 days}",
    "{only for: [E0784, implantable], only when: request_kind is initial, when: no ketoacidosis within 12 months}",
    "{none of: [{only for: [E0787, mechanical], when: unwilling_or_unable_to_take_part}]}",
)
ON_A_DAY = (
    "insulin_injections >= 3 /d on request",
    "insulin_injections > 3 /d on pump_start",
    "total_daily_insulin < 40 [iU]/d on service",
    "insulin_injections = 4 /d on prior_approval",
    "total_daily_insulin >= 10 [iU]/d on enrollment",
)
SUM = (
    "sum of diabetes_hospital_stay within 6 months >= 5 d",
    "sum of diabetes_hospital_stay within 90 days <= 40 d",
    "sum of diabetes_hospital_stay within 12 months > 300 d",
    "sum of diabetes_hospital_stay within 1 month = 6 d",
    "sum of diabetes_hospital_stay < 900 d",
    "sum of diabetes_hospital_stay since prior_approval >= 8 d",
    "sum of diabetes_hospital_stay within 2 months before enrollment <= 5 d",
    "sum of diabetes_hospital_stay within 12 months while insulin_injections >= 3 /d >= 5 d",
)
LINES = {"a sum": SUM, "a regimen on a day": ON_A_DAY, "stated by": STATED_BY, "only for": ONLY_FOR}


def policy(lines: tuple[str, ...]) -> Policy:
    """Put lines side by side, each the whole of a pathway."""
    criteria = [replace(asking.criterion(line), id=f"line-{place}") for place, line in enumerate(lines)]
    pathways = tuple(Pathway(f"p{place}", "", None, one, {}) for place, one in enumerate(criteria))
    return Policy("t/t", "", "1", Span(1, None), 1, {}, (), "current", "t.yaml", "", pathways=pathways)


@pytest.mark.parametrize("kind", LINES)
def test_python_and_duckdb_say_the_same_of_a_line(kind: str) -> None:
    made = policy(LINES[kind])
    draw = Draw(made, VOCABULARY, 53)
    cases = [draw.case() for _ in range(EACH)]
    rows = decided(made, cases, VOCABULARY)
    seen: dict[str, Counter[str]] = {line: Counter() for line in LINES[kind]}
    for place, line in enumerate(LINES[kind]):
        for number, (case, row) in enumerate(zip(cases, rows, strict=True)):
            said = evaluate(made.pathways[place].require, View(case, VOCABULARY)).status
            assert row[f"line-{place}"] == said, (line, number)
            seen[line][said] += 1
    assert all(len(counts) > 1 for counts in seen.values()), seen
