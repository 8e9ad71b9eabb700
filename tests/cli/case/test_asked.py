"""What the commands on cases have in common."""

from __future__ import annotations

from pathlib import Path

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_slip_in_a_name_makes_no_ledger(capsys: Capture, tmp_path: Path) -> None:
    gone = tmp_path / "none.db"
    assert "there is no ledger" in refusal(capsys, "case", "list", "--db", f"sqlite:///{gone}")
    assert not gone.exists()


def test_a_tenant_that_is_not_there_is_refused(ledger: str, capsys: Capture) -> None:
    assert "no tenant 'other'" in refusal(capsys, "case", "list", *words(ledger), "--tenant", "other")


def test_who_acts_is_a_person_in_a_role(ledger: str, capsys: Capture) -> None:
    assert "expected --role" in refusal(capsys, "case", "list", *words(ledger), "--as", "nina")
    assert "expected --as" in refusal(capsys, "case", "list", *words(ledger), "--role", "nurse")
    assert "no person 'none'" in refusal(capsys, "case", "list", *words(ledger, "none", "nurse"))
    assert "26-0001" in printed(capsys, "case", "list", *words(ledger), "--role", "system")
