"""The statements of policies that glucose readings show, as lines of text and for a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from priorauth.decide.statements import Shown, Statement
from priorauth.glucose.page import report
from priorauth.glucose.page.report import Beside

MARK: Final = {"met": "+", "not-met": "-", "unknown": "?"}
SAID: Final = {"met": "shown", "not-met": "not so", "unknown": "open"}
WIDTH: Final = 110
DAYS: Final = 6
"""How many days (or spans of days) are printed beside a statement; the others are counted."""


def lines(found: Sequence[Statement]) -> Iterator[str]:
    """Write each statement with its verdict, its value and its days."""
    for one in found:
        head = f"{MARK[one.status]} {one.says}: {_verdict(one)} [{', '.join(one.payers)}]"
        yield from textwrap.wrap(head, WIDTH, subsequent_indent="    ")
        for shown in one.shown[:DAYS]:
            value = "" if shown.value is None else f"  {shown.value}"
            yield f"      {shown.days}{value}  ({shown.reference})"
        if len(one.shown) > DAYS:
            yield f"      and {len(one.shown) - DAYS} more"


def beside(found: Sequence[Statement], as_of: str) -> Beside:
    """Return the statements as they stand beside the pictures of a page."""
    return Beside(as_of, tuple(_beside(one) for one in found))


def _beside(one: Statement) -> report.Statement:
    days = tuple(_day(shown) for shown in one.shown[:DAYS])
    more = max(0, len(one.shown) - DAYS)
    return report.Statement(MARK[one.status], SAID[one.status], one.says, _verdict(one), days, more)


def _day(shown: Shown) -> str:
    return shown.days if shown.value is None else f"{shown.days} {shown.value}"


def _verdict(one: Statement) -> str:
    if one.status == "unknown":
        return f"{one.value}; {one.why}" if one.value and one.why else one.value or one.why or SAID["unknown"]
    return f"{SAID[one.status]}, {one.value}" if one.value else SAID[one.status]
