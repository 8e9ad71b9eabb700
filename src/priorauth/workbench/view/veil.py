"""Where a plan wants a clinician to note her own finding first: until then no page shows her what the rules found."""

from __future__ import annotations

from priorauth.workbench.view import deciding
from priorauth.workbench.view.case import Case
from priorauth.workbench.visit import Visit


def veiled(visit: Visit, case: Case) -> bool:
    """Whether what the rules found of a case is kept from its reader until she has noted what she finds."""
    if not case.open or not deciding.reads_first(visit, case.whole):
        return False
    return deciding.deciding(visit, case).veiled


def somewhere(visit: Visit) -> bool:
    """Whether it is kept from her in some case of the plan, so that lists do not tell it either."""
    return visit.role in deciding.CLINICIANS and bool(visit.plan["settings"].get(deciding.READ_FIRST, False))
