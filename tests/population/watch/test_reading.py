"""Whom a day touches, and that whoever is read again comes out with the resources of all days."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from priorauth.population.ingest.heads import key
from priorauth.population.ingest.sources import Source, tasks
from priorauth.population.ingest.split import split
from priorauth.population.watch import days, reading, shards
from priorauth.population.watch.reading import POPULATION, Known
from priorauth.values import dates
from tests.exports import AS_OF, Resource, hba1c, lines, patient, table
from tests.population.watch.edits import A, B, medication, order, role, write


def gone(*urls: str) -> Resource:
    entries = [{"request": {"method": "DELETE", "url": url}} for url in urls]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


class Place:
    """Two days of exports, each sorted into one shard."""

    def __init__(self, folder: Path, first: list[Resource], second: list[Resource]) -> None:
        self.folder, self.state = folder, folder / "state"
        self.sorted = self.state / ".shards"
        self.sorted.mkdir(parents=True)
        self.sources: tuple[Source, ...] = ()
        for number, resources in enumerate((first, second)):
            write(folder / f"2026-11-0{number + 1}", {"all.ndjson": lines(*resources)})
            own = days.sources(folder, f"2026-11-0{number + 1}")
            self.sources += own
            ((piece,),) = tasks(own)
            split(self.sorted, number, (type(piece)(number),), self.sources)
            shards.look_up(self.sorted, number)

    def touched(self) -> set[int]:
        before, after = (Known.of(self.sorted, range(count), self.sources[:count]) for count in (1, 2))
        return set(reading.touched(self.sorted, (0,), (1,), before, after).tolist())


ALL = [
    patient("p1"),
    patient("p2"),
    patient("p3"),
    hba1c("a1"),
    hba1c("a2", "Patient/p2"),
    order("p3"),
    medication("86009"),
]
SEEN = {
    **hba1c("a4", "Patient/p2"),
    "resourceType": "Encounter",
    "participant": [{"individual": {"reference": "Practitioner/doc-2"}}],
}


@pytest.mark.parametrize(
    ("second", "who"),
    [
        ([hba1c("a9", "Patient/p2")], {"p2"}),
        ([gone("Observation/a2", "Observation/never")], {"p2"}),
        ([gone("Patient/p1")], {"p1"}),
        ([medication("6809")], {"p3"}),
        ([gone("Medication/m1")], {"p3"}),
        ([medication("86009")], set()),
        ([role("clinic")], {"p2"}),
        ([{"resourceType": "Organization", "id": "clinic", "name": "another"}], set()),
        ([role("clinic"), {"resourceType": "Organization", "id": "clinic"}], {"p2"}),
        ([patient("p7")], {"p7"}),
    ],
)
def test_touched_are_those_with_a_resource_a_deletion_or_something_shared_that_changed(
    second: list[Resource], who: set[str], tmp_path: Path
) -> None:
    first = [*ALL, SEEN, {"resourceType": "Practitioner", "id": "doc-2"}]
    assert Place(tmp_path, first, second).touched() == {key(name) for name in who}


def test_files_of_a_second_server_are_noticed(tmp_path: Path) -> None:
    place = Place(tmp_path, [patient(), hba1c("a1", f"{A}/Patient/p1")], [hba1c("a2", f"{B}/Patient/p1")])
    assert [Known.of(place.sorted, range(count), place.sources[:count]).by_file for count in (1, 2)] == [False, True]


def test_a_member_is_read_from_all_days_and_its_key_is_noted(tmp_path: Path) -> None:
    place = Place(tmp_path, ALL, [hba1c("a9"), gone("Observation/a1")])
    wanted = np.array([key("p1")], dtype=np.uint64)
    job = reading.gathered(place.state, place.sources, (0, 1), dates.day(AS_OF), wanted)
    found = reading.read(job, 1, lambda *_: None)
    assert (found.keys, found.seats) == ({"p1": key("p1")}, 1)
    assert [row["ref"] for row in table(job.work / POPULATION, "measurement")] == ["Observation/a9"]
    again = reading.read(job, 1, lambda *_: None)
    assert again.keys == found.keys


def test_rejects_of_a_day_are_those_of_its_files_and_of_whom_it_read(tmp_path: Path) -> None:
    broken = {"resourceType": "Organization", "id": "o", "name": ["odd"]}
    place = Place(tmp_path, [*ALL, broken], [hba1c("b1", "Patient/p9"), broken, {"resourceType": "Observation"}])
    wanted = np.array([key("p9")], dtype=np.uint64)
    job = reading.gathered(place.state, place.sources, (0, 1), dates.day(AS_OF), wanted)
    outcome = reading.read(job, 1, lambda *_: None)
    known = Known.of(place.sorted, (0, 1), place.sources)
    found = reading.rejects_of(shards.done(place.sorted, (1,)), 1, known, outcome)
    said = sorted(json.dumps((one.source, one.reason)) for one in found)
    assert len(said) == 3
    assert all(one.startswith("[1, ") for one in said)
    assert "names no patient" in " ".join(said)
    assert "its Patient is not in the export" in " ".join(said)
