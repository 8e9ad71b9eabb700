"""A plan with its people, for tests of the ledger: a clinic, nurses, a director, reviewers of appeals, an admin."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import insert, select

from priorauth.ledger import acts  # noqa: F401 - what does the acts
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.decisions import Reason
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.events import Who
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.tables import METADATA
from priorauth.ledger.work import Act, Done, Refused, perform

TENANT: Final = "plan"
NOW: Final = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
EXAMPLES: Final = Path(__file__).parents[2] / "examples"
FIRST: Final = date(2020, 1, 1)
LAST: Final = date(2030, 12, 31)

SYSTEM: Final = Who(TENANT, None, "system")
COORDINATOR: Final = Who(TENANT, "cora", "coordinator", "clinic")
OTHER_CLINIC: Final = Who(TENANT, "otto", "coordinator", "other-clinic")
NURSE: Final = Who(TENANT, "nina", "nurse")
SECOND_NURSE: Final = Who(TENANT, "nora", "nurse")
DIRECTOR: Final = Who(TENANT, "dora", "director")
BELOW: Final = Who(TENANT, "dirk", "appeals")
"""A reviewer of appeals who stands below the director."""
APPEALS: Final = Who(TENANT, "apu", "appeals")
ADMIN: Final = Who(TENANT, "adam", "admin")
EVERYONE: Final = (COORDINATOR, OTHER_CLINIC, NURSE, SECOND_NURSE, DIRECTOR, BELOW, APPEALS, ADMIN)
LICENCE: Final = "MA-12345"
REASON: Final = Reason(
    criterion="II.A.T.7",
    asks="a newest HbA1c above 7.0 %",
    found="6.9 % on 6 October 2026, a laboratory result",
    why_not="6.9 is not above 7.0",
    would_show="a newer result above 7.0 %, or a reason for an exception",
)


def done(store: Store, act: Act, who: Who = SYSTEM, now: datetime = NOW) -> Done:
    """Do an act that has to be done."""
    found = perform(store, act, who, now)
    assert isinstance(found, Done), found
    return found


def refused(store: Store, act: Act, who: Who = SYSTEM, now: datetime = NOW) -> Refused:
    """Try an act that has to be refused."""
    found = perform(store, act, who, now)
    assert isinstance(found, Refused), found
    return found


def furnish(store: Store, **settings: Any) -> None:
    """Set the plan up with its people: with the rows that its acts leave, which are done once for all tests."""
    rows = _rows(json.dumps(settings, sort_keys=True))
    with store.writing(TENANT) as connection:
        if connection.execute(select(METADATA.tables["tenant"].c.tenant)).first() is not None:
            return
        for table in METADATA.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])


@cache
def _rows(settings: str) -> dict[str, list[dict[str, Any]]]:
    """Return by table the rows of a furnished plan."""
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/ledger.db")
        set_up(store, **json.loads(settings))
        with store.reading(TENANT) as connection:
            found = {one.name: connection.execute(select(one)).mappings().all() for one in METADATA.sorted_tables}
        store.close()
    return {name: [dict(row) for row in rows] for name, rows in found.items()}


def set_up(store: Store, **settings: Any) -> None:
    """Set the plan up with its people, act by act."""
    done(store, setup.SetUp(title="A plan", zone="America/New_York", settings=settings))
    for name in ("clinic", "other-clinic"):
        done(store, setup.AddOrganisation(organisation=name, kind="clinic", title=name.title()))
    for who in EVERYONE:
        above = "dora" if who is BELOW else None
        done(
            store,
            setup.AddPerson(
                person=str(who.person),
                title=f"{who.person} {who.role}".title(),
                supervisor=above,
                organisation=who.organisation,
            ),
        )
        done(store, setup.GrantRole(person=str(who.person), role=who.role, valid_from=FIRST))
    for who in (DIRECTOR, BELOW, APPEALS):
        licence = LICENCE if who is DIRECTOR else f"{LICENCE}-{who.person}"
        done(
            store,
            setup.AddLicence(
                person=str(who.person),
                licence=licence,
                kind="MD",
                state="MA",
                specialty="endocrinology",
                valid_from=FIRST,
                valid_until=LAST,
            ),
        )
    done(store, setup.MaySign(line="*", kind="MD", state="*"))


def example(name: str) -> bytes:
    """Return a Bundle of the examples."""
    return (EXAMPLES / f"{name}.json").read_bytes()


def received(store: Store, name: str, who: Who = COORDINATOR, now: datetime = NOW, **more: Any) -> str:
    """Receive an example; return the number of its case."""
    found = done(store, Receive(bundle=example(name), **more), who, now)
    assert found.case is not None
    return found.case
