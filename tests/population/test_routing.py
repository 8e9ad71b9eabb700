"""Where resources go: to their member, to all, to the rejects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from priorauth.population.ingest import Summary, ingest
from tests.exports import AS_OF, Export, hba1c, lines, patient, rejects, written


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def write(**files: bytes) -> Path:
        return written(tmp_path / "export", files)

    return write


def read(source: Path, **options: Any) -> tuple[Summary, Path]:  # passed on
    out = source.parent / "out"
    return ingest(source, out, jobs=1, **{"as_of": AS_OF, **options}), out


def test_types_that_are_not_read_are_counted(export: Export) -> None:
    shot = {"resourceType": "Immunization", "id": "i", "patient": {"reference": "Patient/p1"}}
    place = {"resourceType": "Location", "id": "l", "subject": [1, 2]}
    summary, _ = read(export(all_ndjson=lines(patient(), shot, shot, place), notes_txt=b"x"))
    assert summary.not_read == {"Immunization": 2, "Location": 1}
    assert summary.other_files == ["notes.txt"]
    assert summary.rejects == 0


def test_results_of_nobody_and_of_strangers_are_rejected_by_name(export: Export) -> None:
    nobody = hba1c("n1")
    del nobody["subject"]
    summary, out = read(
        export(
            all_ndjson=lines(
                patient(), nobody, hba1c("s1", "Patient/gone"), hba1c("s2", "Patient/gone"), hba1c("l", "#x")
            )
        )
    )
    found = {row.get("resource") or row["member"]: row for row in rejects(out)}
    assert found["Observation/n1"]["reason"] == "names no patient"
    assert found["Observation/l"]["reason"] == "expected a reference to a Patient by its id"
    assert found["gone"]["reason"] == "its Patient is not in the export"
    assert found["gone"]["resources"] == 2
    assert summary.members == 1


def test_json_that_nests_without_end_is_rejected(export: Export) -> None:
    deep = b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"x":' + b"[" * 100_000 + b"\n"
    summary, out = read(export(all_ndjson=lines(patient()) + deep + lines(hba1c("a1"))))
    assert [found["line"] for found in rejects(out)] == [2]
    assert summary.rows["measurement"] == 1
