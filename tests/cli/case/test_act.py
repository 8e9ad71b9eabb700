"""`priorauth case act`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_any_act_is_done_with_the_body_that_programs_send(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    nurse = words(ledger, "nina", "nurse")
    assert "26-0001: with-nurse, version 2" in printed(capsys, "case", "act", "26-0001", "take", *nurse, "--key", "k")
    assert "version 2" in printed(capsys, "case", "act", "26-0001", "take", *nurse, "--key", "k")
    body = tmp_path / "body.json"
    body.write_text('{"person": "nora"}', "utf-8")
    assert "version 3" in printed(capsys, "case", "act", "26-0001", "hand-over", *nurse, "--body", body)


def test_an_act_with_a_slip_is_refused(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    nurse = words(ledger, "nina", "nurse")
    assert "no act is named" in refusal(capsys, "case", "act", "26-0001", "deny", *nurse)
    assert "--version" in refusal(capsys, "case", "act", "26-0001", "approve", *nurse)
    body = tmp_path / "body.json"
    body.write_text('{"persn": "nora"}', "utf-8")
    assert "--body" in refusal(capsys, "case", "act", "26-0001", "assign", *nurse, "--body", body)
