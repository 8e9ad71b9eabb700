"""Two servers and three workers of the outbox, each a program of its own, over one PostgreSQL, and clients that ask
both at once: what each was told is held against the ledger, and what was delivered against the outbox.

Every act bears its key as its reason, so that it can be counted in the events. One act in eight is sent to both servers
at the same moment under one key. At the end every client decides every case. A worker is killed every four seconds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from sqlalchemy import func, select

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect
from tests.ledger.delivering import SECRET, WORD, Receiver, receiver, waiting
from tests.ledger.faulty import Found, whole
from tests.ledger.house import COORDINATOR, DIRECTOR, NURSE, SECOND_NURSE, TENANT, example, furnish
from tests.server.running import FHIR, named
from tests.server.test_serving import ROOT, becomes_ready, ended, program

CLIENTS: Final = 5
WORKERS: Final = 3
ON_EACH: Final = 100
"""How many acts a case sees."""
BOTH: Final = 8
"""One act in so many is sent to both servers at once."""
KILLED_SECONDS: Final = 4.0
AGAIN: Final = (429, 503)
"""Answers after which an act is sent again with its key."""
JSON: Final = {"Content-Type": "application/json"}
REVIEW: Final = example("review")


class Asked(NamedTuple):
    """An act as a client sends it."""

    key: str
    who: Who
    path: str
    body: bytes
    version: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        media = FHIR if self.path == "cases" else JSON
        seen = {} if self.version is None else {"If-Match": self.version}
        return {**named(self.who), **media, **seen, "Idempotency-Key": self.key}


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    body: dict[str, Any]

    @property
    def done(self) -> bool:
        return self.status in (200, 201)


class Client:
    """Somebody who asks two servers, from an address of her own, and keeps what she was told."""

    def __init__(self, place: int, servers: list[str], seen: dict[str, int]) -> None:
        at = [(urlsplit(one).hostname or "", urlsplit(one).port or 0) for one in servers]
        own = (f"127.0.0.{place + 2}", 0)  # how often one may ask is counted by address
        self.lines = [HTTPConnection(host, port, timeout=60, source_address=own) for host, port in at]
        self.place, self.seen = place, seen
        self.told: list[tuple[Asked, Answer]] = []
        self.faults: list[str] = []

    def close(self) -> None:
        for line in self.lines:
            line.close()

    def act(self, cases: list[str], acts: int) -> None:
        """Do so many acts on the cases, by turns at one server and the other."""
        for number in range(acts):
            draw = np.random.default_rng([self.place, number])
            key = f"{self.place}-{number}"
            case = cases[int(draw.integers(len(cases)))]
            if number % 25 == 0:
                asked = Asked(key, COORDINATOR, "cases", REVIEW)
            else:
                version = "*" if draw.integers(3) == 0 else f'"{self.seen[case]}"'
                who = (NURSE, SECOND_NURSE, DIRECTOR)[int(draw.integers(3))]
                body = json.dumps({"person": "nora", "why": key}).encode()
                asked = Asked(key, who, f"cases/{case}/acts/assign", body, version)
            if number % BOTH == 0:
                self.twice(asked)
            else:
                self.keep(asked, self.ask(asked, number))

    def twice(self, asked: Asked) -> None:
        """Send an act to both servers at the same moment: it is done once, and both say so."""
        sent = [_sent(line, asked) for line in self.lines]
        heard = [_heard(line) if one else None for line, one in zip(self.lines, sent, strict=True)]
        answers = [
            self.ask(asked, place) if one is None or one.status in AGAIN else one for place, one in enumerate(heard)
        ]
        if any(one.done for one in answers) and answers[0].body != answers[1].body:
            self.faults.append(f"{asked.key}: two answers to one key: {[one.status for one in answers]}")
        self.keep(asked, answers[0])

    def ask(self, asked: Asked, turn: int) -> Answer:
        """Send an act to one server; again with its key while it is not known whether it was done."""
        for more in range(100):
            line = self.lines[(turn + more) % len(self.lines)]
            found = _heard(line) if _sent(line, asked) else None
            if found is not None and found.status not in AGAIN:
                return found
            time.sleep(0.1)
        raise AssertionError(asked.key, found)

    def keep(self, asked: Asked, found: Answer) -> None:
        self.told.append((asked, found))
        if found.status >= 500:
            self.faults.append(f"{asked.key}: {found.status}")
        if (case := _case(asked)) is not None:
            since = found.body.get("since") or [{}]
            self.seen[case] = max(self.seen[case], found.body.get("version") or since[-1].get("version") or 1)

    def decide(self, cases: list[str]) -> None:
        """Approve each case, on the version that it has, unless another was first."""
        for number, case in enumerate(cases):
            key = f"{self.place}-decides-{case}"
            body = json.dumps({"why": key}).encode()
            for _ in range(1000):
                asked = Asked(key, DIRECTOR, f"cases/{case}/acts/approve", body, f'"{self.seen[case]}"')
                found = self.ask(asked, number + self.place)
                self.keep(asked, found)
                if not found.body.get("type", "").endswith(":stale"):
                    break
                self.told.pop()


def _case(asked: Asked) -> str | None:
    return None if asked.path == "cases" else asked.path.split("/")[1]


def _sent(line: HTTPConnection, asked: Asked) -> bool:
    """Send an act; whether that could be done: a server closes a line on which nothing was said for a while."""
    try:
        line.request("POST", f"/api/v1/{asked.path}", asked.body, asked.headers)
    except (OSError, HTTPException):
        line.close()
        return False
    return True


def _heard(line: HTTPConnection) -> Answer | None:
    """Return what a server answered; None where the line broke, and it is not known whether the act was done."""
    try:
        answer = line.getresponse()
        return Answer(answer.status, json.loads(answer.read()))
    except (OSError, HTTPException):
        line.close()
        return None


# ---- programs


def _worker(url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "priorauth", "ledger", "outbox", "deliver", "--watch", "--tenant", TENANT]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, "--db", url], env=environment, stdout=quiet, stderr=quiet)


@contextmanager
def _workers(url: str) -> Iterator[None]:
    """Let workers deliver, and kill one after the other while the block runs."""
    kept, stop = [_worker(url) for _ in range(WORKERS)], threading.Event()

    def kills() -> None:
        turn = 0
        while not stop.wait(KILLED_SECONDS):
            place = turn % WORKERS
            kept[place].kill()
            kept[place].wait()
            kept[place] = _worker(url)
            turn += 1

    killer = threading.Thread(target=kills)
    killer.start()
    try:
        yield
    finally:
        stop.set()
        killer.join()
        store = connect(url)
        for _ in range(1200):
            if not waiting(store, TENANT):
                break
            time.sleep(0.1)
        store.close()
        for one in kept:
            one.kill()
            one.wait()


@contextmanager
def _secret() -> Iterator[None]:
    """Let the programs that are started know the secret of the receiver."""
    os.environ[SECRET] = WORD.decode()
    try:
        yield
    finally:
        del os.environ[SECRET]


def crowded(url: str, folder: Path, acts: int) -> Found:
    """Let so many acts be done by two servers at once; return what was found afterwards."""
    faults: list[str] = []
    with ExitStack() as open_, receiver() as hook:
        open_.enter_context(_secret())
        store = open_store(url)
        furnish(store, receivers={"*": {"url": hook.url, "secret": SECRET}})
        store.close()
        words = ("--tenant", TENANT)
        servers = [open_.enter_context(program(url, folder / f"log{place}", *words)) for place in range(2)]
        faults += [f"{address} is not ready" for _, address in servers if not becomes_ready(address)]
        addresses = [address for _, address in servers]
        with _workers(url):
            clients, cases = _all_act(addresses, acts)
        faults += [
            f"a server ended with {code}" for run, _ in servers if (code := ended(run)) not in (0, -signal.SIGTERM)
        ]
        told = [one for client in clients for one in client.told]
        faults += [fault for client in clients for fault in client.faults]
        store = connect(url)
        faults += [*_acts(store, told), *_decided(store, cases, told), *_delivered(store, hook)]
        store.close()
    done = sum(answer.done for _, answer in told)
    return Found(len(told), done, len(told) - done, 0, (*faults, *whole(url)))


def _all_act(addresses: list[str], acts: int) -> tuple[list[Client], list[str]]:
    seen: dict[str, int] = defaultdict(lambda: 1)
    clients = [Client(place, addresses, seen) for place in range(CLIENTS)]
    first = clients[0]
    cases = []
    for number in range(max(4, acts // ON_EACH)):
        asked = Asked(f"first-{number}", COORDINATOR, "cases", REVIEW)
        first.keep(asked, found := first.ask(asked, number))
        cases.append(str(found.body["case"]))
    each = (acts - len(cases) * (1 + CLIENTS)) // CLIENTS
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda one: one.act(cases, each), clients))
        list(pool.map(lambda one: one.decide(cases), clients))
    for client in clients:
        client.close()
    return clients, cases


# ---- what has to hold


def _acts(store: Store, told: list[tuple[Asked, Answer]]) -> Iterator[str]:
    """Yield each act that is not in the ledger as often as it was told, and each version that two were given."""
    one = t.event.c
    with store.reading(TENANT) as connection:
        query = select(one.why, func.count()).where(one.tenant == TENANT, one.why.is_not(None)).group_by(one.why)
        there = {str(why): int(count) for why, count in connection.execute(query)}
        query = select(one.case_no, func.count(one.to_version.distinct()))
        query = query.where(one.tenant == TENANT, one.to_version > one.from_version)
        changed = {str(case): int(count) for case, count in connection.execute(query.group_by(one.case_no))}
        versions = dict(connection.execute(select(t.cases.c.case_no, t.cases.c.version)).all())
    given: dict[str, list[int]] = defaultdict(list)
    for asked, answer in told:
        case = _case(asked)
        if case is None:
            continue
        if there.get(asked.key, 0) != answer.done:
            yield f"{asked.key}: acknowledged {int(answer.done)} times, found {there.get(asked.key, 0)}"
        if answer.done:
            given[case].append(answer.body["version"])
    for case, listed in given.items():
        if sorted(listed) != list(range(2, len(listed) + 2)) or versions[case] != len(listed) + 1:
            yield f"case {case}: {len(listed)} acts, {len(set(listed))} versions, the last {versions[case]}"
        if changed[case] != versions[case]:
            yield f"case {case}: {changed[case]} versions have an event, the last is {versions[case]}"


def _decided(store: Store, cases: list[str], told: list[tuple[Asked, Answer]]) -> Iterator[str]:
    """Yield each case that was not decided once, and each request that is not one case."""
    one = t.decision.c
    with store.reading(TENANT) as connection:
        rows = connection.execute(select(one.case_no, func.count()).group_by(one.case_no))
        found = {str(case): int(count) for case, count in rows}
        number = connection.execute(select(func.count()).select_from(t.cases)).scalar_one()
    said = Counter(_case(asked) for asked, answer in told if asked.path.endswith("approve") and answer.done)
    yield from (f"case {case}: decided {said[case]} times" for case in cases if said[case] != 1)
    yield from (f"case {case}: {count} decisions" for case, count in found.items() if count != 1)
    received = [answer.body["case"] for asked, answer in told if asked.path == "cases" and answer.done]
    if len(set(received)) != len(received) or number != len(received):
        yield f"{len(received)} requests were acknowledged, as {len(set(received))} cases; the ledger has {number}"


def _delivered(store: Store, hook: Receiver) -> Iterator[str]:
    """Yield what a receiver who keeps ids did not get once, or got in another order than the case's own."""
    with store.reading(TENANT) as connection:
        rows = connection.execute(select(t.outbox.c.number, t.outbox.c.kind, t.outbox.c.case_no)).all()
    ids = Counter(one["id"] for one in hook.first())
    if set(ids) != {f"{TENANT}-{row.number}" for row in rows}:
        yield f"{len(rows)} messages were put out, {len(ids)} came"
    of_case = Counter((row.kind, row.case_no) for row in rows)
    yield from (
        f"case {case}: {kind} was put out {count} times" for (kind, case), count in of_case.items() if count > 1
    )
    bodies: dict[str, set[str]] = defaultdict(set)
    for one in hook.came:
        bodies[one["id"]].add(json.dumps(one, sort_keys=True))
    yield from (f"message {name}: it says two things" for name, said in bodies.items() if len(said) > 1)
    order: dict[str, list[str]] = defaultdict(list)
    for one in hook.first():
        order[one["case"]].append(one["kind"])
    yield from (
        f"case {case}: {kinds}" for case, kinds in order.items() if kinds not in (["received"], ["received", "decided"])
    )
    yield from (one for one in hook.wrong if "signature" in one)
