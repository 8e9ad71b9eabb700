"""``priorauth ledger``: what is done to a ledger as a whole."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "ledger",
    says="Look after a ledger.",
    modules={"token": "priorauth.cli.ledger.token"},
)
