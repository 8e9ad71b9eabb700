"""Evidence: the rows behind a leaf, newest first, no more than fit, and what was measured."""

from __future__ import annotations

from typing import Any

from priorauth.engines.sql import evidence
from priorauth.engines.sql.compile import compile_policy
from priorauth.population import duck
from tests import asking
from tests.population.held import held
from tests.population.small import VOCABULARY, policy, step


def behind(line: str, *given: str) -> list[dict[str, Any] | None]:
    query = compile_policy(policy(step(line, "one")), VOCABULARY, evidence=True)
    connection = duck.in_memory(held([asking.case(rows) for rows in given]), threads=1)
    duck.run_into(connection, query, "decided")
    return [found[line] for (found,) in connection.execute("SELECT evidence FROM decided ORDER BY member").fetchall()]


def test_the_newest_result_is_the_evidence_and_older_ones_are_not() -> None:
    rows = "hba1c: [{on: 2026-01-10, value: 9.1 %, ref: a}, {on: 2026-10-02, value: 6.8 %, ref: b}]"
    leaf, nothing = behind("latest hba1c > 7.0 %", rows, "{}")
    assert leaf == {"rows": 1, "refs": ["b"]}
    assert nothing is None


def test_a_row_outside_the_window_is_no_evidence() -> None:
    rows = "ketoacidosis: [{on: 2020-03-04, ref: a}, {on: 2026-03-04, ref: b}, {on: 2026-05-04, ref: c}]"
    (leaf,) = behind("any ketoacidosis within 12 months", rows)
    assert leaf
    assert leaf["refs"] == ["c", "b"]


def test_many_rows_are_counted_and_the_newest_of_them_named() -> None:
    listed = ", ".join(f"{{on: 2026-10-{day:02}, ref: r{day:02}}}" for day in range(1, 31))
    (leaf,) = behind("count of hypoglycemia within 6 months >= 2", f"hypoglycemia: [{listed}]")
    assert leaf
    assert leaf["rows"] == 30
    assert leaf["refs"] == [f"r{day:02}" for day in range(30, 30 - evidence.MOST, -1)]


def test_a_measure_that_is_known_from_below_alone_has_no_upper_end() -> None:
    whole = "{whole: true, from: 2026-05-22, until: 2026-11-21}"
    given = ["hypoglycemia: [2026-06-01, 2026-07-01]", f"hypoglycemia: [2026-06-01, 2026-07-01, {whole}]"]
    found = behind("count of hypoglycemia within 6 months >= 2", *given)
    assert [(leaf["low"], leaf["high"]) for leaf in found if leaf] == [(2.0, None), (2.0, 2.0)]


def test_each_of_many_leaves_has_its_own_evidence() -> None:
    lines = [f"any ketoacidosis within {months} months" for months in range(1, evidence.TOGETHER * 2 + 2)]
    query = compile_policy(policy(*(step(line, line.replace(" ", "-")) for line in lines)), VOCABULARY, evidence=True)
    rows = "ketoacidosis: [{on: 2025-09-04, ref: a}, {on: 2026-03-04, ref: b}, {on: 2026-11-04, ref: c}]"
    connection = duck.in_memory(held([asking.case(rows), asking.case("{}")]), threads=1)
    duck.run_into(connection, query, "decided")
    ((one,), (other,)) = connection.execute("SELECT evidence FROM decided ORDER BY member").fetchall()
    assert list(one) == lines
    assert [len(leaf["refs"]) for leaf in one.values()] == [1] * 8 + [2] * 6 + [3] * 3
    assert set(other.values()) == {None}
