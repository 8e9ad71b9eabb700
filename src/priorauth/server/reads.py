"""What programs read of a ledger: any cases page by page, by what is asked of them; a run; the bytes of a document.

Lists by clock and cases whole are read as everybody reads them (:mod:`priorauth.ledger.worklist`,
:mod:`priorauth.ledger.opened`), which is also what a clinic does not see of its own case.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, literal, select, tuple_

from priorauth.decide.determination import Determination
from priorauth.ledger import opened, withheld
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import states
from priorauth.ledger.columns import Moment, canonical
from priorauth.ledger.events import Json, Who
from priorauth.ledger.runs import read_determinations
from priorauth.ledger.store import Store
from priorauth.ledger.whole import Whole
from priorauth.ledger.work import CLINIC
from priorauth.ledger.worklist import Place
from priorauth.server.problem import Problem

MOST: Final = 200
"""How many rows a page has at most."""
QUEUES: Final = ("clinic", "nurse", "director", "appeals")
MINE: Final = "mine"
TO_CONFIRM: Final = "to-confirm"
"""The worklist of cases of which a document proposes what is asked."""
WORKLISTS: Final = (*QUEUES, MINE, TO_CONFIRM)
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LINE: Final = (
    *("kind", "base", "state", "priority", "version", "payer", "policy", "organisation", "received_at", "due_at"),
    *("due_rule", "queue", "owner", "waits_for", "to_confirm", "snoozed_until", "closed_at"),
)
_ITEM: Final = ("item", "product", "quantity", "status", "outcome", "pathway")


class Asked(Struct, frozen=True, kw_only=True):
    """Which cases are asked for; what is None is not asked about."""

    state: str | None = None
    queue: str | None = None
    payer: str | None = None
    policy: str | None = None
    kind: str | None = None
    priority: str | None = None
    owner: str | None = None
    organisation: str | None = None
    open: bool | None = None
    due_before: datetime | None = None
    received_from: date | None = None
    received_until: date | None = None


class Page(Struct, frozen=True):
    """Some rows, and where the next ones begin: None at the end."""

    rows: list[Json]
    next: str | None


def listed(store: Store, who: Who, asked: Asked, *, after: str | None = None, most: int) -> Page:
    """Return a page of cases, the newest first; a clinic's are its own."""
    if who.role not in opened.READERS:
        raise Problem("no-right", f"cases: not for the role {who.role}")
    one = t.cases
    query = select(one).where(*_where(who, asked))
    if after is not None:
        at, case = read_cursor(after)
        query = query.where(
            tuple_(one.c.received_at, one.c.case_no) < tuple_(literal(at, Moment), literal(case, t.CASE))
        )
    query = query.order_by(one.c.received_at.desc(), one.c.case_no.desc()).limit(most + 1)
    with store.reading(who.tenant) as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
        shown = found[:most]
        item = t.item
        query = select(item).where(item.c.tenant == who.tenant, item.c.case_no.in_([row["case_no"] for row in shown]))
        items = [dict(row) for row in connection.execute(query.order_by(item.c.case_no, item.c.item)).mappings()]
    further = cursor(shown[-1]["received_at"], shown[-1]["case_no"]) if len(found) > most else None
    return Page([_line(who, row, items) for row in shown], further)


def _where(who: Who, asked: Asked) -> list[ColumnElement[bool]]:
    one = t.cases
    found: list[ColumnElement[bool]] = [one.c.tenant == who.tenant]
    if who.role in CLINIC:
        found.append(one.c.organisation == (who.organisation or ""))
    names = ("state", "queue", "payer", "policy", "kind", "priority", "owner", "organisation")
    found += [one.c[name] == value for name in names if (value := getattr(asked, name)) is not None]
    if asked.open is not None:
        found.append(one.c.closed_at.is_(None) if asked.open else one.c.closed_at.is_not(None))
    if asked.due_before is not None:
        found.append(one.c.due_at < asked.due_before)
    if asked.received_from is not None:
        found.append(one.c.received >= asked.received_from)
    if asked.received_until is not None:
        found.append(one.c.received <= asked.received_until)
    return found


def _line(who: Who, row: Mapping[str, Any], items: Iterable[Json]) -> Json:
    hidden = ("owner", "snoozed_until") if who.role in CLINIC else ()
    return {
        "case": row["case_no"],
        **{name: None if name in hidden else row[name] for name in _LINE},
        "says": says(row["state"]),
        "items": [{name: one[name] for name in _ITEM} for one in items if one["case_no"] == row["case_no"]],
    }


def says(state: str) -> str:
    """Return what is said of a state."""
    return states().states[state].says


def cursor(at: datetime | None, case: str) -> str:
    """Return where a page ended, as the next one is asked for."""
    return base64.urlsafe_b64encode(canonical([at or _NEVER, case])).decode()


def read_cursor(said: str) -> tuple[datetime, str]:
    """Return where a page begins; raises Problem for what is no cursor."""
    try:
        data = base64.b64decode(said.encode(), altchars=b"-_", validate=True)
        at, case = msgspec.json.decode(data, type=tuple[datetime, str])
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        at, case = datetime.min, ""  # noqa: DTZ901 - it has no zone, and so is no cursor
    if at.tzinfo is None or not case.isprintable():
        raise Problem("invalid", "after: expected what `next` of the page before said")
    return at.astimezone(UTC), case


def place(said: str | None) -> Place | None:
    """Return where a page of a worklist begins."""
    if said is None:
        return None
    at, case = read_cursor(said)
    return Place(None if at == _NEVER else at, case)


def case(store: Store, who: Who, number: str) -> Whole:
    """Return a case as she sees it; raises Problem where there is none of that number, or none of hers."""
    found = opened.read(store, who, number)
    if found is None:
        raise Problem("not-found", f"no case {number}")
    return found


def since(who: Who, rows: Sequence[Json]) -> list[Json]:
    """Return what has happened since a version, as she may hear it."""
    if who.role not in CLINIC:
        return list(rows)
    told = [one for one in rows if one["role"] in CLINIC or one["what"] in withheld.TOLD]
    return [one if one["role"] in CLINIC or one["what"] in withheld.SAID else {**one, "say": {}} for one in told]


def run(store: Store, who: Who, number: str, run: int) -> tuple[Json, list[Determination]]:
    """Return a run that she may see with its determinations; raises Problem where there is none of that number."""
    if run not in {one.number for one in case(store, who, number).runs}:
        raise Problem("not-found", f"case {number} has no run {run}")
    one = t.run
    names = ("number", "at", "cause", "engine", "outcomes", "pins", "sha256", "microseconds", "determinations")
    query = select(*(one.c[name] for name in names)).where(
        one.c.tenant == who.tenant, one.c.case_no == number, one.c.number == run
    )
    with store.reading(who.tenant) as connection:
        row = dict(connection.execute(query).mappings().one())
    return row, read_determinations(row.pop("determinations"))


def content(store: Store, who: Who, sha256: str) -> bytes:
    """Return the bytes that are kept under a sha256."""
    one = t.blob
    with store.reading(who.tenant) as connection:
        query = select(one.c.bytes).where(one.c.tenant == who.tenant, one.c.sha256 == sha256)
        found: bytes = connection.execute(query).scalar_one()
    return found
