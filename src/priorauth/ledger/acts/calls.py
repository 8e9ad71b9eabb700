"""Acts beside the decision: a call between clinicians, a note among colleagues, and that somebody opened something."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from priorauth.ledger import tables as t
from priorauth.ledger.acts import peer
from priorauth.ledger.work import CaseAct, Refusal, Work, handles

MOST_SAID: Final = 4_000
"""How many characters a note may have."""


class RecordCall(CaseAct, frozen=True, kw_only=True):
    """Record a call: when, with whom, what was added. A call reopens nothing by itself."""

    name: ClassVar[str] = "record-call"
    held_at: datetime
    with_whom: str
    said: str


class Note(CaseAct, frozen=True, kw_only=True):
    """Note something on a case for those of the payer who work on it; a clinic never sees it, and no run reads it."""

    name: ClassVar[str] = "note"
    said: str


class Read(CaseAct, frozen=True, kw_only=True):
    """Record that somebody opened clinical content: the case, a document, a run."""

    name: ClassVar[str] = "read"
    what: str


@handles(RecordCall)
def _record_call(act: RecordCall, work: Work) -> None:
    if not act.said.strip() or not act.with_whom.strip():
        raise Refusal("invalid", "expected with whom, and what was said")
    if act.held_at > work.now:
        raise Refusal("invalid", "expected a call that was held")
    number = work.next_number(t.call)
    work.write(
        t.call,
        case_no=work.case_no,
        number=number,
        at=work.now,
        held_at=act.held_at,
        person=work.who.person or "",
        with_whom=act.with_whom,
        said=act.said,
    )
    peer.over(work)
    work.event("called", act.why, call=number)


@handles(Note)
def _note(act: Note, work: Work) -> None:
    said = act.said.strip()
    if not said:
        raise Refusal("invalid", "expected what is to be noted")
    if len(said) > MOST_SAID:
        raise Refusal("invalid", f"expected at most {MOST_SAID:,} characters, found {len(said):,}")
    work.event("noted", said)


@handles(Read)
def _read(act: Read, work: Work) -> None:
    work.event("read", act.why, of=act.what)
