"""Appeals: until when one may be filed, counted from the mailing record, and the clock of its decision."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType

import msgspec

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.rules import Appeals, Clock, Kind, Level, Missed, Notice, Question, Urgency
from priorauth.values import dates


class FileBy(msgspec.Struct, frozen=True):
    """The last moment to file, the day it counts from, and whether every figure of it was held against its text."""

    at: dt.datetime
    counts_from: dt.date
    verified: bool


def file_by(level: Level, sent: dt.datetime, calendar: Calendar, received: dt.datetime | None = None) -> FileBy | None:
    """Return until when a level of appeal may be filed; None where nothing has to be filed or no time was read.

    ``sent`` is the moment of the notice by the mailing record, for a level that counts from the request that of the
    request. ``received`` is when the notice is known to have come; the later of this and of what a law presumes counts.
    """
    if level.file is None or level.counts_from is None:
        return None
    verified = level.file.source.verified
    day = calendar.day(sent)
    if level.counts_from == "receipt-of-notice":
        if level.presumed is not None:
            day = calendar.day(d.after(calendar, sent, level.presumed.amount))
            verified = verified and level.presumed.source.verified
        if received is not None:
            day = max(day, calendar.day(received))
    amount = level.file.amount
    if amount.unit in ("months", "years"):
        unit: dates.Unit = "month" if amount.unit == "months" else "year"
        last = dt.date.fromordinal(dates.plus(day.toordinal(), dates.Duration(amount.count, unit)))
        return FileBy(calendar.end_of(last), day, verified)
    return FileBy(d.after(calendar, calendar.start_of(day), amount), day, verified)


def decision_clock(appeals: Appeals, level: Level, urgency: Urgency, kind: Kind) -> Clock | None:
    """Return the clock of the decision on an appeal, from its receipt; None where its figures were not read.

    A question does not stop it. It is run with :func:`priorauth.ledger.clocks.due.due` as every other is.
    """
    found = next((one for one in level.decide if one.urgency == urgency and kind in one.kinds), None)
    if found is None:
        return None
    source = found.within.source
    return Clock(
        f"{appeals.id}.{level.id}", level.name, (), (), found.kinds, urgency, "federal", MappingProxyType({}),
        "receipt", source, found.within, level.extension,
        Question("runs-on", source, "A question does not stop the clock of an appeal.", None, None, None, None, {}),
        Notice(level.says, level.source, {}),
        Missed("none", level.source, "What a miss means was not read.", None),
        appeals.id, "", appeals.read, "", appeals.line,
    )  # fmt: skip
