"""Lists of low readings, a day to a line or to a part of one: ``9/3  6:40p  61``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import amounts, days
from priorauth.documents.understand.dating import changed
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.rules import Rules

_HEAD: Final = re.compile(
    r"\b(?:lows?|hypos?|hypoglyc\w+|(?:under|below) ?[5-7]\d|low (?:readings?|glucose|sugars?|values?|entries|events?)|notable events"
    r"|meter|memory|glucose log|bg log|meter log|smbg|sensor low|(?:bg|glucose|sugar) (?:readings?|values?))\b|[<] ?(?:54|60|70)",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:weight|wt|blood pressure|bp|pulse|heart rate|target|alert|setting|goal|plan|instructions?|if|family)\b",
    re.IGNORECASE,
)
_READ: Final = re.compile(
    r"[\s,:@(-]*(?:at |about |around )*(?P<time>(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?[ap]\.?m?\b\.?)?|(?:[01]\d|2[0-3])[0-5]\d(?=\s)"
    r"|\d{1,2}\s?[ap]\.?m\b\.?)?(?:\s*[-–]\s*\d{1,2}:\d\d)?"
    r"(?:[\s,:=@(-]|\b(?:sensor|meter|lowest|low|bg|glucose|fs|fsbg|reading|value|was|of|sg|smbg)\b)+"
    r"(?P<value>[1-6]\d)(?![\d:/%]|\.\d|\s?(?:%|g\b|kg|lbs?\b|min|h\b|hr|u\b|units|days?|carb|years?|yo\b|of\b|am\b|pm\b|°))"
    r"(?P<unit>\s?mg/d[lL])?",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(
    r"(?<![\d.:/-])(?P<value>[1-6]\d)(?P<unit>\s?mg/d[lL])?(?P<time>)\s?(?:\(|on |@ ?)\s?$", re.IGNORECASE
)
"""A reading before its day."""
_VOID: Final = re.compile(
    r"\b(?:control|void|other person|sibling|brother|sister|error|false|compression|not (?:him|her)|nephew|niece|test strip|high)\b",
    re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(r"\b(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)(?:day|nesday|urday)?\b[.,]?", re.IGNORECASE)
_REACH: Final = 25
"""So many lines beneath its head a list may have."""
_MORNING: Final = 6
"""The hour at which the night ends."""


def lows(page: Page, rules: Rules, head: Head) -> Iterator[Proposal]:
    """Yield the low readings that a page lists, and which of them were at night."""
    rule, night = rules.facts.get("hypoglycemia"), rules.facts.get("nocturnal_hypoglycemia")
    if rule is None:
        return
    own = head.own
    start, beneath = 0, 0
    for line in page.text.split("\n"):
        headed = _HEAD.search(line)
        found = [
            day
            for day in days.found(line, own, day_first=head.day_first)
            if day.first == day.last and day.how in days.WHOLE and (own is None or day.first <= own)
        ]
        first = bool(found) and not _WEEKDAY.sub("", line[: found[0].start]).strip(" -*•\t")
        if headed is not None and not _OTHER.search(line) and not (first and beneath):
            beneath = _REACH
        elif not line.strip() or (not first and not line.startswith("   ") and beneath < _REACH):
            beneath = beneath - 1 if not line.strip() else 0
        inline = headed is not None and not first
        if (beneath and first) or (inline and found and not _OTHER.search(line)):
            for number, day in enumerate(found):
                if inline and day.start < (headed.end() if headed else 0):
                    continue
                last = found[number + 1].start if number + 1 < len(found) else len(line)
                hit = _AHEAD.search(line, 0, day.start) or _READ.match(line, day.end, last)
                if hit is None or _VOID.search(line[day.start : last]):
                    continue
                value = amounts.read(rule, rules.units, hit["value"], (hit["unit"] or "mg/dL").strip())
                if value is None:
                    continue
                made = Proposal(
                    fact=rule.fact.name,
                    value=value,
                    quote=page.text[start + min(day.start, hit.start()) : start + max(day.end, hit.end())],
                    page=page.number,
                    start=start + min(day.start, hit.start()),
                    date=day.said,
                    by=f"{rule.fact.name}:log",
                )
                yield made
                if (
                    night is not None
                    and (hour := _hour(hit["time"] or _clock(line[day.end : day.end + 12]))) is not None
                    and hour < _MORNING
                ):
                    yield changed(made, fact=night.fact.name, value="yes", by=f"{night.fact.name}:log")
                if not inline:
                    break
        beneath = max(0, beneath - 1)
        start += len(line) + 1


def _clock(said: str) -> str | None:
    """Return the time of the day that stands next in a text."""
    hit = re.match(
        r"[\s,(]*((?:[01]?\d|2[0-3]):[0-5]\d(?: ?[ap]\.?m?)?|(?:[01]\d|2[0-3])[0-5]\d(?!\d)|\d{1,2} ?[ap]\.?m)",
        said,
        re.IGNORECASE,
    )
    return None if hit is None else hit[1]


def _hour(said: str | None) -> int | None:
    """Return the hour of a time as it is written; None where there is none, or it may be of either half of the day."""
    if not said:
        return None
    hit = re.match(r"(\d{1,2}):?(\d\d)?\s?([ap])?", said.lower())
    if hit is None:
        return None
    hour = int(hit[1])
    if hit[3]:
        return hour % 12 + (12 if hit[3] == "p" else 0)
    return hour
