"""The conditions of rights: what has to be so of a person and a case beside the role that she holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, select

from priorauth.ledger import tables as t
from priorauth.ledger.acting import Work


def holds(work: Work, person: str, role: str) -> bool:
    """Whether a person of the staff holds a role today."""
    day = work.today()
    found = work.connection.execute(_held(), {"of_tenant": work.who.tenant, "of_person": person, "of_role": role})
    return any(first <= day and (last is None or day <= last) for first, last in found)


@cache
def _held() -> Select[Any]:
    """Return the query of the days on which a person who is active holds a role."""
    one, she = t.role.c, t.person.c
    named = ("tenant", "person", "role")
    return (
        select(one.valid_from, one.valid_until)
        .join(t.person, and_(she.tenant == one.tenant, she.person == one.person))
        .where(she.active, *(one[name] == bindparam(f"of_{name}", type_=one[name].type) for name in named))
    )


def _own(work: Work) -> str | None:
    return None if work.who.organisation else "expected somebody of an organisation"


def _for_clinic(work: Work) -> str | None:
    return None if work.who.behalf else "expected for whom it is entered (phone, fax)"


def _appealed(work: Work) -> list[str]:
    """Return the cases that are appealed, where the case is an appeal: the last, the one before it, to the first."""
    found: list[str] = []
    case = work.case
    while case.get("kind") == "appeal":
        found.append(case["base"])
        case = work.rows(t.cases, case_no=case["base"])[0]
    return found


def _not_its_nurse(work: Work) -> str | None:
    one = t.event
    query = select(one.c.number).where(
        one.c.tenant == work.who.tenant,
        one.c.case_no.in_([work.case_no, *_appealed(work)]),
        one.c.person == work.who.person,
        one.c.role == "nurse",
        one.c.what != "read",
    )
    prepared = work.connection.execute(query.limit(1)).first()
    return "she prepared this case as its nurse" if prepared else None


def _not_first_reviewer(work: Work) -> str | None:
    appealed = _appealed(work)
    if not appealed:
        return None
    one = t.decision
    query = select(one.c.signer).where(one.c.tenant == work.who.tenant, one.c.case_no.in_(appealed))
    first = {signer for (signer,) in work.connection.execute(query) if signer}
    over = {row["above"] for row in work.rows(t.above, person=work.who.person)}
    if work.who.person in first or first & over:
        return "an appeal is decided neither by the first reviewer nor by somebody below her"
    return None


CONDITIONS: Final[Mapping[str, Callable[[Work], str | None]]] = {
    "own": _own,
    "for-clinic": _for_clinic,
    "not-its-nurse": _not_its_nurse,
    "not-first-reviewer": _not_first_reviewer,
}
