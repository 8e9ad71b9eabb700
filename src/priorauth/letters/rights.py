"""Until when a member may appeal, and keep what she has: counted from the day a letter is mailed, and from no other.

A letter is made for a stated day of mailing, because its last day stands in it. The record of the mailing must bear
that same day; where it does not, the letter may not be sent as it is, and a new one that replaces it is made for the
right day. The day by which an appeal has to arrive is never moved by a weekend: the earlier day is the safer to print.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from priorauth.letters.facts import Facts, Mailing
from priorauth.letters.lines import Owed, owed


class Appeal(Struct, frozen=True, gc=False):
    """The right to appeal as one letter prints it: how many days, counted from which mailing, the last of them."""

    called: str
    days: int
    presumed: int
    mailed: Mailing
    last: dt.date
    keep_by: dt.date | None
    citation: str
    verified: bool


def appeal(right: Owed, mailing: Mailing) -> Appeal:
    """Return the right to appeal of a letter that is mailed on a day."""
    own = right.appeal
    days = own.days or 0
    return Appeal(
        called=own.called,
        days=days,
        presumed=own.presumed,
        mailed=mailing,
        last=mailing.on + dt.timedelta(days=days + own.presumed),
        keep_by=mailing.on + dt.timedelta(days=right.keep.days) if right.keep and right.keep.days else None,
        citation=own.cite,
        verified=own.verified == "yes",
    )


def of(facts: Facts) -> Appeal:
    """Return the right to appeal of a letter."""
    return appeal(owed(facts.sender.line, facts.sender.state), facts.mailing)


def stands(facts: Facts, record: Mailing) -> str | None:
    """Return why a letter may not be sent as it is recorded to be; None where it may."""
    if record == facts.mailing:
        return None
    if record.on != facts.mailing.on:
        return (
            f"the letter counts its days from {facts.mailing.on}, and its mailing is recorded on {record.on}: "
            "make a new letter that replaces it"
        )
    return f"the letter was made for {facts.mailing.channel}, and its mailing is recorded by {record.channel}"
