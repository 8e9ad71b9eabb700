"""A ledger is made of a backup, verified before it is said to be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Capture, printed, refusal


@pytest.mark.usefixtures("ledger")
def test_a_backup_becomes_a_ledger_again(capsys: Capture) -> None:
    printed(capsys, "ledger", "backup", "today.backup")
    said = printed(capsys, "ledger", "restore", "today.backup", "--db", "sqlite:///again.db")
    assert said.startswith("tenant plan: restored and verified: 4 cases, ")
    assert printed(capsys, "ledger", "verify", "--db", "sqlite:///again.db").startswith("whole: 4 cases, ")


def test_what_is_no_backup_or_no_empty_ledger_is_refused(ledger: Path, capsys: Capture) -> None:
    printed(capsys, "ledger", "backup", "today.backup")
    assert "expected an empty database" in refusal(capsys, "ledger", "restore", "today.backup")
    ledger.with_name("half.backup").write_bytes(ledger.with_name("today.backup").read_bytes()[:5000])
    said = refusal(capsys, "ledger", "restore", "half.backup", "--db", "sqlite:///other.db")
    assert said == "half.backup: is cut short, damaged, or no backup\n"
    assert not ledger.with_name("other.db").exists()
