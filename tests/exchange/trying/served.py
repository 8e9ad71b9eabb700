"""A good server, closed as in production, and a client of it with a key and an endpoint of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from priorauth.exchange.trying import case
from priorauth.exchange.trying.found import CHECKS, Result
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.listener import Listener, listening
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.session import Session
from priorauth.exchange.trying.signed import Client
from priorauth.ledger.store import Store
from tests.exchange.guard.partner import key
from tests.exchange.kit.started import ISSUERS, KIT, OTHER, Started, plan, started
from tests.exchange.trying.spoiling import Proxy, Spoil, nothing, spoiling

VERSIONS = ("2.0", "2.2")
_NAMES = iter(range(1_000_000))


@dataclass
class Tried:
    """A running server and what a client of it needs."""

    server: Started
    listener: Listener
    proxy: Proxy
    _whole: dict[str, dict[str, Result]] = field(default_factory=dict)

    def session(self, version: str = "2.2", **more: Any) -> Session:
        """Return a run against the server, through what stands before it."""
        base = f"{self.proxy.address}/plan/{version}"
        run = f"00000000-0000-4000-8000-{next(_NAMES):012d}"
        given: dict[str, Any] = {
            "cds": f"{base}/cds-services",
            "fhir": f"{base}/fhir",
            "version": version,
            "case": case.read(None, run),
            "now": lambda: int(self.server.now.timestamp()),
            "client": self.client,
            "listener": self.listener,
        }
        return Session(**{**given, **more})

    def whole(self, version: str) -> dict[str, Result]:
        """Return what each check finds of the good server; it is asked once."""
        if version not in self._whole:
            self._whole[version] = {one.name: one for one in run(self.session(version))}
        return self._whole[version]

    def spoilt(self, name: str, spoil: Spoil, version: str = "2.2") -> Result:
        """Return what a check finds where the answers are spoiled."""
        self.proxy.spoil = spoil
        try:
            (found,) = run(self.session(version), (name,))
        finally:
            self.proxy.spoil = nothing
        return found

    @property
    def client(self) -> Client:
        return Client(KIT, key("ES384", KIT), ISSUERS[KIT])


@contextmanager
def tried(store: Store) -> Iterator[Tried]:
    """Start a server that tells our endpoint of changes, and its messages on their way."""
    stop = threading.Event()
    with listening("127.0.0.1", 0) as listener, spoiling() as proxy:
        said = plan("", listener.base, listener.fhir)
        own = {
            **said["partners"][KIT],
            "pin_versions": True,
            "npis": ["1999999992", "1245319599"],
            "rate": 1e6,
            "burst": 1e6,
        }
        partners = {KIT: own, OTHER: said["partners"][OTHER]}
        with started(store, base=proxy.address, partners=partners) as server:
            proxy.to = server.address

            def delivers() -> None:
                while not stop.wait(0.05):
                    server.delivers()

            thread = threading.Thread(target=delivers)
            thread.start()
            try:
                yield Tried(server, listener, proxy)
            finally:
                stop.set()
                thread.join()


def named(module: ModuleType) -> set[str]:
    """Return the names of the checks of a module."""
    return {name for name, function in CHECKS.items() if function.__module__ == module.__name__}


def answered(version: str = "2.2", **kept: Any) -> Session:
    """Return a run to which the answers have come already: JSON by the names under which a run keeps them.

    Nobody listens where it would ask for more.
    """
    nowhere = "http://127.0.0.1:1"
    made = Session(nowhere, nowhere, version, case.read(None, "one"), lambda: 0)
    made.kept |= {name.replace("_", " "): Answer(200, json=body) for name, body in kept.items()}
    return made
