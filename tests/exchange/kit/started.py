"""A server that was started: uvicorn on a port of its own, over a ledger whose clock goes on from the tests' day.

A tester speaks to it over HTTP alone. What only a person can do, decide a case, is done in the ledger.
"""

from __future__ import annotations

import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import perf_counter
from typing import Any, Final, get_args

import httpx2
import uvicorn

from priorauth.exchange import app as exchange
from priorauth.exchange.guard.assertion import TYPE
from priorauth.exchange.plan import Hook
from priorauth.exchange.subscriptions import notify
from priorauth.ledger.store import Store
from priorauth.server import app, logs, loops, metrics, serving
from priorauth.server.connection import Connection
from priorauth.server.limits import Buckets
from priorauth.server.service import Service
from tests.exchange.guard.partner import Speaker, at, jwks, key
from tests.exchange.house import FHIR, PLAN
from tests.exchange.kit.ehr import Ehr, serving_charts
from tests.ledger import house
from tests.listening import answering

Json = dict[str, Any]
KIT: Final = "clinic-ehr"
OTHER: Final = "other-ehr"
ISSUERS: Final = {KIT: "https://ehr.clinic.example", OTHER: "https://ehr.other.example"}
SCOPE: Final = "system/*.cruds"
REFUSED: Final = ("related-unknown", "other-member", "items-missing", "decided", "not-found", "nothing-asked")
_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Told:
    """An answer: its status, headers and JSON, and how long it took, in seconds."""

    status: int
    headers: dict[str, str]
    body: Any
    seconds: float

    @property
    def done(self) -> bool:
        return self.status in {200, 201, 202}


@dataclass
class Started:
    """A running server, and what a tester holds of it."""

    address: str
    service: Service
    store: Store
    out: io.StringIO
    listener: Listener
    ehr: Ehr
    client: httpx2.Client = field(init=False)
    at: str = ""
    """Where it listens, if that is not the plan's address."""
    _tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=self.address, timeout=_SECONDS)

    @property
    def now(self) -> datetime:
        return self.service.clock()

    def speaker(self, client: str = KIT) -> Speaker:
        """Return a partner with its key."""
        return Speaker(client, key("ES384", client), ISSUERS[client])

    def token(self, client: str = KIT) -> str:
        """Return an access token of a partner, asked for anew before it ends."""
        kept, until = self._tokens.get(client, ("", self.now))
        if self.now >= until:
            told = self.asked(client)
            assert told.status == 200, told.body
            kept = str(told.body["access_token"])
            self._tokens[client] = kept, self.now + timedelta(minutes=4)
        return kept

    def asked(self, client: str = KIT, **changed: str) -> Told:
        """Ask for a token, as one should or with something changed in the form."""
        where = f"{self.address.rstrip('/')}/{house.TENANT}/oauth/token"
        form = {
            "grant_type": "client_credentials",
            "scope": SCOPE,
            "client_assertion_type": TYPE,
            "client_assertion": self.speaker(client).assertion(self.now, aud=where),
        }
        found = self.client.post(where, data={**form, **changed})
        return Told(found.status_code, dict(found.headers), found.json(), 0.0)

    def base(self, version: str) -> str:
        """Return the base of a version: ``2.0`` or ``2.2``, of which the third number may be said too."""
        return f"{self.address.rstrip('/')}/{house.TENANT}/{version[:3]}"

    def ask(  # noqa: PLR0913 - a request has these parts
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str = "2.2",
        client: str = KIT,
        headers: dict[str, str] | None = None,
    ) -> Told:
        """Send a request below a version; ``body`` as JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        where = self.base(version) + path
        borne = self.hook_token(where, client) if path.startswith("/cds-services") else self.token(client)
        sent = {"Content-Type": FHIR, "Accept": FHIR, "Authorization": f"Bearer {borne}", **(headers or {})}
        began = perf_counter()
        found = self.client.request(
            method, where.replace(self.address, self.at or self.address), content=content, headers=sent
        )
        took = perf_counter() - began
        try:
            said = found.json()
        except ValueError:
            said = None
        return Told(found.status_code, dict(found.headers), said, took)

    def hook_token(self, where: str, client: str = KIT) -> str:
        """Return a token for one call of a service."""
        claims: dict[str, Any] = {"aud": where, "iat": at(self.now), "exp": at(self.now, minutes=5)}
        return self.speaker(client).hook(self.now, **claims)

    def post(self, path: str, body: Any, version: str = "2.2", **more: Any) -> Told:
        return self.ask("POST", path, body, version=version, **more)

    def get(self, path: str, version: str = "2.2", **more: Any) -> Told:
        return self.ask("GET", path, version=version, **more)

    @contextmanager
    def beside(self) -> Iterator[Started]:
        """Start another server over the same ledger; tokens and the plan's address are those of the first."""
        at_ = serving.bound("127.0.0.1", 0)
        with _runs(self.service, at_):
            other = Started(self.address, self.service, self.store, self.out, self.listener, self.ehr)
            other.client = httpx2.Client(base_url=serving.address(at_), timeout=_SECONDS)
            other.at = serving.address(at_)
            yield other
            other.client.close()

    def delivers(self) -> None:
        """Let a round of the worker go by that delivers messages."""
        next(one for one in loops.WORKERS if one.name == loops.OUTBOX).round(self.service)


class Listener(ThreadingHTTPServer):
    """An endpoint of a subscriber: keeps what it is sent, each with its path and headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Kept)
        self.came: list[tuple[str, dict[str, str], Json]] = []
        self.says = 200

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def of(self, name: str) -> list[tuple[dict[str, str], Json]]:
        """Return what came under a name: headers and body."""
        return [(headers, body) for path, headers, body in self.came if path == f"/{name}"]


class _Kept(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.came.append((self.path, dict(self.headers.items()), json.loads(body)))
        self.send_response(self.server.says)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def listening() -> Iterator[Listener]:
    server = Listener()
    with answering(server):
        yield server


def plan(base: str, listener: str, ehr: str) -> Json:
    """Return what the plan says of its exchange, as the kits' inputs need it."""
    keys = {name: {"jwks": jwks(key("ES384", name)), "issuers": [ISSUERS[name]]} for name in (KIT, OTHER)}
    payer = {
        **PLAN["payer"],
        "identifiers": ["http://hl7.org/fhir/sid/us-npi|1234567893", "urn:priorauth:payer|masshealth"],
    }
    kit = {
        **PLAN["partners"][KIT],
        **keys[KIT],
        "npis": ["1999999992", "8189991234", "1234567893"],
        "endpoints": [listener],
        "ehr": [ehr],
        "pin_versions": False,
    }
    return {
        **PLAN,
        "base": base,
        "payer": payer,
        "terms": "https://plan.example/policies/{policy}",
        "codes": {
            "reject": dict.fromkeys(REFUSED, "33"),
            "follow_up": dict.fromkeys(REFUSED, "C"),
        },
        "hooks": list(get_args(Hook)),
        "partners": {KIT: kit, OTHER: {**PLAN["partners"][OTHER], **keys[OTHER]}},
    }


@contextmanager
def started(store: Store, **settings: Any) -> Iterator[Started]:
    """Start a server over a ledger; gives it when it answers."""
    began = perf_counter()

    def clock() -> datetime:
        return house.NOW + timedelta(seconds=perf_counter() - began)

    out, stores = io.StringIO(), {house.TENANT: store}
    service = Service(
        stores,
        clock,
        logs.logger(out, clock),
        metrics.Metrics(stores, clock),
        workers=False,
        buckets=Buckets(1e6, 1e6),
    )
    exchange.begin(service, {})
    service.ways.update(notify.ways())
    at_ = serving.bound("127.0.0.1", 0)
    address = serving.address(at_)
    with listening() as listener, serving_charts() as ehr, _runs(service, at_):
        said = plan(address.rstrip("/"), listener.url(""), ehr.url)
        house.furnish(store, exchange={**said, **settings})
        found = Started(address, service, store, out, listener, ehr)
        yield found
        found.client.close()


@contextmanager
def _runs(service: Service, at_: socket.socket) -> Iterator[None]:
    """Let uvicorn serve on a socket, as `priorauth serve` does."""
    config = uvicorn.Config(
        app.application(service, exchange.routes()),
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    at_.listen()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [at_]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.01)
            assert thread.is_alive()
        yield
    finally:
        server.should_exit = True
        thread.join(30)
        at_.close()
