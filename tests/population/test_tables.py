"""Rows of cases become tables and back: nothing is lost, days at the ends of the calendar included."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Measurement, Period, Row, Source, Whole
from priorauth.population import tables
from priorauth.values import dates

DAY = dates.day("2026-11-21")


def test_a_row_keeps_its_columns_and_open_ends_are_the_first_and_last_day(tmp_path: Path) -> None:
    rows: list[Row] = [
        Measurement("hba1c", Source.RECORD, "Observation/1", DAY, DAY, 5, 81, 81, specimen="s"),
        Period("diabetes", Source.ANSWER, "QuestionnaireResponse/1"),
        Answer("birth_date", Source.RECORD, "Patient/1", "1980-01-01", low=722815, high=722815),
        Whole("hba1c", Source.ANSWER, "QuestionnaireResponse/1", dates.FIRST_DAY, DAY),
    ]
    assert tables.write_cases(tmp_path, [("Patient/1", Case(DAY, by_fact(rows)))]) == 1
    assert tables.buckets(tmp_path) == (0,)
    read = {name: pq.read_table(tmp_path / name / "bucket=0" / "rows.parquet").to_pylist() for name in tables.SCHEMAS}
    assert read["member"][0]["patient"] == "Patient/1"
    assert read["measurement"][0]["first"].isoformat() == "2026-11-21"
    assert read["measurement"][0]["low"] == 81
    assert read["period"][0]["start_first"].isoformat() == "0001-01-01"
    assert read["period"][0]["end_last"].isoformat() == "9999-12-31"
    assert read["answer"][0]["low"] == 722815
    assert read["whole"][0]["first"].isoformat() == "0001-01-01"
    assert read["event"] == []


def test_rows_stand_by_fact_and_member_so_that_a_reader_skips_what_it_does_not_need(tmp_path: Path) -> None:
    row = Measurement("hba1c", Source.RECORD, "a", DAY, DAY, None, 1, 1)
    other = Measurement("c_peptide", Source.RECORD, "b", DAY, DAY, None, 1, 1)
    tables.write_cases(tmp_path, [("p", Case(DAY, by_fact([row, other]))), ("q", Case(DAY, by_fact([row, other])))])
    read = pq.read_table(tmp_path / "measurement" / "bucket=0" / "rows.parquet").to_pylist()
    assert [(one["fact"], one["member"]) for one in read] == [
        ("c_peptide", 0),
        ("c_peptide", 1),
        ("hba1c", 0),
        ("hba1c", 1),
    ]


def test_members_are_numbered_densely_within_a_bucket() -> None:
    assert tables.number(2, 3) == 2 * tables.MOST_IN_BUCKET + 3
    with pytest.raises(ValueError, match="at most"):
        tables.number(0, tables.MOST_IN_BUCKET)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected the tables of a population"):
        tables.buckets(tmp_path)


def test_a_row_group_holds_whole_facts_and_one_with_many_rows_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_FEW", 5)
    counts = {"a": 2, "b": 1, "c": 9, "d": 4, "e": 3, "f": 1}
    facts = [fact for fact, count in counts.items() for _ in range(count)]
    schema = tables.SCHEMAS["whole"]
    columns = [pa.array(facts) if part.name == "fact" else pa.nulls(len(facts), part.type) for part in schema]
    tables.write_table(tmp_path, "whole", 0, pa.table(columns, schema=schema))
    file = pq.ParquetFile(tmp_path / "whole" / "bucket=0" / "rows.parquet")
    held = [set(file.read_row_group(place)["fact"].to_pylist()) for place in range(file.num_row_groups)]
    assert held == [{"a", "b"}, {"c"}, {"d", "e"}, {"f"}]
