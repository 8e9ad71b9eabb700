"""What is set up for a plan, in words: its numbers, its days, the clocks with their sources, forms of letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct

from priorauth.ledger import clocking
from priorauth.ledger.acts.plan import CLOSED
from priorauth.ledger.allowed import defaults
from priorauth.ledger.clocks import load
from priorauth.ledger.clocks import words as clock_words
from priorauth.ledger.clocks.rules import Clock, Duty
from priorauth.ledger.clocks.select import longer
from priorauth.ledger.columns import canonical

NUMBERS: Final[Mapping[str, str]] = {
    "answer_days": "Days a clinic has to answer, where no clock and no law says",
    "remind_days": "Days before an approval ends that its clinic is told",
    "call_minutes": "Minutes a call with a prescriber is offered for",
    "call_days": "Days within which a prescriber may call about a decision against a request",
    "session_idle_minutes": "Minutes after which who does nothing signs in again",
    "session_hours": "Hours a session lasts at most",
    "session_touch_seconds": "Seconds between two notes that she is still there",
    "sign_again_minutes": "Minutes a password given again counts for one signature",
    "challenge_minutes": "Minutes a passkey or another provider may take to answer",
    "link_hours": "Hours a link to sign in for the first time is good",
    "wrong_passwords": "Wrong passwords in a row after which none is looked at for a while",
    "lock_minutes": "Minutes of that while",
    "tries_of_address": "Failed sign-ins of one address before it has to wait",
    "tries_minutes": "Minutes within which those are counted",
}
"""What each number of the settings is."""


class Number(Struct, frozen=True):
    """A number of the settings; ``own``: the plan has set it, else the one that holds everywhere."""

    name: str
    says: str
    value: int
    default: int
    own: bool


class ClosedDay(Struct, frozen=True):
    """A day of the plan's own that does not count; ``past`` days stay as they were."""

    day: date
    title: str
    past: bool


class Rule(Struct, frozen=True, kw_only=True):
    """A clock with its source. ``own``: the plan's own file says it; ``why`` it does."""

    id: str
    says: str
    lines: str
    states: str
    cite: str
    verified: bool
    own: bool
    missed: str
    longer: str


def numbers(settings: Mapping[str, Any]) -> tuple[Number, ...]:
    """Return the numbers of the settings."""
    return tuple(
        Number(name, NUMBERS.get(name, name), int(settings.get(name, value)), value, name in settings)
        for name, value in defaults().items()
    )


def others(settings: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the other settings as the plan's file has them."""
    left_out = defaults().keys() | {CLOSED}
    return tuple((name, canonical(value).decode()) for name, value in sorted(settings.items()) if name not in left_out)


def closed_days(settings: Mapping[str, Any], today: date) -> tuple[ClosedDay, ...]:
    """Return the plan's own days that do not count, in order: those of its pages and those of its file of clocks."""
    named: dict[date, str] = {date.fromisoformat(day): str(title) for day, title in settings.get(CLOSED, {}).items()}
    filed = clocking.book(settings.get("clocks")).closed
    every = {**dict.fromkeys(filed, "by the plan's file of clocks"), **named}
    return tuple(ClosedDay(day, title, day <= today or day not in named) for day, title in sorted(every.items()))


def public_holidays(state: str | None, year: int) -> tuple[tuple[date, str], ...]:
    """Return the public holidays that do not count, with their names; empty where the list of them is not installed."""
    try:
        import holidays
    except ImportError:
        return ()
    subdivision = state if state in holidays.country_holidays("US").subdivisions else None
    found = {**holidays.country_holidays("US", years=year)}
    if subdivision:
        found |= {**holidays.country_holidays("US", subdiv=subdivision, years=year)}
    return tuple(sorted((day, str(name)) for day, name in found.items()))


def rules(settings: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the clocks, the unverified first."""
    book, shipped = clocking.book_of(settings), load.shipped()
    more = {one.id: clock_words.amount(figure.amount) for one, figure in longer(shipped, book)}
    found = (_rule(one, book.lines, shipped.clocks.get(one.id), more.get(one.id, "")) for one in book.clocks.values())
    return tuple(sorted(found, key=lambda one: (one.verified, not one.own, one.id)))


def _rule(one: Clock, lines: Mapping[str, Any], before: Clock | None, more: str) -> Rule:
    return Rule(
        id=one.id,
        says=f"{clock_words.named(one)}, {one.urgency}, {', '.join(one.kinds)}",
        lines=", ".join(lines[line].name for line in one.lines if line in lines),
        states=", ".join(one.states) or "every state",
        cite=one.within.source.cite,
        verified=one.within.source.verified,
        own=before is None or before != one,
        missed=one.missed.says.replace("a denial", "a decision against it"),
        longer=f"longer than the shipped {more}" if more else "",
    )


def duties(settings: Mapping[str, Any], section: str) -> Iterator[Duty]:
    """Yield the duties of a section, as that of keeping."""
    for one in clocking.book_of(settings).duties.values():
        if one.section == section:
            yield one
