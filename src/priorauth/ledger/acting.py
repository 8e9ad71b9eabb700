"""What an act is, what it leaves or why it is refused, and the act under way as its handler has it in hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, Table, select

from priorauth.ledger import events, readings
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import defaults
from priorauth.ledger.events import Json, Who
from priorauth.ledger.pending import Pending

MOST_BYTES: Final = 25_000_000
"""How large one document may be."""
SUBSCRIPTION: Final = "subscription"
"""The kind of receiver that stands for a subscription: ``subscription:NAME``."""
HANDSHAKE: Final = "handshake"
"""The kind of receiver by which an endpoint is asked whether it listens: ``handshake:NAME``."""
CHANGED: Final = "changed"
"""What is put out for a subscription."""
_TOLD: Final = frozenset({"state", "run", "decision", "approval", "approval_end"})
"""What an act leaves of which another system may see the consequence."""
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

    transaction: Connection
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
    left: set[str] = field(default_factory=set)
    """The tables of which the act has left rows; ``state`` where it has moved the case."""
    pending: Pending = field(init=False)

    def __post_init__(self) -> None:
        """Hold back what is written."""
        self.pending = Pending(self.transaction, self.who.tenant)

    @property
    def connection(self) -> Connection:
        """The transaction, with all that was written so far sent to the database: to ask it something."""
        return self.pending.sent()

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
            self.left |= {"state"} if row.get("state", self.case.get("state")) != self.case.get("state") else set()
            self.case.update(row)

    def set_case(self, **row: Any) -> None:  # noqa: ANN401 - values of columns
        """Leave columns of the case so."""
        self.set(t.cases, case_no=self.case_no, **row)

    def write(self, table: Table, **row: Any) -> None:  # noqa: ANN401 - values of columns
        """Append a row of what happened."""
        self.left.add(table.name)
        self.pending.append(table, {"tenant": self.who.tenant, **row})

    def event(self, what: str, why: str | None = None, **say: Any) -> None:  # noqa: ANN401 - JSON
        """Seal what has been left so far as one event of the case."""
        data = {"say": say, "set": {name: list(rows.values()) for name, rows in self.waiting.items()}}
        self.waiting = {}
        row = events.made(
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
        self.end = events.Chain(row["number"], row["hash"])
        self.pending.append(t.event, row)
        self.pending.leave(data["set"])
        if self.case_no:
            self.pending.head(self.case_no, self.end)

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
        self.pending.append(t.outbox, row)

    def tell(self) -> None:
        """Put out for whoever has subscribed that a case may stand otherwise than before, where the act made it so.

        Whether there is something new for him is seen when he is told.
        """
        if self.case_no and self.left & _TOLD:
            for named in self._subscribed():
                self.send(f"{SUBSCRIPTION}:{named}", CHANGED, case=self.case_no)

    def _subscribed(self) -> list[str]:
        """Return the subscriptions for the case's organisation; where it has none, those of the system that sent it."""
        one = t.subscription.c
        organisation, client = self.case.get("organisation"), self.case["about"].get("client")
        if organisation is None and client is None:
            return []
        its = one.organisation == organisation if organisation else (one.organisation == "") & (one.client == client)
        query = select(one.subscription).where(one.tenant == self.who.tenant, its, one.status != "off")
        return list(self.connection.execute(query.order_by(one.made_at, one.subscription)).scalars())

    def next_number(self, table: Table, **where: Any) -> int:  # noqa: ANN401 - values of columns
        """Return the next number of a table within the case, or within what else is named."""
        return self.pending.highest(table, {**self._here(table), **where}) + 1

    def rows(self, table: Table, **where: Any) -> list[Json]:  # noqa: ANN401 - values of columns
        """Return the rows of a table of this tenant, by its key; of this case, where it has a column for one."""
        return self.pending.rows(table, {**({} if "case_no" in where else self._here(table)), **where})

    def _here(self, table: Table) -> Json:
        """Return what rows of this case have; of a large table the part in which they are, too."""
        if "case_no" not in table.c:
            return {}
        parted = {"received": self.case["received"]} if table in t.PARTED else {}
        return {"case_no": self.case_no, **parted}

    def keep(self, content: bytes) -> str:
        """Keep bytes once; return their sha256."""
        if len(content) > MOST_BYTES:
            raise Refusal("invalid", f"expected at most {MOST_BYTES:,} bytes, found {len(content):,}")
        sha = hashlib.sha256(content).hexdigest()
        self.pending.keep(sha, content)
        return sha

    def content(self, sha: str) -> bytes:
        """Return the bytes of a sha256."""
        return self.pending.content(sha)
