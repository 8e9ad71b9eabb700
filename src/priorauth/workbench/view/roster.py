"""The people of a plan as its administrator sees them: who may do what, from when to when; what two have to grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Table, select

from priorauth.ledger import proposed
from priorauth.ledger import tables as t
from priorauth.workbench.rights import people as roles
from priorauth.workbench.visit import Visit
from priorauth.workbench.words import ROLE

ROLES: Final = tuple((one, ROLE[one]) for one in roles())
"""The roles that people hold, as a choice."""
Row = Mapping[str, Any]


class Person(Struct, frozen=True, kw_only=True):
    """Somebody with her roles of today; ``later`` are roles that begin another day."""

    row: Row
    roles: tuple[str, ...]
    later: tuple[str, ...]
    licences: tuple[Row, ...]


class Proposal(Struct, frozen=True, kw_only=True):
    """A role that is proposed; ``own``: by who looks at it, so that another has to grant it."""

    row: Row
    subject: str
    by: str
    role: str
    valid_from: date
    valid_until: date | None
    own: bool


class Roster(Struct, frozen=True, kw_only=True):
    """All people, what is proposed, and the organisations."""

    people: tuple[Person, ...]
    proposals: tuple[Proposal, ...]
    organisations: tuple[Row, ...]

    @property
    def names(self) -> dict[str, str]:
        """The names of people by id."""
        return {one.row["person"]: one.row["name"] for one in self.people}

    @property
    def above(self) -> list[tuple[str, str]]:
        """People as a choice."""
        return list(self.names.items())

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Organisations as a choice."""
        return [(one["organisation"], one["name"]) for one in self.organisations]


def roster(visit: Visit) -> Roster:
    """Return everybody, by name."""
    day = visit.now.astimezone(visit.zone).date()
    with visit.store.reading(visit.session.tenant) as connection:
        people, held, licences, organisations, proposals = (
            _rows(connection, visit.session.tenant, table)
            for table in (t.person, t.role, t.licence, t.organisation, t.proposal)
        )
    names = {one["person"]: one["name"] for one in people}
    return Roster(
        people=tuple(
            Person(
                row=one,
                roles=_held(held, one["person"], day, now=True),
                later=_held(held, one["person"], day, now=False),
                licences=tuple(row for row in licences if row["person"] == one["person"]),
            )
            for one in sorted(people, key=lambda one: (not one["active"], one["name"], one["person"]))
        ),
        proposals=tuple(
            _proposal(one, names, visit)
            for one in sorted(proposals, key=lambda one: (one["proposed_at"], one["proposal"]))
            if one["kind"] == proposed.KIND and one["outcome"] is None
        ),
        organisations=tuple(sorted(organisations, key=lambda one: (one["name"], one["organisation"]))),
    )


def roles_of(visit: Visit, person: str) -> tuple[Row, ...]:
    """Return every role that somebody has had, the newest first."""
    with visit.store.reading(visit.session.tenant) as connection:
        found = [one for one in _rows(connection, visit.session.tenant, t.role) if one["person"] == person]
    return tuple(sorted(found, key=lambda one: (one["valid_from"], one["role"]), reverse=True))


def rows(visit: Visit, table: Table) -> list[Row]:
    """Return the rows of a table of the plan, by its key."""
    with visit.store.reading(visit.session.tenant) as connection:
        return _rows(connection, visit.session.tenant, table)


def _rows(connection: Connection, tenant: str, table: Table) -> list[Row]:
    query = select(table).where(table.c.tenant == tenant).order_by(*table.primary_key)
    return [dict(one) for one in connection.execute(query).mappings()]


def _held(held: Iterable[Row], person: str, day: date, *, now: bool) -> tuple[str, ...]:
    found = {
        one["role"]
        for one in held
        if one["person"] == person
        and (one["valid_from"] <= day) == now
        and (one["valid_until"] is None or one["valid_until"] >= day)
    }
    return tuple(ROLE[one] for one, _ in ROLES if one in found)


def _proposal(one: Row, names: Mapping[str, str], visit: Visit) -> Proposal:
    data = one["data"]
    last = data["valid_until"]
    return Proposal(
        row=one,
        subject=names.get(one["subject"], one["subject"]),
        by=names.get(one["proposed_by"], one["proposed_by"]),
        role=data["role"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_until=None if last is None else date.fromisoformat(last),
        own=one["proposed_by"] == visit.who.person,
    )
