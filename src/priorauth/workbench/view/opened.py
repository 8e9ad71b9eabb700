"""The case page whole: the case, what was said of it, its documents and their uses, its pictures, what may be done.

One page for the payer's people and for the clinic; of the payer's hands the clinic's holds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from msgspec import structs

from priorauth.workbench.pictures.svg import Picture
from priorauth.workbench.view import drawn, papers, ran, staff, stated
from priorauth.workbench.view import story as stories
from priorauth.workbench.view.case import Case
from priorauth.workbench.view.criteria import Criterion
from priorauth.workbench.view.stated import Stated
from priorauth.workbench.visit import Visit

_WINDOW: Final = "window"
_MOST_DRAWN: Final = 4
"""So many open criteria have their windows drawn beside them; the timeline has all."""
LATER: Final = ((2, "for 2 hours"), (4, "for 4 hours"), (24, "for a day"))
"""How long a case may be put off."""


class Opened(Case, frozen=True, kw_only=True):
    """A case as its page shows it.

    ``sources``: by reference the number of the document that holds it. ``drawn``: by item and criterion its window.
    ``stated``: by the id of a criterion what documents state of it; ``quotes``: the same by how rows name it.
    ``cause``: why the last run was made. ``later``: for how
    long it may be put off now, of ``LATER``.
    """

    papers: tuple[papers.Paper, ...]
    stated: Mapping[str, tuple[Stated, ...]]
    quotes: Mapping[str, Stated]
    cause: str
    sources: Mapping[str, int]
    story: tuple[stories.Told, ...]
    drawn: Mapping[tuple[int, str], Picture]
    readings: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    later: tuple[tuple[int, str], ...]
    clinic_name: str

    @property
    def two_sided(self) -> str:
        """Where the first criterion with two sides is settled; empty where there is none."""
        return next((self.settles(one) for each in self.waiting for one in each.two_sided), "")

    @property
    def to_route(self) -> bool:
        """Whether nothing is left for a nurse: nothing to approve, to ask, or to settle."""
        decides = any(one.decisive for each in self.waiting for one in each.two_sided)
        return not (self.ready or self.asks or decides) and self.whole.head.queue == "nurse"

    @property
    def why_not(self) -> str:
        """Why it is not ready to be approved."""
        return "no item is open" if not self.waiting else self.summary

    def settles(self, one: Criterion) -> str:
        """Return where a criterion is settled, or a settlement is proposed; empty where nothing is to settle."""
        return f"/c/{self.number}/settle/{quote(one.id, safe='')}" if one.id and one.status == "conflict" else ""


def opened(visit: Visit, case: Case) -> Opened:
    """Return all that the page of a case shows."""
    whole = case.whole
    listed = papers.papers(visit, whole, case.request)
    pinned = whole.determinations[0].receipt.get("readings") if whole.determinations else None
    given = dict(pinned) if isinstance(pinned, Mapping) else {}
    colleagues = () if case.clinic else tuple(one for one in staff.staff(visit) if one[0] != visit.who.person)
    said = stated.whole_of(visit, whole)
    of_criteria = stated.of_criteria(whole.determinations, said)
    return Opened(
        **structs.asdict(case),
        papers=listed,
        stated=of_criteria,
        quotes={one.reference: one for one in said if one.counts or one.open},
        cause=ran.cause(whole.runs[-1], whole) if whole.runs else "",
        sources=papers.sources(visit, whole),
        story=stories.story(whole, case.names),
        drawn=_drawn(visit, case),
        readings=tuple((name.replace("_", " "), str(value)) for name, value in sorted(given.items())),
        colleagues=colleagues,
        later=later(whole.head.due_at, visit.now),
        clinic_name=whole.head.organisation or "",
    )


def later(due: datetime | None, now: datetime) -> tuple[tuple[int, str], ...]:
    """Return for how long a case may be put off: never past half of what is left of the clock that binds."""
    half = None if due is None else (due - now) / 2
    return tuple((hours, says) for hours, says in LATER if half is None or timedelta(hours=hours) <= half)


def _drawn(visit: Visit, case: Case) -> dict[tuple[int, str], Picture]:
    """Return the windows of the open criteria that have rows, the first few of them."""
    wanted = [(each.item, one.id) for each in case.waiting for one in each.open if one.id and (one.rows or one.sides)]
    if not wanted:
        return {}
    drawer = drawn.drawer(visit, case.whole)
    found = {key: drawer.timeline(key[0], only=key[1]) for key in wanted[:_MOST_DRAWN]}
    return {key: picture for key, picture in found.items() if picture is not None and _has_days(picture)}


def _has_days(picture: Picture) -> bool:
    """Whether days count for what is drawn; rows alone are told as well by their list."""
    return any(row[1] == _WINDOW for row in picture.table.rows)
