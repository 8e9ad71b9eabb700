"""A case in each state, brought there by real acts; and each act as somebody who may do it would do it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import structs
from sqlalchemy import Connection, select

from priorauth.documents.pages import Page, Reading
from priorauth.documents.proposal import Findings, Proposal
from priorauth.ledger import tables as t
from priorauth.ledger.acts import (
    again,
    calls,
    decisions,
    files,
    findings,
    intake,
    notices,
    papers,
    peer,
    queues,
    taken_back,
    words,
)
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Act
from tests.ledger.house import (
    ADMIN,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    SECOND_NURSE,
    SYSTEM,
    TENANT,
    done,
    example,
)

HOUR: Final = timedelta(hours=1)
LAW: Final = "cs-in-std"
"""A clock whose law authorizes a request where it was missed."""
ANSWERS: Final = (
    b'{"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-11-23", "item": []}'
)


class Undone(Store):
    """A store in which nothing that is done stays, so that one case serves many tries."""

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Connection]:
        with Store.writing(self, tenant) as connection:
            yield connection
            connection.rollback()


LETTER: Final = b"She is taught, and has been able to use the pump since 12 November 2026."
FILE: Final = files.File(title="letter.txt", media="text/plain", content=LETTER)
DATA: Final = files.File(
    title="lab", media="application/fhir+json", kind="resources",
    content=b'{"resourceType": "Bundle", "type": "collection", "entry": []}',
)  # fmt: skip
FACT: Final = "able_to_operate_pump"
SAYS: Final = "has been able to use the pump"


def text(sha256: str = hashlib.sha256(LETTER).hexdigest()) -> Reading:
    """Return the text of the letter, as if it stood in a paper."""
    return Reading(sha256=sha256, kind="text", reader="a reader", pages=(Page(number=1, text=LETTER.decode()),))


def proposal(**more: Any) -> Proposal:
    """Return what the letter says."""
    plain = {"fact": FACT, "value": "yes", "quote": SAYS, "page": 1, "start": LETTER.decode().index(SAYS)}
    return Proposal(**{**plain, **more})


def read(number: str, document: int, *facts: Proposal, reader: str = "a reader, and rules") -> papers.ReadDocument:
    """Return the act by which the letter was read in a document."""
    found = Findings(kind="letter-of-medical-necessity", dated="2026-11-12", facts=facts or (proposal(),))
    pages = msgspec.json.encode(text())
    return papers.ReadDocument(case=number, document=document, reader=reader, findings=found, pages=pages)


def bundle(name: str, *, quantity: int = 1, state: str | None = None, items: int = 1) -> bytes:
    """Return an example with a quantity of its item, with so many items, of a plan in another state."""
    made: dict[str, Any] = json.loads(example(name))
    for entry in made["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Claim":
            resource["item"][0]["quantity"] = {"value": quantity}
            first = resource["item"][0]
            resource["item"] = [{**first, "sequence": place + 1} for place in range(items)]
    text = json.dumps(made)
    return (text if state is None else text.replace('"OH"', f'"{state}"')).encode()


ASK: Final = bundle("ask")
TWO: Final = bundle("ask", quantity=2)
LATE: Final = bundle("review", state="IN")


def case(store: Store, number: str) -> dict[str, Any]:
    """Return the row of a case."""
    with store.reading(TENANT) as connection:
        row = connection.execute(select(t.cases).where(t.cases.c.case_no == number)).mappings().one()
        return dict(row)


def rows(store: Store, table: Any, **where: Any) -> list[dict[str, Any]]:
    """Return the rows of a table, by its key."""
    query = select(table).order_by(*table.primary_key)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    with store.reading(TENANT) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def sent(store: Store, content: bytes, now: datetime = NOW, who: Who = COORDINATOR) -> str:
    """Send a request; return the number of its case."""
    found = done(store, intake.Receive(bundle=content), who, now).case
    assert found is not None
    return found


def _paper(store: Store, number: str) -> None:
    """File a paper that was read, and a second one that was not."""
    for content in (LETTER, b"%PDF-1.7"):
        file = files.File(title="letter.pdf", media="application/pdf", content=content)
        done(store, files.FileDocument(case=number, file=file), COORDINATOR)
    done(store, read(number, 1))


def _asked(store: Store) -> str:
    number = sent(store, ASK)
    _paper(store, number)
    return number


def _with_nurse(store: Store) -> str:
    """A case with a nurse, on which a director has said a word."""
    number = _asked(store)
    done(store, queues.RouteToNurse(case=number), NURSE)
    done(store, words.Settle(case=number, criterion="II.A.T.2", value=True, why="she says so"), DIRECTOR)
    done(store, queues.RouteToNurse(case=number), NURSE)
    return number


def _with_director(store: Store) -> str:
    number = _with_nurse(store)
    done(store, queues.RouteToDirector(case=number), NURSE)
    return number


def _two(store: Store) -> str:
    """A case with a director, of which less can be approved than is asked."""
    number = sent(store, TWO)
    _paper(store, number)
    done(store, queues.RouteToDirector(case=number), NURSE)
    return number


def _after(first: Callable[[Store], str], act: Callable[[str], Act], who: Who) -> Callable[[Store], str]:
    def made(store: Store) -> str:
        number = first(store)
        done(store, act(number), who)
        return number

    return made


def _by_law(store: Store) -> str:
    number = sent(store, LATE)
    _paper(store, number)
    due = next(row["due_at"] for row in rows(store, t.clock, case_no=number) if row["rule"] == LAW)
    done(store, decisions.AuthorizeByLaw(case=number, rule=LAW), DIRECTOR, due + HOUR)
    return number


def _taken(make: Callable[[Store], str]) -> Callable[[Store], str]:
    return _after(make, lambda number: queues.Take(case=number), NURSE)


def adverse(number: str) -> Act:
    return decisions.DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,))


def part(number: str) -> Act:
    return decisions.DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={1: 1})


def _closed(make: Callable[[str], Act], who: Who = NURSE) -> Callable[[Store], str]:
    return _after(_asked, make, who)


def _not_yet(store: Store) -> str:
    number = sent(store, example("not-yet"))
    _paper(store, number)
    return number


STATES: Final[Mapping[str, Callable[[Store], str]]] = {
    "with-clinic": _taken(_asked),
    "waiting": _taken(_not_yet),
    "with-nurse": _taken(_with_nurse),
    "with-director": _taken(_with_director),
    "approved": _closed(lambda number: decisions.Approve(case=number), DIRECTOR),
    "partly-approved": _after(_two, part, DIRECTOR),
    "adverse": _after(_with_director, adverse, DIRECTOR),
    "authorized-by-law": _by_law,
    "sent-elsewhere": _closed(lambda number: decisions.SendElsewhere(case=number, why="to the drug plan")),
    "withdrawn": _closed(lambda number: intake.Withdraw(case=number), COORDINATOR),
    "duplicate": _closed(lambda number: intake.Close(case=number, of="26-0001")),
    "not-ours": _closed(lambda number: intake.CloseNotOurs(case=number, why="of another plan")),
    "filed-in-error": _closed(lambda number: intake.CloseInError(case=number, why="the wrong member")),
}
"""By state, what brings a new case into it. The first case of a store is some other."""


def _in_indiana(store: Store) -> str:
    return sent(store, LATE)


FITTED: Final[Mapping[tuple[str, str], Callable[[Store], str]]] = {
    ("with-director", "decide-in-part"): _two,
    ("with-nurse", "authorize-by-law"): _in_indiana,
    ("with-director", "authorize-by-law"): _after(
        _in_indiana, lambda number: queues.RouteToDirector(case=number), NURSE
    ),
}
"""What brings a case into a state in which an act can be done, where that needs another request."""


class Try(NamedTuple):
    """An act, who does it, and when."""

    act: Act
    who: Who
    at: datetime = NOW


def _anew(store: Store, number: str) -> bytes:
    first = rows(store, t.submission, case_no=number)[0]["sha256"]
    content: bytes = rows(store, t.blob, sha256=first)[0]["bytes"]
    return content


def _first_day(store: Store, number: str) -> date:
    found = rows(store, t.approval, case_no=number)
    return found[0]["valid_from"] if found else NOW.date()


def _late(store: Store, number: str) -> datetime:
    clocks = [row["due_at"] for row in rows(store, t.clock, case_no=number) if row["due_at"]]
    return max(clocks, default=NOW) + HOUR


def _rule(store: Store, number: str) -> str:
    return str(case(store, number)["due_rule"] or "mh-std")


def _next(store: Store, number: str) -> papers.ReadDocument:
    """Return the act by which the first document is read that nobody has read."""
    done_ = {row["document"] for row in rows(store, t.reading, case_no=number)}
    left = [row for row in rows(store, t.document, case_no=number) if row["number"] not in done_]
    found = read(number, left[0]["number"] if left else 1)
    return structs.replace(found, pages=msgspec.json.encode(text(sha256=left[0]["sha256"]))) if left else found


def _read(store: Store, number: str) -> int:
    """Return the last document that was read; the first where none was."""
    return max((row["document"] for row in rows(store, t.reading, case_no=number)), default=1)


_FILE: Final = files.File(title="more.pdf", media="application/pdf", content=b"%PDF-1.6")
ACTS: Final[Mapping[str, Callable[[Store, str], Try]]] = {
    "file-document": lambda _, n: Try(files.FileDocument(case=n, file=_FILE), COORDINATOR),
    "answer": lambda _, n: Try(intake.Answer(case=n, response=ANSWERS), COORDINATOR),
    "run": lambda _, n: Try(intake.Repeat(case=n), NURSE),
    "note-finding": lambda _, n: Try(
        findings.NoteFinding(case=n, subject="II.A.T.2", finding="more", why="the chart says no more"), DIRECTOR
    ),
    "offer-call": lambda _, n: Try(peer.OfferCall(case=n, times=(NOW + 2_000 * HOUR,)), DIRECTOR),
    "book-call": lambda _, n: Try(peer.BookCall(case=n, at=NOW + 2_000 * HOUR, with_whom="Dr Chen"), DIRECTOR),
    "ask": lambda _, n: Try(notices.AskClinic(case=n), NURSE),
    "propose": lambda _, n: Try(words.Propose(case=n, criterion="II.A.T.7", value=True, why="so"), NURSE),
    "settle": lambda _, n: Try(words.Settle(case=n, criterion="II.A.T.2", value=True, why="so"), DIRECTOR),
    "judge": lambda _, n: Try(words.Judge(case=n, fact="hba1c_exception_granted", value=False, why="so"), DIRECTOR),
    "take-back": lambda _, n: Try(words.TakeBack(case=n, subject="settle.II.A.T.2", why="wrong"), DIRECTOR),
    "approve": lambda _, n: Try(decisions.Approve(case=n), DIRECTOR),
    "decide-adversely": lambda _, n: Try(adverse(n), DIRECTOR),
    "decide-in-part": lambda _, n: Try(part(n), DIRECTOR),
    "authorize-by-law": lambda s, n: Try(decisions.AuthorizeByLaw(case=n, rule=_rule(s, n)), DIRECTOR, _late(s, n)),
    "send-elsewhere": lambda _, n: Try(decisions.SendElsewhere(case=n, why="to the drug plan"), NURSE),
    "withdraw": lambda _, n: Try(intake.Withdraw(case=n), COORDINATOR),
    "close-duplicate": lambda _, n: Try(intake.Close(case=n, of="26-0001"), NURSE),
    "close-not-ours": lambda _, n: Try(intake.CloseNotOurs(case=n, why="of another plan"), NURSE),
    "close-in-error": lambda _, n: Try(intake.CloseInError(case=n, why="the wrong member"), NURSE),
    "cancel-item": lambda _, n: Try(intake.CancelItem(case=n, item=1), COORDINATOR),
    "update-item": lambda s, n: Try(intake.UpdateItem(case=n, bundle=_anew(s, n)), COORDINATOR),
    "cancel": lambda _, n: Try(taken_back.Cancel(case=n), COORDINATOR),
    "extend": lambda s, n: Try(queues.Extend(case=n, rule=_rule(s, n), ground="member-asks", days=3), DIRECTOR),
    "assign": lambda _, n: Try(queues.Assign(case=n, person="nora"), NURSE),
    "take": lambda _, n: Try(queues.Take(case=n), SECOND_NURSE),
    "hand-over": lambda _, n: Try(queues.HandOver(case=n, person="nora"), NURSE),
    "snooze": lambda _, n: Try(queues.Snooze(case=n, until=NOW + HOUR), NURSE),
    "route-to-nurse": lambda _, n: Try(queues.RouteToNurse(case=n), NURSE),
    "route-to-director": lambda _, n: Try(queues.RouteToDirector(case=n), NURSE),
    "climb": lambda s, n: Try(queues.Climb(case=n), SYSTEM, case(s, n)["climbs_at"] or NOW),
    "miss-clock": lambda s, n: Try(queues.MissClock(case=n, rule=_rule(s, n)), SYSTEM, _late(s, n)),
    "record-call": lambda _, n: Try(calls.RecordCall(case=n, held_at=NOW, with_whom="Dr Chen", said="so"), DIRECTOR),
    "note": lambda _, n: Try(calls.Note(case=n, said="the meter file comes tomorrow"), NURSE),
    "appeal": lambda _, n: Try(again.Appeal(case=n), COORDINATOR),
    "reauthorize": lambda s, n: Try(again.Reauthorize(case=n, bundle=_anew(s, n)), COORDINATOR),
    "revise": lambda s, n: Try(taken_back.Revise(case=n, bundle=_anew(s, n)), COORDINATOR),
    "end-approval": lambda s, n: Try(
        decisions.EndApproval(case=n, approval=f"{n}-1", because="asked", ends=_first_day(s, n)), COORDINATOR
    ),
    "file-in-error": lambda _, n: Try(files.FileInError(case=n, document=1, why="of another"), COORDINATOR),
    "read-document": lambda s, n: Try(_next(s, n), SYSTEM),
    "propose-facts": lambda s, n: Try(
        papers.ProposeFacts(case=n, document=_read(s, n), reader="a model", proposals=b'{"facts": []}'), COORDINATOR
    ),
    "confirm-proposal": lambda s, n: Try(papers.ConfirmProposal(case=n, document=_read(s, n), proposal=0), NURSE),
    "reject-proposal": lambda s, n: Try(papers.RejectProposal(case=n, document=_read(s, n), proposal=0), NURSE),
    "tie-words": lambda _, n: Try(papers.TieWords(case=n, document=1, said=proposal()), NURSE),
    "see-paper": lambda _, n: Try(
        papers.SeePaper(case=n, document=1, fact="prescription_signed_on", date="2026-11-12"), NURSE
    ),
    "read": lambda _, n: Try(calls.Read(case=n, what="document 1"), NURSE),
}
"""By act on a case, somebody who does it as it should be done."""
__all__ = ["ACTS", "ADMIN", "ASK", "FITTED", "LATE", "STATES", "Try", "Undone", "bundle", "case", "rows", "sent"]
