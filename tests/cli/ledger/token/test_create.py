"""`priorauth ledger token create`."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth.ledger import tokens
from priorauth.ledger.schema import open_store
from priorauth.server import clock
from tests.cli.house import ledger
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_token_is_printed_once_and_is_hers(ledger: str, capsys: Capture) -> None:
    said = ("ledger", "token", "create", "--db", ledger, "--as", "nina", "--role", "nurse", "--days", "1")
    token = printed(capsys, *said).strip()
    store = open_store(ledger)
    found = tokens.holder(store, token, clock.now())
    store.close()
    assert found is not None
    assert (found.who.person, found.who.role) == ("nina", "nurse")
    assert token.rpartition(".")[2].encode() not in Path(ledger.removeprefix("sqlite:///")).read_bytes()


def test_two_tokens_are_two(ledger: str, capsys: Capture) -> None:
    said = ("ledger", "token", "create", "--db", ledger, "--json")
    assert len({json.loads(printed(capsys, *said))["token"] for _ in range(2)}) == 2


def test_a_role_that_she_does_not_hold_is_refused(ledger: str, capsys: Capture) -> None:
    said = ("ledger", "token", "create", "--db", ledger, "--as", "nina", "--role", "director")
    assert "does not hold the role" in refusal(capsys, *said)
