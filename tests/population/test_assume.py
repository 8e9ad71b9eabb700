"""What is supposed of members who ask for nothing: decided as Python decides them with the statement on file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Source
from priorauth.policy.catalog import open_catalog
from priorauth.population import assume, compare, run, tables, workers
from priorauth.population.summary import compared
from tests.draw import AS_OF, Draw
from tests.population.agreement import said
from tests.population.small import policy, step

CATALOG = replace(open_catalog(), common=())
POLICY = policy(
    step("request_kind is initial", "A"),
    step("motivated", "B"),
    step("prescription_signed_on within 91 days", "C"),
    step("quantity_requested <= 1", "D"),
    step("latest hba1c > 7.0 %", "E"),
)
COUNT = 120
GIVEN = ("request_kind=initial", "motivated=yes", "prescription_signed_on=2026-11-02", "quantity_requested=1")


def supposed(*given: str, as_of: int | None = AS_OF) -> assume.Supposed:
    return assume.read(given, CATALOG.vocabulary, CATALOG.units, as_of)


def stated(case: Case, rows: Iterable[Answer]) -> Case:
    """Give the case with each statement about which it holds nothing that counts."""
    more = {row.fact: row for row in rows if all(own.source is Source.SHOWN for own in case.of(row.fact))}
    dated = {name: replace_day(row, case.as_of) for name, row in more.items()}
    return replace(case, rows={**case.rows, **{name: (*case.of(name), row) for name, row in dated.items()}})


def replace_day(row: Answer, day: int) -> Answer:
    return Answer(row.fact, row.source, row.ref, row.text, day, day, None, row.low, row.high)


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def drawn() -> list[Case]:
    draw = Draw(POLICY, CATALOG.vocabulary, 67)
    return [draw.case() for _ in range(COUNT)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("suppose") / "tables"
    tables.write_cases(made, ((f"Patient/{n}", case) for n, case in enumerate(drawn())), in_bucket=50)
    return made


@pytest.mark.parametrize("as_of", [AS_OF, None], ids=["one request date", "each its own"])
def test_every_member_is_decided_as_python_decides_it_with_the_statements_on_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, as_of: int | None
) -> None:
    monkeypatch.setattr(workers, "AT_ONCE", 50)  # several queries, one after the other
    given = supposed(*GIVEN, as_of=as_of)
    out = folder.parent / "rows.parquet"
    found = run.run(folder, run.compiled(CATALOG, POLICY, as_of), out, supposed=given)
    changed: dict[str, int] = dict.fromkeys(assume.told(given), 0)
    for case, row in zip(drawn(), pq.read_table(out).to_pylist(), strict=True):
        whole = stated(case, given)
        wanted = said(POLICY, whole, CATALOG)
        assert {name: row[name] for name in wanted} == wanted
        new = [f"{one.fact}={one.text}" for one in given if len(whole.of(one.fact)) > len(case.of(one.fact))]
        assert row["supposed"] == "; ".join(new)
        for word in new:
            changed[word] += 1
    assert found.supposed == changed
    assert 0 < changed["request_kind=initial"] < COUNT
    assert all(changed.values())


def test_what_is_on_file_stays_and_a_paper_that_counts_for_nothing_does_not_stand_in_the_way(tmp_path: Path) -> None:
    rows = [
        (Answer("request_kind", Source.ANSWER, "q", "repair", AS_OF, AS_OF),),
        (Answer("request_kind", Source.SHOWN, "q", "repair", AS_OF, AS_OF),),
        (),
    ]
    cases = [Case(AS_OF, {"request_kind": listed} if listed else {}) for listed in rows]
    tables.write_cases(tmp_path, [(f"Patient/{n}", case) for n, case in enumerate(cases)])
    query = run.compiled(CATALOG, POLICY, AS_OF)
    run.run(tmp_path, query, tmp_path / "rows.parquet", supposed=supposed("request_kind=initial"))
    found = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert [row["A"] for row in found] == ["not-met", "met", "met"]
    assert [row["supposed"] for row in found] == ["", "request_kind=initial", "request_kind=initial"]


def test_nothing_is_written_to_the_tables_and_evidence_names_what_is_supposed(folder: Path) -> None:
    before = files_of(folder)
    out = folder.parent / "evidence.parquet"
    query = run.compiled(CATALOG, POLICY, AS_OF, evidence=True)
    run.run(folder, query, out, supposed=supposed("motivated=yes"))
    assert files_of(folder) == before
    for case, row in zip(drawn(), pq.read_table(out, columns=["evidence", "supposed"]).to_pylist(), strict=True):
        refs = (row["evidence"]["motivated"] or {"refs": []})["refs"]
        own = any(one.source is not Source.SHOWN for one in case.of("motivated"))
        assert ("supposed" in refs) is (not own) is (row["supposed"] == "motivated=yes")


def test_without_suppositions_a_result_has_no_such_column(folder: Path) -> None:
    out = folder.parent / "plain.parquet"
    run.run(folder, run.compiled(CATALOG, POLICY, AS_OF), out)
    assert "supposed" not in pq.read_schema(out).names


def test_the_statement_that_is_printed_gives_the_same_rows(folder: Path) -> None:
    given, query = supposed(*GIVEN), run.compiled(CATALOG, POLICY, AS_OF)
    out = folder.parent / "same.parquet"
    run.run(folder, query, out, supposed=given)
    connection = duckdb.connect()
    for name in tables.SCHEMAS:
        own = assume.ON_FILE if name == "answer" else name
        connection.execute(f"CREATE VIEW {own} AS SELECT * FROM '{folder}/{name}/*/*.parquet'")
    wanted = [tuple(row.values()) for row in pq.read_table(out).drop_columns(["supposed"]).to_pylist()]
    assert sorted(connection.execute(assume.before(query.text, given)).fetchall()) == wanted
    assert assume.before(query.text, ()) == query.text


def test_a_comparison_supposes_the_same_under_both_policies(folder: Path) -> None:
    query = run.compiled(CATALOG, POLICY, AS_OF)
    other = run.compiled(CATALOG, policy(step("request_kind is initial", "A")), AS_OF)
    found = compare.compare(folder, query, other, ("all", "one"), supposed("request_kind=initial"))
    plain = compare.compare(folder, query, other, ("all", "one"))
    assert 0 < found.gain - plain.gain <= found.supposed["request_kind=initial"] < COUNT
    assert "supposed" not in plain.as_json()
    assert found.as_json()["supposed"] == found.supposed
    lines = compared(found).splitlines()
    assert lines[2] == "supposed where nothing is on file"
    assert lines[3].split() == ["request_kind=initial", str(found.supposed["request_kind=initial"])]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["request_kind"], "expected NAME=VALUE, found 'request_kind'"),
        (["=initial"], "expected NAME=VALUE, found '=initial'"),
        (["requestkind=initial"], "no fact is named 'requestkind'"),
        (["request_kind=first"], "request_kind: expected one of initial, continued, "),
        (["motivated=perhaps"], "motivated: expected yes or no, found 'perhaps'"),
        (["service_on=2026-13-01"], "service_on: expected a date that exists, found '2026-13-01'"),
        (["quantity_requested=two"], "quantity_requested: expected a number, found 'two'"),
        (["quantity_requested=2 furlong"], "quantity_requested: expected a number, found '2 furlong'"),
        (["hba1c=8.1 %"], "hba1c is a measurement: expected what a request can state, attribute or attestation"),
        (["diabetes=yes"], "diabetes is a condition: expected"),
        (["other_indication_accepted=yes"], "other_indication_accepted is a judgment: expected"),
        (["request_kind=initial", "request_kind=repair"], "request_kind is given twice"),
    ],
)
def test_what_no_request_can_state_is_refused(given: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^suppose: {re.escape(message)}"):
        supposed(*given)
