"""``priorauth population watch``: what it prints day by day, and the code it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, refusal
from tests.exports import hba1c, lines, patient
from tests.policy import files
from tests.population.watch.edits import write

WATCH = (
    "population",
    "watch",
    "exports",
    "state",
    "--policy",
    "payer-x/pumps",
    "--policies",
    "policies",
    "--jobs",
    "1",
)
DAY = ("--as-of", "2026-11-20")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files.folder(tmp_path / "policies")
    strict = files.SMALL.replace("payer-x/pumps", "payer-x/strict").replace("> 7.0 %", "> 8.5 %")
    files.folder(tmp_path / "policies", strict, "payer-x/strict")
    files.ordered(tmp_path / "policies", "payer-x", "pumps", "strict")
    write(tmp_path / "exports" / "2026-11-01", {"all.ndjson": lines(patient(), patient("p2"), hba1c("a1", value=6.0))})
    return tmp_path


def test_each_day_is_told_once_and_the_same_days_again_are_nothing_new(place: Path, capsys: Capture) -> None:
    code, out, err = asked(capsys, *WATCH, *DAY)
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == [
        "2026-11-01: 2 of 2 decided, windows count from 2026-11-20",
        "  everybody was decided: it is the first day",
    ]
    write(
        place / "exports" / "2026-11-02", {"all.ndjson": lines(hba1c("a2", value=8.8, effectiveDateTime="2026-11-02"))}
    )
    code, out, err = asked(capsys, *WATCH, "--json")
    assert (code, err) == (0, "")
    (day,) = json.loads(out)["days"]
    assert (day["day"], day["decided"], day["outcome"]) == ("2026-11-02", 1, 1)
    assert asked(capsys, *WATCH) == (0, "no day is new\n", "")


def test_rejects_are_told_by_the_code_and_on_standard_error(place: Path, capsys: Capture) -> None:
    write(place / "exports" / "2026-11-01", {"b.ndjson": b"{half\n"})
    code, _, err = asked(capsys, *WATCH, *DAY)
    assert (code, err) == (3, "1 pieces of input were rejected: see state/days/*/rejects.ndjson\n")


def test_another_policy_or_reading_needs_another_state(place: Path, capsys: Capture) -> None:
    assert place.is_dir()
    assert asked(capsys, *WATCH, *DAY)[0] == 0
    said = refusal(capsys, *WATCH, "--suppose", "motivated=yes")
    assert said.endswith(
        "was begun with other readings, or with other things supposed; begin anew in an empty folder\n"
    )
    other = ["payer-x/strict" if word == "payer-x/pumps" else word for word in WATCH]
    assert "state: was begun with payer-x/pumps" in refusal(capsys, *other)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none", "state"), "expected a folder of days"),
        (("exports", "exports"), "exports"),
        (("exports", "policies"), "policies"),
        (("exports", "state"), "expected --as-of YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_one_line(
    words: tuple[str, ...], said: str, place: Path, capsys: Capture
) -> None:
    assert place.is_dir()
    assert said in refusal(capsys, "population", "watch", *words, *WATCH[4:])
