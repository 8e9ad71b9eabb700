"""Who may sign in: a person who works here, with the roles that she holds today; and what her plan has set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from priorauth.ledger import tables as t
from priorauth.ledger.allowed import defaults, rights

_NOBODYS: Final = ("rule", "system")
"""Roles that no person holds."""


class Plan(NamedTuple):
    """A tenant as signing in needs it."""

    tenant: str
    name: str
    zone: ZoneInfo
    settings: Mapping[str, Any]

    def number(self, name: str) -> int:
        """Return a number of its settings, else the one that holds where it says nothing."""
        return int(self.settings.get(name, defaults()[name]))

    def day(self, now: datetime) -> date:
        """Return the day on which a moment falls for the plan."""
        return now.astimezone(self.zone).date()


class Person(NamedTuple):
    """Somebody who works here; ``roles`` are those that she holds today, in the order of the table of rights."""

    person: str
    name: str
    organisation: str | None
    roles: tuple[str, ...]
    details: Mapping[str, Any]


def plan(connection: Connection, tenant: str) -> Plan | None:
    """Return a tenant; None where there is none of that name."""
    one = t.tenant.c
    row = connection.execute(select(one.name, one.zone, one.settings).where(one.tenant == tenant)).first()
    return None if row is None else Plan(tenant, row.name, ZoneInfo(row.zone), row.settings)


def person(connection: Connection, of: Plan, name: str, now: datetime) -> Person | None:
    """Return somebody who works here; None where nobody of that name does."""
    return next(iter(_found(connection, of, now, name)), None)


def everybody(connection: Connection, of: Plan, now: datetime) -> list[Person]:
    """Return all who work here and hold a role today, by name."""
    return [one for one in _found(connection, of, now, None) if one.roles]


def _found(connection: Connection, of: Plan, now: datetime, name: str | None) -> list[Person]:
    one, held, day = t.person.c, t.role.c, of.day(now)
    query = select(one.person, one.name, one.organisation, one.details).where(one.tenant == of.tenant, one.active)
    roles = select(held.person, held.role).where(
        held.tenant == of.tenant,
        held.valid_from <= day,
        or_(held.valid_until.is_(None), held.valid_until >= day),
    )
    if name is not None:
        query, roles = query.where(one.person == name), roles.where(held.person == name)
    holding: dict[str, set[str]] = {}
    for row in connection.execute(roles):
        holding.setdefault(row.person, set()).add(row.role)
    known = [role for role in rights().roles if role not in _NOBODYS]
    return [
        Person(
            row.person,
            row.name,
            row.organisation,
            tuple(role for role in known if role in holding.get(row.person, ())),
            row.details,
        )
        for row in connection.execute(query.order_by(one.name, one.person))
    ]
