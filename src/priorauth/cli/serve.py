"""``priorauth serve``: serve a ledger to programs, until it is told to end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    import socket

    from priorauth.ledger.store import Store

MOST_PORT: Final = 65_535
MOST_WORKERS: Final = 64


@made(
    "serve",
    "priorauth serve --open --demo 30",
    "priorauth serve --db postgresql+psycopg://priorauth@db/priorauth --tenant plan --host 0.0.0.0",
)
@click.option("--db", metavar="URL", help="the ledger; left out, sqlite:///priorauth.db")
@click.option("--host", default="127.0.0.1", help="the address to listen at; left out, this machine alone reaches it")
@click.option("--port", type=parameters.Whole(0), default=8080, help="the port, 8080 if left out; 0 finds a free one")
@click.option("--tenants", metavar="DIR", type=parameters.PATH, help="a folder with a file NAME.yaml for each tenant")
@click.option("--tenant", metavar="NAME", help="serve this tenant alone")
@click.option("--open", "open_to_all", is_flag=True, help="ask nobody for a token; this machine alone may ask")
@click.option(
    "--demo", metavar="N", type=parameters.Whole(1), help="fill an empty ledger with so many made-up requests"
)
@click.option(
    "--workers",
    type=parameters.Whole(1),
    default=1,
    help="so many processes answer, 1 if left out; a processor serves one well",
)
def command(
    *,
    db: str | None,
    host: str,
    port: int,
    tenants: Path | None,
    tenant: str | None,
    open_to_all: bool,
    demo: int | None,
    workers: int,
) -> int:
    """Serve a ledger to programs and people.

    The address stands on standard output; the log, a JSON line a request with ids alone, on standard error. A signal
    to end (SIGTERM) ends it with code 0, after what runs has ended.
    """
    from priorauth.server import clock, serving
    from priorauth.server import tenants as served

    if open_to_all and not serving.is_loopback(host):
        raise refused(f"--open: asks nobody for a token, so --host must be of this machine alone, found {host!r}")
    if port > MOST_PORT:
        raise refused(f"--port: expected at most {MOST_PORT}, found {port}")
    if workers > MOST_WORKERS:
        raise refused(f"--workers: expected at most {MOST_WORKERS}, found {workers}")
    if demo is not None and tenants is None:
        tenant = tenant or _demo_tenant()
    whose = Served(db, tenant, tenants, open_to_all)
    if workers > 1:
        return _many(workers, whose, host, port, demo)
    with ExitStack() as closing:
        stores = served.opened(db, tenant, tenants, clock.now, closing)
        if demo is not None:
            _fill(stores, demo)
        whose.serve(stores, closing.enter_context(serving.bound(host, port)), _say)
    return 0


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the ledgers as they were named, and whether anybody may ask."""

    db: str | None
    tenant: str | None
    tenants: Path | None
    open: bool

    def serve(
        self, stores: Mapping[str, Store], at: socket.socket, say: Callable[[str], None], *, first: bool = True
    ) -> None:
        """Serve ledgers until told to end; ``first``: this process is the one that does what comes with time."""
        from priorauth.exchange import app as exchange
        from priorauth.server import app, clock, logs, metrics, service, serving
        from priorauth.workbench import desk

        log = logs.logger(sys.stderr, clock.now)
        figures = metrics.Metrics(stores, clock.now)
        running = service.Service(stores, clock.now, log, figures, open=self.open, first=first)
        exchange.begin(running, os.environ)
        serving.serve(app.application(running, [*desk.routes(), *exchange.routes()]), at, log, say)

    def in_process(self, place: int, at: socket.socket, ready: Callable[[], None]) -> int:
        """Serve in one process of several; return its exit code."""
        from priorauth.cli.last import caught
        from priorauth.server import clock
        from priorauth.server import tenants as served

        try:
            with ExitStack() as closing:
                stores = served.opened(self.db, self.tenant, self.tenants, clock.now, closing)
                self.serve(stores, at, lambda _: ready(), first=place == 0)
        except Exception as fault:  # noqa: BLE001 - the last handler of this process
            return caught(fault)
        return 0


def _many(workers: int, whose: Served, host: str, port: int, demo: int | None) -> int:
    """Serve in several processes, once the ledgers are what they should be; return the exit code."""
    from priorauth.server import clock, crew, serving
    from priorauth.server import tenants as served

    with _counting_together(), serving.bound(host, port) as at:
        with ExitStack() as closing:  # no connection to a database is taken along into another process
            stores = served.opened(whose.db, whose.tenant, whose.tenants, clock.now, closing)
            if demo is not None:
                _fill(stores, demo)
        _loaded()
        from priorauth.server import logs

        log = logs.logger(sys.stderr, clock.now)
        return crew.run(
            workers,
            lambda place, ready: whose.in_process(place, at, ready),
            log,
            lambda: _say(serving.address(at)),
        )


@contextmanager
def _counting_together() -> Iterator[None]:
    """Let the processes keep their counts in one folder: the library reads its variable when it is imported."""
    from priorauth.server.crew import SHARED

    with TemporaryDirectory(prefix="priorauth-") as folder:
        os.environ[SHARED] = folder
        yield
        del os.environ[SHARED]


def _loaded() -> None:
    """Load what every process needs, so that they share it."""
    from priorauth.decide.ready import ready
    from priorauth.exchange import app as exchange
    from priorauth.policy.catalog import open_catalog
    from priorauth.workbench import desk

    import_module("priorauth.server.app")
    ready(open_catalog())
    desk.routes()
    exchange.routes()


def _demo_tenant() -> str:
    from priorauth.server.demo.people import TENANT

    return TENANT


def _fill(stores: Mapping[str, Store], count: int) -> None:
    """Fill the first ledger, where it is empty."""
    from priorauth.server import clock
    from priorauth.server.demo import story

    tenant, store = next(iter(stores.items()))
    if not story.is_empty(store, tenant):
        output.line(f"The ledger of {tenant} has cases: nothing was made up.")
        return
    output.line(f"Making up {count} requests and what happened to them ...")
    sys.stdout.flush()
    told = story.fill(store, tenant, count, clock.now())
    output.line(f"{told.done} acts were done.")


def _say(address: str) -> None:
    output.line(f"priorauth serves at {address}")
    sys.stdout.flush()
