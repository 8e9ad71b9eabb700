"""`priorauth ledger token list`."""

from __future__ import annotations

import json

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_tokens_are_listed_without_themselves(ledger: str, capsys: Capture) -> None:
    made = json.loads(printed(capsys, "ledger", "token", "create", "--db", ledger, "--json"))
    out = printed(capsys, "ledger", "token", "list", *words(ledger))
    assert made["id"] in out
    assert made["token"] not in out
    (one,) = json.loads(printed(capsys, "ledger", "token", "list", *words(ledger), "--json"))["tokens"]
    assert (one["token"], one["role"], "sha256" in one) == (made["id"], "system", False)


def test_a_ledger_that_is_not_there_has_none(capsys: Capture) -> None:
    assert "expected sqlite" in refusal(capsys, "ledger", "token", "list", "--db", "none")
