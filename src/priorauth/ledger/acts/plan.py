"""Acts on single settings of a plan: a number, and the days of its own that do not count."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar, Final

from priorauth.ledger import tables as t
from priorauth.ledger.allowed import defaults
from priorauth.ledger.work import Act, Refusal, Work, handles, tenant_chain

CLOSED: Final = "closed_days"
"""The setting that names a plan's own days that do not count: by day what it is called."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_LONGEST: Final = 120


class ChangeNumber(Act, frozen=True, kw_only=True):
    """Change a number of the settings; None: what holds where a plan says nothing."""

    name: ClassVar[str] = "set-up"
    setting: str
    value: int | None


class CloseDay(Act, frozen=True, kw_only=True):
    """Say that a day does not count for the clocks of the plan, or (``open``) that it does again; never a past day."""

    name: ClassVar[str] = "set-up"
    day: date
    title: str
    open: bool = False


@handles(ChangeNumber)
def _change(act: ChangeNumber, work: Work) -> None:
    if act.setting not in defaults():
        raise Refusal("invalid", f"no number of the settings is named {act.setting[:60]}")
    if act.value is not None and not _NUMBER.fullmatch(str(act.value)):
        raise Refusal("invalid", f"the setting {act.setting}: expected a whole number from 1 on")
    settings = _settings(work)
    before = settings.pop(act.setting, None)
    if act.value is not None:
        settings[act.setting] = act.value
    work.set(t.tenant, tenant=work.who.tenant, settings=settings)
    work.event("setting", setting=act.setting, before=before, value=act.value)


@handles(CloseDay)
def _close(act: CloseDay, work: Work) -> None:
    title = act.title.strip()
    if not act.open and not 0 < len(title) <= _LONGEST:
        raise Refusal("invalid", f"expected what the day is called, in at most {_LONGEST} characters")
    if act.day <= work.today():
        raise Refusal("invalid", "expected a day that is still to come: clocks that have run are not counted anew")
    settings = _settings(work)
    days: dict[str, str] = dict(settings.get(CLOSED, {}))
    named = act.day.isoformat()
    if act.open and named not in days:
        raise Refusal("not-found", f"{named} is no closed day of the plan")
    if act.open:
        title = days.pop(named)
    else:
        days[named] = title
    settings[CLOSED] = dict(sorted(days.items()))
    work.set(t.tenant, tenant=work.who.tenant, settings=settings)
    work.event("day opened" if act.open else "day closed", day=named, title=title)


def _settings(work: Work) -> dict[str, Any]:
    """Return the settings as they stand once this act is the only one on the plan."""
    tenant_chain(work)
    (row,) = work.rows(t.tenant)
    return dict(row["settings"])
