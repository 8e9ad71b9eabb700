import pytest

from tests.record.building import Json, concept, condition, day, form, item, on, ref, request, rows

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
        ("icd10:O24.410", ["other-diabetes"]),
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
    assert texts("request_kind", **asks(extension=certified("9"))) == ["initial"]


def test_where_a_pump_is_in_use_the_kind_is_not_assumed() -> None:
    assert texts("request_kind", PUMPING) == []
    assert texts("request_kind", PUMPING, **asks(extension=certified("I"))) == ["initial"]
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
