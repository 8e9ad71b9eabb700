"""Under which coverage is asked: whose it is, whether this plan pays, whether it is in force.

A plan has no list of its members here: a Coverage that names this plan as its payor, and the patient of the call as who
is covered, is that of a member.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from priorauth.exchange.crd.orders import Order
from priorauth.exchange.crd.pool import Pool, name_of, text
from priorauth.exchange.crd.request import Asked
from priorauth.exchange.plan import Payer, Version
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.fhir.references import tail
from priorauth.policy.catalog import Catalog
from priorauth.record.readers.coverage import PAYER_SYSTEM

Lacking = Literal["no-member-found", "no-active-coverage", "coverage-not-found"]
_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_TIN: Final = "urn:oid:2.16.840.1.113883.4.4"


class Cover(Struct, frozen=True):
    """A coverage under which is asked; ``lacking`` says why it is none, ``payor`` whom it names as payor."""

    resource: Json
    lacking: Lacking | None = None
    unknown: bool = False
    """Whether it cannot be told who pays."""

    @property
    def reference(self) -> Json:
        """How the caller refers to it."""
        return {"reference": name_of(self.resource)} if self.resource.get("id") else {"display": "the coverage"}


def covers(asked: Asked, pool: Pool, payer: Payer, catalog: Catalog, version: Version, day: date) -> list[Cover]:  # noqa: PLR0913, PLR0917 - what a coverage is held against
    """Return the coverages that this plan answers for; raises Fault where the call holds none that it may.

    Version 2.2 wants coverages of this plan alone; with version 2.0 those of others are left aside.
    """
    found = pool.all("Coverage")
    ours = {id(one): _ours(one, pool, payer, catalog) for one in found}
    if version == "2.2":
        _held_to(found, ours)
    kept = [one for one in found if ours[id(one)] is not False]
    if found and not kept:
        return [Cover(found[0], "coverage-not-found")]
    return [Cover(one, _lacking(one, asked, day), ours[id(one)] is None) for one in kept]


def _held_to(found: list[Json], ours: dict[int, bool | None]) -> None:
    said = [ours[id(one)] for one in found]
    if not found:
        raise Fault(400, "required", "expected a Coverage of this plan", "prefetch.coverage")
    if False in said and True in said:
        raise Fault(400, "multiple-matches", "expected coverages of this plan alone", "Coverage.payor")
    if False in said:
        raise Fault(400, "business-rule", "the payor of the Coverage is not this plan", "Coverage.payor.identifier")


def of_order(order: Order, found: list[Cover]) -> list[Cover]:
    """Return the coverages of an order: those that it names, where it names any of them; else all."""
    named = {tail(text(one.get("reference"))) for one in listed(order.order, "insurance")}
    own = [one for one in found if name_of(one.resource) in named]
    return own or found


def unresolved(pool: Pool) -> list[str]:
    """Return the payors that coverages name and that a call does not bring, as ``Organization/id``."""
    named = [
        tail(text(payor.get("reference")))
        for cover in pool.all("Coverage")
        for payor in listed(cover, "payor")
        if pool.find(payor, cover) is None and not isinstance(payor.get("identifier"), dict)
    ]
    return [one for one in dict.fromkeys(named) if one.startswith("Organization/")]


def _ours(cover: Json, pool: Pool, payer: Payer, catalog: Catalog) -> bool | None:
    """Whether a coverage names this plan as its payor; None where whom it names cannot be told."""
    said: list[bool | None] = []
    for payor in listed(cover, "payor"):
        found = pool.find(payor, cover)
        if found is None:
            said.append(_known([payor.get("identifier")], [payor.get("display")], payer, catalog))
        elif found["resourceType"] == "Organization":
            aliases = found.get("alias")
            names = [found.get("name"), *(aliases if isinstance(aliases, list) else ())]
            said.append(_known(listed(found, "identifier"), names, payer, catalog) or False)
        else:
            said.append(False)
    return True if True in said else None if None in said else False


def _known(identifiers: Sequence[object], names: Sequence[object], payer: Payer, catalog: Catalog) -> bool | None:
    """Whether a payor is this plan, by number or by name; None where no number says that it is another."""
    pairs = [
        (text(one.get("system")), text(one.get("value")))
        for one in identifiers
        if isinstance(one, dict) and text(one.get("value"))
    ]
    called = [text(one) for one in names if text(one)]
    own = {*payer.identifiers, f"{_NPI}|{payer.npi}", f"{_TIN}|{payer.tin}"}
    if any(f"{system}|{value}" in own for system, value in pairs):
        return True
    here = {one.casefold() for one in (payer.name, *payer.aliases)}
    if any(one.casefold() in here for one in called):
        return True
    tagged = next((value for system, value in pairs if system == PAYER_SYSTEM), None)
    written = tuple(f"{system}|{value}" for system, value in pairs)
    if catalog.payer_of(tagged, (*called, *written)) is not None:
        return True
    return False if pairs else None


def _lacking(cover: Json, asked: Asked, day: date) -> Lacking | None:
    """Return why nobody is covered by a coverage on a day; None where somebody is."""
    beneficiary = cover.get("beneficiary")
    named = tail(text(beneficiary.get("reference"))) if isinstance(beneficiary, dict) else ""
    if named and named != f"Patient/{asked.patient}":
        return "no-member-found"
    if cover.get("status", "active") != "active":
        return "no-active-coverage"
    period = cover.get("period")
    first, last = (text(period.get(end)) for end in ("start", "end")) if isinstance(period, dict) else ("", "")
    today = day.isoformat()
    begun = not first or first[:10] <= today[: len(first[:10])]
    over = bool(last) and last[:10] < today[: len(last[:10])]
    return None if begun and not over else "no-active-coverage"
