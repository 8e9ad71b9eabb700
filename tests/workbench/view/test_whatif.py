"""What a change would do to past cases: counted by outcome, so many at once, what was read kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.workbench.view import whatif
from tests.workbench.analyst import ANALYST, TRY, analysed
from tests.workbench.house import Desk, plain


@pytest.fixture
def desk(migrated: Path, tmp_path: Path) -> Iterator[Desk]:
    with analysed(migrated, tmp_path) as found:
        yield found


def test_so_many_cases_are_read_at_once_and_the_rest_on_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whatif, "AT_ONCE", 1)
    for _ in range(3):
        desk.receive("approve")
    for read, says in ((1, "1 of 3 cases read"), (2, "2 of 3 cases read"), (3, "3 of 3 cases read")):
        page = plain(desk.get(f"{TRY}&read={read}", ANALYST).text)
        assert says in page
        assert f"{read} would come out otherwise" in page
        assert ("Read 1 more" in page) == (read < 3)


def test_a_case_that_is_run_anew_is_read_anew(desk: Desk) -> None:
    desk.receive("ask")
    assert "0 would come out otherwise" in plain(desk.get(TRY, ANALYST).text)
    desk.receive("approve")
    assert "2 of 2 cases read" in plain(desk.get(TRY, ANALYST).text)


def test_an_outcome_is_said_in_words() -> None:
    assert whatif.said("approve") == "Ready to approve"
    assert whatif.said("cannot be read again") == "cannot be read again"
