"""The people of the demo: a plan with somebody in each role, two clinics and a supplier. All of them are made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from priorauth.ledger.acts import setup
from priorauth.ledger.events import Who
from priorauth.ledger.work import Act
from priorauth.server.demo.offices import offices, plans

TENANT: Final = "demo"
ZONE: Final = "America/New_York"
LICENCE: Final = "DEMO-10001"
_YEARS: Final = timedelta(days=900)
CLINICS: Final = ("north-clinic", "south-clinic")
SUPPLIER: Final = "pump-supplier"


class Person(NamedTuple):
    """Somebody of the demo."""

    person: str
    title: str
    role: str
    organisation: str | None = None
    licence: str | None = None
    supervisor: str | None = None


PEOPLE: Final = (
    Person("carla", "Carla Demo, coordinator", "coordinator", CLINICS[0]),
    Person("paul", "Dr. Paul Demo, prescriber", "prescriber", CLINICS[0]),
    Person("cyrus", "Cyrus Demo, coordinator", "coordinator", CLINICS[1]),
    Person("sofia", "Sofia Demo, supplier", "supplier", SUPPLIER),
    Person("nadia", "Nadia Demo, RN", "nurse"),
    Person("noel", "Noel Demo, RN", "nurse"),
    Person("marsh", "Dr. Helen Marsh (demo), medical director", "director", None, LICENCE),
    Person("lind", "Dr. Otto Lind (demo), medical director", "director", None, "DEMO-10002"),
    Person("amato", "Dr. Ada Amato (demo), appeals", "appeals", None, "DEMO-10003"),
    Person("ana", "Ana Demo, policy analyst", "analyst"),
    Person("mara", "Mara Demo, manager", "manager"),
    Person("adam", "Adam Demo, admin", "admin"),
    Person("alba", "Alba Demo, admin", "admin"),
)
_BY_ID: Final = {one.person: one for one in PEOPLE}


def who(person: str, behalf: str | None = None, tenant: str = TENANT) -> Who:
    """Return somebody of the demo as she acts."""
    found = _BY_ID[person]
    return Who(tenant, found.person, found.role, found.organisation, behalf)


def system(tenant: str = TENANT) -> Who:
    """Return the system of the demo."""
    return Who(tenant, None, "system")


def acts(first: datetime) -> Iterator[Act]:
    """Yield the acts that set the plan up, as of a moment before everything."""
    day = (first - timedelta(days=1)).date()
    settings = {"approve_by_rule": True, "letters": offices(), "plans": plans()}
    yield setup.SetUp(title="Demo plan (all made up)", zone=ZONE, settings=settings)
    for name in CLINICS:
        yield setup.AddOrganisation(organisation=name, kind="clinic", title=name.replace("-", " ").title())
    yield setup.AddOrganisation(organisation=SUPPLIER, kind="supplier", title="Pump Supplier")
    for one in PEOPLE:
        yield setup.AddPerson(
            person=one.person, title=one.title, organisation=one.organisation, supervisor=one.supervisor
        )
        yield setup.GrantRole(person=one.person, role=one.role, valid_from=day)
        if one.licence is not None:
            yield setup.AddLicence(
                person=one.person,
                licence=one.licence,
                kind="MD",
                state="MA",
                specialty="endocrinology",
                valid_from=day,
                valid_until=day + _YEARS,
            )
    yield setup.MaySign(line="*", kind="MD", state="*")
