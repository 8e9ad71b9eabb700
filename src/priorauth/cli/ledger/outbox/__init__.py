"""``priorauth ledger outbox``: what leaves the house, and what could not."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "outbox",
    says="See what leaves the house; deliver it, send a dead letter again, or drop it.",
    modules={name: f"priorauth.cli.ledger.outbox.{name}" for name in ("list", "deliver", "retry", "drop")},
)
