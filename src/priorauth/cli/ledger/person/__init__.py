"""``priorauth ledger person``: the people of a plan, and how each comes to sign in for the first time."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "person",
    says="Add a person, make her a link to sign in for the first time, set her password.",
    modules={name: f"priorauth.cli.ledger.person.{name}" for name in ("add", "link", "password")},
)
