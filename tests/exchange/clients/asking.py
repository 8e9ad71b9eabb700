"""What every client of the field is let ask: the same session, against a server that is open and one that is closed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome

from priorauth.exchange.trying import case
from priorauth.exchange.trying.session import Session
from priorauth.exchange.trying.shapes import COVERAGE, extensions, objects, parts, resources, text
from priorauth.exchange.trying.signed import Client
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from tests.exchange.guard.partner import key
from tests.exchange.kit.started import ISSUERS, KIT, plan, started
from tests.ledger import house
from tests.parts import need
from tests.server.test_serving import program

ROOT: Final = Path(__file__).resolve().parents[3]
PEERS: Final = ROOT / "tests" / "peers"
HAPI: Final = "mvn -q -B -f tests/peers/hapi/pom.xml process-classes"
NPM: Final = "npm ci --prefix tests/peers/fhir-kit-client --no-audit --no-fund"
RUNS: Final = iter(range(1_000_000))
Json = dict[str, Any]


class Door(NamedTuple):
    """A running server, and how a client of it says who it is."""

    session: Session
    headers: dict[str, str]

    def hook_headers(self) -> dict[str, str]:
        """The headers of one call of order-sign."""
        own = self.session.client
        if own is None:
            return self.headers
        return {"Authorization": f"Bearer {own.hook(f'{self.session.cds}/order-sign-crd', self.session.now())}"}

    def asked(self) -> Json:
        """What a client asks; a request of its own each time."""
        one = self.session
        mine = case.Case(one.case.bundle, f"00000000-0000-4000-9000-{next(RUNS):012d}")
        return {
            "version": one.version,
            "fhir": one.fhir,
            "cds": one.cds,
            "headers": self.headers,
            "hookHeaders": self.hook_headers(),
            "submit": mine.request(),
            "inquire": mine.inquiry(mine.run),
            "package": mine.package(order=True),
            "hook": one.call("order-sign"),
        }


@contextmanager
def closed(store: Store, version: str) -> Iterator[Door]:
    """Let a closed server run; a client of it has a token."""
    with started(store) as server:
        base = server.base(version)
        one = Session(
            cds=f"{base}/cds-services",
            fhir=f"{base}/fhir",
            version=version,
            case=case.read(None, "00000000-0000-4000-9000-000000000000"),
            now=lambda: int(server.now.timestamp()),
            client=Client(KIT, key("ES384", KIT), ISSUERS[KIT]),
        )
        yield Door(one, one.bearer())


@contextmanager
def opened(version: str, folder: Path) -> Iterator[Door]:
    """Let an open server run as a program; a client of it says who it is."""
    url = f"sqlite:///{folder / 'ledger.db'}"
    ledger = open_store(url)
    house.furnish(ledger, exchange={**plan("", "", ""), "base": None})
    ledger.close()
    with program(url, folder / "log", "--tenant", house.TENANT) as (_, address):
        base = f"{address}{house.TENANT}/{version}"
        named = {"X-Client": KIT}
        made = case.read(None, "00000000-0000-4000-9000-000000000000")
        yield Door(Session(f"{base}/cds-services", f"{base}/fhir", version, made, lambda: 0, headers=named), named)


# ---- the clients


def hapi(door: Door, folder: Path) -> list[tuple[str, Json]]:
    """Let HAPI's client and java.net.http ask; return what they were answered, by name."""
    where = PEERS / "hapi" / "target"
    need((where / "classpath").is_file(), f"HAPI's client is not built: {HAPI}")
    jars = f"{where / 'classes'}:{(where / 'classpath').read_text('utf-8').strip()}"
    return _ran(["java", "-cp", jars, "Session", str(folder)], door, folder)


def fhir_kit(door: Door, folder: Path) -> list[tuple[str, Json]]:
    """Let fhir-kit-client ask."""
    where = PEERS / "fhir-kit-client"
    need((where / "node_modules").is_dir(), f"fhir-kit-client is not here: {NPM}")
    return _ran(["node", str(where / "session.mjs"), str(folder)], door, folder)


def fhirpy(door: Door, folder: Path) -> list[tuple[str, Json]]:
    """Let fhirpy ask."""
    del folder
    asked = door.asked()
    client = SyncFHIRClient(asked["fhir"], extra_headers=asked["headers"])
    found = [("metadata", dict(client.execute("metadata", method="get")))]
    for name, path in (
        ("submit", "Claim/$submit"),
        ("inquire", "Claim/$inquire"),
        ("package", "Questionnaire/$questionnaire-package"),
    ):
        found.append((path.partition("/")[2], dict(client.execute(path, method="post", data=asked[name]))))
    try:
        client.execute("Claim/$submit", method="post", data={"resourceType": "Bundle", "type": "collection"})
    except OperationOutcome as fault:
        found.append(("refused", json.loads(json.dumps(fault.resource))))
    return found


def _ran(command: list[str], door: Door, folder: Path) -> list[tuple[str, Json]]:
    (folder / "asked.json").write_text(json.dumps(door.asked()), "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return [(one["name"], one["answer"]) for one in map(json.loads, done.stdout.splitlines())]


# ---- what they were answered, in a line each


def line(name: str, answer: Json) -> str:
    """Return an answer in words that are the same at every run."""
    return f"{name:<24}{_said(answer)}"


def _said(answer: Json) -> str:
    match answer.get("resourceType"):
        case "CapabilityStatement":
            kinds = [text(one, "type") for one in objects(answer, "rest", "resource")]
            return f"CapabilityStatement of FHIR {answer['fhirVersion']}: {', '.join(sorted(kinds))}"
        case "Parameters":
            held = [
                f"{one['name']}: {_said(one['resource'])}" for one in objects(answer, "parameter") if "resource" in one
            ]
            return f"Parameters, {'; '.join(held)}"
        case "Bundle":
            first = resources(answer)[0]
            more = f", {_claim(first)}" if first["resourceType"] == "ClaimResponse" else ""
            return f"Bundle, first {first['resourceType']}{more}"
        case "OperationOutcome":
            status = f"{answer['status']} " if "status" in answer else ""
            return f"{status}OperationOutcome: {text(answer, 'issue', 'details', 'text')}"
    if "services" in answer:
        return "services of " + ", ".join(text(one, "hook") for one in objects(answer, "services"))
    cards = len(objects(answer, "cards"))
    said_of = [one for each in objects(answer, "systemActions") for one in extensions(each["resource"], COVERAGE)]
    words = [f"{name} {said}" for one in said_of for name in ("covered", "pa-needed") for said in parts(one, name)]
    return f"{answer.get('status')}, cards {cards}, {', '.join(words)}"


def _claim(response: Json) -> str:
    codes = [
        text(one, "valueCodeableConcept", "coding", "code")
        for item in objects(response, "item")
        for one in objects(item, "adjudication", "extension", "extension")
        if str(one.get("url")).endswith("reviewActionCode")
    ]
    return f"outcome {response['outcome']}, items {', '.join(codes)}"


def transcript(found: list[tuple[str, Json]]) -> str:
    """Return a session, a line for each answer."""
    return "".join(f"{line(name, answer).rstrip()}\n" for name, answer in found)
