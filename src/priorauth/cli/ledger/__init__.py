"""``priorauth ledger``: the care of a ledger, from its first schema to the last case handed out."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "ledger",
    says="Keep a ledger: back it up, verify it, replay it, hand out a case, make tokens for scripts.",
    modules={
        name: f"priorauth.cli.ledger.{name}"
        for name in (
            *("upgrade", "backup", "restore", "verify", "replay", "export", "rebuild"),
            *("metrics", "outbox", "person", "sweep", "token"),
        )
    },
)
