"""Both databases, as for the ledger."""

from __future__ import annotations

from tests.ledger.conftest import migrated, postgresql, store, template, url

__all__ = ["migrated", "postgresql", "store", "template", "url"]
