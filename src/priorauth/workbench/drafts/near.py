"""Members of one's practice who are nearly the one that was typed: of an earlier request, with what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import func, select

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store

_MOST: Final = 100
"""How many of the newest requests of the practice are looked through."""
_MOST_READ: Final = 2_000_000
"""How large a request may be for its member's name to stand in a list."""
_LABEL: Final = {"family": "family name", "given": "first names", "born": "birth date", "member_id": "member number"}
_ENOUGH: Final = 2


class Known(Struct, frozen=True):
    """A member as a case has her."""

    case: str
    family: str
    given: str
    born: str
    member_id: str

    @property
    def name(self) -> str:
        """Her name."""
        return f"{self.given} {self.family}".strip()


class Near(Struct, frozen=True):
    """A member who is nearly the one that was typed; ``differs``: by label what was typed and what the case says."""

    known: Known
    differs: tuple[tuple[str, str, str], ...]


class _Name(Struct):
    family: str = ""
    given: list[str] = []
    text: str = ""


class _Identifier(Struct):
    value: str = ""


class _Resource(Struct, rename="camel"):
    resource_type: str = ""
    name: msgspec.Raw = msgspec.Raw()
    birth_date: str = ""
    identifier: msgspec.Raw = msgspec.Raw()


class _Entry(Struct):
    resource: msgspec.Raw = msgspec.Raw(b"{}")


class _Bundle(Struct):
    entry: list[_Entry] = []


def members(store: Store, who: Who, cases: tuple[str, ...]) -> dict[str, Known]:
    """Return the members of some cases of one's practice, by case."""
    found: dict[str, Known] = {}
    with store.reading(who.tenant) as connection:
        one, of = t.submission, t.cases
        newest = (
            select(one.c.case_no, func.max(one.c.number).label("number"))
            .join(of, (of.c.tenant == one.c.tenant) & (of.c.case_no == one.c.case_no))
            .where(
                one.c.tenant == who.tenant,
                one.c.kind == "request",
                of.c.organisation == (who.organisation or ""),
                one.c.case_no.in_(cases),
            )
            .group_by(one.c.case_no)
            .subquery()
        )
        query = (
            select(one.c.case_no, t.blob.c.bytes)
            .join(newest, (newest.c.case_no == one.c.case_no) & (newest.c.number == one.c.number))
            .join(t.blob, (t.blob.c.tenant == one.c.tenant) & (t.blob.c.sha256 == one.c.sha256))
            .where(one.c.tenant == who.tenant, t.blob.c.size <= _MOST_READ)
        )
        for row in connection.execute(query):
            known = _patient(row.case_no, row.bytes)
            if known is not None:
                found[row.case_no] = known
    return found


def near(store: Store, who: Who, said: Mapping[str, str]) -> tuple[Near, ...]:
    """Return the members of earlier requests who are nearly the one that was typed, each once; none who is the same."""
    if not said.get("family") and not said.get("member_id"):
        return ()
    one = t.cases.c
    query = (
        select(one.case_no)
        .where(one.tenant == who.tenant, one.organisation == (who.organisation or ""))
        .order_by(one.received_at.desc())
        .limit(_MOST)
    )
    with store.reading(who.tenant) as connection:
        cases = tuple(connection.execute(query).scalars())
    made: dict[tuple[str, ...], Near] = {}
    for known in members(store, who, cases).values():
        differs = tuple(_differs(said, known))
        same = sum(bool(said.get(name)) and _plain(said[name]) == _plain(getattr(known, name)) for name in _LABEL)
        if differs and same >= _ENOUGH:
            made.setdefault((known.family, known.given, known.born, known.member_id), Near(known, differs))
    return tuple(made.values())


def _differs(said: Mapping[str, str], known: Known) -> Iterator[tuple[str, str, str]]:
    for name, label in _LABEL.items():
        typed, kept = said.get(name, ""), getattr(known, name)
        if typed and kept and _plain(typed) != _plain(kept):
            yield label, typed, kept


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _patient(case: str, content: bytes) -> Known | None:
    try:
        for entry in msgspec.json.decode(content, type=_Bundle).entry:
            if b'"Patient"' not in bytes(entry.resource)[:400] and b'"Patient"' not in bytes(entry.resource):
                continue
            one = msgspec.json.decode(entry.resource, type=_Resource)
            if one.resource_type != "Patient":
                continue
            names = msgspec.json.decode(one.name, type=list[_Name]) if bytes(one.name) else []
            numbers = msgspec.json.decode(one.identifier, type=list[_Identifier]) if bytes(one.identifier) else []
            name = names[0] if names else _Name()
            number = next((each.value for each in numbers if each.value), "")
            return Known(case, name.family or name.text, " ".join(name.given), one.birth_date, number)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return None
