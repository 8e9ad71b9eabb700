"""The Bundle of a draft: from typed fields, from a chart, from an uploaded request; the same draft, the same bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import structs

from priorauth.errors import InputRefused
from priorauth.ledger import people
from priorauth.policy.catalog import open_catalog
from priorauth.workbench.drafts import bundle, uploads
from priorauth.workbench.drafts.draft import Draft, Paper
from priorauth.workbench.forms import Attached
from tests.workbench.drafts.hand import ANSWERS, AT, CLINIC, SUPPLIER, TYPED, example

CATALOG = open_catalog()


def made(draft: Draft, who: Any = CLINIC, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bundle.composed(draft, who, CATALOG, AT.today, AT.now, **more))
    return found


def one(found: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(people.resources(found, kind))


def test_typed_fields_make_a_whole_request() -> None:
    found = made(Draft(fields=TYPED, id="abc"))
    claim = bundle.claim_of(found)
    assert (claim["status"], claim["created"], claim["priority"]["coding"][0]["code"]) == (
        "active",
        "2026-11-24",
        "normal",
    )
    member = people.member(found, claim)
    assert (member.name, member.id, str(member.born)) == ("Ana Maria Rivera", "M-1", "1992-03-04")
    assert people.prescriber(found, claim).npi == "1234567893"
    assert one(found, "QuestionnaireResponse")["item"][0]["linkId"] == "request_kind"
    assert claim["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]["code"] == "E10.65"


def test_the_same_draft_gives_the_same_bytes() -> None:
    draft = structs.replace(example(), answers=ANSWERS)
    assert bundle.composed(draft, CLINIC, CATALOG, AT.today, AT.now) == bundle.composed(
        draft, CLINIC, CATALOG, AT.today, AT.now
    )


def test_nothing_is_sent_without_whom_it_is_for() -> None:
    bare = Draft(fields={name: TYPED[name] for name in ("payer", "product", "kind")})
    with pytest.raises(InputRefused, match="the patient's name, the birth date, the member number"):
        made(bare)
    assert bundle.claim_of(made(bare, sends=False))


def test_a_chart_without_a_request_gives_the_patient_of_whom_the_request_is() -> None:
    chart = {
        "resourceType": "Bundle",
        "entry": [
            {"fullUrl": "https://c/Patient/p7", "resource": {"resourceType": "Patient", "id": "p7"}},
            {"resource": {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p7"}}},
        ],
    }
    file = uploads.told(Attached("chart.json", "", json.dumps(chart).encode()))
    found = made(Draft(fields=TYPED).added((file,)))
    assert [each["id"] for each in people.resources(found, "Patient")] == ["p7"]
    assert bundle.claim_of(found)["patient"] == {"reference": "Patient/p7"}
    assert one(found, "Condition")["id"] == "c"


def test_a_draft_claim_is_sent_as_an_active_one() -> None:
    drafted = json.loads(example().files[0].content)
    bundle.claim_of(drafted)["status"] = "draft"
    file = uploads.told(Attached("r.json", "", json.dumps(drafted).encode()))
    assert bundle.claim_of(made(Draft().added((file,))))["status"] == "active"


def test_a_paper_of_a_known_kind_and_day_is_on_file() -> None:
    letter = Paper(
        number=3, name="l.pdf", media="application/pdf", kind="paper", content=b"%PDF-1", dated="2026-11-12",
        shows="letter_of_medical_necessity_signed_on",
    )  # fmt: skip
    claim = {"patient": {"reference": "Patient/a"}}
    reference = bundle.reference(letter, claim)
    assert reference is not None
    assert (reference["type"]["text"], reference["date"][:10]) == ("Letter of medical necessity", "2026-11-12")
    assert bundle.reference(structs.replace(letter, dated=""), claim) is None
    assert bundle.reference(structs.replace(letter, shows=""), claim) is None


def test_a_supplier_answers_as_the_supplier_and_a_practice_as_itself() -> None:
    claim = {"provider": {"reference": "Organization/supplier"}}
    assert bundle.author(SUPPLIER, claim) == {"reference": "Organization/supplier"}
    assert bundle.author(CLINIC, claim)["display"] == "clinic"


def test_more_time_is_asked_with_a_claim_of_its_own() -> None:
    before = example("approve")
    found = bundle.claim_of(made(structs.replace(before, kind="again", case="26-0001", approval="26-0001-1")))
    was = bundle.claim_of(json.loads(before.files[0].content))
    assert found["id"] != was["id"]
    assert found["created"] == "2026-11-24"
    codes = [
        each["valueCodeableConcept"]["coding"][0]["code"]
        for each in found["item"][0]["extension"]
        if each["url"].endswith("certificationType")
    ]
    assert codes == ["R"]
