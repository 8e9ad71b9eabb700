"""The statements of policies that glucose readings show, as lines of text and for a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from priorauth.decide.standing import Days, Held, Standing, Standings
from priorauth.decide.statements import Shown, Statement
from priorauth.glucose.page import report
from priorauth.glucose.page.report import Beside
from priorauth.values.dates import iso

MARK: Final = {"met": "+", "not-met": "-", "unknown": "?"}
SAID: Final = {"met": "shown", "not-met": "not so", "unknown": "open"}
LEGEND: Final = "+ shown, - not so, ? open"
WIDTH: Final = 110
DAYS: Final = 6
"""How many days (or spans of days) are listed below a statement; the others are counted."""
PRINTED: Final = 3
"""How many there is room for on a printed page."""


def lines(found: Sequence[Statement]) -> Iterator[str]:
    """Write each statement with its verdict, its value and its days."""
    for one in found:
        yield from _headed(one, ", ".join(one.payers))
        yield from _listed(one, "      ")


def standing_lines(found: Standings) -> Iterator[str]:
    """Write the statements of one policy: what of the readings counts, on how many days, and what is missing."""
    yield f"{found.policy}, version {found.version}, by these readings alone (as of {iso(found.as_of)}; {LEGEND})"
    for one in found.found:
        yield from _headed(one.statement, ", ".join(one.criteria))
        for name, said in _rested(one):
            yield from textwrap.wrap(said, WIDTH, initial_indent=f"      {name:<10}", subsequent_indent=" " * 16)
        yield from _listed(one.statement, " " * 16)
    others = f"{found.others} further statement{'' if found.others == 1 else 's'}"
    yield f"  {others} of this version {'rests' if found.others == 1 else 'rest'} on other facts than glucose readings"


def _headed(one: Statement, whose: str) -> Iterator[str]:
    head = f"{MARK[one.status]} {one.says}: {_verdict(one)}" + (f" [{whose}]" if whose else "")
    return iter(textwrap.wrap(head, WIDTH, subsequent_indent="    "))


def _listed(one: Statement, indent: str) -> Iterator[str]:
    for shown in one.shown[:DAYS]:
        value = "" if shown.value is None else f"  {shown.value}"
        yield f"{indent}{shown.days}{value}  ({shown.reference})"
    if len(one.shown) > DAYS:
        yield f"{indent}and {len(one.shown) - DAYS} more"


def _rested(one: Standing) -> Iterator[tuple[str, str]]:
    """Yield what a statement rests on, part by part, each with its name."""
    if one.window is not None:
        yield "days", _window(one.window)
        yield "readings", _held(one.readings, one.window)
    for each in one.missing:
        yield "missing", each
    if one.outside:
        yield "left out", f"{one.outside:,} {one.rows.what} outside these days"
    if one.window is not None and one.rows.count:
        passing = "" if one.passing is None else f", {one.passing:,} of them pass"
        yield "counts", _held(one.rows, one.window) + passing


def _window(days: Days) -> str:
    if days.first is None:
        return f"up to {iso(days.last)}"
    return f"{iso(days.first)}..{iso(days.last)}, {days.count} days"


def _held(held: Held, days: Days) -> str:
    on = (
        f"{held.days} day{'' if held.days == 1 else 's'}" if days.count is None else f"{held.days} of {days.count} days"
    )
    return f"{held.count:,} {held.what} on {on}" if held.count else f"no {held.what}"


def beside(found: Sequence[Statement], as_of: str) -> Beside:
    """Return the statements as they stand below the pictures of a page."""
    return Beside(as_of, tuple(_beside(one) for one in found))


def standing_beside(found: Standings) -> Beside:
    """Return the statements of one policy as they stand below the pictures of a page.

    What is missing is said of those that something is on file of; of the others the verdict says it.
    """
    made = (replace(_beside(one.statement), missing=one.missing if one.rows.count else ()) for one in found.found)
    return Beside(iso(found.as_of), tuple(made), f"{found.policy} asks")


def _beside(one: Statement) -> report.Statement:
    days = tuple(_day(shown) for shown in one.shown[:PRINTED])
    more = max(0, len(one.shown) - PRINTED)
    return report.Statement(MARK[one.status], SAID[one.status], one.says, _verdict(one), days, more)


def _day(shown: Shown) -> str:
    return shown.days if shown.value is None else f"{shown.days} {shown.value}"


def _verdict(one: Statement) -> str:
    if one.status == "unknown":
        return f"{one.value}; {one.why}" if one.value and one.why else one.value or one.why or SAID["unknown"]
    return f"{SAID[one.status]}, {one.value}" if one.value else SAID[one.status]
