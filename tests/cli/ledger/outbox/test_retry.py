"""A message is sent again by somebody, for a reason that is kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.ledger.small import small
from tests.cli.running import Capture, misuse, printed, refusal


def test_a_message_is_sent_again_with_a_reason(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    said = printed(capsys, "ledger", "outbox", "retry", 1, "--why", "the clinic asked", "--db", url)
    assert said == "message 1: sent again\n"
    words = ("ledger", "outbox", "retry", 2, "--why", "as before", "--db", url, "--person", "adam", "--role", "admin")
    assert json.loads(printed(capsys, *words, "--json"))["result"] == "done"


def test_it_wants_a_reason_and_a_message_that_there_is(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    assert "--why" in misuse(capsys, "ledger", "outbox", "retry", 1, "--db", url)
    assert refusal(capsys, "ledger", "outbox", "retry", 99, "--why", "gone", "--db", url) == "no message 99\n"
    said = refusal(
        capsys, "ledger", "outbox", "retry", 1, "--why", "x", "--db", url, "--person", "nina", "--role", "nurse"
    )
    assert said.startswith("retry-message: not for the role nurse")
