"""The PAS response: the contract's action codes, the request echoed, nothing that a clock or chance could change."""

from __future__ import annotations

import copy
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from priorauth import determine
from priorauth.cli.main import main
from priorauth.decide.determination import Determination
from priorauth.errors import InputRefused
from priorauth.exchange.pas.codes import PAS
from priorauth.exchange.pas_response import ACTION, response
from priorauth.policy.outcome import Outcome
from tests.casebook.kept import case_of, every
from tests.exchange.shapes import HOSTILE, PLAIN, SHAPES, Shapes, answer, example, resources, shaped, unresolved

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
EDGE = Path(__file__).parent.parent / "edge"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
CODES: dict[Outcome, str] = {
    "approve": "A1",
    "not-required": "NA",
    "not-applicable": "CT",
    "other-criteria": "CT",
    "request-information": "A4",
    "clinical-review": "A4",
    "not-yet": "A4",
}


def answered(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    bundle = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return bundle, response(determine(bundle), bundle)


def test_the_action_codes_are_those_of_the_contract_and_none_denies() -> None:
    assert ACTION == CODES
    assert "A3" not in ACTION.values()


@pytest.mark.parametrize(("name", "code"), [("approve", "A1"), ("ask", "A4"), ("review", "A4"), ("not-yet", "A4")])
def test_each_item_carries_its_review_action(name: str, code: str) -> None:
    _, made = answered(name)
    claim_response = made["entry"][0]["resource"]
    assert claim_response["resourceType"] == "ClaimResponse"
    action = claim_response["item"][0]["adjudication"][0]["extension"][0]["extension"][0]
    assert action["valueCodeableConcept"]["coding"][0]["code"] == code


def test_an_item_is_found_by_its_sequence_and_not_by_its_place() -> None:
    bundle = json.loads((EXAMPLES / "approve.json").read_text("utf-8"))
    (claim,) = resources(bundle, "Claim")
    (asked,) = claim["item"]
    trace = {"url": f"{PAS}/extension-itemTraceNumber", "valueIdentifier": {"system": "urn:example:t", "value": "7"}}
    asked |= {"sequence": 7, "extension": [trace]}
    (found,) = response(determine(bundle), bundle)["entry"][0]["resource"]["item"]
    assert found["itemSequence"] == 7
    assert trace in found["extension"]


def test_the_parties_are_echoed_with_their_full_urls() -> None:
    bundle, made = answered("approve")
    sent = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    echoed = made["entry"][1:]
    assert {entry["resource"]["resourceType"] for entry in echoed} == {"Patient", "Organization"}
    assert all(sent[entry["fullUrl"]] == entry["resource"] for entry in echoed)


def test_questions_stand_in_the_process_notes() -> None:
    _, made = answered("ask")
    notes = [note["text"] for note in made["entry"][0]["resource"]["processNote"]]
    assert any("HbA1c" in note and "II.A.T.7" in note for note in notes)


@pytest.mark.parametrize("outcome", CODES)
def test_every_outcome_reaches_the_wire_with_its_reasons_and_notes(outcome: Outcome) -> None:
    worked = [one.load() for one in every()]
    chosen = [case for case in worked if case["expect"].get("outcome") == outcome][:5]
    assert chosen
    for case in chosen:
        found = determine(case["bundle"], policy=case["policy"], as_of=case["as_of"], judgments=case["judgments"])
        made = response(found, case["bundle"])["entry"][0]["resource"]
        action = made["item"][0]["adjudication"][0]["extension"][0]["extension"][0]
        assert action["valueCodeableConcept"]["coding"][0]["code"] == CODES[outcome]
        assert made["item"][0]["adjudication"][0]["reason"] == {"text": outcome}
        notes = [note["text"] for note in made["processNote"]]
        numbered = [number for item in made["item"] for number in item["noteNumber"]]
        assert numbered == [note["number"] for note in made["processNote"]]
        assert notes[0].startswith(f"Item 1: {outcome} as of {found[0].as_of}, ")
        for text in (*(reason.text for reason in found[0].reasons), *found[0].notes):
            assert any(note.endswith(text) for note in notes)


def test_where_to_send_it_stands_in_the_process_notes() -> None:
    case = case_of("husky/insulin-pump-external-criteria")
    found = determine(case["bundle"], policy=case["policy"], as_of=case["as_of"])
    assert [one.outcome for one in found] == ["other-criteria"]
    notes = response(found, case["bundle"])["entry"][0]["resource"]["processNote"]
    assert any(note["text"].startswith("Item 1: Send to: ") for note in notes)


def test_the_first_day_and_what_is_granted_stand_in_the_process_notes() -> None:
    assert any("2026-12-14" in note["text"] for note in answer(example("not-yet"))["processNote"])
    found = determine(example())[0]
    assert found.grants
    key, value = next(iter(found.grants.items()))
    assert f"Item 1: grants {value} {key}" in [note["text"] for note in answer(example())["processNote"]]


def test_references_resolve_in_every_shape_that_is_drawn() -> None:
    shapes = Shapes(seed=1)
    for one in shapes.draw(60):
        made = response(one.found, one.bundle)
        first = made["entry"][0]["resource"]
        assert unresolved(made) == [], one.shape
        assert [item["itemSequence"] for item in first["item"]] == [found.sequence for found in one.found]
        assert INSTANT.fullmatch(first["created"])
        assert INSTANT.fullmatch(made["timestamp"])
        assert first["type"]["coding"][0]["code"]
        assert {"patient", "insurer", "requestor", "request"} <= first.keys()
        urls = [entry["fullUrl"] for entry in made["entry"]]
        assert len(set(urls)) == len(urls)
    assert min(shapes.mix[f"fullUrl: {style}"] for style in SHAPES["fullUrl"]) > 10


def test_the_insurer_is_the_payor_of_the_coverage_where_the_claim_names_none() -> None:
    bundle = example()
    stated = answer(bundle)["insurer"]
    del resources(bundle, "Claim")[0]["insurer"]
    assert answer(bundle)["insurer"] == stated == {"reference": "https://clinic.example.org/fhir/Organization/payer"}
    resources(bundle, "Coverage")[0]["payor"] = [
        {"identifier": {"system": "urn:priorauth:payer", "value": "caresource"}, "display": "CareSource"}
    ]
    assert answer(bundle)["insurer"] == resources(bundle, "Coverage")[0]["payor"][0]


def test_a_requestor_that_is_not_said_is_said_to_be_unknown() -> None:
    bundle = example()
    del resources(bundle, "Claim")[0]["provider"]
    assert answer(bundle)["requestor"]["extension"][0]["valueCode"] == "unknown"


def test_a_practitioner_who_asks_is_named_by_a_role_or_else_by_identifier() -> None:
    roles, persons = (shaped(example(), PLAIN | {"provider": kind}) for kind in ("role", "practitioner"))
    made = response(determine(roles), roles)
    assert [one["resourceType"] for one in (entry["resource"] for entry in made["entry"])].count(
        "PractitionerRole"
    ) == 1
    assert answer(persons)["requestor"] == {
        "type": "Practitioner",
        "identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"},
        "display": "Doctor Synthetic",
    }


@pytest.mark.parametrize("stated", [None, {}, {"coding": []}, {"coding": [{}]}, "professional"])
def test_the_type_is_professional_where_the_claim_says_none(stated: object) -> None:
    bundle = example()
    resources(bundle, "Claim")[0]["type"] = stated
    assert answer(bundle)["type"]["coding"][0]["code"] == "professional"


def test_the_type_of_the_claim_is_echoed() -> None:
    bundle = example()
    resources(bundle, "Claim")[0]["type"]["coding"][0]["code"] = "institutional"
    assert answer(bundle)["type"]["coding"][0]["code"] == "institutional"


def test_the_claim_is_named_as_its_sender_knows_it() -> None:
    identifier = {"system": "urn:example:request", "value": "request-approve"}
    known = {style: answer(shaped(example(), PLAIN | {"fullUrl": style}))["request"] for style in SHAPES["fullUrl"]}
    assert known["none"] == {"type": "Claim", "identifier": identifier}
    assert known["http"] == {"reference": "https://ehr.example.org/fhir/Claim/request-approve", **known["none"]}
    assert known["urn"]["reference"].startswith("urn:uuid:")
    bare = shaped(example(), PLAIN | {"fullUrl": "none", "claim identifier": "left out"})
    assert answer(bare)["request"] == {"type": "Claim", "display": "Claim/request-approve"}


def test_hostile_words_are_carried_without_control_characters() -> None:
    bundle = example()
    resources(bundle, "Patient")[0]["name"] = [{"family": HOSTILE}]
    resources(bundle, "Claim")[0]["id"] = "\u001b[31m"
    made = json.dumps(response(determine(bundle), bundle), ensure_ascii=False)
    assert "<script>alert(1)</script>" in made
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\\\\u00", made)


def test_claims_of_one_bundle_are_answered_by_a_response_bundle_each() -> None:
    bundle = example()
    second = copy.deepcopy(bundle["entry"][0])
    second["resource"]["id"] = "second"
    second["fullUrl"] = "https://clinic.example.org/fhir/Claim/second"
    bundle["entry"].append(second)
    made = response(determine(bundle), bundle)
    inner = [entry["resource"] for entry in made["entry"]]
    assert [one["entry"][0]["resource"]["request"]["reference"].rpartition("/")[2] for one in inner] == [
        "request-approve",
        "second",
    ]
    assert all(unresolved(one) == [] for one in inner)


def test_bytes_and_what_was_parsed_of_them_give_the_same_response() -> None:
    for name, style in itertools.product(("ask", "review"), SHAPES["fullUrl"]):
        bundle = shaped(example(name), PLAIN | {"fullUrl": style})
        data = json.dumps(bundle, indent=3).encode()
        assert response(determine(data), data) == response(determine(bundle), bundle)
        assert response(determine(data), b"\xef\xbb\xbf" + data) == response(determine(bundle), bundle)


@pytest.mark.parametrize("shape", ["text", "json", "fhir"])
@pytest.mark.parametrize("bad", [b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xff"])
def test_bytes_that_are_no_utf_8_are_refused_in_every_format(
    shape: str, bad: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = (EXAMPLES / "approve.json").read_bytes().replace(b'"Progress note"', b'"Progr' + bad + b'ss note"')
    case = tmp_path / "case.json"
    case.write_bytes(data)
    assert main(["determine", str(case), "--format", shape]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "case.json: expected UTF-8 text\n"


@pytest.mark.parametrize("part", ['"\\ud800"', "1e999", "nul"])
def test_what_is_no_json_in_a_part_that_only_the_response_reads_is_refused(part: str) -> None:
    found: list[Determination] = determine(example())
    data = (EXAMPLES / "approve.json").read_bytes()
    inside = data.replace(b'"gender"', f'"extension": {part}, "gender"'.encode(), 1)
    assert inside != data
    with pytest.raises(InputRefused, match="case: expected JSON"):
        response(found, inside, "case")


def at(made: Any, path: str) -> Any:
    for step in re.findall(r"[A-Za-z]+|\d+", path):
        made = made[int(step)] if step.isdigit() else made[step]
    return made


@pytest.mark.parametrize("path", sorted(EDGE.glob("fhir-*.json")), ids=lambda path: path.stem)
def test_an_edge_case_comes_out_right(path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if "latin1" in path.stem:
        assert main(["determine", str(path), "--format", "fhir"]) == 2
        return
    case = json.loads(path.read_text("utf-8"))
    sent = tmp_path / "case.json"
    sent.write_text(json.dumps(case["bundle"]), "utf-8")
    assert main(["determine", str(sent), "--format", "fhir"]) == 0
    made = json.loads(capfd.readouterr().out)
    for place, wanted in case["expect"]["fhir"]:
        assert wanted == "*" or str(at(made, place)).startswith(str(wanted))
    assert unresolved(made) == []


def test_the_edge_cases_are_there() -> None:
    assert len(list(EDGE.glob("fhir-*.json"))) == 3  # item-sequence, references, urn


def test_the_same_request_gives_the_same_response() -> None:
    assert json.dumps(answered("medicare")[1]) == json.dumps(answered("medicare")[1])


STEERING = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F)]
STEERING += [*range(0x2066, 0x206A), 0xFFFE, 0xFFFF]  # controls, turns of the direction of writing, no characters


def test_each_character_that_steers_is_replaced_and_no_other() -> None:
    bundle = example()
    kept = "\t\n\u00a0\u2029\u202f\u2065\u206a\ufffd\u00c5ngstr\u00f6m \u8a66\u9a13"
    resources(bundle, "Patient")[0]["name"] = [{"family": "".join(map(chr, STEERING)), "text": kept}]
    made = response(determine(bundle), bundle)
    (name,) = resources(made, "Patient")[0]["name"]
    assert name == {"family": "\ufffd" * len(STEERING), "text": kept}


@pytest.mark.parametrize("name", ["approve", "ask", "review", "conflict", "not-yet"])
def test_notes_are_numbered_from_one_and_each_item_points_to_its_own(name: str) -> None:
    bundle = example(name)
    claim = resources(bundle, "Claim")[0]
    claim["item"].append({**claim["item"][0], "sequence": 2})
    made = answer(bundle)
    assert [note["number"] for note in made["processNote"]] == list(range(1, len(made["processNote"]) + 1))
    for item in made["item"]:
        texts = [note["text"] for note in made["processNote"] if note["number"] in item["noteNumber"]]
        assert texts
        assert all(text.startswith(f"Item {item['itemSequence']}: ") for text in texts)
    assert sum(len(item["noteNumber"]) for item in made["item"]) == len(made["processNote"])


def test_both_sides_of_a_conflict_stand_in_one_note() -> None:
    (found,) = determine(example("conflict"))
    assert found.conflicts
    notes = [note["text"] for note in answer(example("conflict"))["processNote"]]
    for conflict in found.conflicts:
        assert f"Item 1: {conflict.criterion}: conflict: {' / '.join(conflict.says)}" in notes


def test_the_first_day_on_which_it_can_be_decided_stands_in_a_note_of_its_own() -> None:
    notes = [note["text"] for note in answer(example("not-yet"))["processNote"]]
    assert "Item 1: first day on which it can be decided: 2026-12-14" in notes
    assert not any("first day on which" in note["text"] for note in answer(example("ask"))["processNote"])


@pytest.mark.parametrize("focal", [1, 2])
def test_the_insurer_is_that_of_the_focal_coverage(focal: int) -> None:
    bundle = example()
    claim, cover = resources(bundle, "Claim")[0], resources(bundle, "Coverage")[0]
    claim.pop("insurer", None)
    second = {"resourceType": "Organization", "id": "payer-2", "active": True, "name": "Second"}
    other = {**cover, "id": "cover-2", "payor": [{"reference": "Organization/payer-2"}]}
    base = "https://clinic.example.org/fhir"
    bundle["entry"] += [
        {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in (second, other)
    ]
    claim["insurance"] = [
        {"sequence": number, "focal": number == focal, "coverage": {"reference": f"Coverage/{name}"}}
        for number, name in ((1, cover["id"]), (2, "cover-2"))
    ]
    made = response(determine(example()), bundle)["entry"][0]["resource"]
    assert made["insurer"] == {"reference": f"{base}/Organization/{'payer' if focal == 1 else 'payer-2'}"}
