"""Who stands in the request: member, prescriber, supplier and items, as the letters name them, read from its Bundle.

What the request does not say stays empty; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from priorauth.ledger.events import Json
from priorauth.letters.facts import Contact, Item, Member, Prescriber, Supplier

_RENTED: Final = "RR"
_NPI: Final = "http://hl7.org/fhir/sid/us-npi"


def resources(bundle: Json, kind: str) -> Iterator[Json]:
    """Yield the resources of a type, in the order of the Bundle."""
    for entry in bundle.get("entry", ()):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == kind:
            yield resource


def named(bundle: Json, reference: Any) -> Json:  # noqa: ANN401 - a FHIR reference, if it is one
    """Return the resource that a reference names by its type and id; empty where there is none."""
    wanted = str((reference or {}).get("reference", "")) if isinstance(reference, dict) else ""
    kind, _, own = wanted.rpartition("/")
    for one in resources(bundle, kind.rpartition("/")[2]):
        if one.get("id") == own:
            return one
    return {}


def member(bundle: Json, claim: Json) -> Member:
    """Return the member."""
    patient = named(bundle, claim.get("patient")) or next(resources(bundle, "Patient"), {})
    name = _name(patient)
    born = str(patient.get("birthDate", ""))
    language = next(
        (
            str(coding.get("code"))
            for one in patient.get("communication", ())
            if one.get("preferred")
            for coding in one.get("language", {}).get("coding", ())
        ),
        "en",
    )
    whole = len("2026-01-01")
    return Member(
        name=name,
        id=_identifier(patient) or str(patient.get("id", "")),
        contact=_contact(patient, name),
        born=dt.date.fromisoformat(born) if len(born) == whole else None,
        language=language,
    )


def prescriber(bundle: Json, claim: Json) -> Prescriber:
    """Return the prescriber: of the claim's care team, else the only practitioner of the request."""
    team = [named(bundle, one.get("provider")) for one in claim.get("careTeam", ())]
    listed = [one for one in team if one.get("resourceType") == "Practitioner"]
    every = listed or list(resources(bundle, "Practitioner"))
    found = every[0] if listed or len(every) == 1 else {}
    name = _name(found)
    suffix = next((one for part in found.get("name", ()) for one in part.get("suffix", ())), "")
    return Prescriber(name=name, credential=str(suffix), contact=_contact(found, name), npi=_npi(found))


def supplier(bundle: Json, claim: Json) -> Supplier:
    """Return who sent the request."""
    found = named(bundle, claim.get("provider"))
    return Supplier(contact=_contact(found, str(found.get("name", ""))), npi=_npi(found))


def items(claim: Json) -> dict[int, Item]:
    """Return the items of a claim by their sequence."""
    return {int(one.get("sequence", 0)): _item(one) for one in claim.get("item", ())}


def _item(one: Json) -> Item:
    said = one.get("productOrService", {})
    coding: Json = next((found for found in said.get("coding", ()) if found.get("code")), {})
    code = str(coding.get("code", ""))
    modifiers = [str(c.get("code", "")) for m in one.get("modifier", ()) for c in m.get("coding", ())]
    quantity = one.get("quantity", {}).get("value", 1)
    return Item(
        hcpcs=code,
        words=str(said.get("text") or coding.get("display") or f"item {code}"),
        quantity=int(quantity) if isinstance(quantity, int | float) else 1,
        supply="rental" if _RENTED in modifiers else "purchase",
        modifier=" ".join(modifiers),
    )


def _name(resource: Json) -> str:
    for one in resource.get("name", ()) if isinstance(resource.get("name"), list) else ():
        return str(one.get("text") or " ".join([*one.get("given", ()), one.get("family", "")])).strip()
    return ""


def _identifier(resource: Json) -> str:
    return next((str(one["value"]) for one in resource.get("identifier", ()) if one.get("value")), "")


def _npi(resource: Json) -> str:
    found = (one for one in resource.get("identifier", ()) if one.get("system") == _NPI)
    return next((str(one.get("value", "")) for one in found), "")


def _contact(resource: Json, name: str) -> Contact:
    lines: tuple[str, ...] = ()
    for one in resource.get("address", ()):
        town = " ".join(part for part in (one.get("city"), one.get("state"), one.get("postalCode")) if part)
        lines = (*(str(line) for line in one.get("line", ())), *((town,) if town else ()))
        break
    phones = {one.get("system"): str(one.get("value", "")) for one in resource.get("telecom", ())}
    return Contact(name=name, address=lines, phone=phones.get("phone", ""), fax=phones.get("fax", ""))
