"""The first pass: one broken line costs that line, wherever it stands among the others."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from priorauth.population.ingest.shard import Done
from priorauth.population.ingest.sources import find, tasks
from priorauth.population.ingest.split import split
from tests.exports import hba1c, lines, patient


@pytest.mark.parametrize("at_once", [1, 3, 4_000])
@pytest.mark.parametrize("place", [0, 4, 9])
def test_a_broken_line_is_rejected_and_all_others_are_kept(
    place: int, at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("priorauth.population.ingest.split.AT_ONCE", at_once)
    listed = lines(patient(), *(hba1c(f"a{n}") for n in range(9))).splitlines(keepends=True)
    listed[place] = b'{"resourceType": "Observation", "subject"\n'
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "all.ndjson").write_bytes(b"".join(listed))
    sources, _ = find(tmp_path / "in")
    split(tmp_path, 0, tasks(sources)[0], sources)
    done = msgspec.json.decode((tmp_path / "0.json").read_bytes(), type=Done)
    assert [one.at for one in done.rejects] == [sum(map(len, listed[:place]))]
    assert sum(done.read.values()) == 9
    assert done.lines == 10


def test_brackets_that_would_make_two_resources_of_a_line_do_not(tmp_path: Path) -> None:
    good = lines(patient())
    (tmp_path / "all.ndjson").write_bytes(good + b'{"resourceType":"Location"},{"resourceType":"Location"}\n')
    sources, _ = find(tmp_path)
    split(tmp_path, 0, tasks(sources)[0], sources)
    done = msgspec.json.decode((tmp_path / "0.json").read_bytes(), type=Done)
    assert [one.at for one in done.rejects] == [len(good)]
    assert done.unread == {}
