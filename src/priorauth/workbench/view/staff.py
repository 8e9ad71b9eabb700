"""The payer's people who work on cases, for whom a case is handed to and whose cases a list shows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.workbench.visit import Visit

ROLES: Final = ("nurse", "director", "appeals")


def staff(visit: Visit, roles: tuple[str, ...] = ROLES) -> tuple[tuple[str, str], ...]:
    """Return who holds one of some roles today, by name: id and name."""
    day = visit.now.astimezone(visit.zone).date()
    who, held = t.person.c, t.role.c
    query = (
        select(who.person, who.name)
        .join(t.role, (held.tenant == who.tenant) & (held.person == who.person))
        .where(
            who.tenant == visit.session.tenant,
            who.active,
            held.role.in_(roles),
            held.valid_from <= day,
            held.valid_until.is_(None) | (held.valid_until >= day),
        )
        .distinct()
        .order_by(who.name, who.person)
    )
    with visit.store.reading(visit.session.tenant) as connection:
        return tuple((row.person, row.name) for row in connection.execute(query))
