"""An empty ledger is made; one that is up to date is left alone; a newer one is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from priorauth.ledger.schema import head
from tests.cli.running import Capture, printed, refusal


def test_a_ledger_is_made_and_then_left_alone(tmp_path: Path, capsys: Capture) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert printed(capsys, "ledger", "upgrade", "--db", url).endswith(f": schema {head()}, made\n")
    assert printed(capsys, "ledger", "upgrade", "--db", url).endswith(", nothing to do\n")


def test_a_newer_ledger_is_refused(ledger: Path, capsys: Capture) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "its schema 9999 is newer than this priorauth" in refusal(capsys, "ledger", "upgrade")
    assert "its schema 9999 is newer than this priorauth" in refusal(capsys, "ledger", "verify")
