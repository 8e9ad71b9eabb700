"""Where resources go: to their member, to all, to the rejects."""

from __future__ import annotations

import pytest

from priorauth.fhir.limits import MAX_DEPTH
from tests.exports import Export, hba1c, lines, patient, read, rejects


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


def deep(levels: int) -> bytes:
    """Give a Bundle on one line that nests so deep."""
    inner = b"[" * levels + b"]" * levels
    return b'{"resourceType":"Bundle","entry":[{"resource":' + lines(hba1c("deep"))[:-2] + b',"x":' + inner + b"}}]}"


@pytest.mark.parametrize("name", ["b_ndjson", "b_json"])
def test_a_bundle_is_held_to_the_limits_wherever_it_stands(name: str, export: Export) -> None:
    good, bad = deep(MAX_DEPTH - 4), deep(MAX_DEPTH + 4)
    summary, out = read(export(a_ndjson=lines(patient()), **{name: good, f"c__{name}": bad}))
    (found,) = rejects(out)
    assert found["file"] == f"c/{name.replace('_', '.')}"
    assert found["reason"] == f"expected JSON nested at most {MAX_DEPTH} deep"
    assert summary.rows["measurement"] == 1


def test_a_bundle_with_too_many_entries_is_rejected(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.population.ingest.routing.MAX_ENTRIES", 2)
    entries = [{"resource": hba1c(f"a{turn}")} for turn in range(3)]
    bundles = [{"resourceType": "Bundle", "entry": listed} for listed in (entries[:2], entries)]
    summary, out = read(export(a_ndjson=lines(patient(), *bundles)))
    (found,) = rejects(out)
    assert (found["line"], found["reason"]) == (3, "expected at most 2 entries, found 3")
    assert summary.rows["measurement"] == 2
