import pytest

from priorauth.facts.rows import Period, Whole
from tests.record.building import Json, concept, day, form, item, order, ref, request, rows, status

PUMP = {"item": [{"sequence": 1, "productOrService": concept("hcpcs:E0781")}]}
ORAL = [{"route": concept("snomed:26643006")}]
MORPHINE = order("rxnorm:7052", id="rx-1")
HEPARIN = order("rxnorm:5224", id="rx-2")


def pointing(to: str, **item_more: object) -> Json:
    info = [{"sequence": 7, "valueReference": ref(to)}]
    return {"item": [{**PUMP["item"][0], **item_more}], "supportingInfo": info}


def drug(*resources: Json, **claim: object) -> list[str]:
    return [row.text for row in rows("infusion_drug", *resources, Claim={**PUMP, **claim})]


def test_the_drug_of_an_insulin_pump_is_insulin() -> None:
    assert [row.text for row in rows("infusion_drug")] == ["insulin"]


def test_the_only_parenteral_order_is_the_drug_of_the_pump() -> None:
    assert drug(MORPHINE) == ["morphine"]


def test_two_parenteral_orders_do_not_say_which() -> None:
    assert drug(MORPHINE, HEPARIN) == []


def test_the_order_that_the_claim_points_to_is_the_drug() -> None:
    assert drug(MORPHINE, HEPARIN, **pointing("MedicationRequest/rx-2")) == ["heparin"]


def test_the_order_that_the_item_names_comes_before_that_of_the_claim() -> None:
    named = {"url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-requestedService",
             "valueReference": ref("MedicationRequest/rx-1")}  # fmt: skip
    assert drug(MORPHINE, HEPARIN, **pointing("MedicationRequest/rx-2", extension=[named])) == ["morphine"]
    assert drug(MORPHINE, HEPARIN, **pointing("MedicationRequest/rx-2", informationSequence=[7])) == ["heparin"]


def test_an_oral_order_is_never_the_drug() -> None:
    oral = {**MORPHINE, "dosageInstruction": ORAL}
    assert drug(oral) == []
    assert drug(oral, **pointing("MedicationRequest/rx-1")) == []


def test_an_order_that_ended_or_of_no_known_drug_says_nothing() -> None:
    ended = {
        **MORPHINE,
        "status": "completed",
        "dispenseRequest": {"validityPeriod": {"start": "2026-01-01", "end": "2026-02-01"}},
    }
    assert drug(ended) == []
    assert drug(order("rxnorm:999999")) == []


@pytest.mark.parametrize(
    ("code", "route"),
    [("34206005", "subcutaneous"), ("72607000", "intrathecal"), ("404820008", "epidural"), ("78421000", "other")],
)
def test_the_route_is_that_of_the_order(code: str, route: str) -> None:
    made = {**MORPHINE, "dosageInstruction": [{"route": concept(f"snomed:{code}")}]}
    assert [row.text for row in rows("infusion_route", made, Claim=PUMP)] == [route]


def allergy(coded: str, **more: object) -> Json:
    return {"resourceType": "AllergyIntolerance", "id": "al-1", "patient": ref("Patient/pat-1"),
            "clinicalStatus": status("active"), "verificationStatus": status("confirmed"),
            "code": concept(coded), **more}  # fmt: skip


def allergic(*resources: Json, claim: Json | None = None) -> list[tuple[int | None, int | None]]:
    found = rows("allergy_to_infusion_drug", *resources, Claim=claim or PUMP)
    return [(row.low, row.high) for row in found if isinstance(row, Period)]


def test_an_active_allergy_to_the_ingredient_is_present_in_any_form() -> None:
    assert allergic(MORPHINE, allergy("rxnorm:7052")) == [(1, 1)]
    assert allergic(MORPHINE, allergy("atc:N02AA01")) == [(1, 1)]
    assert allergic(MORPHINE, allergy("snomed:1", code={"text": "Morphine sulfate ER tablets"})) == [(1, 1)]
    reaction = allergy("snomed:1", code={"text": "opioids"}, reaction=[{"substance": concept("rxnorm:7052")}])
    assert allergic(MORPHINE, reaction) == [(1, 1)]


@pytest.mark.parametrize(
    "change", [{"verificationStatus": status("unconfirmed")}, {"clinicalStatus": status("resolved")}]
)
def test_an_allergy_that_is_not_certain_or_past_is_a_hint(change: Json) -> None:
    assert allergic(MORPHINE, {**allergy("rxnorm:7052"), **change}) == [(0, 1)]


def test_a_refuted_allergy_is_none() -> None:
    assert allergic(MORPHINE, allergy("rxnorm:7052", verificationStatus=status("refuted"))) == []


def test_a_list_without_the_drug_or_no_known_allergy_is_a_coded_no() -> None:
    others = allergy("rxnorm:70618", code={"text": "penicillin"})
    assert allergic(MORPHINE, others) == [(0, 0)]
    assert allergic(MORPHINE, allergy("snomed:716186003")) == [(0, 0)]
    assert any(isinstance(row, Whole) for row in rows("allergy_to_infusion_drug", MORPHINE, others, Claim=PUMP))


def test_without_a_list_nothing_is_said() -> None:
    assert allergic(MORPHINE) == []


def test_an_allergy_that_cannot_be_told_leaves_it_open() -> None:
    assert allergic(MORPHINE, allergy("snomed:372687004")) == [(0, 1)]


def test_of_an_unknown_drug_only_no_known_allergy_says_something() -> None:
    assert allergic(allergy("rxnorm:70618", code={"text": "penicillin"})) == []
    assert allergic(allergy("snomed:716186003")) == [(0, 0)]


def test_the_drug_may_be_known_by_an_answer() -> None:
    said = form(item("infusion_drug", {"valueCoding": {"code": "heparin"}}))
    assert allergic(said, allergy("rxnorm:5224")) == [(1, 1)]
    broad = form(item("infusion_drug", {"valueCoding": {"code": "other-opioid"}}))
    assert allergic(broad, allergy("rxnorm:4337")) == [(0, 1)]


def weeks(**change: object) -> list[tuple[int | None, int | None, int]]:
    lasting = {"repeat": {"boundsPeriod": {"start": "2026-01-05", "end": "2026-03-02"}}}
    oral = {**order("rxnorm:1292", status="completed"), "dosageInstruction": [{**ORAL[0], "timing": lasting}], **change}
    return [(row.low, row.high, row.first) for row in rows("noninvasive_spasticity_treatment_weeks", oral)]


def test_an_oral_antispasmodic_counts_in_whole_weeks() -> None:
    assert weeks() == [(80, 80, day("2026-03-02"))]


def test_an_injected_one_or_another_drug_does_not() -> None:
    assert weeks(dosageInstruction=[{"route": concept("snomed:72607000")}]) == []
    assert weeks(medicationCodeableConcept=concept("rxnorm:6809")) == []


def test_the_longest_order_counts() -> None:
    long, short = (
        {**order("atc:M03BX02", id=f"o-{end}"), "dosageInstruction": [
            {**ORAL[0], "timing": {"repeat": {"boundsPeriod": {"start": "2026-01-05", "end": end}}}}]}
        for end in ("2026-03-02", "2026-02-02")
    )  # fmt: skip
    assert [row.low for row in rows("noninvasive_spasticity_treatment_weeks", long, short)] == [80]
    assert request(long, short).product == "E0784"


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("rxnorm:1292", True),  # baclofen
        ("atc:M03BX01", True),  # baclofen
        ("atc:M03BX02", True),  # tizanidine
        ("atc:M03CA01", True),  # dantrolene
        ("atc:M03AB01", False),  # suxamethonium, given by injection in anaesthesia
        ("atc:M01AE01", False),  # ibuprofen
        ("rxnorm:7052", False),  # morphine
    ],
)
def test_an_oral_antispasmodic_is_known_by_each_of_its_codes(code: str, *, counts: bool) -> None:
    assert bool(weeks(medicationCodeableConcept=concept(code))) is counts
