"""A clinic's FHIR server on this machine: it answers batches of searches from a chart, or misbehaves as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
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


@contextmanager
def serving(chart: list[Json], manner: str = "well") -> Iterator[Ehr]:
    """Let a server answer on this machine."""
    ehr = Ehr(chart, manner)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ehr.asked.append(json.loads(body))
            ehr.tokens.append(self.headers.get("Authorization", ""))
            status, made = 200, json.dumps(ehr.answer(json.loads(body))).encode()
            if ehr.manner == "fault":
                status, made = 500, b"{}"
            elif ehr.manner == "refused":
                status, made = 401, b"{}"
            elif ehr.manner == "elsewhere":
                status = 302
            elif ehr.manner == "hangs":
                ehr.over.wait(6)
            elif ehr.manner == "babble":
                made = b'{"resourceType": "Bundle", "entry": [' + b"[" * 100
            elif ehr.manner == "other":
                made = b'{"resourceType": "Patient"}'
            elif ehr.manner == "huge":
                made = made + b" " * 21_000_000
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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ehr.address = f"http://127.0.0.1:{server.server_port}/fhir"
    try:
        yield ehr
    finally:
        ehr.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
