"""A clinic's FHIR server on this machine: it answers batches of searches from a chart, or misbehaves as it is told."""

from __future__ import annotations

import atexit
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

Json = dict[str, Any]


@dataclass
class Ehr:
    """What it holds, how it behaves, and what it was asked."""

    chart: list[Json] = field(default_factory=list)
    manner: str = "well"
    address: str = ""
    asked: list[Json] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    """Set when nobody waits any longer."""
    tokens: list[str] = field(default_factory=list)

    @property
    def searches(self) -> list[str]:
        return [entry["request"]["url"] for batch in self.asked for entry in batch["entry"]]

    def answer(self, batch: Json) -> Json:
        entries = [self._entry(entry["request"]["url"]) for entry in batch["entry"]]
        return {"resourceType": "Bundle", "type": "batch-response", "entry": entries}

    def behave(self, batch: Json) -> tuple[int, bytes]:
        """The status and the body of an answer, as it is told to misbehave."""
        made = json.dumps(self.answer(batch)).encode()
        if self.manner == "hangs":
            self.over.wait(6)
        bodies = {
            "babble": b'{"resourceType": "Bundle", "entry": [' + b"[" * 100,
            "other": b'{"resourceType": "Patient"}',
            "huge": made + b" " * 21_000_000,
        }
        statuses = {"fault": 500, "refused": 401, "elsewhere": 302}
        return statuses.get(self.manner, 200), bodies.get(self.manner, made)

    def _entry(self, url: str) -> Json:
        path, _, query = url.partition("?")
        good = {"status": "200 OK"}
        if not query:
            kind, _, name = path.partition("/")
            found = [one for one in self.chart if (one["resourceType"], one.get("id")) == (kind, unquote(name))]
            if found:
                return {"resource": found[0], "response": good}
            return {"resource": {"resourceType": "OperationOutcome", "issue": []}, "response": {"status": "404"}}
        wanted = parse_qs(query)
        codes = set(wanted["code"][0].split(",")) if "code" in wanted else None
        found = [one for one in self.chart if one["resourceType"] == path and _coded(one, codes)]
        if path == "Coverage" and "_include" in wanted:
            found += [one for one in self.chart if one["resourceType"] == "Organization"]
        if path.startswith("Medication"):
            found += [one for one in self.chart if one["resourceType"] == "Medication"]
        made: Json = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in found]}
        if self.manner == "pages":
            made["link"] = [{"relation": "next", "url": f"{self.address}/next"}]
        return {"resource": made, "response": good}


def _coded(resource: Json, codes: set[str] | None) -> bool:
    if codes is None:
        return True
    concepts = [resource.get("code", {}), *(one.get("code", {}) for one in resource.get("component", ()))]
    return any(coding.get("code") in codes for concept in concepts for coding in concept.get("coding", ()))


class _Handler(BaseHTTPRequestHandler):
    """Answers for whichever chart is served."""

    served: ClassVar[Ehr] = Ehr()

    def do_POST(self) -> None:
        ehr = self.served
        body = self.rfile.read(int(self.headers["Content-Length"]))
        ehr.asked.append(json.loads(body))
        ehr.tokens.append(self.headers.get("Authorization", ""))
        status, made = ehr.behave(json.loads(body))
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(made)))
        if status == 302:
            self.send_header("Location", f"{ehr.address}/elsewhere")
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(made)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@cache
def _started() -> ThreadingHTTPServer:
    """One server for all tests: its address stands in the settings of plans, which are made once for each."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    atexit.register(server.server_close)
    return server


@contextmanager
def serving(chart: list[Json], manner: str = "well") -> Iterator[Ehr]:
    """Let a server answer on this machine."""
    ehr = Ehr(chart, manner, f"http://127.0.0.1:{_started().server_port}/fhir")
    _Handler.served = ehr
    try:
        yield ehr
    finally:
        ehr.over.set()
