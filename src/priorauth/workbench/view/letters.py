"""Letters as pages show them: looked at before they are made, the list of those made, what each must hold and holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import select

from priorauth.errors import PriorAuthError
from priorauth.ledger import lettering
from priorauth.ledger import tables as t
from priorauth.ledger.acts import notices
from priorauth.ledger.acts.notices import MakeNotice
from priorauth.ledger.whole import Notice, Whole
from priorauth.ledger.work import CLINIC, Refusal, look
from priorauth.letters import elements, rights
from priorauth.letters import make as letters
from priorauth.letters.facts import Facts, Sender
from priorauth.letters.lines import Owed, owed
from priorauth.server import reads
from priorauth.workbench.visit import Visit

FRAMED: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""What a letter may do in the frame of a page: be seen, and nothing else."""
_CALLS: Final = ("peer-48", "conference")
"""Elements of an adverse letter that a law of a state asks for about calls."""
_APPEALED: Final = ("adverse", "appeal-decision", "missed-clock")


class Looked(Struct, frozen=True, kw_only=True):
    """A letter looked at before it is made: its page, or why it cannot be made, each with its place."""

    html: str = ""
    tasks: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class Element(Struct, frozen=True):
    """An element that a letter must hold, where that is written, and what the letter has of it."""

    says: str
    cite: str
    text: str


class Letter(Struct, frozen=True, kw_only=True):
    """A letter that was made. ``status``: made, checked, sent, replaced. ``until``: the last day to appeal in it."""

    notice: Notice
    status: str
    by: str
    mailed_for: date | None = None
    channel: str = ""
    until: date | None = None
    replaced_by: int | None = None


def looked(visit: Visit, act: MakeNotice, planned: lettering.Planned | None = None) -> Looked:
    """Return a letter as it would be; nothing is kept and nothing is printed."""
    try:
        with look(visit.store, act, visit.who, visit.now) as work:
            facts = notices.facts_of(act, work, planned)
        found = letters.look(facts)
    except Refusal as refusal:
        return Looked(against=(refusal.refused.reason,))
    except PriorAuthError as fault:
        return Looked(against=tuple(_plain(one) for one in fault.faults))
    return Looked(html=found.html, tasks=found.tasks, unverified=found.unverified)


def _plain(fault: Any) -> str:  # noqa: ANN401 - a fault of whatever error
    """Return a fault as a sentence: its place in the letter, and what was expected."""
    place = str(fault.place or "").removeprefix("says.").removeprefix("sender.").replace("_", " ")
    return f"{place}: {fault.message}" if place else str(fault.message)


def office(visit: Visit, payer: str | None) -> Sender | None:
    """Return the office that writes the letters of a payer; None where none is set up, or not as it has to be."""
    found = visit.plan["settings"].get("letters", {}).get(payer or "")
    try:
        return None if found is None else msgspec.convert(found, Sender)
    except msgspec.ValidationError:
        return None


def owes(sender: Sender | None) -> Owed | None:
    """Return what an office's line of business owes its members in a letter."""
    return None if sender is None else owed(sender.line, sender.state)


def asks(sender: Sender | None, kind: str) -> frozenset[str]:
    """Return the elements that the letters of an office must hold, whatever is decided."""
    if sender is None or kind not in elements.table():
        return frozenset()
    return frozenset(
        one.id
        for one in elements.table()[kind]  # type: ignore[index]  # a kind of letter, as was seen
        if (not one.lines or sender.line in one.lines) and (not one.states or sender.state in one.states)
    )


def window(sender: Sender | None) -> tuple[str, ...]:
    """Return what a law of a state asks of the call between clinicians, where its letters have to offer one."""
    if sender is None:
        return ()
    return tuple(
        f"The law asks for {one.says} ({one.cite})."
        for one in elements.table()["adverse"]
        if one.id in _CALLS and sender.line in one.lines and sender.state in one.states
    )


def kinds(whole: Whole, *, missed: bool) -> tuple[str, ...]:
    """Return the kinds of letters that there is something to tell in; ``missed``: a clock ran out."""
    decided = {one.kind for one in whole.decisions}
    happened = {one.what for one in whole.events}
    appeal = whole.head.kind == "appeal"
    asked = "asked" in happened and whole.head.closed_at is None
    wanted = {
        "approval": bool(whole.approvals) and not appeal,
        "adverse": bool(decided & {"adverse", "part"}) and not appeal,
        "appeal-received": appeal,
        "appeal-decision": appeal and bool(decided & {"adverse", "part", "approve"}),
        "information": asked and not appeal,
        "appeal-information": asked and appeal,
        "extension": "extended" in happened and whole.head.closed_at is None,
        "missed-clock": missed or "by-law" in decided,
        "peer-call": "at" in (whole.head.about.get("call") or {}),
    }
    return tuple(kind for kind, there in wanted.items() if there)


def clinicians(visit: Visit) -> tuple[dict[str, Any], ...]:
    """Return the licensed clinicians of the payer whom a letter may name, as letters have them, and in words."""
    tenant, day = visit.session.tenant, day_of(visit.now, visit)
    one, she, held = t.licence.c, t.person.c, t.role.c
    query = (
        select(she.person, she.name, one.licence, one.kind, one.state, one.specialty, one.valid_until)
        .join(t.licence, (one.tenant == she.tenant) & (one.person == she.person))
        .join(t.role, (held.tenant == she.tenant) & (held.person == she.person))
        .where(
            she.tenant == tenant,
            she.active,
            held.role.in_(("director", "appeals")),
            held.valid_from <= day,
            (held.valid_until.is_(None)) | (held.valid_until >= day),
            one.valid_from <= day,
            one.valid_until >= day,
        )
        .distinct()
        .order_by(she.name, one.licence)
    )
    with visit.store.reading(tenant) as connection:
        rows = connection.execute(query).all()
    return tuple(
        {
            "key": f"{row.person} {row.licence}",
            "says": f"{row.name}, {row.kind}, {row.specialty}",
            "name": row.name,
            "credential": row.kind,
            "specialty": row.specialty,
            "licence": {
                "kind": row.kind,
                "state": row.state,
                "number": row.licence,
                "until": row.valid_until.isoformat(),
            },
            "at": visit.now.astimezone(visit.zone).isoformat(),
        }
        for row in rows
    )


def listed(visit: Visit, whole: Whole, names: Mapping[str, str]) -> tuple[Letter, ...]:
    """Return the letters of a case, the newest first; to a clinic only what the ledger shows it."""
    status = _status(visit, whole)
    replaced = {one.replaces: one.number for one in whole.notices if one.replaces}
    return tuple(_letter(visit, whole, one, status, replaced, names) for one in reversed(whole.notices))


def _letter(  # noqa: PLR0913, PLR0917 - what stands beside a letter
    visit: Visit,
    whole: Whole,
    one: Notice,
    status: Mapping[int, str],
    replaced: Mapping[int, int],
    names: Mapping[str, str],
) -> Letter:
    clinic = visit.role in CLINIC
    facts = None if clinic else facts_of(visit, whole.head.case_no, one.number)
    appealed = facts is not None and one.kind in _APPEALED
    return Letter(
        notice=one,
        status="sent" if clinic else status.get(one.number, "made"),
        by=names.get(one.made_by or "", "") if not clinic else "",
        mailed_for=facts.mailing.on if facts else None,
        channel=facts.mailing.channel if facts else "",
        until=rights.of(facts).last if facts and appealed else None,
        replaced_by=replaced.get(one.number),
    )


def _status(visit: Visit, whole: Whole) -> dict[int, str]:
    one = t.notice_state.c
    query = select(one.notice, one.status).where(one.tenant == visit.session.tenant, one.case_no == whole.head.case_no)
    with visit.store.reading(visit.session.tenant) as connection:
        return {row.notice: row.status for row in connection.execute(query)}


def facts_of(visit: Visit, case: str, number: int) -> Facts:
    """Return what a letter was made from."""
    one = t.notice.c
    query = select(one.facts).where(one.tenant == visit.session.tenant, one.case_no == case, one.number == number)
    with visit.store.reading(visit.session.tenant) as connection:
        return msgspec.json.decode(connection.execute(query).scalar_one(), type=Facts)


def html(visit: Visit, notice: Notice) -> str:
    """Return the page of a letter."""
    return reads.content(visit.store, visit.who, notice.html).decode()


def checklist(text: str, facts: Facts) -> Iterator[Element]:
    """Yield each element that a letter must hold, with what it says there."""
    held = elements.held(text)
    for one in elements.required(facts):
        said = next((found for found in held.get(one.id, ()) if found), "")
        yield Element(one.says, one.cite, said)


def day_of(at: datetime, visit: Visit) -> date:
    """Return the day of a moment in the plan's zone."""
    return at.astimezone(visit.zone).date()
