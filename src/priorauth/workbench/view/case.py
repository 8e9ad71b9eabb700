"""A case opened on a page: what the ledger lets this reader see, with its clocks, people and criteria in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import select

from priorauth.ledger import compose, people, runs
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
_OPEN: Final = {"conflict": "with two sides", "not-met": "not shown", "unknown": "missing", "met": "applying"}


class People(Struct, frozen=True):
    """Who stands in the request: the member, who prescribes, who supplies."""

    member: Member
    prescriber: Prescriber
    supplier: Supplier


class Case(Struct, frozen=True, kw_only=True):
    """A case as a page shows it. ``names``: of the people in it, by id. ``ball``: who has it now, in a sentence.

    ``shown`` are the determinations of the last run; ``request`` is the Bundle that was sent. ``clinic``: its reader is
    of the clinic, so that everything of the payer's hands is left out.
    """

    number: str
    whole: Whole
    shown: tuple[Shown, ...]
    clocks: c.Clocks
    people: People
    names: Mapping[str, str]
    ball: str
    ready: bool
    payer: str
    clinic: bool
    request: Json

    @property
    def open(self) -> bool:
        """Whether it is not decided yet."""
        return self.whole.head.closed_at is None

    @property
    def title(self) -> str:
        """What is asked, in a line: product and kind of every item."""
        return "; ".join(dict.fromkeys(f"{one.product}, {one.kind}" for one in self.shown)) or "request"

    @property
    def age(self) -> int | None:
        """The member's age in years; None where no birth date is known."""
        return next((one.age for one in self.shown), None)

    @property
    def asks(self) -> int:
        """How many things are asked; of alternatives one is enough."""
        return sum(one.asks for one in self.waiting)

    @property
    def waiting(self) -> tuple[Shown, ...]:
        """The determinations of the items that are not decided yet."""
        still = {one.item for one in self.whole.items if one.status == "open"}
        return tuple(one for one in self.shown if one.item in still)

    @property
    def summary(self) -> str:
        """How many criteria are open, and how: ``1 with two sides, 2 missing``."""
        return summary(self.waiting)


def opened(visit: Visit, number: str, what: str = "case") -> Case:
    """Return a case; that it was opened is recorded. Raises Problem where this reader sees none of that number."""
    visit.do(Read(case=number, what=what))
    return seen(visit, number)


def seen(visit: Visit, number: str) -> Case:
    """Return a case whose opening is recorded already."""
    whole = reads.case(visit.store, visit.who, number)
    settings = visit.plan["settings"]
    found = c.clocks(whole, settings, visit.now)
    request, claim = bundle(visit, whole)
    made = tuple(shown(one) for one in whole.determinations)
    still = {one.item for one in whole.items if one.status == "open"}
    return Case(
        number=number,
        whole=whole,
        shown=reading.veiled(visit, whole, made),
        clocks=found,
        people=People(
            people.member(request, claim), people.prescriber(request, claim), people.supplier(request, claim)
        ),
        names=_names(visit, whole),
        ball=ball(whole, found, visit.role),
        ready=bool(still) and all(one.outcome == "approve" for one in whole.determinations if one.item in still),
        payer=payer(whole.head.payer, settings),
        clinic=visit.role in CLINIC,
        request=request,
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
            return f"With the payer's nurse.{_to_do(whole) if clinic else ''} {by}."
        case _:
            return f"With a medical director of the payer.{_to_do(whole) if clinic else ''} {by}."


def _to_do(whole: Whole) -> str:
    """Say what the clinic has to do where the payer has the case."""
    still = {one.item for one in whole.items if one.status == "open"}
    asked = any(one.questions for one in whole.determinations if one.item in still)
    return " Your answers still help." if asked else " You need to do nothing."


def payer(name: str | None, settings: Mapping[str, Any]) -> str:
    """Return the name of a payer; its id where no policy here knows it."""
    if name is None:
        return "payer not known"
    found = runs.catalog(settings).payers.get(name)
    return name if found is None else found.name


def summary(shown: Iterable[Shown]) -> str:
    """Return how many criteria are open, and how: ``1 with two sides, 2 missing``."""
    counts = Counter(_OPEN.get(one.status, "") for each in shown for one in each.open)
    said = [f"{counts[word]} {word}" for word in dict.fromkeys(_OPEN.values()) if counts[word]]
    return ", ".join(said) or "nothing is open"


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
