"""Which role opens which page and sends which form, as data: ``data/pages.yaml`` beside the ledger's rights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, convert

from priorauth.ledger.allowed import rights
from priorauth.values.strict_yaml import plain, read_file

_FILE: Final = Path(__file__).with_name("data") / "pages.yaml"
NOBODY: Final = frozenset({"rule", "system"})
"""Roles that no person holds."""
EVERYBODY: Final = "everybody"
Right = Literal["open", "read"]


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """A page: its address, the roles that work there, and those that look."""

    at: str
    open: tuple[str, ...]
    read: tuple[str, ...] = ()


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """A form: the address it is sent to, and the act of the ledger that it is for; without one, the roles."""

    at: str
    act: str | None = None
    open: tuple[str, ...] = ()


class Pages(Struct, frozen=True, forbid_unknown_fields=True):
    """Every page and every form by name."""

    pages: Mapping[str, Page]
    forms: Mapping[str, Form]


@cache
def table() -> Pages:
    """Return the table of pages and forms."""
    return convert(plain(read_file(_FILE)), Pages)


def people() -> tuple[str, ...]:
    """Return the roles that people hold."""
    return tuple(role for role in rights().roles if role not in NOBODY)


def may_open(page: Page, role: str) -> Right | None:
    """Return whether a role works on a page or looks at it; None where it does neither."""
    if role in page.open or EVERYBODY in page.open:
        return "open"
    return "read" if role in page.read else None


def may_send(form: Form, role: str) -> bool:
    """Whether a role sends a form; the ledger asks again, with its conditions."""
    if form.act is not None:
        return role not in NOBODY and role in rights().rights[form.act]
    return role in form.open or EVERYBODY in form.open


def who_may(name: str) -> tuple[str, ...]:
    """Return the roles that open a page or send a form, for a sentence."""
    found = table()
    if name in found.pages:
        page = found.pages[name]
        return tuple(role for role in people() if may_open(page, role))
    return tuple(role for role in people() if may_send(found.forms[name], role))
