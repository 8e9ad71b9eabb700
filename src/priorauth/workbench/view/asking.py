"""What may be asked of the clinic: what the last run asks, thing by thing, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from priorauth.decide.decided import Ask
from priorauth.decide.determination import Determination
from priorauth.decide.page.asked import facts, parts
from priorauth.ledger import clocking
from priorauth.ledger.allowed import defaults
from priorauth.ledger.clocks import binding as b
from priorauth.ledger.whole import Whole
from priorauth.letters.asked import Wanted, wanted


class Thing(Struct, frozen=True):
    """One thing to ask: its key on the form, the facts that answer it, and how the letter says it."""

    key: str
    item: int
    facts: tuple[str, ...]
    says: Wanted
    one: bool
    """Whether one of its ways is enough."""


class Until(Struct, frozen=True):
    """Until when to answer: the day that is proposed, and what laws admit at least; None where none says."""

    proposed: datetime
    least: datetime | None
    least_cite: str


def things(whole: Whole) -> tuple[Thing, ...]:
    """Return what the last run asks of the items that are open."""
    still = {one.item for one in whole.items if one.status == "open"}
    return tuple(one for made in whole.determinations if made.item in still for one in _of(made))


def _of(made: Determination) -> tuple[Thing, ...]:
    listed: tuple[str | Ask, ...] = parts(made.ask)
    return tuple(
        Thing(f"{made.item}-{place}", made.item, tuple(dict.fromkeys(facts(part))), says, len(says.ways) > 1)
        for place, (part, says) in enumerate(zip(listed, wanted(made), strict=True), 1)
    )


def until(whole: Whole, settings: Mapping[str, Any], now: datetime) -> Until:
    """Return until when to ask for an answer."""
    given = now + timedelta(days=int(settings.get("answer_days", defaults()["answer_days"])))
    found = clocking.running_of(whole.head.about, clocking.book_of(settings))
    if found is None or not found.clocks:
        return Until(given, None, "")
    by = b.answer_by(found.clocks, found.happened, found.calendar, now) or given
    laws = [
        (least, clock.question.source.cite)
        for clock in found.clocks
        if (least := b.least_answer(clock, found.calendar, now)) is not None
    ]
    least, cite = max(laws, default=(None, ""))
    return Until(by, least, cite)
