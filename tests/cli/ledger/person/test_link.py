"""`priorauth ledger person link`."""

from __future__ import annotations

from pathlib import Path

from priorauth.ledger.schema import open_store
from priorauth.server import clock
from priorauth.workbench.signin import links
from tests.cli.house import ledger
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_link_is_printed_once_and_is_hers(ledger: str, capsys: Capture) -> None:
    said = ("ledger", "person", "link", "nina", "--db", ledger, "--at", "https://pa.example/")
    address, _, token = printed(capsys, *said).strip().partition("?token=")
    assert address == "https://pa.example/sign-in/link"
    store = open_store(ledger)
    found = links.whose(store, token, clock.now())
    store.close()
    assert found is not None
    assert found.person == "nina"
    assert token.rpartition(".")[2].encode() not in Path(ledger.removeprefix("sqlite:///")).read_bytes()


def test_nobody_has_none(ledger: str, capsys: Capture) -> None:
    assert "nobody named newt works here" in refusal(capsys, "ledger", "person", "link", "newt", "--db", ledger)
