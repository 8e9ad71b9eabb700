"""What an administrator sets up: who may sign, days, numbers; and what she sees: clocks, forms, messages, sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from priorauth.ledger import clocking, outbox, tokens
from priorauth.ledger import tables as t
from priorauth.ledger.acts.messages import DropMessage, RetryMessage
from priorauth.ledger.acts.plan import ChangeNumber, CloseDay
from priorauth.ledger.acts.setup import MaySign
from priorauth.ledger.acts.tokens import RevokeToken
from priorauth.ledger.allowed import defaults
from priorauth.letters import forms as letter_forms
from priorauth.letters import templates
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import sessions
from priorauth.workbench.view import house, roster
from priorauth.workbench.visit import Visit, form, page
from priorauth.workbench.words import ROLE

_ANY: Final = "*"
_STANDS: Final[Mapping[str, outbox.Stand]] = {"dead": "dead", "waiting": "waiting", "dropped": "dropped"}
_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
MOST: Final = 100


@page("admin")
def start(visit: Visit) -> Response:
    """Show what there is to administer, and what waits."""
    found = roster.roster(visit)
    settings = visit.plan["settings"]
    return render.page(
        visit,
        "admin.html",
        roster=found,
        waits=[one for one in found.proposals if not one.own],
        dead=len(outbox.listed(visit.store, visit.who, "dead", most=MOST)),
        sessions=len(sessions.everybodys(visit.store, visit.session.tenant, visit.now)),
        unverified=sum(not one.verified for one in house.rules(settings)),
        retention=list(house.duties(settings, "retention")),
    )


# ---- who may sign


@page("admin-signing")
def signing(visit: Visit) -> Response:
    """Show which licences may sign an adverse decision."""
    return _signing(visit, render.NO_FORM)


def _signing(visit: Visit, typed: Form, status: int = 200) -> Response:
    lines = {_ANY: "every line of business"} | {
        name: one.name for name, one in clocking.book_of(visit.plan["settings"]).lines.items()
    }
    found = roster.rows(visit, t.may_sign)
    return render.page(visit, "signing.html", status, form=typed, may_sign=found, lines=lines)


@form("admin-signing-set")
def set_signing(visit: Visit, form: Form) -> Response:
    """Say that a licence may sign, or that it may no longer."""
    kind = form.text("kind", "Give the kind of licence, as MD.", most=20)
    state = form.text("state", "Give a state in two letters, plan for the plan's own, or * for any.", most=4)
    line = form.text("line", "Choose a line of business.", most=64)
    if state not in (_ANY, "plan") and not (len(state) == len("MA") and state.isalpha() and state.isupper()):
        form.wrong.setdefault("state", "Give a state in two letters, plan for the plan's own, or * for any.")
    if form.wrong:
        return _signing(visit, form, 422)
    gone = form.said("do") == "remove"
    visit.do(MaySign(line=line, kind=kind, state=state, gone=gone, key=visit.key(form)))
    return visit.see("/admin/signing", "signing-removed" if gone else "signing-set")


# ---- days


@page("admin-calendar")
def calendar(visit: Visit) -> Response:
    """Show the days that do not count."""
    return _calendar(visit, render.NO_FORM)


def _calendar(visit: Visit, typed: Form, status: int = 200) -> Response:
    settings, today = visit.plan["settings"], visit.now.astimezone(visit.zone).date()
    state = visit.asked("state")[:2].upper()
    return render.page(
        visit,
        "calendar.html",
        status,
        form=typed,
        own=house.closed_days(settings, today),
        state=state,
        states=sorted(one for one in clocking.book_of(settings).zones if one != "other"),
        years=[(year, house.public_holidays(state or None, year)) for year in (today.year, today.year + 1)],
    )


@form("admin-calendar-set")
def close_day(visit: Visit, form: Form) -> Response:
    """Let a day not count for the clocks of the plan, or count again."""
    opened = form.said("do") == "open"
    day = form.day("day", "Give the day, as 2026-12-24.")
    title = form.text("title", None if opened else "Say what the day is called.", most=120)
    if day is not None and day <= visit.now.astimezone(visit.zone).date():
        form.wrong["day"] = "Give a day that is still to come: clocks that have run are not counted anew."
    if form.wrong or day is None:
        return _calendar(visit, form, 422)
    visit.do(CloseDay(day=day, title=title, open=opened, key=visit.key(form)))
    return visit.see("/admin/calendar", "day-opened" if opened else "day-closed")


# ---- clocks, letters, settings


@page("admin-clocks")
def clocks(visit: Visit) -> Response:
    """Show every clock with its source, and whether anybody has held it against the text."""
    settings = visit.plan["settings"]
    found = house.rules(settings)
    only = visit.asked("show")
    shown = [one for one in found if not only or (only == "own" and one.own) or (only == "open" and not one.verified)]
    return render.page(visit, "clocks.html", rules=shown, every=found, only=only, file=settings.get("clocks"))


@page("admin-letters")
def letters(visit: Visit) -> Response:
    """Show the forms of others with their editions, and the version of our own templates."""
    offices = visit.plan["settings"].get("letters", {})
    files = sorted(one.stem for one in templates.FOLDER.glob("*.html"))
    return render.page(
        visit,
        "letters.html",
        forms=letter_forms.forms(),
        made_of=templates.version(),
        files=files,
        offices={name: dict(one) for name, one in offices.items() if isinstance(one, dict)},
    )


@page("admin-settings")
def settings(visit: Visit) -> Response:
    """Show the settings of the plan."""
    return _settings(visit, render.NO_FORM)


def _settings(visit: Visit, typed: Form, status: int = 200) -> Response:
    found = visit.plan["settings"]
    return render.page(
        visit,
        "settings.html",
        status,
        form=typed,
        numbers=house.numbers(found),
        others=house.others(found),
        retention=list(house.duties(found, "retention")),
    )


@form("admin-settings-set")
def change(visit: Visit, form: Form) -> Response:
    """Change a number of the settings."""
    name = form.one_of("setting", tuple(defaults()), "Choose a setting.")
    if form.said("do") == "default":
        visit.do(ChangeNumber(setting=name, value=None, key=visit.key(form)))
        return visit.see("/admin/settings", "setting-changed")
    value = form.whole("value", "Give a whole number from 1 on.")
    if value == 0 or value > 999_999:  # noqa: PLR2004 - the most that the ledger takes
        form.wrong["value"] = "Give a whole number from 1 to 999,999."
    if form.wrong:
        return _settings(visit, form, 422)
    visit.do(ChangeNumber(setting=name, value=value, key=visit.key(form)))
    return visit.see("/admin/settings", "setting-changed")


# ---- what goes in and out


@page("admin-messages")
def messages(visit: Visit) -> Response:
    """Show the tokens of programs, and what could not be delivered."""
    return _messages(visit, render.NO_FORM)


def _messages(visit: Visit, typed: Form, status: int = 200) -> Response:
    stand = visit.asked("show", "dead")
    if stand not in _STANDS:
        raise Problem("not-found", f"expected one of {', '.join(_STANDS)}")
    after = visit.asked("after")
    first = int(after) if _WHOLE.fullmatch(after) else 0
    found = outbox.listed(visit.store, visit.who, _STANDS[stand], after=first, most=MOST)
    return render.page(
        visit,
        "messages.html",
        status,
        form=typed,
        stand=stand,
        stands=tuple(_STANDS),
        lines=found,
        next=found[-1].number if len(found) == MOST else None,
        tokens=tokens.listed(visit.store, visit.session.tenant),
        names=roster.roster(visit).names,
        titles=ROLE,
    )


@form("admin-message")
def message(visit: Visit, form: Form) -> Response:
    """Send a message again, or drop it."""
    number = visit.path("number")
    if not _WHOLE.fullmatch(number):
        raise Problem("not-found", "there is no such message")
    do = form.one_of("do", ("retry", "drop"), "Choose what to do.")
    why = form.text("why", "Say why.", most=400)
    if form.wrong:
        return _messages(visit, form, 422)
    act = RetryMessage if do == "retry" else DropMessage
    visit.do(act(number=int(number), why=why, key=visit.key(form)))
    return visit.see("/admin/messages", "sent-again" if do == "retry" else "dropped")


@form("admin-token")
def token(visit: Visit, form: Form) -> Response:
    """Take a token back."""
    visit.do(RevokeToken(token=visit.path("token"), key=visit.key(form)))
    return visit.see("/admin/messages", "revoked")


# ---- sessions


@page("admin-sessions")
def signed_in(visit: Visit) -> Response:
    """Show who is signed in, and where."""
    found = sessions.everybodys(visit.store, visit.session.tenant, visit.now)
    return render.page(visit, "sessions.html", seats=found, names=roster.roster(visit).names, titles=ROLE)


@form("admin-sessions-end")
def end_session(visit: Visit, form: Form) -> Response:
    """End a session, or all of one person."""
    if form.said("person"):
        sessions.end_all(visit.store, visit.who, form.said("person")[:64], visit.now, but=visit.session.id)
    elif not sessions.end_for(visit.store, visit.who, form.said("session")[:64], visit.now):
        raise Problem("not-found", "this session is over already")
    return visit.see("/admin/sessions", "session-ended")
