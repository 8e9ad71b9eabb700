"""Disks that are full, on purpose: under a SQLite file, under a database of PostgreSQL, under a whole server of it.

Each function fills a small disk so many times with something else, lets acts run into it, makes room, repeats what was
refused, and returns what was found. A small disk is a file system in memory, which wants root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import func, select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import Done, Refused, perform
from tests.ledger.faulty import Found, begin, whole
from tests.ledger.house import COORDINATOR, NOW, TENANT, received
from tests.servers import SUPER, Server, server

FULL: Final = "the disk is full: make room; repeat the act with the same key"
SIZES: Final = (100, 10_000, 100_000)
"""Bytes of the documents that are filed on a full disk: what fits into a page that is there, and what does not."""
UNTIL_FULL: Final = 2_000
"""So many acts at most until the log of a server wants a new file."""
LEFT: Final = 700_000
"""So many bytes are left where a page of a table finds room, and a new file of the log, of a megabyte, does not."""


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """Return a folder on a small disk of its own, which everybody may write to; raises CalledProcessError."""
    folder = Path(tempfile.mkdtemp(prefix="priorauth-disk-"))
    folder.chmod(0o755)
    try:
        options = f"size={size},mode=0777"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
    finally:
        folder.rmdir()


@cache
def may_mount() -> bool:
    """Whether a small disk can be made here."""
    if os.geteuid() != 0:
        return False
    try:
        with small_disk("1m"):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def filled(folder: Path, left: int = 0) -> Path:
    """Fill a disk until so many bytes are left; return the file that does it."""
    ballast = folder / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 12))
    os.truncate(ballast, ballast.stat().st_size - left)
    return ballast


def filling_sqlite(fills: int) -> Found:
    """Fill the disk of a SQLite file so many times."""
    with small_disk("8m") as folder:
        return _filling(f"sqlite:///{folder}/l.db", fills, folder)


def filling_postgresql(running: Server, fills: int) -> Found:
    """Fill the disk of one database so many times: the log of the server and its other databases have room."""
    with small_disk("64m") as folder:
        shutil.chown(folder, SUPER, SUPER)
        running.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
        url = running.fresh("small")
        try:
            return _filling(url, fills, folder)
        finally:
            running.sql(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
            running.sql("DROP TABLESPACE small")


def _filling(url: str, fills: int, folder: Path) -> Found:
    begin(url)
    store = open_store(url)
    case = received(store, "review")
    faults: list[str] = []
    refused = done = 0
    for number in range(fills):
        ballast = filled(folder)
        for size in SIZES:
            act = _paper(case, number, size)
            found = perform(store, act, COORDINATOR, NOW)
            if isinstance(found, Refused):
                refused += 1
                faults += [f"{act.key}: {found.reason}"] if found.reason != FULL else []
                ballast.unlink()
                found = perform(store, act, COORDINATOR, NOW)
                ballast.touch()
            done += isinstance(found, Done)
        ballast.unlink()
    if done != len(SIZES) * fills or not refused:
        faults.append(f"expected {len(SIZES) * fills} acts, found {done}; {refused} were refused for want of room")
    faults += _counted(store, case, done)
    store.close()
    return Found(fills, done, refused, 0, (*faults, *whole(url)))


def filling_server(fills: int) -> Found:
    """Fill the disk of a whole server so many times, by turns its log first; start it where it ended."""
    with small_disk("128m") as folder, server(safe=True, within=folder, segment=1) as running:
        url = running.fresh()
        begin(url)
        store = open_store(url)
        case = received(store, "review")
        faults: list[str] = []
        done = 0
        for number in range(fills):
            of_log = number % 2
            ballast = filled(folder, LEFT * of_log)
            for place in range(UNTIL_FULL):
                act = _paper(case, number, (100 if of_log else 20_000) + place)
                found = perform(store, act, COORDINATOR, NOW)
                if isinstance(found, Refused):
                    break
                done += 1
            else:
                faults.append(f"fill {number}: nothing was refused")
            if isinstance(found, Refused) and (found.code != "not-known" or "\n" in found.reason):
                faults.append(f"{act.key}: {found.code}: {found.reason}")
            ballast.unlink()
            done += isinstance(_revived(running, store, act), Done)
        faults += _counted(store, case, done)
        store.close()
        return Found(fills, done, fills, 0, (*faults, *whole(url)))


def _revived(running: Server, store: Store, act: FileDocument) -> Done | Refused:
    """Repeat an act until it is known what became of it; start the server where it ended."""
    for _ in range(600):
        if not running.lives():
            running.start()
        found = perform(store, act, COORDINATOR, NOW)
        if not isinstance(found, Refused) or found.code != "not-known":
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def _paper(case: str, number: int, size: int) -> FileDocument:
    """Return the act that files so many bytes of noise, which nothing compresses."""
    key = f"full-{number}-{size}"
    paper = File(title=key, media="image/tiff", content=np.random.default_rng([number, size]).bytes(size))
    return FileDocument(case=case, file=paper, key=key)


def _counted(store: Store, case: str, done: int) -> list[str]:
    """Return a fault where a case has other papers than were acknowledged, or one twice."""
    one = t.document.c
    query = select(func.count(), func.count(one.name.distinct())).where(
        one.tenant == TENANT, one.case_no == case, one.name.like("full-%")
    )
    with store.reading(TENANT) as connection:
        found = tuple(connection.execute(query).one())
    return [] if found == (done, done) else [f"expected {done} papers, found {found[0]}, {found[1]} of them others"]
