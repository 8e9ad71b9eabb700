"""DuckDB runs a compiled policy over tables in memory and over Parquet, and says the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from priorauth.engines.sql.compile import compile_policy
from priorauth.population import duck, tables
from tests import asking
from tests.population.held import held
from tests.population.small import VOCABULARY, policy, step

QUERY = compile_policy(policy(step("latest hba1c > 7.0 %", "A.1")), VOCABULARY)
CASES = [asking.case(f"hba1c: [{{on: 2026-10-02, value: {value}}}]") for value in ("8.1 %", "6.8 %")]
WANTED = [("Patient/0", "approve", "met"), ("Patient/1", "clinical-review", "not-met")]
ASKED = 'SELECT patient, outcome, "A.1" FROM {} ORDER BY member'


def test_two_members_in_memory_have_their_verdicts() -> None:
    connection = duck.in_memory(held(CASES), threads=1)
    duck.run_into(connection, QUERY, "decided")
    assert connection.execute(ASKED.format("decided")).fetchall() == WANTED


def test_views_lie_over_the_buckets_that_are_named_and_no_others(tmp_path: Path) -> None:
    tables.write_cases(tmp_path, [(f"Patient/{n}", case) for n, case in enumerate(CASES)], in_bucket=1)
    for buckets, wanted in (((0, 1), WANTED), ((1,), WANTED[1:])):
        connection = duck.connect(1)
        duck.over(connection, tmp_path, buckets)
        duck.run_into(connection, QUERY, "decided")
        assert connection.execute(ASKED.format("decided")).fetchall() == wanted


def test_block_by_block_gives_what_the_whole_text_gives() -> None:
    connection = duck.in_memory(held(CASES), threads=1)
    whole = sorted(connection.execute(QUERY.text).fetchall())
    assert sorted(duck.run(connection, QUERY).fetchall()) == whole
    assert len(whole) == len(CASES)


def test_over_few_members_statements_run_as_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.write_cases(tmp_path, [(f"Patient/{n}", case) for n, case in enumerate(CASES)])
    for few, wanted in ((2, "false"), (1, "true")):
        monkeypatch.setattr(duck, "FEW", few)
        connection = duck.connect(1)
        duck.over(connection, tmp_path, (0,))
        ((optimised,),) = connection.execute("SELECT current_setting('enable_optimizer')").fetchall()
        assert str(optimised).lower() == wanted
        duck.run_into(connection, QUERY, "decided")
        assert connection.execute(ASKED.format("decided")).fetchall() == WANTED


def test_what_no_block_reads_any_more_is_dropped_and_so_can_be_made_again() -> None:
    connection = duck.in_memory(held(CASES), threads=1)
    for _ in range(2):
        duck.run_into(connection, QUERY, "decided")
        left = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert left - {"decided"} < {name for name, _ in QUERY.steps}
        assert connection.execute(ASKED.format("decided")).fetchall() == WANTED


def test_a_database_does_not_fetch_extensions_from_the_network() -> None:
    asked = "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
    assert duck.connect().execute(asked).fetchall() == [(False, False)]


@pytest.mark.parametrize("kind", ["files", "memory", "result"])
def test_a_database_reaches_no_file_but_those_of_its_views(tmp_path: Path, kind: str) -> None:
    tables.write_cases(tmp_path / "in", [("Patient/0", CASES[0])])
    (tmp_path / "secret.csv").write_text("a\n1\n")
    connection = duck.in_memory(held(CASES)) if kind == "memory" else duck.connect(1)
    if kind == "files":
        duck.over(connection, tmp_path / "in", (0,))
    if kind == "result":
        duck.over_result(connection, next((tmp_path / "in").glob("member/*/*.parquet")))
    table = "result" if kind == "result" else "member"
    assert connection.execute(f"SELECT patient FROM {table} LIMIT 1").fetchall() == [("Patient/0",)]
    secret = pa.table({"a": [1]})
    assert secret.num_rows == 1
    for text in (
        "SELECT * FROM read_text('/etc/passwd')",
        f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
        f"SELECT * FROM '{tmp_path}/secret.csv'",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        f"COPY (SELECT 1) TO '{tmp_path}/in/out.csv'",
        f"ATTACH '{tmp_path}/out.db'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM secret",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error, match=r"Permission Error|does not exist|configuration"):
            connection.execute(text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "secret.csv"]


def test_what_memory_does_not_hold_is_still_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connection = duck.connect(1)
    connection.execute("SET memory_limit = '60MB'")
    duck.lock(connection, ())
    text = "SELECT count(*) FROM (SELECT range AS n, hash(range) AS h FROM range(9_000_000) ORDER BY h)"
    assert connection.execute(text).fetchall() == [(9_000_000,)]


def test_paths_with_quotes_in_them_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "it's; --"
    tables.write_cases(folder, [("Patient/0", CASES[0])])
    connection = duck.connect(1)
    duck.over(connection, folder, (0,))
    assert connection.execute("SELECT count(*) FROM member").fetchall() == [(1,)]
