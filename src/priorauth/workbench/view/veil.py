"""Where a plan wants a clinician to note her own finding first: until then no page shows her what the rules found."""

from __future__ import annotations

from priorauth.workbench.view import deciding, reading
from priorauth.workbench.view.case import Case
from priorauth.workbench.visit import Visit


def veiled(visit: Visit, case: Case) -> bool:
    """Whether what the rules found of a case is kept from its reader until she has noted what she finds."""
    if not case.open or not reading.reads_first(visit, case.whole):
        return False
    return deciding.deciding(visit, case).veiled


def somewhere(visit: Visit) -> bool:
    """Whether it is kept from her in some case of the plan, so that lists do not tell it either."""
    return visit.role in reading.READERS and bool(visit.plan["settings"].get(reading.READ_FIRST, False))
