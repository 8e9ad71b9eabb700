"""What every command of a ledger is asked: which database, which tenant; and how its faults become one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

import click

from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.ledger.store import Store

DEFAULT: Final = "sqlite:///priorauth.db"
db: Final = click.option(
    "--db",
    "url",
    metavar="URL",
    default=DEFAULT,
    show_default=True,
    help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
)
tenant: Final = click.option("--tenant", metavar="ID", help="whose ledger; a SQLite file has only one")
Opened = Literal["upgraded", "whole", "any"]


@contextmanager
def ledger(url: str, how: Opened = "whole") -> Iterator[Store]:
    """Return an open ledger; raises LedgerRefused for whatever its database has to say.

    ``how``: brought up to this program's schema, refused where it is of another, or of any schema that we know.
    """
    needs()
    from sqlalchemy.exc import SQLAlchemyError

    from priorauth.ledger import faults, schema, store

    opens = {"upgraded": schema.open_store, "whole": schema.open_whole, "any": schema.open_any}
    found = opens[how](url)
    try:
        yield found
    except SQLAlchemyError as fault:
        raise store.refused(found.name, faults.said(fault)) from None
    finally:
        found.close()


def needs() -> None:
    """Refuse in one line where the ledger's libraries are not installed."""
    try:
        import alembic  # noqa: F401 - whether it is there
        import sqlalchemy  # noqa: F401 - as above
    except ImportError:
        raise refused("the ledger needs SQLAlchemy and Alembic: pip install 'priorauth[server]'") from None


def whose(store: Store, given: str | None) -> str:
    """Return the tenant that was named, or the only one of a SQLite file; raises InputRefused."""
    from sqlalchemy import text

    if given is not None:
        return given
    if store.dialect != "sqlite":
        raise refused("--tenant: expected the id of the tenant: a PostgreSQL database may hold several")
    with store.engine.connect() as connection:
        found = connection.execute(text("SELECT tenant FROM tenant")).scalars().all()
    if not found:
        raise refused(f"{store.name}: there is no tenant in it yet")
    return str(found[0])
