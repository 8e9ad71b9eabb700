"""``priorauth ledger upgrade``: an empty ledger made, or an older one brought up to this program."""

from __future__ import annotations

from priorauth.cli import output
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked
from priorauth.server import clock


@made("upgrade", "priorauth ledger upgrade", "priorauth ledger upgrade --db sqlite:///plan.db")
@asked.db
def command(*, url: str) -> int:
    """Make an empty ledger, or bring an older one up.

    PostgreSQL is given the parts of a year ahead. A ledger of a newer schema is refused; there is no way down, so
    take a backup before.
    """
    asked.needs()
    from sqlalchemy.exc import SQLAlchemyError

    from priorauth.ledger import faults, parts, schema
    from priorauth.ledger.store import connect, refused

    before = connect(url)
    try:
        was = schema.revision(before)
    except SQLAlchemyError as fault:
        raise refused(before.name, f"cannot be opened: {faults.said(fault)}") from None
    finally:
        before.close()
    with asked.ledger(url, "upgraded") as store:
        now = schema.head()
        said = "made" if was is None else "nothing to do" if was == now else f"brought up from {was}"
        output.line(f"{store.name}: schema {now}, {said}")
        found = parts.ahead(store, clock.now(), parts.A_YEAR)
        if found.made:
            output.line(f"{len(found.made)} parts made, the last {found.made[-1]}")
        if found.lacking:
            raise refused(store.name, f"parts that could not be made: {', '.join(found.lacking)}")
    return 0
