"""Which form is for an order: that of the policy which decides on it, in the kind that the plan gives out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from priorauth.exchange.plan import Partner, Plan
from priorauth.exchange.plan import Payer as Plans
from priorauth.exchange.wire import Json, listed
from priorauth.export import forms
from priorauth.export.addresses import pinned, questionnaire
from priorauth.export.forms import Form
from priorauth.fhir.references import tail
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Pathway, Policy
from priorauth.policy.views.narrow import narrow
from priorauth.record.codes import plain, system_of
from priorauth.record.readers.coverage import PAYER_SYSTEM

_CODES: Final = ("codeCodeableConcept", "code", "medicationCodeableConcept", "itemCodeableConcept")


def canonicals(  # noqa: PLR0913 - what is given out, and to whom
    plan: Plan,
    policy: Policy,
    pathway: str | None,
    base: str,
    *,
    hooked: bool = True,
    partner: Partner | None = None,
) -> tuple[str, ...]:
    """Return the forms of a policy as a plan gives them out to a partner, by canonical address with version.

    Where there are both kinds, the adaptive one is for orders that came through a hook, whose record is at hand
    (``hooked``); the static one for others. Of static forms that of the pathway, or of all pathways where none is sure.
    """
    found = of(plan, policy, pathway, hooked=hooked, partner=partner)
    return tuple(pinned(questionnaire(one.name, base), one.version) for one in found)


def of(
    plan: Plan, policy: Policy, pathway: str | None, *, hooked: bool, partner: Partner | None = None
) -> tuple[Form, ...]:
    """Return the forms of a policy as a plan gives them out; see :func:`canonicals`."""
    kinds = (partner.forms if partner else None) or plan.forms
    if kinds == "adaptive" or (kinds == "both" and hooked):
        return (Form(policy),)
    every = forms.of_policy(policy)
    return tuple(one for one in every if one.pathway and one.pathway.id == pathway) or every


def codes(order: Json) -> tuple[str, ...]:
    """Return the HCPCS codes of an order, as they are compared."""
    found = [
        plain(str(coding.get("code") or ""))
        for element in _CODES
        for coding in listed(order.get(element), "coding")
        if system_of(str(coding.get("system") or "")) == "hcpcs"
    ]
    return tuple(dict.fromkeys(code for code in found if code))


def payers(coverages: list[Json], plan: Plans, catalog: Catalog) -> tuple[str, ...] | None:
    """Return the payers that coverages may be of, by id; None where they name somebody else alone."""
    said = [(one, payor) for one in coverages for payor in listed(one, "payor")]
    known, unsure = [], not said
    for coverage, payor in said:
        names = list(_names(payor, coverage))
        found = catalog.payer_of(
            next((name for system, name in names if system == PAYER_SYSTEM), None), _plainly(names)
        )
        if found is not None:
            known.append(found.id)
        elif not names or _is_plan(names, plan):
            unsure = True
    if known:
        return tuple(dict.fromkeys(known))
    return tuple(catalog.payers) if unsure else None


def _names(payor: Json, coverage: Json) -> Iterator[tuple[str, str]]:
    """Yield by what a payor is known, each with its system; names have none."""
    reference = str(payor.get("reference") or "")
    contained = [one for one in listed(coverage, "contained") if f"#{one.get('id')}" == reference]
    identifier = payor.get("identifier")
    held = [identifier] if isinstance(identifier, dict) else []
    for one in contained:
        held += listed(one, "identifier")
        yield from (("", name) for name in (one.get("name"), *(one.get("alias") or ())) if isinstance(name, str))
    yield from ((str(one.get("system") or ""), str(one.get("value") or "")) for one in held)
    if isinstance(payor.get("display"), str) and payor["display"]:
        yield "", payor["display"]


def _plainly(names: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{system}|{name}" if system else name for system, name in names)


def _is_plan(names: list[tuple[str, str]], plan: Plans) -> bool:
    ours = {one.casefold() for one in (plan.name, *plan.aliases, *plan.identifiers)}
    return any(name.casefold() in ours for name in _plainly(names))


def policies(order: Json, payers_of: tuple[str, ...], catalog: Catalog, day: date) -> tuple[Policy, ...]:
    """Return the policies in force on a day that list the product of an order: of each payer the one that decides."""
    wanted = codes(order)
    on = dict.fromkeys(("request", "service", "receipt"), day.toordinal())
    found = []
    for payer in payers_of:
        for name in catalog.of_payer(payer):
            policy = catalog.in_force(name, on)
            if policy is not None and any(code in policy.products for code in wanted):
                found.append(policy)
                break
    return tuple(found)


def pathway(policy: Policy, order: Json) -> str | None:
    """Return the one pathway that the product of an order leaves open; None where several are."""
    wanted = codes(order)
    known = {"product_code": frozenset(wanted)}
    left = [one for one in policy.pathways if _may_take(one, known)]
    return left[0].id if len(left) == 1 else None


def _may_take(one: Pathway, known: dict[str, frozenset[str]]) -> bool:
    return one.when is None or narrow(one.when, known) is not False


def same(one: object, other: object) -> bool:
    """Whether two references name the same resource, whatever server they name."""
    names = [tail(str(value.get("reference") or "")) if isinstance(value, dict) else "" for value in (one, other)]
    return bool(names[0]) and names[0] == names[1]
