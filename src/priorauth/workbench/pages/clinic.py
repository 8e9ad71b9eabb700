"""The clinic's list: what to answer first, what the payer has, what is decided, drafts of all colleagues, what ends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from priorauth.ledger import worklist
from priorauth.ledger.worklist import Line
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.drafts import draft, near
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import clocks, queue
from priorauth.workbench.visit import Visit, form, page

MOST: Final = 50


class Row(Struct, frozen=True, kw_only=True):
    """A request as the clinic's list shows it."""

    case: str
    member: str
    what: str
    payer: str
    kind: str
    state: str
    why: str
    due: str
    due_at: datetime | None
    clock: str
    late: bool
    expedited: bool
    came: date
    open: bool


@page("clinic")
def listed(visit: Visit) -> Response:
    """Show the practice's requests."""
    return _listed(visit, render.NO_FORM, None)


@form("clinic-find")
def find(visit: Visit, form: Form) -> Response:
    """Open the case of a number, or list the newest requests of a patient's name; no address has the name in it."""
    said = " ".join(form.said("find").split())[:80]
    if said and _there(visit, said):
        return visit.see(f"/c/{said}")
    lines: list[Line] = []
    for waiting in (True, False):
        lines += worklist.requests(visit.store, visit.who, waiting=waiting, most=worklist.MOST).lines
    names = near.members(visit.store, visit.who, tuple(one.case for one in lines))
    wanted = said.casefold().split()
    found = [one for one in lines if wanted and one.case in names and _named(names[one.case], wanted)]
    return _listed(visit, form, [_row(visit, one, names) for one in found])


def _named(known: near.Known, wanted: list[str]) -> bool:
    return all(word in known.name.casefold() for word in wanted)


def _listed(visit: Visit, form: Form, matches: list[Row] | None) -> Response:
    who, store = visit.who, visit.store
    after = reads.place(visit.asked("after") or None)
    since = None if after is None or after.due_at is None else worklist.Since(after.due_at, after.case)
    first = worklist.requests(store, who, waiting=True, most=worklist.MOST).lines if since is None else ()
    others = worklist.requests(store, who, waiting=False, after=since, most=MOST)
    names = near.members(store, who, tuple(one.case for one in (*first, *others.lines)))
    waiting, rest = ([_row(visit, one, names) for one in lines] for lines in (first, others.lines))
    waiting.sort(key=lambda one: (one.due_at is None, one.due_at or visit.now, one.case))
    drafts = draft.listed(store, who) if since is None else ()
    today = visit.now.astimezone(visit.zone).date()
    return render.page(
        visit,
        "clinic.html",
        waiting=waiting,
        with_payer=[one for one in rest if one.open],
        decided=[one for one in rest if not one.open],
        next=None if others.next is None else reads.cursor(others.next.received_at, others.next.case),
        first=since is None,
        ending=worklist.ending(store, who, today) if since is None else (),
        drafts=drafts,
        people=cases.names(visit, (one.changed_by for one in drafts)),
        matches=matches,
        form=form,
    )


def _there(visit: Visit, number: str) -> bool:
    try:
        reads.case(visit.store, visit.who, number)
    except Problem:
        return False
    return True


def _row(visit: Visit, line: Line, names: dict[str, near.Known]) -> Row:
    settings, known = visit.plan["settings"], names.get(line.case)
    open_ = line.closed_at is None
    return Row(
        case=line.case,
        member=known.name if known else "",
        what=", ".join(dict.fromkeys(one.product or "no product code" for one in line.items)),
        payer=cases.payer(line.payer, settings),
        kind=words.KIND.get(line.kind, line.kind),
        state=_state(line),
        why=queue.why(line) if open_ else "",
        due=words.left(line.due_at, visit.now, visit.zone) if open_ else "",
        due_at=line.due_at,
        clock=clocks.named(line.due_rule, settings.get("clocks")),
        late=line.due_at is not None and line.due_at < visit.now,
        expedited=line.priority == "expedited",
        came=line.received_at.astimezone(visit.zone).date(),
        open=open_,
    )


def _state(line: Line) -> str:
    """Say who has it, as the clinic hears it."""
    if line.state == "with-clinic":
        return "With you"
    return words.STATE[line.state]
