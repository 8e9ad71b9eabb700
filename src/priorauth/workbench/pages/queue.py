"""The worklist: open cases by the clock that binds, with why each is here, and the next one at a press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import structs
from starlette.responses import RedirectResponse, Response

from priorauth.ledger import runs, worklist
from priorauth.ledger.acts.queues import Take
from priorauth.ledger.worklist import NOBODY, Line, Wanted
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import preferences
from priorauth.workbench.signin.preferences import Saved
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import found as search
from priorauth.workbench.view import queue as view
from priorauth.workbench.view import staff, veil, why
from priorauth.workbench.visit import Visit, form, page

_OWN: Final = {"nurse": "nurse", "director": "director", "appeals": "appeals", "manager": "nurse"}
TITLES: Final = {
    "mine": "Mine",
    "nurse": "Nurses",
    "director": "Medical directors",
    "appeals": "Appeals",
    "clinic": "With the clinics",
    reads.TO_CONFIRM: "Facts to confirm",
}
MOST: Final = 50
FILTERS: Final = ("payer", "state", "kind", "owner", "priority", "snoozed")
_MOST_SAVED: Final = 12
_TRIES: Final = 3
"""How often the next case is looked for where a colleague takes it at the same moment."""


def own(role: str) -> str:
    """Return the worklist at which the day of a role begins."""
    return _OWN[role]


def of(visit: Visit, name: str) -> Wanted:
    """Return the cases of a worklist by its name."""
    if name == "mine":
        return Wanted(owner=visit.who.person or "")
    if name == reads.TO_CONFIRM:
        return Wanted(to_confirm=True)
    return Wanted(queue=name)


@page("queue")
def queue(visit: Visit) -> Response:
    """Show the queue of her role."""
    return _shown(visit, own(visit.role))


@page("queue-named")
def named(visit: Visit) -> Response:
    """Show a queue by its name."""
    return _shown(visit, _name(visit))


@form("queue-find")
def find(visit: Visit, form: Form) -> Response:
    """Find open cases by number, or by their member's name or number, which no address ever bears."""
    name, text = _name(visit), form.text("find", "Write a case number, or a member's name or number.", most=60)
    if form.wrong:
        return _shown(visit, name, form, 422)
    if search.is_number(text):
        return RedirectResponse(f"/queue/{name}?{urlencode({'find': text})}", 303)
    return _shown(visit, name, text=text)


@form("queue-take-next")
def take_next(visit: Visit, form: Form) -> Response:
    """Take the case that is due first and that nobody has, and open it."""
    name = _name(visit)
    for _ in range(_TRIES):
        line = next(iter(_waiting(visit, name, 1)), None)
        if line is None:
            return visit.see(f"/queue/{name}", "none-waits")
        try:
            visit.do(Take(case=line.case, version=line.version, key=visit.key(form)))
        except Problem as problem:
            if problem.kind != "stale":
                raise
            continue
        return RedirectResponse(f"/c/{line.case}?in=mine&said=taken", 303)
    return visit.see(f"/queue/{name}")


@form("queue-save")
def save(visit: Visit, form: Form) -> Response:
    """Keep a filter under a name."""
    name, title = _name(visit), form.text("title", "Write a name for the filter.", most=40)
    if form.wrong:
        return _shown(visit, name, form, 422)
    asked = {key: value for key in FILTERS if (value := form.text(key, most=60))}
    kept = [one for one in _saved(visit) if one.title != title]
    address = f"/queue/{name}" + (f"?{urlencode(asked)}" if asked else "")
    _keep(visit, [*kept, Saved(title, address)][-_MOST_SAVED:])
    return visit.see(address, "saved")


@form("queue-forget")
def forget(visit: Visit, form: Form) -> Response:
    """Let a kept filter go."""
    title = form.said("title")
    _keep(visit, [one for one in _saved(visit) if one.title != title])
    return visit.see(f"/queue/{_name(visit)}", "forgotten")


def _name(visit: Visit) -> str:
    name = visit.path("name")
    if name not in TITLES:
        raise Problem("not-found", f"expected one of {', '.join(TITLES)}")
    return name


def _saved(visit: Visit) -> tuple[Saved, ...]:
    return preferences.of(visit.store, visit.session.tenant, visit.session.person).queues


def _keep(visit: Visit, queues: Iterable[Saved]) -> None:
    mine = visit.store, visit.session.tenant, visit.session.person
    preferences.keep(*mine, structs.replace(preferences.of(*mine), queues=tuple(queues)))


def _shown(visit: Visit, name: str, form: Form = render.NO_FORM, status: int = 200, *, text: str = "") -> Response:
    """Show a worklist; ``text``: only cases of members whom it may mean."""
    number = _number(visit)
    wanted = _wanted(visit, name)
    counts = worklist.counts(visit.store, visit.who, wanted, visit.now)
    settings = visit.plan["settings"]
    further = None
    if text:
        lines: tuple[Line, ...] = search.by_member(visit, wanted, text)
    else:
        after = reads.place(visit.asked("after") or None)
        listed = worklist.queue(visit.store, visit.who, wanted, visit.now, after=after, most=MOST)
        lines = listed.lines
        further = None if listed.next is None else reads.cursor(listed.next.due_at, listed.next.case)
    names = cases.names(visit, (one.owner for one in lines if one.owner))
    members = search.members(visit, lines) if visit.asked("names") or text else {}
    because = {} if veil.somewhere(visit) else why.reasons(visit, lines)
    rows = [
        view.row(
            one,
            settings,
            names,
            visit.now,
            visit.zone,
            who=visit.who.person,
            because=because.get(one.case, ""),
            member=members.get(one.case, ""),
        )
        for one in lines
    ]
    return render.page(
        visit,
        "queue.html",
        status,
        name=name,
        titles=TITLES,
        rows=rows,
        further="" if further is None else f"?{_query(visit, after=further)}",
        with_names=f"?{_query(visit, names='yes')}",
        counts=counts,
        asked={key: visit.asked(key) for key in FILTERS},
        find=text or number,
        choices=_choices(visit, settings),
        saved=_saved(visit),
        empty=_empty(visit, name, wanted) if not lines else (),
        waits=len(_waiting(visit, name, 1)) > 0,
        form=form,
    )


def _wanted(visit: Visit, name: str) -> Wanted:
    """Return what the address asks for; what is no choice of a filter finds nothing."""
    found = of(visit, name)
    said = {key: visit.asked(key)[:60] for key in FILTERS}
    owner = NOBODY if said["owner"] == "nobody" else said["owner"] or found.owner
    return structs.replace(
        found,
        payer=said["payer"] or None,
        state=said["state"] or None,
        kind=said["kind"] or None,
        priority=said["priority"] or None,
        owner=owner,
        snoozed=bool(said["snoozed"]),
        number=_number(visit) or None,
    )


def _number(visit: Visit) -> str:
    """Return the case number, or its beginning, that the address asks for; empty for anything else."""
    text = visit.asked("find").strip()
    return text[:12] if search.is_number(text) else ""


def _waiting(visit: Visit, name: str, most: int) -> tuple[Line, ...]:
    """Return the cases of a queue that nobody has, the one due first at the top; of her own list those of her role."""
    queue = own(visit.role) if name == "mine" else name
    if queue in ("clinic", reads.TO_CONFIRM) or visit.reads:
        return ()
    wanted = Wanted(queue=queue, owner=NOBODY)
    return worklist.queue(visit.store, visit.who, wanted, visit.now, most=most).lines


def _choices(visit: Visit, settings: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return what each filter offers: value and label."""
    payers = sorted((name, one.name) for name, one in runs.catalog(settings).payers.items())
    states = ("with-clinic", "waiting", "with-nurse", "with-director")
    people = staff.staff(visit)
    return {
        "payer": [("", "all payers"), *payers],
        "state": [("", "all states"), *((one, words.STATE[one]) for one in states)],
        "kind": [("", "all kinds"), *words.KIND.items()],
        "owner": [("", "anybody"), ("nobody", "nobody"), *people],
        "priority": [("", "all"), ("expedited", "expedited alone"), ("standard", "standard alone")],
    }


def _empty(visit: Visit, name: str, wanted: Wanted) -> tuple[str, ...]:
    """Say what would be here, and when the next case comes."""
    any_ = structs.replace(of(visit, name), snoozed=True)
    bare = structs.replace(wanted, snoozed=True) == any_
    lines = worklist.queue(visit.store, visit.who, any_, visit.now, most=1).lines
    if lines and not bare:
        when = words.moment(lines[0].due_at, visit.zone) or "without a clock"
        return (f"No case fits these filters. Without them the first is {lines[0].case}, due {when}.",)
    if lines:
        back = lines[0].snoozed_until
        until = f" until {words.moment(back, visit.zone)}" if back else ""
        return (f"No case is here now. {lines[0].case} is put off{until}.",)
    if name == "mine":
        return ("You have no case.",)
    if name == reads.TO_CONFIRM:
        return ("No document states what a case asks and nobody has confirmed.",)
    coming = worklist.queue(visit.store, visit.who, Wanted(queue="clinic"), visit.now, most=1).lines
    if name == "nurse" and coming:
        due = words.moment(coming[0].due_at, visit.zone)
        more = f", due {due}" if due else ""
        return (f"No case waits for a nurse. The next may be {coming[0].case}, now with its clinic{more}.",)
    return ("No case is here.",)


def _query(visit: Visit, **more: str) -> str:
    kept = {key: value for key in (*FILTERS, "names") if (value := visit.asked(key))}
    kept |= {"find": number} if (number := _number(visit)) else {}
    return urlencode({**kept, **more})
