"""Spark and DuckDB say the same over the same Parquet, on a cluster of several workers."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from priorauth.policy.catalog import open_catalog
from priorauth.population import duck, run, spark, tables
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.parts import need

CATALOG = open_catalog()


def test_days_folds_and_places_in_lists_are_written_as_spark_says_them() -> None:
    text = "SELECT d - to_days(n), list_reduce(x, lambda held, row: held + row, 0), y[1], a // 2 FROM t"
    said = spark.translated(text)
    assert said == "SELECT DATE_SUB(d, n), AGGREGATE(x, 0, (held, row) -> held + row), GET(y, 0), a DIV 2 FROM t"


def test_what_duckdb_is_told_to_keep_is_left_out() -> None:
    for word in ("MATERIALIZED", "NOT MATERIALIZED"):
        assert "MATERIALIZED" not in spark.translated(f"WITH a AS {word} (SELECT 1 AS b) SELECT * FROM a")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "policy",
    ["husky/ambulatory-infusion-pumps", "masshealth/insulin-pumps", "caresource/insulin-infusion-pump"],
)
def test_spark_on_two_workers_says_what_duckdb_says(policy: str, tmp_path: Path) -> None:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(shutil.which("java"), "Spark runs on Java 17")
    version = CATALOG.versions(policy)[-1]
    draw = Draw(version, CATALOG.vocabulary, 53)
    tables.write_cases(tmp_path, ((f"Patient/{n}", case) for n, case in enumerate(mixed(draw, 60))), in_bucket=20)
    query = run.compiled(CATALOG, version, AS_OF)
    connection = duck.connect()
    duck.over(connection, tmp_path, tables.buckets(tmp_path))
    wanted = sorted(duck.run(connection, query).fetchall())
    session = spark.session("local-cluster[2,1,1200]")
    session.conf.set("spark.sql.shuffle.partitions", "4")
    try:
        found = [tuple(row) for row in spark.decide(session, query, tmp_path).collect()]
    finally:
        session.stop()
    assert found == wanted
    assert len({row[query.columns.index("outcome")] for row in found}) > 2
