"""A message is dropped by somebody, for a reason that is kept."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.ledger.small import small
from tests.cli.running import Capture, misuse, printed, refusal


def test_a_message_is_dropped_with_a_reason(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    said = printed(capsys, "ledger", "outbox", "drop", 1, "--why", "the clinic asked", "--db", url)
    assert said == "message 1: dropped\n"
    words = ("ledger", "outbox", "drop", 2, "--why", "as before", "--db", url, "--person", "adam", "--role", "admin")
    assert json.loads(printed(capsys, *words, "--json"))["result"] == "done"


def test_it_wants_a_reason_and_a_message_that_there_is(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    assert "--why" in misuse(capsys, "ledger", "outbox", "drop", 1, "--db", url)
    assert refusal(capsys, "ledger", "outbox", "drop", 99, "--why", "gone", "--db", url) == "no message 99\n"
    said = refusal(
        capsys, "ledger", "outbox", "drop", 1, "--why", "x", "--db", url, "--person", "nina", "--role", "nurse"
    )
    assert said.startswith("drop-message: not for the role nurse")
