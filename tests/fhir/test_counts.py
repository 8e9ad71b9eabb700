"""Every code of every status, written out by hand from the required value sets of FHIR R4."""

from typing import Any

import msgspec
import pytest

from priorauth.fhir import counts
from priorauth.fhir.bundle import decoder
from tests.record.building import (
    Json,
    condition,
    device_order,
    form,
    item,
    observation,
    order,
    quantity,
    ref,
    request,
    rows,
    status,
    yes,
)

COUNTS, OUT, DOUBT = "counts", "out", "doubt"

_REQUEST_STATUS = {
    COUNTS: "active completed",
    OUT: "draft revoked entered-in-error",
    DOUBT: "on-hold unknown",
}
_REQUEST_INTENT = {
    COUNTS: "order original-order reflex-order filler-order instance-order",
    OUT: "proposal plan directive option",
    DOUBT: "",
}
_CONDITION_CLINICAL = {COUNTS: "active recurrence relapse inactive remission resolved", OUT: "", DOUBT: ""}

# resource type, element -> what each code comes to; MISSING: what it comes to where the element is left out
TABLE: dict[tuple[str, str], dict[str, str]] = {
    ("AllergyIntolerance", "verificationStatus"): {
        COUNTS: "unconfirmed confirmed", OUT: "refuted entered-in-error", DOUBT: "",
    },
    ("AllergyIntolerance", "clinicalStatus"): {COUNTS: "active inactive resolved", OUT: "", DOUBT: ""},
    ("ClaimResponse", "status"): {COUNTS: "active", OUT: "cancelled draft entered-in-error", DOUBT: ""},
    ("Condition", "verificationStatus"): {
        COUNTS: "unconfirmed provisional differential confirmed", OUT: "refuted entered-in-error", DOUBT: "",
    },
    ("Condition", "clinicalStatus"): _CONDITION_CLINICAL,
    ("Device", "status"): {COUNTS: "active", OUT: "inactive entered-in-error", DOUBT: "unknown"},
    ("DeviceRequest", "status"): _REQUEST_STATUS,
    ("DeviceRequest", "intent"): _REQUEST_INTENT,
    ("DiagnosticReport", "status"): {
        COUNTS: "partial preliminary final amended corrected appended",
        OUT: "registered cancelled entered-in-error",
        DOUBT: "unknown",
    },
    ("DocumentReference", "status"): {COUNTS: "current", OUT: "superseded entered-in-error", DOUBT: ""},
    ("DocumentReference", "docStatus"): {COUNTS: "final amended", OUT: "preliminary entered-in-error", DOUBT: ""},
    ("Encounter", "status"): {
        COUNTS: "arrived triaged in-progress onleave finished",
        OUT: "planned cancelled entered-in-error",
        DOUBT: "unknown",
    },
    ("EpisodeOfCare", "status"): {
        COUNTS: "active onhold finished", OUT: "planned waitlist cancelled entered-in-error", DOUBT: "",
    },
    ("Flag", "status"): {COUNTS: "active inactive", OUT: "entered-in-error", DOUBT: ""},
    ("Medication", "status"): {COUNTS: "active inactive", OUT: "entered-in-error", DOUBT: ""},
    ("MedicationRequest", "status"): {
        COUNTS: "active on-hold completed stopped unknown", OUT: "cancelled draft entered-in-error", DOUBT: "",
    },
    ("MedicationRequest", "intent"): {
        COUNTS: "order original-order reflex-order filler-order instance-order",
        OUT: "proposal plan option",
        DOUBT: "",
    },
    ("MedicationStatement", "status"): {
        COUNTS: "active completed stopped on-hold unknown", OUT: "entered-in-error intended not-taken", DOUBT: "",
    },
    ("Observation", "status"): {
        COUNTS: "preliminary final amended corrected", OUT: "cancelled entered-in-error", DOUBT: "registered unknown",
    },
    ("Procedure", "status"): {
        COUNTS: "in-progress on-hold stopped completed",
        OUT: "preparation not-done entered-in-error",
        DOUBT: "unknown",
    },
    ("QuestionnaireResponse", "status"): {
        COUNTS: "completed amended", OUT: "entered-in-error", DOUBT: "in-progress stopped",
    },
    ("ServiceRequest", "status"): _REQUEST_STATUS,
    ("ServiceRequest", "intent"): _REQUEST_INTENT,
}  # fmt: skip

# Elements that FHIR demands and that the record insists on; each of the others may be left out.
DEMANDED = {
    ("ClaimResponse", "status"), ("Device", "status"), ("DeviceRequest", "status"), ("DiagnosticReport", "status"),
    ("DocumentReference", "status"), ("Encounter", "status"), ("EpisodeOfCare", "status"), ("Flag", "status"),
    ("MedicationRequest", "status"), ("MedicationStatement", "status"), ("Observation", "status"),
    ("Procedure", "status"), ("QuestionnaireResponse", "status"), ("ServiceRequest", "status"),
}  # fmt: skip
CONCEPTS = {"verificationStatus", "clinicalStatus"}
CODES = [
    (*place, code, meant)
    for place, table in TABLE.items()
    for meant, codes in table.items()
    for code in codes.split()
]  # fmt: skip


def whole(kind: str) -> Json:
    """Give a resource of a type whose every status is one with which it counts."""
    made: Json = {"resourceType": kind, "id": "x"}
    for (one, element), table in TABLE.items():
        if one == kind:
            code = table[COUNTS].split()[0]
            made[element] = status(code) if element in CONCEPTS else code
    return made


def standing(resource: Json) -> str | None:
    return counts.standing(decoder().decode(msgspec.json.encode(resource)))


def comes_to(resource: Json) -> str:
    found = standing(resource)
    return COUNTS if found is None else OUT if found == counts.OUT else DOUBT


def with_code(kind: str, element: str, code: str) -> Json:
    return {**whole(kind), element: status(code) if element in CONCEPTS else code}


def without(kind: str, element: str) -> Json:
    return {name: value for name, value in whole(kind).items() if name != element}


@pytest.mark.parametrize(("kind", "element", "code", "meant"), CODES)
def test_every_code_of_a_status_counts_is_out_or_is_in_doubt(kind: str, element: str, code: str, meant: str) -> None:
    assert comes_to(with_code(kind, element, code)) == meant


def test_every_status_that_is_filtered_is_in_the_table() -> None:
    filtered = {(kind, _camel(one.element)) for kind, listed in counts.STATUSES.items() for one in listed}
    assert filtered == set(TABLE)


def _camel(name: str) -> str:
    head, _, rest = name.partition("_")
    return head + rest.capitalize()


@pytest.mark.parametrize(("kind", "element", "code", "meant"), CODES)
def test_a_code_in_capitals_is_a_code_that_nobody_knows(kind: str, element: str, code: str, meant: str) -> None:
    for wrong in (code.upper(), code.capitalize(), f" {code}", f"{code} "):
        assert comes_to(with_code(kind, element, wrong)) == DOUBT, (meant, wrong)


@pytest.mark.parametrize(("kind", "element"), TABLE)
def test_an_unknown_word_leaves_a_resource_in_doubt(kind: str, element: str) -> None:
    assert standing(with_code(kind, element, "surprising")) == f"{element} is not one that counts"


@pytest.mark.parametrize(("kind", "element"), TABLE)
def test_a_status_that_is_missing_is_a_doubt_where_fhir_demands_it(kind: str, element: str) -> None:
    expected = f"{element} is missing" if (kind, element) in DEMANDED else None
    assert standing(without(kind, element)) == expected
    if element not in CONCEPTS:
        assert standing(with_code(kind, element, "")) == expected


@pytest.mark.parametrize(("kind", "element"), [place for place in TABLE if place[1] in CONCEPTS])
def test_a_concept_without_a_code_is_not_a_concept_left_out(kind: str, element: str) -> None:
    empties: list[Json] = [{}, {"text": "confirmed"}, {"coding": []}, {"coding": [{"display": "Confirmed"}]}]
    for empty in empties:
        assert comes_to({**whole(kind), element: empty}) == DOUBT


def test_of_two_codes_of_one_status_the_one_that_is_out_decides() -> None:
    both = {"coding": [{"code": "confirmed"}, {"code": "refuted"}]}
    assert comes_to({**whole("Condition"), "verificationStatus": both}) == OUT
    strange = {"coding": [{"code": "confirmed"}, {"code": "sure"}]}
    assert comes_to({**whole("Condition"), "verificationStatus": strange}) == DOUBT


def test_what_is_out_by_one_status_is_out_whatever_the_other_and_the_modifiers_say() -> None:
    assert comes_to({**with_code("MedicationRequest", "status", "surprising"), "intent": "plan"}) == OUT
    strange = [{"url": "urn:example:not"}]
    assert comes_to({**with_code("Observation", "status", "cancelled"), "modifierExtension": strange}) == OUT


def test_a_resource_without_a_status_of_its_own_counts() -> None:
    assert comes_to({"resourceType": "Organization", "id": "x"}) == COUNTS


STRANGE = [{"url": "http://example.org/not", "valueBoolean": True}]
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
KINDS = sorted({kind for kind, _ in TABLE})
UNDERSTOOD = [f"{PAS}/modifierextension-infoCancelled", f"{PAS}/modifierextension-infoCancelledFlag"]


@pytest.mark.parametrize("kind", [*KINDS, "Specimen", "Organization", "Patient", "PractitionerRole"])
def test_a_modifier_that_is_not_understood_leaves_any_resource_in_doubt(kind: str) -> None:
    ground = "modifierExtension or implicitRules that is not understood"
    assert standing({**whole(kind), "modifierExtension": STRANGE}) == ground
    assert standing({**whole(kind), "modifierExtension": [{}]}) == ground
    assert standing({**whole(kind), "implicitRules": "http://example.org/rules"}) == ground
    assert standing({**whole(kind), "extension": STRANGE}) is None


@pytest.mark.parametrize("url", UNDERSTOOD)
def test_the_modifiers_of_pas_are_understood_and_none_that_only_resembles_them(url: str) -> None:
    assert standing({**whole("ClaimResponse"), "modifierExtension": [{"url": url}]}) is None
    for other in (f"{url}-2", f"{url}/x", url.upper(), url.rpartition("/")[2], ""):
        assert comes_to({**whole("ClaimResponse"), "modifierExtension": [{"url": other}]}) == DOUBT
    assert comes_to({**whole("ClaimResponse"), "modifierExtension": [{"url": url}, *STRANGE]}) == DOUBT


# The places at which an element of each type may hold a modifierExtension, and are read.
PLACES = [
    ("AllergyIntolerance", "reaction"),
    ("Claim", "careTeam"),
    ("Claim", "supportingInfo"),
    ("Claim", "diagnosis"),
    ("Claim", "insurance"),
    ("Claim", "item"),
    ("Claim", "related"),
    ("ClaimResponse", "item"),
    ("ClaimResponse", "item.adjudication"),
    ("ClaimResponse", "addItem"),
    ("ClaimResponse", "addItem.adjudication"),
    ("ClaimResponse", "adjudication"),
    ("Coverage", "class"),
    ("Device", "deviceName"),
    ("Encounter", "participant"),
    ("Encounter", "diagnosis"),
    ("Medication", "ingredient"),
    ("MedicationRequest", "dosageInstruction"),
    ("MedicationRequest", "dosageInstruction.timing!"),
    ("MedicationRequest", "dispenseRequest!"),
    ("MedicationStatement", "dosage"),
    ("MedicationStatement", "dosage.timing!"),
    ("Observation", "component"),
    ("QuestionnaireResponse", "item"),
    ("QuestionnaireResponse", "item.item"),
    ("QuestionnaireResponse", "item.item.item"),
    ("QuestionnaireResponse", "item.answer"),
    ("QuestionnaireResponse", "item.answer.item"),
    ("QuestionnaireResponse", "item.answer.item.answer"),
]


def nested(path: str, held: Json, *, last: int = 1) -> Json:
    """Give the elements of a path, the lowest holding ``held``; ``!`` marks an element that does not repeat."""
    made: Any = held
    for name in reversed(path.split(".")):
        made = {name.rstrip("!"): made if name.endswith("!") else [*([{}] * (last - 1)), made]}
    found: Json = made
    return found


@pytest.mark.parametrize(("kind", "path"), PLACES)
def test_a_modifier_anywhere_within_a_resource_is_found(kind: str, path: str) -> None:
    for last in (1, 2):
        made = {**whole(kind), **nested(path, {"modifierExtension": STRANGE}, last=last)}
        assert counts.modified(decoder().decode(msgspec.json.encode(made)))
        kept = {**whole(kind), **nested(path, {"modifierExtension": [{"url": UNDERSTOOD[0]}]}, last=last)}
        assert not counts.modified(decoder().decode(msgspec.json.encode(kept)))


# ---- what becomes of it in a record ----

A1C = observation("loinc:4548-4", quantity(8, "%"))


def test_a_result_that_counts_settles_one_in_doubt_is_a_mention_and_one_that_is_out_is_nothing() -> None:
    (row,) = rows("hba1c", A1C)
    assert (row.low, row.fault) == (80, None)
    (row,) = rows("hba1c", {**A1C, "status": "unknown"})
    assert (row.low, row.high, row.fault) == (None, None, "status is not one that counts")
    (row,) = rows("hba1c", {**A1C, "modifierExtension": STRANGE})
    assert row.low is None
    assert row.fault is not None
    assert rows("hba1c", {**A1C, "status": "entered-in-error"}) == ()


def test_a_diagnosis_in_doubt_may_be_present() -> None:
    (row, *_) = rows("diabetes", condition("icd10:E10.65", implicitRules="http://example.org/rules"))
    assert (row.low, row.high) == (0, 1)
    assert row.ground is not None
    assert rows("diabetes", condition("icd10:E10.65", verificationStatus=status("refuted"))) == ()


def test_a_form_in_progress_is_a_mention_of_all_it_says() -> None:
    (row,) = rows("motivated", form(item("motivated", yes()), status="in-progress"))
    assert (row.text, row.ground) == ("?", "status is not one that counts")
    assert rows("motivated", form(item("motivated", yes()), status="entered-in-error")) == ()


def test_an_order_on_hold_or_with_an_unknown_intent_settles_no_date() -> None:
    (row,) = rows("prescription_signed_on", device_order(status="on-hold"))
    assert (row.low, row.ground) == (None, "status is not one that counts")
    (row,) = rows("prescription_signed_on", device_order(intent="wish"))
    assert (row.low, row.ground) == (None, "intent is not one that counts")
    assert rows("prescription_signed_on", device_order(intent="plan")) == ()


def test_what_is_out_is_found_by_no_reference() -> None:
    pointed = [{"sequence": 1, "diagnosisReference": ref("Condition/cond-1")}]
    gone = condition("icd10:E10.65", verificationStatus=status("entered-in-error"))
    assert "primary_diagnosis" not in request(gone, Claim={"diagnosis": pointed}).rows
    doubtful = condition("icd10:E10.65", modifierExtension=STRANGE)
    assert "primary_diagnosis" not in request(doubtful, Claim={"diagnosis": pointed}).rows


def test_a_prescription_whose_timing_bears_a_modifier_is_a_mention_of_treatment() -> None:
    plain = order("rxnorm:51428")
    (row,) = rows("insulin_treatment", plain)
    assert row.ground is None
    timed = {**plain, "dosageInstruction": [{"timing": {"modifierExtension": STRANGE}}]}
    (row,) = rows("insulin_treatment", timed)
    assert (row.low, row.high) == (0, 1)
    assert row.ground is not None
