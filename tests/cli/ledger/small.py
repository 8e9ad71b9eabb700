"""A small ledger in a SQLite file, for commands: one request approved by rule and mailed, one asked, one decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.schema import open_store
from tests.ledger.house import DIRECTOR, LICENCE, NURSE, REASON, SYSTEM, done, furnish, received
from tests.ledger.year import Mailed


def small(folder: Path, **settings: Any) -> str:
    """Make it; return its URL."""
    url = f"sqlite:///{folder / 'ledger.db'}"
    store = open_store(url)
    furnish(store, **settings)
    approved, asked, denied = (received(store, name) for name in ("approve", "ask", "conflict"))
    assert asked
    done(store, Mailed(case=approved), SYSTEM)
    done(store, RouteToDirector(case=denied), NURSE)
    done(store, DecideAdversely(case=denied, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    store.close()
    return url
