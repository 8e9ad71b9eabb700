"""Rejects say where and why, and nothing of what was said."""

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


def test_rejects_hold_no_values(export: Export) -> None:
    secret = hba1c("bad", status=["Rosa Almeida"], note=[{"text": "Rosa Almeida"}])
    _, out = read(export(all_ndjson=lines(patient(), secret) + lines(hba1c("half", note="Rosa Almeida"))[:-40]))
    assert len(rejects(out)) == 2
    assert b"Rosa" not in (out / "rejects.ndjson").read_bytes()


def test_half_a_line_is_rejected_with_its_line_and_byte_and_the_rest_is_read(export: Export) -> None:
    first, last = lines(patient(), hba1c("a1")), lines(hba1c("a3"))
    half = lines(hba1c("a2"))[:200] + b"\n"
    summary, out = read(export(all_ndjson=first + half + last))
    (found,) = rejects(out)
    assert (found["line"], found["byte"]) == (3, len(first))
    assert summary.read["Observation"] == 2
    assert summary.rows["measurement"] == 2
