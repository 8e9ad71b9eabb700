"""What a person reads where something is not done; what she typed stands on the page, ready to be sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from priorauth.errors import InputRefused
from priorauth.server import reads
from priorauth.server.api.bodies import DECIDING
from priorauth.server.problem import Problem
from priorauth.server.service import reading
from priorauth.workbench import render, rights, words
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import csrf
from priorauth.workbench.signin.here import here
from priorauth.workbench.view import ran
from priorauth.workbench.visit import KEY, Visit

_HIDDEN: Final = frozenset({csrf.FIELD, KEY, "credential"})
_SECRET: Final = "password"  # noqa: S105 - the name of a field
"""Fields that are never shown again: marks, and whatever is named so at its end."""
_HEAD: Final[Mapping[str, str]] = {
    "no-right": "You cannot do that here",
    "not-found": "There is no such page",
    "state": "That cannot be done now",
    "stale": "The case has changed since you opened it",
    "invalid": "Something in the form cannot be used",
    "refused": "The ledger refuses it, whoever asks",
    "key": "This form was sent already",
    "not-known": "We do not know whether it was done",
    "busy": "The database is busy",
    "version": "Open the page again first",
    "too-large": "That is too large",
    "too-many": "Too many requests",
    "media": "That is no form",
}
_HEAD_ELSE: Final = "That did not work"
_AGAIN: Final = ("not-known", "busy")
"""Where the same form is sent again."""
_NEXT: Final[Mapping[str, str]] = {
    "not-known": "Send the form again: it is done once, however often you send it.",
    "busy": "Wait a moment, then send the form again: it is done once, however often you send it.",
    "stale": "Read what is new. What you typed is below; send it again if it still holds.",
    "state": "Open the case to see where it is now.",
    "key": "What it said the first time was done, once. Look at that first; "
    "to say something else, open the page again.",
}


def answered(visit: Visit, make: Callable[[], Response], form: Form | None = None) -> Response:
    """Return the answer of a page, or the page that says what was refused while it was made."""
    try:
        with reading():
            return make()
    except Problem as problem:
        found = problem
    except InputRefused as fault:
        found = Problem("invalid", str(fault))
    try:
        with reading():
            return said(visit, found, form)
    except Problem as problem:  # the page of what was refused reads the ledger too
        return away(visit.request, problem, form, visit.session.csrf)


def said(visit: Visit, problem: Problem, form: Form | None = None, **more: Any) -> Response:  # noqa: ANN401 - shown
    """Return the page of a problem; what was typed stands on it."""
    typed = {} if form is None else kept(form)
    if problem.kind == "stale" and form is not None and "case" in visit.request.path_params:
        return stale(visit, problem, form)
    answer = render.page(
        visit,
        "trouble.html",
        problem.status,
        head=_HEAD.get(problem.kind, _HEAD_ELSE),
        problem=problem,
        next=_next(problem, form),
        typed=typed,
        again=visit.request.url.path,
        back=_back(visit.request),
        key=(form.said(KEY) if form is not None and problem.kind in _AGAIN else visit.fresh_key),
        lost=lost(form),
        sent=form is not None,
        **more,
    )
    answer.headers.update(problem.headers)
    return answer


def away(request: Request, problem: Problem, form: Form | None = None, token: str = "") -> Response:
    """Return the page for somebody of whom the database says nothing now; ``token``: of her session, where it did.

    What she typed stands on it with the key of its page: sent again, it is done once.
    """
    answer = render.plain(
        "trouble.html",
        problem.status,
        head=_HEAD.get(problem.kind, _HEAD_ELSE),
        problem=problem,
        next=_next(problem, form),
        typed={} if form is None else kept(form),
        again=request.url.path,
        back=_back(request),
        csrf=token,
        key="" if form is None else form.said(KEY),
        lost=lost(form),
        sent=form is not None,
    )
    answer.headers.update(problem.headers)
    return answer


def _next(problem: Problem, form: Form | None) -> str:
    """Return what she does next."""
    if form is None and problem.kind in _AGAIN:
        return "Wait a moment, then load the page again."
    return _NEXT.get(problem.kind, "")


def stale(visit: Visit, problem: Problem, form: Form) -> Response:
    """Return the page for an act on an older version of the case: what is new since, and what was typed.

    What decides is not sent again from here: the case has to be seen as it is.
    """
    number = str(visit.request.path_params["case"])
    since = reads.since(visit.who, problem.more.get("since", ()))
    runs = [int(one["say"]["run"]) for one in since if one["what"] == "ran" and "run" in one["say"]]
    told = ran.differences(visit, number, runs[0] - 1, runs[-1]) if runs and runs[0] > 1 else ()
    versions = [int(one["version"]) for one in since]
    sent = rights.table().forms.get(visit.page)
    return render.page(
        visit,
        "stale.html",
        problem.status,
        number=number,
        since=tuple(ran.since(since)),
        told=told,
        runs=runs,
        typed=kept(form),
        version=max(versions, default=0),
        again=visit.request.url.path,
        decides=sent is not None and sent.act in DECIDING,
    )


def no_right(visit: Visit, name: str) -> Response:
    """Return the page that says which roles may."""
    roles = ", ".join(words.ROLE[one] for one in rights.who_may(name)) or "nobody"
    here_as = words.ROLE[visit.role]
    return said(visit, Problem("no-right", f"You are here as {here_as}. This is for: {roles}."))


def foreign(visit: Visit) -> Response:
    """Return the page for a form that another site sent."""
    return said(visit, Problem("no-right", "The form was sent by a page of another site. Nothing was done."))


def confirm(visit: Visit, form: Form) -> Response:
    """Return the page that asks to send a form again: it was made in another session, or without its mark."""
    return render.page(
        visit,
        "confirm.html",
        403,
        typed=kept(form),
        again=visit.request.url.path,
        back=_back(visit.request),
        lost=lost(form),
    )


def ended(request: Request, form: Form) -> Response:
    """Return the page for a form that came after the session had ended: what was typed is not lost."""
    return render.plain("ended.html", 401, typed=kept(form), again=request.url.path, lost=lost(form))


def unread(request: Request, problem: Problem) -> Response:
    """Return the page for something that is no form, or too large."""
    try:
        session = here(request)
    except Problem as fault:
        return away(request, fault)
    if session is None:
        return render.plain("ended.html", 401, typed={}, again="/", lost=())
    visit = Visit(request, request.app.state.service, session, "")

    def told() -> Response:
        return said(visit, problem)

    return answered(visit, told)


def kept(form: Form) -> dict[str, tuple[str, ...]]:
    """Return what was typed, but for secrets and marks."""
    return {name: values for name, values in form.fields.items() if name not in _HIDDEN and not name.endswith(_SECRET)}


def lost(form: Form | None) -> list[str]:
    """Return the names of the files that came with a form and are not kept, in order."""
    if form is None:
        return []
    return sorted({one.name for every in form.files.values() for one in every if one.name and one.content})


def _back(request: Request) -> str:
    case = request.path_params.get("case")
    return f"/c/{case}" if case else "/"
