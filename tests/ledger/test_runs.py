"""Runs: kept with all they were made of, so that each can be made again to the byte; and what they say of a case."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from priorauth.documents.rows import encoded
from priorauth.errors import InputRefused
from priorauth.ledger import compose, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument, FileInError
from priorauth.ledger.acts.intake import Repeat, UpdateItem
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.words import Judge, Settle
from priorauth.ledger.compose import Input
from priorauth.ledger.store import Store
from tests.documents.stated import document, says
from tests.documents.stated import word as said_by
from tests.ledger.house import COORDINATOR, DIRECTOR, NOW, NURSE, done, example, furnish, received, refused
from tests.ledger.standing import bundle, case, rows, sent

A1C = {
    "resourceType": "Observation", "id": "a1c-new", "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
    "subject": {"reference": "Patient/ask"}, "effectiveDateTime": "2026-11-23T08:15:00-05:00",
    "valueQuantity": {"value": 8.1, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
}  # fmt: skip


def resources(content: Any = A1C, **more: Any) -> File:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return File(title="lab.json", media=runs.FHIR, content=data, kind="resources", **more)


def outcome(store: Store, number: str, run: int) -> dict[str, str]:
    found: dict[str, str] = rows(store, t.run, case_no=number, number=run)[0]["outcomes"]
    return found


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    return store


def test_a_run_can_be_made_again_from_what_it_kept_to_the_byte(plan: Store) -> None:
    number = received(plan, "ask")
    done(plan, FileDocument(case=number, file=resources()), COORDINATOR)
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Settle(case=number, criterion="II.A.T.2", value=True, why="she says so"), DIRECTOR)
    done(plan, Judge(case=number, fact="hba1c_exception_granted", value=False, why="no ground"), DIRECTOR)
    blobs = {row["sha256"]: row["bytes"] for row in rows(plan, t.blob)}
    kept = rows(plan, t.run, case_no=number)
    assert [row["cause"] for row in kept] == [
        "received", "document 1", "II.A.T.2 settled", "hba1c_exception_granted judged",
    ]  # fmt: skip
    for row in kept:
        inputs = [Input(**one) for one in row["inputs"]]
        again = runs.ran(compose.compose(inputs, blobs.__getitem__), {})
        assert again.determinations == row["determinations"]
        assert again.rows == row["rows"]
        assert again.sha256 == row["sha256"] == hashlib.sha256(row["determinations"]).hexdigest()
        assert (again.outcomes, again.pins) == (row["outcomes"], row["pins"])
        assert runs.read_determinations(row["determinations"])[0].outcome == row["outcomes"]["1"]


def test_no_run_is_lost_and_each_says_what_it_was_before(plan: Store) -> None:
    number = received(plan, "ask")
    done(plan, Repeat(case=number), NURSE)
    assert [row["number"] for row in rows(plan, t.run, case_no=number)] == [1, 2]
    ran = [row["data"]["say"] for row in rows(plan, t.event, case_no=number) if row["what"] == "ran"]
    assert [(one["run"], one["before"]) for one in ran] == [(1, None), (2, {"1": "request-information"})]
    assert rows(plan, t.run)[0]["sha256"] == rows(plan, t.run)[1]["sha256"]


def test_a_newer_request_takes_the_place_of_the_one_before_and_both_are_kept(plan: Store) -> None:
    number = received(plan, "ask")
    done(plan, UpdateItem(case=number, bundle=bundle("ask", quantity=2)), COORDINATOR)
    assert [row["kind"] for row in rows(plan, t.submission, case_no=number)] == ["request", "request"]
    inputs = rows(plan, t.run, case_no=number)[1]["inputs"]
    assert [(one["part"], one["name"]) for one in inputs] == [("request", "submission 2")]
    assert rows(plan, t.item, case_no=number)[0]["quantity"] == 2


def test_a_document_that_was_filed_in_error_is_read_no_more(plan: Store) -> None:
    number = received(plan, "ask")
    done(plan, FileDocument(case=number, file=resources()), COORDINATOR)
    done(plan, FileInError(case=number, document=1, why="another member's"), COORDINATOR)
    parts = [[one["part"] for one in row["inputs"]] for row in rows(plan, t.run, case_no=number)]
    assert parts == [["request"], ["request", "resources"], ["request"]]
    first, _, third = rows(plan, t.run, case_no=number)
    assert first["sha256"] == third["sha256"]


def test_another_request_that_comes_in_a_document_is_not_decided_with_the_case(plan: Store) -> None:
    number = received(plan, "ask")
    claim = next(
        one["resource"] for one in json.loads(example("ask"))["entry"] if one["resource"]["resourceType"] == "Claim"
    )
    found = done(plan, FileDocument(case=number, file=resources({**claim, "id": "a-second"})), COORDINATOR)
    assert "another request" in found.more["unread"]
    assert found.more["document"] == 1
    assert len(rows(plan, t.run, case_no=number)) == 1
    assert len(rows(plan, t.item, case_no=number)) == 1


@pytest.mark.parametrize("media", [runs.FHIR, "application/pdf"])
def test_a_paper_plays_no_part_in_a_run(media: str) -> None:
    assert runs.part_of("paper", media) is None


def test_logs_and_resources_play_their_part() -> None:
    assert runs.part_of("glucose-log", "text/csv") == "log"
    assert runs.part_of("lab", runs.FHIR) == "resources"
    assert runs.part_of("lab", "application/pdf") is None


def word(kind: str, person: str, *, value: bool | None = True, subject: str = "settle.a") -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "person": person, "value": value}


def test_of_several_words_the_newest_stands_that_was_not_taken_back() -> None:
    dora, apu = word("settlement", "dora"), word("settlement", "apu", value=False)
    assert runs.standing([dora, apu]) == {"settle.a": apu}
    assert runs.standing([dora, apu, word("withdrawal", "apu", value=None)]) == {"settle.a": dora}
    assert runs.standing([dora, word("withdrawal", "dora", value=None)]) == {}
    assert runs.standing([dora, word("proposal", "nina", value=False)]) == {"settle.a": dora}


def test_a_request_that_cannot_be_read_begins_no_case(plan: Store) -> None:
    from priorauth.ledger.acts.intake import Receive

    for content in (b"", b"{}", b"[]", b'{"resourceType": "Bundle", "entry": 5}', b"\x00"):
        assert refused(plan, Receive(bundle=content), COORDINATOR).code == "invalid"
    assert rows(plan, t.cases) == []
    assert rows(plan, t.blob) == []


def test_a_log_that_cannot_be_read_is_refused_as_input() -> None:
    with pytest.raises(InputRefused):
        runs.ran(compose.Composed(example("ask"), (), (("meter.csv", b"nothing"),)), {})


def test_of_two_items_the_one_that_needs_a_person_decides_where_the_case_goes(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    found = rows(plan, t.run, case_no=number)[0]["outcomes"]
    assert set(found) == {"1", "2"}
    assert case(plan, number)["state"] == ("with-nurse" if "clinical-review" in found.values() else "with-clinic")


def test_the_same_settings_that_a_run_was_made_under_are_those_of_its_tenant(plan: Store) -> None:
    number = received(plan, "ask", now=NOW + timedelta(days=1))
    pins = rows(plan, t.run, case_no=number)[0]["pins"]["1"]
    assert {"policy", "vocabulary"} <= set(json.dumps(pins).replace('"', " ").replace("_", " ").split())


def test_a_run_that_read_what_documents_propose_is_made_again_to_the_byte() -> None:
    said = (
        document(says("hba1c", "8.8 %", "2026-11-18")),
        document(says("motivated"), number=4, confirmed=(said_by(),)),
    )
    contents = {"r": example("approve"), "d": encoded(said)}
    inputs = [Input("request", "request", "r"), Input("documents", "documents", "d")]
    one, two = (runs.ran(compose.compose(inputs, contents.__getitem__), {}) for _ in range(2))
    assert (one.determinations, one.rows) == (two.determinations, two.rows)
    alone = runs.ran(compose.compose(inputs[:1], contents.__getitem__), {})
    assert (alone.outcomes, one.outcomes) == ({"1": "approve"}, {"1": "request-information"})
    assert b"document 3#page=2&at=118" in one.rows
    assert one.pins["1"]["rows"] != alone.pins["1"]["rows"]
