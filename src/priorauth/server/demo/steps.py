"""Steps of the demo: each looks at a case as it stands, and does what its story wants where that may be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from priorauth.ledger.acts import again, calls, decisions, files, intake, notices, peer, queues, words
from priorauth.ledger.work import Done
from priorauth.server.demo import papers, people
from priorauth.server.demo.telling import Step, Telling

DAY: Final = timedelta(days=1)
NURSE, DIRECTOR, APPEALS, CLINIC = "nadia", "marsh", "amato", "carla"
_OPEN: Final = ("with-clinic", "waiting", "with-nurse", "with-director")
_SAID: Final = (
    "I ask for an insulin pump for this patient, who has had type 1 diabetes for years.",
    "Three or more injections a day were adjusted for nine months without success.",
    "Glucose is checked five times a day, since January.",
    "The patient and the family have been taught the use of a pump by our team.",
)


def form_file(form: bytes) -> files.File:
    """Return a form of answers as a file."""
    return files.File(title="answers.json", media="application/fhir+json", content=form, kind="resources")


def _letter(telling: Telling, number: str, title: str) -> files.File:
    clinic = str(telling.case(number)["organisation"]).replace("-", " ").title()
    on = telling.now.date()
    content = papers.letter(f"case {number}", clinic, on, _SAID)
    return files.File(title=title, media="application/pdf", content=content, dated=on)


def log(title: str, content: bytes) -> Step:
    """Let a clinic file a glucose log."""

    @_if(*_OPEN)
    def filed(telling: Telling, number: str) -> None:
        file = files.File(title=title, media="text/csv", content=content, kind="glucose-log", dated=telling.now.date())
        telling.by(_owner(telling, number), files.FileDocument(case=number, file=file))

    return filed


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


def answer(form: bytes | None) -> Step:
    """Let a clinic send its answers."""

    @_if("with-clinic", "with-nurse", "with-director")
    def answered(telling: Telling, number: str) -> None:
        if form is not None:
            telling.by(_owner(telling, number), intake.Answer(case=number, response=form))

    return answered


@_if(*_OPEN)
def paper(telling: Telling, number: str) -> None:
    """Let a clinic file a letter."""
    telling.by(_owner(telling, number), files.FileDocument(case=number, file=_letter(telling, number, "letter.pdf")))


@_if("with-nurse", "with-director")
def take(telling: Telling, number: str) -> None:
    """Let a nurse, or the director, take a case."""
    telling.by(NURSE if telling.case(number)["state"] == "with-nurse" else DIRECTOR, queues.Take(case=number))


@_if("with-nurse", "with-clinic")
def ask(telling: Telling, number: str) -> None:
    """Let a nurse ask what the last run asks."""
    if any(made.questions for made in telling.last(number)):
        telling.by(NURSE, notices.AskClinic(case=number, why="Please answer what is still open."))


@_if("with-clinic", "waiting", "with-nurse")
def route(telling: Telling, number: str) -> None:
    """Let a nurse route a case to the director."""
    telling.by("noel", queues.RouteToDirector(case=number, why="The criteria do not settle it."))


@_if("with-director")
def approve(telling: Telling, number: str) -> None:
    """Let the director approve."""
    telling.by(DIRECTOR, decisions.Approve(case=number, why="Necessary on the whole record."))


@_if("with-director")
def adverse(telling: Telling, number: str) -> None:
    """Let the director decide adversely, criterion by criterion."""
    reasons = tuple(_reasons(telling, number))
    telling.by(
        DIRECTOR,
        decisions.DecideAdversely(case=number, licence=people.LICENCE, reasons=reasons, why="Criteria are not shown."),
    )


def _reasons(telling: Telling, number: str) -> Iterator[decisions.Reason]:
    for one in telling.last(number)[0].criteria:
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


@_if("with-director")
def settle(telling: Telling, number: str) -> None:
    """Let the director settle the first criterion that is open."""
    for one in telling.last(number)[0].criteria:
        if one.id is not None and one.status in ("unknown", "conflict", "not-met") and one.role == "criterion":
            telling.by(
                DIRECTOR, words.Settle(case=number, criterion=one.id, value=True, why="Shown by the letter on file.")
            )
            return


@_if("with-nurse")
def propose(telling: Telling, number: str) -> None:
    """Let a nurse propose how an open criterion is settled."""
    for one in telling.last(number)[0].criteria:
        if one.id is not None and one.status in ("unknown", "conflict", "not-met") and one.role == "criterion":
            telling.by(NURSE, words.Propose(case=number, criterion=one.id, value=True, why="The letter says so."))
            return


@_if("with-nurse", "with-director")
def call(telling: Telling, number: str) -> None:
    """Let the director record a call."""
    act = calls.RecordCall(
        case=number, held_at=telling.now - timedelta(minutes=20), with_whom="the prescriber", said="She sends a letter."
    )
    telling.by(DIRECTOR, act)


@_if(*_OPEN)
def withdraw(telling: Telling, number: str) -> None:
    """Let a clinic take its request back."""
    telling.by(_owner(telling, number), intake.Withdraw(case=number, why="The member chose another pump."))


@_if("adverse")
def appeal(telling: Telling, number: str) -> None:
    """Let a clinic appeal; the reviewer finds for the member nine days later."""
    found = _appealed(telling, number)
    if found is not None and found.case is not None:
        telling.at(telling.now + 9 * DAY, partial(_overturn, telling, found.case))


def appeal_lately(telling: Telling, number: str) -> None:
    """Let a clinic appeal shortly before the end of what is told, so that the appeal is open then."""
    telling.at(telling.until - 4 * DAY, partial(_appeal_open, telling, number))


@_if("adverse")
def _appeal_open(telling: Telling, number: str) -> None:
    _appealed(telling, number)


def _appealed(telling: Telling, number: str) -> Done | None:
    file = _letter(telling, number, "appeal.pdf")
    act = again.Appeal(case=number, filed_by="prescriber", files=(file,), why="The new letter tells more.")
    return telling.by(_owner(telling, number), act)


@_if("with-director")
def _overturn(telling: Telling, number: str) -> None:
    telling.by(APPEALS, decisions.Approve(case=number, why="The letter shows what was missing."))


def close(place: int) -> Step:
    """Let a nurse close a case: filed in error, or of a member who is not ours."""

    @_if(*_OPEN)
    def closed(telling: Telling, number: str) -> None:
        why = "Filed twice by the portal." if place % 2 else "The member is of another plan since June."
        act = intake.CloseInError if place % 2 else intake.CloseNotOurs
        telling.by(NURSE, act(case=number, why=why))

    return closed


@_if("with-nurse")
def take_second(telling: Telling, number: str) -> None:
    """Let the other nurse take a case."""
    telling.by("noel", queues.Take(case=number))


@_if("with-nurse")
def note(telling: Telling, number: str) -> None:
    """Let a nurse write down what she saw."""
    telling.by(NURSE, calls.Note(case=number, said="The log and the letter differ; I have asked the clinic by phone."))


@_if("with-nurse", "with-director")
def offer(telling: Telling, number: str) -> None:
    """Offer times for a call, on the two days after the last one told."""
    times = tuple(telling.until + days * DAY + timedelta(hours=hour) for days in (1, 2) for hour in (15, 18))
    telling.by(DIRECTOR, peer.OfferCall(case=number, times=times))


@_if("adverse")
def tell_adverse(telling: Telling, number: str) -> None:
    """Let the letter about a decision be made, checked by another, and sent."""
    more = {"call_by": (telling.now + 14 * DAY).isoformat(), "relies": ["130 CMR 450.204"]}
    made = notices.MakeNotice(case=number, kind="adverse", mailed=telling.now.date(), copies=("prescriber",), more=more)
    found = telling.by(DIRECTOR, made)
    if found is not None:
        telling.by("noel", notices.CheckNotice(case=number, notice=found.more["notice"]))
        sent = notices.RecordMailing(case=number, notice=found.more["notice"], channel="post", handed_at=telling.now)
        telling.by("noel", sent)
