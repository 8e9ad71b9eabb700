"""People of the plan: added, given roles and licences by an administrator; who signs decisions, by two of them."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import Response

from priorauth.ledger.acts.proposals import EndRole, ProposeRole, RefuseProposal
from priorauth.ledger.acts.setup import AddLicence, AddOrganisation, AddPerson, GrantRole
from priorauth.ledger.proposed import TWO_TO_GRANT
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import links, sessions
from priorauth.workbench.view import roster as view
from priorauth.workbench.visit import Visit, form, page
from priorauth.workbench.words import ROLE

PEOPLE: Final = "/admin/people"
CLINIC: Final = frozenset({"coordinator", "prescriber", "supplier"})
ORGANISATIONS: Final = (("clinic", "a clinic"), ("supplier", "a supplier"), ("payer", "a payer"))
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_STATE: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_NPI: Final = re.compile(r"\d{10}", re.ASCII)
_AT_MACHINE: Final = TWO_TO_GRANT
"""Whoever holds one of these gets a link to sign in at the machine alone: else one admin could sign as she."""


@page("admin-people")
def people(visit: Visit) -> Response:
    """Show everybody, and what waits for a second admin."""
    return _people(visit, render.NO_FORM)


def _people(visit: Visit, typed: Form, status: int = 200) -> Response:
    found = view.roster(visit)
    return render.page(visit, "people.html", status, form=typed, roster=found, titles=ROLE)


@form("admin-person-add")
def add(visit: Visit, form: Form) -> Response:
    """Add somebody."""
    found = view.roster(visit)
    person = form.text("person", "Give a short name by which she signs in.", most=64)
    if "person" not in form.wrong and not _NAME.fullmatch(person):
        form.wrong["person"] = "Use letters, digits, point, dash and underscore, a letter or digit first."
    elif person in found.names:
        form.wrong["person"] = "Somebody has this short name. Choose another."
    act = _said(form, person, found)
    if form.wrong:
        return _people(visit, form, 422)
    visit.do(AddPerson(**act, key=visit.key(form)))
    return visit.see(f"{PEOPLE}/{person}", "person-added")


def _said(form: Form, person: str, found: view.Roster) -> dict[str, Any]:
    """Return what a form says of somebody."""
    title = form.text("title", "Give her name.", most=200)
    organisation = form.one_of(
        "organisation", ("", *(one["organisation"] for one in found.organisations)), "Choose an organisation."
    )
    supervisor = form.one_of("supervisor", ("", *found.names), "Choose who stands above her.")
    return {
        "person": person,
        "title": title,
        "organisation": organisation or None,
        "supervisor": supervisor or None,
    }


@page("admin-person")
def person(visit: Visit) -> Response:
    """Show somebody with her roles and licences."""
    return _person(visit, render.NO_FORM)


def _person(visit: Visit, typed: Form, status: int = 200, **more: Any) -> Response:  # noqa: ANN401 - what it shows
    found = view.roster(visit)
    name = visit.path("person")
    one = next((one for one in found.people if one.row["person"] == name), None)
    if one is None:
        raise Problem("not-found", f"nobody is named {name[:64]}")
    held = view.roles_of(visit, name)
    return render.page(
        visit,
        "person.html",
        status,
        form=typed,
        one=one,
        held=held,
        roster=found,
        proposals=[each for each in found.proposals if each.row["subject"] == name],
        titles=ROLE,
        roles=view.ROLES,
        two=TWO_TO_GRANT,
        today=visit.now.astimezone(visit.zone).date(),
        by_link=not _AT_MACHINE & {each["role"] for each in held},
        link=None,
        **more,
    )


@form("admin-person-change")
def change(visit: Visit, form: Form) -> Response:
    """Change her name, organisation or supervisor; let her in no longer, or again."""
    found = view.roster(visit)
    name = visit.path("person")
    one = next((one for one in found.people if one.row["person"] == name), None)
    if one is None:
        raise Problem("not-found", f"nobody is named {name[:64]}")
    act = _said(form, name, found)
    active = form.one_of("active", ("yes", "no"), "Choose whether she works here.") == "yes"
    if not active and name == visit.who.person:
        form.wrong["active"] = "You cannot shut yourself out. Another administrator can."
    if form.wrong:
        return _person(visit, form, 422)
    visit.do(AddPerson(**act, active=active, details=dict(one.row["details"]), key=visit.key(form)))
    if not active:
        sessions.end_all(visit.store, visit.who, name, visit.now)
    return visit.see(f"{PEOPLE}/{name}", "person-changed")


@form("admin-role")
def grant(visit: Visit, form: Form) -> Response:
    """Give her a role; one that signs decisions is proposed to a second administrator."""
    name = visit.path("person")
    role = form.one_of("role", tuple(one for one, _ in view.ROLES), "Choose a role.")
    first = form.day("valid_from", "Give the first day.")
    last = form.day("valid_until", None)
    why = form.text("why", "Say why: the second administrator reads it." if role in TWO_TO_GRANT else None)
    if first is not None and last is not None and last < first:
        form.wrong["valid_until"] = "The last day is before the first."
    if role in CLINIC and not _organisation(visit, name):
        form.wrong["role"] = "Give her an organisation first: this role works for one."
    if form.wrong or first is None:
        return _person(visit, form, 422)
    if role in TWO_TO_GRANT:
        act = ProposeRole(person=name, role=role, valid_from=first, valid_until=last, why=why, key=visit.key(form))
        visit.do(act)
        return visit.see(f"{PEOPLE}/{name}", "role-proposed")
    visit.do(GrantRole(person=name, role=role, valid_from=first, valid_until=last, key=visit.key(form)))
    return visit.see(f"{PEOPLE}/{name}", "role-granted")


def _organisation(visit: Visit, name: str) -> str | None:
    found = next((one.row for one in view.roster(visit).people if one.row["person"] == name), None)
    if found is None:
        raise Problem("not-found", f"nobody is named {name[:64]}")
    said: str | None = found["organisation"]
    return said


@form("admin-role-end")
def end(visit: Visit, form: Form) -> Response:
    """End a role of hers with a day."""
    name = visit.path("person")
    role = form.one_of("role", tuple(one for one, _ in view.ROLES), "Choose a role.")
    first = form.day("valid_from", "Open the page again: the role's first day is missing.")
    last = form.day("last", "Give the last day.")
    why = form.text("why", "Say why.")
    if form.wrong or first is None or last is None:
        return _person(visit, form, 422)
    visit.do(EndRole(person=name, role=role, valid_from=first, last=last, why=why, key=visit.key(form)))
    if last < visit.now.astimezone(visit.zone).date():
        sessions.end_all(visit.store, visit.who, name, visit.now, but=visit.session.id)
    return visit.see(f"{PEOPLE}/{name}", "role-ended")


@form("admin-licence")
def licence(visit: Visit, form: Form) -> Response:
    """Enter a licence of hers."""
    name = visit.path("person")
    number = form.text("licence", "Give the number of the licence.", most=64)
    kind = form.text("kind", "Give its kind, as MD.", most=20)
    state = form.text("state", "Give its state in two letters, as MA.", most=2).upper()
    specialty = form.text("specialty", "Give the specialty: letters print it.", most=200)
    npi = form.text("npi", most=10)
    first, last = form.day("licence_from", "Give the first day."), form.day("licence_until", "Give the last day.")
    if "state" not in form.wrong and not _STATE.fullmatch(state):
        form.wrong["state"] = "Give its state in two letters, as MA."
    if npi and not _NPI.fullmatch(npi):
        form.wrong["npi"] = "An NPI has 10 digits."
    if first is not None and last is not None and last < first:
        form.wrong["licence_until"] = "The last day is before the first."
    if form.wrong or first is None or last is None:
        return _person(visit, form, 422)
    act = AddLicence(
        person=name,
        licence=number,
        kind=kind,
        state=state,
        specialty=specialty,
        npi=npi or None,
        valid_from=first,
        valid_until=last,
        key=visit.key(form),
    )
    visit.do(act)
    return visit.see(f"{PEOPLE}/{name}", "licence-entered")


@form("admin-link")
def link(visit: Visit, form: Form) -> Response:
    """Make a link by which she signs in for the first time; it is shown once."""
    del form
    name = visit.path("person")
    if _AT_MACHINE & {each["role"] for each in view.roles_of(visit, name)}:
        raise Problem("refused", "a link for who signs decisions or administers is made at the machine")
    made = links.make(visit.store, visit.who, name, visit.now)
    return render.page(visit, "person-link.html", person=name, token=made.token, at=links.PATH, ends=made.ends_at)


@form("admin-proposal")
def decide(visit: Visit, form: Form) -> Response:
    """Grant what another administrator proposed, or refuse it; or take one's own back."""
    number = visit.path("proposal")
    one = next((one for one in view.roster(visit).proposals if one.row["proposal"] == number), None)
    if one is None:
        raise Problem("not-found", "this proposal is not open: somebody has decided it")
    if form.said("do") == "grant":
        act = GrantRole(
            person=one.row["subject"],
            role=one.role,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            second=one.row["proposed_by"],
            key=visit.key(form),
        )
        visit.do(act)
        return visit.see(PEOPLE, "role-granted")
    form.one_of("do", ("refuse",), "Choose what to do.")
    why = form.text("why", "Say why.")
    if form.wrong:
        return _people(visit, form, 422)
    visit.do(RefuseProposal(proposal=number, why=why, key=visit.key(form)))
    return visit.see(PEOPLE, "proposal-closed")


# ---- organisations


@page("admin-organisations")
def organisations(visit: Visit) -> Response:
    """Show the organisations."""
    return _organisations(visit, render.NO_FORM)


def _organisations(visit: Visit, typed: Form, status: int = 200) -> Response:
    found = view.roster(visit)
    count = {
        one["organisation"]: sum(each.row["organisation"] == one["organisation"] for each in found.people)
        for one in found.organisations
    }
    return render.page(visit, "organisations.html", status, form=typed, roster=found, count=count, kinds=ORGANISATIONS)


@form("admin-organisation-add")
def add_organisation(visit: Visit, form: Form) -> Response:
    """Add an organisation, or say one anew."""
    name = form.text("organisation", "Give a short name, as north-clinic.", most=64)
    if "organisation" not in form.wrong and not _NAME.fullmatch(name):
        form.wrong["organisation"] = "Use letters, digits, point, dash and underscore, a letter or digit first."
    title = form.text("title", "Give its name.", most=200)
    kind = form.one_of("kind", tuple(one for one, _ in ORGANISATIONS), "Choose what it is.")
    npi = form.text("npi", most=10)
    if npi and not _NPI.fullmatch(npi):
        form.wrong["npi"] = "An NPI has 10 digits."
    if form.wrong:
        return _organisations(visit, form, 422)
    visit.do(AddOrganisation(organisation=name, kind=kind, title=title, npi=npi or None, key=visit.key(form)))
    return visit.see("/admin/organisations", "organisation-entered")
