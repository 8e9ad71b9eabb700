"""Proposals about readings in words: those that wait first, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.house import DIRECTOR
from tests.workbench.analyst import ANALYST, NEW, POLICY, READING, analysed
from tests.workbench.house import Desk, plain


@pytest.fixture
def desk(migrated: Path, tmp_path: Path) -> Iterator[Desk]:
    with analysed(migrated, tmp_path) as found:
        yield found


def test_what_waits_stands_on_the_list_the_policy_and_the_reading_and_is_hers_alone(desk: Desk) -> None:
    desk.send(READING, f"{READING}/propose", ANALYST, **NEW)
    assert "Proposed and not decided (1)" in desk.get("/policies", DIRECTOR).text
    assert "from 30 days to 90 days" in plain(desk.get(POLICY, DIRECTOR).text)
    assert "Take the proposal back" in desk.get(READING, ANALYST).text
    assert "Take the proposal back" not in desk.get(READING, DIRECTOR).text
    other = f"{POLICY}/readings/hba1c_age"
    assert "90 days" not in desk.get(other, ANALYST).text


def test_what_was_decided_waits_no_more_and_says_by_whom_and_why(desk: Desk) -> None:
    desk.send(READING, f"{READING}/propose", ANALYST, **NEW)
    desk.send(READING, f"{READING}/withdraw", ANALYST)
    assert "Proposed and not decided" not in desk.get("/policies", DIRECTOR).text
    assert "taken back by Ana" in plain(desk.get(READING, DIRECTOR).text)
