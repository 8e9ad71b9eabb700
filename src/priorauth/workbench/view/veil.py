"""Where a plan wants a clinician to note her own finding first: until then no other page tells what the rules found."""

from __future__ import annotations

from priorauth.workbench.view import reading
from priorauth.workbench.view.case import Case
from priorauth.workbench.visit import Visit


def veiled(visit: Visit, case: Case) -> bool:
    """Whether there is an open criterion of which she has not noted what she finds by herself."""
    if not case.open or not reading.reads_first(visit, case.whole):
        return False
    found = reading.noted(case.whole, visit.who.person or "")
    return any(one.id is not None and one.id not in found for each in case.waiting for one in each.open)


def somewhere(visit: Visit) -> bool:
    """Whether it is kept from her in some case of the plan, so that lists do not tell it either."""
    return visit.role in reading.READERS and bool(visit.plan["settings"].get(reading.READ_FIRST, False))
