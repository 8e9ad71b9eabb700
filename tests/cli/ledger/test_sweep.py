"""A sweep says what it did, does it once, and refuses a database that is none in one line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from priorauth.ledger.schema import open_store
from priorauth.server.clock import now
from tests.cli.running import Capture, printed, refusal
from tests.ledger.house import furnish, received

NOTHING = "0 cases climbed, 0 clocks missed, 0 clinics reminded\n"


def waiting(folder: Path, days: int) -> str:
    """Make a ledger with one case that has waited for its clinic for some days; return its URL."""
    url = f"sqlite:///{folder / 'waiting.db'}"
    store = open_store(url)
    furnish(store)
    received(store, "ask", now=now() - timedelta(days=days))
    store.close()
    return url


def test_a_case_of_today_is_left_alone(tmp_path: Path, capsys: Capture) -> None:
    assert printed(capsys, "ledger", "sweep", "--db", waiting(tmp_path, 0)) == NOTHING


def test_a_case_that_waited_too_long_climbs_and_its_missed_clock_is_told_once(tmp_path: Path, capsys: Capture) -> None:
    command = ("ledger", "sweep", "--db", waiting(tmp_path, 60), "--tenant", "plan")
    assert printed(capsys, *command) == "1 cases climbed, 1 clocks missed, 0 clinics reminded\n"
    assert " 0 clocks missed, " in printed(capsys, *command)
    assert printed(capsys, *command) == NOTHING


def test_a_tenant_that_is_not_there_has_nothing_to_sweep(tmp_path: Path, capsys: Capture) -> None:
    assert printed(capsys, "ledger", "sweep", "--db", waiting(tmp_path, 60), "--tenant", "another") == NOTHING


@pytest.mark.parametrize(
    ("url", "said"),
    [("none", "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"), ("sqlite:///none.db", "no such file")],
)
def test_a_database_that_is_none_is_refused_in_one_line(
    url: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in refusal(capsys, "ledger", "sweep", "--db", url)
