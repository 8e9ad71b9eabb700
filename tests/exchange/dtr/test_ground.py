"""What the answers of a form are decided on: the case by which it was opened, else what the form itself says."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest

from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import walk
from priorauth.exchange.dtr.ground import Ground, answered, decide, ground, named_context
from priorauth.exchange.dtr.opening import Opening
from priorauth.exchange.wire import Fault
from priorauth.export.forms import Form
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.words import Judge
from priorauth.policy.catalog import open_catalog
from tests.exchange.calling import called
from tests.exchange.dtr.desk import DAY, PERCENT, QR_CONTEXT, Json, begun, context, form_of, missing, patient
from tests.exchange.dtr.test_opening import told
from tests.exchange.house import Exchange
from tests.ledger import house

POLICY = "masshealth/insulin-pumps"
FORM = Form(open_catalog().versions(POLICY)[-1])
LATER = date(2026, 12, 20)
TRACE = "http://localhost/plan/2.2/trace"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def on(exchange: Exchange, response: Json, today: date = DAY, **more: Any) -> Ground:
    return ground(called(exchange, **more), FORM, response, form_of(response), today)


def claim(found: Ground) -> Json:
    return next(one["resource"] for one in found.bundle["entry"] if one["resource"]["resourceType"] == "Claim")


# ---- which context is named


@pytest.mark.parametrize(
    "response",
    [
        {"identifier": {"system": TRACE, "value": "abc"}},
        {"identifier": [{"system": "urn:other", "value": "no"}, {"system": TRACE, "value": "abc"}]},
        {"extension": [{"url": QR_CONTEXT, "valueReference": {"identifier": {"system": TRACE, "value": "abc"}}}]},
    ],
)
def test_the_context_is_named_by_an_identifier_of_the_answers_or_of_what_they_are_about(response: Json) -> None:
    assert named_context(response, {}) == "abc"


def test_the_form_that_is_carried_may_name_the_context_and_what_the_answers_say_goes_before_it() -> None:
    carried = {"identifier": [{"system": TRACE, "value": "of the form"}]}
    assert named_context({}, carried) == "of the form"
    assert named_context({"identifier": {"system": TRACE, "value": "abc"}}, carried) == "abc"


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"identifier": {"system": "urn:other", "value": "abc"}},
        {"identifier": {"system": TRACE, "value": ""}},
        {"identifier": {"system": TRACE, "value": 7}},
        {"extension": [{"url": "urn:x", "valueReference": {"identifier": {"system": TRACE, "value": "abc"}}}]},
        {"extension": [{"url": QR_CONTEXT, "valueReference": {"identifier": "abc"}}]},
    ],
)
def test_what_bears_no_identifier_of_a_trace_names_no_context(response: Json) -> None:
    assert named_context(response, {}) is None


def test_of_a_name_without_end_the_beginning_is_taken() -> None:
    assert named_context({"identifier": {"system": TRACE, "value": "n" * 9_000}}, {}) == "n" * 200


# ---- the case of an order, of a request


def test_an_order_is_decided_as_if_it_were_sent_today(exchange: Exchange) -> None:
    bundle = {**missing(), "timestamp": "2026-11-24T09:00:00Z"}
    context(exchange, bundle)
    found = on(exchange, begun(POLICY, patient(bundle)), LATER)
    assert claim(found)["created"] == "2026-12-20"
    assert "timestamp" not in found.bundle
    assert (found.policy, found.hooked, found.patient) == (None, True, {"reference": patient(bundle)})


def test_a_request_is_decided_as_of_its_own_day(exchange: Exchange) -> None:
    _, name = told(exchange)
    found = on(exchange, begun(POLICY, "Patient/ask", name), LATER)
    assert claim(found)["created"] == json.loads(house.example("ask"))["entry"][0]["resource"]["created"]
    assert not found.hooked


@pytest.mark.parametrize("hook", ["order-sign", "order-select", "appointment-book", "encounter-discharge"])
def test_only_where_a_hook_was_called_a_form_may_say_how_it_is_covered(hook: str) -> None:
    assert Ground({}, {}, None, Opening("n", b"", {"hook": hook})).hooked
    assert not Ground({}, {}, None, Opening("n", b"", {"hook": "pas"}, sequence=1)).hooked
    assert not Ground({}, {}).hooked


def test_a_context_that_is_not_known_is_refused_with_what_to_do(exchange: Exchange) -> None:
    with pytest.raises(Fault, match="call CRD for the order again") as refused:
        on(exchange, begun(POLICY, "Patient/p"))
    assert (refused.value.status, refused.value.at) == (404, ("QuestionnaireResponse.identifier",))


@pytest.mark.parametrize(
    ("subject", "same"),
    [
        ("{0}", True), ("https://clinic.example/fhir/{0}", True), ("#p", True), ("urn:uuid:0", True),
        ("Patient/somebody-else", False), ("https://clinic.example/fhir/Patient/somebody-else", False),
    ],
)  # fmt: skip
def test_the_answers_are_of_the_patient_of_the_order(exchange: Exchange, subject: str, same: Any) -> None:
    context(exchange, missing())
    response = begun(POLICY, subject.format(patient(missing())))
    if same:
        assert on(exchange, response).patient == {"reference": patient(missing())}
        return
    with pytest.raises(Fault, match="the patient of the order") as refused:
        on(exchange, response)
    assert "somebody" not in str(refused.value)


# ---- where nothing is named


def plain(exchange: Exchange, *items: Json, subject: str = "Patient/pat-7") -> Ground:
    response = {**begun(POLICY, subject, None), "item": [{"linkId": "form.ask.1", "item": list(items)}]}
    return on(exchange, response)


def test_without_a_context_the_form_is_of_a_member_of_its_payer_under_its_policy(exchange: Exchange) -> None:
    found = plain(exchange)
    kinds = [one["resource"]["resourceType"] for one in found.bundle["entry"]]
    assert (kinds, found.opening) == (["Claim", "Patient", "Coverage", "Organization"], None)
    assert (found.patient, found.policy) == ({"reference": "Patient/pat-7"}, POLICY)
    made = claim(found)
    assert (made["created"], made["use"], made["item"]) == (str(DAY), "preauthorization", [{"sequence": 1}])
    payer = found.bundle["entry"][3]["resource"]
    assert payer["identifier"] == [{"system": "urn:priorauth:payer", "value": FORM.policy.payer}]
    assert plain(exchange, subject="#p").patient == {"reference": "Patient/member"}


def test_what_the_form_asks_of_the_request_itself_belongs_to_the_case(exchange: Exchange) -> None:
    found = plain(
        exchange,
        {"linkId": "birth_date", "answer": [{"valueDate": "1980-02-03"}]},
        {"linkId": "product_code", "answer": [{"valueCoding": {"system": HCPCS, "code": "E0784"}}]},
    )
    assert found.bundle["entry"][1]["resource"]["birthDate"] == "1980-02-03"
    assert claim(found)["item"][0]["productOrService"]["coding"][0]["code"] == "E0784"
    made = decide(found, json.dumps(found.bundle).encode(), {}, DAY)
    assert made.policy is not None
    assert (made.policy.id, made.request.product) == (POLICY, "E0784")


# ---- with the answers


HBA1C = {
    "linkId": "hba1c",
    "answer": [
        {
            "valueQuantity": {"value": 8.1, **PERCENT},
            "item": [{"linkId": "hba1c.date", "answer": [{"valueDate": "2026-11-04"}]}],
        }
    ],
}


def test_the_answers_stand_in_the_case_as_a_completed_response_of_its_patient(exchange: Exchange) -> None:
    context(exchange, missing())
    response = {**begun(POLICY, patient(missing())), "author": {"reference": "Practitioner/p"}}
    found = on(exchange, response)
    before = copy.deepcopy(found.bundle)
    made = json.loads(answered(found, response, [HBA1C], called(exchange)))
    assert made["entry"][:-1] == before["entry"] == found.bundle["entry"]
    assert made["entry"][-1]["resource"] == {
        "resourceType": "QuestionnaireResponse",
        "id": "form-answers",
        "status": "completed",
        "subject": {"reference": patient(missing())},
        "authored": response["authored"],
        "item": [HBA1C],
        "author": {"reference": "Practitioner/p"},
    }


def test_answers_that_bear_no_moment_were_given_now(exchange: Exchange) -> None:
    context(exchange, missing())
    response = begun(POLICY, patient(missing()))
    found = on(exchange, response)
    del response["authored"]
    made = json.loads(answered(found, response, [], called(exchange)))
    assert made["entry"][-1]["resource"]["authored"] == house.NOW.isoformat()


def test_a_case_is_decided_with_its_answers(exchange: Exchange) -> None:
    context(exchange, missing())
    response = begun(POLICY, patient(missing()))
    found = on(exchange, response)
    asked = [
        {one.fact for one in decide(found, answered(found, response, items, called(exchange)), {}, DAY).questions}
        for items in ([], [HBA1C])
    ]
    assert asked[0] - asked[1] == {"hba1c"}


def test_of_a_request_of_several_items_the_one_is_decided_of_which_is_asked() -> None:
    bundle = missing()
    entry = next(one for one in bundle["entry"] if one["resource"]["resourceType"] == "Claim")
    first = entry["resource"]["item"][0]
    entry["resource"]["item"] = [{**copy.deepcopy(first), "sequence": 4}, {**copy.deepcopy(first), "sequence": 9}]
    data = json.dumps(bundle).encode()
    for sequence, found in ((9, 9), (4, 4), (5, 4)):
        case = Ground(bundle, {}, None, Opening("n", data, {}, sequence=sequence))
        assert decide(case, data, {}, DAY).sequence == found


def judged(made: Determination) -> str:
    """How the exception to the HbA1c threshold stands that a clinician may grant."""
    return next(one.status for one in walk(made.criteria) if "special features" in (one.title or ""))


def test_what_a_clinician_said_of_a_request_counts_in_it(exchange: Exchange) -> None:
    case, name = told(exchange)
    house.done(exchange.store, RouteToDirector(case=case), house.NURSE)
    house.done(exchange.store, Judge(case=case, fact="hba1c_exception_granted", value=False, why="so"), house.DIRECTOR)
    found = on(exchange, begun(POLICY, "Patient/ask", name))
    data = json.dumps(found.bundle).encode()
    assert judged(decide(found, data, {}, DAY)) == "not-met"
    assert judged(decide(found._replace(opening=None), data, {}, DAY)) == "unknown"
