"""Results that go on: further values, each with its day, behind the first one of a label, or in columns below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from priorauth.documents.understand.days import Day

_NEXT: Final = re.compile(
    r"[^\w.%]{0,4}(?:(?:and|then|from|prior|previously|previous|was|before that|vs\.?|up from|down from)\s+){0,3}"
    r"(?P<value>[<>]?\s?\d{1,3}(?:\.\d{1,2})?)\s?%?\s?(?:\(?[HL*]+\)?)?\s*(?:[(,@-]\s?)?(?:on |in |at |from |dated )?$",
    re.IGNORECASE,
)
"""What may stand between the day of one value and that of the next."""
_FIRST: Final = re.compile(r"\W{0,3}(?:\(?[HL*]+\)?)?\s*[(,@-]?\s?(?:on |in |at |from |dated )?", re.IGNORECASE)
_MOST: Final = 8


class Further(NamedTuple):
    """A further value: where it begins, where its day ends, and both."""

    start: int
    end: int
    value: str
    day: Day


def further(text: str, end: int, days: Sequence[Day]) -> Iterator[Further]:
    """Yield the values behind a first one that ends at ``end`` and has its own day: ``8.4 (10/6/26), 8.9 (7/1/26)``."""
    exact = [
        day for day in days if day.start >= end and day.first <= day.last and day.how not in ("over", "for", "word")
    ]
    if not exact or not _FIRST.fullmatch(text[end : exact[0].start]):
        return
    for before, day in pairwise(exact[:_MOST]):
        hit = _NEXT.match(text[before.end : day.start])
        if hit is None:
            return
        yield Further(before.end + hit.start("value"), day.end, hit["value"], day)
