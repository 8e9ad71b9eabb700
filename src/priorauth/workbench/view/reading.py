"""Reading first: where a plan wants it, a clinician sees no mark of an open criterion before her own finding of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct, structs

from priorauth.ledger.acts.findings import NOTED
from priorauth.ledger.whole import Whole
from priorauth.workbench.view.criteria import Criterion, Row, Shown
from priorauth.workbench.visit import Visit

READ_FIRST: Final = "read_first"
"""The setting of a plan: true, or the payers of whose cases a clinician sees no mark before her own finding."""
READERS: Final = frozenset({"director", "appeals"})
_SAYS: Final = "your finding first"
_HEAD: Final = "Your own finding comes first"


class Noted(Struct, frozen=True):
    """What she found by herself."""

    finding: str
    why: str
    at: datetime


def reads_first(visit: Visit, whole: Whole) -> bool:
    """Whether a clinician of the plan notes her own finding before she sees what the software found."""
    wanted = visit.plan["settings"].get(READ_FIRST, False)
    if visit.role not in READERS:
        return False
    return whole.head.payer in wanted if isinstance(wanted, list | tuple) else bool(wanted)


def noted(whole: Whole, person: str) -> dict[str, Noted]:
    """Return by subject what somebody found by herself, the last she noted."""
    return {
        str(one.say["subject"]): Noted(str(one.say["finding"]), one.why or "", one.at)
        for one in whole.events
        if one.what == NOTED and one.person == person
    }


def veiled(visit: Visit, whole: Whole, made: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Return determinations as she may see them: open criteria without marks, values and grounds before her finding."""
    if whole.head.closed_at is not None or not reads_first(visit, whole):
        return made
    found = noted(whole, visit.who.person or "")
    return tuple(_shown(one, frozenset(found)) for one in made)


def _shown(one: Shown, found: frozenset[str]) -> Shown:
    if all(each.id is None or each.id in found for each in one.open):
        return one
    criteria = tuple(each if each.id is None or each.id in found else _bare(each) for each in one.open)
    return structs.replace(one, open=criteria, aside=(), headline=_HEAD, reasons=(), asks=0)


def _bare(one: Criterion) -> Criterion:
    """Leave of a criterion what it asks and the record beside it."""
    rows = tuple(Row(row.says, row.when, row.kind, row.reference, counts=True) for row in one.rows)
    return structs.replace(
        one,
        status="unknown",
        says=_SAYS,
        why="",
        value="",
        sides=(),
        questions=(),
        rows=rows,
        parts=tuple(_bare(part) for part in one.parts),
    )
