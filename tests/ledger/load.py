"""Writers under load, each a process of its own that can be killed; what each was told stands in a file on disk.

A line of the file says what is tried, the next one what was answered. Each act bears its key as a mark (the name of a
document, the why of an event), so that it can be counted afterwards in the ledger itself.
"""

from __future__ import annotations

import json
import os
import signal
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import func, select

from priorauth.ledger import runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.acts.queues import Assign, Take
from priorauth.ledger.compose import Composed
from priorauth.ledger.events import Who
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect
from priorauth.ledger.work import Act, Done, Refused, perform
from tests.ledger.house import COORDINATOR, NOW, NURSE, TENANT, example

Json = dict[str, Any]
MOST: Final = 100_000
BUNDLES: Final = tuple(example(name) for name in ("review", "ask", "approve"))


class Told(NamedTuple):
    """What a writer was told, by key: how an act was answered, or None where it was not answered yet."""

    tried: dict[str, Json]
    answers: dict[str, Json | None]

    @property
    def cases(self) -> list[str]:
        return [one["case"] for key, one in self.answers.items() if one and self.tried[key]["kind"] == "receive"]

    @property
    def open(self) -> list[str]:
        return [key for key, one in self.answers.items() if one is None]


def told(log: Path) -> Told:
    """Read the file of a writer; a last line that was cut short says nothing."""
    found = Told({}, {})
    for line in log.read_bytes().split(b"\n")[:-1] if log.exists() else ():
        one = json.loads(line)
        if "kind" in one:
            found.tried[one["key"]] = one
            found.answers.setdefault(one["key"], None)
        else:
            found.answers[one["key"]] = one
    return found


def write(url: str, log: Path, most: int = MOST) -> None:
    """Act until killed, or so many times; what was under way when another was killed is repeated first."""
    store = connect(url)
    known = told(log)
    cases, number = known.cases, len(known.tried)
    waiting = [known.tried[key] for key in known.open]
    with log.open("ab", buffering=0) as file:
        for _ in range(most):
            tried = waiting.pop(0) if waiting else _next(log.stem, number, cases)
            if tried["key"] not in known.tried:
                number += 1
                _line(file, tried)
            answer = persistent(store, *_act(tried), NOW + timedelta(seconds=number))
            code = answer.code if isinstance(answer, Refused) else None
            case = answer.case if isinstance(answer, Done) else None
            _line(file, {"key": tried["key"], "case": case, "refused": code})
            if tried["kind"] == "receive" and case:
                cases.append(case)
    store.close()


def persistent(store: Store, act: Act, who: Who, now: Any) -> Done | Refused:
    """Do an act, again with its key for as long as it is not known whether it was done."""
    for _ in range(1200):
        found = perform(store, act, who, now)
        if not isinstance(found, Refused) or found.code != "not-known":
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def _line(file: Any, said: Json) -> None:
    file.write(json.dumps(said).encode() + b"\n")
    os.fsync(file.fileno())


def _next(name: str, number: int, cases: list[str]) -> Json:
    draw = np.random.default_rng([number, *name.encode()])
    kind = str(draw.choice(["receive", "file", "take", "assign", "read"])) if cases else "receive"
    case = cases[int(draw.integers(len(cases)))] if kind != "receive" else None
    return {"key": f"{name}-{number}", "kind": kind, "case": case, "of": number % len(BUNDLES)}


def _act(tried: Json) -> tuple[Act, Who]:
    key, case = tried["key"], tried["case"]
    paper = File(title=key, media="text/plain", content=key.encode())
    match tried["kind"]:
        case "receive":
            return Receive(bundle=BUNDLES[tried["of"]], files=(paper,), key=key), COORDINATOR
        case "file":
            return FileDocument(case=case, file=paper, key=key), COORDINATOR
        case "take":
            return Take(case=case, why=key, key=key), NURSE
        case "assign":
            return Assign(case=case, person="nora", why=key, key=key), NURSE
        case _:
            return Read(case=case, what="the page", why=key, key=key), NURSE


def warmed() -> None:
    """Load once what every writer needs, before any is begun: policies, grammar, readers."""
    for bundle in BUNDLES:
        runs.ran(Composed(bundle, (), ()), {})


def begun(work: Callable[[], None]) -> int:
    """Begin a process that does some work and ends; return its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # NumPy has threads, which do nothing here
        child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def killed(child: int) -> None:
    """Kill a process as a machine kills it: without a word."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def ended(child: int) -> int:
    """Wait for a process; return its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Kept(NamedTuple):
    """What the ledger has of what was told: acts acknowledged, those under way, and what is wrong."""

    acknowledged: int
    under_way: int
    of_them_done: int
    faults: list[str]


def kept(url: str, logs: Iterable[Path]) -> Kept:
    """Compare the ledger with what its writers were told: each acknowledged act once, each other one whole or not."""
    store = open_store(url)
    try:
        with store.reading(TENANT) as connection:
            marks: Counter[str] = Counter()
            for table, column in ((t.document, t.document.c.name), (t.event, t.event.c.why)):
                query = select(column, func.count()).where(table.c.tenant == TENANT, column.is_not(None))
                marks.update({str(name): int(count) for name, count in connection.execute(query.group_by(column))})
            keys = set(connection.execute(select(t.idempotency.c.key)).scalars())
            one = t.outbox
            sent = select(one.c.case_no, func.count()).where(one.c.kind == "received").group_by(one.c.case_no)
            out = {str(case_no): int(count) for case_no, count in connection.execute(sent)}
    finally:
        store.close()
    found = [told(log) for log in logs]
    faults = [fault for one in found for fault in _compared(one, marks, keys, out)]
    pending = [key for one in found for key in one.open]
    return Kept(
        sum(len(one.answers) for one in found) - len(pending), len(pending), len(keys.intersection(pending)), faults
    )


def _compared(found: Told, marks: Counter[str], keys: set[str], out: dict[str, int]) -> Iterator[str]:
    for key, answer in found.answers.items():
        count, kind = marks[key], found.tried[key]["kind"]
        if answer is None:
            wanted = int(key in keys)
        else:
            wanted = int(answer["refused"] is None)
            if wanted != (key in keys):
                yield f"{key}: acknowledged, and its key is not there"
            if kind == "receive" and wanted and out.get(answer["case"]) != 1:
                yield f"{key}: nothing put out for case {answer['case']}"
        if count != wanted:
            yield f"{key}: expected {wanted} time, found {count}"
