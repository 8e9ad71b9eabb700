"""An act: may this person do it, is this the version she saw, then write, seal an event, and put out what leaves.

One transaction, whole or not at all. What may not be done is a value with its reason, never an exception; the same key
gives the first answer again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final

from msgspec import to_builtins
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from priorauth.errors import InputRefused
from priorauth.ledger import events, faults, statements
from priorauth.ledger import tables as t
from priorauth.ledger.acting import CLINIC, MOST_BYTES, Act, CaseAct, Code, Done, Refusal, Refused, Work
from priorauth.ledger.allowed import rights, states
from priorauth.ledger.columns import canonical, written
from priorauth.ledger.conditions import CONDITIONS, holds
from priorauth.ledger.events import Json, Who
from priorauth.ledger.guards import REFUSED
from priorauth.ledger.store import Store, plain

__all__ = [
    "CLINIC", "HANDLERS", "MOST_BYTES", "QUIET", "Act", "CaseAct", "Code", "Done", "Handler", "Refusal", "Refused",
    "Work", "asked", "go", "handles", "holds", "look", "move", "perform", "since", "tenant_chain",
]  # fmt: skip

_TRIES: Final = 5
QUIET: Final = frozenset({"read"})
"""Acts that are recorded and change nothing, so that nobody's page is out of date for them."""

Handler = Callable[[Any, Work], None]
HANDLERS: Final[dict[type[Act], tuple[str, Handler]]] = {}
"""By act: its name in the tables of rights and states, and what does it."""


def handles(act: type[Act]) -> Callable[[Handler], Handler]:
    """Register what does an act."""

    def made(handler: Handler) -> Handler:
        HANDLERS[act] = (act.name, handler)
        return handler

    return made


def perform(store: Store, act: Act, who: Who, now: datetime) -> Done | Refused:
    """Do an act in one transaction, or refuse it; nothing is left of one that is refused.

    ``now`` is the moment at which it is done, with a zone. A fault of the database (a connection that broke while the
    act was being committed, a full disk) gives the code ``not-known``: repeat it with the same key.
    """
    now = now.astimezone(UTC)
    if naive := _naive(act):
        return Refused(code="invalid", reason=f"{naive}: expected a moment with a zone")
    for _ in range(_TRIES):
        found = _tried(store, act, who, now)
        if found is not None:
            return found
    return Refused(code="not-known", reason="the database is busy; repeat the act with the same key")


def _tried(store: Store, act: Act, who: Who, now: datetime) -> Done | Refused | None:
    """Do an act once; None where the database asks for it to be tried again and nothing was left."""
    try:
        with store.writing(who.tenant) as connection:
            return _once(connection, act, who, now)
    except Refusal as refusal:
        return refusal.refused
    except InputRefused as fault:
        return Refused(code="invalid", reason=str(fault))
    except OverflowError:
        return Refused(code="invalid", reason="a number is too large to be kept")
    except SQLAlchemyError as fault:
        return _said(store, act, who, fault)


@contextmanager
def look(store: Store, act: CaseAct, who: Who, now: datetime) -> Iterator[Work]:
    """Return an act as it would begin now, to see what it needs; nothing can be written. Raises Refusal."""
    with store.reading(who.tenant) as connection:
        yield _opened(connection, act, who, now.astimezone(UTC), lock=False)


def _naive(act: Act) -> str | None:
    """Return the field of an act that is a moment without a zone; None where there is none."""
    for name in act.__struct_fields__:
        value = getattr(act, name)
        if isinstance(value, datetime) and value.tzinfo is None:
            return name
    return None


def _said(store: Store, act: Act, who: Who, fault: SQLAlchemyError) -> Done | Refused | None:
    """Return what a database's refusal means; None where the act may be tried again."""
    if isinstance(fault, DBAPIError) and REFUSED in (said := plain(fault)):
        return Refused(code="refused", reason=said.partition(REFUSED)[2].strip())
    if isinstance(fault, IntegrityError):
        if act.key is not None and "idempotency" in str(fault.orig):
            return _first_answer(store, act, who)
        return Refused(code="refused", reason=f"the database refused it: {plain(fault).partition('DETAIL')[0]}")
    means = faults.meant(fault)
    return None if means.again else Refused(code=means.code, reason=means.reason)


def _first_answer(store: Store, act: Act, who: Who) -> Done | Refused | None:
    """Return the answer of the same act, which ran beside this one and was first."""
    try:
        with store.reading(who.tenant) as connection:
            return _before(connection, act, who)
    except Refusal as refusal:
        return refusal.refused
    except SQLAlchemyError as fault:
        return Refused(code="not-known", reason=faults.meant(fault).reason)


def _once(connection: Connection, act: Act, who: Who, now: datetime) -> Done:
    if found := _before(connection, act, who):
        return found
    name, handler = HANDLERS[type(act)]
    work = _opened(connection, act, who, now)
    if isinstance(act, CaseAct) and (found := _before(connection, act, who)):  # the same act held the case until now
        return found
    _may(work, name, act)
    if isinstance(act, CaseAct):
        _fresh(work, act)
        work.state = states().after(name, work.case["state"])
        if work.state is None:
            said = states().states[work.case["state"]].says
            raise Refusal("state", f"{name} cannot be done: case {act.case}: {said}")
        if name not in QUIET:
            work.set_case(version=work.version + 1)
    handler(act, work)
    if work.waiting:
        raise AssertionError(f"{name} left rows without an event")
    work.tell()
    done = work.answered or Done(
        case=work.case["case_no"] or None,
        state=work.case.get("state"),
        version=work.case.get("version"),
        more=work.more,
    )
    if act.key is not None:
        work.write(t.idempotency, key=act.key, act=name, asked=asked(act, who), at=now, answer=to_builtins(done))
    work.pending.send()
    return done


def asked(act: Act, who: Who) -> str:
    """Return the hash of what an act asks for, and of who asks: a key gives nobody another's answer."""
    plainly = to_builtins(act, builtin_types=(datetime,), str_keys=True)
    return hashlib.sha256(canonical([plainly, who._asdict()])).hexdigest()


def _before(connection: Connection, act: Act, who: Who) -> Done | None:
    """Return the answer that an act with this key was given; refuses the key where it was for something else."""
    if act.key is None:
        return None
    found = connection.execute(*statements.chosen(who.tenant, t.idempotency, {"key": act.key})).first()
    if found is None:
        return None
    if found.asked != asked(act, who):
        raise Refusal("key", "this key was used for another act")
    answer = dict(found.answer)
    answer.pop("result", None)
    return Done(**answer)


def _opened(connection: Connection, act: Act, who: Who, now: datetime, *, lock: bool = True) -> Work:
    """Lock what the act is on; an act on no case is on the tenant."""
    row = connection.execute(*statements.chosen(who.tenant, t.tenant, {})).mappings().first()
    found = None if row is None else dict(row)
    if found is None and act.name == "set-up" and who.role == "system":
        found = {"tenant": who.tenant, "zone": "UTC", "settings": {}}
    if found is None:
        raise Refusal("not-found", f"no tenant is named {who.tenant[:64]}")
    if not isinstance(act, CaseAct):
        nowhere = {"case_no": events.NO_CASE, "received": events.NO_DAY, "version": 0}
        return Work(connection, who, now, found, nowhere, events.Chain(0, events.FIRST))
    one = t.cases
    mine = select(one).where(one.c.tenant == who.tenant, one.c.case_no == act.case)
    mine_row = connection.execute(mine.with_for_update() if lock else mine).mappings().first()
    if mine_row is None:
        raise Refusal("not-found", f"no case {act.case[:32]}")
    end = events.Chain(mine_row["events"], mine_row["head"])
    last = _last_moment(connection, who.tenant, act.case, mine_row["received"])
    return Work(connection, who, max(now, last), dict(found), dict(mine_row), end, version=mine_row["version"])


def _last_moment(connection: Connection, tenant: str, case_no: str, received: date) -> datetime:
    """Return the moment of the last event, behind which no later one may fall, whatever a clock says."""
    one = t.event
    its = (one.c.tenant == tenant, one.c.case_no == case_no, one.c.received == received)
    query = select(one.c.at).where(*its).order_by(one.c.number.desc()).limit(1)
    found: datetime | None = connection.execute(query).scalar()
    return found or datetime.min.replace(tzinfo=UTC)


def tenant_chain(work: Work) -> None:
    """Take up the chain of the tenant, for an act on no case; whoever else would write to it waits."""
    one = t.tenant
    work.connection.execute(select(one.c.tenant).where(one.c.tenant == work.who.tenant).with_for_update())
    work.end = events.chain(work.connection, work.who.tenant, events.NO_CASE)
    work.now = max(work.now, _last_moment(work.connection, work.who.tenant, events.NO_CASE, events.NO_DAY))


def _may(work: Work, name: str, act: Act) -> None:
    """Refuse what the role may not do, and what a condition forbids; another clinic's case is not there for her."""
    who, allowed = work.who, rights().rights.get(name, {})
    conditions = allowed.get(who.role)
    if who.role in CLINIC and isinstance(act, CaseAct) and work.case["organisation"] != who.organisation:
        raise Refusal("not-found", f"no case {act.case[:32]}")
    if conditions is None:
        could = ", ".join(sorted(allowed)) or "nobody"
        raise Refusal("no-right", f"{name}: not for the role {who.role}; it is for: {could}")
    if who.person is not None and not holds(work, who.person, who.role):
        raise Refusal("no-right", f"{name}: {who.person} does not hold the role {who.role} today")
    of = work.case.get("organisation")
    if who.behalf and isinstance(act, CaseAct) and of not in (None, who.behalf):
        raise Refusal("no-right", f"{name}: case {act.case} is of {of}, not of {who.behalf[:64]}")
    for condition in conditions:
        if said := CONDITIONS[condition](work):
            raise Refusal("no-right", f"{name}: {said}")


def _fresh(work: Work, act: CaseAct) -> None:
    """Refuse an act on an older version, with what has happened since."""
    if act.version is None or act.version == work.version:
        return
    if act.version > work.version:
        raise Refusal("invalid", f"case {act.case} has no version {act.version}; it has {work.version}")
    raise Refusal(
        "stale", f"case {act.case} has changed", tuple(since(work.connection, work.who.tenant, act.case, act.version))
    )


def since(connection: Connection, tenant: str, case_no: str, version: int) -> Iterator[Json]:
    """Yield what happened to a case after a version: when, what, in which role, and what is said of it."""
    one = t.event
    query = (
        select(one.c.at, one.c.what, one.c.role, one.c.to_version, one.c.data)
        .where(one.c.tenant == tenant, one.c.case_no == case_no, one.c.to_version > version)
        .order_by(one.c.number)
    )
    for row in connection.execute(query):
        yield {
            "at": written(row.at),
            "what": row.what,
            "role": row.role,
            "version": row.to_version,
            "say": row.data["say"],
        }


def go(work: Work) -> None:
    """Put the case into the state that the table has for the act."""
    if work.state is not None:
        move(work, work.state)


def move(work: Work, state: str) -> None:
    """Put the case into a state and its queue; out of its owner's hands where that is another queue."""
    found = states().states[state]
    queue = "appeals" if found.queue == "director" and work.case.get("kind") == "appeal" else found.queue
    left = {} if queue == work.case.get("queue") else {"owner": None, "snoozed_until": None}
    gone = {"due_at": None, "due_rule": None, "climbs_at": None}
    closed = {"closed_at": None} if found.open else {"closed_at": work.now, **gone}
    work.set_case(state=state, queue=queue, **left, **closed)
