"""``priorauth population page``: one HTML file of a result."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, refusal
from tests.exports import hba1c, lines, patient
from tests.population.watch.edits import write
from tests.population.watch.small_watch import watched

PAGE = ("population", "page")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    write(tmp_path / "exports" / "2026-11-01", {"all.ndjson": lines(patient(), patient("p2"), hba1c("a1"))})
    watched(tmp_path / "exports", tmp_path / "state")
    return tmp_path / "state"


def test_a_page_of_everybody_names_nobody(state: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "funnel.html"
    assert asked(capsys, *PAGE, state / "current", "--out", out) == (0, f"t/t, 2 members: {out}\n", "")
    text = out.read_text("utf-8")
    assert "A title" in text
    assert "p2" not in text
    assert asked(capsys, *PAGE, state / "days" / "2026-11-01" / "decided", "--out", out, "--least", "11")[0] == 0
    assert "Counts of 1 to 10 members are hidden" in out.read_text("utf-8")


def test_what_cannot_be_is_refused_in_one_line(state: Path, tmp_path: Path, capsys: Capture) -> None:
    assert "expected the rows of a run" in refusal(capsys, *PAGE, state / "days", "--out", tmp_path / "x.html")
    assert "there is no folder" in refusal(capsys, *PAGE, state / "current", "--out", tmp_path / "none" / "x.html")
    inside = state / "current" / "x.html"
    assert refusal(capsys, *PAGE, state / "current", "--out", inside)
    assert not inside.exists()
