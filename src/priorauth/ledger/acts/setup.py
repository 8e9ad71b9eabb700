"""Acts on the tenant: its settings, organisations, people, their roles and licences, and who may sign."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import field

from priorauth.ledger import proposed
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import CONFIRM, confirms_fit, defaults, rights
from priorauth.ledger.readings import PUBLISHED, kept
from priorauth.ledger.work import Act, Refusal, Work, handles, holds, tenant_chain

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")
_DAY: Final = re.compile(
    r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])|20\d\d-(0[13-9]|1[0-2])-(29|30)|20\d\d-(0[13578]|1[02])-31", re.ASCII
)


class SetUp(Act, frozen=True, kw_only=True):
    """Name the tenant, its zone and its settings."""

    name: ClassVar[str] = "set-up"
    title: str
    zone: str
    settings: dict[str, Any] = field(default_factory=dict)


class AddOrganisation(Act, frozen=True, kw_only=True):
    """Add an organisation, or say it anew: a clinic, a supplier, a payer."""

    name: ClassVar[str] = "manage-people"
    organisation: str
    kind: str
    title: str
    npi: str | None = None


class AddPerson(Act, frozen=True, kw_only=True):
    """Add a person, or say her anew."""

    name: ClassVar[str] = "manage-people"
    person: str
    title: str
    organisation: str | None = None
    supervisor: str | None = None
    active: bool = True
    details: dict[str, Any] = field(default_factory=dict)


class GrantRole(Act, frozen=True, kw_only=True):
    """Give a person a role for a span of days; ``second`` has proposed it, where two admins are needed."""

    name: ClassVar[str] = "grant-role"
    person: str
    role: str
    valid_from: date
    valid_until: date | None = None
    second: str | None = None


class AddLicence(Act, frozen=True, kw_only=True):
    """Enter a licence: its number, kind (MD, DO, ...), state, and from when to when it is valid."""

    name: ClassVar[str] = "manage-people"
    person: str
    licence: str
    kind: str
    state: str
    specialty: str
    valid_from: date
    valid_until: date
    npi: str | None = None


class MaySign(Act, frozen=True, kw_only=True):
    """Say which licence may sign an adverse decision, for a line of business (``*``: any).

    ``state``: that of the licence, ``plan`` where it has to be the plan's own, ``*`` for any.
    """

    name: ClassVar[str] = "set-up"
    line: str
    kind: str
    state: str
    gone: bool = False
    """Whether such a licence may sign no longer."""


@handles(SetUp)
def _set_up(act: SetUp, work: Work) -> None:
    try:
        ZoneInfo(act.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refusal("invalid", f"no time zone is named {act.zone[:60]}") from None
    for name in sorted(defaults().keys() & act.settings.keys()):
        value = act.settings[name]
        if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
            raise Refusal("invalid", f"the setting {name}: expected a whole number from 1 on")
    days = act.settings.get("closed_days", {})
    if not isinstance(days, dict) or not all(_DAY.fullmatch(str(one)) for one in days):
        raise Refusal("invalid", "the setting closed_days: expected days by name, as 2026-12-24: Christmas Eve")
    if not confirms_fit(act.settings.get(CONFIRM)):
        raise Refusal("invalid", f"the setting {CONFIRM}: expected clinic, nurse or both, or one of them by fact")
    if PUBLISHED in act.settings:
        raise Refusal("invalid", f"the setting {PUBLISHED}: readings are published by two people")
    tenant_chain(work)
    before: dict[str, Any] = next((row["settings"] for row in work.rows(t.tenant)), {})
    settings = {**act.settings, **kept(before)}
    work.set(t.tenant, tenant=work.who.tenant, name=act.title, zone=act.zone, settings=settings)
    work.event("set-up", zone=act.zone, settings=settings)


@handles(AddOrganisation)
def _add_organisation(act: AddOrganisation, work: Work) -> None:
    tenant_chain(work)
    work.set(t.organisation, organisation=act.organisation, kind=act.kind, name=act.title, npi=act.npi)
    work.event("organisation", organisation=act.organisation)


@handles(AddPerson)
def _add_person(act: AddPerson, work: Work) -> None:
    tenant_chain(work)
    known = {row["person"]: row["supervisor"] for row in work.rows(t.person)} | {act.person: act.supervisor}
    _over(known, act.person)
    work.set(
        t.person,
        person=act.person,
        name=act.title,
        organisation=act.organisation,
        supervisor=act.supervisor,
        active=act.active,
        details=act.details,
    )
    for person in known:  # who stands below her stands below whoever stands above her
        if person == act.person or act.person in _over(known, person):
            _stands_below(work, person, _over(known, person))
    work.event("person", person=act.person)


def _over(supervisors: Mapping[str, str | None], person: str) -> list[str]:
    """Return who stands above a person, the nearest first."""
    over: list[str] = []
    above = supervisors[person]
    while above is not None:
        if above == person or above in over:
            raise Refusal("invalid", f"{person} would stand above herself")
        if above not in supervisors:
            raise Refusal("not-found", f"no person {above[:64]}")
        over.append(above)
        above = supervisors[above]
    return over


def _stands_below(work: Work, person: str, over: Iterable[str]) -> None:
    """Let a person stand below those and nobody else."""
    was = {row["above"] for row in work.rows(t.above, person=person)}
    for gone in sorted(was.difference(over)):
        work.set(t.above, person=person, above=gone, gone=True)
    for one in over:
        if one not in was:
            work.set(t.above, person=person, above=one)


@handles(GrantRole)
def _grant_role(act: GrantRole, work: Work) -> None:
    if act.role not in rights().roles or act.role in ("rule", "system"):
        raise Refusal("invalid", f"no role is named {act.role[:40]}")
    if not work.rows(t.person, person=act.person):
        raise Refusal("not-found", f"no person {act.person[:64]}")
    granted = [one for one in (work.who.person, act.second) if one]
    if act.role in proposed.TWO_TO_GRANT and work.who.role != "system":
        admins = {row["person"] for row in work.rows(t.role, role="admin") if holds(work, row["person"], "admin")}
        if len({*granted} & admins) < len(("one", "another")):
            raise Refusal("no-right", f"the role {act.role} is granted by two admins")
    tenant_chain(work)
    if act.role in proposed.TWO_TO_GRANT and work.who.role != "system":
        data = proposed.said(act.role, act.valid_from, act.valid_until)
        proposed.confirmed(work, act.person, data, act.second or "")
    work.set(
        t.role,
        person=act.person,
        role=act.role,
        granted_by=granted,
        valid_from=act.valid_from,
        valid_until=act.valid_until,
    )
    work.event("role", person=act.person, role=act.role)


@handles(AddLicence)
def _add_licence(act: AddLicence, work: Work) -> None:
    if not work.rows(t.person, person=act.person):
        raise Refusal("not-found", f"no person {act.person[:64]}")
    tenant_chain(work)
    work.set(
        t.licence,
        person=act.person,
        licence=act.licence,
        kind=act.kind,
        state=act.state,
        specialty=act.specialty,
        npi=act.npi,
        valid_from=act.valid_from,
        valid_until=act.valid_until,
    )
    work.event("licence", person=act.person, licence=act.licence)


@handles(MaySign)
def _may_sign(act: MaySign, work: Work) -> None:
    key = {"line": act.line, "kind": act.kind, "state": act.state}
    if act.gone and not work.rows(t.may_sign, **key):
        raise Refusal("not-found", "no such licence may sign")
    tenant_chain(work)
    work.set(t.may_sign, **key, **({"gone": True} if act.gone else {}))
    work.event("may sign no longer" if act.gone else "may-sign", **key)
