"""An act on a message that may not be done is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.ledger.outbox.act import done
from priorauth.errors import InputRefused
from priorauth.ledger.acts.messages import DropMessage
from priorauth.ledger.schema import open_store
from tests.ledger.house import SYSTEM, furnish


def test_the_reason_of_a_refusal_is_what_is_said(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    furnish(store)
    with pytest.raises(InputRefused, match=r"^no message 7$"):
        done(store, DropMessage(number=7, why="gone"), SYSTEM, "dropped", as_json=False)
    store.close()
