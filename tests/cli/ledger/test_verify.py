"""A ledger is said to be whole, or each fault is one line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, printed


@pytest.mark.usefixtures("ledger")
def test_a_whole_ledger_is_said_to_be(capsys: Capture) -> None:
    assert printed(capsys, "ledger", "verify").startswith("whole: 4 cases, ")
    assert json.loads(printed(capsys, "ledger", "verify", "--json"))["counts"]["cases"] == 4


def test_each_fault_is_one_line_and_the_code_is_two(ledger: Path, capsys: Capture) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET why = 'another' WHERE case_no = '26-0001' AND number = 3")
        connection.execute("UPDATE cases SET state = 'approved' WHERE case_no = '26-0002'")
    connection.close()
    code, out, err = asked(capsys, "ledger", "verify")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "priorauth.db: case 26-0001: event 3 is not what was sealed",
        "priorauth.db: cases 26-0002: state: not as the events leave it",
    ]
