"""Spark on two workers writes what DuckDB alone writes, in large: every version of every policy (`make agree`)."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import priorauth
from priorauth.policy.catalog import open_catalog
from priorauth.population import dataset, run, spark, tables, workers
from priorauth.population.spark import Cluster
from tests.agree.conftest import SPARK, Same
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.parts import need

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]
EACH = 2 * int(os.environ.get("PRIORAUTH_AGREE", "5000"))
PARTS, SEED = 3, 103


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(shutil.which("java"), "Spark runs on Java 17")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(priorauth.__file__).parents[1]))
        patch.setattr(workers, "AT_ONCE", max(1, EACH // PARTS))
        with spark.cluster("local-cluster[2,1,1200]") as opened:
            yield opened


def compared(one: Path, two: Path) -> Same:
    """Hold what Spark wrote against what DuckDB did: every value of every row, then every byte of every part."""
    found = Same()
    names = sorted({path.name for folder in (one, two) for path in folder.glob("part-*")})
    for name in names:
        if not (one / name).is_file() or not (two / name).is_file():
            found.differ.append(f"{name}: is there once")
            continue
        first, second = (pq.read_table(folder / name).to_pylist() for folder in (one, two))
        if len(first) != len(second):
            found.differ.append(f"{name}: DuckDB wrote {len(first):,} rows, Spark {len(second):,}")
        for row, other in zip(first, second, strict=False):
            found.members += 1
            found.values += len(row)
            found.differ += [
                f"{name} {row['patient']}: {column} differs"
                for column in row | other
                if row.get(column, name) != other.get(column, name)
            ]
        found.parts += 1
        found.bytes += (two / name).stat().st_size
        if (one / name).read_bytes() != (two / name).read_bytes():
            found.differ.append(f"{name}: other bytes")
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("place", range(len(NAMES)), ids=NAMES)
def test_spark_and_duckdb_write_the_same_of_many_drawn_members(
    place: int, cluster: Cluster, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    policy = POLICIES[place]
    cases = mixed(Draw(policy, CATALOG.vocabulary, SEED), EACH)
    tables.write_cases(tmp_path / "tables", ((f"Patient/{n}", one) for n, one in enumerate(cases)), EACH // (2 * PARTS))
    query = run.compiled(CATALOG, policy, AS_OF, evidence=True)
    one = run.run_into(tmp_path / "tables", query, tmp_path / "duckdb")
    two = run.run_into(tmp_path / "tables", query, tmp_path / "spark", each=cluster.each)
    found = compared(tmp_path / "duckdb", tmp_path / "spark")
    found.versions = 1
    pytestconfig.stash.setdefault(SPARK, Same()).add(found)
    assert found.differ[:20] == []
    assert one == two
    assert found.members == one.members == EACH
    assert len(one.outcomes) > 1
    assert found.parts == len(dataset.paths(tmp_path / "spark")) >= PARTS


def test_a_value_and_a_part_that_differ_are_counted(tmp_path: Path) -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    draw = Draw(policy, CATALOG.vocabulary, SEED)
    tables.write_cases(tmp_path / "tables", ((f"Patient/{n}", draw.case()) for n in range(3)))
    one, two = tmp_path / "one", tmp_path / "two"
    run.run_into(tmp_path / "tables", run.compiled(CATALOG, policy, AS_OF), one)
    shutil.copytree(one, two)
    assert compared(one, two).differ == []
    rows = pq.read_table(one / dataset.name(0))
    rows = rows.set_column(rows.column_names.index("outcome"), "outcome", [["approve-not"] * 3])
    dataset.write_part(two, 0, rows)
    assert compared(one, two).differ == [
        *(f"part-00000.parquet Patient/{n}: outcome differs" for n in range(3)),
        "part-00000.parquet: other bytes",
    ]
    dataset.write_part(two, 0, rows.slice(1))
    assert compared(one, two).differ[0] == "part-00000.parquet: DuckDB wrote 3 rows, Spark 2"
    dataset.write_part(two, 1, rows)
    assert compared(one, two).differ[-1] == "part-00001.parquet: is there once"
