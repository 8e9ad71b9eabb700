"""`priorauth case decide`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal
from tests.ledger import house

__all__ = ["ledger"]


REASON = {name: getattr(house.REASON, name) for name in house.REASON.__struct_fields__}


def test_a_director_decides_adversely_with_her_licence_and_four_parts(
    ledger: str, capsys: Capture, tmp_path: Path
) -> None:
    printed(capsys, "case", "route", "26-0001", "director", *words(ledger, "nina", "nurse"))
    file = tmp_path / "reasons.json"
    file.write_text(json.dumps([REASON]), "utf-8")
    said = ("case", "decide", "26-0001", "adverse", "--version", "2", "--reasons", file, "--licence")
    nurse, director = words(ledger, "nina", "nurse"), words(ledger, "dora", "director")
    assert refusal(capsys, *said, house.LICENCE, *nurse).startswith("no-right: ")
    assert refusal(capsys, *said, "MA-0", *director).startswith("refused: ")
    assert "26-0001: adverse, version 3" in printed(capsys, *said, house.LICENCE, *director)


def test_an_approval_needs_the_version_that_was_seen(ledger: str, capsys: Capture) -> None:
    said = ("case", "decide", "26-0001", "approve", *words(ledger, "dora", "director"))
    assert "nobody decides what she has not seen" in refusal(capsys, *said)
    assert "26-0001: approved" in printed(capsys, *said, "--version", "1", "--why", "Necessary.")


def test_what_a_decision_lacks_is_named(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    director = (*words(ledger, "dora", "director"), "--version", "1")
    assert "--licence" in refusal(capsys, "case", "decide", "26-0001", "adverse", *director)
    assert "--rule" in refusal(capsys, "case", "decide", "26-0001", "by-law", *director)
    bad = tmp_path / "bad.json"
    bad.write_text("[{}]", "utf-8")
    said = ("case", "decide", "26-0001", "adverse", *director, "--licence", "L", "--reasons", bad)
    assert "criterion" in refusal(capsys, *said)
    assert "expected why" in refusal(capsys, "case", "decide", "26-0001", "elsewhere", *director)
