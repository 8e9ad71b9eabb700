"""Whether a ledger is whole: chains, versions, numbers without gaps, blobs by hash, references, state against events.

Everything found is one line that names rows by table and number and quotes nothing of a patient.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, Table, and_, func, literal, select, text

from priorauth.ledger import events, rebuild
from priorauth.ledger import tables as t
from priorauth.ledger.store import Store

_HELD: Final = 200
"""How many rows with large contents are fetched at a time."""
_NUMBERED: Final = (t.submission, t.document, t.proposal_word, t.word, t.decision, t.notice, t.call, t.run)
"""Tables whose rows are counted from 1 within a case."""
BLOBS: Final = ((t.submission, "sha256"), (t.document, "sha256"), (t.notice, "html"), (t.notice, "pdf"))
"""Columns that name a blob; the inputs of runs name some too."""
_REFERS: Final = (
    (t.word, "run", t.run),
    (t.proposal_word, "run", t.run),
    (t.proposal_word, "document", t.document),
    (t.reading, "document", t.document),
    (t.decision, "run", t.run),
    (t.notice, "run", t.run),
    (t.notice, "decision", t.decision),
    (t.mailing, "notice", t.notice),
    (t.notice_state, "notice", t.notice),
    (t.filed_in_error, "document", t.document),
    (t.approval, "decision", t.decision),
)
"""Columns that name the number of a row of the same case, with the table that it stands in."""


class Verified(Struct, frozen=True):
    """What was looked at, by how many, and every fault found."""

    counts: dict[str, int]
    faults: tuple[str, ...]

    def said(self) -> list[tuple[str, int]]:
        """Return the counts with words for people."""
        words = {"cases": "cases", "event": "events", "run": "runs", "blob": "blobs"}
        return [(words[name], count) for name, count in self.counts.items()]


def verify(store: Store, tenant: str) -> Verified:
    """Look a tenant's ledger through, at one moment; other work may go on beside it."""
    with store.reading(tenant) as connection:
        return verified(connection, tenant)


def verified(connection: Connection, tenant: str) -> Verified:
    """Look a tenant's ledger through, in a transaction."""
    counts = {
        table.name: connection.execute(select(func.count()).where(table.c.tenant == tenant)).scalar_one()
        for table in (t.cases, t.event, t.run, t.blob)
    }
    if not connection.execute(select(t.tenant.c.tenant).where(t.tenant.c.tenant == tenant)).first():
        return Verified(counts, (f"no tenant is named {tenant[:64]}",))
    faults = [line for look in _LOOKS for line in look(connection, tenant)]
    return Verified(counts, tuple(faults))


def _pages(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield what SQLite itself finds: pages, indexes, foreign keys."""
    del tenant
    if connection.dialect.name != "sqlite":
        return
    for (found,) in connection.execute(text("PRAGMA integrity_check(20)")):
        if found != "ok":
            yield f"the file: {' '.join(str(found).split())[:160]}"
    lost = Counter(str(row[0]) for row in connection.execute(text("PRAGMA foreign_key_check")))
    for table, count in sorted(lost.items()):
        yield f"{table}: {count} {_rows(count)} refer to what is not there"


def _chains(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield the chains that do not hold, end elsewhere than their case says, run backward or skip a version."""
    case = t.cases
    ends = {
        row.case_no: row
        for row in connection.execute(select(case.c.case_no, case.c.events, case.c.head).where(case.c.tenant == tenant))
    }
    seen = set()
    for case_no, rows in _by_chain(connection, tenant):
        seen.add(case_no)
        named = f"case {case_no}" if case_no else "the tenant"
        if fault := events.broken(rows):
            yield f"{named}: {fault}"
        elif case_no and ((end := ends.get(case_no)) is None or (end.events, end.head) != (len(rows), rows[-1].hash)):
            yield f"{named}: its events end elsewhere than the case says"
        yield from (f"{named}: {fault}" for fault in _order(rows))
    for case_no in sorted(ends.keys() - seen):
        yield f"case {case_no}: has no events"


def broken(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield the chains of events that do not hold in themselves."""
    for case_no, rows in _by_chain(connection, tenant):
        if fault := events.broken(rows):
            yield f"{f'case {case_no}' if case_no else 'the tenant'}: {fault}"


def _by_chain(connection: Connection, tenant: str) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Yield the events of one chain after the other."""
    one = t.event
    query = select(one).where(one.c.tenant == tenant).order_by(one.c.case_no, one.c.number)
    for case_no, rows in groupby(_streamed(connection, query), key=lambda row: str(row.case_no)):
        yield case_no, list(rows)


def _order(rows: list[Row[Any]]) -> Iterator[str]:
    at: datetime | None = None
    before = (0, 0)
    for row in rows:
        if at is not None and row.at < at:
            yield f"event {row.number} was before the one before it"
        versions = (row.from_version, row.to_version)
        if row.case_no and versions != before and (row.from_version != before[1] or row.to_version > before[1] + 1):
            yield f"event {row.number}: expected version {before[1]}, found {row.from_version} to {row.to_version}"
        at, before = row.at, versions


def _numbers(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield gaps: cases of a year, and numbered rows of a case."""
    one = t.cases
    found = set(connection.execute(select(one.c.case_no).where(one.c.tenant == tenant)).scalars())
    for row in connection.execute(select(t.counter).where(t.counter.c.tenant == tenant)):
        wanted = (f"{row.year % 100:02}-{number:04}" for number in range(1, row.next))
        yield from (f"case {case_no}: is not there" for case_no in wanted if case_no not in found)
    for table in _NUMBERED:
        number = table.c.number
        query = select(table.c.case_no).where(table.c.tenant == tenant).group_by(table.c.case_no)
        gaps = query.having((func.max(number) != func.count()) | (func.min(number) != 1))
        for case_no in connection.execute(gaps.order_by(table.c.case_no)).scalars():
            yield f"{table.name} of case {case_no}: a number is missing"
    last = select(func.count()).where(t.run.c.tenant == tenant, t.run.c.case_no == one.c.case_no).scalar_subquery()
    less = select(one.c.case_no).where(one.c.tenant == tenant, one.c.runs != last).order_by(one.c.case_no)
    for case_no in connection.execute(less).scalars():
        yield f"case {case_no}: has not as many runs as it says"


def _blobs(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield blobs that are not what their hash says, runs too, blobs that are missing, and blobs of nothing."""
    one = t.blob
    there = set()
    for row in _streamed(connection, select(one).where(one.c.tenant == tenant)):
        there.add(row.sha256)
        if hashlib.sha256(row.bytes).hexdigest() != row.sha256 or len(row.bytes) != row.size:
            yield f"blob {row.sha256[:12]}: is not what its hash says"
    wanted: dict[str, str] = {}
    for table, name in BLOBS:
        column = table.c[name]
        query = select(column, table.c.case_no).where(table.c.tenant == tenant, column.is_not(None)).distinct()
        wanted |= {sha: f"{table.name} of case {case_no}" for sha, case_no in connection.execute(query)}
    one = t.run
    columns = (one.c.case_no, one.c.number, one.c.inputs, one.c.determinations, one.c.sha256)
    for row in _streamed(connection, select(*columns).where(one.c.tenant == tenant)):
        if hashlib.sha256(row.determinations).hexdigest() != row.sha256:
            yield f"run {row.number} of case {row.case_no}: is not what its hash says"
        wanted |= {read["sha256"]: f"run {row.number} of case {row.case_no}" for read in row.inputs}
    yield from (f"{wanted[sha]}: blob {sha[:12]} is not there" for sha in sorted(wanted.keys() - there))
    yield from (f"blob {sha[:12]}: belongs to nothing" for sha in sorted(there - wanted.keys()))


def _drafts(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield papers of drafts that are not what their hash says."""
    one = t.draft_blob
    for row in _streamed(connection, select(one).where(one.c.tenant == tenant).order_by(one.c.draft, one.c.sha256)):
        if hashlib.sha256(row.bytes).hexdigest() != row.sha256:
            yield f"draft {row.draft}: paper {row.sha256[:12]} is not what its hash says"


def _references(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield rows of a case that is not there, and rows that name a row of their case that is not there."""
    for table in t.METADATA.sorted_tables:
        if "case_no" in table.c and table not in (t.cases, t.event):
            lost = _lost(table, t.cases, table.c.case_no.is_not(None))
            yield from _counted(connection, tenant, table, lost, "belong to a case that is not there")
    for table, name, other in _REFERS:
        there = table.c[name].is_not(None)
        lost = _lost(table, other, there, other.c.number == table.c[name])
        yield from _counted(connection, tenant, table, lost, f"name a {other.name} that is not there")


def _lost(table: Table, other: Table, *conditions: Any) -> Any:  # noqa: ANN401 - SQL expressions
    """Return the condition that a row of a table has no row of another of the same case."""
    wanted, same = conditions[0], conditions[1:]
    found = select(literal(1)).where(other.c.tenant == table.c.tenant, other.c.case_no == table.c.case_no, *same)
    return and_(wanted, ~found.correlate(table).exists())


def _counted(connection: Connection, tenant: str, table: Table, lost: Any, said: str) -> Iterator[str]:  # noqa: ANN401 - as above
    query = select(func.count()).select_from(table).where(table.c.tenant == tenant, lost)
    if count := connection.execute(query).scalar_one():
        yield f"{table.name}: {count} {_rows(count)} {said}"


def _streamed(connection: Connection, query: Any) -> Iterator[Row[Any]]:  # noqa: ANN401 - a query
    """Yield rows without holding all of them."""
    yield from connection.execute(query, execution_options={"yield_per": _HELD})


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


_LOOKS: Final[tuple[Callable[[Connection, str], Iterator[str]], ...]] = (
    _pages,
    _chains,
    _numbers,
    _blobs,
    _drafts,
    _references,
    rebuild.differences,
)
