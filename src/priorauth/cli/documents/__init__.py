"""``priorauth documents``: notes, letters, faxes and forms, and what they propose."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "documents",
    says="Read notes, letters, faxes and forms, and what they propose.",
    modules={"read": "priorauth.cli.documents.read", "check": "priorauth.cli.documents.check"},
)
