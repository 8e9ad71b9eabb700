"""Checking policies: every fault at once, then the cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.policies.check import check_all
from priorauth.errors import InputRefused, PolicyFaults
from priorauth.policy.catalog import SHIPPED
from tests.cli.running import Capture, asked, printed, refusal
from tests.policy.files import NOTICE, SMALL, folder, require, unread

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "policies"
CASES = """\
policy: payer-x/pumps
version: 2020-01-01
request: 2026-11-20
cases:
  - name: An HbA1c of 7.1 % is above 7.0 %
    given: {hba1c: [{on: 2026-10-01, value: 7.1 %}]}
    expect: {"1": STATUS}
"""
FALL = "facts:\n  fall:\n    kind: event\n    ask: When did the member fall?\n"


def with_cases(place: Path, status: str) -> Path:
    file = folder(place)
    file.with_suffix(".cases.yaml").write_text(CASES.replace("STATUS", status), encoding="utf-8")
    return file


def test_the_policy_of_the_fixtures_is_whole(capsys: Capture) -> None:
    assert check_all([FIXTURES], ()) == 0
    assert capsys.readouterr().out.endswith("2023-04-16.yaml: 16 leaves, 10 cases, all come out\n")


def test_a_file_a_policy_a_payer_and_a_folder_of_payers_are_checked_alike(tmp_path: Path, capsys: Capture) -> None:
    file = with_cases(tmp_path, "met")
    for path in (file, file.parent, file.parent.parent, tmp_path):
        assert check_all([path], ()) == 0
        assert capsys.readouterr().out == f"{file}: 1 leaves, 1 cases, all come out\n"


def test_a_case_that_does_not_come_out_is_named_and_fails(tmp_path: Path, capsys: Capture) -> None:
    assert check_all([with_cases(tmp_path, "not-met")], ()) == 1
    out = capsys.readouterr().out
    assert "1 criteria do not come out" in out
    assert "An HbA1c of 7.1 % is above 7.0 %: 1 is met, expected not-met" in out


def test_a_policy_without_cases_is_said(tmp_path: Path, capsys: Capture) -> None:
    assert check_all([folder(tmp_path)], ()) == 0
    assert "1 leaves, no cases beside it" in capsys.readouterr().out


def test_the_faults_of_all_files_are_said_at_once(tmp_path: Path) -> None:
    folder(tmp_path, require("when: nothing_here"))
    folder(tmp_path, SMALL.replace("payer-x/pumps", "payer-x/other").replace("hba1c", "nothing"), "payer-x/other")
    with pytest.raises(PolicyFaults) as refused:
        check_all([tmp_path], ())
    assert len(refused.value.faults) == 2


def test_cases_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    file = folder(tmp_path)
    file.with_suffix(".cases.yaml").write_text("cases: x\n", encoding="utf-8")
    with pytest.raises(PolicyFaults, match=r"2020-01-01\.cases\.yaml:1: expected a list under `cases:`"):
        check_all([file], ())


def test_a_path_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="found none"):
        check_all([tmp_path], ())
    with pytest.raises(InputRefused, match="expected a policy file or a folder"):
        check_all([tmp_path / "none"], ())


def test_a_shipped_policy_is_checked_in_its_place(capsys: Capture) -> None:
    assert check_all([SHIPPED / "medicare"], ()) == 0
    assert capsys.readouterr().out.endswith(" all come out\n")


def test_the_command_says_each_fault_in_a_line_and_the_code_is_two(tmp_path: Path, capsys: Capture) -> None:
    assert printed(capsys, "policies", "check", FIXTURES).endswith("all come out\n")
    folder(tmp_path, require("all: [x, y]"))
    code, out, err = asked(capsys, "policies", "check", tmp_path)
    assert (code, out, err.count("2020-01-01.yaml:14: ")) == (2, "", 2)


def test_a_folder_of_further_policies_is_laid_below_the_one_that_is_checked(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path / "new", SMALL.replace("latest hba1c within 12 months > 7.0 %", "any fall within 6 months"))
    assert "no fact is named 'fall'" in asked(capsys, "policies", "check", tmp_path / "new")[2]
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "vocabulary.yaml").write_text(FALL, encoding="utf-8")
    assert "1 leaves" in printed(capsys, "policies", "check", tmp_path / "new", "--policies", tmp_path / "base")


def test_a_path_that_is_not_there_is_one_line(capsys: Capture) -> None:
    assert refusal(capsys, "policies", "check", "/none") == "/none: expected a policy file or a folder of policies\n"


def traced(place: Path, rules: str) -> Path:
    file = folder(place)
    row = f'{{at: 1, hash: "0123456789abcdef", letters: 9, {rules}}}'
    head = "policy: payer-x/pumps\nversion: 2020-01-01\nsentences:\n"
    file.with_suffix(".trace.yaml").write_text(f"{head}  - {row}\n", encoding="utf-8")
    return file


def test_a_trace_beside_a_policy_is_held_to_it(tmp_path: Path, capsys: Capture) -> None:
    file = traced(tmp_path, 'rules: ["1"]')
    assert check_all([tmp_path], ()) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == f"{file.with_suffix('.trace.yaml')}: 1 sentences, 1 carry rules, every rule has one"


def test_a_rule_that_no_sentence_carries_is_listed(tmp_path: Path, capsys: Capture) -> None:
    traced(tmp_path, "is: heading")
    assert check_all([tmp_path], ()) == 0
    assert capsys.readouterr().out.endswith("0 carry rules, 1 rules without one\n  criterion, line 14: 1\n")


def test_a_trace_that_names_a_rule_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    traced(tmp_path, 'rules: ["2"]')
    with pytest.raises(PolicyFaults, match=r"trace\.yaml:4: sentence 1: payer-x/pumps has no rule '2'$"):
        check_all([tmp_path], ())


WORN = "facts:\n  wears_it: {kind: attestation, ask: Is it worn?}\n  wore_it: {kind: attestation, ask: Was it worn?}\n"


def test_a_fact_of_ones_own_that_nothing_reads_is_a_fault_of_the_folder_that_is_checked(
    tmp_path: Path, capsys: Capture
) -> None:
    base, new = tmp_path / "base", tmp_path / "new"
    small = SMALL.replace("latest hba1c within 12 months > 7.0 %", "wears_it")
    folder(base, small)
    (base / "vocabulary.yaml").write_text(WORN, encoding="utf-8")
    code, _, err = asked(capsys, "policies", "check", base)
    assert code == 2
    assert f"{base}/vocabulary.yaml:3: the fact wore_it is read by no policy and by no other fact\n" in err
    folder(new, small.replace("2020-01-01", "2021-01-01"), first="2021-01-01")
    assert "1 leaves" in printed(capsys, "policies", "check", new, "--policies", base)


def test_the_faults_of_a_payers_file_of_a_vocabulary_and_of_a_policy_are_said_at_once(
    tmp_path: Path, capsys: Capture
) -> None:
    file = folder(tmp_path, require("all: [nothing_here, mine]"))
    (tmp_path / "payer-x" / "payer.yaml").write_text("payer: payer-y\nname: X\n", encoding="utf-8")
    (tmp_path / "vocabulary.yaml").write_text("facts:\n  mine: {kind: event}\n", encoding="utf-8")
    code, _, err = asked(capsys, "policies", "check", file)
    assert code == 2
    assert [line.partition(f"{tmp_path}/")[2] for line in err.splitlines() if str(tmp_path) in line] == [
        "vocabulary.yaml:2: mine: expected the question, `ask:`",
        "payer-x/payer.yaml:1: expected `payer: payer-x`, as the folder says, found payer-y",
        "payer-x/pumps/2020-01-01.yaml:14: no fact is named 'nothing_here'",
    ]


def test_a_text_that_was_not_read_is_checked_and_named_with_its_day(tmp_path: Path, capsys: Capture) -> None:
    file = unread(tmp_path)
    for path in (tmp_path, file):
        assert check_all([path], ()) == 0
        said = capsys.readouterr().out.splitlines()[0]
        assert said == f"{file}: not read; a person decides every request from 2026-06-01 on"
    file.write_text(NOTICE.replace("title: Pumps anew\n", ""), encoding="utf-8")
    with pytest.raises(PolicyFaults, match=r"2026-06-01\.unread\.yaml:1: expected `title:`"):
        check_all([tmp_path], ())
