"""Two servers' patients in one ingest: a person is a server, a type and an id; nobody's chart rests on another's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from priorauth.population.ingest.bases import NO_SERVER, label
from priorauth.population.ingest.ingest import ingest
from priorauth.population.ingest.instants import UNKNOWN, instant
from priorauth.population.ingest.servers import Origin, origins
from priorauth.population.ingest.shard import Done, Export
from priorauth.population.ingest.sources import Source
from priorauth.population.manifest import Summary
from tests.exports import AS_OF, Resource, hba1c, lines, patient, rejects, table

A, B = "https://a.example/fhir", "https://b.example/fhir"
OLD = {"birthDate": "1955-05-05"}


def source(name: str) -> Source:
    return Source(Path(name), name, "lines", packed=False, size=1, changed=1)


def test_the_server_of_a_file_is_what_it_names_else_what_its_folder_names_else_that_of_its_manifest() -> None:
    names = ["a/m.json", "a/o.ndjson", "a/p.ndjson", "b/m.json", "b/p.ndjson", "c/o.ndjson", "c/p.ndjson", "d.ndjson"]
    noon = "2026-11-01T12:00:00Z"
    exports = [Export(0, noon, "https://outside.example"), Export(3, noon, B)]
    done = [Done(exports=exports, named=[(1, A)]), Done(named=[(5, A)]), Done(named=[(5, B), (7, A)]), Done()]
    found = origins([source(name) for name in names], done)
    at = instant(noon)
    assert found[2] == Origin(label(A), A, at, "a")
    assert found[4] == Origin(label(B), B, at, "b")
    assert found[5] == found[6] == Origin(NO_SERVER, "", UNKNOWN, "c")
    assert found[7] == Origin(label(A), A, UNKNOWN, ".")


def test_of_two_manifests_in_one_folder_the_one_that_lists_a_file_is_its_own() -> None:
    sources = [source(name) for name in ("1.json", "2.json", "x.ndjson", "y.ndjson")]
    exports = [Export(0, "", A, ["x.ndjson"]), Export(1, "", B, ["z.ndjson"])]
    found = origins(sources, [Done(exports=exports)])
    assert (found[2].base, found[3].base) == (A, "")


def bundle(server: str, *resources: Resource) -> Resource:
    entries = [{"fullUrl": f"{server}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def manifest(server: str) -> bytes:
    return json.dumps({"transactionTime": "2026-11-01T12:00:00Z", "request": f"{server}/Patient/$export"}).encode()


def urns(one: Resource, *more: Resource) -> Resource:
    """Give a Bundle whose fullUrls are urns, named by the value of the patient's birth date."""
    turn = one["birthDate"][:4]
    entries = [{"fullUrl": f"urn:uuid:{turn}-{place}", "resource": each} for place, each in enumerate((one, *more))]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def read(folder: Path, files: dict[str, bytes]) -> tuple[Summary, dict[str, set[int]]]:
    """Ingest; gives the summary and the values of each member."""
    for name, data in files.items():
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / name).write_bytes(data)
    summary = ingest(folder / "in", folder / "out", as_of=AS_OF, jobs=1)
    members = {row["member"]: row["patient"] for row in table(folder / "out", "member")}
    found: dict[str, set[int]] = {name: set() for name in members.values()}
    for row in table(folder / "out", "measurement"):
        found[members[row["member"]]].add(row["low"])
    return summary, found


def one(server: str, value: float = 7.1, name: str = "o1") -> Resource:
    return hba1c(name, f"{server}/Patient/p1", value)


def rel(value: float, name: str = "o1") -> Resource:
    return hba1c(name, value=value)


APART: dict[str, dict[str, bytes]] = {
    "bundles": {
        "a.json": json.dumps(bundle(A, patient(), rel(7.1))).encode(),
        "b.json": json.dumps(bundle(B, patient(**OLD), rel(9.2))).encode(),
    },
    "bundles with the same birth and sex": {
        "a.json": json.dumps(bundle(A, patient(), rel(7.1))).encode(),
        "b.json": json.dumps(bundle(B, patient(), rel(9.2))).encode(),
    },
    "bundles on lines": {
        "a.ndjson": lines(bundle(A, patient(), rel(7.1)), bundle(B, patient(**OLD), one(B, 9.2)), patient("x")),
    },
    "both in one bundle": {
        "a.json": json.dumps(
            {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [
                    *bundle(A, patient(), rel(7.1))["entry"],
                    *bundle(B, patient(**OLD), one(B, 9.2))["entry"],
                ],
            }
        ).encode(),
    },
    "absolute references, file by file": {
        "a.ndjson": lines(patient(), one(A, 7.1)),
        "b.ndjson": lines(patient(**OLD), one(B, 9.2)),
    },
    "absolute references, folder by folder": {
        "a/p.ndjson": lines(patient()),
        "a/o.ndjson": lines(one(A, 7.1)),
        "b/p.ndjson": lines(patient(**OLD)),
        "b/o.ndjson": lines(one(B, 9.2)),
    },
    "meta.source": {
        "p.ndjson": lines(patient(meta={"source": A}), patient(meta={"source": f"{B}/Patient/p1#x"}, **OLD)),
        "o.ndjson": lines(one(A, 7.1), one(B, 9.2)),
    },
    "manifests": {
        "a/manifest.json": manifest(A),
        "a/all.ndjson": lines(patient(), rel(7.1)),
        "b/manifest.json": manifest(B),
        "b/all.ndjson": lines(patient(), rel(9.2)),
    },
}


@pytest.mark.parametrize("how", APART)
def test_where_servers_are_told_both_are_read_each_with_its_own(how: str, tmp_path: Path) -> None:
    summary, found = read(tmp_path, APART[how])
    found.pop("x", None)
    assert found == {f"{A}/Patient/p1": {71}, f"{B}/Patient/p1": {92}}
    assert summary.rejects == 0


def test_bundles_with_urns_are_told_apart_by_them(tmp_path: Path) -> None:
    made = [urns(patient(), hba1c("o1", "urn:uuid:1980-0", 7.1)), urns(patient(**OLD), rel(9.2))]
    files = {f"{turn}.json": json.dumps(each).encode() for turn, each in enumerate(made)}
    summary, found = read(tmp_path, files)
    assert found == {"urn:uuid:1980-0": {71}, "urn:uuid:1955-0": {92}}
    assert summary.rejects == 0


def test_two_bundles_of_one_person_are_one_member_whatever_their_urns(tmp_path: Path) -> None:
    first = urns(patient(), hba1c("o1", "urn:uuid:1980-0", 7.1))
    second = json.loads(json.dumps(urns(patient(), hba1c("o2", "urn:uuid:1980-0", 9.2))).replace("uuid:1980", "uuid:x"))
    files = {f"{turn}.json": json.dumps(each).encode() for turn, each in enumerate((first, second))}
    assert read(tmp_path, files)[1] == {"p1": {71, 92}}


DOUBT: dict[str, dict[str, bytes]] = {
    "relative references": {"a.ndjson": lines(patient(), rel(7.1)), "b.ndjson": lines(patient(**OLD), rel(9.2, "o2"))},
    "absolute references in one folder": {
        "p.ndjson": lines(patient(), patient(**OLD)), "o.ndjson": lines(one(A), one(B)),
    },
    "one server named": {"a.ndjson": lines(patient(), one(A)), "b.ndjson": lines(patient(**OLD), rel(9.2))},
    "one resource too many": {
        "a/p.ndjson": lines(patient(), one(A)), "b/p.ndjson": lines(patient(**OLD), one(B)),
        "a/x/q.ndjson": lines(rel(9.9, "o3")),
    },
    "a merged file": {"all.ndjson": lines(patient(), one(A), patient(**OLD), one(A, 9.2, "o2"))},
    "one Patient, two servers": {"p.ndjson": lines(patient()), "o.ndjson": lines(one(A), one(B, 9.2))},
    "manifests, one without its Patient": {
        "a/manifest.json": manifest(A), "a/all.ndjson": lines(patient(), rel(7.1)),
        "b/manifest.json": manifest(B), "b/all.ndjson": lines(rel(9.2)),
    },
    "identifiers differ": {
        "a.ndjson": lines(patient(identifier=[{"system": "urn:a", "value": "1"}]), rel(7.1)),
        "b.ndjson": lines(patient(identifier=[{"system": "urn:a", "value": "2"}]), rel(9.2, "o2")),
    },
}  # fmt: skip


@pytest.mark.parametrize("how", DOUBT)
def test_where_nothing_tells_whose_a_resource_is_everybody_of_that_id_is_left_out_and_each_place_named(
    how: str, tmp_path: Path
) -> None:
    files = DOUBT[how] | {"z.ndjson": lines(patient("other"), hba1c("z1", "Patient/other", 6.5))}
    _, found = read(tmp_path, files)
    assert found == {"other": {65}}
    named = rejects(tmp_path / "out")
    count = sum(data.count(b"\n") for name, data in DOUBT[how].items() if name.endswith(".ndjson"))
    assert {(row["file"], row["line"]) for row in named if "member" not in row} == {
        (name, line + 1)
        for name, data in DOUBT[how].items()
        if name.endswith(".ndjson")
        for line in range(data.count(b"\n"))
    }
    assert [(row["member"], row["resources"]) for row in named if "member" in row] == [("p1", count)]


def test_resources_of_a_patient_of_another_server_who_is_not_there_are_rejected_by_name(tmp_path: Path) -> None:
    files = {"a.json": json.dumps(bundle(A, patient(), rel(7.1))).encode(), "o.ndjson": lines(one(B, 9.2, "o9"))}
    summary, found = read(tmp_path, files)
    assert found == {"p1": {71}}
    (row,) = rejects(tmp_path / "out")
    assert (row["file"], row["line"], row["resource"]) == ("o.ndjson", 1, "Observation/o9")
    assert "another server" in row["reason"]
    assert summary.rejects == 1


@pytest.mark.parametrize("plain", [False, True])
def test_one_person_of_two_servers_by_identifier_is_one_member_and_results_of_one_id_are_two(
    plain: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    known: dict[str, Any] = {"identifier": [{"system": "urn:ssn", "value": "1"}]}
    if plain:
        files = {"a.ndjson": lines(patient(**known), one(A, 7.1)), "b.ndjson": lines(patient(**known), one(B, 9.2))}
    else:
        made = (bundle(A, patient(**known), rel(7.1)), bundle(B, patient(**known, gender="female"), rel(9.2)))
        files = {f"{turn}.json": json.dumps(each).encode() for turn, each in enumerate(made)}
    summary, found = read(tmp_path, files)
    assert found == {"p1": {71, 92}}
    assert summary.rejects == 0


def shared(server: str, name: str) -> Resource:
    return {"resourceType": "Organization", "id": "o", "name": name, "meta": {"source": server}}


def requests() -> dict[str, Any]:
    case = Path(__file__).parents[2] / "cases" / "caresource" / "c-missing.json"
    return dict(json.loads(case.read_bytes())["bundle"])


def test_a_record_gets_the_organization_of_its_own_server(tmp_path: Path) -> None:
    made = {}
    for name, server in (("a", A), ("b", B)):
        resources = [entry["resource"] for entry in requests()["entry"]]
        text = lines(*resources).replace(b'"Aetna"', b'""')
        person = next(one["id"] for one in resources if one["resourceType"] == "Patient")
        made[f"{name}/all.ndjson"] = text.replace(f"Patient/{person}".encode(), f"Patient/{name}".encode()).replace(
            f'"id": "{person}"'.encode(), f'"id": "{name}"'.encode()
        )
        made[f"{name}/manifest.json"] = manifest(server)
    summary, _ = read(tmp_path, made)
    assert summary.rejects == 0
    assert {row["patient"] for row in table(tmp_path / "out", "member")} == {"a", "b"}


def test_where_one_patient_of_an_id_cannot_be_read_nobody_gets_what_may_be_anothers(tmp_path: Path) -> None:
    files = {"a.ndjson": lines(patient(), rel(7.1)), "b.ndjson": lines(patient(birthDate=[1955]), rel(9.2, "o2"))}
    summary, found = read(tmp_path, files | {"z.ndjson": lines(patient("other"))})
    assert found == {"other": set()}
    assert {(row["file"], row.get("line")) for row in rejects(tmp_path / "out")} == {
        (name, line) for name in ("a.ndjson", "b.ndjson") for line in (1, 2)
    }
    assert summary.rejects == 5


def test_what_a_deleted_patient_left_is_nobody_elses(tmp_path: Path) -> None:
    gone = {"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": f"{B}/Patient/p1"}}]}
    files = APART["manifests"] | {"b/gone.ndjson": lines(gone)}
    summary, found = read(tmp_path, files)
    assert found == {f"{A}/Patient/p1": {71}}
    (row,) = rejects(tmp_path / "out")
    assert (row["reason"], row["member"]) == ("its Patient was deleted", f"{B}/Patient/p1")
    assert summary.deleted == 1
