"""``priorauth policies drift``: what a new text changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.cli.policies.check import check_all
from tests.cli.running import Capture, asked, printed, refusal
from tests.trace.invented import ID, POLICIES, TEXTS

OLD, NEW = TEXTS / "fernhill-2025.txt", TEXTS / "fernhill-2026.txt"
ASK = ("policies", "drift", ID)
OURS = ("--policies", POLICIES)


def test_the_same_text_changes_nothing(capsys: Capture) -> None:
    assert "nothing changed" in printed(capsys, *ASK, OLD, OLD, *OURS)


def test_a_new_text_tells_the_rules_touched(capsys: Capture) -> None:
    code, out, err = asked(capsys, *ASK, OLD, NEW, *OURS)
    assert (code, err) == (0, "")
    assert "43 of 50 sentences stand word for word; 7 changed, 3 added, 2 moved." in out
    assert "- II.C, line 48: 6 months becomes 3 months" in out


def test_a_draft_is_written_that_check_takes(tmp_path: Path, capsys: Capture) -> None:
    home = tmp_path / ID
    home.mkdir(parents=True)
    (home.parent / "payer.yaml").write_bytes((POLICIES / "fernhill" / "payer.yaml").read_bytes())
    draft = home / "2026-01-01.yaml"
    code, out, _ = asked(capsys, *ASK, OLD, NEW, *OURS, "--draft", draft, "--from", "2026-01-01")
    assert code == 0
    assert out.endswith(f"{draft}: 4 figures in place, 12 places for a person to read\n")
    assert check_all([draft], ()) == 0


def test_json_has_the_changes(capsys: Capture) -> None:
    code, out, _ = asked(capsys, *ASK, OLD, NEW, *OURS, "--json")
    found = json.loads(out)
    assert (code, found["same"], len(found["changes"])) == (0, 43, 12)


def test_a_text_of_another_policy_is_refused_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "other.txt").write_text("A notice about wheelchairs. It has two sentences.", "utf-8")
    assert "expected a newer text of" in refusal(capsys, *ASK, OLD, tmp_path / "other.txt", *OURS)
    assert "expected a text of" in refusal(capsys, *ASK, tmp_path / "other.txt", NEW, *OURS)


@pytest.mark.slow
def test_a_population_says_who_gains_and_who_loses(tmp_path: Path, capsys: Capture) -> None:
    export, tables = tmp_path / "export", tmp_path / "tables"
    asked(capsys, "population", "synthesize", 60, export, "--profile", "plan", "--as-of", "2025-11-20")
    asked(capsys, "population", "ingest", export, tables)
    code, out, err = asked(capsys, *ASK, OLD, NEW, *OURS, "--population", tables, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)["population"]
    assert (found["policy"], found["against"], found["members"]) == (f"{ID}@2025-01-01", "the draft", 60)
