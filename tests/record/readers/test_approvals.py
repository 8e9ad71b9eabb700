from pathlib import Path

import pytest

from priorauth.facts.further import extended
from priorauth.record.read import read_bundle
from priorauth.values.dates import LAST_DAY
from tests.record.building import UNITS, VOCABULARY, Json, base, bundle, concept, day, read, ref, request, rows

PERIOD = {"start": "2026-01-20", "end": "2026-12-31"}


def action(code: str) -> list[Json]:
    inner = {"url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode",
             "valueCodeableConcept": concept(f"x12:{code}")}  # fmt: skip
    return [{"extension": [{"url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewAction",
                            "extension": [inner]}]}]  # fmt: skip


def response(code: str = "A1", **more: object) -> Json:
    return {
        "resourceType": "ClaimResponse", "id": "auth-1", "status": "active", "use": "preauthorization",
        "patient": ref("Patient/pat-1"), "created": "2026-01-20", "insurer": ref("Organization/payer-1"),
        "request": {"display": "Request for E0784"}, "outcome": "complete", "preAuthPeriod": PERIOD,
        "item": [{"itemSequence": 1, "adjudication": action(code)}], **more,
    }  # fmt: skip


def test_an_approval_of_a_pump_by_this_payer_is_an_event_and_an_authorization() -> None:
    made = request(response()).rows
    assert [row.first for row in made["prior_approval_on"]] == [day("2026-01-20")]  # type: ignore[union-attr]  # events
    (row,) = rows("current_authorization", response())
    assert (row.start_first, row.end_last, row.low) == (day("2026-01-20"), day("2026-12-31"), 1)


@pytest.mark.parametrize("code", ["A1", "A2", "A6"])
def test_certified_in_whole_in_part_or_with_a_change_is_approved(code: str) -> None:
    assert len(rows("prior_approval_on", response(code))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"item": [{"itemSequence": 1, "adjudication": action("A3")}]},
        {"item": [{"itemSequence": 1, "adjudication": action("A4")}]},
        {"item": [{"itemSequence": 1, "adjudication": []}]},
        {"status": "cancelled"},
        {"status": "entered-in-error"},
        {"outcome": "queued"},
        {"outcome": "error"},
        {"use": "claim"},
        {"insurer": ref("Organization/dme-1")},
        {"insurer": {"display": "MassHealth"}},
        {"request": {"display": "Request for E0601"}},
        {"request": {"display": "an earlier request"}},
    ],
)
def test_what_is_no_approval_of_a_pump_by_this_payer_does_not_count(change: Json) -> None:
    made = request({**response(), **change}).rows
    assert "prior_approval_on" not in made
    assert "current_authorization" not in made


def test_an_answer_that_does_not_say_for_what_is_not_counted_and_said() -> None:
    assert read(response(request={})).warnings == (
        "ClaimResponse/auth-1 does not say which product it approves; not counted",
    )


def test_the_product_is_read_from_the_claim_that_was_answered() -> None:
    earlier = {**base("E0787")[0], "id": "clm-0"}
    assert len(rows("prior_approval_on", earlier, response(request=ref("Claim/clm-0")))) == 1


def test_the_payer_may_be_known_by_its_identifier() -> None:
    other = {
        "resourceType": "Organization",
        "id": "p2",
        "identifier": [{"system": "urn:priorauth:payer", "value": "masshealth"}],
    }
    assert len(rows("prior_approval_on", other, response(insurer=ref("Organization/p2")))) == 1


def test_the_period_of_the_item_counts_before_that_of_the_answer() -> None:
    own = {"url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemPreAuthPeriod",
           "valuePeriod": {"start": "2026-02-01"}}  # fmt: skip
    dated = response(item=[{"itemSequence": 1, "adjudication": action("A1"), "extension": [own]}])
    (row,) = rows("current_authorization", dated)
    assert (row.start_first, row.end_last) == (day("2026-02-01"), LAST_DAY)


def test_a_disposable_pump_that_was_added_is_an_approval_of_one() -> None:
    added = response(item=[], addItem=[{"productOrService": concept("hcpcs:A9274"), "adjudication": action("A1")}])
    assert len(rows("disposable_pump_approved", added)) == 1
    assert rows("disposable_pump_approved", response()) == ()


@pytest.mark.parametrize(
    ("fact", "product"),
    [
        ("automated_system_approved", "E0787"),
        ("glucose_monitor_approved", "E2103"),
        ("glucose_monitor_approved", "A4238"),
    ],
)
def test_an_approval_of_the_products_of_a_fact_is_an_event_of_it(fact: str, product: str) -> None:
    approval = response(request={"display": f"Request for {product}"})
    (row,) = rows(fact, approval)
    assert (row.first, row.last, row.ground) == (day("2026-01-20"), day("2026-01-20"), None)
    assert rows(fact, response(request={"display": "Request for E0601"})) == ()
    assert rows(fact, {**approval, "insurer": ref("Organization/dme-1")}) == ()
    assert rows(fact, {**approval, "status": "cancelled"}) == ()


@pytest.mark.parametrize("code", ["A2", "A6"])
def test_what_is_certified_in_part_or_with_a_change_leaves_such_a_fact_open(code: str) -> None:
    (row,) = rows("glucose_monitor_approved", response(code, request={"display": "Request for E2103"}))
    assert row.ground == "certified in part, or with a change"


def test_a_fact_of_a_folder_is_read_from_approvals_of_its_products(tmp_path: Path) -> None:
    own = tmp_path / "vocabulary.yaml"
    own.write_text(
        "facts:\n  strips_approved: {kind: event, ask: When?, approved: {hcpcs: [A4253]}}\n", encoding="utf-8"
    )
    source = bundle(response(request={"display": "Request for A4253"}))
    made = read_bundle(source, vocabulary=extended(VOCABULARY, own), units=UNITS).requests[0].rows
    assert [row.first for row in made["strips_approved"]] == [day("2026-01-20")]  # type: ignore[union-attr]  # events


def test_an_approval_of_the_same_product_leaves_the_kind_of_the_request_open() -> None:
    approval = response(request={"display": "Request for E2103"})
    monitor = base("E2103")[0]
    assert rows("request_kind", approval, Claim=monitor) == ()
    assert [row.text for row in rows("request_kind", approval)] == ["initial"]


def test_an_answer_to_a_request_for_several_products_that_names_none_approves_nothing_that_is_known() -> None:
    listed = [{"sequence": number, "productOrService": concept(f"hcpcs:{code}")}
              for number, code in ((1, "E0784"), (2, "E0787"))]  # fmt: skip
    earlier = {**base("E0784")[0], "id": "clm-0", "item": listed}
    whole = response(request=ref("Claim/clm-0"), item=[], adjudication=action("A1"))
    assert rows("prior_approval_on", earlier, whole) == ()
    assert len(rows("prior_approval_on", {**earlier, "item": listed[:1]}, whole)) == 1
    assert len(rows("prior_approval_on", earlier, response(request=ref("Claim/clm-0")))) == 1
    shown = response(request={"display": "E0784 and E0787"}, item=[], adjudication=action("A1"))
    assert rows("prior_approval_on", shown) == ()
