"""Seats: all of a member's rows together, and where answers and record both speak, each side alone."""

from __future__ import annotations

import duckdb
import pytest

from priorauth.engines.sql.compile import compile_policy
from priorauth.engines.sql.pieces import slug
from priorauth.engines.sql.view import Sources
from priorauth.engines.sql.windows import Anchors
from priorauth.population import duck
from tests import asking
from tests.population.held import held
from tests.population.small import VOCABULARY, policy, python, said, step


def test_only_who_has_answers_beside_a_record_has_seats_for_each_side() -> None:
    given = [
        "hypoglycemia: [{on: 2026-06-01}, {on: 2026-07-01, source: answer}]",
        "hypoglycemia: [{on: 2026-06-01}]",
        "hypoglycemia: [{on: 2026-07-01, source: answer}]",
    ]
    connection = duck.in_memory(held([asking.case(rows) for rows in given]), threads=1)
    line = "count of hypoglycemia within 6 months >= 2"
    query = compile_policy(policy(step(line, "one")), VOCABULARY)
    for name, text in query.steps:
        connection.execute(f"CREATE TEMP TABLE {name} AS {text}")
    (rows,) = (
        f"WITH\n{block.text}\nSELECT * FROM {block.name}" for block in query.blocks if block.name == "hypoglycemia_rows"
    )
    found = connection.execute(f"SELECT seat, count(*) FROM ({rows}) GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [(0, 2), (1, 1), (2, 1), (4, 1), (8, 1)]


def test_what_was_only_shown_to_a_reader_is_not_evidence() -> None:
    given = [f"ketoacidosis: [{{on: 2026-03-04, source: {source}}}]" for source in ("record", "shown")]
    assert said("any ketoacidosis within 12 months", *given) == ["met", "unknown"]


def test_a_source_is_made_once_however_many_leaves_read_it() -> None:
    sources = Sources(VOCABULARY, Anchors(None, {}), frozenset({"hba1c"}))
    assert sources.rows("hba1c") == sources.rows("hba1c") == "hba1c_rows"
    assert sources.rows("c_peptide", "hba1c") == "c_peptide_rows_beside_hba1c"
    assert sorted(sources.texts) == ["c_peptide_rows_beside_hba1c", "hba1c_rows"]
    assert (sources.seats("hba1c"), sources.seats("c_peptide")) == ("hba1c_seats", "seat")


@pytest.mark.parametrize("name", ["II.A.t.7", "settle me", "x-1; DROP"])
def test_an_id_becomes_a_name_that_needs_no_quotes(name: str) -> None:
    assert duckdb.execute(f"SELECT 1 AS {slug(name)}").description[0][0] == slug(name)


def test_of_several_approvals_the_newest_that_is_not_after_the_request_is_counted_from() -> None:
    approvals = ("[2025-01-01, 2026-04-01]", "[2025-01-01, 2026-03-03]", "[2025-01-01, 2026-12-24]", "2026-12-24")
    given = [f"{{prior_approval_on: {days}, ketoacidosis: [2026-03-04]}}" for days in approvals]
    line = "any ketoacidosis before prior_approval"
    assert said(line, *given) == python(line, *given) == ["met", "unknown", "unknown", "unknown"]
