"""Both databases: drafts stand in tables of their own."""

from __future__ import annotations

from tests.ledger.conftest import store

__all__ = ["store"]
