"""A worker of the outbox in a process of its own (``python -m tests.ledger.delivering URL TENANT``), and a receiver
on the web that keeps what it is sent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, select, text

from priorauth.ledger import tables as t
from priorauth.ledger.outbox import work_off
from priorauth.ledger.receivers import IDENTIFIED, SIGNED, of_tenant, signature
from priorauth.ledger.store import Store, connect
from tests.ledger.house import NOW
from tests.listening import answering

ROOT: Final = Path(__file__).parents[2]
SECRET: Final = "PRIORAUTH_WEBHOOK_TEST"  # noqa: S105 - the name of a variable
WORD: Final = b"not a real secret"


def wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge: a process that works reads the clock of the machine


class Receiver(ThreadingHTTPServer):
    """Keeps each message that is sent, in the order it came; refuses the first attempts of some."""

    daemon_threads = True

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seconds = seconds
        self.came: list[dict[str, Any]] = []
        self.refuse: set[str] = set()
        self.wrong: list[str] = []
        self.inside: dict[str, int] = {}
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def first(self) -> list[dict[str, Any]]:
        """Return what a receiver keeps that honours ids: the first of each."""
        kept: dict[str, dict[str, Any]] = {}
        for one in self.came:
            kept.setdefault(one["id"], one)
        return list(kept.values())


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        named = self.headers[IDENTIFIED]
        said = json.loads(body)
        receiver = said["payload"].get("receiver", "*")
        with self.server.lock:
            self.server.inside[receiver] = self.server.inside.get(receiver, 0) + 1
            if self.server.inside[receiver] > 1:
                self.server.wrong.append(f"two at once for {receiver}")
            if self.headers[SIGNED] != signature(WORD, named, body) or said["id"] != named:
                self.server.wrong.append(f"{named}: the signature")
        time.sleep(self.server.seconds)
        with self.server.lock:
            self.server.inside[receiver] -= 1
            refused = named in self.server.refuse
            self.server.refuse.discard(named)
            if not refused:
                self.server.came.append(said)
        try:
            self.send_response(503 if refused else 204)
            self.end_headers()
        except OSError:  # the worker was killed while it waited
            return

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def receiver(seconds: float = 0.0) -> Iterator[Receiver]:
    server = Receiver(seconds)
    with answering(server):
        yield server


def put(store: Store, tenant: str, receivers: int, each: int) -> list[str]:
    """Put messages out, those of several receivers among each other; return their ids."""
    with store.writing(tenant) as connection:
        for number in range(each):
            for one in range(receivers):
                name = f"organisation:{one}"
                payload = {"receiver": name, "count": number}
                row = {"tenant": tenant, "receiver": name, "kind": "told", "at": NOW, "next_at": NOW}
                connection.execute(insert(t.outbox), {**row, "payload": payload})
        query = select(t.outbox.c.number).where(t.outbox.c.tenant == tenant).order_by(t.outbox.c.number)
        return [f"{tenant}-{number}" for number in connection.execute(query).scalars()]


def waiting(store: Store, tenant: str) -> int:
    with store.reading(tenant) as connection:
        query = select(func.count()).where(t.outbox.c.tenant == tenant, text(t.WAITING))
        return int(connection.execute(query).scalar_one())


def worker(url: str, tenant: str) -> subprocess.Popen[bytes]:
    """Start a worker that delivers until nothing waits."""
    environment = {**os.environ, SECRET: WORD.decode(), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return subprocess.Popen([sys.executable, "-m", "tests.ledger.delivering", url, tenant], cwd=ROOT, env=environment)


def _main(url: str, tenant: str) -> None:
    store = connect(url)
    while waiting(store, tenant):
        work_off(store, tenant, of_tenant(store, tenant, os.environ), wall)
        time.sleep(0.02)
    store.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
