"""The synthetic population: the same from the same seed, legible to the reader, and shaped as its numbers say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from priorauth.population import synthesize_damage, synthesize_numbers
from priorauth.population.ingest import ingest
from priorauth.population.synthesize import CHUNK, Plan, resources, synthesize
from priorauth.population.synthesize_cohort import INJECTIONS, ORAL, PROFILES, TYPE_1, TYPE_2, draw
from priorauth.population.synthesize_lines import Lines, digits, joined, present, quoted, shape
from priorauth.values.dates import day
from priorauth.values.strict_yaml import YamlFault

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
    with pytest.raises(FileExistsError, match="expected an empty folder"):
        synthesize(Plan(10, tmp_path), jobs=1)


@pytest.mark.parametrize("count", [0, -1, 10**12])
def test_a_count_that_cannot_be_is_refused(count: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected 1 to"):
        synthesize(Plan(count, tmp_path / "out"), jobs=1)


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


def test_what_is_missing_and_faulty_is_there_at_about_its_rate() -> None:
    numbers = synthesize_numbers.load()
    found = [
        json.loads(line)
        for part in resources(Plan(CHUNK, Path(), seed=11), 0)["Observation"]
        for line in texts(part).splitlines()
        if b'"4548-4"' in line or b'"59261-8"' in line
    ]
    rates = {
        "missing.hba1c_value": sum("valueQuantity" not in one for one in found),
        "missing.hba1c_day": sum("effectiveDateTime" not in one for one in found),
        "faults.ifcc_units": sum(one["code"]["coding"][0]["code"] == "59261-8" for one in found),
        "faults.in_error": sum(one["status"] == "entered-in-error" for one in found),
    }
    for name, count in rates.items():
        expected = numbers.one(name) * len(found)
        assert abs(count - expected) < 5 * np.sqrt(expected) + 3, name


def test_members_hang_together() -> None:
    cohort = draw(np.random.default_rng(4), synthesize_numbers.load(), "registry", AS_OF, 0, 20_000)
    first, second = cohort.kind == TYPE_1, cohort.kind == TYPE_2
    assert not (first & (cohort.regimen == ORAL)).any()
    assert cohort.hba1c[first].mean() > cohort.hba1c[second].mean() + 0.5
    assert cohort.age[first].mean() < cohort.age[second].mean() - 15
    assert np.corrcoef(cohort.adherence[first], cohort.hba1c[first])[0, 1] < -0.15
    assert 0.45 < (first & (cohort.regimen > INJECTIONS)).sum() / first.sum() < 0.63
    assert (cohort.onset >= cohort.born).all()
    assert (cohort.regimen_since >= cohort.onset)[cohort.diabetic].all()


def test_a_plan_has_mostly_members_without_diabetes_and_few_requests() -> None:
    shares = {}
    for profile in PROFILES:
        cohort = draw(np.random.default_rng(4), synthesize_numbers.load(), profile, AS_OF, 0, 20_000)
        shares[profile] = (cohort.diabetic.mean(), cohort.requests.mean())
    assert shares["registry"][0] == 1.0
    assert abs(shares["plan"][0] - 0.105) < 0.01
    assert shares["plan"][1] < 0.01 < shares["registry"][1]


def test_the_reader_takes_everything_but_what_is_broken_on_purpose(tmp_path: Path) -> None:
    synthesize(Plan(150, tmp_path / "export", seed=9), jobs=1)
    summary = ingest(tmp_path / "export", tmp_path / "out", jobs=1)
    assert summary.members == 150
    rejects = (tmp_path / "out" / "rejects.ndjson").read_text().splitlines()
    assert all("insurance.coverage is not in the Bundle" in line for line in rejects)
    assert summary.rows["event"] > 5_000


@pytest.mark.parametrize("kind", synthesize_damage.KINDS)
def test_every_kind_of_damage_is_rejected_in_one_line(kind: str, tmp_path: Path) -> None:
    plan = Plan(30, tmp_path / "export", seed=9)
    synthesize(plan, jobs=1)
    path = tmp_path / "export" / "Observation.00000.ndjson"
    listed = path.read_bytes().splitlines()
    listed[20] = synthesize_damage.broken(listed[20], kind)
    path.write_bytes(b"\n".join(listed) + b"\n")
    summary = ingest(tmp_path / "export", tmp_path / "out", jobs=1)
    found = [json.loads(line) for line in (tmp_path / "out" / "rejects.ndjson").read_bytes().splitlines()]
    (mine,) = (one for one in found if one["file"] == path.name)
    assert mine["line"] == 21
    assert summary.members == 30


def test_every_number_has_a_source() -> None:
    numbers = synthesize_numbers.load()
    assert all(numbers.sources[name] for name in numbers.values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {b: {value: 1}}", "a.b: expected the keys value and source"),
        ("a: {b: {value: much, source: x}}", "a.b: expected numbers"),
        ("a: 3", "a: expected named numbers"),
    ],
)
def test_a_number_without_value_or_source_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "numbers.yaml"
    path.write_text(text)
    with pytest.raises(YamlFault, match=said):
        synthesize_numbers.load(path)


def test_a_shape_writes_each_slot_and_leaves_out_what_is_missing() -> None:
    line = shape({"id": "x<<id:3>>", "n": "<<!n:5>>", "<<?more:10>>": 0, "last": True})
    filled = line.fill(
        2,
        id=digits(np.array([7, 12]), 3),
        n=quoted(["a", "bcd"], 5),
        more=present(joined(quoted(["a", "b"], 3), ":", digits(np.array([1, 2]), 5), ","), np.array([True, False])),
    )
    one, two = texts(filled).splitlines()
    assert json.loads(one.replace(b"00001", b"1")) == {"id": "x007", "n": "a", "a": 1, "last": True}
    assert json.loads(two) == {"id": "x012", "n": "bcd", "last": True}


def test_a_text_too_long_for_its_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="expected at most 3 bytes"):
        quoted(["ab"], 3)
