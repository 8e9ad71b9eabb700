"""The first schema of the ledger, as it was: its statements stand beside this file and are never changed."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and their guards."""
    dialect = op.get_bind().dialect.name
    text = Path(__file__).with_name(f"{revision}_{dialect}.sql").read_text("utf-8")
    for statement in text.split("\n--;\n"):
        op.execute(statement.replace(":", "\\:"))
