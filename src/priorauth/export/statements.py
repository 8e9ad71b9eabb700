"""The statements of policies that glucose readings show, as lines of text and as a section of a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from priorauth.decide.statements import Shown, Statement

MARK: Final = {"met": "+", "not-met": "-", "unknown": "?"}
SAID: Final = {"met": "shown", "not-met": "not so", "unknown": "open"}
WIDTH: Final = 110
DAYS: Final = 6
"""How many days (or spans of days) are printed beside a statement; the others are counted."""

STYLE: Final = """<style>
body > svg { width: 63% }
aside { float: right; width: 35%; font-size: 8.5px; line-height: 1.2 }
aside ul { margin: 0; padding: 0; list-style: none } aside li { margin: 0 0 3px }
</style>"""
"""Lays the section beside the pictures of :mod:`priorauth.glucose.page`, so that all of it prints on one page."""


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


def section(found: Sequence[Statement], as_of: str) -> str:
    """Write the statements as a section that stands beside the pictures of a page."""
    parts = [
        '<aside aria-label="Statements of the policies"><h2>What the policies ask, by these readings alone</h2>',
        f"<p>As of {escape(as_of)}. + shown, - not so, ? open.</p><ul>",
    ]
    for one in found:
        days = ", ".join(_day(shown) for shown in one.shown[:DAYS])
        more = f" and {len(one.shown) - DAYS} more" if len(one.shown) > DAYS else ""
        label = f'<b aria-label="{SAID[one.status]}">{MARK[one.status]}</b>'
        proof = f'<br><span class="note">{escape(days)}{more}</span>' if days else ""
        parts.append(f"<li>{label} {escape(one.says)}: {escape(_verdict(one))}{proof}</li>")
    return "\n".join([*parts, "</ul></aside>"])


def footnotes(notes: Sequence[str]) -> str:
    """Write what is to be said of the files, for the foot of a page."""
    return "\n".join(f'<p class="note">{escape(note)}.</p>' for note in notes)


def _day(shown: Shown) -> str:
    return shown.days if shown.value is None else f"{shown.days} {shown.value}"


def _verdict(one: Statement) -> str:
    if one.status == "unknown":
        return f"{one.value}; {one.why}" if one.value and one.why else one.value or one.why or SAID["unknown"]
    return f"{SAID[one.status]}, {one.value}" if one.value else SAID[one.status]
