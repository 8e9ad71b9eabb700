"""`priorauth case receive`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_request_is_taken_once_for_a_key(ledger: str, capsys: Capture) -> None:
    said = ("case", "receive", "examples/ask.json", *words(ledger, "cora", "coordinator"), "--key", "k", "--json")
    first, again = json.loads(printed(capsys, *said)), json.loads(printed(capsys, *said))
    assert first == again
    assert (first["case"], first["state"]) == ("26-0002", "with-clinic")


def test_a_nurse_enters_what_came_by_fax_for_a_clinic(ledger: str, capsys: Capture) -> None:
    said = ("case", "receive", "examples/ask.json", *words(ledger, "nina", "nurse"), "--channel", "fax")
    assert "for whom it is entered" in refusal(capsys, *said)
    assert printed(capsys, *said, "--behalf", "clinic").startswith("26-0002: with-clinic, version 1")


def test_what_is_no_request_is_refused(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    file.write_text("{}", "utf-8")
    assert refusal(capsys, "case", "receive", file, *words(ledger)).startswith("invalid: ")
