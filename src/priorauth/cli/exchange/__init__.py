"""``priorauth exchange``: what other systems find here: are the settings fit, and does a server do what it should."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "exchange",
    says="The exchange with other systems (CRD, DTR, PAS): check its settings, try a payer's server.",
    modules={name: f"priorauth.cli.exchange.{name}" for name in ("check",)} | {"try": "priorauth.cli.exchange.tried"},
)
