"""Runs done again from their recorded inputs, under the settings that held then: the same bytes, or what differs."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from priorauth.errors import PriorAuthError
from priorauth.ledger import runs
from priorauth.ledger import tables as t
from priorauth.ledger.compose import Input, Json, compose
from priorauth.ledger.events import NO_CASE
from priorauth.ledger.readings import held
from priorauth.ledger.store import Store, connect

_AT_ONCE: Final = 50
_SMALL_BYTES: Final = 1_000_000
"""Up to which size bytes are fetched for all runs that are done again at once."""
_SEALS: Final = ("sha256", "rows")
"""Pins that follow from the inputs and from what was decided: that they differ explains nothing."""
Verdict = Literal["same", "pinned", "alarm"]


class Replayed(NamedTuple):
    """A run done again: ``pinned`` names what it rests on and is another now; an alarm is a difference without one."""

    case_no: str
    number: int
    verdict: Verdict
    said: str


class Settings(NamedTuple):
    """The settings of a tenant from a moment on."""

    since: datetime
    settings: Json
    zone: str


def replay(store: Store, tenant: str, since: date | None = None) -> Iterator[Replayed]:
    """Do the runs of a tenant again, all, or those since a day."""
    with store.reading(tenant) as connection:
        listed = _numbers(connection, tenant, since)
        for start in range(0, len(listed), _AT_ONCE):
            yield from _some(connection, tenant, listed[start : start + _AT_ONCE])


def replay_case(store: Store, tenant: str, case_no: str) -> Iterator[Replayed]:
    """Do the runs of one case again."""
    with store.reading(tenant) as connection:
        one = t.run.c
        query = select(one.number).where(one.tenant == tenant, one.case_no == case_no)
        listed = [(case_no, number) for number in sorted(connection.execute(query).scalars())]
        yield from _some(connection, tenant, listed)


def replay_beside(url: str, tenant: str, since: date | None, jobs: int) -> Iterator[Replayed]:
    """Do the runs again in several processes; what they find comes in the same order."""
    store = connect(url)
    try:
        with store.reading(tenant) as connection:
            listed = _numbers(connection, tenant, since)
    finally:
        store.close()
    parts = [listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE)]
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for found in pool.map(partial(_part, url, tenant), parts):
            yield from found


def _part(url: str, tenant: str, numbers: Sequence[tuple[str, int]]) -> list[Replayed]:
    store = connect(url)
    try:
        with store.reading(tenant) as connection:
            return list(_some(connection, tenant, numbers))
    finally:
        store.close()


def _numbers(connection: Connection, tenant: str, since: date | None) -> list[tuple[str, int]]:
    one = t.run
    query = select(one.c.case_no, one.c.number).where(one.c.tenant == tenant)
    if since is not None:
        query = query.where(one.c.at >= datetime.combine(since, time(), UTC))
    return sorted((str(row.case_no), int(row.number)) for row in connection.execute(query))


def _some(connection: Connection, tenant: str, numbers: Sequence[tuple[str, int]]) -> Iterator[Replayed]:
    """Do some runs again; they and what they read are fetched together."""
    history = settings_of(connection, tenant)
    one, wanted = t.run, set(numbers)
    cases = sorted({case_no for case_no, _ in numbers})
    query = select(one).where(one.c.tenant == tenant, one.c.case_no.in_(cases)).order_by(one.c.case_no, one.c.number)
    rows = [row for row in connection.execute(query) if (row.case_no, row.number) in wanted]
    content = _contents(connection, tenant, {each["sha256"] for row in rows for each in row.inputs})
    for row in rows:
        yield _again(row, content, history)


def _contents(connection: Connection, tenant: str, shas: Iterable[str]) -> Callable[[str], bytes]:
    """Return what gives the bytes of a sha256, or raises LookupError: small ones are fetched at once."""
    one = t.blob.c
    small = select(one.sha256, one.bytes).where(
        one.tenant == tenant, one.sha256.in_(sorted(shas)), one.size <= _SMALL_BYTES
    )
    kept: dict[str, bytes] = {row.sha256: row.bytes for row in connection.execute(small)}

    def content(sha: str) -> bytes:
        if sha in kept:
            return kept[sha]
        found: bytes | None = connection.execute(
            select(one.bytes).where(one.tenant == tenant, one.sha256 == sha)
        ).scalar()
        if found is None:
            raise LookupError(sha)
        return found

    return content


def settings_of(connection: Connection, tenant: str) -> list[Settings]:
    """Return the settings that a tenant has had, the oldest first."""
    one = t.event
    query = select(one.c.at, one.c.data).where(one.c.tenant == tenant, one.c.case_no == NO_CASE)
    found: list[Settings] = []
    for row in connection.execute(query.order_by(one.c.number)):
        for change in row.data.get("set", {}).get(t.tenant.name, ()):
            if "settings" in change:
                before = found[-1].zone if found else "UTC"
                found.append(Settings(row.at, change["settings"], change.get("zone", before)))
    return found


def then(history: Iterable[Settings], at: datetime) -> Json:
    """Return the settings that held at a moment, with the readings published by that day."""
    found: Settings | None = None
    for one in history:
        if one.since <= at or found is None:
            found = one
    return {} if found is None else held(found.settings, at.astimezone(ZoneInfo(found.zone)).date())


def _again(row: Row[Any], content: Callable[[str], bytes], history: Iterable[Settings]) -> Replayed:
    said = partial(Replayed, row.case_no, row.number)
    try:
        made = runs.ran(compose([Input(**one) for one in row.inputs], content), then(history, row.at))
    except LookupError as fault:
        return said("alarm", f"blob {str(fault.args[0])[:12]} is not there")
    except PriorAuthError as fault:
        return said("alarm", f"cannot be run again: {fault.faults[0] if fault.faults else type(fault).__name__}")
    if made.determinations == row.determinations and made.rows == row.rows:
        return said("same", "the same bytes")
    engine = {"engine"} if row.engine != runs.ENGINE else set()
    if differing := sorted(engine | _differing(row.pins, made.pins)):
        return said("pinned", f"another {', '.join(differing)} than then")
    return said("alarm", "differs, and everything it rests on is the same")


def _differing(then: Json, now: Json) -> set[str]:
    """Return the names of the pins that are not what they were, of any item."""
    return {
        name
        for item in then.keys() & now.keys()
        for name in then[item].keys() | now[item].keys()
        if name not in _SEALS and then[item].get(name) != now[item].get(name)
    }
