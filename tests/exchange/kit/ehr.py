"""A FHIR server of a clinic, which a payer may ask for charts: reads, searches by patient, and batches of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.listening import answering

Json = dict[str, Any]
_PLAIN: Final = ("subject", "patient", "beneficiary")


class Ehr(ThreadingHTTPServer):
    """Charts by kind and id. ``says``: the status with which it answers, where it is not well."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.held: dict[str, Json] = {}
        self.asked: list[str] = []
        self.says = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/fhir"

    def hold(self, *resources: Json) -> None:
        for one in resources:
            self.held[f"{one['resourceType']}/{one['id']}"] = one

    def found(self, path: str) -> Json | None:
        """Return what is at a path below the base: a resource, or a searchset."""
        self.asked.append(path)
        said = urlsplit(path)
        place = said.path.strip("/")
        if "/" in place:
            return self.held.get(place)
        query = {name.partition(":")[0].partition(".")[0]: value for name, value in parse_qs(said.query).items()}
        hits = [one for name, one in self.held.items() if name.startswith(f"{place}/") and _fits(one, query)]
        if "Coverage:payor" in query.get("_include", []):
            named = {payor["reference"] for one in hits for payor in one.get("payor", []) if "reference" in payor}
            hits += [self.held[one] for one in sorted(named) if one in self.held]
        entries = [{"fullUrl": f"{self.url}/{one['resourceType']}/{one['id']}", "resource": one} for one in hits]
        return {"resourceType": "Bundle", "type": "searchset", "total": len(hits), "entry": entries}


def _fits(resource: Json, query: dict[str, list[str]]) -> bool:
    """Whether a resource is of the patient, or has the ids, that a query names; what else it says is not looked at."""
    if "_id" in query and resource["id"] not in ",".join(query["_id"]).split(","):
        return False
    wanted = {one.rpartition("/")[2] for name in ("patient", "subject", "beneficiary") for one in query.get(name, [])}
    if not wanted:
        return True
    of = {resource[name]["reference"].rpartition("/")[2] for name in _PLAIN if "reference" in resource.get(name, {})}
    return bool(of & wanted)


class _Asked(BaseHTTPRequestHandler):
    server: Ehr

    def do_GET(self) -> None:
        self._say(self.server.found(self.path.removeprefix("/fhir")))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        entries = []
        for one in body.get("entry", []):
            found = self.server.found(one["request"]["url"])
            status = "200 OK" if found is not None else "404 Not Found"
            entries.append({"response": {"status": status}, **({} if found is None else {"resource": found})})
        self._say({"resourceType": "Bundle", "type": "batch-response", "entry": entries})

    def _say(self, body: Json | None) -> None:
        data = json.dumps(body if body is not None else {"resourceType": "OperationOutcome", "issue": []}).encode()
        self.send_response(404 if body is None else self.server.says)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def serving_charts() -> Iterator[Ehr]:
    server = Ehr()
    with answering(server):
        yield server
