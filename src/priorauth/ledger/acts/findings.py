"""An act of a clinician who reads first: she notes what she finds of a criterion before software says anything of it.

It settles nothing and no run reads it; it is there so that it can be known what she found by herself.
"""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from priorauth.decide.page.criteria import walk
from priorauth.ledger import runs
from priorauth.ledger.work import CaseAct, Refusal, Work, handles

Finding = Literal["shown", "not-shown", "more"]
"""What she finds; ``more``: she needs more to tell."""
NOTED: Final = "finding noted"
"""The event; it says ``subject`` and ``finding``."""
_JUDGED: Final = ("judged ", "refused ")


class NoteFinding(CaseAct, frozen=True, kw_only=True):
    """Note one's own finding of a criterion, or of a fact that is left to a clinician, with the reason (``why``)."""

    name: ClassVar[str] = "note-finding"
    subject: str
    finding: Finding


@handles(NoteFinding)
def _note(act: NoteFinding, work: Work) -> None:
    if not (act.why or "").strip():
        raise Refusal("invalid", "expected a reason")
    if act.subject not in _subjects(work):
        raise Refusal("not-found", f"no criterion {act.subject[:60]} in the last run")
    work.event(NOTED, act.why, subject=act.subject, finding=act.finding)


def _subjects(work: Work) -> set[str]:
    """Return the criteria of the last run by id, and the facts that it leaves to a clinician."""
    found: set[str] = set()
    for made in runs.determinations_of(work):
        for one in walk(made.criteria):
            if one.id:
                found.add(one.id)
            if one.test and one.test.startswith(_JUDGED):
                found.add(one.test.split()[1])
    return found
