import pytest

from priorauth.record.request import NOT_FIRST
from tests.record.building import (
    VOCABULARY,
    Json,
    concept,
    condition,
    day,
    device_order,
    form,
    item,
    on,
    ref,
    request,
    rows,
)

CERTIFICATION = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-certificationType"
PUMPING = condition("icd10:Z96.41", "2023-01-01")


def asks(**elements: object) -> Json:
    return {"item": [{"sequence": 1, "productOrService": concept("hcpcs:E0784"), **elements}]}


def certified(code: str) -> list[Json]:
    return [{"url": CERTIFICATION, "valueCodeableConcept": concept(f"x12:{code}")}]


def texts(fact: str, *resources: Json, **claim: object) -> list[str]:
    return [row.text for row in rows(fact, *resources, Claim=claim)]


@pytest.mark.parametrize(
    ("coding", "read"),
    [
        ({"system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "E0784"}, "E0784"),
        ({"system": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "e0784 "}, "E0784"),
        ({"system": "urn:oid:2.16.840.1.113883.6.285", "code": "E0784"}, "E0784"),
        ({"code": "E0784"}, "E0784"),
        ({"code": "99213"}, None),
        ({"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}, None),
        ({"display": "a pump"}, None),
    ],
)
def test_a_product_is_a_hcpcs_code(coding: Json, read: str | None) -> None:
    made = request(Claim={"item": [{"sequence": 1, "productOrService": {"coding": [coding]}}]})
    assert made.product == read
    assert ("product_code" in made.rows) == (read is not None)


def test_pumps_are_counted_over_the_claim() -> None:
    items = [{"sequence": number, "productOrService": concept(f"hcpcs:{code}")}
             for number, code in enumerate(("E0784", "A9274", "A4230", "E0781"), 1)]  # fmt: skip
    assert request(Claim={"item": items}).insulin_pumps_in_request == 2


@pytest.mark.parametrize(
    ("product", "category"),
    [("E0784", ["durable"]), ("E0787", ["automated"]), ("A9274", []), ("E0783", ["implantable"])],
)
def test_the_category_of_a_pump_follows_from_its_product(product: str, category: list[str]) -> None:
    assert texts("pump_category", item=[{"sequence": 1, "productOrService": concept(f"hcpcs:{product}")}]) == category


def test_a_quantity_left_out_is_one() -> None:
    assert rows("quantity_requested")[0].low == 1
    assert rows("quantity_requested", Claim=asks(quantity={"value": 2}))[0].low == 2


@pytest.mark.parametrize(
    ("period", "until"),
    [
        ({"start": "2026-07-01", "end": "2026-09-30"}, [(day("2026-09-30"), day("2026-09-30"))]),
        ({"start": "2026-07-01", "end": "2026-09"}, [(day("2026-09-01"), day("2026-09-30"))]),
        ({"start": "2026-07-01"}, []),
        ({"start": "2026-07-01", "end": "soon"}, []),
    ],
)
def test_the_end_of_the_serviced_period_is_the_day_until_which_the_product_is_requested(
    period: dict[str, str], until: list[tuple[int, int]]
) -> None:
    assert [(row.low, row.high) for row in rows("service_until", Claim=asks(servicedPeriod=period))] == until


@pytest.mark.parametrize(
    ("modifiers", "bought"),
    [(["NU"], ["purchase"]), (["UE"], ["purchase"]), (["RR"], ["rental"]), (["NU", "RR"], []), ([], [])],
)
def test_purchase_or_rental_is_said_by_the_modifier(modifiers: list[str], bought: list[str]) -> None:
    made = asks(modifier=[concept(f"hcpcs:{code}") for code in modifiers])
    assert [row.text for row in rows("purchase_or_rental", Claim=made)] == bought


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("icd10:E10.65", ["type-1-diabetes"]),
        ("icd10:O24.410", ["diabetes-in-pregnancy"]),
        ("icd10:E08.9", ["other-diabetes"]),
        ("icd10:I10", ["other"]),
        ("snomed:46635009", []),
    ],
)
def test_the_primary_diagnosis_is_the_first_unless_another_is_principal(code: str, value: list[str]) -> None:
    first = {"sequence": 1, "diagnosisCodeableConcept": concept(code)}
    assert (
        texts(
            "primary_diagnosis", diagnosis=[{"sequence": 2, "diagnosisCodeableConcept": concept("icd10:E11.9")}, first]
        )
        == value
    )
    principal = {
        "sequence": 2,
        "diagnosisCodeableConcept": concept("icd10:E11.9"),
        "type": [{"coding": [{"code": "principal"}]}],
    }
    assert texts("primary_diagnosis", diagnosis=[first, principal]) == ["type-2-diabetes"]


def test_a_diagnosis_may_point_to_a_condition() -> None:
    pointed = [{"sequence": 1, "diagnosisReference": ref("Condition/cond-1")}]
    assert texts("primary_diagnosis", condition("icd10:E10.65"), diagnosis=pointed) == ["type-1-diabetes"]


def test_a_request_is_initial_unless_something_says_otherwise() -> None:
    assert texts("request_kind") == ["initial"]
    assert texts("request_kind", **asks(extension=certified("R"))) == ["continued"]
    assert texts("request_kind", extension=certified("R")) == ["continued"]
    assert texts("request_kind", **asks(extension=certified("4"))) == ["continued"]
    for code in ("1", "2", "N", "S", "9", ""):
        assert texts("request_kind", **asks(extension=certified(code))) == []


def test_where_a_pump_is_in_use_the_kind_is_not_assumed() -> None:
    assert texts("request_kind", PUMPING) == []
    assert texts("request_kind", PUMPING, **asks(extension=certified("I"))) == []
    assert texts("request_kind", {**PUMPING, "abatementDateTime": "2024-01-01"}) == ["initial"]


def test_an_answered_kind_stands_alone() -> None:
    said = form(item("request_kind", {"valueCoding": {"code": "upgrade"}}))
    assert texts("request_kind", said, **asks(extension=certified("I"))) == ["upgrade"]


def test_a_bundle_came_electronically_unless_stated_otherwise() -> None:
    assert texts("request_channel") == ["electronic"]
    assert texts("request_channel", form(item("request_channel", {"valueCoding": {"code": "fax"}}))) == ["fax"]


def test_a_bundle_that_was_accepted_is_a_complete_form() -> None:
    assert texts("request_form_complete") == ["yes"]


def test_the_member_is_known_by_birth_date_and_sex() -> None:
    (row,) = rows("birth_date")
    assert (row.text, row.low, row.ref) == ("1980-05-01", day("1980-05-01"), "Patient/pat-1")
    assert [row.text for row in rows("sex")] == ["female"]
    assert rows("sex", Patient={"gender": "other"}) == ()
    (row,) = rows("birth_date", Patient={"birthDate": "1980"})
    assert (row.low, row.high) == (day("1980-01-01"), day("1980-12-31"))


def test_the_day_of_service_is_that_of_the_item_else_the_answer_else_the_request() -> None:
    said = form(item("service_on", on("2026-07-07")))
    assert request(said, Claim=asks(servicedDate="2026-07-01")).service_on == day("2026-07-01")
    made = request(said)
    assert made.service_on == day("2026-07-07")
    assert [row.text for row in made.rows["service_on"]] == ["2026-07-07"]  # type: ignore[union-attr]  # an attribute
    assert request().service_on == day("2026-06-15")


def test_a_patient_with_a_modifier_that_is_not_understood_settles_neither_age_nor_sex() -> None:
    for strange in ({"modifierExtension": [{"url": "urn:example:not"}]}, {"implicitRules": "urn:example:rules"}):
        for fact in ("birth_date", "sex"):
            (row,) = rows(fact, Patient=strange)
            assert (row.text, row.low, row.ref) == ("?", None, "Patient/pat-1")
            assert row.ground is not None


# ---- the kind of request: certification codes and what is on file ----

ON_FILE: dict[str, Json] = {
    "pump_trial": item("pump_trial", parts=[item("pump_trial.from", on("2026-01-01"))]),
    "trial_outcome": item("trial_outcome", {"valueCoding": {"code": "success"}}),
    "prior_approval_on": item("prior_approval_on", on("2024-01-01")),
    "automated_system_approved": item("automated_system_approved", on("2024-01-01")),
    "disposable_pump_approved": item("disposable_pump_approved", on("2024-01-01")),
    "current_authorization": item(
        "current_authorization", parts=[item("current_authorization.from", on("2026-01-01"))]
    ),
    "current_pump_works": item("current_pump_works", {"valueBoolean": True}),
    "current_pump_repairable": item("current_pump_repairable", {"valueBoolean": False}),
    "warranty_ends_on": item("warranty_ends_on", on("2027-01-01")),
    "replacement_reason": item("replacement_reason", {"valueString": "lost"}),
    "rental_months_used": item("rental_months_used", {"valueInteger": 3}),
    "pump_ownership": item("pump_ownership", {"valueString": "owned"}),
    "repair_cost": item("repair_cost", {"valueQuantity": {"value": 600, "unit": "USD"}}),
    "replacement_cost": item("replacement_cost", {"valueQuantity": {"value": 4000, "unit": "USD"}}),
    "reservoir_change_interval": item("reservoir_change_interval", {"valueQuantity": {"value": 3, "unit": "d"}}),
}  # fmt: skip


def kind(*resources: Json, **claim: object) -> str | None:
    found = texts("request_kind", *resources, **claim)
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("fact", sorted(ON_FILE))
@pytest.mark.parametrize(
    ("code", "found"),
    [(None, None), ("I", None), ("R", "continued"), ("4", "continued"), ("1", None), ("2", None), ("N", None),
     ("S", None), ("X", None)],
)  # fmt: skip
def test_what_is_on_file_of_an_earlier_pump_leaves_the_kind_of_a_first_request_open(
    fact: str, code: str | None, found: str | None
) -> None:
    extension = {} if code is None else {"extension": certified(code)}
    assert kind(form(ON_FILE[fact]), **asks(**extension)) == found
    assert kind(form(ON_FILE[fact]), **extension) == found


@pytest.mark.parametrize("fact", NOT_FIRST)
def test_every_fact_that_speaks_of_an_earlier_pump_is_a_fact_of_the_vocabulary(fact: str) -> None:
    assert fact in VOCABULARY


@pytest.mark.parametrize("code", [None, "I"])
def test_nothing_on_file_leaves_a_first_request_an_initial_one(code: str | None) -> None:
    extension = {} if code is None else {"extension": certified(code)}
    assert kind(**asks(**extension)) == kind(**extension) == "initial"
    assert kind(form(item("motivated", {"valueBoolean": True})), **asks(**extension)) == "initial"


def test_of_several_certifications_the_one_that_is_known_counts_and_the_items_own_goes_first() -> None:
    assert kind(**asks(extension=[*certified("zz"), *certified("R")])) == "continued"
    assert kind(extension=certified("I"), **asks(extension=certified("R"))) == "continued"
    assert kind(extension=certified("R"), **asks(extension=certified("I"))) == "initial"


def test_words_for_a_pump_in_the_order_for_the_pump_asked_for_leave_the_kind_as_it_is() -> None:
    for words in ("insulin pump", "Omnipod", "t:slim X2"):
        ordered = device_order()
        ordered["codeCodeableConcept"]["text"] = words
        assert kind(ordered) == "initial"


def test_a_diagnosis_that_may_mean_a_pump_in_use_leaves_the_kind_open() -> None:
    assert kind({**PUMPING, "verificationStatus": {"coding": [{"code": "provisional"}]}}) is None
    assert kind({**PUMPING, "implicitRules": "urn:example:rules"}) is None
    assert kind({**PUMPING, "verificationStatus": {"coding": [{"code": "refuted"}]}}) == "initial"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("1", ["yes"]),
        ("2", ["yes"]),
        ("N", ["yes"]),
        ("S", ["yes"]),
        ("I", []),
        ("R", []),
        ("4", []),
        ("9", []),
        ("", []),
    ],
)
def test_an_appeal_or_a_review_is_asked_anew(code: str, found: list[str]) -> None:
    assert texts("review_asked_anew", **asks(extension=certified(code))) == found
    assert texts("review_asked_anew", extension=certified(code)) == found


# ---- a member who died ----


@pytest.mark.parametrize(
    ("patient", "found"),
    [
        ({}, []),
        ({"deceasedBoolean": False}, []),
        ({"deceasedBoolean": True}, ["yes"]),
        ({"deceasedDateTime": "2026-06-14"}, ["yes"]),
        ({"deceasedDateTime": "2026-06-15"}, []),
        ({"deceasedDateTime": "2026-06-16"}, []),
        ({"deceasedDateTime": "2026-06"}, ["yes"]),
        ({"deceasedDateTime": "2026"}, ["yes"]),
        ({"deceasedDateTime": "2026-07"}, []),
        ({"deceasedDateTime": "unknown"}, ["yes"]),
        ({"deceasedDateTime": "2026-06-14T23:59:00-04:00"}, ["yes"]),
    ],
)
def test_a_member_who_may_have_died_before_the_service_goes_to_a_person(patient: Json, found: list[str]) -> None:
    assert [row.text for row in rows("died_before_service", Patient=patient)] == found


def test_the_service_before_which_a_member_died_is_the_latest_that_is_named() -> None:
    died = {"deceasedDateTime": "2026-06-20"}
    assert rows("died_before_service", Patient=died) == ()
    assert len(rows("died_before_service", Patient=died, Claim=asks(servicedDate="2026-06-21"))) == 1
    assert rows("died_before_service", Patient=died, Claim=asks(servicedDate="2026-06-20")) == ()
    assert len(rows("died_before_service", form(item("service_on", on("2026-07-07"))), Patient=died)) == 1
