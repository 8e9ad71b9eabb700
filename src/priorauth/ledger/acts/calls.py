"""Acts beside the decision: a call between clinicians, and that somebody opened something."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from priorauth.ledger import tables as t
from priorauth.ledger.acts import peer
from priorauth.ledger.work import CaseAct, Refusal, Work, handles


class RecordCall(CaseAct, frozen=True, kw_only=True):
    """Record a call: when, with whom, what was added. A call reopens nothing by itself."""

    name: ClassVar[str] = "record-call"
    held_at: datetime
    with_whom: str
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


@handles(Read)
def _read(act: Read, work: Work) -> None:
    work.event("read", act.why, of=act.what)
