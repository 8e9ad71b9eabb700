"""All leaves over statements at once say what Python says of each: by time, by source, and where two differ."""

from __future__ import annotations

from collections import Counter

import numpy as np

from priorauth.engines.sql.compile import compile_policy
from priorauth.engines.sql.pieces import UNKNOWN
from priorauth.engines.sql.statements import IN_WORD, Seen
from tests import asking
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, python, said, step

LINES = {
    "trial_outcome": ("completed", "ongoing", "failed"),
    "motivated": ("yes", "no"),
    "quantity_requested": ("1", "2", '">= 1"'),
}
TESTS = (
    "trial_outcome is completed",
    "trial_outcome is one of completed, failed",
    "motivated",
    "quantity_requested > 1",
)
WHEN = ("on: 2026-10-01", "on: 2026-10-02", "on: 2026-10", "on: 2026-10-02T08:00", "on: 2026-10-02T09:00")


def drawn(pen: np.random.Generator, fact: str) -> str:
    """Draw up to four statements of a fact: of one moment, of several, of a month, of both sides."""
    rows = []
    for _ in range(pen.choice((0, 1, 2, 2, 3, 4))):
        source = pen.choice(("record", "answer", "ledger", "judgment", "shown"))
        rows.append(f"{{is: {pen.choice(LINES[fact])}, {pen.choice(WHEN)}, source: {source}}}")
    return f"{fact}: [{', '.join(rows)}]"


def test_drawn_statements_come_out_as_in_python() -> None:
    pen, mix = np.random.default_rng(5), Counter[str]()
    for test in TESTS:
        given = [drawn(pen, test.split()[0]) for _ in range(400)]
        wanted = python(test, *given)
        assert said(test, *given) == wanted
        mix.update(wanted)
    assert min(mix[status] for status in ("met", "not-met", "unknown", "conflict")) >= 30, mix


def test_more_leaves_than_one_number_holds_do_not_mix() -> None:
    facts = [name for name, fact in VOCABULARY.facts.items() if fact.kind == "attestation" and not fact.silent_no]
    facts = facts[: 2 * IN_WORD + 1]
    assert len(facts) > 2 * IN_WORD
    made = policy(*(step(name, name) for name in facts))
    for place, chosen in enumerate(facts):
        given = "\n".join(f"{name}: {'no' if name == chosen else 'yes'}" for name in facts if name != facts[place - 1])
        (row,) = decided(made, [asking.case(given)], VOCABULARY)
        assert {name for name in facts if row[name] == "not-met"} == {chosen}
        assert {name for name in facts if row[name] == "unknown"} == {facts[place - 1]} - {chosen}


def test_days_that_count_from_a_date_of_the_members_own_are_read_beside_it() -> None:
    given = [f"birth_date: {{is: {day}}}" for day in ("2020-11-21", "2020-11-22", "2020-11")]
    line = "birth_date within 6 years"
    assert said(line, *given) == said(line, *given, shared=True) == python(line, *given)


def test_the_lines_of_the_policy_stand_above_the_statement() -> None:
    query = compile_policy(policy(step("motivated", "A"), step("trial_outcome is completed", "B")), VOCABULARY)
    text = next(block.text for block in query.blocks if block.name == "said")
    assert "-- motivated\n" in text
    assert "-- trial_outcome is completed\n" in text


def test_a_member_without_a_statement_has_the_verdict_of_silence() -> None:
    columns = Seen(0, 4, sided=False, pending=False).columns(UNKNOWN)
    assert columns["can"] == "NOT ((t.told_0 & 240) = 32)"
    assert said("motivated", "hba1c: [{value: 8.1 %, on: 2026-10-01}]") == ["unknown"]
