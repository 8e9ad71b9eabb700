"""The verdicts of all leaves side by side, whether they stand in a table of their own or not."""

from __future__ import annotations

from priorauth.engines.sql.compile import compile_policy
from priorauth.engines.sql.verdict_bits import IN_WORD
from tests import asking
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, step


def test_more_truths_than_one_number_holds_do_not_mix() -> None:
    counts = range(1, IN_WORD // 2 + 1)
    steps = [step(f"count of hypoglycemia within 3 months >= {count}", f"C.{count}") for count in counts]
    made = policy(*steps)
    whole = "{whole: true, from: 2026-01-01, until: 2026-11-21}"
    for many in (0, 7, 20, 25):
        days = ", ".join([whole, *(f"{{on: 2026-10-{day:02}}}" for day in range(1, many + 1))])
        (row,) = decided(made, [asking.case(f"hypoglycemia: [{days}]")], VOCABULARY)
        assert [row[f"C.{count}"] for count in counts] == ["met" if count <= many else "not-met" for count in counts]


def test_a_policy_without_tables_of_leaves_has_no_bits() -> None:
    assert "bits AS (" not in compile_policy(policy(step("motivated", "A")), VOCABULARY).text
    assert "bits AS (" in compile_policy(policy(step("latest hba1c > 7.0 %", "A")), VOCABULARY).text
