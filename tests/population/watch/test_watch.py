"""A watch: after any number of days the rows are those of ingesting all days at once and deciding everybody."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from priorauth.errors import PopulationError
from priorauth.population.watch import shards
from tests.exports import AS_OF, hba1c, lines, patient
from tests.population.watch.edits import KINDS, Drawn, write
from tests.population.watch.small_watch import at_once, current, kept, watched

QUICK, ALL, DAYS = 3, 40, 4


def same_after_each_day(seed: int, folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Watch drawn days; gives the kinds of edits drawn, and how rows fared."""
    drawn = Drawn(np.random.default_rng(seed))
    fared: Counter[str] = Counter()
    for turn in range(1, DAYS + 1):
        files = drawn.first(with_servers=seed % 3 == 0) if turn == 1 else drawn.day(turn)
        write(folder / "exports" / f"2026-11-{turn:02}", files)
        (day,) = watched(folder / "exports", folder / "state")
        with TemporaryDirectory(dir=folder) as work:
            assert current(folder / "state") == at_once(folder / "exports", Path(work)), f"seed {seed}, day {turn}"
        if turn > 1:
            fared += Counter({name: int(day[name]) for name in ("new", "gone", "outcome", "criteria", "decided")})
            fared["left alone"] += int(day["members"]) - int(day["decided"])
    return drawn.kinds, fared


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[] if seed < QUICK else pytest.mark.slow) for seed in range(ALL)]
)
def test_after_each_day_the_rows_are_those_of_all_days_at_once(seed: int, tmp_path: Path) -> None:
    same_after_each_day(seed, tmp_path)


@pytest.mark.slow
def test_every_kind_of_edit_is_drawn_and_rows_fare_in_every_way(tmp_path: Path) -> None:
    kinds: Counter[str] = Counter()
    fared: Counter[str] = Counter()
    for seed in range(ALL, ALL + 12):
        drawn, fate = same_after_each_day(seed, tmp_path / str(seed))
        kinds, fared = kinds + drawn, fared + fate
    print("edits", dict(kinds), "rows", dict(fared))
    assert kinds.keys() == set(KINDS)
    assert all(fared[name] for name in ("new", "gone", "outcome", "criteria", "left alone"))


def day(exports: Path, name: str, *resources: dict[str, object]) -> None:
    write(exports / name, {"all.ndjson": lines(*resources)})


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    day(made, "2026-11-01", patient("p1"), patient("p2"), hba1c("a1"), hba1c("a2", "Patient/p2", 6.0))
    return made


def test_a_day_decides_those_alone_whom_it_touches_and_says_who_changed(exports: Path, tmp_path: Path) -> None:
    (first,) = watched(exports, tmp_path / "state")
    assert (first["everybody"], first["decided"], first["new"]) == ("it is the first day", 2, 2)
    day(exports, "2026-11-02", hba1c("a2", "Patient/p2", 9.0, meta={"versionId": "2"}))
    (second,) = watched(exports, tmp_path / "state")
    assert (second["decided"], second["members"], second["new"], second["gone"], second["outcome"]) == (1, 2, 0, 0, 1)
    assert "everybody" not in second
    assert [one["witnesses"] for one in second["by"]] == [["p2"]]
    assert [(one["criterion"], one["before"], one["after"]) for one in second["by"]] == [("A", "not-met", "met")]


def test_days_handed_in_one_by_one_or_together_and_again_give_the_same_files(exports: Path, tmp_path: Path) -> None:
    watched(exports, tmp_path / "state")
    day(exports, "2026-11-02", patient("p3"))
    watched(exports, tmp_path / "state")
    before = kept(tmp_path / "state")
    assert watched(exports, tmp_path / "state") == []
    assert kept(tmp_path / "state") == before
    assert len(watched(exports, tmp_path / "other")) == 2
    assert kept(tmp_path / "other") == before


def test_what_cannot_be_is_refused_in_one_line(exports: Path, tmp_path: Path) -> None:
    day(exports, "2026-11-03", patient("p4"))
    watched(exports, tmp_path / "state")
    before = kept(tmp_path / "state")
    day(exports, "2026-11-02", patient("p3"))
    day(exports, "2026-11-04", patient("p5"))
    with pytest.raises(PopulationError, match="2026-11-02: comes before 2026-11-03, which was read already"):
        watched(exports, tmp_path / "state")
    with pytest.raises(PopulationError, match="as_of: expected"):
        watched(exports, tmp_path / "state", as_of="soon")
    (tmp_path / "empty").mkdir()
    with pytest.raises(PopulationError, match="there are none"):
        watched(tmp_path / "empty", tmp_path / "third")
    assert kept(tmp_path / "state") == before


def test_where_windows_count_from_another_day_everybody_is_decided(exports: Path, tmp_path: Path) -> None:
    watched(exports, tmp_path / "state")
    day(exports, "2026-11-02", patient("p3"))
    (second,) = watched(exports, tmp_path / "state", as_of="2027-12-20")
    assert (second["everybody"], second["decided"]) == ("windows count from another day", 3)
    assert current(tmp_path / "state") == at_once(exports, tmp_path, "2027-12-20")
    day(exports, "2026-11-03", patient("p4"))
    (third,) = watched(exports, tmp_path / "state", as_of=None)
    assert (third["as_of"], third["decided"]) == ("2027-12-20", 1)


def test_when_all_members_are_gone_nobody_is_left_and_one_may_come_back(exports: Path, tmp_path: Path) -> None:
    watched(exports, tmp_path / "state")
    entries = [{"request": {"method": "DELETE", "url": f"Patient/p{n}"}} for n in (1, 2)]
    day(exports, "2026-11-02", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
    (second,) = watched(exports, tmp_path / "state")
    assert (second["gone"], second["members"], second["decided"]) == (2, 0, 0)
    assert current(tmp_path / "state") == {}
    day(exports, "2026-11-03", patient("p7"))
    watched(exports, tmp_path / "state")
    assert set(current(tmp_path / "state")) == {"p7"}


def test_a_watch_that_was_killed_goes_on_and_ends_with_the_same_files(exports: Path, tmp_path: Path) -> None:
    day(exports, "2026-11-02", patient("p3"), hba1c("a1", value=6.0, meta={"versionId": "2"}))
    watched(exports, tmp_path / "whole")
    wanted = kept(tmp_path / "whole")
    after = 0
    while True:
        left = [after]

        def stop(stage: str, done: int, of: int, left: list[int] = left) -> None:  # noqa: ARG001
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        try:
            watched(exports, tmp_path / "pieces", progress=stop)
        except KeyboardInterrupt:
            after += 1
        else:
            break
    assert after > 2
    assert kept(tmp_path / "pieces") == wanted


def test_many_days_are_put_together_and_nothing_else_changes(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "MOST_SMALL", 2)
    for turn in range(2, 6):
        gone = {"request": {"method": "DELETE", "url": "Observation/a1"}}
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [gone]}
        more = [bundle] if turn == 5 else [hba1c(f"b{turn}", value=6.0, effectiveDateTime=f"2026-11-0{turn}")]
        day(exports, f"2026-11-0{turn}", patient(f"q{turn}"), *more)
        watched(exports, tmp_path / "state")
        assert len(list((tmp_path / "state" / ".shards").glob("*.index"))) <= 2
        with TemporaryDirectory(dir=tmp_path) as work:
            assert current(tmp_path / "state") == at_once(exports, Path(work))


def test_without_a_day_the_manifest_of_the_first_export_gives_it(exports: Path, tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match="expected --as-of"):
        watched(exports, tmp_path / "state", as_of=None)
    write(exports / "2026-11-01", {"manifest.json": f'{{"transactionTime": "{AS_OF}T08:00:00Z"}}'.encode()})
    (first,) = watched(exports, tmp_path / "other", as_of=None)
    assert first["as_of"] == AS_OF
