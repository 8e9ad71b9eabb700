"""One day of a watch: what it leaves in its folder, and that it is all there or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from priorauth.errors import PopulationError
from priorauth.population.watch import day as days_work
from priorauth.population.watch import shards
from tests.exports import hba1c, lines, patient
from tests.population.watch.edits import A, B, write
from tests.population.watch.small_watch import current, kept, watched


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    write(tmp_path / "exports" / "2026-11-01", {"all.ndjson": lines(patient(), patient("p2"), hba1c("a1"))})
    return tmp_path / "exports"


def test_a_day_leaves_its_rows_its_difference_a_summary_and_what_was_not_used(exports: Path, tmp_path: Path) -> None:
    watched(exports, tmp_path / "state")
    odd = hba1c("a3", valueQuantity="much")
    write(exports / "2026-11-02", {"all.ndjson": lines(hba1c("a2", value=5.0, effectiveDateTime="2026-11-02"), odd)})
    watched(exports, tmp_path / "state")
    place = tmp_path / "state" / "days" / "2026-11-02"
    assert sorted(path.name for path in place.iterdir()) == [
        *("decided", "difference.parquet", "rejects.ndjson", "summary.txt", "warnings.ndjson")
    ]
    assert [row["patient"] for row in pq.read_table(place / "decided").to_pylist()] == ["p1"]
    (row,) = pq.read_table(place / "difference.parquet").to_pylist()
    assert (row["patient"], row["change"]) == ("p1", "outcome")
    assert {"criterion": "A", "before": "met", "after": "not-met"} in row["criteria"]
    (reject,) = [json.loads(line) for line in (place / "rejects.ndjson").read_bytes().splitlines()]
    assert (reject["file"], reject["line"], reject["resource"]) == ("2026-11-02/all.ndjson", 2, "Observation/a3")
    assert (place / "summary.txt").read_text().startswith("2026-11-02: 1 of 2 decided")


def test_when_files_turn_out_to_be_of_two_servers_everybody_is_decided(exports: Path, tmp_path: Path) -> None:
    write(exports / "2026-11-01", {"more.ndjson": lines(hba1c("a4", f"{A}/Patient/p1"))})
    watched(exports, tmp_path / "state")
    write(exports / "2026-11-02", {"all.ndjson": lines(patient("p3"), hba1c("a5", f"{B}/Patient/p3"))})
    (second,) = watched(exports, tmp_path / "state")
    assert (second["everybody"], second["decided"]) == ("the files are of several servers now", 3)


def test_files_that_change_while_they_are_read_publish_nothing(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grows(folder: Path, number: int) -> None:
        look_up(folder, number)
        write(exports / "2026-11-01", {"late.ndjson": lines(patient("p9"))})

    look_up = shards.look_up
    monkeypatch.setattr(shards, "look_up", grows)
    with pytest.raises(PopulationError, match="2026-11-01: changed while it was read; nothing was published"):
        watched(exports, tmp_path / "state")
    assert not (tmp_path / "state" / "watch.json").exists()
    monkeypatch.undo()
    watched(exports, tmp_path / "state")
    assert set(current(tmp_path / "state")) == {"p1", "p2", "p9"}


@pytest.mark.parametrize("where", ["save", "settle", "difference"])
def test_a_watch_killed_before_or_after_its_last_word_ends_with_the_same_files(
    where: str, exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: object) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    watched(exports, tmp_path / "state")
    write(exports / "2026-11-02", {"all.ndjson": lines(hba1c("a1", value=5.0, meta={"versionId": "2"}), patient("p4"))})
    watched(exports, tmp_path / "whole")
    monkeypatch.setattr(days_work, where, killed)
    with pytest.raises(KeyboardInterrupt):
        watched(exports, tmp_path / "state")
    monkeypatch.undo()
    found = watched(exports, tmp_path / "state")
    assert [one["day"] for one in found] == ([] if where == "settle" else ["2026-11-02"])
    assert kept(tmp_path / "state") == kept(tmp_path / "whole")
    assert not (tmp_path / "state" / ".work").exists()


def test_a_first_day_without_members_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "exports" / "2026-11-01", {"all.ndjson": lines(hba1c("a1"))})
    with pytest.raises(PopulationError, match="2026-11-01: no member could be read"):
        watched(tmp_path / "exports", tmp_path / "state")
