"""Alembic's environment: one connection, whose transaction the caller opens and ends."""

from __future__ import annotations

from alembic import context

from priorauth.ledger.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=False)
context.run_migrations()
