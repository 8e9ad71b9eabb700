"""``priorauth population``: a run and a comparison over a folder of two members; what is refused, and how."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from priorauth.cli.main import main
from priorauth.population import tables
from tests import asking
from tests.policy import files

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    given = ("hba1c: [{on: 2026-10-02, value: 8.1 %}]", "hba1c: [{on: 2026-10-02, value: 7.0 %}]")
    tables.write_cases(tmp_path / "tables", [(f"Patient/{n}", asking.case(rows)) for n, rows in enumerate(given)])
    files.folder(tmp_path / "policies")
    strict = files.SMALL.replace("payer-x/pumps", "payer-x/strict").replace("> 7.0 %", "> 8.5 %")
    files.folder(tmp_path / "policies", strict, "payer-x/strict")
    return tmp_path


def population(place: Path, command: str, *words: str, policy: str = "payer-x/pumps") -> int:
    shared = ["--policy", policy, "--policies", str(place / "policies"), "--as-of", asking.AS_OF]
    return main(["population", command, str(place / "tables"), *shared, *words])


def test_a_run_writes_a_row_a_member_and_prints_how_many_there_were(place: Path, capsys: Capture) -> None:
    out = place / "rows.parquet"
    assert population(place, "run", "--out", str(out), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["members"], found["outcomes"]) == (2, {"approve": 1, "clinical-review": 1})
    rows = pq.read_table(out, columns=["patient", "outcome", "1"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("Patient/0", "approve", "met"),
        ("Patient/1", "clinical-review", "not-met"),
    ]
    assert sorted(path.name for path in place.iterdir()) == ["policies", "rows.parquet", "tables"]


def test_a_comparison_says_who_loses_under_a_stricter_policy(place: Path, capsys: Capture) -> None:
    assert population(place, "compare", "--against", "payer-x/strict") == 0
    page = capsys.readouterr().out
    assert page.startswith("2 members: payer-x/pumps against payer-x/strict\n")
    assert "  approve -> clinical-review  1\n" in page
    assert page.endswith("\n  1 HbA1c above 7  1\n")


def test_a_comparison_with_nothing_is_refused(place: Path, capsys: Capture) -> None:
    assert population(place, "compare") == 2
    assert "expected --against ID or --reading NAME=VALUE" in capsys.readouterr().err


def test_what_is_supposed_is_said_with_how_many_it_was_supposed_of(place: Path, capsys: Capture) -> None:
    supposed, out = ("--suppose", "request_kind=initial", "--suppose", "motivated=yes"), str(place / "rows.parquet")
    assert population(place, "run", "--out", out, "--json", *supposed) == 0
    assert json.loads(capsys.readouterr().out)["supposed"] == {"motivated=yes": 2, "request_kind=initial": 2}
    lines = ["", "supposed where nothing is on file", "  motivated=yes         2", "  request_kind=initial  2", ""]
    assert population(place, "run", "--out", out, *supposed) == 0
    assert capsys.readouterr().out.splitlines()[1:6] == lines
    assert population(place, "compare", "--against", "payer-x/strict", *supposed) == 0
    assert capsys.readouterr().out.splitlines()[1:6] == lines
    assert population(place, "run", "--sql", *supposed) == 0
    assert "'supposed' AS ref, 'initial' AS text" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "compare"])
def test_what_no_request_can_state_is_refused_in_one_line(place: Path, capsys: Capture, command: str) -> None:
    out = place / "rows.parquet"
    words = ["--out", str(out)] if command == "run" else ["--against", "payer-x/strict"]
    assert population(place, command, *words, "--suppose", "hba1c=8.1 %") == 2
    said = capsys.readouterr()
    assert (
        said.err == "--suppose: hba1c is a measurement: expected what a request can state, attribute or attestation\n"
    )
    assert said.out == ""
    assert not out.exists()


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_policy_that_nobody_knows_is_refused_in_one_line(place: Path, capsys: Capture, command: str) -> None:
    out = place / "rows.parquet"
    words = ["--out", str(out)] if command == "run" else ["--against", "payer-x/pumps"]
    assert population(place, command, *words, policy="no/such") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no policy is named 'no/such'" in said.err
    assert said.err.count("\n") == 1
    assert not out.exists()


def test_sql_is_printed_and_nothing_is_run(place: Path, capsys: Capture) -> None:
    out = place / "rows.parquet"
    (place / "tables").rename(place / "elsewhere")
    assert population(place, "run", "--out", str(out), "--sql") == 0
    text = capsys.readouterr().out
    assert text.startswith("WITH\n")
    assert "-- latest hba1c within 12 months > 7.0 %\n" in text
    assert not out.exists()
