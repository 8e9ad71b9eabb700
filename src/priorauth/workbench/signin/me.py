"""The page of a person about herself: her roles, sessions, passkeys, password, and what she likes of the pages."""

from __future__ import annotations

from typing import Final

from msgspec import structs
from starlette.responses import Response

from priorauth.ledger.work import Refusal
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import accounts, limits, passkeys, passwords, people, preferences, sessions
from priorauth.workbench.signin.people import Plan
from priorauth.workbench.signin.preferences import DENSITIES
from priorauth.workbench.visit import Visit

HERE: Final = "/me"
_NOT_HERS: Final = "That is not your password. After several wrong ones in a row you have to wait a while."
HOW: Final = {
    "password": "by password",
    "passkey": "by passkey",
    "oidc": "by your organization",
    "link": "by a link",
    "open": "without proof: an open server",
}
SAID: Final = {
    "role": "You act in another role now.",
    "ended": "That session is ended.",
    "all-ended": "Every other session is ended.",
    "password": "Your password is set. Every other session is ended.",
    "likes": "Your wishes for the pages are kept.",
    "passkey": "The passkey is added.",
    "passkey-gone": "The passkey is removed.",
}


def shown(visit: Visit, form: Form | None = None, status: int = 200) -> Response:
    """Show the page."""
    session, store = visit.session, visit.store
    return render.page(
        visit,
        "me.html",
        status,
        session=session,
        roles=[(role, words.ROLE[role]) for role in session.roles],
        seats=sessions.seats(store, session, visit.now),
        passkeys=passkeys.listed(store, session.tenant, session.person),
        has_password=accounts.has_password(store, session.tenant, session.person),
        how=HOW,
        titles=words.ROLE,
        shortest=passwords.SHORTEST,
        asks=not accounts.fresh(session, visit.now, plan_of(visit).number("sign_again_minutes")),
        said=SAID.get(visit.asked("said"), ""),
        **({} if form is None else {"form": form}),
    )


def unscripted(visit: Visit, form: Form) -> Response:
    """Say that a passkey is added by a script alone: the form of one was sent as a plain form."""
    form.wrong["title"] = "To add a passkey, allow scripts for this site."
    return shown(visit, form, 422)


def role(visit: Visit, form: Form) -> Response:
    """Let her act in another of her roles."""
    sessions.switch_role(visit.store, visit.session, form.said("role"), visit.now)
    return visit.see("/")


def end(visit: Visit, form: Form) -> Response:
    """End one of her other sessions, or all of them."""
    if form.said("session"):
        sessions.end_one(visit.store, visit.session, form.said("session"), visit.now)
        return visit.see(HERE, "ended")
    sessions.end_all(visit.store, visit.who, visit.session.person, visit.now, but=visit.session.id)
    return visit.see(HERE, "all-ended")


def password(visit: Visit, form: Form) -> Response:
    """Set her password, where she knows the one before, or has just proved who she is."""
    new = form.said("new-password")
    if new != form.said("again-password"):
        form.wrong["again-password"] = "The two are not the same. Type the new password twice."
    if not form.wrong and not proves_again(visit, form):
        form.wrong["password"] = _NOT_HERS
    if not form.wrong:
        try:
            accounts.set_password(visit.store, visit.who, visit.session.person, new, visit.now, but=visit.session.id)
        except Refusal as refusal:
            form.wrong["new-password"] = str(refusal)
    return shown(visit, form, 422) if form.wrong else visit.see(HERE, "password")


def remove(visit: Visit, form: Form) -> Response:
    """Remove one of her passkeys."""
    passkeys.remove(visit.store, visit.session, form.said("passkey"), visit.now)
    return visit.see(HERE, "passkey-gone")


def likes(visit: Visit, form: Form) -> Response:
    """Keep what she likes of the pages."""
    found = next((one for one in DENSITIES if one == form.said("density")), DENSITIES[0])
    mine = visit.store, visit.session.tenant, visit.session.person
    wanted = structs.replace(preferences.of(*mine), density=found, keys=form.said("keys") == "on")
    preferences.keep(*mine, wanted)
    return visit.see(HERE, "likes")


def proves_again(visit: Visit, form: Form) -> bool:
    """Whether she has just proved who she is, or does so by the password that came with the form."""
    of = plan_of(visit)
    if accounts.fresh(visit.session, visit.now, of.number("sign_again_minutes")):
        return True
    whence, typed = limits.address(visit.request, of), form.said("password")
    found = accounts.tried(visit.store, of.tenant, visit.session.person, typed, whence=whence, now=visit.now)
    return found == "right"


def plan_of(visit: Visit) -> Plan:
    """Return the plan of a visit; raises Problem where it is gone."""
    with visit.store.reading(visit.session.tenant) as connection:
        found = people.plan(connection, visit.session.tenant)
    if found is None:
        raise Problem("not-found", "no such plan")
    return found
