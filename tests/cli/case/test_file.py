"""`priorauth case file`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_paper_is_filed_with_its_day(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-")
    said = ("case", "file", "26-0001", file, *words(ledger, "cora", "coordinator"), "--dated", "2026-11-20")
    assert "document: 1" in printed(capsys, *said)
    shown = printed(capsys, "case", "show", "26-0001", *words(ledger), "--json")
    assert '"dated": "2026-11-20"' in shown
    assert '"media": "application/pdf"' in shown


def test_resources_that_cannot_be_read_are_kept_as_a_paper_and_that_is_said(
    ledger: str, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "bad.json"
    file.write_text("{", "utf-8")
    out = printed(capsys, "case", "file", "26-0001", file, *words(ledger), "--kind", "resources")
    assert "unread: " in out


def test_a_file_that_is_not_there_is_refused(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    assert "No such file" in refusal(capsys, "case", "file", "26-0001", tmp_path / "none", *words(ledger))
