"""Every act for every role, on the version that she saw, once for a key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from priorauth.ledger.acts import setup
from priorauth.ledger.allowed import rights
from priorauth.ledger.events import Who
from priorauth.ledger.work import CLINIC
from priorauth.server.api import bodies
from tests.ledger import house
from tests.server.running import Running, named

WHY = {"why": "a reason"}
REASON = {name: getattr(house.REASON, name) for name in house.REASON.__struct_fields__}
BODIES: dict[str, dict[str, Any]] = {
    "answer": {"response": {"resourceType": "QuestionnaireResponse", "status": "completed"}},
    "appeal": {},
    "approve": {},
    "ask": {},
    "assign": {"person": "nora"},
    "authorize-by-law": {"rule": "mh-std"},
    "cancel": {"items": [1]},
    "cancel-item": {"item": 1},
    "climb": {},
    "close-duplicate": {"of": "26-0002"},
    "close-in-error": WHY,
    "close-not-ours": WHY,
    "decide-adversely": {"licence": house.LICENCE, "reasons": [REASON]},
    "decide-in-part": {"licence": house.LICENCE, "reasons": [REASON], "quantities": {"1": 0}},
    "end-approval": {"approval": "26-0001-1", "because": "asked", "ends": "2026-12-01"},
    "extend": {"rule": "mh-std", "ground": "member-asked", "days": 3},
    "file-document": {"file": {"title": "a", "media": "text/plain", "content": "eA=="}},
    "file-in-error": {"document": 1, **WHY},
    "hand-over": {"person": "nora"},
    "judge": {"fact": "necessity_on_other_grounds", "value": True, **WHY},
    "miss-clock": {"rule": "mh-std"},
    "note": {"said": "the meter file comes tomorrow"},
    "read-document": {"document": 1, "reader": "a reader", "refused": "it is torn"},
    "propose-facts": {"document": 1, "reader": "a model", "proposals": {"facts": []}},
    "confirm-proposal": {"document": 1, "proposal": 0},
    "reject-proposal": {"document": 1, "proposal": 0},
    "tie-words": {"document": 1, "said": {"fact": "motivated", "value": "yes", "quote": "keen", "page": 1}},
    "see-paper": {"document": 1, "fact": "prescription_signed_on", "date": "2026-11-12"},
    "propose": {"criterion": "II.A.T.7", "value": True, **WHY},
    "read": {"what": "case"},
    "reauthorize": {"bundle": {}},
    "revise": {"bundle": {}},
    "note-finding": {"subject": "II.A.T.2", "finding": "more", "why": "the chart says no more"},
    "offer-call": {"times": ["2026-11-24T16:00:00Z"]},
    "book-call": {"at": "2026-11-24T16:00:00Z", "with_whom": "Dr Chen"},
    "record-call": {"held_at": "2026-11-24T12:00:00Z", "with_whom": "the clinic", "said": "a letter comes"},
    "route-to-director": {},
    "route-to-nurse": {},
    "run": {},
    "send-elsewhere": WHY,
    "settle": {"criterion": "II.A.T.7", "value": True, **WHY},
    "snooze": {"until": "2026-11-25T00:00:00Z"},
    "take": {},
    "take-back": {"subject": "settle.II.A.T.7", **WHY},
    "update-item": {"bundle": {}},
    "withdraw": {},
}
ROLES = {who.role: who for who in (*house.EVERYONE, house.SYSTEM)} | {
    "coordinator": house.COORDINATOR,
    "nurse": house.NURSE,
    "appeals": house.APPEALS,
}
LATER = {"make-notice", "check-notice", "record-mailing", "send-notice"}
"""Acts of letters, which have tests of their own."""


def test_there_is_a_body_for_every_act() -> None:
    assert set(bodies.of_cases()) - set(BODIES) <= LATER


def _joined(served: Running, role: str) -> Who:
    """Let somebody join the plan in a role that nobody holds yet."""
    organisation = "clinic" if role in CLINIC else None
    house.done(served.store, setup.AddPerson(person=f"new-{role}", title=role, organisation=organisation))
    house.done(served.store, setup.GrantRole(person=f"new-{role}", role=role, valid_from=house.FIRST))
    return Who(house.TENANT, f"new-{role}", role, organisation)


def test_an_act_is_for_the_roles_that_the_table_names_and_for_no_other(served: Running) -> None:
    """On an old version nobody changes anything: whoever may do it hears that, and whoever may not is told so."""
    roles = {role: ROLES.get(role) or _joined(served, role) for role in rights().roles if role != "rule"}
    case = served.receive("review")
    assert served.act(case, "take", house.NURSE, version=1).status_code == 200
    found, expected = {}, {}
    for act, body in BODIES.items():
        for role, who in roles.items():
            said = who if role in CLINIC else who._replace(behalf="clinic")
            kind = served.act(case, act, said, version=1, **body).json()["type"].rpartition(":")[2]
            found[act, role] = kind
            expected[act, role] = "stale" if role in rights().rights[act] else "no-right"
    assert found == expected
    assert len(found) == len(BODIES) * 10


def test_another_clinics_case_is_not_there_for_any_act(served: Running) -> None:
    case = served.receive("review")
    found = {act: served.act(case, act, house.OTHER_CLINIC, 1, **body).status_code for act, body in BODIES.items()}
    assert found == dict.fromkeys(BODIES, 404)


def _adverse(served: Running) -> str:
    case = served.receive("review")
    assert served.act(case, "route-to-director", house.NURSE).status_code == 200
    found = served.act(case, "decide-adversely", house.DIRECTOR, **BODIES["decide-adversely"])
    assert found.status_code == 200, found.text
    return case


def test_a_request_goes_from_receipt_to_an_appeal_that_is_approved(served: Running) -> None:
    case = _adverse(served)
    file = {"title": "letter.pdf", "media": "application/pdf", "content": "JVBERg=="}
    found = served.act(case, "appeal", house.COORDINATOR, files=[file], filed_by="prescriber")
    appeal = found.json()["case"]
    assert (found.status_code, appeal != case, found.json()["state"]) == (200, True, "with-director")
    refused = served.act(appeal, "approve", house.DIRECTOR)
    assert refused.status_code == 403
    below = served.act(appeal, "approve", house.BELOW)
    assert below.status_code == 403
    done = served.act(appeal, "approve", house.APPEALS, why="The letter shows it.")
    assert (done.status_code, done.json()["state"]) == (200, "approved")


def test_neither_nurse_nor_clinic_nor_system_decides_adversely(served: Running) -> None:
    case = served.receive("review")
    served.act(case, "route-to-director", house.NURSE)
    for who in (house.NURSE, house.COORDINATOR, house.SYSTEM, house.ADMIN):
        assert served.act(case, "decide-adversely", who, **BODIES["decide-adversely"]).status_code in (403, 404)
    assert served.get(f"/api/v1/cases/{case}").json()["state"] == "with-director"


def test_a_licence_that_is_not_hers_signs_nothing_whatever_the_program_says(served: Running) -> None:
    case = served.receive("review")
    served.act(case, "route-to-director", house.NURSE)
    body = {**BODIES["decide-adversely"], "licence": "MA-00000"}
    found = served.act(case, "decide-adversely", house.DIRECTOR, **body)
    assert (found.status_code, found.json()["type"]) == (403, "urn:priorauth:problem:refused")


def test_an_act_on_an_older_version_hears_what_has_changed(served: Running) -> None:
    case = served.receive("review")
    assert served.act(case, "take", house.NURSE, version=1).status_code == 200
    found = served.act(case, "route-to-director", house.SECOND_NURSE, version=1)
    assert found.status_code == 409
    assert [one["what"] for one in found.json()["since"]] == ["taken"]
    clinic = served.act(case, "withdraw", house.COORDINATOR, version=1)
    assert (clinic.status_code, clinic.json()["since"]) == (409, [])


def test_an_act_without_the_version_is_asked_for_it(served: Running) -> None:
    case = served.receive("review")
    path = f"/api/v1/cases/{case}/acts/"
    assert served.client.post(path + "take", json={}, headers=named(house.NURSE)).status_code == 428
    anyhow = {**named(house.NURSE), "If-Match": "*"}
    assert served.client.post(path + "take", json={}, headers=anyhow).status_code == 200
    assert served.client.post(path + "approve", json={}, headers=anyhow).status_code == 428
    assert served.client.post(path + "withdraw", json={}, headers=named(house.COORDINATOR)).status_code == 200


def test_the_same_key_gives_the_first_answer_again_and_for_another_act_none(served: Running) -> None:
    case = served.receive("review")
    headers = {**named(house.NURSE), "If-Match": '"1"', "Idempotency-Key": "once"}
    path = f"/api/v1/cases/{case}/acts/"
    first = served.client.post(path + "take", json={}, headers=headers)
    again = served.client.post(path + "take", json={}, headers=headers)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert served.client.post(path + "take", json=WHY, headers=headers).status_code == 422
    other = {**headers, **named(house.SECOND_NURSE)}
    assert served.client.post(path + "take", json={}, headers=other).status_code == 409


def test_an_act_in_a_state_that_does_not_admit_it_is_a_conflict(served: Running) -> None:
    case = served.receive("review")
    found = served.act(case, "decide-adversely", house.DIRECTOR, **BODIES["decide-adversely"])
    assert (found.status_code, found.json()["type"]) == (409, "urn:priorauth:problem:state")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_a_form_of_another_site_could_send_is_no_act(served: Running, media: str) -> None:
    case = served.receive("review")
    headers = {**named(house.NURSE), "If-Match": '"1"', "Content-Type": media}
    assert served.client.post(f"/api/v1/cases/{case}/acts/take", content="{}", headers=headers).status_code == 415


def test_answers_reach_the_ledger_as_they_came(served: Running) -> None:
    case = served.receive("ask")
    found = served.act(case, "answer", house.COORDINATOR, **BODIES["answer"])
    assert found.status_code in (200, 422)
    text = json.dumps({"response": {"resourceType": "Patient"}})
    headers = {**named(house.COORDINATOR), "Content-Type": "application/json"}
    refused = served.client.post(f"/api/v1/cases/{case}/acts/answer", content=text, headers=headers)
    assert (refused.status_code, refused.json()["detail"]) == (422, "expected a QuestionnaireResponse")


def test_people_are_added_by_an_admin_and_by_nobody_else(served: Running) -> None:
    body = {"person": "nell", "title": "Nell"}

    def added(who: Who) -> int:
        return served.client.post("/api/v1/acts/add-person", json=body, headers=named(who)).status_code

    assert [added(who) for who in (house.ADMIN, house.NURSE, house.COORDINATOR)] == [200, 403, 403]
    role = {"person": "nell", "role": "director", "valid_from": "2026-11-01"}
    alone = served.client.post("/api/v1/acts/grant-role", json=role, headers=named(house.ADMIN))
    assert alone.status_code == 403


def test_no_token_is_made_over_the_network(served: Running) -> None:
    assert served.client.post("/api/v1/acts/make-token", json={}, headers=named(house.SYSTEM)).status_code == 404


def test_a_bundle_that_takes_the_place_of_another_is_read_as_one(served: Running) -> None:
    case = served.receive("ask")
    bundle = json.loads(house.example("ask"))
    found = served.act(case, "update-item", house.COORDINATOR, bundle=bundle)
    assert found.status_code == 200, found.text
    assert served.act(case, "update-item", house.COORDINATOR, bundle={}).status_code == 422
