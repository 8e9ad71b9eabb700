"""What if: past cases decided again with one thing changed, a reading or the version of a policy; nothing is written.

A case is its newest run, done again from the inputs that it kept, under the settings that held then with the change
laid over them. What it found then is what it is held against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, and_, func, select

from priorauth.decide.determine import decided_by
from priorauth.errors import Fault, InputRefused, PolicyFaults
from priorauth.ledger import runs
from priorauth.ledger import tables as t
from priorauth.ledger.care.replay import Settings, settings_of, then
from priorauth.ledger.compose import Composed, Input, compose
from priorauth.ledger.readings import READINGS
from priorauth.policy.catalog import Catalog, reading_of
from priorauth.values import dates

UNREAD: Final = "cannot be read again"


class Change(NamedTuple):
    """What is changed of a policy: a reading and its value, or the version that is in force whatever the day."""

    policy: str
    reading: str = ""
    value: str = ""
    version: str = ""


class Past(NamedTuple):
    """A case as it stands in the list of those that a change may concern."""

    case_no: str
    received: date
    run: int
    sha256: str


class Item(NamedTuple):
    """An item of a past case: its outcome then, and the one with the change."""

    case_no: str
    item: str
    before: str
    after: str

    @property
    def moved(self) -> bool:
        """Whether the change changes it."""
        return self.before != self.after


def past(connection: Connection, tenant: str, policy: str) -> list[Past]:
    """Return the cases under a policy, the one received last first, each with its newest run."""
    case, run = t.cases, t.run
    same = [run.c[name] == case.c[name] for name in ("tenant", "received", "case_no")]
    mine = and_(*same, run.c.number == case.c.runs)
    query = (
        select(case.c.case_no, case.c.received, run.c.number, run.c.sha256)
        .join_from(case, run, mine)
        .where(case.c.tenant == tenant, case.c.policy == policy)
        .order_by(case.c.received_at.desc(), case.c.case_no.desc())
    )
    return [Past(*row) for row in connection.execute(query)]


def counted(connection: Connection, tenant: str) -> dict[str, int]:
    """Return by policy how many cases there are under it."""
    one = t.cases
    query = select(one.c.policy, func.count()).where(one.c.tenant == tenant, one.c.policy.is_not(None))
    return {str(policy): int(count) for policy, count in connection.execute(query.group_by(one.c.policy))}


def again(connection: Connection, tenant: str, change: Change, cases: Sequence[Past]) -> dict[Past, tuple[Item, ...]]:
    """Decide cases again with a change; an item that cannot be read again has :data:`UNREAD` for its outcome."""
    history = settings_of(connection, tenant)
    one = t.run
    found: dict[Past, tuple[Item, ...]] = {}
    for case in cases:
        mine = (one.c.tenant == tenant, one.c.received == case.received, one.c.case_no == case.case_no)
        query = select(one).where(*mine, one.c.number == case.run)
        row = connection.execute(query).one()
        after = _after(connection, tenant, row, history, change)
        found[case] = tuple(
            Item(case.case_no, item, before, after.get(item, UNREAD)) for item, before in sorted(row.outcomes.items())
        )
    return found


def _after(
    connection: Connection, tenant: str, row: Row[Any], history: Sequence[Settings], change: Change
) -> Mapping[str, str]:
    def content(sha: str) -> bytes:
        one = t.blob
        query = select(one.c.bytes).where(one.c.tenant == tenant, one.c.sha256 == sha)
        found: bytes | None = connection.execute(query).scalar()
        if found is None:
            raise InputRefused(Fault(None, None, "an input is not there"))
        return found

    settings = then(history, row.at)
    try:
        composed = compose([Input(**one) for one in row.inputs], content)
        return _outcomes(composed, settings, changed(settings, change))
    except (InputRefused, PolicyFaults):
        return {}


def changed(settings: Mapping[str, Any], change: Change) -> Catalog:
    """Return the policies of some settings with a change; raises PolicyFaults where a policy cannot have it."""
    found = runs.catalog(settings)
    readings = dict(settings.get(READINGS) or {})
    if change.reading:
        readings[reading_of(change.policy, change.reading)] = change.value
    if readings:
        found = found.with_readings(readings)
    if change.version:
        by_day: dict[str, Path] = {dates.iso(first): file for first, file in found.files.get(change.policy, ())}
        if change.version not in by_day:
            raise PolicyFaults(Fault(None, None, f"{change.policy} has no version from {change.version[:20]}"))
        found = found.held_to(change.policy, by_day[change.version])
    return found


def _outcomes(composed: Composed, settings: Mapping[str, Any], catalog: Catalog) -> dict[str, str]:
    made = decided_by(
        catalog, composed.bundle, judgments=composed.judgments or None, logbook=runs.logbook_of(composed, settings)
    )
    return {str(one.determination.item): one.determination.outcome for one in made}
