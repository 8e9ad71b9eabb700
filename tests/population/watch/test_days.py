"""The days of a folder of exports: what is a day, what comes too late, what changed since it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PopulationError
from priorauth.population.watch import days
from priorauth.population.watch.state import Counts, Day, File

NONE = Counts(
    members=0, decided=0, new=0, gone=0, outcome=0, criteria=0, resources=0, deletions=0, rejects=0, warnings=0
)


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"{}\n")
    return folder


def done(name: str, size: int = 3) -> Day:
    return Day(name, "2026-11-20", [File(f"{name}/a.ndjson", "lines", packed=False, size=size)], NONE)


def test_days_stand_in_order_and_what_is_hidden_or_not_to_be_read_is_left(tmp_path: Path) -> None:
    made(tmp_path, "2026-11-02/a.ndjson", "2026-11-01/b/a.ndjson", ".old/a.ndjson", "README.txt")
    assert days.named(tmp_path) == ["2026-11-01", "2026-11-02"]


@pytest.mark.parametrize("name", ["2026-11/a.ndjson", "2026-02-30/a.ndjson", "late/a.txt", "a.ndjson", "a.ndjson.gz"])
def test_what_else_could_be_read_beside_days_is_refused(name: str, tmp_path: Path) -> None:
    made(tmp_path, "2026-11-01/a.ndjson", name)
    with pytest.raises(PopulationError, match=f"{name.partition('/')[0]}: expected folders of days"):
        days.named(tmp_path)


def test_the_files_of_a_day_are_named_from_the_folder_of_all(tmp_path: Path) -> None:
    made(tmp_path, "2026-11-01/b/a.ndjson", "2026-11-01/a.json", "2026-11-02/a.ndjson")
    assert [one.name for one in days.sources(tmp_path, "2026-11-01")] == ["2026-11-01/a.json", "2026-11-01/b/a.ndjson"]


def test_a_day_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2026-11-01").mkdir()
    with pytest.raises(PopulationError, match=r"2026-11-01: expected \.ndjson"):
        days.sources(tmp_path, "2026-11-01")


def test_new_are_the_days_after_those_that_were_read(tmp_path: Path) -> None:
    made(tmp_path, "2026-11-02/a.ndjson")
    assert days.new(tmp_path, ["2026-11-02", "2026-11-03"], [done("2026-11-02")]) == ["2026-11-03"]
    assert days.new(tmp_path, ["2026-11-03"], [done("2026-11-02")]) == ["2026-11-03"]  # the older one was put away


def test_a_day_that_comes_too_late_or_changed_since_is_refused(tmp_path: Path) -> None:
    made(tmp_path, "2026-11-02/a.ndjson")
    with pytest.raises(PopulationError, match="2026-11-01: comes before 2026-11-02"):
        days.new(tmp_path, ["2026-11-01"], [done("2026-11-02")])
    with pytest.raises(PopulationError, match="2026-11-02: its files are not those that were read"):
        days.new(tmp_path, ["2026-11-02"], [done("2026-11-02", size=4)])
