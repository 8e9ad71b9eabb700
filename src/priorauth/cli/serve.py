"""``priorauth serve``: serve a ledger to programs, until it is told to end."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.ledger.store import Store

MOST_PORT: Final = 65_535


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
def command(
    *,
    db: str | None,
    host: str,
    port: int,
    tenants: Path | None,
    tenant: str | None,
    open_to_all: bool,
    demo: int | None,
) -> int:
    """Serve a ledger to programs and people.

    The address stands on standard output; the log, a JSON line a request with ids alone, on standard error. A signal
    to end (SIGTERM) ends it with code 0, after what runs has ended.
    """
    from priorauth.exchange import app as exchange
    from priorauth.server import app, clock, logs, metrics, service, serving
    from priorauth.server import tenants as served
    from priorauth.workbench import desk

    if open_to_all and not serving.is_loopback(host):
        raise refused(f"--open: asks nobody for a token, so --host must be of this machine alone, found {host!r}")
    if port > MOST_PORT:
        raise refused(f"--port: expected at most {MOST_PORT}, found {port}")
    if demo is not None and tenants is None:
        tenant = tenant or _demo_tenant()
    with ExitStack() as closing:
        stores = served.opened(db, tenant, tenants, clock.now, closing)
        log = logs.logger(sys.stderr, clock.now)
        if demo is not None:
            _fill(stores, demo)
        running = service.Service(stores, clock.now, log, metrics.Metrics(stores, clock.now), open=open_to_all)
        exchange.begin(running, os.environ)
        at = closing.enter_context(serving.bound(host, port))
        serving.serve(app.application(running, [*desk.routes(), *exchange.routes()]), at, log, _say)
    return 0


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
