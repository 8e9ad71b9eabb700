"""Spark on two workers writes what DuckDB alone writes, in large: every version of every policy (`make agree`)."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import priorauth
from priorauth.policy.catalog import open_catalog
from priorauth.population import dataset, run, spark, tables, workers
from priorauth.population.spark import Cluster
from tests.agree.conftest import SPARK
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.parts import need

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]
EACH = 2 * int(os.environ.get("PRIORAUTH_AGREE", "5000"))
SEED = 103


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(shutil.which("java"), "Spark runs on Java 17")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(priorauth.__file__).parents[1]))
        patch.setattr(workers, "AT_ONCE", max(1, EACH // 3))
        with spark.cluster("local-cluster[2,1,1200]") as opened:
            yield opened


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("place", range(len(NAMES)), ids=NAMES)
def test_spark_and_duckdb_write_the_same_of_many_drawn_members(
    place: int, cluster: Cluster, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    policy = POLICIES[place]
    cases = mixed(Draw(policy, CATALOG.vocabulary, SEED), EACH)
    tables.write_cases(tmp_path / "tables", ((f"Patient/{n}", one) for n, one in enumerate(cases)), EACH // 6)
    query = run.compiled(CATALOG, policy, AS_OF, evidence=True)
    one = run.run_into(tmp_path / "tables", query, tmp_path / "duckdb")
    two = run.run_into(tmp_path / "tables", query, tmp_path / "spark", each=cluster.each)
    parts = [path.read_bytes() for path in dataset.paths(tmp_path / "spark")]
    assert parts == [path.read_bytes() for path in dataset.paths(tmp_path / "duckdb")]
    assert one == two
    assert one.members == EACH
    assert len(one.outcomes) > 1
    assert len(parts) > 1
    told = pytestconfig.stash.setdefault(SPARK, Counter())
    told.update(versions=1, members=one.members, parts=len(parts), bytes=sum(map(len, parts)))
