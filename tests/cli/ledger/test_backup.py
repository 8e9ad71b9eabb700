"""A backup is written beside the ledger, and told with the hash that proves it later."""

from __future__ import annotations

from pathlib import Path

from priorauth.ledger.care import archive
from tests.cli.running import Capture, printed, refusal


def test_what_was_kept_is_told_with_the_hash_of_the_file(ledger: Path, capsys: Capture) -> None:
    first, second = printed(capsys, "ledger", "backup", "today.backup").splitlines()
    assert first.startswith("today.backup: tenant plan, schema 0001, 4 cases, ")
    assert second == f"sha256 {archive.sha256(ledger.with_name('today.backup'))}"


def test_another_tenant_is_not_there(ledger: Path, capsys: Capture) -> None:
    assert "no tenant is named other" in refusal(capsys, "ledger", "backup", "today.backup", "--tenant", "other")
    assert not ledger.with_name("today.backup").exists()
