"""What happened to the requests of the demo: an agenda of steps, each at its moment, every one a real act.

A request has one of ten stories. A step looks at the case as it stands and does what its story wants where that may be
done; the sweep runs in between, as it does in a server. Nothing happens after the moment up to which it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from priorauth.decide.determination import Determination
from priorauth.ledger import tables as t
from priorauth.ledger.acts import again, calls, decisions, files, intake, notices, queues, words
from priorauth.ledger.events import Json, Who
from priorauth.ledger.runs import read_determinations
from priorauth.ledger.store import Store
from priorauth.ledger.sweep import sweep
from priorauth.ledger.work import Act, CaseAct, Done, Refused, perform
from priorauth.server.demo import people
from priorauth.server.demo.requests import Request, made

Step = Callable[["Telling", str], None]
_MORNING: Final = 9
_DAY: Final = timedelta(days=1)
_SWEEPS: Final = timedelta(hours=12)
_OLD: Final = timedelta(days=70)
_BEFORE: Final = timedelta(days=95)
_PAPER: Final = b"%PDF-1.4\n% a made-up letter of the demo\n%%EOF\n"
NURSE, DIRECTOR, APPEALS, CLINIC = "nadia", "marsh", "amato", "carla"


@dataclass(slots=True)
class Telling:
    """The demo as far as it is told: its ledger, the moment, what is still to come, and what was refused."""

    store: Store
    tenant: str
    until: datetime
    now: datetime
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    placed: int = 0
    done: int = 0
    refused: list[str] = field(default_factory=list)

    def at(self, moment: datetime, step: Callable[[], None]) -> None:
        """Put a step on the agenda, unless its moment is after the end."""
        if moment < self.until:
            self.placed += 1
            heappush(self.agenda, (moment, self.placed, step))

    def tell(self) -> None:
        """Do every step at its moment."""
        while self.agenda:
            self.now, _, step = heappop(self.agenda)
            step()

    def act(self, act: Act, who: Who) -> Done | None:
        """Do an act; None where it is refused."""
        found = perform(self.store, act, who, self.now)
        if isinstance(found, Refused):
            self.refused.append(f"{type(act).__name__}: {found.reason}")
            return None
        self.done += 1
        return found

    def case(self, number: str) -> Json:
        """Return a case as it stands."""
        one = t.cases
        with self.store.reading(self.tenant) as connection:
            query = select(one).where(one.c.tenant == self.tenant, one.c.case_no == number)
            return dict(connection.execute(query).mappings().one())

    def by(self, person: str, act: CaseAct, behalf: str | None = None) -> Done | None:
        """Let somebody of the demo act."""
        return self.act(act, people.who(person, behalf, self.tenant))


def is_empty(store: Store, tenant: str) -> bool:
    """Whether a ledger has no case."""
    with store.reading(tenant) as connection:
        one = t.cases
        query = select(func.count()).select_from(one).where(one.c.tenant == tenant)
        return not connection.execute(query).scalar_one()


def fill(store: Store, tenant: str, count: int, now: datetime) -> Telling:
    """Fill an empty ledger with so many requests and what happened to them until the day of ``now`` began."""
    zone = ZoneInfo(people.ZONE)
    midnight = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    until = midnight.astimezone(UTC)
    listed = made(count, (midnight.date() - _DAY).isoformat())
    begin = until - _BEFORE
    telling = Telling(store, tenant, until, begin)
    for act in people.acts(begin):
        telling.act(act, people.system(tenant))
    for place, request in enumerate(listed):
        day = datetime.fromisoformat(request.day).replace(tzinfo=zone, hour=_MORNING)
        moment = (day + timedelta(minutes=place % 400)).astimezone(UTC)
        telling.at(moment, partial(_receive, telling, place, request))
    moment = begin
    while moment < until:
        telling.at(moment, partial(_swept, telling))
        moment += _SWEEPS
    telling.tell()
    return telling


def _swept(telling: Telling) -> None:
    sweep(telling.store, telling.tenant, telling.now)


def _receive(telling: Telling, place: int, request: Request) -> None:
    who = people.who(CLINIC if place % 3 else "cyrus", None, telling.tenant)
    story = place % len(STORIES)
    if request.payer == "masshealth" and request.initial and telling.now < telling.until - _OLD:
        story = STORIES.index(_approved)  # a trial that is near its end
    files = (_form_file(request.form),) if story in _WITH_FORM and request.form is not None else ()
    found = telling.act(intake.Receive(bundle=request.bundle, channel="portal", files=files), who)
    if found is None or found.case is None:
        return
    for after, step in STORIES[story](request):
        telling.at(telling.now + after, partial(step, telling, found.case))


def _form_file(form: bytes) -> files.File:
    return files.File(title="answers.json", media="application/fhir+json", content=form, kind="resources")


# ---- steps: each does what it wants where the case stands so that it may be done


def _owner(telling: Telling, number: str) -> str:
    """Return who of its clinic acts for a case."""
    return CLINIC if telling.case(number)["organisation"] == people.CLINICS[0] else "cyrus"


def _if(*states: str) -> Callable[[Step], Step]:
    """Let a step be taken in some states and in no other."""

    def held(step: Step) -> Step:
        def taken(telling: Telling, number: str) -> None:
            if telling.case(number)["state"] in states:
                step(telling, number)

        return taken

    return held


_OPEN: Final = ("with-clinic", "waiting", "with-nurse", "with-director")


def _answer(form: bytes | None) -> Step:
    @_if("with-clinic", "with-nurse", "with-director")
    def answered(telling: Telling, number: str) -> None:
        if form is not None:
            telling.by(_owner(telling, number), intake.Answer(case=number, response=form))

    return answered


@_if(*_OPEN)
def _paper(telling: Telling, number: str) -> None:
    file = files.File(title="letter.pdf", media="application/pdf", content=_PAPER, dated=telling.now.date())
    telling.by(_owner(telling, number), files.FileDocument(case=number, file=file))


@_if("with-nurse", "with-director")
def _take(telling: Telling, number: str) -> None:
    telling.by(NURSE if telling.case(number)["state"] == "with-nurse" else DIRECTOR, queues.Take(case=number))


@_if("with-nurse", "with-clinic")
def _ask(telling: Telling, number: str) -> None:
    if any(made.questions for made in _last(telling, number)):
        telling.by(NURSE, notices.AskClinic(case=number, why="Please answer what is still open."))


@_if("with-clinic", "waiting", "with-nurse")
def _route(telling: Telling, number: str) -> None:
    telling.by("noel", queues.RouteToDirector(case=number, why="The criteria do not settle it."))


@_if("with-director")
def _approve(telling: Telling, number: str) -> None:
    telling.by(DIRECTOR, decisions.Approve(case=number, why="Necessary on the whole record."))


@_if("with-director")
def _adverse(telling: Telling, number: str) -> None:
    reasons = tuple(_reasons(telling, number))
    telling.by(
        DIRECTOR,
        decisions.DecideAdversely(case=number, licence=people.LICENCE, reasons=reasons, why="Criteria are not shown."),
    )


def _reasons(telling: Telling, number: str) -> Iterator[decisions.Reason]:
    for one in _last(telling, number)[0].criteria:
        if one.id is not None and one.status != "met" and one.role != "exclusion":
            yield decisions.Reason(
                criterion=one.id,
                asks=one.title or one.id,
                found=one.value or one.why or "nothing on file",
                why_not=one.why or "what is on file does not show it",
                would_show="a record that shows it",
            )
            return
    yield decisions.Reason(
        criterion="necessity",
        asks="that the pump is necessary",
        found="no ground beyond the criteria",
        why_not="the record names none",
        would_show="a statement of the prescriber",
    )


def _last(telling: Telling, number: str) -> list[Determination]:
    one = t.run
    with telling.store.reading(telling.tenant) as connection:
        query = select(one.c.determinations).where(one.c.tenant == telling.tenant, one.c.case_no == number)
        found: bytes = connection.execute(query.order_by(one.c.number.desc()).limit(1)).scalar_one()
    return read_determinations(found)


@_if("with-director")
def _settle(telling: Telling, number: str) -> None:
    for one in _last(telling, number)[0].criteria:
        if one.id is not None and one.status in ("unknown", "conflict", "not-met") and one.role == "criterion":
            telling.by(
                DIRECTOR, words.Settle(case=number, criterion=one.id, value=True, why="Shown by the letter on file.")
            )
            return


@_if("with-nurse")
def _propose(telling: Telling, number: str) -> None:
    for one in _last(telling, number)[0].criteria:
        if one.id is not None and one.status in ("unknown", "conflict", "not-met") and one.role == "criterion":
            telling.by(NURSE, words.Propose(case=number, criterion=one.id, value=True, why="The letter says so."))
            return


@_if("with-nurse", "with-director")
def _call(telling: Telling, number: str) -> None:
    act = calls.RecordCall(
        case=number, held_at=telling.now - timedelta(minutes=20), with_whom="the prescriber", said="She sends a letter."
    )
    telling.by(DIRECTOR, act)


@_if(*_OPEN)
def _withdraw(telling: Telling, number: str) -> None:
    telling.by(_owner(telling, number), intake.Withdraw(case=number, why="The member chose another pump."))


@_if("adverse")
def _appeal(telling: Telling, number: str) -> None:
    file = files.File(title="appeal.pdf", media="application/pdf", content=_PAPER, dated=telling.now.date())
    act = again.Appeal(case=number, filed_by="prescriber", files=(file,), why="The new letter tells more.")
    found = telling.by(_owner(telling, number), act)
    if found is not None and found.case is not None:
        telling.at(telling.now + 9 * _DAY, partial(_overturn, telling, found.case))


@_if("with-director")
def _overturn(telling: Telling, number: str) -> None:
    telling.by(APPEALS, decisions.Approve(case=number, why="The letter shows what was missing."))


def _close(place: int) -> Step:
    @_if(*_OPEN)
    def closed(telling: Telling, number: str) -> None:
        why = "Filed twice by the portal." if place % 2 else "The member is of another plan since June."
        act = intake.CloseInError if place % 2 else intake.CloseNotOurs
        telling.by(NURSE, act(case=number, why=why))

    return closed


# ---- stories: steps with how long after the request each is taken

Told = Iterator[tuple[timedelta, Step]]


def _left(request: Request) -> Told:
    del request
    yield 20 * _DAY, _route
    yield 22 * _DAY, _approve


def _answered(request: Request) -> Told:
    yield 1 * _DAY, _answer(request.form)
    yield 2 * _DAY, _take
    yield 3 * _DAY, _route
    yield 4 * _DAY, _approve


def _approved(request: Request) -> Told:
    del request
    yield 1 * _DAY, _take
    yield 2 * _DAY, _route
    yield 3 * _DAY, _approve


def _denied(request: Request) -> Told:
    yield 1 * _DAY, _ask
    yield 2 * _DAY, _answer(request.form)
    yield 4 * _DAY, _route
    yield 5 * _DAY, _adverse


def _appealed(request: Request) -> Told:
    yield from _denied(request)
    yield 12 * _DAY, _appeal


def _withdrawn(request: Request) -> Told:
    del request
    yield 2 * _DAY, _withdraw


def _asked(request: Request) -> Told:
    yield timedelta(hours=5), _ask
    yield 3 * _DAY, _paper
    yield 4 * _DAY, _answer(request.form)
    yield 6 * _DAY, _route
    yield 6.5 * _DAY, _approve


def _settled(request: Request) -> Told:
    yield 1 * _DAY, _answer(request.form)
    yield 2 * _DAY, _propose
    yield 2.5 * _DAY, _route
    yield 3 * _DAY, _call
    yield 4 * _DAY, _settle
    yield 6 * _DAY, _approve


def _closed(request: Request) -> Told:
    yield 1 * _DAY, _close(len(request.bundle))


def _on_the_desk(request: Request) -> Told:
    yield 1 * _DAY, _answer(request.form)
    yield 2 * _DAY, _take
    yield 15 * _DAY, _route
    yield 16 * _DAY, _adverse


STORIES: Final = (
    *(_left, _answered, _approved, _denied, _appealed),
    *(_withdrawn, _asked, _settled, _closed, _on_the_desk),
)
_WITH_FORM: Final = frozenset({2, 9})
"""The stories in which the form of answers comes with the request."""
