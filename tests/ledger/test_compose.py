"""The record as a run reads it: the request, what came after it, words and earlier approvals, laid side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from priorauth import determine
from priorauth.documents import rows
from priorauth.errors import InputRefused
from priorauth.ledger import compose
from priorauth.ledger.compose import Clinician, Input
from tests.documents.stated import document, says, word
from tests.ledger.house import NOW, example


def put(contents: Mapping[str, tuple[compose.Part, bytes]]) -> compose.Composed:
    listed = [Input(part, name, name) for name, (part, _) in contents.items()]
    return compose.compose(listed, lambda sha: contents[sha][1])


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_request_alone_is_read_byte_for_byte() -> None:
    assert put({"r": ("request", example("ask"))}).bundle == example("ask")


def test_what_came_later_is_laid_beside_the_request_in_the_order_it_came() -> None:
    more = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Observation", "id": "b"}}]}
    answers = {"resourceType": "QuestionnaireResponse", "id": "a"}
    found = put({
        "r": ("request", example("ask")), "d": ("resources", encoded(more)), "s": ("answers", encoded(answers)),
    })  # fmt: skip
    entries = json.loads(found.bundle)["entry"]
    assert entries[:-2] == json.loads(example("ask"))["entry"]
    assert [one["resource"]["id"] for one in entries[-2:]] == ["b", "a"]


def test_the_stamp_of_a_request_says_nothing_of_what_came_later() -> None:
    stamped = encoded({**json.loads(example("ask")), "timestamp": "2026-11-20T12:00:00Z"})
    later = {
        "resourceType": "QuestionnaireResponse", "id": "a", "status": "completed", "authored": "2026-11-24",
        "subject": {"reference": "Patient/ask"}, "author": {"display": "Practice"},
        "item": [{"linkId": "cgm_use.from", "answer": [{"valueDate": "2026-01-02"}]}],
    }  # fmt: skip
    (found,) = determine(put({"r": ("request", stamped), "s": ("answers", encoded(later))}).bundle)
    assert "glucose_tests_per_day" not in {one.fact for one in found.questions}
    assert put({"r": ("request", stamped)}).bundle == stamped


def test_the_same_inputs_give_the_same_bytes() -> None:
    contents: dict[str, tuple[compose.Part, bytes]] = {
        "r": ("request", example("ask")), "l2": ("log", b"2"), "l1": ("log", b"1"), "w": ("words", b"w"),
        "s": ("answers", encoded({"resourceType": "QuestionnaireResponse"})),
    }  # fmt: skip
    assert put(contents) == put(contents)
    assert put(contents).logs == (("l1", b"1"), ("l2", b"2"))
    assert put(contents).judgments == (b"w",)


@pytest.mark.parametrize("content", [b"{", b"[]", b"1", b"\xff", b'{"resourceType": "Bundle", "entry": 5}'])
def test_what_is_no_resource_is_refused_and_named(content: bytes) -> None:
    with pytest.raises(InputRefused, match="the paper"):
        put({"r": ("request", example("ask")), "the paper": ("resources", content)})


def test_the_claim_of_a_determination_is_found_in_its_bundle() -> None:
    (made,) = determine(example("ask"))
    assert compose.claim_of(example("ask"), "request", made.claim)["id"] == "request-ask"
    with pytest.raises(InputRefused, match="expected a Claim"):
        compose.claim_of(b'{"entry": []}', "request", "Claim/1")


def test_a_clinicians_words_are_read_as_hers() -> None:
    who = Clinician("dora", "Dora", "urn:priorauth:person:plan")
    (made,) = determine(example("conflict"))
    said = {"settle.II.A.T.5": (True, "the letter is newer")}
    form = compose.words_of(who, made.claim, said, NOW)
    (after,) = determine(example("conflict"), judgments=form)
    assert (made.outcome, after.outcome) == ("clinical-review", "approve")
    assert msgspec.json.decode(form)["author"]["display"] == "Dora"


def test_words_are_written_the_same_whatever_the_order_in_which_they_were_said() -> None:
    who = Clinician("dora", "Dora", "urn:x")
    first = {"b": (True, "so"), "a": (False, "so")}
    second = {"a": (False, "so"), "b": (True, "so")}
    assert compose.words_of(who, "Claim/1", first, NOW) == compose.words_of(who, "Claim/1", second, NOW)


def test_an_approval_names_its_product_its_number_and_its_days() -> None:
    claim: dict[str, Any] = {"patient": {"reference": "Patient/1"}, "insurer": {"reference": "Organization/payer"}}
    days = (date(2026, 7, 24), date(2026, 8, 25), date(2026, 11, 24))
    found = json.loads(compose.approval_of(claim, "26-0001-1", "E0784", *days))
    assert found["created"] == "2026-07-24"
    assert found["preAuthPeriod"] == {"start": "2026-08-25", "end": "2026-11-24"}
    assert found["preAuthRef"] == "26-0001-1"
    open_end = json.loads(compose.approval_of(claim, "26-0001-1", "E0784", days[0], days[1], None))
    assert open_end["preAuthPeriod"] == {"start": "2026-08-25"}


def test_what_documents_propose_is_kept_in_the_order_it_came_and_read_without_file_or_reader() -> None:
    one, two = document(says("motivated"), number=1), document(says("hba1c", "8.4 %"), number=2, confirmed=(word(),))
    first, second = rows.encoded([one]), rows.encoded([two])
    found = put({"r": ("request", example("ask")), "d1": ("documents", first), "d2": ("documents", second)})
    assert found.documents == (one, two)
    assert put({"r": ("request", example("ask"))}).documents == ()
    with pytest.raises(InputRefused, match="d1: expected what documents propose"):
        put({"r": ("request", example("ask")), "d1": ("documents", b"{}")})
