"""``priorauth policies coverage``: every rule of a payer's text is accounted for."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Capture, asked, printed, refusal
from tests.policy.files import folder


def test_it_ends_with_its_total_and_is_whole(capsys: Capture) -> None:
    last = printed(capsys, "policies", "coverage").splitlines()[-1]
    assert last.startswith("442 rules: ")
    assert last.endswith(", 0 unaccounted")


def test_it_fails_where_a_rule_is_unaccounted_for(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path)
    (tmp_path / "inventory.csv").write_text("policy,id,class,title,facts\npayer-x,2,D,a,\n", encoding="utf-8")
    code, out, err = asked(capsys, "policies", "coverage", "--policies", tmp_path)
    assert (code, err) == (1, "")
    assert out.splitlines()[-1].endswith(", 1 unaccounted")


def test_an_inventory_that_cannot_be_read_is_refused(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path)
    (tmp_path / "inventory.csv").write_text("policy,id\n", encoding="utf-8")
    assert "inventory.csv:" in refusal(capsys, "policies", "coverage", "--policies", tmp_path)


def test_a_text_that_was_not_read_is_named_and_counts_no_rules(capsys: Capture) -> None:
    first = printed(capsys, "policies", "coverage").splitlines()[0]
    assert first.startswith("masshealth/insulin-pumps from 2026-11-28: not read, its rules are not known: Guidelines")
