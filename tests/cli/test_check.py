"""Checking policies: every fault at once, then the cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.check import check_all
from priorauth.cli.main import Refused
from priorauth.policy.catalog import SHIPPED
from tests.policy.files import SMALL, folder, require

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "policies"
CASES = """\
policy: payer-x/pumps
version: 2020-01-01
request: 2026-11-20
cases:
  - name: An HbA1c of 7.1 % is above 7.0 %
    given: {hba1c: [{on: 2026-10-01, value: 7.1 %}]}
    expect: {"1": STATUS}
"""


def with_cases(place: Path, status: str) -> Path:
    file = folder(place)
    file.with_suffix(".cases.yaml").write_text(CASES.replace("STATUS", status), encoding="utf-8")
    return file


def test_the_policy_of_the_fixtures_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_all([FIXTURES], ()) == 0
    assert capsys.readouterr().out.endswith("2023-04-16.yaml: 16 leaves, 10 cases, all come out\n")


def test_a_file_a_policy_a_payer_and_a_folder_of_payers_are_checked_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = with_cases(tmp_path, "met")
    for path in (file, file.parent, file.parent.parent, tmp_path):
        assert check_all([path], ()) == 0
        assert capsys.readouterr().out == f"{file}: 1 leaves, 1 cases, all come out\n"


def test_a_case_that_does_not_come_out_is_named_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_all([with_cases(tmp_path, "not-met")], ()) == 1
    out = capsys.readouterr().out
    assert "1 criteria do not come out" in out
    assert "An HbA1c of 7.1 % is above 7.0 %: 1 is met, expected not-met" in out


def test_a_policy_without_cases_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_all([folder(tmp_path)], ()) == 0
    assert "1 leaves, no cases beside it" in capsys.readouterr().out


def test_the_faults_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    folder(tmp_path, require("when: nothing_here"))
    folder(tmp_path, SMALL.replace("payer-x/pumps", "payer-x/other").replace("hba1c", "nothing"), "payer-x/other")
    with pytest.raises(Refused) as refused:
        check_all([tmp_path], ())
    assert len(refused.value.lines) == 2


def test_cases_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    file = folder(tmp_path)
    file.with_suffix(".cases.yaml").write_text("cases: x\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"2020-01-01\.cases\.yaml:1: expected a list under `cases:`"):
        check_all([file], ())


def test_a_path_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found none"):
        check_all([tmp_path], ())
    with pytest.raises(Refused, match="expected a policy file or a folder"):
        check_all([tmp_path / "none"], ())


def test_a_shipped_policy_is_checked_in_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_all([SHIPPED / "medicare"], ()) == 0
    assert capsys.readouterr().out.endswith(" all come out\n")
