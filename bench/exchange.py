"""How fast the exchange is: hooks, requests, adaptive forms and packages, at a fixed rate, tokens and checks on.

    bench/exchange.py                            SQLite and PostgreSQL, 60 seconds each
    bench/exchange.py --seconds 10 --on sqlite   shorter, on one of them
    bench/exchange.py --write docs/exchange-bench.md

The load is that of vegeta (`GOBIN=$PWD/build/bin go install github.com/tsenart/vegeta/v12@latest`): it sends at its
rate whether the server has answered or not, so that what waits is counted. The server is `priorauth serve --workers 2`,
closed: each hook bears a token of its own (ES384, used once), each other call an access token. Several cases come in
turn; every request of PAS is a new one, and is on disk (SQLite synchronous=FULL, PostgreSQL with fsync) before it is
answered. Server, database and load share the processors of one machine; processor time is that of the workers. What
is asked, and what a machine is assumed to cost, stands in bench/exchange.yaml.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

import yaml
from joserfc.jwk import ECKey
from population import machine

from priorauth.exchange.trying import case, session
from priorauth.exchange.trying.checks import adaptive
from priorauth.exchange.trying.line import FHIR, JSON
from priorauth.exchange.trying.shapes import Json, text
from priorauth.exchange.trying.signed import Client
from priorauth.server import clock

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests import servers  # noqa: E402 - tests stand beside

IN_TURN: Final = 5
"""How many rounds of a form are asked in turn."""
SAID: Final[Json] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
CASES: Final = ("ask", "review", "not-yet", "replacement", "conflict")
"""Examples from 8 to 70 KB."""
SMALL: Final = ("ask", "review", "not-yet", "replacement")
CLIENT: Final = "bench"
TENANT: Final = "plan"
WORKERS: Final = 2
ENOUGH: Final = 1.02
PAUSE_SECONDS: Final = 5


class Load(NamedTuple):
    """What vegeta found: the rate that was kept, the share that was answered well, and how long that took, in ms."""

    rate: float
    good: float
    p50: float
    p99: float
    codes: dict[str, int]
    load: float

    def said(self) -> str:
        """Return it in words."""
        bad = "no error" if self.good == 1 else f"{self.good:.2%} good ({self.codes})"
        return f"p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms, {bad}"


@dataclass
class Served:
    """A running server, or two on one database, and who asks."""

    addresses: list[str]
    processes: list[int]
    client: Client
    sessions: list[session.Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make a run for each case, for what the server is asked once."""
        base = f"{self.addresses[0]}/{TENANT}/2.2"
        self.sessions = [
            session.Session(
                cds=f"{base}/cds-services",
                fhir=f"{base}/fhir",
                version="2.2",
                case=case.read(ROOT / "examples" / f"{name}.json", str(uuid4())),
                now=_seconds,
                client=self.client,
            )
            for name in CASES
        ]

    @property
    def token(self) -> dict[str, str]:
        """The header with an access token, asked for anew."""
        one = self.sessions[0]
        one.kept.pop("token", None)
        one.kept.pop("granted", None)
        found = one.bearer()
        if not found:
            raise SystemExit(f"no token was given: {one.granted.said()} {one.granted.body!r}")
        return found

    def workers(self) -> list[str]:
        """Return the processes that answer."""
        listed = [
            Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split() or [str(pid)] for pid in self.processes
        ]
        return [one for some in listed for one in some]

    def memory(self) -> list[int]:
        """Return how many megabytes each worker holds."""
        held = [Path(f"/proc/{one}/status").read_text("ascii").splitlines() for one in self.workers()]
        return [int(line.split()[1]) // 1024 for lines in held for line in lines if line.startswith("VmRSS")]

    def spent(self) -> float:
        """Return how many seconds of processor time the workers have used, all in all."""
        stats = [Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split() for one in self.workers()]
        return sum(int(one[11]) + int(one[12]) for one in stats) / os.sysconf("SC_CLK_TCK")


# ---- the server


@contextmanager
def serving(url: str, folder: Path, *, servers_: int = 1, workers: int = WORKERS) -> Iterator[Served]:
    """Start one server, or several on one database, closed, with one partner that may ask as often as it likes."""
    key = ECKey.generate_key("P-384", {"kid": "bench", "alg": "ES384", "use": "sig"})
    ports = [servers.free_port() for _ in range(servers_)]
    folder.mkdir(exist_ok=True)
    base = f"http://127.0.0.1:{ports[0]}"
    plan = {
        "base": base,
        "payer": {"name": "A Plan", "npi": "1234567893", "identifiers": ["urn:priorauth:payer|masshealth"]},
        "partners": {
            CLIENT: {
                "organisation": "clinic",
                "issuers": [CLIENT],
                "jwks": {"keys": [key.as_dict(private=False)]},
                "rate": 1_000_000,
                "burst": 1_000_000,
            }
        },
    }
    (folder / f"{TENANT}.yaml").write_text(json.dumps({"title": "A plan", "db": url, "settings": {"exchange": plan}}))
    with ExitStack() as closing:
        runs = [closing.enter_context(_started(folder, port, workers)) for port in ports]
        client = Client(CLIENT, key, CLIENT)
        yield Served([f"http://127.0.0.1:{port}" for port in ports], [one.pid for one in runs], client)


@contextmanager
def _started(folder: Path, port: int, workers: int) -> Iterator[subprocess.Popen[str]]:
    words = ["serve", "--tenants", str(folder), "--port", str(port), "--workers", str(workers)]
    with (
        (folder / f"log-{port}").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "priorauth", *words], stdout=subprocess.PIPE, stderr=log, text=True
        ) as run,
    ):
        if run.stdout is None or "serves at" not in run.stdout.readline():
            raise SystemExit(Path(log.name).read_text("utf-8"))
        try:
            yield run
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(60)


# ---- the load


def vegeta() -> str:
    """Return the program that makes the load."""
    found = shutil.which("vegeta", path=f"{ROOT / 'build' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        raise SystemExit("vegeta is not here: GOBIN=$PWD/build/bin go install github.com/tsenart/vegeta/v12@latest")
    return found


def attacked(targets: Iterator[Json], rate: int, seconds: int, folder: Path) -> Load:
    """Send so many a second for so long; return what became of them."""
    file = folder / "targets"
    with file.open("w") as out:
        for one in islice(targets, math.ceil(rate * seconds * ENOUGH)):
            out.write(json.dumps(one) + "\n")
    words = ["attack", "-format=json", "-lazy", f"-targets={file}", f"-rate={rate}", f"-duration={seconds}s"]
    sent = subprocess.run([vegeta(), *words, "-timeout=30s", "-max-body=0"], stdout=subprocess.PIPE, check=True)
    told = subprocess.run([vegeta(), "report", "-type=json"], input=sent.stdout, stdout=subprocess.PIPE, check=True)
    found = json.loads(told.stdout)
    times = found["latencies"]
    return Load(
        found["throughput"],
        found["success"],
        times["50th"] / 1e6,
        times["99th"] / 1e6,
        found["status_codes"],
        os.getloadavg()[0],
    )


def target(address: str, body: bytes, media: str, headers: dict[str, str]) -> Json:
    """Return a target as vegeta reads it."""
    named = {name: [value] for name, value in {"Content-Type": media, **headers}.items()}
    return {"method": "POST", "url": address, "body": base64.b64encode(body).decode(), "header": named}


def _seconds() -> int:
    """Return the moment as tokens have it."""
    return int(clock.now().timestamp())


def hooks(served: Served) -> Iterator[Json]:
    """Yield calls of order-sign, each with a token of its own."""
    bodies = []
    for one in served.sessions[: len(SMALL)]:
        call = one.call("order-sign")
        record = [{"resource": each["resource"]} for each in one.case.bundle["entry"][5:]]
        call["prefetch"]["record"] = {"resourceType": "Bundle", "type": "searchset", "entry": record}
        bodies.append(call)
    at = f"{served.sessions[0].cds}/{text(served.sessions[0].service('order-sign'), 'id')}"
    others = [at.replace(served.addresses[0], one) for one in served.addresses]
    for body, address in zip(cycle(bodies), cycle(others)):
        data = json.dumps({**body, "hookInstance": str(uuid4())}).encode()
        token = served.client.hook(at, _seconds(), exp=_seconds() + 300)
        yield target(address, data, JSON, {"Authorization": f"Bearer {token}"})


def operation(served: Served, name: str, bodies: Callable[[], Iterator[Json]]) -> Iterator[Json]:
    """Yield calls of an operation with bodies in rotation."""
    token = served.token
    at = [f"{one}/{TENANT}/2.2/fhir/{name}" for one in served.addresses]
    for body, address in zip(bodies(), cycle(at)):
        yield target(address, json.dumps(body).encode(), FHIR, token)


def submits(served: Served) -> Iterator[Json]:
    """Yield requests, each a new one."""

    def bodies() -> Iterator[Json]:
        for one in cycle(served.sessions):
            yield case.Case(one.case.bundle, str(uuid4())).request()

    return operation(served, "Claim/$submit", bodies)


def packages(served: Served) -> Iterator[Json]:
    """Yield questions for the package of an order."""
    return operation(
        served,
        "Questionnaire/$questionnaire-package",
        lambda: cycle([one.case.package(order=True) for one in served.sessions]),
    )


def rounds(served: Served) -> Iterator[Json]:
    """Yield the rounds of an adaptive form as one clinic would send them."""
    one = served.sessions[0]
    _ = one.hooked("order-sign")
    (bundle,) = one.in_context[:1]
    draft = next(
        each["resource"]
        for each in bundle["entry"]
        if text(each["resource"], "resourceType") == "QuestionnaireResponse"
    )
    bodies = [draft]
    while len(bodies) < IN_TURN and text(bodies[-1], "status") != "completed":
        found = one.operation("Questionnaire/$next-question", bodies[-1])
        if not found.ok:
            raise SystemExit(f"$next-question: {found.said()}")
        bodies.append(adaptive.filled(found.resource))
    return operation(served, "Questionnaire/$next-question", lambda: cycle(bodies))


WORK: Final[dict[str, Callable[[Served], Iterator[Json]]]] = {
    "hooks": hooks,
    "submit": submits,
    "next": rounds,
    "package": packages,
}


def saturated(served: Served, name: str, folder: Path) -> tuple[int, Load | None]:
    """Return the highest rate that is answered without an error and in time, and what was found there.

    The steps are those of the file; between the last that goes and the first that does not, middles are tried.
    """
    said = SAID["saturation"]
    good, bad = 0, 0
    best: Load | None = None

    def fits(rate: int) -> bool:
        nonlocal good, bad, best
        one = attacked(WORK[name](served), rate, said["seconds"], folder)
        print(f"    {rate}/s: {one.said()}", flush=True)
        if one.good == 1 and one.p99 <= said["limit"]:
            good, best = rate, one
            return True
        bad = rate
        time.sleep(PAUSE_SECONDS)  # what waits is worked off
        return False

    all(map(fits, said["rates"]))
    for _ in range(said["middles"] if bad else 0):
        fits((good + bad) // 2)
    return good, best


# ---- what is measured


class Row(NamedTuple):
    """A line of the report."""

    database: str
    work: str
    found: str
    aim: str
    load: float


def measured(given: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """Yield each figure as it is measured."""
    for database in given.on:
        with ExitStack() as closing:
            if database == "sqlite":
                url = f"sqlite:///{folder}/ledger.db"
            else:
                own = closing.enter_context(servers.server(safe=True))
                url = own.fresh()
            with serving(url, folder / database) as served:
                yield from _one(served, database, given, folder)
            if database == "postgresql" and given.two:
                yield from _two(own, given, folder)


def _one(served: Served, database: str, given: argparse.Namespace, folder: Path) -> Iterator[Row]:
    for name in given.only or WORK:
        said = SAID["work"][name]
        attacked(WORK[name](served), said["rate"] // 2, given.warm, folder)
        before = served.spent()
        found = attacked(WORK[name](served), said["rate"], given.seconds, folder)
        each = (served.spent() - before) / (said["rate"] * given.seconds) * 1000
        told = f"{found.said()}; {each:.1f} ms of processor time each"
        yield Row(database, f"{said['says']}, {said['rate']}/s", told, f"p99 {said['p99']} ms", found.load)
    memory = served.memory()
    yield Row(
        database, "memory of each worker", f"{max(memory)} MB", f"{SAID['memory_a_worker']} MB", os.getloadavg()[0]
    )
    for name in ("hooks", "submit") if given.full else ():
        rate, there = saturated(served, name, folder)
        if there is not None:
            yield Row(database, f"{name}: full at", f"{rate}/s, {there.said()}", "said", there.load)
            if name == "hooks":
                price = SAID["price"]
                dollars = price["dollars_an_hour"] / 3600 / rate * 1e6
                said = f"{dollars:.2f} dollars ({price['dollars_an_hour']} an hour for {price['of']}, assumed)"
                yield Row(database, "a million hooks", said, "said", there.load)


def _two(own: servers.Server, given: argparse.Namespace, folder: Path) -> Iterator[Row]:
    """Yield how much more two servers of one worker each do than one."""
    for name in ("hooks", "submit"):
        found = {}
        for count in (1, 2):
            with serving(own.fresh(), folder / f"two-{name}-{count}", servers_=count, workers=1) as served:
                attacked(WORK[name](served), 20, given.warm, folder)
                found[count] = saturated(served, name, folder)
        (one, _), (two, there) = found[1], found[2]
        if one and there is not None:
            yield Row(
                "postgresql",
                f"{name}: two servers of a worker each",
                f"{two}/s where one does {one}/s: {two / one:.2f} times",
                "1.8 times",
                there.load,
            )


def report(rows: list[Row], began: str, words: list[str]) -> str:
    """Return the page of the docs."""
    head = (__doc__ or "").split("\n\n")
    body = "".join(f"| {one.database} | {one.work} | {one.found} | {one.aim} | {one.load:.1f} |\n" for one in rows)
    return (
        f"# How fast the exchange is\n\n{head[2].strip()}\n\n"
        f"Made by `python bench/exchange.py {' '.join(words)}`. {began}\n\n"
        f"| database | work | found | aim | load |\n|---|---|---|---|---|\n{body}"
    )


def main() -> None:
    """Measure, and print or write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=SAID["seconds"])
    parser.add_argument("--warm", type=int, default=SAID["warm"])
    parser.add_argument("--on", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--only", action="append", choices=tuple(WORK))
    parser.add_argument("--no-saturation", dest="full", action="store_false")
    parser.add_argument("--no-two", dest="two", action="store_false")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    given.on = given.on or ["sqlite", "postgresql"]
    vegeta()
    began = machine()
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for one in measured(given, Path(folder)):
            print(f"  {one.database}: {one.work}: {one.found} (aim {one.aim}; load {one.load:.1f})", flush=True)
            rows.append(one)
    words = [one for one in sys.argv[1:] if one != "--write" and Path(one) != given.write]
    page = report(rows, began, words)
    if given.write:
        given.write.write_text(page, "utf-8")
    else:
        print(page)


if __name__ == "__main__":
    main()
