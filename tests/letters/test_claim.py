"""The request form's twin: one list of fields is both the sheet and the Bundle; what is not known is in neither."""

import datetime as dt
import json
from typing import Any

from msgspec import structs

from priorauth import determine
from priorauth.letters import claim, page
from priorauth.letters.claim import bundle, fields
from priorauth.letters.facts import Facts, Item
from priorauth.letters.make import page_of
from tests.letterbook import facts

WHOLE = structs.replace(
    facts("claim-sheet"),
    items=(
        Item(
            "E0784", "insulin pump", 1, "purchase", first=dt.date(2026, 12, 1), last=dt.date(2027, 2, 28),
            charge="$4,500.00", model="Pump B",
        ),
        Item("A4224", "supplies", 30, "rental"),
    ),
)  # fmt: skip


def of(made: dict[str, Any], kind: str) -> dict[str, Any]:
    found = [one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == kind]
    return dict(found[0])  # of two organizations the supplier, who asks


def at(made: dict[str, Any], path: str) -> Any:
    """Follow a path by itself, step by step."""
    kind, *steps = path.replace("[", ".").replace("]", "").split(".")
    here: Any = of(made, kind)
    for step in steps:
        here = here[int(step) if step.isdigit() else step]
    return here


def test_every_known_field_stands_in_the_bundle_where_its_path_says() -> None:
    made = bundle(WHOLE)
    known = [one for one in fields(WHOLE) if one.value is not None]
    assert len(known) > 30
    assert [one.path for one in known if at(made, one.path) != one.value] == []


def test_the_claim_says_what_the_form_says() -> None:
    made = of(bundle(WHOLE), "Claim")
    first, second = made["item"]
    assert (made["status"], made["use"], made["created"]) == ("draft", "preauthorization", "2026-11-24")
    assert first["productOrService"] == {"coding": [{"code": "E0784", "system": claim.HCPCS}], "text": "insulin pump"}
    assert (first["unitPrice"], first["servicedPeriod"]) == (
        {"value": 4500.0, "currency": "USD"},
        {"start": "2026-12-01", "end": "2027-02-28"},
    )
    assert second["modifier"] == [{"coding": [{"code": "RR", "system": claim.HCPCS}]}]
    assert (second["sequence"], second["quantity"]) == (2, {"value": 30})
    assert made["diagnosis"][0]["diagnosisCodeableConcept"]["coding"] == [{"code": "E10.65", "system": claim.ICD}]
    assert made["supportingInfo"][0]["valueString"] == "Clinic notes"
    assert of(bundle(WHOLE), "Organization")["telecom"][1] == {"system": "fax", "value": "555-010-0301"}


def test_what_is_not_known_is_a_gap_on_the_sheet_and_nowhere_in_the_bundle() -> None:
    bare = structs.replace(facts("claim-sheet"), diagnoses=())
    open_ = {one.label for one in fields(bare) if one.value is None}
    assert {"From", "To", "Usual charge", "Model", "Diagnosis, primary", "Other insurance", "NPI of it"} <= open_
    text = json.dumps(bundle(bare))
    assert "diagnosis" not in text
    assert "servicedPeriod" not in text
    assert "null" not in text
    assert page_of(bare).count('data-element="gap"') == len([one for one in fields(bare) if one.value is None])


def test_a_charge_that_is_no_amount_is_left_for_a_person() -> None:
    def charged(said: str) -> float | str | None:
        item = structs.replace(WHOLE.items[0], charge=said)
        return next(one.value for one in fields(structs.replace(WHOLE, items=(item,))) if one.label == "Usual charge")

    said = ("$4,500.00", "4500", "about 4500", "", "4,50")
    assert [charged(one) for one in said] == [4500.0, 4500.0, None, None, None]


def test_the_sheet_prints_each_field_with_its_path_and_its_value() -> None:
    text = page.text(page_of(WHOLE))
    for one in fields(WHOLE):
        assert one.path in text
        assert one.text in text


def test_the_bundle_is_one_that_our_own_reader_takes() -> None:
    def sent(letter: Facts) -> bytes:
        made = bundle(letter)
        of(made, "Claim")
        for entry in made["entry"]:
            if entry["resource"]["resourceType"] == "Claim":
                entry["resource"]["status"] = "active"  # a provider has sent it
        return json.dumps(made).encode()

    (found, _) = determine(json.loads(sent(WHOLE)))
    assert (found.request.product, found.request.member) == ("E0784", "Patient/patient-1")
