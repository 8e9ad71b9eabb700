"""What goes wrong with a machine, done on purpose: processes killed, servers stopped, connections cut. Full disks stand
in tests/ledger/disks.py.

Each function brings a fault about so many times under load, and returns what was found afterwards. The tests call them
with small numbers, bench/faults.py with large ones.
"""

from __future__ import annotations

import ctypes
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from select import select as wait
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.queues import Assign
from priorauth.ledger.care.verify import verify
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect
from priorauth.ledger.work import Done, Refused, perform
from tests.ledger.house import DIRECTOR, NOW, NURSE, TENANT, furnish, received
from tests.ledger.load import Kept, begun, ended, kept, killed, persistent, warmed, write
from tests.servers import Server

WRITERS: Final = 2
OFTEN: Final = 25
"""After so many faults the whole ledger is verified; after each the acts are counted."""


class Found(NamedTuple):
    """What was found: faults brought about, acts acknowledged, acts under way when it struck, of them done; faults."""

    struck: int
    acknowledged: int
    under_way: int
    of_them_done: int
    faults: tuple[str, ...]


def whole(url: str) -> tuple[str, ...]:
    """Verify a ledger that is opened anew."""
    store = open_store(url)
    try:
        return verify(store, TENANT).faults
    finally:
        store.close()


def begin(url: str) -> None:
    """Make an empty ledger with its people."""
    store = open_store(url)
    furnish(store)
    store.close()
    warmed()


def killing(url: str, folder: Path, kills: int, seed: int = 1) -> Found:
    """Kill writers at random moments, so many times; the next ones go on where they were."""
    begin(url)
    draw = np.random.default_rng(seed)
    logs = [folder / f"writer{place}" for place in range(WRITERS)]
    struck = under_way = of_them_done = 0
    faults: list[str] = []
    found = Kept(0, 0, 0, [])
    while struck < kills and not faults:
        children = [begun(lambda log=log: write(url, log)) for log in logs]  # type: ignore[misc]
        for child, log in zip(children, logs, strict=True):
            _working(log, float(draw.uniform(0.05, 0.6)))
            killed(child)
            struck += 1
        found = kept(url, logs)
        under_way, of_them_done = under_way + found.under_way, of_them_done + found.of_them_done
        faults += found.faults
        if struck % OFTEN < WRITERS:
            faults += whole(url)
    return Found(struck, found.acknowledged, under_way, of_them_done, (*faults, *whole(url)))


def _working(log: Path, seconds: float) -> None:
    """Wait until a writer has been told something, or for a while; then so long."""
    was = log.stat().st_size if log.exists() else 0
    for _ in range(30):
        if log.exists() and log.stat().st_size > was + 200:
            break
        time.sleep(0.05)
    time.sleep(seconds)


def stopping(server: Server, url: str, folder: Path, stops: int, seed: int = 1) -> Found:
    """Stop the server as a loss of power stops it, so many times, while writers write; they repeat what they must."""
    begin(url)
    draw = np.random.default_rng(seed)
    logs = [folder / f"writer{place}" for place in range(WRITERS)]
    children = [begun(lambda log=log: write(url, log)) for log in logs]  # type: ignore[misc]
    try:
        for _ in range(stops):
            time.sleep(float(draw.uniform(0.05, 0.6)))
            server.stop("immediate")
            server.start()
        time.sleep(1)
    finally:
        for child in children:
            killed(child)
    found = kept(url, logs)
    return Found(stops, found.acknowledged, found.under_way, found.of_them_done, (*found.faults, *whole(url)))


# ---- connections


class Wire:
    """A wire between client and server that may be cut when the client says COMMIT: before it goes on, or after."""

    def __init__(self, port: int) -> None:
        self.port, self.cut = port, ""
        self._heard = socket.create_server(("127.0.0.1", 0))
        self.own: int = self._heard.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._heard.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self.port)) as server:
            while True:
                for one in wait([client, server], [], [])[0]:
                    data = one.recv(1 << 16)
                    if not data:
                        return
                    if one is client and self.cut and b"COMMIT" in data:
                        how, self.cut = self.cut, ""
                        if how == "after":
                            server.sendall(data)
                            server.recv(1 << 16)  # the server has answered: it is done, and nobody hears of it
                        return
                    (server if one is client else client).sendall(data)

    def close(self) -> None:
        self._heard.close()


@contextmanager
def wired(server: Server, url: str) -> Iterator[tuple[Wire, Store]]:
    """Return a wire to a server's database, and the database as it is seen through it."""
    wire = Wire(server.port)
    store = connect(url.replace(f":{server.port}/", f":{wire.own}/"))
    try:
        yield wire, store
    finally:
        store.close()
        wire.close()


def cutting(server: Server, url: str, cuts: int) -> Found:
    """Cut the connection within a commit, so many times, before and after it reached the server; repeat each act."""
    begin(url)
    faults: list[str] = []
    done_before = 0
    with wired(server, url) as (wire, store):
        case = received(store, "review")
        for number in range(cuts):
            how = ("after", "before")[number % 2]
            act = Assign(case=case, person="nora", why=f"cut {number}", key=f"cut-{number}")
            wire.cut = how
            first = perform(store, act, NURSE, NOW)
            if not (isinstance(first, Refused) and first.code == "not-known"):
                faults.append(f"cut {number}, {how}: expected not-known, found {first}")
            was = _version(store, case)
            again = persistent(store, act, NURSE, NOW)
            if not isinstance(again, Done) or again.version != _version(store, case):
                faults.append(f"cut {number}, {how}: repeated, found {again}")
            done_before += was == _version(store, case)
        if _version(store, case) != cuts + 1:
            faults.append(f"expected version {cuts + 1}, found {_version(store, case)}")
    return Found(cuts, cuts, cuts, done_before, (*faults, *whole(url)))


def _version(store: Store, case: str) -> int:
    """Return the version of a case."""
    with store.reading(TENANT) as connection:
        found: int = connection.execute(select(t.cases.c.version).where(t.cases.c.case_no == case)).scalar_one()
        return found


# ---- several at once


def several(url: str, folder: Path, acts: int, processes: int = 5) -> Found:
    """Let processes act on the same cases at once, and two of them decide each case at the same moment."""
    begin(url)
    store = open_store(url)
    cases = [received(store, "review") for _ in range(max(4, acts // 100))]
    store.close()
    children = [
        begun(lambda place=place: _contend(url, cases, place, acts // processes, folder))  # type: ignore[misc]
        for place in range(processes)
    ]
    codes = [ended(child) for child in children]
    faults = [f"process {place}: ended with {code}" for place, code in enumerate(codes) if code]
    told = [line.split() for place in range(processes) for line in (folder / f"acts{place}").read_text().splitlines()]
    decided = [case for what, case, answer in told if what == "approve" and answer == "done"]
    faults += [f"case {case}: decided {decided.count(case)} times" for case in cases if decided.count(case) != 1]
    done = sum(answer == "done" for _, _, answer in told)
    return Found(len(told), done, len(told) - done, 0, (*faults, *whole(url)))


def _contend(url: str, cases: list[str], place: int, acts: int, folder: Path) -> None:
    """Act on the cases in turn; on the last round decide, at the version that was seen."""
    store = connect(url)
    with (folder / f"acts{place}").open("w") as log:
        for number in range(acts):
            case = cases[number % len(cases)]
            deciding = number >= acts - len(cases) and place < WRITERS
            seen = _version(store, case)
            act = (
                Approve(case=case, version=seen, why="shown", key=f"{place}-{number}")
                if deciding
                else Assign(case=case, version=seen, person="nora", key=f"{place}-{number}")
            )
            found = persistent(store, act, DIRECTOR, NOW + timedelta(seconds=number))
            while deciding and isinstance(found, Refused) and found.code == "stale":
                act = Approve(case=case, version=_version(store, case), why="shown", key=f"{place}-{number}")
                found = persistent(store, act, DIRECTOR, NOW + timedelta(seconds=number))
            answer = "done" if isinstance(found, Done) else found.code
            log.write(f"{'approve' if deciding else 'assign'} {case} {answer}\n")
    store.close()


# ---- files


@contextmanager
def as_nobody() -> Iterator[None]:
    """Let the block run with the rights of nobody, where the tests run as root, to whom no right is refused.

    On Linux these are the rights to files, of this thread alone: servers of other tests go on.
    """
    takes = getattr(ctypes.CDLL(None), "setfsuid", os.seteuid)
    was = os.geteuid()
    if was == 0:
        takes(65534)
    try:
        yield
    finally:
        if was == 0:
            takes(0)


def flipped(path: Path, page: int, size: int = 4096, change: Callable[[bytes], bytes] | None = None) -> None:
    """Change a page of a file: every bit of it, where nothing else is asked."""
    with path.open("r+b") as file:
        file.seek(page * size)
        was = file.read(size)
        file.seek(page * size)
        file.write(change(was) if change else bytes(byte ^ 0xFF for byte in was))
