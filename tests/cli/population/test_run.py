"""``priorauth population run``, and of a comparison what it shares with it: two members; what is refused, and how."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.population.two import place, population
from tests.cli.running import Capture
from tests.policy import files

__all__ = ["place"]


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


def test_the_readings_of_a_plan_are_taken(place: Path, capsys: Capture) -> None:
    """A plan that asks for 8.5 % approves nobody of 8.1 %; the payer's own reading is 7.0 %."""
    policy = files.SMALL.replace("> 7.0 %", "> lowest") + (
        "readings:\n  lowest: {value: 7.0 %, allowed: 5 %..10 %, why: The text gives none., who: payer}\n"
    )
    files.folder(place / "policies", policy)
    files.ordered(place / "policies", "payer-x", "pumps", "strict")
    payer = place / "policies" / "payer-x" / "payer.yaml"
    payer.write_text(payer.read_text("utf-8") + "plans:\n  strict:\n    lowest: 8.5 %\n", "utf-8")
    found = {}
    for plan in ((), ("--plan", "strict"), ("--plan", "other")):
        assert population(place, "run", "--out", str(place / "rows.parquet"), "--json", *plan) == 0
        found[plan[1:]] = json.loads(capsys.readouterr().out)["outcomes"]
    assert found[()] == found["other",] == {"approve": 1, "clinical-review": 1}
    assert found["strict",] == {"clinical-review": 2}


def test_a_pathway_alone_is_one_that_there_is(place: Path, capsys: Capture) -> None:
    assert population(place, "run", "--sql", "--pathway", "only") == 0
    capsys.readouterr()
    assert population(place, "run", "--sql", "--pathway", "none") == 2
    assert "none" in capsys.readouterr().err


def test_verdicts_alone_have_no_evidence(place: Path) -> None:
    columns = {}
    for more in ((), ("--verdicts",)):
        out = place / "rows.parquet"
        assert population(place, "run", "--out", str(out), *more) == 0
        columns[more] = set(pq.read_schema(out).names)
    assert columns[()] > columns["--verdicts",]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (None, "--out: expected a file or a folder to write the rows to"),
        ("none/x", "there is no folder"),
        ("tables", "expected an output that is none of the inputs"),
        ("own", "own: expected a new or empty folder, or one that a run wrote; it holds notes.txt"),
        ("policies/payer-x/payer.yaml", "expected a folder, or a name that ends in .parquet; found a file"),
    ],
)
def test_rows_need_a_place(place: Path, out: str | None, said: str, capsys: Capture) -> None:
    (place / "own").mkdir()
    (place / "own" / "notes.txt").touch()
    assert population(place, "run", *(("--out", str(place / out)) if out else ())) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_name_without_the_ending_of_a_file_is_a_folder_of_parts(place: Path) -> None:
    assert population(place, "run", "--out", str(place / "rows")) == 0
    assert sorted(path.name for path in (place / "rows").iterdir()) == ["_run.json", "part-00000.parquet"]
    assert population(place, "run", "--out", str(place / "rows.parquet")) == 0
    assert pq.read_table(place / "rows") == pq.read_table(place / "rows.parquet")


def test_spark_writes_no_single_file(place: Path, capsys: Capture) -> None:
    assert population(place, "run", "--out", str(place / "rows.parquet"), "--spark", "local[1]") == 2
    said = capsys.readouterr().err
    assert said.startswith("--out: Spark writes a folder; expected a name that does not end in .parquet")
    assert said.count("\n") == 1


def test_sql_is_printed_and_nothing_is_run(place: Path, capsys: Capture) -> None:
    out = place / "rows.parquet"
    (place / "tables").rename(place / "elsewhere")
    assert population(place, "run", "--out", str(out), "--sql") == 0
    text = capsys.readouterr().out
    assert text.startswith("WITH\n")
    assert "-- latest hba1c within 12 months > 7.0 %\n" in text
    assert not out.exists()


# ---- damaged tables, outputs that are inputs, policies that hide others


def table(place: Path, name: str = "measurement") -> Path:
    (found,) = (place / "tables" / name).glob("*/*.parquet")
    return found


@pytest.mark.parametrize("command", ["run", "compare"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "columns", "pipe", "folder"])
def test_a_damaged_table_is_named_in_one_line(place: Path, command: str, damage: str, capsys: Capture) -> None:
    path = table(place)
    data = path.read_bytes()
    path.unlink()
    match damage:
        case "cut":
            path.write_bytes(data[:-40])
        case "flipped":
            middle = len(data) // 3
            path.write_bytes(
                data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 60]) + data[middle + 60 :]
            )
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("member,fact\n" * 100)
        case "columns":
            pq.write_table(pa.table({"member": [1], "John": ["Doe"]}), path)
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
    words = ("--out", str(place / "rows.parquet")) if command == "run" else ("--against", "payer-x/strict")
    assert population(place, command, *words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err.startswith(f"{path}: expected ")) == ("", 1, True), err
    assert "Doe" not in err
    assert sorted(path.name for path in place.iterdir()) == ["policies", "tables"]


@pytest.mark.parametrize("out", ["tables/rows.parquet", "tables/member/bucket=0/rows.parquet", "policies/x.parquet"])
def test_an_output_among_the_inputs_is_refused(place: Path, out: str, capsys: Capture) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in place.rglob("*"))
    assert population(place, "run", "--out", str(place / out)) == 2
    assert "expected an output" in capsys.readouterr().err
    assert sorted((path, path.stat().st_mtime_ns) for path in place.rglob("*")) == before


def test_a_fault_in_the_middle_leaves_the_rows_of_before(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    out = place / "rows.parquet"
    out.write_bytes(b"before")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "rows")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    assert population(place, "run", "--out", str(out)) == 1
    assert capsys.readouterr().err == "priorauth: rows: No space left on device\n"
    assert out.read_bytes() == b"before"
    assert sorted(path.name for path in place.iterdir()) == ["policies", "rows.parquet", "tables"]


def test_a_policy_of_several_folders_is_said(place: Path, capsys: Capture) -> None:
    husky = "husky/ambulatory-infusion-pumps"
    files.folder(place / "policies", files.SMALL.replace("payer-x/pumps", husky), husky)
    assert population(place, "run", "--out", str(place / "rows.parquet"), policy=husky) == 0
    assert capsys.readouterr().err == (
        f"priorauth: policy {husky} is taken from {place / 'policies'} and the shipped folder\n"
        f"priorauth: payer husky is taken from the shipped folder and {place / 'policies'}\n"
    )
