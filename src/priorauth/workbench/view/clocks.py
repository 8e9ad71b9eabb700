"""The clocks of a case in words: until when to decide and why, whether asking stops it, what was missed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from priorauth.ledger import clocking
from priorauth.ledger.clocks import binding as b
from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import words
from priorauth.ledger.whole import Whole


class Missed(Struct, frozen=True):
    """A clock that ran out: its rule, what is said of it, and whether its law authorizes the request."""

    rule: str
    says: str
    authorizes: bool


class Clocks(Struct, frozen=True, kw_only=True):
    """What a page says of the clocks. ``decide_by`` is empty where none runs; ``asking`` says what a question does."""

    decide_by: str
    cited: str
    asking: str
    lines: tuple[str, ...]
    missed: tuple[Missed, ...]
    unknown: str
    due_at: datetime | None


NONE = Clocks(decide_by="", cited="", asking="", lines=(), missed=(), unknown="", due_at=None)


def clocks(whole: Whole, settings: Mapping[str, Any], now: datetime) -> Clocks:
    """Return what a page says of the clocks of a case at a moment."""
    found = clocking.running_of(whole.head.about, clocking.book_of(settings))
    if found is None:
        return NONE
    bound = clocking.bind(found, now) if whole.head.closed_at is None else None
    lines = tuple(
        words.stand(one, d.due(one, found.happened, found.calendar, now), found.calendar) for one in found.clocks
    )
    missed = tuple(
        Missed(one.id, words.overdue(over, found.calendar), one.missed.means == "authorized-by-law")
        for one in found.clocks
        if (over := b.missed(one, found.happened, found.calendar, now)) is not None
    )
    return Clocks(
        decide_by=words.decide_by(bound, found.calendar, zone=True) if bound else "",
        cited=words.cited(bound, found.calendar) if bound else "",
        asking=words.asking(bound.clock) if bound else "",
        lines=lines,
        missed=missed,
        unknown=found.unknown or "",
        due_at=bound.at if bound else None,
    )


def named(rule: str | None, own: str | None) -> str:
    """Return a clock as a list shows it: ``7 days, runs on while asked``; empty where none is named."""
    if rule is None:
        return ""
    book = clocking.book(own)
    if (found := book.clocks.get(rule)) is not None:
        return words.brief(found)
    levels = {f"{way.id}.{level.id}": level.name for way in book.appeals.values() for level in way.levels}
    return levels.get(rule, rule)
