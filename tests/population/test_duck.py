"""DuckDB runs a compiled policy over tables in memory and over Parquet, and says the same."""

from __future__ import annotations

from pathlib import Path

from priorauth.population import duck, tables
from priorauth.population.compile import compile_policy
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
    connection = duck.connect(1)
    for buckets, wanted in (((0, 1), WANTED), ((1,), WANTED[1:])):
        duck.over(connection, tmp_path, buckets)
        duck.run_into(connection, QUERY, "decided")
        assert connection.execute(ASKED.format("decided")).fetchall() == wanted


def test_block_by_block_gives_what_the_whole_text_gives() -> None:
    connection = duck.in_memory(held(CASES), threads=1)
    whole = sorted(connection.execute(QUERY.text).fetchall())
    assert sorted(duck.run(connection, QUERY).fetchall()) == whole
    assert len(whole) == len(CASES)


def test_a_database_does_not_fetch_extensions_from_the_network() -> None:
    asked = "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')"
    assert duck.connect().execute(asked).fetchall() == [(False, False)]
