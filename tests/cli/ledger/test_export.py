"""A case is handed out as one file, told with its hash."""

from __future__ import annotations

from pathlib import Path

from priorauth.ledger.care import archive
from tests.cli.running import Capture, printed, refusal


def test_a_case_is_told_with_the_hash_of_its_file(ledger: Path, capsys: Capture) -> None:
    first, second = printed(capsys, "ledger", "export", "26-0001", "--out", "case.zip").splitlines()
    assert first.startswith("case.zip: case 26-0001, ")
    assert second == f"sha256 {archive.sha256(ledger.with_name('case.zip'))}"
    assert "not written over" in refusal(capsys, "ledger", "export", "26-0001", "--out", "case.zip")


def test_a_case_that_is_not_there_is_refused(ledger: Path, capsys: Capture) -> None:
    assert "no case 26-9999" in refusal(capsys, "ledger", "export", "26-9999", "--out", "case.zip")
    assert not ledger.with_name("case.zip").exists()
