"""The commands diff, prove and cases: what they print and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.assurance.findings import beside
from priorauth.cli.main import main
from priorauth.engines.python.windows import Span
from priorauth.values.truth import MET
from tests.assurance.planted import FAULTY, HEAD, SOUND, catalog

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


def two_payers(folder: Path) -> list[str]:
    """Write a second payer, who wants a lower HbA1c, and give the command."""
    other = folder / "payer-y" / "monitors"
    other.mkdir(parents=True)
    (other.parent / "payer.yaml").write_text("payer: payer-y\nname: Payer Y\nnames: [Payer Y]\n", encoding="utf-8")
    text = (HEAD.format(day="2020-01-01", until="open") + SOUND).replace("payer-x/", "payer-y/")
    (other / "2020-01-01.yaml").write_text(text.replace("> 7.0 %", "> 6.5 %"), encoding="utf-8")
    catalog(folder, d2020=SOUND)
    return ["policies", "prove", "--payers", "E0784", "--policies", str(folder), ID, "payer-y/monitors"]


def test_payers_are_held_against_each_other_with_a_patient_for_each_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = two_payers(tmp_path / "p")
    assert main([*command, "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "| payer-x |  | nobody |" in said
    assert "| payer-y | A.1 |  |" in said
    assert "-> payer-x: clinical-review: A.1" in said
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {"payer-y-not-payer-x.json", "payer-y-alone.json"}
    assert not any(name.startswith("payer-x") for name in names)


def test_the_table_of_payers_as_json_says_whom_each_approves_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*two_payers(tmp_path), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    found = {(one["approves"], one["does not"]): one["witness"] for one in made["pairs"]}
    assert found[ID, "payer-y/monitors"] is None
    assert found["payer-y/monitors", ID]["in the way"] == ["A.1"]


def test_one_payer_alone_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog(tmp_path, d2020=SOUND)
    assert main(["policies", "prove", "--payers", "E0784", "--policies", str(tmp_path), ID]) == 2
    assert "expected at least two policies that speak about E0784, found 1" in capsys.readouterr().err


def test_a_faulty_file_of_findings_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = catalog(tmp_path, d2020=SOUND)
    beside(known.versions(ID)[0]).write_text("policy: payer-x/monitors\n", encoding="utf-8")
    assert main(["policies", "prove", ID, "--policies", str(tmp_path)]) == 2
    assert "expected `version: 2020-01-01`" in capsys.readouterr().err


def test_what_the_evaluator_contradicts_is_one_line_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog(tmp_path / "p", d2020=SOUND)
    monkeypatch.setattr(Span, "member", lambda *_: MET)
    assert main(["policies", "cases", ID, "--out", str(tmp_path / "out"), "--policies", str(tmp_path / "p")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("priorauth: the evaluator contradicts the solver: ")
    assert said.count("\n") == 1
