"""What Prometheus may read: how many acts of which kind, how long answers take, how long the queues are. No names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from priorauth.ledger import parts, unread
from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from priorauth.server.crew import SHARED

_LATELY: Final = timedelta(days=1)
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counts of one server; those of the queues are read from the ledger when they are asked for."""

    def __init__(self, stores: Mapping[str, Store], clock: Callable[[], datetime]) -> None:
        """Begin at nothing."""
        self.registry: Final = CollectorRegistry()
        self.acts: Final = Counter(
            "priorauth_acts", "Acts by what became of them", ("act", "result"), registry=self.registry
        )
        self.answers: Final = Histogram(
            "priorauth_request_seconds",
            "How long answers take",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.worked: Final = Counter(
            "priorauth_worked", "Rounds of a worker by how they ended", ("worker", "result"), registry=self.registry
        )
        self.papers: Final = Counter(
            "priorauth_documents", "Documents by what became of their reading", ("result",), registry=self.registry
        )
        self.paper_seconds: Final = Histogram(
            "priorauth_document_seconds", "How long reading a document takes", buckets=_SECONDS, registry=self.registry
        )
        self.queues: Final = _Queues(stores, clock)
        self.registry.register(self.queues)

    def text(self) -> bytes:
        """Return everything in Prometheus' own format; of several processes the sums."""
        if not os.environ.get(SHARED):
            return generate_latest(self.registry)
        summed = CollectorRegistry()
        MultiProcessCollector(summed)  # type: ignore[no-untyped-call] # the library's
        summed.register(self.queues)
        return generate_latest(summed)


class _Queues(Collector):
    def __init__(self, stores: Mapping[str, Store], clock: Callable[[], datetime]) -> None:
        self.stores, self.clock = stores, clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield how many cases are open by queue and overdue, what waits or is dead, what is astray."""
        queues: dict[str, int] = {}
        overdue = waiting = dead = astray = papers = 0
        for tenant, store in self.stores.items():
            one, out = t.cases, t.outbox
            opened = (one.c.tenant == tenant, one.c.closed_at.is_(None))
            with store.reading(tenant) as connection:
                for queue, count in connection.execute(
                    select(one.c.queue, func.count()).where(*opened).group_by(one.c.queue)
                ):
                    queues[queue or "none"] = queues.get(queue or "none", 0) + count
                late = select(func.count()).select_from(one).where(*opened, one.c.due_at < self.clock())
                overdue += connection.execute(late).scalar_one()
                astray += parts.astray(connection, tenant)
                papers += unread.count(connection, tenant, self.clock() - _LATELY)
                left = select(func.count()).select_from(out).where(out.c.tenant == tenant, out.c.delivered_at.is_(None))
                waiting += connection.execute(left.where(out.c.dead_at.is_(None))).scalar_one()
                dead += connection.execute(left.where(out.c.dead_at.is_not(None))).scalar_one()
        found = GaugeMetricFamily("priorauth_cases_open", "Open cases by queue", labels=["queue"])
        for queue, count in sorted(queues.items()):
            found.add_metric([queue], count)
        yield found
        yield GaugeMetricFamily("priorauth_cases_overdue", "Open cases whose clock ran out", value=overdue)
        yield GaugeMetricFamily("priorauth_outbox_waiting", "Messages that wait to be delivered", value=waiting)
        yield GaugeMetricFamily("priorauth_outbox_dead", "Messages that were given up", value=dead)

        yield GaugeMetricFamily("priorauth_documents_waiting", "Documents of a day not read yet", value=papers)
        yield GaugeMetricFamily(
            "priorauth_rows_astray", "Rows of months for which PostgreSQL was given no part in time", value=astray
        )

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing: to register reads no database."""
        yield from ()
