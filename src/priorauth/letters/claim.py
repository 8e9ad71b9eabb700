"""The request form's twin: each of its fields with the place in FHIR that says the same, and those places as a Bundle.

One list serves both, so that what is printed and what a program reads cannot differ. What is not known is a gap on the
sheet and stands nowhere in the Bundle. The Claim is a draft: it counts when a provider has sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from priorauth.letters.facts import Contact, Facts, Item
from priorauth.letters.kinds import Attachment, ClaimSheet

Json = dict[str, Any]
NPI: Final = "http://hl7.org/fhir/sid/us-npi"
HCPCS: Final = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
CERTIFICATION: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-certificationType"
TYPES: Final = "https://codesystem.x12.org/005010/1322"
_CERTIFIED: Final = {"initial": "I", "continued": "R"}
"""X12's certification type, by the kind of request; what is neither has none that says the same."""
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?")
_MONEY: Final = re.compile(r"\$?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d\d)?")


class Field(Struct, frozen=True, gc=False):
    """A field: the part of the form, its label, where in FHIR it stands, and its value; None where it is not known.

    ``path`` is empty where a Claim has no place for it: other insurance would be a coverage of its own.
    """

    part: str
    label: str
    path: str
    value: str | int | float | None

    @property
    def text(self) -> str:
        """The value as it is printed."""
        return "" if self.value is None else str(self.value)


def fields(facts: Facts) -> tuple[Field, ...]:
    """Return the fields of the form in its order."""
    return (*_member(facts), *_providers(facts), *_lines(facts), *_whole(facts), *_papers(facts))


def _member(facts: Facts) -> Iterator[Field]:
    who, part = facts.member, "Member"
    yield Field(part, "Name", "Patient.name[0].text", who.name or None)
    yield Field(part, "Member number", "Patient.identifier[0].value", who.id or None)
    yield Field(part, "Birth date", "Patient.birthDate", who.born.isoformat() if who.born else None)
    yield from _address(part, "Patient", who.contact)
    yield Field(part, "Payer", "Coverage.payor[0].display", facts.sender.name or None)
    yield Field(part, "Number with the payer", "Coverage.subscriberId", who.id or None)
    yield Field(part, "Other insurance", "", who.other_insurance or None)


def _providers(facts: Facts) -> Iterator[Field]:
    part = "Providers"
    yield Field(part, "Requesting provider", "Organization.name", facts.supplier.contact.name or None)
    yield Field(part, "NPI of it", "Organization.identifier[0].value", facts.supplier.npi or None)
    yield from _address(part, "Organization", facts.supplier.contact)
    yield Field(part, "Prescriber", "Practitioner.name[0].text", facts.prescriber.name or None)
    yield Field(part, "Credential", "Practitioner.name[0].suffix[0]", facts.prescriber.credential or None)
    yield Field(part, "NPI of the prescriber", "Practitioner.identifier[0].value", facts.prescriber.npi or None)


def _address(part: str, who: str, contact: Contact) -> Iterator[Field]:
    for number, row in enumerate(contact.address or ("",)):
        label = "Address" if number == 0 else f"Address, line {number + 1}"
        yield Field(part, label, f"{who}.address[0].line[{number}]", row or None)
    for number, (label, said) in enumerate((("Phone", contact.phone), ("Fax", contact.fax))):
        yield Field(part, label, f"{who}.telecom[{number}].value", said or None)


def _lines(facts: Facts) -> Iterator[Field]:
    for number, item in enumerate(facts.items):
        yield from _line(f"Line {number + 1}", f"Claim.item[{number}]", item, facts)


def _line(part: str, at: str, item: Item, facts: Facts) -> Iterator[Field]:
    modifier = item.modifier or {"rental": "RR", "purchase": "NU"}[item.supply]
    kind = facts.determination.request.kind or ""
    place = facts.says.place if isinstance(facts.says, ClaimSheet) else ""
    yield Field(part, "Code", f"{at}.productOrService.coding[0].code", item.hcpcs or None)
    yield Field(part, "Description", f"{at}.productOrService.text", item.words or None)
    for number, one in enumerate(modifier.split()):
        yield Field(part, "Modifier", f"{at}.modifier[{number}].coding[0].code", one)
    yield Field(part, "Units", f"{at}.quantity.value", item.quantity)
    yield Field(part, "From", f"{at}.servicedPeriod.start", item.first.isoformat() if item.first else None)
    yield Field(part, "To", f"{at}.servicedPeriod.end", item.last.isoformat() if item.last else None)
    yield Field(part, "Place of service", f"{at}.locationCodeableConcept.text", place or None)
    yield Field(part, "Usual charge", f"{at}.unitPrice.value", _money(item.charge))
    yield Field(part, "Model", f"{at}.detail[0].productOrService.text", item.model or None)
    code = f"{at}.extension[0].valueCodeableConcept.coding[0].code"
    yield Field(part, "Certification type", code, _CERTIFIED.get(kind))


def _money(said: str) -> float | None:
    found = _MONEY.fullmatch(said.strip())
    return float(found[1].replace(",", "") + (found[2] or "")) if found else None


def _whole(facts: Facts) -> Iterator[Field]:
    part = "The whole request"
    urgent = facts.determination.request.expedited
    yield Field(part, "Date", "Claim.created", facts.mailing.on.isoformat())
    yield Field(part, "Urgency", "Claim.priority.coding[0].code", "stat" if urgent else "normal")
    for number, one in enumerate(facts.diagnoses or ("",)):
        code, _, meaning = one.partition(" ")
        label, at = "Diagnosis, primary" if number == 0 else "Diagnosis", f"Claim.diagnosis[{number}]"
        yield Field(part, label, f"{at}.diagnosisCodeableConcept.coding[0].code", code or None)
        yield Field(part, f"{label}, in words", f"{at}.diagnosisCodeableConcept.text", meaning or None)


def _papers(facts: Facts) -> Iterator[Field]:
    papers: tuple[Attachment | None, ...] = facts.says.attachments if isinstance(facts.says, ClaimSheet) else ()
    for number, one in enumerate(papers or (None,)):
        at = f"Claim.supportingInfo[{number}]"
        yield Field("Attachments", "Paper", f"{at}.valueString", one.name if one else None)
        yield Field("Attachments", "Its date", f"{at}.timingDate", one.dated.isoformat() if one else None)


# ---- the Bundle


def bundle(facts: Facts) -> Json:
    """Return the request as a Bundle: the known fields, each in its place, and what joins them."""
    made: dict[str, Json] = {name: {"resourceType": name, "id": f"{name.lower()}-1"} for name in _KINDS}
    for one in fields(facts):
        if one.value is not None and one.path:
            _put(made, one.path, one.value)
    _join(made)
    entries = [{"fullUrl": f"urn:priorauth:{one['id']}", "resource": one} for one in made.values()]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


_KINDS: Final = ("Claim", "Patient", "Coverage", "Organization", "Practitioner")


def _put(made: dict[str, Json], path: str, value: object) -> None:
    """Put a value where a path says."""
    steps = [(found[1], found[2]) for found in _STEP.finditer(path)]
    here: Any = made
    for (name, place), after in zip(steps, [*steps[1:], None], strict=True):
        if place is None:
            if after is None:
                here[name] = value
                return
            here = here.setdefault(name, {})
            continue
        rows = here.setdefault(name, [])
        while len(rows) <= int(place):
            rows.append({})
        if after is None:
            rows[int(place)] = value
            return
        here = rows[int(place)]


def _join(made: dict[str, Json]) -> None:
    """Say what no form asks: which resource is meant, by which code system, in which order."""
    claim = made["Claim"]
    to = {name: {"reference": f"{name}/{one['id']}"} for name, one in made.items()}
    claim |= {"status": "draft", "use": "preauthorization", "patient": to["Patient"], "provider": to["Organization"]}
    claim["insurance"] = [{"sequence": 1, "focal": True, "coverage": to["Coverage"]}]
    claim["careTeam"] = [{"sequence": 1, "provider": to["Practitioner"]}]
    made["Coverage"] |= {"status": "active", "beneficiary": to["Patient"]}
    for payor in made["Coverage"].get("payor", ()):
        made["Payer"] = {"resourceType": "Organization", "id": "payer-1", "name": payor["display"]}
        payor["reference"] = "Organization/payer-1"
    for name in ("Organization", "Practitioner"):
        for one in made[name].get("identifier", ()):
            one["system"] = NPI
    for name in ("Patient", "Organization"):
        made[name]["telecom"] = [
            {"system": system, **one}
            for system, one in zip(("phone", "fax"), made[name].get("telecom", ()), strict=False)
            if one
        ]
    for name in ("item", "diagnosis", "supportingInfo", "careTeam"):
        for number, one in enumerate(claim.get(name, ())):
            one["sequence"] = number + 1
    for one in claim.get("diagnosis", ()):
        for coding in one["diagnosisCodeableConcept"].get("coding", ()):
            coding["system"] = ICD
    for one in claim.get("supportingInfo", ()):
        one["category"] = {"coding": [{"code": "attachment"}]}
    for one in claim.get("item", ()):
        _coded(one)


def _coded(item: Json) -> None:
    for coding in (*item["productOrService"].get("coding", ()), *(m["coding"][0] for m in item.get("modifier", ()))):
        coding["system"] = HCPCS
    if "unitPrice" in item:
        item["unitPrice"]["currency"] = "USD"
    for one in item.get("detail", ()):
        one["sequence"] = 1
    for one in item.get("extension", ()):
        one["url"] = CERTIFICATION
        one["valueCodeableConcept"]["coding"][0]["system"] = TYPES
