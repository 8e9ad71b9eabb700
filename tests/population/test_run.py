"""A run writes a row a member and counts what blocks; a comparison says who gains, who loses and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from priorauth.cli.main import main
from priorauth.engines.sql.compile import compile_policy
from priorauth.errors import PopulationError
from priorauth.policy.catalog import open_catalog
from priorauth.population import compare, dataset, fetch, run, tables, workers
from priorauth.population.dataset import Part
from priorauth.values import dates
from tests import asking
from tests.draw import AS_OF, Draw
from tests.population import small
from tests.population.agreement import said

CATALOG = open_catalog()
POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]
COUNT = 90


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("population")
    draw = Draw(POLICY, CATALOG.vocabulary, 41)
    tables.write_cases(made, ((f"Patient/{n}", draw.case()) for n in range(COUNT)), in_bucket=40)
    return made


@pytest.fixture(scope="module")
def result(folder: Path) -> tuple[run.Summary, Path]:
    out = folder / "rows.parquet"
    query = run.compiled(CATALOG, POLICY, AS_OF, evidence=True)
    return run.run(folder, query, out), out


def test_every_member_has_one_row_with_what_python_says(result: tuple[run.Summary, Path]) -> None:
    draw = Draw(POLICY, CATALOG.vocabulary, 41)
    rows = pq.read_table(result[1]).to_pylist()
    assert [row["patient"] for row in rows] == [f"Patient/{n}" for n in range(COUNT)]
    for row in rows[:30]:
        wanted = said(POLICY, draw.case(), CATALOG)
        assert {name: row[name] for name in wanted} == wanted


def test_evidence_names_the_rows_behind_a_leaf(result: tuple[run.Summary, Path]) -> None:
    draw = Draw(POLICY, CATALOG.vocabulary, 41)
    rows = pq.read_table(result[1], columns=["evidence"]).to_pylist()
    for row in rows[:20]:
        case = draw.case()
        refs = {one.ref for listed in case.rows.values() for one in listed}
        found = [leaf for leaf in row["evidence"].values() if leaf]
        assert found
        for leaf in found:
            assert set(leaf["refs"]) <= refs
            assert 1 <= len(leaf["refs"]) <= leaf["rows"]


def test_the_summary_counts_every_member_once(result: tuple[run.Summary, Path]) -> None:
    found = result[0]
    assert sum(found.outcomes.values()) == found.members == COUNT
    for step in found.steps:
        assert sum(step.counts.values()) == found.taken[step.pathway]
    first = [step for step in found.steps if step.pathway == "initial-trial"]
    lefts = [step.left for step in first]
    assert lefts == sorted(lefts, reverse=True)


def test_the_same_tables_give_the_same_bytes(folder: Path) -> None:
    query = run.compiled(CATALOG, POLICY, AS_OF, "initial-trial")
    made = []
    for name in ("one.parquet", "two.parquet"):
        run.run(folder, query, folder / name)
        made.append((folder / name).read_bytes())
    assert made[0] == made[1]


def test_a_dataset_holds_the_rows_of_the_file_and_tells_how_they_came(
    folder: Path, result: tuple[run.Summary, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--policy", POLICY.id, "--as-of", dates.iso(AS_OF), "--out", str(tmp_path / "rows"), "--json"]
    assert main(["population", "run", str(folder), *words]) == 0
    about = dataset.opened(tmp_path / "rows")
    assert dataset.rows(tmp_path / "rows").to_table() == pq.read_table(result[1])
    assert about.summary == json.loads(capsys.readouterr().out) == result[0].as_json()
    assert (about.policy.id, about.policy.sha256, about.as_of) == (POLICY.id, POLICY.sha256, dates.iso(AS_OF))
    assert (about.pathway, about.plan, about.supposed, about.evidence) == (None, None, (), True)
    assert about.readings["hba1c_age"] == "12 months"
    words = ["--policy", POLICY.id, "--out", str(tmp_path / "rows"), "--reading", "hba1c_age=3 months", "--verdicts"]
    more = ["--suppose", "request_kind=initial", "--pathway", "initial-trial"]
    assert main(["population", "run", str(folder), *words, *more]) == 0
    about = dataset.opened(tmp_path / "rows")
    assert (about.pathway, about.supposed, about.evidence) == ("initial-trial", ("request_kind=initial",), False)
    assert (about.as_of, about.readings["hba1c_age"], about.members) == (None, "3 months", COUNT)


def test_a_dataset_is_parted_as_the_work_is(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "AT_ONCE", 40)
    query, seen = run.compiled(CATALOG, POLICY, AS_OF, "initial-trial"), list[tuple[int, int]]()
    one = run.run_into(folder, query, tmp_path / "rows", lambda done, of: seen.append((done, of)))
    assert [part.rows for part in dataset.opened(tmp_path / "rows").parts] == [40, 40, 10]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert one == run.run(folder, query, tmp_path / "rows.parquet")


def test_a_part_that_lacks_a_member_is_not_finished(folder: Path, tmp_path: Path) -> None:
    def less(folder: Any, parts: Any, work: Any, then: Any) -> Iterator[Any]:
        for part in fetch.each(folder, parts, work, then):
            yield Part(part.rows - 1, part.bytes)

    query = run.compiled(CATALOG, POLICY, AS_OF, "initial-trial")
    with pytest.raises(PopulationError, match="expected a row for each of 90 members, found 89"):
        run.run_into(folder, query, tmp_path / "rows", each=less)
    with pytest.raises(PopulationError, match="is not finished"):
        dataset.opened(tmp_path / "rows")


def test_against_itself_nobody_gains_or_loses(folder: Path) -> None:
    query = run.compiled(CATALOG, POLICY, AS_OF, "initial-trial")
    found = compare.compare(folder, query, query, ("one", "two"))
    assert (found.gain, found.lose, found.moved) == (0, 0, ())
    assert found.members == COUNT


def test_the_command_compares_a_policy_with_another_reading(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["--policy", POLICY.id, "--as-of", dates.iso(AS_OF), "--json"]
    assert main(["population", "compare", str(folder), *wanted, "--reading", "hba1c_age=3 months"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["members"] == COUNT
    assert found["against"] == f"{POLICY.id} with hba1c_age=3 months"


def test_the_command_prints_sql_with_each_leaf_as_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["population", "run", str(folder), "--policy", POLICY.id, "--sql", "--verdicts"]) == 0
    text = capsys.readouterr().out
    assert "-- latest hba1c within hba1c_age > 7.0 %" in text
    assert "ii_a_t_7_can" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--policy", "no/such", "--sql"], "no policy is named 'no/such'"),
        (["--policy", f"{POLICY.id}@1999-01-01", "--sql"], "has no version from '1999-01-01'"),
        (["--policy", POLICY.id, "--pathway", "nowhere", "--sql"], "has no pathway 'nowhere'"),
        (["--policy", POLICY.id, "--as-of", "2026-13-01", "--sql"], "--as-of: expected a date that exists"),
        (["--policy", POLICY.id], "--out: expected a file or a folder"),
        (["--policy", POLICY.id, "--out", "x.parquet", "--spark", "local[1]"], "--out: Spark writes a folder"),
        (["--policy", POLICY.id, "--out", "s3://key:secret@bucket/x"], "expected an address without keys"),
        (["--policy", POLICY.id, "--out", "/no/such/place/x.parquet"], "there is no folder"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["population", "run", str(tmp_path), *options]) == 2
    said_ = capsys.readouterr()
    assert message in said_.err
    assert said_.out == ""
    assert len(said_.err.splitlines()) == 1


def test_a_folder_without_tables_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, empty = tmp_path / "x.parquet", tmp_path / "empty"
    empty.mkdir()
    assert main(["population", "run", str(empty), "--policy", POLICY.id, "--out", str(out)]) == 2
    assert "expected the tables of a population" in capsys.readouterr().err
    assert not out.exists()


def test_a_step_blocks_alone_only_those_of_whom_nothing_else_is_missing(tmp_path: Path) -> None:
    high, low = "hba1c: [{on: 2026-10-02, value: 8.1 %}]", "hba1c: [{on: 2026-10-02, value: 6.1 %}]"
    members = [f"{{{value}, motivated: {said}}}" for value in (high, low) for said in ("yes", "no", "no")]
    cases = [(f"Patient/{n}", asking.case(given)) for n, given in enumerate(members)]
    tables.write_cases(tmp_path, cases, in_bucket=4)
    asked = small.policy(small.step("latest hba1c > 7.0 %", "A"), small.step("motivated", "B"))
    found = run.run(tmp_path, compile_policy(asked, small.VOCABULARY), tmp_path / "rows.parquet")
    assert [(one.criterion, one.left, one.alone) for one in found.steps] == [("A", 3, 1), ("B", 1, 2)]
    assert [one.counts["not-met"] for one in found.steps] == [3, 4]
