"""`priorauth ledger person password`."""

from __future__ import annotations

import io
import sys

import pytest

from priorauth.ledger.schema import open_store
from priorauth.server import clock
from priorauth.workbench.signin import accounts
from tests.cli.house import ledger
from tests.cli.running import Capture, printed, refusal
from tests.ledger.house import TENANT
from tests.workbench.signin.plan import PASSWORD

__all__ = ["ledger"]


def test_a_password_is_read_from_a_pipe_and_is_right_from_then_on(
    ledger: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    out = printed(capsys, "ledger", "person", "password", "nina", "--db", ledger)
    assert PASSWORD not in out
    store = open_store(ledger)
    assert accounts.tried(store, TENANT, "nina", PASSWORD, whence=None, now=clock.now()) == "right"
    store.close()


@pytest.mark.parametrize(("person", "said"), [("nina", "at least 12"), ("newt", "nobody named newt")])
def test_a_short_one_and_nobodys_are_refused(
    person: str, said: str, ledger: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert said in refusal(capsys, "ledger", "person", "password", person, "--db", ledger)
