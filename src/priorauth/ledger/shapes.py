"""What the tables of the ledger are made of: their metadata, and columns, keys and references of one shape."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from priorauth.ledger.columns import Moment

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID: Final = String(64)
CASE: Final = String(32)
SHA: Final = String(64)


def words(name: str, *, needed: bool = True) -> Column[str]:
    """Return a column of a text."""
    return Column(name, Text, nullable=not needed)


def moment(name: str, *, needed: bool = True) -> Column[Any]:
    """Return a column of a moment."""
    return Column(name, Moment, nullable=not needed)


def name(column: str, *, needed: bool = True) -> Column[str]:
    """Return a column of a short name: of a person, a role, a kind."""
    return Column(column, ID, nullable=not needed)


def table(name: str, key: tuple[str, ...], *rest: Any, **options: Any) -> Table:  # noqa: ANN401 - columns and the like
    """Return a table whose key begins with the tenant."""
    return Table(
        name, METADATA, Column("tenant", ID, nullable=False), *rest, PrimaryKeyConstraint("tenant", *key), **options
    )


def of_case() -> Column[str]:
    """Return the column of the number of a case."""
    return Column("case_no", CASE, nullable=False)


def number(name: str = "number") -> Column[int]:
    """Return a column of a count."""
    return Column(name, Integer, nullable=False)


def to(table: str, *columns: str, deferred: bool = False) -> ForeignKeyConstraint:
    """Return a reference to rows of the same tenant; ``deferred``: seen to when the transaction ends."""
    names = [f"{table}.{one}" for one in ("tenant", *columns)]
    here = ["tenant", *columns]
    return ForeignKeyConstraint(here, names, deferrable=deferred or None, initially="DEFERRED" if deferred else None)


def part(name: str, where: str, *columns: Column[Any]) -> None:
    """Index the rows of a table of which something is so."""
    Index(name, *columns, postgresql_where=text(where), sqlite_where=text(where))


def of_document() -> ForeignKeyConstraint:
    """Return the reference of a row to the document of its case."""
    return ForeignKeyConstraint(
        ["tenant", "case_no", "document"], ["document.tenant", "document.case_no", "document.number"]
    )
