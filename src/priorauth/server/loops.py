"""What works without being asked: the sweep of the clocks every minute, the delivery of messages every few seconds, the
reading of papers.

Each round runs beside the loop that answers. A round that fails is said in the log and counted; the next one goes on.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from priorauth.ledger import parts
from priorauth.ledger import tables as t
from priorauth.ledger.outbox import Deliver, Message, work_off
from priorauth.ledger.receivers import route
from priorauth.ledger.store import Store
from priorauth.ledger.sweep import sweep
from priorauth.server import logs, reading
from priorauth.server.service import Service, Worker

SWEEP: Final = "sweep"
OUTBOX: Final = "outbox"
_LATE: Final = 3
"""After so many rounds that did not end, and a minute, a worker is taken for dead."""
_SLACK_SECONDS: Final = 60.0


def _sweep(service: Service) -> None:
    _parts(service)
    for tenant, store in service.stores.items():
        found = sweep(store, tenant, service.clock())
        if found.climbed or found.missed or found.reminded:
            service.log.info(SWEEP, tenant=tenant, climbed=found.climbed, missed=found.missed, reminded=found.reminded)


def _parts(service: Service) -> None:
    """Make the parts of the months to come; what is lacking is said when it changes."""
    for store in {id(one): one for one in service.stores.values()}.values():
        found = parts.ahead(store, service.clock())
        if found.made:
            service.log.info("parts", made=list(found.made))
        if found.lacking and service.lacking.get(store.name) != found.lacking:
            service.log.error("parts", lacking=list(found.lacking))
        service.lacking[store.name] = found.lacking


def _deliver(service: Service) -> None:
    for tenant, store in service.stores.items():
        found = work_off(store, tenant, way(service, store, tenant), service.clock)
        if found.delivered or found.failed:
            service.log.info(OUTBOX, tenant=tenant, delivered=found.delivered, failed=found.failed, dead=found.dead)


def way(service: Service, store: Store, tenant: str) -> Deliver:
    """Return what delivers a message: the way of its kind of receiver, else as the settings of the tenant list it."""
    settings = _settings(store, tenant)
    listed = route(settings, os.environ)

    def deliver(message: Message) -> None:
        own = service.ways.get(message.receiver.partition(":")[0])
        if own is None:
            listed(message)
        else:
            own(service, store, settings, message)

    return deliver


def _settings(store: Store, tenant: str) -> dict[str, object]:
    with store.reading(tenant) as connection:
        found = connection.execute(select(t.tenant.c.settings).where(t.tenant.c.tenant == tenant)).scalar()
    return dict(found or {})


WORKERS: Final = (
    Worker(SWEEP, 60.0, _sweep),
    Worker(OUTBOX, 5.0, _deliver),
    Worker(reading.NAME, reading.SECONDS, reading.once, patience=reading.PATIENCE),
)


def of(service: Service) -> tuple[Worker, ...]:
    """Return the workers of a service that are this process' to do."""
    listed = (*WORKERS, *service.rounds)
    return tuple(one for one in listed if service.first or one.each)


async def work(service: Service, worker: Worker, stop: asyncio.Event) -> None:
    """Work until told to stop; what has begun is finished."""
    while not stop.is_set():
        try:
            await run_in_threadpool(worker.round, service)
            service.metrics.worked.labels(worker.name, "done").inc()
        except Exception as fault:  # noqa: BLE001 - one bad round must not end the worker
            service.metrics.worked.labels(worker.name, "failed").inc()
            logs.fault(service.log, "worker", fault, worker=worker.name)
        service.beats[worker.name] = service.tick()
        try:
            await asyncio.wait_for(stop.wait(), worker.seconds)
        except TimeoutError:
            continue


def dead(service: Service) -> Iterator[str]:
    """Yield the workers of which nothing has been heard for too long."""
    for worker in of(service):
        last = service.beats.get(worker.name)
        if last is None or service.tick() - last > _LATE * worker.seconds + _SLACK_SECONDS + worker.patience:
            yield worker.name
