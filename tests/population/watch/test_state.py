"""What a watch keeps: by whom a state can be gone on with, and what is moved where once a day is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from priorauth.errors import PopulationError
from priorauth.population.watch import state as states
from priorauth.population.watch.state import Asked, Day, State
from tests.population.watch.test_days import NONE

ASKED = Asked("payer-x/pumps", "1", "ab" * 32, "q", "1.0", "v")


def test_an_empty_folder_is_a_new_state_and_one_with_anything_else_is_refused(tmp_path: Path) -> None:
    assert states.opened(tmp_path, ASKED) == State(ASKED)
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PopulationError, match="expected an empty folder, or the state of a watch"):
        states.opened(tmp_path, ASKED)


def test_what_was_saved_is_opened(tmp_path: Path) -> None:
    kept = State(ASKED, [Day("2026-11-01", "2026-11-20", [], NONE)], [0, 3], 4)
    states.save(tmp_path, kept)
    assert states.opened(tmp_path, ASKED) == kept


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"version": "2"}, r"payer-x/pumps 1 \(abababababab\)"),
        ({"sha256": "cd" * 32}, r"payer-x/pumps 1 \(abababababab\)"),
        ({"query": "p"}, "other readings, or with other things supposed"),
        ({"program": "2.0"}, "another version of the program or its vocabulary"),
        ({"vocabulary": "w"}, "another version of the program or its vocabulary"),
    ],
)
def test_a_state_goes_on_under_what_it_was_begun_with_alone(other: dict[str, str], said: str, tmp_path: Path) -> None:
    states.save(tmp_path, State(ASKED))
    with pytest.raises(PopulationError, match=f"was begun with {said}; begin anew in an empty folder"):
        states.opened(tmp_path, replace(ASKED, **other))


@pytest.mark.parametrize("text", ["{", '{"format": 1}', '{"format": 99}', "[]"])
def test_a_damaged_state_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "watch.json").write_text(text)
    with pytest.raises(PopulationError) as raised:
        states.opened(tmp_path, ASKED)
    assert "\n" not in str(raised.value)


def lying(place: Path, day: str) -> None:
    (place / ".work" / "ready" / "days" / day).mkdir(parents=True)
    (place / ".work" / "ready" / "current").mkdir()
    (place / ".work" / "ready" / "current" / "new").touch()
    (place / ".work" / "ready" / ".keys.npy").touch()
    (place / ".work" / "ready" / "day").write_text(day)
    (place / "current").mkdir()
    (place / "current" / "old").touch()


def found(place: Path) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir())


def test_a_day_that_is_done_is_moved_to_its_place_again_and_again(tmp_path: Path) -> None:
    lying(tmp_path, "2026-11-02")
    done = State(ASKED, [Day("2026-11-02", "2026-11-20", [], NONE)])
    states.settle(tmp_path, done)
    assert found(tmp_path) == [".keys.npy", "current/new"]
    assert (tmp_path / "days" / "2026-11-02").is_dir()
    states.settle(tmp_path, done)
    assert found(tmp_path) == [".keys.npy", "current/new"]


def test_what_a_day_left_that_is_not_done_goes(tmp_path: Path) -> None:
    lying(tmp_path, "2026-11-02")
    states.settle(tmp_path, State(ASKED, [Day("2026-11-01", "2026-11-20", [], NONE)]))
    assert found(tmp_path) == ["current/old"]
    assert not (tmp_path / "days").exists()
