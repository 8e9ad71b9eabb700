"""Acts by which the payer writes: questions to the clinic, letters made, checked, and handed to post."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any, ClassVar, Final, Literal

import msgspec
from msgspec import field

from priorauth.errors import PriorAuthError
from priorauth.ledger import clocking, lettering, runs
from priorauth.ledger import tables as t
from priorauth.ledger.events import Json, Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import CaseAct, Done, Refusal, Refused, Work, go, handles, look, perform
from priorauth.letters import rights
from priorauth.letters.facts import Facts, Mailing, Recipient

Channel = Literal["post", "fax", "portal", "hand"]
_UNSENT: Final = ("information", "appeal-information")
"""Letters that need no second pair of eyes before they go."""


class AskClinic(CaseAct, frozen=True, kw_only=True):
    """Ask the clinic what the last run asks, or some of it by fact; nothing else. ``until``: the day to answer."""

    name: ClassVar[str] = "ask"
    facts: tuple[str, ...] | None = None
    until: dt.datetime | None = None


class MakeNotice(CaseAct, frozen=True, kw_only=True):
    """Make a letter about an item, for a day and a way of mailing. ``more`` is what only a person can say in it.

    Nobody edits a made letter: one that is wrong is replaced (``replaces``) by another that says so.
    """

    name: ClassVar[str] = "make-notice"
    kind: str
    mailed: dt.date
    channel: Channel = "post"
    to: Recipient = "member"
    copies: tuple[Recipient, ...] = ()
    item: int = 1
    replaces: int | None = None
    more: dict[str, Any] = field(default_factory=dict)


class CheckNotice(CaseAct, frozen=True, kw_only=True):
    """Say that a made letter was read and is right; not by who made it."""

    name: ClassVar[str] = "check-notice"
    notice: int


class RecordMailing(CaseAct, frozen=True, kw_only=True):
    """Record that a letter was handed over: when, how, with which proof. The clock of an appeal starts with it."""

    name: ClassVar[str] = "record-mailing"
    notice: int
    channel: Channel
    handed_at: dt.datetime
    proof: str | None = None


@handles(AskClinic)
def _ask(act: AskClinic, work: Work) -> None:
    asked = {one.fact: one for made in runs.determinations_of(work) for one in made.questions}
    if act.facts is not None and (unknown := [fact for fact in act.facts if fact not in asked]):
        raise Refusal("invalid", f"the last run does not ask {unknown[0][:60]}")
    chosen = list(asked if act.facts is None else act.facts)
    if not chosen:
        raise Refusal("invalid", "the last run asks nothing")
    go(work)
    clocking.asked(work, chosen, act.until, act.why)


@handles(MakeNotice)
def _make(act: MakeNotice, work: Work) -> None:
    facts = facts_of(act, work)
    try:
        letter = lettering.made(facts)
    except PriorAuthError as fault:
        raise Refusal("invalid", str(fault)) from None
    number = work.next_number(t.notice)
    decision = next((row["number"] for row in reversed(work.rows(t.decision)) if row["item"] == act.item), None)
    work.write(
        t.notice,
        case_no=work.case_no,
        number=number,
        kind=act.kind,
        at=work.now,
        made_by=work.who.person,
        decision=decision,
        run=work.case["runs"],
        replaces=act.replaces,
        template=letter.template_version,
        html=work.keep(letter.html.encode()),
        pdf=work.keep(letter.pdf),
        facts=msgspec.json.encode(facts),
        to=act.to,
    )
    status = "checked" if act.kind in _UNSENT else "made"
    work.set(t.notice_state, case_no=work.case_no, notice=number, status=status, sent_at=None)
    if act.replaces is not None:
        work.set(t.notice_state, case_no=work.case_no, notice=act.replaces, status="replaced")
    work.more |= {"notice": number, "sha256": letter.sha256, "tasks": letter.tasks, "unverified": letter.unverified}
    work.event("letter made", act.why, notice=number, kind=act.kind, to=act.to, replaces=act.replaces)


def facts_of(act: MakeNotice, work: Work, planned: lettering.Planned | None = None) -> Facts:
    """Return the facts of the letter that an act makes; ``planned``: a decision that is not taken yet."""
    replaced = "" if act.replaces is None else _notice(work, act.replaces)["pdf"] or ""
    return lettering.facts_of(
        work,
        act.kind,
        act.item,
        mailing=Mailing(act.mailed, act.channel),
        to=act.to,
        copies=act.copies,
        more=act.more,
        planned=planned,
        replaces=replaced,
    )


def make_notice(store: Store, act: MakeNotice, who: Who, now: dt.datetime) -> Done | Refused:
    """Make a letter; it is printed before the transaction that keeps it, so that no other act waits for the printer."""
    print_ahead(store, act, who, now)
    return perform(store, act, who, now)


def print_ahead(store: Store, act: MakeNotice, who: Who, now: dt.datetime) -> None:
    """Print a letter that is kept by an act that follows; what is wrong with it is said by that act."""
    with suppress(Refusal, PriorAuthError), look(store, act, who, now) as work:
        lettering.made(facts_of(act, work))


def _notice(work: Work, number: int) -> Json:
    rows = work.rows(t.notice, number=number)
    if not rows:
        raise Refusal("not-found", f"no letter {number}")
    return rows[0]


def _status(work: Work, number: int) -> str:
    return str(work.rows(t.notice_state, notice=number)[0]["status"])


@handles(CheckNotice)
def _check(act: CheckNotice, work: Work) -> None:
    found = _notice(work, act.notice)
    if _status(work, act.notice) != "made":
        raise Refusal("state", f"letter {act.notice} is {_status(work, act.notice)}")
    if found["made_by"] == work.who.person:
        raise Refusal("no-right", "a letter is checked by somebody who did not make it")
    work.set(t.notice_state, case_no=work.case_no, notice=act.notice, status="checked")
    work.event("letter checked", act.why, notice=act.notice)


@handles(RecordMailing)
def _mailed(act: RecordMailing, work: Work) -> None:
    found = _notice(work, act.notice)
    status = _status(work, act.notice)
    if status != "checked":
        raise Refusal("state", f"letter {act.notice} is {status}; expected a checked one")
    if act.handed_at > work.now:
        raise Refusal("invalid", "expected a mailing that was done")
    facts = msgspec.json.decode(found["facts"], type=Facts)
    day = act.handed_at.astimezone(work.zone).date()
    if said := rights.stands(facts, Mailing(day, act.channel)):
        raise Refusal("invalid", said)
    number = work.next_number(t.mailing, notice=act.notice)
    work.write(
        t.mailing,
        case_no=work.case_no,
        notice=act.notice,
        number=number,
        at=work.now,
        channel=act.channel,
        handed_at=act.handed_at,
        proof=act.proof,
        person=work.who.person,
    )
    work.set(t.notice_state, case_no=work.case_no, notice=act.notice, status="sent", sent_at=act.handed_at)
    work.event("letter sent", act.why, notice=act.notice, channel=act.channel)
