"""What else a request asks for, as its other items say: yes, no, or open where an item does not say it."""

import pytest

from priorauth.errors import InputRefused
from priorauth.facts.rows import Answer, Source
from priorauth.record import together
from tests.record.building import VOCABULARY, Json, concept, form, item, read, ref, yes

MONITOR = "glucose_monitor_requested_together"
PUMP = "insulin_pump_requested_together"
METER = "glucose_meter_requested_together"
STANDALONE = "standalone_monitor_requested_together"
CANCELLED = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/modifierextension-infoCancelled"
CERTIFICATION = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-certificationType"


def asking(*products: Json | str) -> Json:
    """Items in their order; a text is a HCPCS code."""
    listed = [concept(f"hcpcs:{one}") if isinstance(one, str) else one for one in products]
    return {"item": [{"sequence": number, "productOrService": one} for number, one in enumerate(listed, 1)]}


def said(fact: str, *resources: Json, of: int = 1, **claim: object) -> list[tuple[str, str]]:
    """What one item of a request says of a fact: texts, with what they rest on."""
    made = next(one for one in read(*resources, Claim=claim).requests if one.item == of)
    return [(row.text, row.ref) for row in made.rows.get(fact, ()) if isinstance(row, Answer)]


def test_an_item_alone_is_certainly_asked_for_with_nothing_else() -> None:
    assert [said(fact, **asking("E0784")) for fact in (MONITOR, PUMP, METER)] == [[("no", "Claim/clm-1")]] * 3


def test_each_of_two_items_is_asked_for_with_the_other() -> None:
    both = asking("E0784", "E2103")
    assert said(MONITOR, of=1, **both) == [("yes", "Claim/clm-1#item=2")]
    assert said(PUMP, of=1, **both) == [("no", "Claim/clm-1")]
    assert said(MONITOR, of=2, **both) == [("no", "Claim/clm-1")]
    assert said(PUMP, of=2, **both) == [("yes", "Claim/clm-1#item=1")]


def test_the_same_code_twice_is_two_items() -> None:
    assert said(PUMP, of=1, **asking("E0784", "E0784")) == [("yes", "Claim/clm-1#item=2")]
    assert said(MONITOR, **asking("E0784", "E2103", "A4239")) == [
        ("yes", "Claim/clm-1#item=2"),
        ("yes", "Claim/clm-1#item=3"),
    ]


@pytest.mark.parametrize(
    "unread",
    [
        {"text": "continuous glucose monitor"},
        {"coding": [{"code": "monitor"}]},
        {"coding": [{"system": "http://snomed.info/sct", "code": "700585005"}]},
        {"coding": [{"system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "code": "a monitor"}]},
        concept("hcpcs:E1399"),
        concept("hcpcs:A9999"),
    ],
)
def test_an_item_that_does_not_say_what_it_asks_for_keeps_the_others_open(unread: Json) -> None:
    made = read(Claim=asking("E0784", unread)).requests[0]
    (row,) = made.rows[MONITOR]
    assert isinstance(row, Answer)
    assert (row.text, row.ref, row.source) == ("?", "Claim/clm-1#item=2", Source.RECORD)
    assert row.ground is not None
    assert "does not say" in row.ground


def test_an_item_that_is_read_settles_what_another_leaves_open() -> None:
    three = asking("E0784", {"text": "supplies"}, "E2103")
    assert said(MONITOR, **three) == [("yes", "Claim/clm-1#item=3")]
    assert said(METER, **three) == [("?", "Claim/clm-1#item=2")]


def test_a_code_of_level_one_is_no_device() -> None:
    visit = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "95249"}]}
    assert said(MONITOR, **asking("E0784", visit)) == [("no", "Claim/clm-1")]


def test_any_of_the_codes_of_an_item_counts() -> None:
    either = {"coding": [*concept("hcpcs:E1399")["coding"], {"code": "e2103 "}]}
    assert said(MONITOR, **asking("E0784", either)) == [("yes", "Claim/clm-1#item=2")]


@pytest.mark.parametrize(
    "withdrawn",
    [
        {"modifierExtension": [{"url": CANCELLED, "valueBoolean": True}]},
        {"extension": [{"url": CERTIFICATION, "valueCodeableConcept": concept("x12:3")}]},
    ],
)
@pytest.mark.parametrize("product", [concept("hcpcs:E2103"), {"text": "a monitor"}])
def test_an_item_that_was_cancelled_is_not_asked_for(withdrawn: Json, product: Json) -> None:
    both = asking("E0784", product)
    both["item"][1].update(withdrawn)
    assert said(MONITOR, **both) == [("no", "Claim/clm-1")]


def test_parts_of_an_item_are_asked_for_with_it() -> None:
    system = asking("E0784")
    system["item"][0]["detail"] = [
        {"sequence": 1, "productOrService": {"text": "the model"}},
        {"sequence": 2, "productOrService": concept("hcpcs:A4225"), "subDetail": [
            {"sequence": 1, "productOrService": concept("hcpcs:E2103")}]},
    ]  # fmt: skip
    assert said(MONITOR, **system) == [("yes", "Claim/clm-1#item=1")]
    system["item"][0]["detail"].pop()
    assert said(MONITOR, **system) == [("no", "Claim/clm-1")]


def other_claim(**changes: object) -> Json:
    base = read_base()
    return {**base, "id": "clm-2", "identifier": [], **asking("E2103"), **changes}


def read_base() -> Json:
    return {
        "resourceType": "Claim", "status": "active", "use": "preauthorization", "created": "2026-06-15",
        "patient": ref("Patient/pat-1"), "provider": ref("Organization/dme-1"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": ref("Coverage/cov-1")}],
    }  # fmt: skip


def test_what_another_claim_of_the_same_bundle_asks_for_is_asked_for_together() -> None:
    assert said(MONITOR, other_claim(), **asking("E0784")) == [("yes", "Claim/clm-2#item=1")]


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"use": "predetermination"}])
def test_a_claim_that_asks_for_nothing_now_is_left_aside(changes: Json) -> None:
    assert said(MONITOR, other_claim(**changes), **asking("E0784")) == [("no", "Claim/clm-1")]


def test_what_an_earlier_claim_asked_for_is_not_asked_for_together() -> None:
    follows = {**asking("E0784"), "related": [{"claim": ref("Claim/clm-2")}]}
    assert said(MONITOR, other_claim(), **follows) == [("no", "Claim/clm-1")]


def test_an_item_of_another_patient_is_refused() -> None:
    stranger = {"resourceType": "Patient", "id": "pat-2", "birthDate": "1990-01-01"}
    with pytest.raises(InputRefused, match="expected claims of one patient"):
        read(stranger, other_claim(patient=ref("Patient/pat-2")), Claim=asking("E0784"))


def test_somebody_who_knows_of_another_request_is_heard_and_an_item_stands_beside_the_answer() -> None:
    told = form(item(MONITOR, yes()))
    assert said(MONITOR, told, **asking("E0784")) == [("yes", "QuestionnaireResponse/qr-1")]
    assert said(MONITOR, told, **asking("E0784", {"text": "supplies"})) == [("yes", "QuestionnaireResponse/qr-1")]
    denied = form(item(MONITOR, yes(False)))
    assert sorted(said(MONITOR, denied, **asking("E0784", "E2103"))) == [
        ("no", "QuestionnaireResponse/qr-1"),
        ("yes", "Claim/clm-1#item=2"),
    ]


def test_an_item_matters_where_it_settles_a_fact_or_keeps_one_open() -> None:
    matters = {code: together.matter([code], VOCABULARY) for code in ("E2103", "E0784", "E1399", "A4230", "99213")}
    assert matters == {"E2103": True, "E0784": True, "E1399": True, "A4230": False, "99213": False}
    assert together.matter([], VOCABULARY)


def test_the_facts_are_those_that_name_products() -> None:
    assert {fact.name for fact in together.facts(VOCABULARY)} == {MONITOR, STANDALONE, PUMP, METER}
    assert [fact.kind for fact in together.facts(VOCABULARY)] == ["attestation"] * 4


def test_items_without_a_sequence_are_named_by_their_place() -> None:
    from_nowhere = asking("E0784", "E2103")
    for one in from_nowhere["item"]:
        del one["sequence"]
    assert said(MONITOR, **from_nowhere) == [("yes", "Claim/clm-1#item=2")]
