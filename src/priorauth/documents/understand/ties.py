"""Which day of a sentence belongs to which value or event: the nearest that nothing parts from it, else none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from priorauth.documents.understand.days import Day
from priorauth.documents.understand.surroundings import clause

_BETWEEN: Final = re.compile(
    r"[\s,():\t-]*(?:(?:H{1,2}|L{1,2}|A|high|low|abnormal)\b[\s,(:\t-]*)?(?:[A-Za-z%][A-Za-z/.%]*[\s,(:\t-]*){0,4}"
)
_SHORT: Final = re.compile(r"[\s,():\t-]*(?:[A-Za-z%][A-Za-z/.%]*[)\s,(:\t-]*){0,3}")
_HEAD: Final = re.compile(
    r"\s*(?:[-*•]\s*)?(?:on|as of|from)?\s*$|\s*(?:[-*•]\s*)?(?:(?:outside |recent |latest |prior )?(?:labs?|laborator(?:y|ies)(?: results| data)?"
    r"|results?|collected|drawn"
    r"|lab results|vitals?|encounter|visit|bloods?|chemistr(?:y|ies)|bmp|cmp|specimen)\b[^0-9;]{0,25})?$",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:since|until|dob|born|diagnosed|dx|started|next|due|follow[- ]?up|f/u|return|rtc|edd|lmp|scheduled"
    r"|stopped|warranty"
    r"|delivered|begun)\b[^,;]{0,12}$",
    re.IGNORECASE,
)
"""Words before a day that make it that of another matter."""


def value_day(text: str, days: Sequence[Day], label: int, start: int, end: int) -> Day | None:
    """Return the day of a value. ``label``: where the words before it begin; ``start`` and ``end``: the value itself."""
    usable = [
        day for day in days if not _OTHER.search(text[: day.start]) and not day.now and day.how not in ("for", "this")
    ]
    just_before = next(
        (day for day in usable if label <= day.end <= start and _SHORT.fullmatch(text[day.end : start])), None
    )
    after = next((day for day in usable if day.start >= end), None)
    if after is not None and _BETWEEN.fullmatch(re.sub(r"\([^)]*\)", " ", text[end : after.start])):
        bracketed = "(" in text[end : after.start]
        if just_before is None or bracketed:
            return after
    if just_before is not None:
        return just_before
    ahead = [day for day in usable if day.end <= label]
    if ahead and _SHORT.fullmatch(text[ahead[-1].end : label]):
        return ahead[-1]
    if len(usable) == 1 and ahead and _HEAD.match(text[: ahead[0].start]):
        return ahead[0]
    inside = [day for day in usable if label <= day.start and day.end <= start]
    if inside:
        return inside[-1]
    return _now(text, days, label, end)


def _now(text: str, days: Sequence[Day], label: int, end: int) -> Day | None:
    """Return the day of the document where the words around a value say that it is of today."""
    for day in days:
        if not day.now:
            continue
        gap = text[day.end : label] if day.end <= label else text[end : day.start] if day.start >= end else ""
        if len(gap) <= 25 and not re.search(r"[;.\t]|\d", gap):  # noqa: PLR2004 - a few words
            return day
    return None


def event_days(text: str, days: Sequence[Day], start: int, end: int) -> list[Day]:
    """Return the days of an event that is told from ``start`` to ``end``: the nearest, with those listed beside it."""
    usable = [
        day
        for day in days
        if not (day.how == "for" and _STAY.search(text[: day.start]))
        and (not _OTHER.search(text[: day.start]) or _at_diagnosis(text, day, start, end))
    ]
    first, last = clause(text, start, end, _CLAUSES)
    near = [day for day in usable if first <= day.start and day.end <= last] or usable
    near = [day for day in near if day.first == day.last or day.how == "two"] or near
    if not near:
        return []
    after = [day for day in near if day.end > start]
    best = after[0] if after else near[-1]
    listed = [best]
    for day in near[near.index(best) + 1 :]:
        if not _LISTED.fullmatch(text[listed[-1].end : day.start]):
            break
        listed.append(day)
    return listed


_STAY: Final = re.compile(r"\b(?:hospital\w*|admi\w+|stay\w*|icu|inpatient)\W*$", re.IGNORECASE)
_DIAGNOSED: Final = re.compile(r"\b(?:diagnos\w+|dx'?d?|onset)\b[^,;]{0,12}$", re.IGNORECASE)


def _at_diagnosis(text: str, day: Day, start: int, end: int) -> bool:
    """Whether an event is told as of the diagnosis whose day that is."""
    if not _DIAGNOSED.search(text[: day.start]):
        return False
    if day.end <= start:
        return bool(re.match(r",? ?(?:when|with|in|after|presenting|at which)\b", text[day.end : start].lstrip(" )")))
    return bool(re.match(r"\s*(?:at|on|with|since) (?:\w+ )?(?:diagnosis|dx|onset)\b", text[end:], re.IGNORECASE))


_LISTED: Final = re.compile(
    r"\s*(?:\([^)]*\)|at \d{1,2}:\d\d)?\s*(?:,|and|&|, and|;)\s*(?:again )?(?:on )?", re.IGNORECASE
)
_CLAUSES: Final = re.compile(r"[;\t]|(?<=[a-z)]), (?:but|and then)")


_SINCE: Final = re.compile(
    r"[\s,(]*(?:[A-Za-z/-]+[\s,(]+){0,4}?(?:since|dx'?d?|diagnosed|diagnosis|from|onset)\b[\s:(]*(?:in|on|at|of"
    r"|age \d+,?)?[\s:]*$",
    re.IGNORECASE,
)
_JUST: Final = re.compile(r"[\s,(]*(?:in |on )?$")


def since(text: str, days: Sequence[Day], end: int) -> Day | None:
    """Return the day from which something holds that is told up to ``end``; None where no word says so."""
    for day in days:
        if day.start < end or day.now:
            continue
        between = text[end : day.start]
        if re.search(r"\bsince (?:in )?$", day_said := text[day.start : day.end].lower() + " ") or day_said.startswith(
            "since"
        ):
            return day if len(between.split()) <= 4 and not re.search(r"[;\t.]", between) else None  # noqa: PLR2004
        return day if _SINCE.fullmatch(between) or (_JUST.fullmatch(between) and day.how == "y") else None
    return None
