"""A case opened on a page: what the ledger lets this reader see, with its clocks, people and criteria in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct
from sqlalchemy import select

from priorauth.ledger import compose, people
from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.events import Json
from priorauth.ledger.whole import Whole
from priorauth.ledger.work import CLINIC
from priorauth.letters.facts import Member, Prescriber, Supplier
from priorauth.server import reads
from priorauth.workbench.view import clocks as c
from priorauth.workbench.view import reading
from priorauth.workbench.view.criteria import Shown, shown
from priorauth.workbench.visit import Visit
from priorauth.workbench.words import STATE

_REQUEST: Final = "request"


class People(Struct, frozen=True):
    """Who stands in the request: the member, who prescribes, who supplies."""

    member: Member
    prescriber: Prescriber
    supplier: Supplier


class Case(Struct, frozen=True, kw_only=True):
    """A case as a page shows it. ``names``: of the people in it, by id. ``ball``: who has it now, in a sentence."""

    number: str
    whole: Whole
    shown: tuple[Shown, ...]
    clocks: c.Clocks
    people: People
    names: Mapping[str, str]
    ball: str
    ready: bool

    @property
    def open(self) -> bool:
        """Whether it is not decided yet."""
        return self.whole.head.closed_at is None

    @property
    def title(self) -> str:
        """What is asked, in a line: product and kind of every item."""
        return "; ".join(dict.fromkeys(f"{one.product}, {one.kind}" for one in self.shown)) or "request"


def opened(visit: Visit, number: str, what: str = "case") -> Case:
    """Return a case; that it was opened is recorded. Raises Problem where this reader sees none of that number."""
    visit.do(Read(case=number, what=what))
    return seen(visit, number)


def seen(visit: Visit, number: str) -> Case:
    """Return a case whose opening is recorded already."""
    whole = reads.case(visit.store, visit.who, number)
    found = c.clocks(whole, visit.plan["settings"], visit.now)
    made = tuple(shown(one) for one in whole.determinations)
    still = {one.item for one in whole.items if one.status == "open"}
    return Case(
        number=number,
        whole=whole,
        shown=reading.veiled(visit, whole, made),
        clocks=found,
        people=_people(visit, whole),
        names=_names(visit, whole),
        ball=ball(whole, found, visit.role),
        ready=bool(still) and all(one.outcome == "approve" for one in whole.determinations if one.item in still),
    )


def bundle(visit: Visit, whole: Whole) -> tuple[Json, Json]:
    """Return the newest request of a case, its Bundle and its Claim."""
    last = [one for one in whole.submissions if one.kind == _REQUEST][-1]
    content = reads.content(visit.store, visit.who, last.sha256)
    claim = compose.claim_of(content, _REQUEST, str(whole.head.about.get("claim", "")))
    return compose.read(content, _REQUEST), claim


def ball(whole: Whole, found: c.Clocks, role: str) -> str:
    """Say who has the case, and until when; never a word that says nothing, like "pending"."""
    head = whole.head
    if head.closed_at is not None:
        return f"{STATE[head.state]}."
    by = found.decide_by[0].upper() + found.decide_by[1:] if found.decide_by else "No clock runs"
    clinic = role in CLINIC
    match head.state:
        case "with-clinic":
            return f"{'You have' if clinic else 'The clinic has'} it: questions are open. {by}."
        case "waiting":
            return f"Nothing is missing but time. {by}."
        case "with-nurse":
            return f"With the payer's nurse.{' You need to do nothing.' if clinic else ''} {by}."
        case _:
            return f"With a medical director of the payer.{' You need to do nothing.' if clinic else ''} {by}."


def _people(visit: Visit, whole: Whole) -> People:
    found, claim = bundle(visit, whole)
    return People(people.member(found, claim), people.prescriber(found, claim), people.supplier(found, claim))


def _names(visit: Visit, whole: Whole) -> dict[str, str]:
    said: list[str | None] = [whole.head.owner]
    said += [one.person for one in whole.words]
    said += [one.person for one in whole.calls]
    said += [one.person for one in whole.events]
    said += [one.signer for one in whole.decisions]
    said += [one.filed_by for one in whole.documents]
    return names(visit, (one for one in said if one))


def names(visit: Visit, wanted: Iterable[str]) -> dict[str, str]:
    """Return the names of people by id."""
    one = t.person.c
    query = select(one.person, one.name).where(one.tenant == visit.session.tenant, one.person.in_(sorted(set(wanted))))
    with visit.store.reading(visit.session.tenant) as connection:
        return {row.person: row.name for row in connection.execute(query)}
