"""A shard: resources sorted by member, and committed whole or not at all."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from priorauth.population.ingest.shard import ROW, Done, Shard, committed, write


def test_a_shard_is_sorted_by_key_and_its_index_leads_to_each_resource(tmp_path: Path) -> None:
    shard = Shard()
    given = [(9, 0, b"{9}"), (2**64 - 1, 4, b"{last}"), (3, 8, b"{3 a}"), (3, 12, b"{3 b}")]
    for key, at, resource in given:
        shard.take(key, 5, at, resource)
    write(tmp_path, 7, shard)
    data, index = (tmp_path / "7.data").read_bytes(), np.fromfile(tmp_path / "7.index", dtype=ROW)
    found = [(int(row["key"]), int(row["at"]), data[row["start"] :][: row["size"]]) for row in index]
    assert found == [given[2], given[3], given[0], given[1]]
    assert set(index["source"]) == {5}


def test_a_shard_of_nothing_is_written_too(tmp_path: Path) -> None:
    write(tmp_path, 0, Shard())
    assert msgspec.json.decode((tmp_path / "0.json").read_bytes(), type=Done) == Done()


def test_what_is_committed_replaces_what_was_there_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path / "x", b"one")

    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="no space left"):
        committed(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"one"
