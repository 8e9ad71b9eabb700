"""What waits is listed without what it says; what is dead, dropped or delivered where that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.ledger.small import small
from tests.cli.running import Capture, printed


def test_what_waits_is_listed_by_number_with_its_receiver_and_case(tmp_path: Path, capsys: Capture) -> None:
    page = printed(capsys, "ledger", "outbox", "list", "--db", small(tmp_path))
    first = page.splitlines()[0].split()
    assert first[:3] == ["1", "organisation:clinic", "received"]
    assert "of case 26-0001, 0 attempts" in page


def test_a_list_goes_on_after_a_number(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    whole = json.loads(printed(capsys, "ledger", "outbox", "list", "--db", url, "--json"))
    rest = json.loads(printed(capsys, "ledger", "outbox", "list", "--db", url, "--after", 1, "--most", 2, "--json"))
    assert [one["number"] for one in rest] == [one["number"] for one in whole][1:3]
    assert "payload" not in whole[0]


def test_where_there_is_none_that_is_said(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    assert printed(capsys, "ledger", "outbox", "list", "--db", url, "--dead") == "no message is dead\n"
    assert printed(capsys, "ledger", "outbox", "list", "--db", url, "--after", 99) == "no message waits\n"
