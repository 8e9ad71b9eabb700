"""The commands diff, prove and cases: what they print and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.cli.main import main
from tests.assurance.planted import FAULTY, SOUND, catalog

ID = "payer-x/monitors"


def test_a_sound_policy_exits_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog(tmp_path, d2020=SOUND)
    assert main(["policies", "prove", ID, "--policies", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("payer-x/monitors@2020-01-01: ")
    assert "none contradicted" in said


def test_an_unexplained_finding_exits_1_and_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog(tmp_path, d2020=FAULTY)
    assert main(["policies", "prove", ID, "--policies", str(tmp_path)]) == 1
    assert "redundant: A.2: " in capsys.readouterr().out


def test_json_has_every_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog(tmp_path, d2020=FAULTY)
    main(["policies", "prove", ID, "--json", "--policies", str(tmp_path)])
    made = json.loads(capsys.readouterr().out)
    assert made["unexplained"] == len(made["findings"]) > 0


def test_a_counterexample_is_printed_in_words_and_written_as_a_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog(tmp_path / "p", d2020=SOUND.replace("> 7.0 %", "> 6.5 %"), d2024=SOUND)
    command = ["policies", "prove", f"{ID}@2020-01-01", "--against", ID, "--policies", str(tmp_path / "p")]
    assert main([*command, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "pathway first: looser" in said
    assert "in the way: A.1" in said
    bundle = json.loads((tmp_path / "out" / "first-here.json").read_text(encoding="utf-8"))
    assert bundle["resourceType"] == "Bundle"


def test_a_diff_says_what_changed_and_whether_it_means_something_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog(tmp_path, d2020=SOUND, d2024=SOUND.replace("> 7.0 %", "> 6.5 %"))
    assert main(["policies", "diff", f"{ID}@2020-01-01", ID, "--policies", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "A.1: test changed (another meaning)" in said
    assert "+ latest hba1c within 12 months > 6.5 %" in said


def test_cases_are_written_one_file_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog(tmp_path / "p", d2020=SOUND)
    assert main(["policies", "cases", ID, "--out", str(tmp_path / "out"), "--policies", str(tmp_path / "p")]) == 0
    files = sorted((tmp_path / "out" / "payer-x").iterdir())
    assert f"{len(files)} cases" in capsys.readouterr().out
    made = json.loads(files[0].read_text(encoding="utf-8"))
    assert made.keys() == {"name", "as_of", "policy", "bundle", "judgments", "expect", "why", "difficulty"}


def test_an_unknown_policy_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "prove", "payer-y/nothing"]) == 2
    assert "no policy is named 'payer-y/nothing'" in capsys.readouterr().err
