"""What is typed of a request, section by section: the fields, what each needs, and what they are filled from.

Where a Bundle was uploaded that asks already, its words stand and nothing of it is typed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from priorauth.errors import InputRefused
from priorauth.language.english import labels
from priorauth.ledger import compose, people, runs
from priorauth.ledger.events import Json
from priorauth.policy.catalog import Catalog
from priorauth.workbench.drafts.draft import Draft
from priorauth.workbench.forms import Form

Choices = tuple[tuple[str, str], ...]
MOST: Final = 200
MISSHAPEN: Final = (AttributeError, KeyError, TypeError, ValueError)
"""What reading an element of FHIR that is of another shape than it should be comes to."""
_KINDS: Final = {
    "initial": "a first pump",
    "continued": "continued use",
    "replacement": "a replacement",
    "upgrade": "an upgrade",
    "repair": "a repair",
    "refill": "a refill",
    "accessory": "an accessory",
    "backup": "a backup",
}


class Field(Struct, frozen=True, kw_only=True):
    """A field: its name, its label, how it is typed, and what is said where it is needed and empty."""

    name: str
    label: str
    type: str = "text"
    ask: str = ""
    hint: str = ""
    choices: Choices = ()


class Section(Struct, frozen=True, kw_only=True):
    """A section of typed fields: its name in the address, its title, its groups of fields by heading."""

    name: str
    title: str
    groups: tuple[tuple[str, tuple[Field, ...]], ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All its fields."""
        return tuple(one for _, listed in self.groups for one in listed)


def sections(settings: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return the sections that are typed, with the payers and products that policies here know."""
    catalog = runs.catalog(settings)
    return (_patient(catalog), _item(catalog), _people())


def payers(catalog: Catalog) -> Choices:
    """Return the payers whose policies are known here."""
    return tuple(sorted(((one.id, one.name) for one in catalog.payers.values()), key=lambda one: one[1]))


def products(catalog: Catalog) -> Choices:
    """Return the product codes that a policy here takes, each with what it is."""
    fact = catalog.vocabulary["product_code"]
    kinds = catalog.vocabulary["pump_category"].value_codes
    said = {code: labels().value(kind) for kind, codes in kinds.items() for code in codes.get("hcpcs", ())}
    return tuple((code, f"{code}, {said[code]}" if code in said else code) for code in fact.values)


def kinds(catalog: Catalog) -> Choices:
    """Return what may be asked for: a first pump, continued use, a replacement ..."""
    return tuple((one, _KINDS.get(one, one)) for one in catalog.vocabulary["request_kind"].values)


def _patient(catalog: Catalog) -> Section:
    member = (
        Field(name="family", label="Family name", ask="Write the family name."),
        Field(name="given", label="First names", ask="Write the first name."),
        Field(name="born", label="Birth date", type="date", ask="Write the birth date."),
        Field(
            name="sex",
            label="Sex in the record",
            type="choice",
            choices=(("female", "Female"), ("male", "Male"), ("unknown", "Not recorded")),
        ),
        Field(
            name="member_id", label="Member number", ask="Write the member number.", hint="As on the insurance card."
        ),
    )
    coverage = (
        Field(name="payer", label="Payer", type="pick", ask="Choose the payer.", choices=payers(catalog)),
        Field(name="plan", label="Plan", hint="The plan's code, where the card has one."),
        Field(name="covered_from", label="Covered since", type="date"),
    )
    place = (
        Field(name="street", label="Street"),
        Field(name="city", label="City"),
        Field(name="state", label="State", hint="Two letters."),
        Field(name="zip", label="ZIP code"),
    )
    groups = (("Patient", member), ("Coverage", coverage), ("Address for letters", place))
    return Section(name="patient", title="Patient and coverage", groups=groups)


def _item(catalog: Catalog) -> Section:
    asked = (
        Field(name="product", label="Product", type="pick", ask="Choose the product.", choices=products(catalog)),
        Field(
            name="kind",
            label="What is asked for",
            type="choice",
            ask="Choose what is asked for.",
            choices=kinds(catalog),
        ),
        Field(name="quantity", label="How many", type="number", hint="1 where nothing is written."),
        Field(name="service_on", label="Day of service", type="date", hint="Where it is known."),
        Field(name="diagnosis", label="Main diagnosis", hint="ICD-10-CM code, as E10.65."),
        Field(
            name="urgent",
            label="How urgent is it?",
            type="choice",
            ask="Choose how urgent it is.",
            choices=(
                ("no", "Standard"),
                ("yes", "Expedited: waiting could put the patient's life, health or function in danger"),
            ),
        ),
    )
    return Section(name="item", title="What is asked for", groups=(("Item", asked),))


def _people() -> Section:
    prescriber = (
        Field(name="prescriber_family", label="Family name", ask="Write the prescriber's family name."),
        Field(name="prescriber_given", label="First names"),
        Field(name="prescriber_npi", label="NPI", hint="10 digits."),
        Field(name="prescriber_phone", label="Phone", type="tel"),
    )
    supplier = (
        Field(name="supplier_name", label="Name", hint="The supplier that will deliver, where it is known."),
        Field(name="supplier_npi", label="NPI", hint="10 digits."),
        Field(name="supplier_phone", label="Phone", type="tel"),
    )
    groups = (("Prescriber", prescriber), ("Supplier", supplier))
    return Section(name="people", title="Prescriber and supplier", groups=groups)


def read(section: Section, form: Form) -> dict[str, str]:
    """Return what was typed in a section; what is wrong stands in the form."""
    found: dict[str, str] = {}
    for one in section.fields:
        match one.type:
            case "date":
                day = form.day(one.name, None) if form.said(one.name) else None
                found[one.name] = form.said(one.name) if day is None else day.isoformat()
            case "choice" | "pick":
                found[one.name] = form.said(one.name)
                if found[one.name] and found[one.name] not in dict(one.choices):
                    form.wrong[one.name] = f"Choose one of the list: {one.label.lower()}."
            case _:
                found[one.name] = form.text(one.name, most=MOST)
    for name in ("prescriber_npi", "supplier_npi"):
        if found.get(name) and not (found[name].isdecimal() and len(found[name]) == _NPI):
            form.wrong[name] = "An NPI has 10 digits."
    if found.get("quantity") and not (found["quantity"].isdecimal() and 0 < int(found["quantity"]) <= _MOST_ITEMS):
        form.wrong["quantity"] = "Write a whole number from 1 on."
    return found


_NPI: Final = 10
_MOST_ITEMS: Final = 9_999


def missing(section: Section, draft: Draft) -> dict[str, str]:
    """Return what a section still needs: by field what to do."""
    if draft.request is not None:
        return {}
    return {one.name: one.ask for one in section.fields if one.ask and not draft.fields.get(one.name)}


def begun(section: Section, draft: Draft) -> bool:
    """Whether anything of a section was typed."""
    return any(draft.fields.get(one.name) for one in section.fields)


def of_request(draft: Draft) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return by section what the uploaded request says, as labels and values; nothing where none was uploaded."""
    paper = draft.request
    if paper is None:
        return {}
    try:
        return _said(compose.read(paper.content, paper.name), compose.claim_of(paper.content, paper.name, ""))
    except (InputRefused, *MISSHAPEN):
        return {}


def _said(bundle: Json, claim: Json) -> dict[str, tuple[tuple[str, str], ...]]:
    member, doctor = people.member(bundle, claim), people.prescriber(bundle, claim)
    supplier, items = people.supplier(bundle, claim), people.items(claim)
    insurer = people.named(bundle, claim.get("insurer"))
    said: dict[str, tuple[tuple[str, str], ...]] = {
        "patient": (
            ("Name", member.name),
            ("Birth date", member.born.isoformat() if member.born else ""),
            ("Member number", member.id),
            ("Payer", str(insurer.get("name", ""))),
        ),
        "item": tuple((f"Item {number}", f"{one.quantity} x {one.hcpcs}") for number, one in items.items()),
        "people": (
            ("Prescriber", doctor.name),
            ("NPI", doctor.npi),
            ("Sent by", supplier.contact.name),
        ),
    }
    return {name: tuple(one for one in listed if one[1]) for name, listed in said.items()}


def title(draft: Draft) -> str:
    """Return a draft's title as a list shows it: whom it is for and what is asked."""
    if draft.request is not None:
        said = of_request(draft)
        name = dict(said.get("patient", ())).get("Name", "")
        what = next((value.partition(" x ")[2] for _, value in said.get("item", ())), "")
    else:
        name = " ".join(part for part in (draft.fields.get("given"), draft.fields.get("family")) if part)
        what = draft.fields.get("product", "")
    return ", ".join(part for part in (name or "No patient yet", what) if part)


def patient_of(bundle: Json) -> dict[str, str]:
    """Return the fields of the patient that a Bundle of a chart holds."""
    try:
        return _patient_of(bundle)
    except MISSHAPEN:
        return {}


def _patient_of(bundle: Json) -> dict[str, str]:
    one = next(people.resources(bundle, "Patient"), {})
    name: Json = next((each for each in one.get("name", ()) if isinstance(each, dict)), {})
    found = {
        "family": str(name.get("family", "")),
        "given": " ".join(str(each) for each in name.get("given", ())),
        "born": str(one.get("birthDate", "")),
        "sex": str(one.get("gender", "")),
        "member_id": next((str(each.get("value")) for each in one.get("identifier", ()) if each.get("value")), ""),
    }
    return {key: value for key, value in found.items() if value}
