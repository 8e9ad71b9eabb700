"""`priorauth case list`."""

from __future__ import annotations

import json

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_cases_are_a_plain_table_or_json(ledger: str, capsys: Capture) -> None:
    out = printed(capsys, "case", "list", *words(ledger))
    head, row = out.splitlines()
    assert head.split()[:2] == ["case", "state"]
    assert row.split()[:2] == ["26-0001", "with-nurse"]
    found = json.loads(printed(capsys, "case", "list", *words(ledger), "--json"))
    assert [one["case"] for one in found["rows"]] == ["26-0001"]


def test_a_list_is_filtered_and_goes_on_page_by_page(ledger: str, capsys: Capture) -> None:
    assert "26-0001" in printed(capsys, "case", "list", *words(ledger), "--queue", "nurse")
    assert "26-0001" not in printed(capsys, "case", "list", *words(ledger), "--state", "adverse")
    printed(capsys, "case", "receive", "examples/ask.json", *words(ledger, "cora", "coordinator"))
    page = json.loads(printed(capsys, "case", "list", *words(ledger), "--most", "1", "--json"))
    rest = printed(capsys, "case", "list", *words(ledger), "--after", page["next"])
    assert ("26-0002" in rest, "26-0001" in rest) == (False, True)


def test_a_role_that_reads_no_cases_is_refused(ledger: str, capsys: Capture) -> None:
    assert "not for the role admin" in refusal(capsys, "case", "list", *words(ledger, "adam", "admin"))
    assert "no cursor" not in refusal(capsys, "case", "list", *words(ledger), "--after", "x")
