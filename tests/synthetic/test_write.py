"""The synthetic population: the same from the same seed, legible to the reader, and shaped as its numbers say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from priorauth.errors import PopulationError
from priorauth.population.ingest.ingest import ingest
from priorauth.synthetic.lines import Lines
from priorauth.synthetic.write import CHUNK, Plan, resources, synthesize
from priorauth.values.dates import day

AS_OF = day("2026-11-20")


def texts(part: Lines | bytes) -> bytes:
    return part if isinstance(part, bytes) else b"".join(bytes(block) for block in part.blocks())


def made(plan: Plan, number: int = 0) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [json.loads(line) for part in parts for line in texts(part).splitlines()]
        for kind, parts in resources(plan, number).items()
    }


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def population() -> dict[str, list[dict[str, Any]]]:
    return made(Plan(250, Path(), seed=3))


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        synthesize(Plan(40, tmp_path / name, seed=7), jobs=1)
    synthesize(Plan(40, tmp_path / "other", seed=8), jobs=1)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert files(tmp_path / "one") != files(tmp_path / "other")


def test_compressed_files_hold_no_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        synthesize(Plan(20, tmp_path / name, seed=7, compress=True), jobs=1)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.slow
def test_the_number_of_processes_changes_no_byte(tmp_path: Path) -> None:
    for jobs in (1, 2):
        synthesize(Plan(CHUNK + 50, tmp_path / str(jobs), seed=1, profile="plan"), jobs=jobs)
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_the_manifest_counts_the_lines_of_every_file(tmp_path: Path) -> None:
    synthesize(Plan(30, tmp_path / "out", seed=2), jobs=1)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["transactionTime"].startswith("2026-11-20")
    named = {one["url"]: one["count"] for one in manifest["output"]}
    assert named == {path.name: path.read_bytes().count(b"\n") for path in (tmp_path / "out").glob("*.ndjson")}


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(PopulationError, match="expected an empty folder"):
        synthesize(Plan(10, tmp_path), jobs=1)


@pytest.mark.parametrize("count", [0, -1, 10**12])
def test_a_count_that_cannot_be_is_refused(count: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected 1 to"):
        synthesize(Plan(count, tmp_path / "out"), jobs=1)


def test_a_fault_on_the_way_leaves_an_empty_folder(tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        assert len(list((tmp_path / "out").iterdir())) > done == of
        raise InterruptedError

    with pytest.raises(InterruptedError):
        synthesize(Plan(30, tmp_path / "out"), jobs=1, progress=stop)
    assert not list((tmp_path / "out").iterdir())
    assert synthesize(Plan(30, tmp_path / "out"), jobs=1)


def test_every_resource_has_its_own_id_save_for_copies(population: dict[str, list[dict[str, Any]]]) -> None:
    for kind, found in population.items():
        whole = Counter(json.dumps(one, sort_keys=True) for one in found)
        ids = Counter(one["id"] for one in found)
        assert all(ids[json.loads(text)["id"]] == count for text, count in whole.items()), kind


def test_every_resource_refers_to_a_patient_and_events_to_their_encounters(
    population: dict[str, list[dict[str, Any]]],
) -> None:
    patients = {f"Patient/{one['id']}" for one in population["Patient"]}
    for kind, found in population.items():
        for one in found:
            reference = one.get("subject") or one.get("patient") or one.get("beneficiary") or {}
            assert kind == "Patient" or reference["reference"] in patients
    visits = {f"Encounter/{one['id']}" for one in population["Encounter"]}
    events = [one["encounter"]["reference"] for one in population["Condition"] if "encounter" in one]
    assert events
    assert set(events) <= visits


def test_nothing_is_dated_before_birth_and_only_faults_after_the_export(
    population: dict[str, list[dict[str, Any]]],
) -> None:
    born = {f"Patient/{one['id']}": one["birthDate"] for one in population["Patient"]}
    late = 0
    for kind, element in (
        ("Observation", "effectiveDateTime"),
        ("Condition", "onsetDateTime"),
        ("Encounter", "period"),
    ):
        for one in population[kind]:
            stated = one.get(element, "")
            when = stated["start"] if isinstance(stated, dict) else stated
            assert not when or when[:10] >= born[one["subject"]["reference"]][: len(when[:10])]
            late += when[:10] > "2026-11-20"
    assert late <= 5


def test_the_reader_takes_everything_but_what_is_broken_on_purpose(tmp_path: Path) -> None:
    synthesize(Plan(150, tmp_path / "export", seed=9), jobs=1)
    summary = ingest(tmp_path / "export", tmp_path / "out", jobs=1)
    assert summary.members == 150
    rejects = (tmp_path / "out" / "rejects.ndjson").read_text().splitlines()
    assert all("insurance.coverage is not in the Bundle" in line for line in rejects)
    assert summary.rows["event"] > 5_000
