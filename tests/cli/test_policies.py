"""The command `priorauth policies`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from priorauth.cli import policies
from priorauth.cli.main import Refused
from tests.policy.files import folder, require

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "policies"


def run(*argv: str) -> int:
    """Run the command as the program does, without the other commands."""
    top = argparse.ArgumentParser()
    policies.add(top.add_subparsers())
    args = top.parse_args(["policies", *argv])
    code: int = args.run(args)
    return code


def test_alone_it_lists_every_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    alone = capsys.readouterr().out
    assert run("list") == 0
    assert capsys.readouterr().out == alone
    assert alone.splitlines()[0].split() == ["id", "version", "from", "until", "currency", "assumed"]
    assert "masshealth/insulin-pumps                      undated" in alone


def test_the_list_as_json_says_what_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)["policies"]
    (found,) = [row for row in rows if row["id"] == "masshealth/insulin-pumps"]
    assert (found["from"], found["until"]) == ("2016-01-01", None)
    assert found["assumed"] == "The text bears no date."
    assert found["currency"] == "superseded-candidate"


def test_show_takes_the_newest_version_or_the_one_of_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "husky/ambulatory-infusion-pumps") == 0
    assert "December 2024" in capsys.readouterr().out
    assert run("show", "husky/ambulatory-infusion-pumps@2024-02-01") == 0
    assert "December 2023" in capsys.readouterr().out


def test_coverage_ends_with_its_total_and_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("coverage") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("280 rules: ")
    assert last.endswith(", 0 unaccounted")


def test_coverage_fails_where_a_rule_is_unaccounted_for(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "inventory.csv").write_text("policy,id,class,title,facts\npayer-x,2,D,a,\n", encoding="utf-8")
    assert run("coverage", "--policies", str(tmp_path)) == 1


def test_census_compare_and_ask_write_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("census") == 0
    assert capsys.readouterr().out.startswith("# Census of the policies\n")
    assert run("compare", "masshealth/insulin-pumps", "anthem/cg-dme-01@2014-07-01", "--product", "E0784") == 0
    assert capsys.readouterr().out.startswith("# Who asks what: product E0784, initial request\n")
    assert run("ask", "caresource/insulin-infusion-pump") == 0
    assert capsys.readouterr().out.startswith("# What to send: Insulin infusion pump\n")


def test_a_folder_of_ones_own_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ask", "medicare-dme/glucose-monitors", "--policies", str(FIXTURES), "--product", "E2103") == 0
    assert "enough training to use the continuous glucose monitor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["show", "none"], "no policy is named 'none'; expected one of anthem/cg-dme-01"),
        (["show", "husky/ambulatory-infusion-pumps@2024-02-02"], "no version '2024-02-02'; expected one of 2024-02-01"),
        (["ask", "none"], "no policy is named 'none'"),
        (["compare", "masshealth/insulin-pumps", "none"], "no policy is named 'none'"),
        (["compare", "masshealth/insulin-pumps", "--product", "E1"], "--product: expected one of E0779"),
        (["compare", "masshealth/insulin-pumps", "--kind", "x"], "--kind: expected one of initial"),
        (["list", "--policies", "/nowhere/at/all"], "/nowhere/at/all: expected a folder of policies"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(argv: list[str], said: str) -> None:
    with pytest.raises(Refused) as refused:
        run(*argv)
    (line,) = refused.value.lines
    assert said in line


def test_a_policy_at_fault_is_refused_with_all_its_faults(tmp_path: Path) -> None:
    folder(tmp_path, require("all: [x, y]"))
    with pytest.raises(Refused) as refused:
        run("show", "payer-x/pumps", "--policies", str(tmp_path))
    assert len(refused.value.lines) == 2
