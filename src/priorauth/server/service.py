"""A running service: the ledgers it serves, the clock it reads, and the one way by which it does anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from typing import Final, TypeVar

from sqlalchemy.exc import DataError, DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from priorauth.ledger import acts  # noqa: F401 - what does the acts
from priorauth.ledger.events import Who
from priorauth.ledger.outbox import Message
from priorauth.ledger.store import Store
from priorauth.ledger.work import HANDLERS, Act, Done, Refusal, Refused, perform
from priorauth.server.limits import Buckets, Refuse
from priorauth.server.logs import Log
from priorauth.server.metrics import Metrics
from priorauth.server.problem import Problem

RATE: Final = 50.0
BURST: Final = 200.0
"""How often a token may ask: so often a second, and so often at once."""


Kind = TypeVar("Kind")
Way = Callable[["Service", Store, Mapping[str, object], Message], None]
"""Delivers a message of a tenant with these settings, or raises NotDelivered."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Something that is done again and again: what, and how many seconds after it was done.

    ``each``: every process of a server does it for itself; else the first one does it for all. ``patience``: how many
    seconds a round may take longer than others.
    """

    name: str
    seconds: float
    round: Callable[[Service], None]
    each: bool = False
    patience: float = 0.0


@dataclass(slots=True)
class Service:
    """What serves: by tenant its ledger.

    ``open``: nobody is asked for a token. ``beats``: when a round of each worker last ended. ``lacking``: by database
    the parts that could not be made, as they were last said.
    """

    stores: Mapping[str, Store]
    clock: Callable[[], datetime]
    log: Log
    metrics: Metrics
    open: bool = False
    workers: bool = True
    first: bool = True
    """Whether this process does what comes with time, of several that serve the same."""
    buckets: Buckets = field(default_factory=lambda: Buckets(RATE, BURST))
    beats: dict[str, float] = field(default_factory=dict)
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tick: Callable[[], float] = perf_counter
    ways: dict[str, Way] = field(default_factory=dict)
    """By kind of receiver (what stands before the colon) what delivers to it; others go as the settings list them."""
    rounds: list[Worker] = field(default_factory=list)
    """What the rooms above do again and again while the service runs, beside its own."""
    kept: dict[type, object] = field(default_factory=dict)
    """What the rooms above keep while it runs, one of a kind."""

    refuse: Refuse | None = None
    """What says at some addresses, in a shape of their own, that a request is refused before it is read."""

    def one(self, kind: type[Kind]) -> Kind:
        """Return what is kept of a kind; where there is none yet, it is made."""
        found = self.kept.setdefault(kind, kind()) if kind not in self.kept else self.kept[kind]
        assert isinstance(found, kind)  # noqa: S101 - kept by its kind
        return found

    def do(self, act: Act, who: Who) -> Done:
        """Do an act; raises Problem where it is refused."""
        found = done(self.stores[who.tenant], act, who, self.clock())
        result = "done" if isinstance(found, Done) else found.code
        self.metrics.acts.labels(HANDLERS[type(act)][0], result).inc()
        if isinstance(found, Refused):
            raise Problem.of(found)
        return found


def done(store: Store, act: Act, who: Who, now: datetime) -> Done | Refused:
    """Do an act; what a database cannot hold is refused like everything else that cannot be used."""
    try:
        return perform(store, act, who, now)
    except (DataError, OverflowError):
        return Refused(code="invalid", reason="a value is longer or larger than can be kept")
    except (DBAPIError, PoolTimeout):
        return Refused(code="not-known", reason="the database is busy or away; repeat the act with the same key")
    except StatementError:
        return Refused(code="invalid", reason="a value cannot be kept")


@contextmanager
def reading() -> Iterator[None]:
    """Turn what is refused, and what a database cannot do now, into a problem."""
    try:
        yield
    except Refusal as refusal:
        raise Problem.of(refusal.refused) from None
    except (DataError, OverflowError):
        raise Problem("invalid", "a value is longer or larger than can be kept") from None
    except (DBAPIError, PoolTimeout):
        raise Problem("busy", "try again", headers={"Retry-After": "2"}) from None
