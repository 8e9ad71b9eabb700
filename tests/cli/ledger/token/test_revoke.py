"""`priorauth ledger token revoke`."""

from __future__ import annotations

import json

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_token_is_revoked_once(ledger: str, capsys: Capture) -> None:
    made = json.loads(printed(capsys, "ledger", "token", "create", "--db", ledger, "--json"))
    said = ("ledger", "token", "revoke", made["id"], *words(ledger))
    assert printed(capsys, *said) == f"{made['id']} is revoked.\n"
    assert "is revoked" in refusal(capsys, *said)
    assert "no token none" in refusal(capsys, "ledger", "token", "revoke", "none", *words(ledger))
