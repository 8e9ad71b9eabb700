"""The documents of a case and what each was used for: those that were filed, and those that the request names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Final

from msgspec import Struct
from sqlalchemy import select

from priorauth.decide.decided import Evidence, Refused
from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import walk
from priorauth.errors import InputRefused
from priorauth.ledger import compose, people, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.events import Json
from priorauth.ledger.whole import Document, Whole
from priorauth.server import reads
from priorauth.workbench.view.criteria import holder
from priorauth.workbench.visit import Visit

KIND: Final = {"paper": "paper", "resources": "resources", runs.LOG_KIND: "glucose log"}
_MOST_READ: Final = 2_000_000
"""How large a file of resources may be for its uses to be looked up."""


class Paper(Struct, frozen=True, kw_only=True):
    """A document as a page lists it. ``number`` is None of one that the request only names; ``used`` by criteria."""

    number: int | None
    name: str
    kind: str
    dated: date | None
    filed: Document | None
    used: tuple[str, ...]

    @property
    def by_people(self) -> bool:
        """Whether no run reads it."""
        return self.filed is not None and runs.part_of(self.filed.kind, self.filed.media) is None

    @property
    def wrong(self) -> str:
        """Why it was said to be filed in error; empty where it was not."""
        return (self.filed.wrong or "") if self.filed else ""


def papers(visit: Visit, whole: Whole, request: Json) -> tuple[Paper, ...]:
    """Return the documents of a case: the filed ones, then those that stand in the request."""
    uses = _uses(whole.determinations)
    filed = tuple(
        Paper(
            number=one.number,
            name=one.name,
            kind=KIND.get(one.kind, one.kind),
            dated=one.dated,
            filed=one,
            used=_used(uses, _references(visit, one)),
        )
        for one in whole.documents
    )
    return (*filed, *_named(request, uses))


def sources(visit: Visit, whole: Whole) -> dict[str, int]:
    """Return by reference the number of the filed document that holds it."""
    return {each: one.number for one in whole.documents if not one.wrong for each in sorted(_references(visit, one))}


def was_opened(visit: Visit, number: int) -> bool:
    """Whether it is recorded that she opened a document of a case."""
    one = t.event.c
    mine = (one.tenant == visit.session.tenant, one.case_no == visit.path("case"), one.person == visit.who.person)
    with visit.store.reading(visit.session.tenant) as connection:
        found = connection.execute(select(one.data).where(*mine, one.what == Read.name)).scalars()
        return any(each["say"].get("of") == f"document {number}" for each in found)


def _named(request: Json, uses: dict[str, list[str]]) -> Iterator[Paper]:
    """Yield the documents that the request names."""
    for one in people.resources(request, "DocumentReference"):
        coded = one.get("type", {})
        coding: Json = next((each for each in coded.get("coding", ()) if isinstance(each, dict)), {})
        parts = (each for each in one.get("content", ()) if isinstance(each, dict))
        content: Json = next((each.get("attachment", {}) for each in parts), {})
        name = content.get("title") or coded.get("text") or coding.get("display") or "document"
        said = str(one.get("date", ""))[: len("2026-01-01")]
        dated = None
        with suppress(ValueError):
            dated = date.fromisoformat(said)
        used = _used(uses, {f"DocumentReference/{one.get('id', '')}"})
        yield Paper(number=None, name=str(name), kind="named in the request", dated=dated, filed=None, used=used)


def _uses(made: Sequence[Determination]) -> dict[str, list[str]]:
    """Return by reference which numbered criteria rest on it."""
    found: dict[str, list[str]] = {}
    for one in made:
        for criterion in walk(one.criteria):
            rows: tuple[Evidence | Refused, ...] = (*criterion.evidence, *criterion.refused)
            for row in rows if criterion.id else ():
                for reference in row.reference.split(", "):
                    found.setdefault(holder(reference), []).append(criterion.id or "")
    return found


def _used(uses: dict[str, list[str]], references: set[str]) -> tuple[str, ...]:
    every = (criterion for reference in sorted(references) for criterion in uses.get(reference, ()))
    return tuple(dict.fromkeys(every))


def _references(visit: Visit, one: Document) -> set[str]:
    """Return how evidence names what a file holds: the resources of a Bundle, the name of a log."""
    if runs.part_of(one.kind, one.media) != "resources":
        return {f"document {one.number}"}
    if one.size > _MOST_READ:
        return set()
    with suppress(InputRefused):
        found = compose.read(reads.content(visit.store, visit.who, one.sha256), one.name)
        listed = [entry.get("resource", {}) for entry in found.get("entry", ()) if isinstance(entry, dict)] or [found]
        return {f"{each.get('resourceType')}/{each.get('id')}" for each in listed if isinstance(each, dict)}
    return set()
