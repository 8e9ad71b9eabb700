"""What happened to the requests of the demo: an agenda of steps, each at its moment, every one a real act.

A request has one of ten stories, or a part in the cast of a working day (``cast``). A step looks at the case as it
stands and does what its story wants where that may be done; the sweep runs in between, as it does in a server. Nothing
happens after the moment up to which it is told.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from priorauth.ledger import tables as t
from priorauth.ledger.acts import intake
from priorauth.ledger.store import Store
from priorauth.ledger.sweep import sweep
from priorauth.server.demo import people, steps
from priorauth.server.demo.cast import Part, Story, cast
from priorauth.server.demo.requests import made
from priorauth.server.demo.stories import STORIES, WITH_FORM, approved, quick
from priorauth.server.demo.telling import Telling

_MORNING: Final = 9
_DAY: Final = timedelta(days=1)
_SWEEPS: Final = timedelta(hours=12)
_OLD: Final = timedelta(days=70)
_BEFORE: Final = timedelta(days=95)


def is_empty(store: Store, tenant: str) -> bool:
    """Whether a ledger has no case."""
    with store.reading(tenant) as connection:
        one = t.cases
        query = select(func.count()).select_from(one).where(one.c.tenant == tenant)
        return not connection.execute(query).scalar_one()


def fill(store: Store, tenant: str, count: int, now: datetime) -> Telling:
    """Fill an empty ledger with so many requests and what happened to them until the day of ``now`` began."""
    zone = ZoneInfo(people.ZONE)
    midnight = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    until = midnight.astimezone(UTC)
    listed = made(count, (midnight.date() - _DAY).isoformat())
    begin = until - _BEFORE
    telling = Telling(store, tenant, until, begin)
    for act in people.acts(begin):
        telling.act(act, people.system(tenant))
    for place, part in enumerate(cast(listed, midnight.date())):
        day = datetime.fromisoformat(part.request.day).replace(tzinfo=zone, hour=_MORNING)
        moment = (day + timedelta(minutes=place % 400)).astimezone(UTC)
        telling.at(moment, partial(_receive, telling, place, part))
    moment = begin
    while moment < until:
        telling.at(moment, partial(_swept, telling))
        moment += _SWEEPS
    telling.tell()
    return telling


def _swept(telling: Telling) -> None:
    sweep(telling.store, telling.tenant, telling.now)


def _receive(telling: Telling, place: int, part: Part) -> None:
    request = part.request
    who = people.who(steps.CLINIC if place % 3 else "cyrus", None, telling.tenant)
    story, with_form = _told_of(part, place, telling.until - telling.now)
    files = (steps.form_file(request.form),) if with_form and request.form is not None else ()
    found = telling.act(intake.Receive(bundle=request.bundle, channel="portal", files=files), who)
    if found is None or found.case is None:
        return
    for after, step in story(request):
        telling.at(telling.now + after, partial(step, telling, found.case))


def _told_of(part: Part, place: int, ago: timedelta) -> tuple[Story, bool]:
    """Return the story of a request, and whether its form of answers comes with it."""
    if part.story is not None:
        return part.story, True
    if part.request.payer == "masshealth" and part.request.initial and ago > _OLD:
        return approved, True  # a trial that is near its end
    if part.request.payer == "caresource":
        return quick, False  # its states give two days
    return STORIES[place % len(STORIES)], place % len(STORIES) in WITH_FORM
