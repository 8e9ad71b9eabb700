import pytest

from priorauth.facts.rows import Answer
from tests.record.building import Json, concept, ref, request

ACTION = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode"
REVIEW = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction"
OTHER_PAYER = {"resourceType": "Organization", "id": "payer-2", "name": "Other",
               "identifier": [{"system": "urn:example:payers", "value": "other"}]}  # fmt: skip


def adjudicated(*codes: str, deep: bool = True) -> list[Json]:
    plain = [{"url": ACTION, "valueCodeableConcept": concept(f"x12:{code}")} for code in codes]
    return [{"extension": [{"url": REVIEW, "extension": plain}] if deep else plain}]


def response(**more: object) -> Json:
    return {"resourceType": "ClaimResponse", "id": "r-1", "status": "active", "use": "preauthorization",
            "patient": ref("Patient/pat-1"), "created": "2026-06-16", "insurer": ref("Organization/payer-1"),
            "request": ref("Claim/clm-1"), "outcome": "queued", **more}  # fmt: skip


def decided(*resources: Json) -> str | None:
    """Give what the rows say of a decision, None where there is none."""
    found = request(*resources).rows.get("already_decided", ())
    texts = [row.text for row in found if isinstance(row, Answer)]
    assert len(texts) == len(found) <= 1
    return texts[0] if texts else None


@pytest.mark.parametrize("place", ["item", "addItem", "whole"])
@pytest.mark.parametrize("deep", [True, False])
@pytest.mark.parametrize(
    ("code", "found"),
    [("A1", "yes"), ("A2", "yes"), ("A3", "yes"), ("A6", "yes"), ("A4", None), ("CT", None), ("C", None), ("a1", None)],
)
def test_a_request_is_decided_by_what_its_review_action_says(
    code: str, found: str | None, place: str, *, deep: bool
) -> None:
    made = adjudicated(code, deep=deep)
    where: dict[str, Json] = {
        "item": {"item": [{"itemSequence": 1, "adjudication": made}]},
        "addItem": {"addItem": [{"itemSequence": [1], "adjudication": made}]},
        "whole": {"adjudication": made},
    }
    assert decided(response(**where[place])) == found


def test_an_answer_that_decides_one_item_of_several_has_decided() -> None:
    items = [
        {"itemSequence": 1, "adjudication": adjudicated("A4")},
        {"itemSequence": 2, "adjudication": adjudicated("A3")},
    ]
    assert decided(response(item=items)) == "yes"
    assert decided(response(item=items[:1])) is None


def test_an_answer_without_an_action_has_decided_where_it_is_complete() -> None:
    assert decided(response(outcome="complete")) == "yes"
    for outcome in ("queued", "error", "partial", ""):
        assert decided(response(outcome=outcome)) is None


def test_what_is_only_pended_is_not_decided_though_it_is_complete() -> None:
    assert decided(response(outcome="complete", item=[{"itemSequence": 1, "adjudication": adjudicated("A4")}])) is None


@pytest.mark.parametrize("status", ["cancelled", "draft", "entered-in-error"])
def test_an_answer_that_does_not_count_decides_nothing(status: str) -> None:
    assert decided(response(status=status, outcome="complete")) is None


def test_an_answer_in_doubt_may_have_decided() -> None:
    assert decided(response(status="unheard-of", outcome="complete")) == "?"
    assert decided(response(modifierExtension=[{"url": "urn:x"}], outcome="complete")) == "?"


def test_an_answer_of_another_insurer_decides_nothing_here() -> None:
    other = response(outcome="complete", insurer=ref("Organization/payer-2"))
    assert decided(OTHER_PAYER, other) is None
    named = {"identifier": {"system": "urn:example:payers", "value": "other"}}
    assert decided(response(outcome="complete", insurer=named)) is None


def test_an_answer_whose_insurer_is_not_known_may_be_this_payers() -> None:
    without = {name: value for name, value in response(outcome="complete").items() if name != "insurer"}
    assert decided(without) == "yes"
    assert decided(response(outcome="complete", insurer=ref("Organization/nowhere"))) == "yes"
    assert decided(response(outcome="complete", insurer={"display": "Some insurer"})) == "yes"


def test_this_payer_is_known_by_identifier_too() -> None:
    named = {"identifier": {"system": "urn:priorauth:payer", "value": "masshealth"}}
    assert decided(response(outcome="complete", insurer=named)) == "yes"
    twin = {**OTHER_PAYER, "identifier": [{"system": "urn:priorauth:payer", "value": "masshealth"}]}
    assert decided(twin, response(outcome="complete", insurer=ref("Organization/payer-2"))) == "yes"


def test_an_answer_may_name_the_claim_by_its_identifier() -> None:
    by_identifier = {"identifier": {"system": "urn:example:request", "value": "R-1"}}
    assert decided(response(outcome="complete", request=by_identifier)) == "yes"
    elsewhere = {"reference": "Claim/elsewhere", **by_identifier}
    assert decided(response(outcome="complete", request=elsewhere)) == "yes"
    another = {"identifier": {"system": "urn:example:request", "value": "R-2"}}
    assert decided(response(outcome="complete", request=another)) is None


def test_an_answer_to_nothing_or_to_another_claim_decides_nothing() -> None:
    without = {name: value for name, value in response(outcome="complete").items() if name != "request"}
    assert decided(without) is None
    assert decided(response(outcome="complete", request=ref("Claim/clm-0"))) is None


def test_of_several_answers_one_that_decides_is_enough() -> None:
    pended = response(item=[{"itemSequence": 1, "adjudication": adjudicated("A4")}])
    denied = {**response(item=[{"itemSequence": 1, "adjudication": adjudicated("A3")}]), "id": "r-2"}
    assert decided(pended, denied) == "yes"
    (row,) = request(pended, denied).rows["already_decided"]
    assert row.ref == "ClaimResponse/r-2"
