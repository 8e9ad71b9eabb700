"""A case handed out: every row of it, the bytes of its papers, and a manifest of checksums, in one zip.

The same case gives the same bytes. ``papers`` is where a case file for people comes in, as PDF: it is given the
transaction and returns files by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, Table, select

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.care import archive
from priorauth.ledger.care.verify import BLOBS
from priorauth.ledger.columns import Packed, canonical
from priorauth.ledger.events import Json
from priorauth.ledger.store import Store, refused

KIND: Final = "case"
FORMAT: Final = 1
_PEOPLE: Final = ("person", "signer", "filed_by", "made_by", "owner")
"""Columns that name a person."""
Papers = Callable[[Connection, str, str], Mapping[str, bytes]]


class Exported(Struct, frozen=True):
    """What was handed out: the case, rows by table, how many blobs, and the sha256 of the file."""

    case: str
    rows: dict[str, int]
    blobs: int
    sha256: str


def export(store: Store, tenant: str, case_no: str, path: Path, papers: Papers | None = None) -> Exported:
    """Write a case into a zip; raises LedgerRefused."""
    rows: dict[str, int] = {}
    with store.reading(tenant) as connection:
        one = t.cases
        query = select(one.c.head).where(one.c.tenant == tenant, one.c.case_no == case_no)
        head = connection.execute(query).scalar()
        if head is None:
            raise refused(store.name, f"no case {case_no[:32]}")
        with archive.writing(path) as file:
            shas, people = set[str](), set[str]()
            for table in sorted(_tables(), key=lambda table: table.name):
                found = [dict(row) for row in connection.execute(_of_case(table, tenant, case_no)).mappings()]
                rows[table.name] = len(found)
                shas |= set(_shas(table, found))
                people |= {str(row[name]) for row in found for name in _PEOPLE if row.get(name) is not None}
                for row in found:
                    _large(file, table, row)
                file.add(f"{table.name}.ndjson", (canonical(row) + b"\n" for row in found))
            file.add("person.ndjson", _named(connection, tenant, people))
            for sha in sorted(shas):
                file.add(f"blobs/{sha}", [_content(connection, tenant, sha)])
            for name, content in sorted((papers(connection, tenant, case_no) if papers else {}).items()):
                file.add(name, [content])
            broken = events.broken(_chain(connection, tenant, case_no))
            said = {"kind": KIND, "format": FORMAT, "tenant": tenant, "case": case_no, "rows": rows, "head": head}
            file.end({**said, "chain": broken or "holds"})
    return Exported(case_no, rows, len(shas), archive.sha256(path))


def _tables() -> Iterator[Table]:
    yield from (table for table in t.METADATA.sorted_tables if "case_no" in table.c)


def _of_case(table: Table, tenant: str, case_no: str) -> Any:  # noqa: ANN401 - a query
    query = select(table).where(table.c.tenant == tenant, table.c.case_no == case_no)
    return query.order_by(*table.primary_key)


def _shas(table: Table, rows: Iterable[Json]) -> Iterator[str]:
    for row in rows:
        yield from (row[name] for one, name in BLOBS if one is table and row[name] is not None)
        if table is t.run:
            yield from (read["sha256"] for read in row["inputs"])


def _large(file: archive.Archive, table: Table, row: Json) -> None:
    """Put the bytes of a row into a member of their own, and its name into the row."""
    for name, column in table.c.items():
        if isinstance(column.type, Packed) and row[name] is not None:
            member = f"{table.name}/{row['number']}.{name}.json"
            file.add(member, [row[name]])
            row[name] = member


def _named(connection: Connection, tenant: str, people: set[str]) -> Iterator[bytes]:
    one = t.person
    query = select(one.c.person, one.c.name, one.c.organisation).where(one.c.tenant == tenant)
    for row in connection.execute(query.order_by(one.c.person)).mappings():
        if row["person"] in people:
            yield canonical(dict(row)) + b"\n"


def _content(connection: Connection, tenant: str, sha: str) -> bytes:
    one = t.blob
    found: bytes = connection.execute(
        select(one.c.bytes).where(one.c.tenant == tenant, one.c.sha256 == sha)
    ).scalar_one()
    return found


def _chain(connection: Connection, tenant: str, case_no: str) -> Iterator[Row[Any]]:
    one = t.event
    query = select(one).where(one.c.tenant == tenant, one.c.case_no == case_no)
    yield from connection.execute(query.order_by(one.c.number))
