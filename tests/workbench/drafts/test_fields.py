"""The typed fields of a request: what each section needs, what is wrong, what an uploaded request says instead."""

from __future__ import annotations

from msgspec import structs

from priorauth.workbench.drafts import fields
from priorauth.workbench.drafts.draft import Draft
from priorauth.workbench.forms import Form
from tests.workbench.drafts.hand import TYPED, example

SECTIONS = {one.name: one for one in fields.sections({})}


def test_a_section_says_what_it_still_needs() -> None:
    assert set(fields.missing(SECTIONS["patient"], Draft())) == {"family", "given", "born", "member_id", "payer"}
    assert fields.missing(SECTIONS["patient"], Draft(fields=TYPED)) == {}
    assert fields.missing(SECTIONS["patient"], example()) == {}


def test_what_is_wrong_in_a_section_is_said() -> None:
    form = Form({"prescriber_npi": ("12",), "prescriber_family": ("Chen",)})
    fields.read(SECTIONS["people"], form)
    assert form.wrong == {"prescriber_npi": "An NPI has 10 digits."}
    form = Form({"born": ("4 March",), "payer": ("nobody",)})
    found = fields.read(SECTIONS["patient"], form)
    assert set(form.wrong) == {"born", "payer"}
    assert found["born"] == "4 March"


def test_an_uploaded_request_says_what_is_typed_otherwise() -> None:
    said = fields.of_request(example())
    assert dict(said["patient"])["Name"] == "Ask Synthetic"
    assert dict(said["item"])["Item 1"] == "1 x E0784"
    assert fields.of_request(Draft(fields=TYPED)) == {}


def test_a_draft_is_called_by_its_patient_and_product() -> None:
    assert fields.title(example()) == "Ask Synthetic, E0784"
    assert fields.title(Draft(fields=TYPED)) == "Ana Maria Rivera, E0784"
    assert fields.title(Draft()) == "No patient yet"


def test_every_payer_and_product_of_the_policies_can_be_chosen() -> None:
    choices = {one.name: dict(one.choices) for section in SECTIONS.values() for one in section.fields}
    assert choices["payer"]["masshealth"] == "MassHealth"
    assert "E0784" in choices["product"]
    assert set(choices["kind"]) >= {"initial", "continued", "replacement"}


def test_the_patient_of_a_chart_fills_the_fields() -> None:
    patient = {
        "resourceType": "Patient", "name": [{"family": "R", "given": ["A", "B"]}], "birthDate": "1990-01-01",
        "gender": "female", "identifier": [{"value": "M"}],
    }  # fmt: skip
    found = fields.patient_of({"entry": [{"resource": patient}]})
    assert found == {"family": "R", "given": "A B", "born": "1990-01-01", "sex": "female", "member_id": "M"}
    assert structs.asdict(Draft(fields=found))["fields"] == found
