"""What an act is, what it leaves or why it is refused, and the act under way as its handler has it in hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, Table, func, insert, select

from priorauth.ledger import events, readings
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import defaults
from priorauth.ledger.events import Json, Who
from priorauth.ledger.store import upsert

MOST_BYTES: Final = 25_000_000
"""How large one document may be."""
CLINIC: Final = frozenset({"coordinator", "prescriber", "supplier"})
Code = Literal["no-right", "not-found", "state", "stale", "invalid", "refused", "key", "not-known"]


class Act(Struct, frozen=True, kw_only=True, tag_field="act", tag=True):
    """Something that somebody does. ``key`` makes it once only; ``version`` is the version of the case that she saw."""

    name: ClassVar[str] = ""
    key: str | None = None


class CaseAct(Act, frozen=True, kw_only=True):
    """An act on a case. ``version`` None: whatever the version is (a program that files what came)."""

    case: str
    version: int | None = None
    why: str | None = None


class Done(Struct, frozen=True, kw_only=True, tag_field="result", tag="done"):
    """What an act left: the case with its state and version, and what the act says beside that."""

    case: str | None = None
    state: str | None = None
    version: int | None = None
    more: dict[str, Any] = {}


class Refused(Struct, frozen=True, kw_only=True, tag_field="result", tag="refused"):
    """Why an act was not done. ``since``: what has happened since the version she saw, where that is the reason."""

    code: Code
    reason: str
    since: tuple[dict[str, Any], ...] = ()


class Refusal(Exception):
    """An act ends here and leaves nothing."""

    def __init__(self, code: Code, reason: str, since: tuple[dict[str, Any], ...] = ()) -> None:
        """Keep the refusal."""
        super().__init__(reason)
        self.refused = Refused(code=code, reason=reason, since=since)


@dataclass(slots=True)
class Work:
    """An act under way: its transaction, who acts and when, the case as it was, and what has been said so far."""

    connection: Connection
    who: Who
    now: datetime
    tenant: Json
    case: Json
    end: events.Chain
    state: str | None = None
    version: int = 0
    waiting: dict[str, dict[tuple[Any, ...], Json]] = field(default_factory=dict)
    more: Json = field(default_factory=dict)
    answered: Done | None = None

    @property
    def case_no(self) -> str:
        """The number of the case."""
        return str(self.case["case_no"])

    @property
    def settings(self) -> Json:
        """The settings of the tenant as they hold today."""
        return readings.held(self.tenant["settings"], self.today())

    def setting(self, name: str) -> int:
        """Return a number of the tenant's settings, else the one that holds where it says nothing."""
        return int(self.settings.get(name, defaults()[name]))

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the plan's days begin and end."""
        return ZoneInfo(self.tenant["zone"])

    def today(self) -> Any:  # noqa: ANN401 - a date
        """Return the day in the plan's zone."""
        return self.now.astimezone(self.zone).date()

    def set(self, table: Table, **row: Any) -> None:  # noqa: ANN401 - values of columns
        """Leave a row of a state table so; columns that are not named stay as they are."""
        key = tuple(row[name] for name in events.key_of(table))
        self.waiting.setdefault(table.name, {}).setdefault(key, {}).update(row)
        if table is t.cases:
            self.case.update(row)

    def set_case(self, **row: Any) -> None:  # noqa: ANN401 - values of columns
        """Leave columns of the case so."""
        self.set(t.cases, case_no=self.case_no, **row)

    def write(self, table: Table, **row: Any) -> None:  # noqa: ANN401 - values of columns
        """Append a row of what happened."""
        self.connection.execute(insert(table), {"tenant": self.who.tenant, **row})

    def event(self, what: str, why: str | None = None, **say: Any) -> None:  # noqa: ANN401 - JSON
        """Seal what has been left so far as one event of the case."""
        data = {"say": say, "set": {name: list(rows.values()) for name, rows in self.waiting.items()}}
        self.waiting = {}
        self.end = events.append(
            self.connection,
            self.who,
            self.case["case_no"],
            self.case["received"],
            end=self.end,
            at=self.now,
            what=what,
            versions=(self.version, self.case["version"]),
            data=data,
            why=why,
        )

    def send(self, receiver: str, kind: str, **payload: Any) -> None:  # noqa: ANN401 - JSON
        """Put something out for a receiver outside; it leaves only where the act is done."""
        row = {
            "tenant": self.who.tenant,
            "receiver": receiver,
            "kind": kind,
            "case_no": self.case_no or None,
            "at": self.now,
            "next_at": self.now,
            "payload": payload,
        }
        self.connection.execute(insert(t.outbox), row)

    def next_number(self, table: Table, **where: Any) -> int:  # noqa: ANN401 - values of columns
        """Return the next number of a table within the case, or within what else is named."""
        column = table.c.number
        query = select(func.max(column)).where(table.c.tenant == self.who.tenant, table.c.case_no == self.case_no)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        return (self.connection.execute(query).scalar() or 0) + 1

    def rows(self, table: Table, **where: Any) -> list[Json]:  # noqa: ANN401 - values of columns
        """Return the rows of a table of this tenant, by its key; of this case, where it has a column for one."""
        query = select(table).where(table.c.tenant == self.who.tenant)
        if "case_no" in table.c and "case_no" not in where:
            query = query.where(table.c.case_no == self.case_no)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        return [dict(row) for row in self.connection.execute(query.order_by(*table.primary_key)).mappings()]

    def keep(self, content: bytes) -> str:
        """Keep bytes once; return their sha256."""
        if len(content) > MOST_BYTES:
            raise Refusal("invalid", f"expected at most {MOST_BYTES:,} bytes, found {len(content):,}")
        sha = hashlib.sha256(content).hexdigest()
        here = select(t.blob.c.size).where(t.blob.c.tenant == self.who.tenant, t.blob.c.sha256 == sha)
        if self.connection.execute(here).first() is None:
            row = {"tenant": self.who.tenant, "sha256": sha, "size": len(content), "bytes": content}
            # another act may be keeping the same bytes at this moment
            self.connection.execute(upsert(self.connection, t.blob).on_conflict_do_nothing(), row)
        return sha

    def content(self, sha: str) -> bytes:
        """Return the bytes of a sha256."""
        query = select(t.blob.c.bytes).where(t.blob.c.tenant == self.who.tenant, t.blob.c.sha256 == sha)
        found: bytes = self.connection.execute(query).scalar_one()
        return found
