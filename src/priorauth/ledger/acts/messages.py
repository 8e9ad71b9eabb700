"""Acts on what leaves the house and could not be delivered: send it again, or drop it, with the reason."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import select, update

from priorauth.ledger import tables as t
from priorauth.ledger.events import Json
from priorauth.ledger.work import Act, Refusal, Work, handles, tenant_chain


class RetryMessage(Act, frozen=True, kw_only=True):
    """Send a message again at once: a dead letter, or one that waits; its attempts are counted anew."""

    name: ClassVar[str] = "retry-message"
    number: int
    why: str


class DropMessage(Act, frozen=True, kw_only=True):
    """Drop a message that was not delivered; it is kept, and shown as dropped."""

    name: ClassVar[str] = "drop-message"
    number: int
    why: str


@handles(RetryMessage)
def _retry(act: RetryMessage, work: Work) -> None:
    row = _undelivered(work, act.number, act.why)
    _left(work, row, "message sent again", act.why, attempts=0, next_at=work.now, dead_at=None)


@handles(DropMessage)
def _drop(act: DropMessage, work: Work) -> None:
    row = _undelivered(work, act.number, act.why)
    _left(work, row, "message dropped", act.why, dropped_at=work.now)


def _undelivered(work: Work, number: int, why: str) -> Json:
    """Return the row of a message, locked; refuses where it has left or was dropped."""
    if not why.strip():
        raise Refusal("invalid", "expected why")
    one = t.outbox
    query = select(one).where(one.c.tenant == work.who.tenant, one.c.number == number).with_for_update()
    row = work.connection.execute(query).mappings().first()
    if row is None:
        raise Refusal("not-found", f"no message {number}")
    if row["delivered_at"] is not None:
        raise Refusal("invalid", f"message {number} is delivered")
    if row["dropped_at"] is not None:
        raise Refusal("invalid", f"message {number} is dropped")
    return dict(row)


def _left(work: Work, row: Json, what: str, why: str, **values: Any) -> None:  # noqa: ANN401 - values of columns
    one = t.outbox
    here = (one.c.tenant == work.who.tenant, one.c.number == row["number"])
    work.connection.execute(update(one).where(*here).values(values))
    tenant_chain(work)
    said = {name: row[name] for name in ("number", "receiver", "kind", "case_no", "attempts", "last_fault")}
    work.event(what, why, **said)
