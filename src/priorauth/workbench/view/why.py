"""Why a case stands in a worklist, in a line: what its newest run says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct
from sqlalchemy import and_, select

from priorauth.ledger import tables as t
from priorauth.ledger.worklist import Line
from priorauth.workbench import words
from priorauth.workbench.visit import Visit


class _Criterion(Struct, frozen=True):
    """What is read of a criterion."""

    id: str | None
    title: str | None
    status: str
    decisive: bool
    parts: tuple[_Criterion, ...]
    role: str | None = None


class _Conflict(Struct, frozen=True):
    """What is read of a conflict."""

    criterion: str


class _Asked(Struct, frozen=True):
    """What is read of what is asked: how many things."""

    all: tuple[msgspec.Raw, ...] = ()


class _Made(Struct, frozen=True):
    """What is read of a determination."""

    item: int
    outcome: str
    counts: dict[str, dict[str, int]]
    criteria: tuple[_Criterion, ...]
    conflicts: tuple[_Conflict, ...]
    ask: _Asked | None
    decide_after: str | None


def reasons(visit: Visit, lines: Iterable[Line]) -> Mapping[str, str]:
    """Return by case why it stands where it stands."""
    numbers = [one.case for one in lines]
    if not numbers:
        return {}
    run, case = t.run.c, t.cases.c
    newest = and_(run.tenant == case.tenant, run.case_no == case.case_no, run.number == case.runs)
    query = (
        select(run.case_no, run.determinations)
        .join(t.cases, and_(newest, run.received == case.received))
        .where(run.tenant == visit.session.tenant, run.case_no.in_(numbers))
    )
    with visit.store.reading(visit.session.tenant) as connection:
        found = connection.execute(query).all()
    return {row.case_no: said(read(row.determinations)) for row in found}


def read(determinations: bytes) -> list[_Made]:
    """Return what is read of the determinations that a run keeps."""
    return msgspec.json.decode(determinations, type=list[_Made])


def said(found: Iterable[_Made]) -> str:
    """Return what runs say in a line: what is open of each item, in few words."""
    return "; ".join(dict.fromkeys(_of(one) for one in found))


def _of(one: _Made) -> str:
    if one.outcome == "approve":
        counts = one.counts.get("criterion", {})
        every = sum(counts.values()) - counts.get("not-applicable", 0)
        return f"ready to approve: {counts.get('met', 0)} of {every} shown"
    if one.outcome == "request-information":
        count = max(len(one.ask.all), 1) if one.ask else 1
        return f"{count} {'thing is' if count == 1 else 'things are'} missing"
    if one.outcome == "not-yet":
        return f"time has to pass, until {words.day(one.decide_after)}"
    titles = {each.id: each.title for each in _every(one.criteria) if each.id}
    if one.conflicts:
        names = dict.fromkeys(titles.get(each.criterion) or each.criterion for each in one.conflicts)
        return f"two sides: {', '.join(names)}"
    applying = [each.title for each in one.criteria if each.role == "exclusion" and each.status == "met" and each.title]
    if applying:
        return f"applies against it: {applying[0]}"
    for status, word in (("not-met", "not shown"), ("unknown", "open")):
        names = dict.fromkeys(each.title for each in _deepest(one.criteria) if each.status == status and each.title)
        if names:
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            return f"{word}: {next(iter(names))}{more}"
    outcome = words.OUTCOME.get(one.outcome, one.outcome)
    return outcome[0].lower() + outcome[1:]


def _every(listed: Iterable[_Criterion]) -> Iterator[_Criterion]:
    for one in listed:
        yield one
        yield from _every(one.parts)


def _deepest(listed: Iterable[_Criterion]) -> Iterator[_Criterion]:
    """Yield the numbered criteria that decide, as deep as they are numbered."""
    for one in listed:
        if not one.decisive:
            continue
        below = [each for each in _deepest(one.parts) if each.id]
        yield from below or ([one] if one.id or one.role else [])
