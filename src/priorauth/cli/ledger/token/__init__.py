"""``priorauth ledger token``: the tokens by which scripts say who they are."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "token",
    says="Make, list and revoke the tokens by which scripts say who they are.",
    modules={name: f"priorauth.cli.ledger.token.{name}" for name in ("create", "list", "revoke")},
)
