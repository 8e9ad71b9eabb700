"""The bodies of acts."""

from __future__ import annotations

import json

import msgspec
import pytest

from priorauth.ledger.acts.calls import RecordCall
from priorauth.ledger.acts.decisions import Approve, DecideAdversely
from priorauth.ledger.acts.files import FileDocument
from priorauth.ledger.acts.intake import Answer
from priorauth.ledger.acts.queues import Extend, Take
from priorauth.ledger.allowed import rights
from priorauth.server.api import bodies
from priorauth.server.problem import Problem


def test_every_act_that_anybody_has_a_right_to_is_at_an_address_or_made_at_the_database_alone() -> None:
    told = set(bodies.of_cases()) | {act.name for act in bodies.of_tenant().values()}
    assert set(rights().rights) - told == {"receive", "make-token"}


def test_acts_of_which_more_is_wanted_or_less_are_acts() -> None:
    assert set(bodies.of_cases()) >= bodies.UNSEEN
    assert set(bodies.of_cases()) >= bodies.DECIDING
    assert not bodies.UNSEEN & bodies.DECIDING


def test_fhir_reaches_the_ledger_byte_for_byte() -> None:
    response = b'{ "resourceType":"QuestionnaireResponse",  "n": 7.10 }'
    found = bodies.read(b'{"response": ' + response + b"}", Answer)
    assert found["response"] == response
    assert found["channel"] == "portal"


def test_a_file_is_base64() -> None:
    file = {"title": "a.pdf", "media": "application/pdf", "content": "JVBERg=="}
    assert bodies.read(json.dumps({"file": file}).encode(), FileDocument)["file"].content == b"%PDF"


def test_an_act_that_says_nothing_needs_no_body() -> None:
    assert bodies.read(b"", Take) == {"why": None}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Take, {"whyy": "a slip"}),
        (Take, {"case": "26-0002"}),
        (Take, {"version": 3}),
        (Take, {"key": "k"}),
        (Take, []),
        (Extend, {"rule": "r", "ground": "g", "days": 2**40}),
        (Extend, {"rule": "r", "ground": "g", "days": "1"}),
        (Approve, {"items": [2**31]}),
        (RecordCall, {"held_at": "2026-11-24T10:00:00", "with_whom": "x", "said": "x"}),
        (DecideAdversely, {"licence": "L", "reasons": [{"criterion": "II"}]}),
        (Take, {"why": "\x00"}),
    ],
)
def test_a_body_with_a_slip_is_refused(act: type, said: object) -> None:
    with pytest.raises(Problem) as fault:
        bodies.read(json.dumps(said).encode(), act)
    assert fault.value.status == 422


def test_what_is_wrong_is_said_without_the_value() -> None:
    with pytest.raises(Problem) as fault:
        bodies.read(b'{"response": {}, "channel": "Fischer"}', Answer)
    assert "Fischer" not in fault.value.detail
    assert "$.channel" in fault.value.detail


def test_json_that_nests_too_deep_is_refused() -> None:
    with pytest.raises(Problem, match="100 deep"):
        bodies.checked(b"[" * 101 + b"]" * 101)
    bodies.checked(b"[" * 100 + b"]" * 100)


def test_the_schema_of_a_body_names_its_fields_and_no_others() -> None:
    found = bodies.schemas()
    assert set(found["AnswerBody"]["properties"]) == {"why", "response", "channel"}
    assert found["AnswerBody"]["properties"]["response"]["type"] == "object"
    assert found["AnswerBody"]["additionalProperties"] is False
    assert all(msgspec.json.encode(one) for one in found.values())
