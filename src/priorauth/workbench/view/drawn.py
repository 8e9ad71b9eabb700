"""The pictures of a case: its evidence against the days that count, results over time, glucose, from its newest run."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import select

from priorauth.decide.determination import Determination
from priorauth.facts.case import Case as Rows
from priorauth.ledger import runs
from priorauth.ledger import tables as t
from priorauth.ledger.whole import Whole
from priorauth.policy.catalog import Catalog
from priorauth.workbench.pictures import results, rows, timeline, windows
from priorauth.workbench.pictures.svg import Picture
from priorauth.workbench.visit import Visit


class Drawer(Struct, frozen=True):
    """What pictures of a run rest on: the policies, and the rows of each of its determinations."""

    catalog: Catalog
    made: tuple[Determination, ...]
    rows: tuple[Rows, ...]

    def timeline(self, item: int, *, only: str | None = None, every: bool = False) -> Picture | None:
        """Draw the open criteria of an item, one alone, or every one; None where there is nothing to draw."""
        found = self._of(item)
        policy = None if found is None else windows.policy_of(found[0], self.catalog)
        if found is None or policy is None:
            return None
        name = f"timeline-{item}" if only is None else f"window-{item}-{_plain(only)}"
        vocabulary = self.catalog.vocabulary
        return timeline.timeline(found[0], policy, vocabulary, found[1], every=every, only=only, name=name)

    def results(self, item: int) -> Iterator[Picture]:
        """Yield the results of each measured fact of an item over time, against what the policy asks of them."""
        found = self._of(item)
        policy = None if found is None else windows.policy_of(found[0], self.catalog)
        if found is None or policy is None:
            return
        for place, course in enumerate(results.courses(found[0], policy, self.catalog.vocabulary, found[1])):
            drawn = results.results(course, found[0].as_of, name=f"results-{item}-{place}")
            if drawn is not None:
                yield drawn

    def _of(self, item: int) -> tuple[Determination, Rows] | None:
        return next((both for both in zip(self.made, self.rows, strict=True) if both[0].item == item), None)


def drawer(visit: Visit, whole: Whole) -> Drawer:
    """Return what the pictures of a case rest on."""
    one = t.run.c
    query = select(one.rows).where(
        one.tenant == visit.session.tenant,
        one.case_no == whole.head.case_no,
        one.number == whole.head.runs,
        one.received == whole.head.received,
    )
    with visit.store.reading(visit.session.tenant) as connection:
        kept = connection.execute(query).scalar()
    made = whole.determinations
    known = rows.cases(kept, made) if kept is not None else ()
    return Drawer(runs.catalog(visit.plan["settings"]), made if known else (), known)


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)
