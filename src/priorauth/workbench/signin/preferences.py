"""What a person likes of the pages: how close the rows stand, whether single keys do something, filters she keeps."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct, convert, to_builtins
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store, upsert

Density = Literal["comfortable", "compact"]
DENSITIES: Final[tuple[Density, ...]] = ("comfortable", "compact")


class Saved(Struct, frozen=True):
    """A filter of a worklist that she keeps: its name, and the address that it has."""

    title: str
    at: str


class Preferences(Struct, frozen=True):
    """What she likes; ``keys``: single keys move on the worklist and in a case. ``queues``: filters that she keeps."""

    density: Density = "comfortable"
    keys: bool = True
    queues: tuple[Saved, ...] = ()


def of(store: Store, tenant: str, person: str) -> Preferences:
    """Return what a person likes, or what holds where she has said nothing."""
    one = t.preference.c
    with store.reading(tenant) as connection:
        query = select(one.data).where(one.tenant == tenant, one.person == person)
        found = connection.execute(query).scalar()
    return Preferences() if found is None else convert(found, Preferences)


def keep(store: Store, tenant: str, person: str, wanted: Preferences) -> None:
    """Keep what a person likes."""
    one = t.preference
    row = {"tenant": tenant, "person": person, "data": to_builtins(wanted)}
    with store.writing(tenant) as connection:
        added = upsert(connection, one).values(row)
        connection.execute(
            added.on_conflict_do_update(index_elements=[one.c.tenant, one.c.person], set_={"data": row["data"]})
        )
