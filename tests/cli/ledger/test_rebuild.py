"""State is made anew from the events, unless the events themselves are broken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.cli.running import Capture, printed, refusal


def test_what_was_not_as_the_events_leave_it_is_told_and_mended(ledger: Path, capsys: Capture) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute("UPDATE cases SET state = 'approved' WHERE case_no = '26-0002'")
    connection.close()
    first, *lines = printed(capsys, "ledger", "rebuild").splitlines()
    assert first.endswith(" events; 1 rows were not as the events leave them")
    assert lines == ["cases 26-0002: state: not as the events leave it"]
    assert printed(capsys, "ledger", "verify").startswith("whole: ")


def test_nothing_is_made_of_broken_events(ledger: Path, capsys: Capture) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET why = 'another' WHERE case_no = '26-0001' AND number = 3")
    connection.close()
    assert refusal(capsys, "ledger", "rebuild") == "priorauth.db: case 26-0001: event 3 is not what was sealed\n"
