"""The tree weighed over bits gives what the closing statement of a policy gives, row by row."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from priorauth.engines.sql.compile import Query, compile_policy
from priorauth.engines.sql.weighing import STATUSES, Weighing
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from priorauth.population import duck, tables
from priorauth.population.weigh import Told
from tests import asking
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.population.held import held
from tests.population.small import VOCABULARY, policy, step

CATALOG = open_catalog()
VERSIONS = [version for name in CATALOG.files for version in CATALOG.versions(name)]
MEMBERS = 60


def by_sql(connection: duckdb.DuckDBPyConnection, query: Query) -> list[tuple[Any, ...]]:
    """Give what the closing statement says, step by step as it was planned."""
    for name, text in query.steps:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {text}")
    return sorted(connection.execute(query.closing).fetchall())


def rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda one: f"{one.id} {one.version}")
def test_every_version_says_the_same_by_gates_and_by_sql(version: Policy) -> None:
    cases = mixed(Draw(version, CATALOG.vocabulary, 11), MEMBERS)
    query = compile_policy(version, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
    connection = duck.in_memory(held(cases), threads=1)
    found = duck.decided(connection, query)
    assert found.column_names == list(query.columns)
    assert rows(found) == by_sql(connection, query)


def test_evidence_and_each_members_own_date_change_nothing_of_that() -> None:
    version = next(one for one in VERSIONS if one.id == "masshealth/insulin-pumps")
    cases = mixed(Draw(version, CATALOG.vocabulary, 5), MEMBERS)
    query = compile_policy(version, CATALOG.vocabulary, CATALOG.common, evidence=True)
    connection = duck.in_memory(held(cases), threads=1)
    found = duck.decided(connection, query)
    assert found.column_names == [*query.columns, "evidence"]
    # the order of rows of one day is no part of the evidence of a leaf, and so not of that of two runs
    without = compile_policy(version, CATALOG.vocabulary, CATALOG.common)
    assert rows(found.drop_columns("evidence")) == by_sql(connection, without)


WORDS = ["{}", "{settle.A: yes}", "{settle.A: no, settle.B: no}", "{settle.B: yes, motivated: no}"]
LINE = "pump_trial lasts 3 months"
SIDES = "{pump_trial: [{from: 2026-08-01}, {from: 2026-08-01, until: 2026-08-10, source: answer}]}"


def test_words_of_clinicians_and_sides_that_differ_are_weighed_as_by_sql() -> None:
    cases = [asking.case(given) for given in (*WORDS, SIDES)]
    query = compile_policy(policy(step(LINE, "A"), step("motivated", "B")), VOCABULARY)
    connection = duck.in_memory(held(cases), threads=1)
    found = duck.decided(connection, query)
    assert rows(found) == by_sql(connection, query)
    assert found["A"].to_pylist() == ["unknown", "met", "not-met", "unknown", "conflict"]
    assert found["B"].to_pylist() == ["unknown", "unknown", "not-met", "met", "unknown"]


def test_statuses_are_kept_as_one_of_five_words_and_all_else_as_text() -> None:
    query = compile_policy(policy(step("motivated", "A")), VOCABULARY)
    found = duck.decided(duck.in_memory(held([asking.case("motivated: yes")]), threads=1), query)
    assert found.schema.field("A").type == pa.dictionary(pa.uint8(), pa.string())
    assert found["A"].chunk(0).dictionary.to_pylist() == list(STATUSES)
    assert [found.schema.field(name).type for name in ("pathway", "outcome", "questions")] == [pa.string()] * 3
    assert [found.schema.field(name).type for name in ("as_of", "decide_after")] == [pa.date32()] * 2


def test_nobody_has_no_rows() -> None:
    query = compile_policy(policy(step("latest hba1c > 7.0 %", "A"), step("motivated", "B")), VOCABULARY)
    found = duck.decided(duck.in_memory(held([]), threads=1), query)
    assert (len(found), found.column_names) == (0, list(query.columns))


@pytest.mark.parametrize(
    "members",
    [
        [],
        [0],
        [0, 1, 2],
        [tables.number(3, 0), tables.number(3, 1), tables.number(5, 0)],
        [4, 9, tables.number(2, 7)],
    ],
)
def test_places_are_those_of_the_members_in_order_and_nobody_elses(members: list[int]) -> None:
    told = Told(Weighing(), np.array(members, np.int64))
    others = [one for one in (3, tables.number(4, 0), tables.number(3, 2), tables.number(9, 1)) if one not in members]
    asked = np.array([*members[::-1], *others], np.int64)
    assert told.places(asked).tolist() == [*range(len(members))[::-1], *([-1] * len(others))]
