"""``priorauth case``: what scripts do with the cases of a ledger."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "case",
    says="List, read and work on the cases of a ledger.",
    modules={
        name: f"priorauth.cli.case.{name}"
        for name in ("list", "show", "receive", "file", "answer", "ask", "route", "decide", "act")
    },
)
