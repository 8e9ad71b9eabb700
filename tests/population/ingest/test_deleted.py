"""Deletions of incremental exports: what no longer exists counts nowhere, in whatever file it stood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from priorauth.errors import PopulationError
from priorauth.population.ingest import ingest as room
from priorauth.population.ingest.ingest import ingest
from priorauth.population.manifest import Summary
from tests.exports import AS_OF, Resource, hba1c, lines, patient, rejects, table


def gone(*urls: str, at: str = "", kind: str = "transaction", method: str = "DELETE") -> Resource:
    """Give a Bundle of deletions."""
    entries = [{"request": {"method": method, "url": url}} for url in urls]
    return {"resourceType": "Bundle", "type": kind, **({"timestamp": at} if at else {}), "entry": entries}


def manifest(at: str, server: str = "", **more: Any) -> bytes:
    request = f"{server}/$export" if server else "a file"
    return json.dumps({"transactionTime": at, "request": request, "output": [], **more}).encode()


def dated(name: str, at: str, whose: str = "Patient/p1") -> Resource:
    return hba1c(name, whose, meta={"lastUpdated": at})


def read(folder: Path, files: dict[str, bytes], **options: Any) -> tuple[Summary, set[str]]:
    """Ingest files by their names; gives the summary and the references of the rows."""
    for name, data in files.items():
        place = folder / "in" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    summary = ingest(folder / "in", folder / "out", jobs=1, **{"as_of": AS_OF, **options})
    return summary, {row["ref"] for row in table(folder / "out", "measurement")}


@pytest.mark.parametrize(
    "where", ["deleted/x.ndjson", "deleted.ndjson", "zz.ndjson", "0.ndjson", "Observation.2.ndjson"]
)
@pytest.mark.parametrize(
    "url", ["Observation/a1", "https://a.example/fhir/Observation/a1", "Observation/a1/_history/3"]
)
def test_what_was_deleted_counts_in_no_file(url: str, where: str, tmp_path: Path) -> None:
    files = {"Observation.ndjson": lines(patient(), hba1c("a1"), hba1c("a2")), where: lines(gone(url, "Encounter/e"))}
    summary, refs = read(tmp_path, files)
    assert refs == {"Observation/a2"}
    assert (summary.deletions, summary.deleted, summary.rejects) == (2, 1, 0)


def test_a_file_may_be_one_bundle_and_bundles_of_other_requests_delete_nothing(tmp_path: Path) -> None:
    files = {
        "a.ndjson": lines(patient(), hba1c("a1"), hba1c("a2"), gone("Observation/a2", method="GET")),
        "deleted.json": json.dumps(gone("Observation/a1")).encode(),
    }
    assert read(tmp_path, files)[1] == {"Observation/a2"}


EARLY, NOON, LATE = (f"2026-11-01T{hour}:00:00Z" for hour in ("08", "12", "16"))


@pytest.mark.parametrize(
    ("updated", "counts"), [(EARLY, False), (NOON, False), (LATE, True), ("2026-11-01T13:30:00+02:00", False)]
)
@pytest.mark.parametrize("by", ["bundle", "manifest"])
def test_a_version_newer_than_the_deletion_counts(by: str, updated: str, counts: bool, tmp_path: Path) -> None:  # noqa: FBT001
    files = {
        "1/a.ndjson": lines(patient(), dated("a1", updated)),
        "2/d.ndjson": lines(gone("Observation/a1", at=NOON if by == "bundle" else "")),
        "2/manifest.json": manifest(NOON if by == "manifest" else LATE),
    }
    summary, refs = read(tmp_path, files)
    assert refs == ({"Observation/a1"} if counts else set())
    assert summary.deleted == (not counts)


@pytest.mark.parametrize(
    ("place", "counts"), [("1", False), ("2", False), ("2/deleted", False), ("2/more", False), ("3", True)]
)
@pytest.mark.parametrize("times", [True, False])
def test_without_a_time_of_its_own_a_resource_of_a_later_export_counts(
    times: bool,  # noqa: FBT001
    place: str,
    counts: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    files = {"0/p.ndjson": lines(patient()), f"{place}/a.ndjson": lines(hba1c("a1"))}
    files["2/deleted/d.ndjson"] = lines(gone("Observation/a1"))
    if times:
        files |= {f"{turn}/manifest.json": manifest(f"2026-11-0{turn}T12:00:00Z") for turn in (1, 2, 3)}
    assert read(tmp_path, files)[1] == ({"Observation/a1"} if counts else set())


def test_a_deletion_on_one_server_leaves_the_same_id_of_another(tmp_path: Path) -> None:
    files = {}
    for name in "ab":
        server = f"https://{name}.example/fhir"
        files[f"{name}/manifest.json"] = manifest(NOON, server)
        files[f"{name}/p.ndjson"] = lines(patient(f"p{name}"), hba1c("o1", f"Patient/p{name}"))
    files["b/deleted/d.ndjson"] = lines(gone("Observation/o1"))
    summary, refs = read(tmp_path, files)
    assert (summary.deleted, refs) == (1, {"Observation/o1"})
    (row,) = table(tmp_path / "out", "measurement")
    (whose,) = (one["patient"] for one in table(tmp_path / "out", "member") if one["member"] == row["member"])
    assert whose == "pa"


def test_a_deleted_patient_is_no_member_and_that_is_said(tmp_path: Path) -> None:
    files = {"a.ndjson": lines(patient(), hba1c("a1"), patient("p2")), "deleted.ndjson": lines(gone("Patient/p1"))}
    summary, refs = read(tmp_path, files)
    assert (summary.members, refs) == (1, set())
    (found,) = rejects(tmp_path / "out")
    assert (found["reason"], found["member"], found["resources"]) == ("its Patient was deleted", "p1", 2)


def test_what_all_share_can_be_deleted_too(tmp_path: Path) -> None:
    organization = {"resourceType": "Organization", "id": "o", "name": "A practice"}
    files = {"a.ndjson": lines(patient(), organization), "deleted.ndjson": lines(gone("Organization/o"))}
    assert read(tmp_path, files)[0].deleted == 1


def test_what_names_no_resource_is_a_reject(tmp_path: Path) -> None:
    files = {"a.ndjson": lines(patient(), hba1c("a1")), "d.ndjson": lines(gone("Observation?code=1", "all", "Basic/1"))}
    summary, refs = read(tmp_path, files)
    assert (refs, summary.deletions) == ({"Observation/a1"}, 0)
    assert [one["reason"] for one in rejects(tmp_path / "out")] == [
        "expected the deletion of one resource by type and id"
    ] * 2


def test_deletions_reach_every_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BUCKET", 2_000)
    monkeypatch.setattr("priorauth.population.ingest.sources.TASK", 3_000)
    people = [patient(f"p{n}") for n in range(60)]
    results = [hba1c(f"o{n}", f"Patient/p{n}") for n in range(60)]
    files = {
        "a.ndjson": lines(*people, *results),
        "d.ndjson": lines(*(gone(f"Observation/o{n}") for n in range(0, 60, 3))),
    }
    summary, refs = read(tmp_path, files)
    assert refs == {f"Observation/o{n}" for n in range(60) if n % 3}
    assert summary.buckets > 4


def test_all_members_deleted_is_no_population(tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match="no member could be read"):
        read(tmp_path, {"a.ndjson": lines(patient()), "d.ndjson": lines(gone("Patient/p1"))})
