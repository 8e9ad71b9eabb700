"""The rows that a watch keeps: those of a day with evidence, those of everybody with the day that decided them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace as changed

from priorauth.population import dataset, run, tables
from priorauth.population.watch.deciding import DECIDED_ON, Everybody, Policy, keep, keep_none
from tests import asking
from tests.population.watch.small_watch import POLICY, QUERY


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, run.Summary]:
    folder = tmp_path_factory.mktemp("tables")
    values = ("8.1", "6.5", "7.5")
    cases = [asking.case(f"{{hba1c: [{{on: 2026-10-02, value: {value} %}}]}}") for value in values]
    tables.write_cases(folder, ((f"p{n}", case) for n, case in enumerate(cases)))
    return folder / "rows.parquet", run.run(folder, QUERY, folder / "rows.parquet")


def test_the_rows_of_a_day_are_those_of_the_run_without_numbers(
    result: tuple[Path, run.Summary], tmp_path: Path
) -> None:
    verdicts = keep(POLICY, *result, tmp_path)
    written = pq.read_table(dataset.paths(tmp_path)[0])
    assert written.equals(pq.read_table(result[0]).drop_columns(["member"]))
    assert verdicts.equals(written.drop_columns(["evidence"]))
    about = dataset.opened(tmp_path)
    assert (about.members, about.evidence, about.summary["members"]) == (3, True, 3)
    assert about.policy.sha256 == QUERY.policy.sha256


def test_everybody_is_parted_and_joined_and_written(result: tuple[Path, run.Summary], tmp_path: Path) -> None:
    verdicts = keep(POLICY, *result, tmp_path / "decided")
    keys = np.array([5, 7, 9], dtype=np.uint64)
    first = Everybody.of(tmp_path).joined(verdicts, keys, "2026-11-01")
    summary = first.write(POLICY, tmp_path)
    assert (summary.members, dataset.opened(tmp_path / "current").members) == (3, 3)
    left, taken = Everybody.of(tmp_path).parted(np.array([7, 8], dtype=np.uint64))
    assert (left.keys.tolist(), taken.keys.tolist()) == ([5, 9], [7])
    again = left.joined(verdicts.slice(1, 1), np.array([7], dtype=np.uint64), "2026-11-02")
    rows = again.rows
    assert rows is not None
    assert rows["patient"].to_pylist() == ["p0", "p2", "p1"]
    assert rows[DECIDED_ON].to_pylist() == ["2026-11-01", "2026-11-01", "2026-11-02"]
    nobody, everybody = Everybody.of(tmp_path).parted(None)
    assert (len(nobody.keys), len(everybody.keys)) == (0, 3)


def test_where_nobody_is_decided_the_rows_have_their_columns(result: tuple[Path, run.Summary], tmp_path: Path) -> None:
    verdicts = keep(POLICY, *result, tmp_path / "decided")
    Everybody.of(tmp_path).joined(verdicts, np.array([5, 7, 9], dtype=np.uint64), "2026-11-01").write(POLICY, tmp_path)
    none = keep_none(POLICY, Everybody.of(tmp_path).rows, tmp_path / "none")
    assert none.schema.names == verdicts.schema.names
    assert (dataset.opened(tmp_path / "none").members, len(none)) == (0, 0)


def test_what_is_asked_differs_by_policy_readings_and_evidence() -> None:
    other = Policy(QUERY, evidence=False)
    assert other.asked != POLICY.asked
    assert changed(other.asked, query="") == changed(POLICY.asked, query="")
