"""Plain readings of a bucket: gathered from every shard; their texts come back in the order of the input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from priorauth.facts import vocabulary
from priorauth.population.ingest.bucket import bounds, texts
from priorauth.population.ingest.heads import key
from priorauth.population.ingest.plain.held import Held
from priorauth.population.ingest.plain.rows import VISIT
from priorauth.population.ingest.plain.sift import sieve
from priorauth.population.ingest.sources import Piece, find, tasks
from priorauth.population.ingest.split import split
from tests.exports import hba1c, lines, patient

pytest.importorskip("numba")


def test_all_resources_of_a_member_come_back_as_they_stood(tmp_path: Path) -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": "41653-7"}]}
    value = {"value": 120, "unit": "mg/dL"}
    readings = [hba1c(f"r{n}", whose=f"Patient/p{n % 2}", code=code, valueQuantity=value) for n in range(6)]
    listed = [patient("p0"), readings[0], hba1c("a1", whose="Patient/p0"), *readings[1:], patient("p1")]
    (tmp_path / "all.ndjson").write_bytes(lines(*listed))
    sources, _ = find(tmp_path)
    split(tmp_path, 0, tasks(sources)[0], sources, sieve())
    held = Held(tmp_path, bounds(tmp_path, 1, 1, plain=True), 0, sources)
    assert [len(held.of(key(name))) for name in ("p0", "p1", "p2")] == [4, 3, 0]
    for found in texts(tmp_path, bounds(tmp_path, 1, 1), 0):
        (name,) = (name for name in ("p0", "p1") if key(name) == int(found.places["key"][0]))
        whole = held.whole(key(name), found)
        own = [one for one in listed if name in (one["id"], one.get("subject", {}).get("reference", "")[8:])]
        assert whole.data == lines(*own).splitlines()
        assert np.all(np.diff(whole.places["at"].astype(np.int64)) > 0)
    held.close()


def test_visits_come_back_alone_and_their_names_are_those_of_their_own_shard(tmp_path: Path) -> None:
    def visit(name: str, whose: str, by: str) -> dict[str, object]:
        return {
            "resourceType": "Encounter", "id": name, "status": "finished", "subject": {"reference": f"Patient/{whose}"},
            "participant": [{"individual": {"reference": by}}], "serviceProvider": {"reference": "Organization/o"},
        }  # fmt: skip

    made = [
        [visit("v1", "p0", "Practitioner/z"), hba1c("a1", whose="Patient/p0")],
        [visit("v2", "p1", "Practitioner/y"), visit("v3", "p0", "Practitioner/x"), patient("p0")],
    ]
    for number, resources in enumerate(made):
        (tmp_path / f"{number}.ndjson").write_bytes(lines(*resources))
    sources, _ = find(tmp_path)
    for number in range(2):
        split(tmp_path, number, (Piece(number, 0, None),), sources, sieve())
    held = Held(tmp_path, bounds(tmp_path, 2, 1, plain=True), 0, sources)
    (found,) = texts(tmp_path, bounds(tmp_path, 2, 1), 0)
    kept = held.beside(vocabulary.load(), key("p0"), found)
    assert kept.names == {b"Practitioner/z", b"Practitioner/x", b"Organization/o"}
    visits = kept.together(kept.plain.rows["kind"] == VISIT)
    assert visits.data == lines(made[0][0], *made[1][1:]).splitlines()
    held.close()


def test_without_plain_readings_nothing_is_held(tmp_path: Path) -> None:
    held = Held(tmp_path, np.zeros((0, 2), np.int64), 0)
    assert held.spans == {}
    assert held.whole(5).data == []
