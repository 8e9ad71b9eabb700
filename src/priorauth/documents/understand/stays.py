"""How long a stay in hospital was, by the days of admission and discharge in the head of its own paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import days
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.rules import Rules
from priorauth.values import dates

_LONGEST: Final = 120
"""So many days a stay may be."""
_HEAD: Final = 16
_QUOTED: Final = 300
"""So many letters the two days may stand apart."""


def stays(pages: Sequence[Page], rules: Rules, about: Head, found: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield the stay that a discharge summary is of, where it was for one of the facts that the rule names."""
    first, last = about.admitted, about.discharged
    if about.kind != "discharge-summary" or first is None or last is None or not 0 < last - first <= _LONGEST:
        return
    begun = dates.iso(first)
    for rule in rules.facts.values():
        reasons = rule.options.get("of_stay", ())
        told = any(one.fact == rule.fact.name and one.date == begun for one in found)
        reason = any(one.fact in reasons and one.polarity == "stated" and one.date == begun for one in found)
        place = None if told or not reason else _place(pages, about, first, last)
        if place is not None:
            page, start, end = place
            yield Proposal(
                fact=rule.fact.name,
                value=f"{last - first} d",
                quote=page.text[start:end],
                page=page.number,
                start=start,
                date=begun,
                by=f"{rule.fact.name}:stay",
            )


def _place(pages: Sequence[Page], about: Head, first: int, last: int) -> tuple[Page, int, int] | None:
    """Return where both days stand in a head; None where they do not stand near each other."""
    own = about.own
    for page in pages:
        top = "\n".join(page.text.split("\n")[:_HEAD])
        known = days.found(top, own, day_first=about.day_first)
        begins = next((day.start for day in known if day.first == day.last == first), None)
        ends = next((day.end for day in known if day.first == day.last == last), None)
        if begins is not None and ends is not None and begins < ends <= begins + _QUOTED:
            return page, begins, ends
    return None
