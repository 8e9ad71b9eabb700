"""The sorted resources of all days: what finds a member, what is gathered, what putting together leaves as it is."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from priorauth.population.ingest import bucket
from priorauth.population.ingest.deleted import key as hashed
from priorauth.population.ingest.heads import key
from priorauth.population.ingest.shard import Shard, write
from priorauth.population.watch import shards
from priorauth.population.watch.shards import Keys

URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def made(folder: Path, number: int, *resources: tuple[str, dict[str, object]]) -> None:
    """Write a shard of one source of its own number; an entry of a Bundle has the field ``url``."""
    shard = Shard()
    for at, (whose, resource) in enumerate(resources):
        url = resource.pop("url", None)
        text = json.dumps({"fullUrl": url, "resource": resource} if url else resource).encode()
        shard.take(key(whose), number, at, text, entry=bool(url))
    shard.deleted.append((hashed("Observation", f"gone{number}"), 0, 0, number))
    shard.share(number, 0, "byte", "", b'{"resourceType": "Organization"}')
    write(folder, number, shard)
    shards.look_up(folder, number)


def observation(name: str, **more: object) -> dict[str, object]:
    return {"resourceType": "Observation", "id": name, **more}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made(tmp_path, 0, ("p1", observation("a")), ("p2", observation("b", by="Practitioner/d")), ("p3", observation("c")))
    made(tmp_path, 1, ("p1", observation("", url="https://a.example/Observation/d")), ("p2", observation("b", of=URN)))
    return tmp_path


def hashes(*names: str) -> Keys:
    return np.sort(np.array([shards.hash_of(name.encode()) for name in names], dtype=np.uint64))


def whose(*names: str) -> list[int]:
    return sorted(key(name) for name in names)


def test_a_member_is_found_by_the_name_of_a_resource_in_or_out_of_a_bundle(folder: Path) -> None:
    def found(*names: str) -> list[int]:
        made: list[int] = shards.keys_of(folder, (0, 1), shards.NAMES, hashes(*names)).tolist()
        return made

    assert found("Observation/b") == whose("p2")
    assert found("Observation/a", "Observation/d") == whose("p1")
    assert found("Observation/a", "Observation/c") == whose("p1", "p3")
    assert found("Observation/x") == found() == []
    assert shards.hash_of(b"Observation/b") == hashed("Observation", "b")


def test_a_member_is_found_by_what_its_resources_mention(folder: Path) -> None:
    def found(*names: str) -> list[int]:
        made: list[int] = shards.keys_of(folder, (0, 1), shards.REFS, hashes(*names)).tolist()
        return made

    assert found("Practitioner/d") == found(URN) == whose("p2")
    assert found("Practitioner/e") == []


def test_the_members_of_some_shards_are_each_there_once(folder: Path) -> None:
    assert shards.keys(folder, (0, 1)).tolist() == whose("p1", "p2", "p3")
    assert shards.keys(folder, (1,)).tolist() == whose("p1", "p2")
    assert shards.keys(folder, ()).tolist() == []


Seen = dict[int, list[tuple[int, int, bytes, bool]]]


def texts(place: Path, tasks: int) -> Seen:
    begins = bucket.bounds(place, tasks, 1)
    return {
        int(one.places["key"][0]): [
            (int(row["source"]), int(row["at"]), data, bool(row["entry"]))
            for row, data in zip(one.places, one.data, strict=True)
        ]
        for one in bucket.texts(place, begins, 0)
    }


def test_gathered_are_the_resources_of_those_wanted_and_of_nobody_else(folder: Path, tmp_path: Path) -> None:
    count, size = shards.gather(folder, (0, 1), None, tmp_path / "all")
    everybody = texts(tmp_path / "all", count)
    assert sorted(everybody) == whose("p1", "p2", "p3")
    assert size == sum(len(data) for held in everybody.values() for _, _, data, _ in held)
    for names in (("p1", "p3"), ("p2",), ("p9",)):
        count, size = shards.gather(folder, (0, 1), np.array(whose(*names), dtype=np.uint64), tmp_path / "some")
        found = texts(tmp_path / "some", count)
        assert found == {one: held for one, held in everybody.items() if one in whose(*names)}
        assert size == sum(len(data) for held in found.values() for _, _, data, _ in held)


def test_shards_that_were_put_together_say_all_that_they_said_apart(folder: Path, tmp_path: Path) -> None:
    before = texts(folder, 2)
    (tmp_path / "two").mkdir()
    for path in folder.glob("[01].*"):
        (tmp_path / "two" / path.name).write_bytes(path.read_bytes())
    place = tmp_path / "two"
    shards.put_together(place, (0, 1), 2)
    shards.cleared(place, (2,))
    assert {path.name.partition(".")[0] for path in place.iterdir()} == {"2"}
    count, _ = shards.gather(place, (2,), None, tmp_path / "all")
    assert texts(tmp_path / "all", count) == before
    for part, name in ((shards.NAMES, "Observation/b"), (shards.REFS, URN)):
        assert shards.keys_of(place, (2,), part, hashes(name)).tolist() == whose("p2")
    assert shards.deletions(place, (2,)).tolist() == shards.deletions(folder, (0, 1)).tolist()
    apart = [one for each in shards.done(folder, (0, 1)) for one in each.shared]
    assert msgspec.json.encode(
        [one for each in shards.done(place, (2,)) for one in each.shared]
    ) == msgspec.json.encode(apart)


def test_small_shards_are_put_together_once_there_are_many_up_to_the_size_of_a_large_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2, 6):
        made(folder, number, ("p1", observation("a" * 60)))
    assert shards.crowded(folder, range(6)) == []
    monkeypatch.setattr(shards, "MOST_SMALL", 3)
    assert shards.crowded(folder, range(6)) == [[0, 1, 2, 3, 4, 5]]
    size = (folder / "2.data").stat().st_size
    monkeypatch.setattr(shards, "SMALL", 2 * size + 1)
    assert shards.crowded(folder, range(2, 6)) == [[2, 3], [4, 5]]
    monkeypatch.setattr(shards, "SMALL", size)
    assert shards.crowded(folder, range(2, 6)) == []


def test_what_no_state_names_goes_and_what_a_killed_day_finished_stays(folder: Path) -> None:
    (folder / "1.data.host-4711-0").touch()
    (folder / "notes.txt").touch()
    shards.cleared(folder, (0,), first=1)
    assert {path.name for path in folder.glob("1.*")} == {
        f"1.{part}" for part in ("data", "index", "plain", "plain.data", "deleted", "json", "names", "refs")
    }
    shards.cleared(folder, (0,))
    assert not list(folder.glob("1.*"))
    assert (folder / "0.data").exists()
    assert (folder / "notes.txt").exists()
