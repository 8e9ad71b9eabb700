"""A worker of the outbox with its ways to subscribers, in a process of its own: ``python -m ... URL TENANT``."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from priorauth.exchange.subscriptions import notify
from priorauth.ledger.store import connect
from priorauth.server import logs, loops, metrics
from priorauth.server.service import Service
from tests.ledger.delivering import waiting
from tests.ledger.house import NOW

ROOT = Path(__file__).parents[3]


def worker(url: str, tenant: str) -> subprocess.Popen[bytes]:
    """Start a worker that delivers until nothing waits."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return subprocess.Popen([sys.executable, "-m", __name__, url, tenant], cwd=ROOT, env=environment)


def _main(url: str, tenant: str) -> None:
    def clock() -> datetime:
        return NOW + timedelta(hours=1)

    store = connect(url)
    stores = {tenant: store}
    log = logs.logger(io.StringIO(), clock)
    service = Service(stores, clock, log, metrics.Metrics(stores, clock), open=True, ways=notify.ways())
    while waiting(store, tenant):
        loops.WORKERS[1].round(service)
        time.sleep(0.02)
    store.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
