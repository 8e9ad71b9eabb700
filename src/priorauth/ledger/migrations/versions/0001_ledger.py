"""The first schema of the ledger."""

from __future__ import annotations

from alembic import op

from priorauth.ledger.guards import statements
from priorauth.ledger.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and their guards."""
    connection = op.get_bind()
    METADATA.create_all(connection)
    for statement in statements(connection.dialect.name):
        op.execute(statement.replace(":", "\\:"))
