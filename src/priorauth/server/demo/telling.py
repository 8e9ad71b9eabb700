"""The demo as far as it is told: an agenda of steps, each at its moment, over a ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from sqlalchemy import select

from priorauth.decide.determination import Determination
from priorauth.ledger import tables as t
from priorauth.ledger.events import Json, Who
from priorauth.ledger.runs import read_determinations
from priorauth.ledger.store import Store
from priorauth.ledger.work import Act, CaseAct, Done, Refused, perform
from priorauth.server.demo import people


@dataclass(slots=True)
class Telling:
    """The demo as far as it is told: its ledger, the moment, what is still to come, and what was refused."""

    store: Store
    tenant: str
    until: datetime
    now: datetime
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    placed: int = 0
    done: int = 0
    refused: list[str] = field(default_factory=list)

    def at(self, moment: datetime, step: Callable[[], None]) -> None:
        """Put a step on the agenda, unless its moment is after the end."""
        if moment < self.until:
            self.placed += 1
            heappush(self.agenda, (moment, self.placed, step))

    def tell(self) -> None:
        """Do every step at its moment."""
        while self.agenda:
            self.now, _, step = heappop(self.agenda)
            step()

    def act(self, act: Act, who: Who) -> Done | None:
        """Do an act; None where it is refused."""
        found = perform(self.store, act, who, self.now)
        if isinstance(found, Refused):
            self.refused.append(f"{type(act).__name__}: {found.reason}")
            return None
        self.done += 1
        return found

    def case(self, number: str) -> Json:
        """Return a case as it stands."""
        one = t.cases
        with self.store.reading(self.tenant) as connection:
            query = select(one).where(one.c.tenant == self.tenant, one.c.case_no == number)
            return dict(connection.execute(query).mappings().one())

    def by(self, person: str, act: CaseAct, behalf: str | None = None) -> Done | None:
        """Let somebody of the demo act."""
        return self.act(act, people.who(person, behalf, self.tenant))

    def last(self, number: str) -> list[Determination]:
        """Return what the last run of a case found."""
        one = t.run
        with self.store.reading(self.tenant) as connection:
            query = select(one.c.determinations).where(one.c.tenant == self.tenant, one.c.case_no == number)
            found: bytes = connection.execute(query.order_by(one.c.number.desc()).limit(1)).scalar_one()
        return read_determinations(found)


Step = Callable[[Telling, str], None]
