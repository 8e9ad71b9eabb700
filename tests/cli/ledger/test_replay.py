"""Runs are done again: the same bytes, what they rest on is another now, or an alarm."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import Capture, printed, refusal


@pytest.mark.usefixtures("ledger")
def test_runs_that_give_the_same_bytes_are_counted(capsys: Capture) -> None:
    assert printed(capsys, "ledger", "replay") == "4 runs done again: 4 the same bytes, 0 differ\n"
    assert printed(capsys, "ledger", "replay", "--since", "2030-01-01").startswith("0 runs done again")


@pytest.mark.slow
@pytest.mark.usefixtures("ledger")
def test_several_processes_count_the_same(capsys: Capture) -> None:
    assert printed(capsys, "ledger", "replay", "--jobs", "2") == "4 runs done again: 4 the same bytes, 0 differ\n"


def altered(ledger: Path, statement: str) -> None:
    with sqlite3.connect(ledger) as connection:
        connection.execute("DROP TRIGGER run_no_update")
        connection.execute(statement)
    connection.close()


def test_a_run_of_another_engine_is_told_and_no_fault(ledger: Path, capsys: Capture) -> None:
    altered(ledger, "UPDATE run SET engine = 'priorauth 0.0.9', determinations = rows WHERE case_no = '26-0004'")
    last = printed(capsys, "ledger", "replay").splitlines()[-1]
    assert last == "run 1 of case 26-0004: another engine than then"
    (one,) = json.loads(printed(capsys, "ledger", "replay", "--json"))["differ"]
    assert (one["case_no"], one["verdict"]) == ("26-0004", "pinned")


def test_a_difference_without_a_reason_is_an_alarm(ledger: Path, capsys: Capture) -> None:
    altered(ledger, "UPDATE run SET determinations = rows WHERE case_no = '26-0004'")
    assert refusal(capsys, "ledger", "replay") == (
        "priorauth.db: alarm: run 1 of case 26-0004: differs, and everything it rests on is the same\n"
    )
