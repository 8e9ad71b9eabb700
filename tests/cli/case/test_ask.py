"""`priorauth case ask`."""

from __future__ import annotations

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_nurse_asks_what_the_last_run_asks_and_nothing_else(ledger: str, capsys: Capture) -> None:
    printed(capsys, "case", "receive", "examples/ask.json", *words(ledger, "cora", "coordinator"))
    nurse = words(ledger, "nina", "nurse")
    assert "26-0002: with-clinic" in printed(capsys, "case", "ask", "26-0002", *nurse, "--fact", "hba1c")
    assert "does not ask" in refusal(capsys, "case", "ask", "26-0002", *nurse, "--fact", "pregnancy")
    assert "asks nothing" in refusal(capsys, "case", "ask", "26-0001", *nurse)


def test_a_question_on_an_older_version_is_refused_with_what_has_changed(ledger: str, capsys: Capture) -> None:
    printed(capsys, "case", "receive", "examples/ask.json", *words(ledger, "cora", "coordinator"))
    nurse = words(ledger, "nina", "nurse")
    printed(capsys, "case", "ask", "26-0002", *nurse, "--version", "1")
    assert "stale: " in refusal_lines(capsys, "case", "ask", "26-0002", *nurse, "--version", "1")


def refusal_lines(capsys: Capture, *said: object) -> str:
    from tests.cli.running import asked

    code, out, err = asked(capsys, *said)
    assert (code, out) == (2, "")
    assert "nurse: asked" in err
    return err
