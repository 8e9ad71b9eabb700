"""The ledgers of the exchange, for clients of the field."""

from __future__ import annotations

from tests.exchange.conftest import migrated, postgresql, store, template, url

__all__ = ["migrated", "postgresql", "store", "template", "url"]
