"""Ingest: what comes of an export, whole or damaged, read once or in two goes."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from priorauth.facts import vocabulary
from priorauth.facts.rows import Row
from priorauth.population import ingest as room
from priorauth.population.ingest import IngestRefused, Summary, ingest
from priorauth.population.synthesize import Plan, synthesize
from priorauth.population.tables import SCHEMAS, TABLE_OF
from priorauth.record.read import read_bundle
from priorauth.values import units
from priorauth.values.dates import EPOCH
from tests.exports import AS_OF, Export, Resource, facts, files, hba1c, lines, patient, table, written

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*/*.json"))


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def write(**files: bytes) -> Path:
        return written(tmp_path / "export", files)

    return write


def read(source: Path, **options: Any) -> tuple[Summary, Path]:  # passed on
    out = source.parent / "out"
    return ingest(source, out, jobs=1, **{"as_of": AS_OF, **options}), out


def shown(row: Row) -> tuple[Any, ...]:
    """Give a row as it stands in the tables."""
    name = TABLE_OF[type(row)]
    values = []
    for part in list(SCHEMAS[name])[1:]:
        value = getattr(row, part.name)
        is_day = part.type == pa.date32()
        values.append(pa.scalar(value - EPOCH, pa.int32()).cast(part.type).as_py() if is_day else value)
    return (name, *values)


SOME = 15
"""Of the worked cases one in so many is always tried; the others are slow together."""


@pytest.mark.parametrize(
    "case",
    [pytest.param(path, marks=[] if not turn % SOME else pytest.mark.slow) for turn, path in enumerate(CASES)],
    ids=[f"{path.parent.name}-{path.stem}" for path in CASES],
)
def test_a_member_of_an_export_has_the_rows_that_the_case_alone_has(case: Path, tmp_path: Path) -> None:
    bundle = json.loads(case.read_bytes())["bundle"]
    (tmp_path / "export").mkdir()
    by_type: dict[str, list[Resource]] = {}
    for entry in bundle["entry"]:
        by_type.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    for kind, found in by_type.items():
        (tmp_path / "export" / f"{kind}.ndjson").write_bytes(lines(*found))
    summary, out = read(tmp_path / "export")
    alone = read_bundle(bundle, vocabulary=vocabulary.load(), units=units.load())
    assert summary.rejects == 0
    assert summary.seats == len(alone.requests)
    expected = {shown(row) for rows in alone.requests[0].rows.values() for row in rows}
    assert facts(out, alone.patient.removeprefix("Patient/")) == expected
    (day,) = {row["as_of"].toordinal() for row in table(out, "member")}
    assert day == alone.requests[0].requested_on


def test_a_bundle_gives_the_same_rows_as_its_resources_line_by_line(tmp_path: Path) -> None:
    bundle = json.loads(CASES[0].read_bytes())["bundle"]
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "bundle.json").write_text(json.dumps(bundle))
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "all.ndjson").write_bytes(lines(*(entry["resource"] for entry in bundle["entry"])))
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "bundles.ndjson").write_bytes(lines(bundle))
    outs = [tmp_path / f"out-{name}" for name in ("one", "two", "three")]
    for name, out in zip(("one", "two", "three"), outs, strict=True):
        assert ingest(tmp_path / name, out, as_of=AS_OF, jobs=1).rejects == 0
    assert [row["patient"] for row in table(outs[0], "member")]
    assert (
        len({str(sorted(map(str, (row for name in TABLE_OF.values() for row in table(out, name))))) for out in outs})
        == 1
    )


def test_without_any_day_the_ingest_asks_for_one(export: Export) -> None:
    with pytest.raises(IngestRefused, match="expected --as-of"):
        read(export(p_ndjson=lines(patient())), as_of=None)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    with pytest.raises(IngestRefused, match="there are none"):
        read(tmp_path / "export")


def test_an_export_without_members_is_refused(export: Export) -> None:
    with pytest.raises(IngestRefused, match="no member could be read"):
        read(export(all_ndjson=lines(hba1c("a1"))))


def test_a_folder_that_holds_something_else_is_refused(export: Export) -> None:
    source = export(all_ndjson=lines(patient()))
    (source.parent / "out").mkdir()
    (source.parent / "out" / "thesis.txt").write_text("years of work")
    with pytest.raises(IngestRefused, match="expected an empty folder"):
        read(source)
    assert (source.parent / "out" / "thesis.txt").exists()


def test_a_second_run_over_the_same_input_only_says_what_is_there(export: Export) -> None:
    source = export(all_ndjson=lines(patient(), hba1c("a1")))
    first, out = read(source)
    before = files(out)
    assert read(source)[0] == first
    assert files(out) == before


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthesize(Plan(60, tmp_path / "export", seed=5, damage=True), jobs=1)
    monkeypatch.setattr(room, "BUCKET", 1_000_000)
    monkeypatch.setattr("priorauth.population.sources.TASK", 1_000_000)
    ingest(tmp_path / "export", tmp_path / "whole", jobs=1)
    wanted = files(tmp_path / "whole")
    killed_after = 0
    while not (tmp_path / "pieces" / "manifest.json").exists():
        killed_after += 3
        left = [killed_after]

        def stop(stage: str, done: int, of: int, left: list[int] = left) -> None:  # noqa: ARG001
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            ingest(tmp_path / "export", tmp_path / "pieces", jobs=1, progress=stop)
    assert killed_after > 6
    assert files(tmp_path / "pieces") == wanted


def test_an_unfinished_run_of_other_input_is_refused(export: Export) -> None:
    source = export(all_ndjson=lines(patient()))

    def stop(stage: str, done: int, of: int) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(source, progress=stop)
    (source / "more.ndjson").write_bytes(lines(patient("p2")))
    with pytest.raises(IngestRefused, match="unfinished ingest of other input"):
        read(source)


@pytest.mark.slow
def test_the_number_of_processes_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synthesize(Plan(80, tmp_path / "export", seed=6), jobs=1)
    monkeypatch.setattr(room, "BUCKET", 1_000_000)
    for jobs in (1, 2):
        ingest(tmp_path / "export", tmp_path / f"out{jobs}", jobs=jobs)
    assert files(tmp_path / "out1") == files(tmp_path / "out2")
    assert json.loads((tmp_path / "out1" / "manifest.json").read_bytes())["buckets"] > 4
