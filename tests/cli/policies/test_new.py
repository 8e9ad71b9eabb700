"""``priorauth policies new``: a skeleton that passes the check; nothing is written over."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Capture, printed, refusal

NEW = ("policies", "new", "payer-x/insulin-pumps", "--from", "2027-01-01", "--out")


def test_what_is_written_is_listed_and_passes_the_check(tmp_path: Path, capsys: Capture) -> None:
    said = printed(capsys, *NEW, tmp_path / "own")
    place = tmp_path / "own" / "payer-x"
    assert said.splitlines() == [
        f"{place}/insulin-pumps/2027-01-01.yaml",
        f"{place}/insulin-pumps/2027-01-01.cases.yaml",
        f"{place}/payer.yaml",
    ]
    assert "1 cases, all come out" in printed(capsys, "policies", "check", tmp_path / "own")


def test_a_version_or_a_payer_that_is_there_is_never_written_over(tmp_path: Path, capsys: Capture) -> None:
    printed(capsys, *NEW, tmp_path)
    payer = tmp_path / "payer-x" / "payer.yaml"
    payer.write_text("payer: payer-x\nname: Mine\n", encoding="utf-8")
    assert "has a version of that day already" in refusal(capsys, *NEW, tmp_path)
    printed(capsys, *NEW[:4], "2028-01-01", "--out", tmp_path)
    assert payer.read_text("utf-8") == "payer: payer-x\nname: Mine\n"


def test_a_new_version_of_a_shipped_policy_needs_a_day_of_its_own_and_no_payer(tmp_path: Path, capsys: Capture) -> None:
    words = ("policies", "new", "medicare/ncd-280-14", "--out", tmp_path, "--from")
    assert "has a version of that day already" in refusal(capsys, *words, "2004-12-17")
    assert "payer.yaml" not in printed(capsys, *words, "2030-01-01")


def test_what_is_no_id_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    said = refusal(capsys, "policies", "new", "Pumps", "--from", "2027-01-01", "--out", tmp_path)
    assert said.startswith("expected a policy id, payer/policy, ")
