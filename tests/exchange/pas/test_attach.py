"""``$submit-attachment``: what comes later is filed once with its case, and the case is determined anew."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from priorauth.exchange.subscriptions.result import result_of
from priorauth.ledger import tables as t
from priorauth.ledger.acts import decisions
from priorauth.ledger.store import Store
from priorauth.server import reading
from tests.exchange.house import Exchange, both
from tests.exchange.pas.attachments import attached, bundle, document, form, hba1c, meter_log, observations
from tests.exchange.pas.inquiries import actions, inquiry, request, responses
from tests.exchange.pas.test_inquire import asked, submitted
from tests.exchange.subscriptions.wishes import notifying
from tests.ledger.house import DIRECTOR, TENANT, done
from tests.ledger.standing import case, rows

Json = dict[str, Any]
VERSIONS = ("2.0", "2.2")
ATTACH = "/fhir/$submit-attachment"
PDF = document(b"%PDF-1.7 a letter", "application/pdf", "letter.pdf")


def tasks(told: Json) -> list[Json]:
    return [entry["resource"] for entry in told["entry"] if entry["resource"]["resourceType"] == "Task"]


def tracking(told: Json) -> Json:
    """The id by which the Task of an answer is tracked."""
    found: Json = tasks(told)[0]["identifier"][0]
    return found


def pended(at: Exchange, version: str = "2.2") -> tuple[str, Json]:
    """A request that lacks evidence: the number of its case, and the id by which its Task is tracked."""
    told = submitted(at, request("ask"), version)
    assert actions(told) == [["A4"]]
    return str(responses(told)[0]["id"]), tracking(told)


def sent(at: Exchange, body: Json, version: str = "2.2", client: str = "clinic-ehr") -> list[str]:
    """Send attachments; return what is said of each."""
    found = at.post(ATTACH, body, version, client)
    assert found.status_code == 200, found.text
    assert found.json()["resourceType"] == "OperationOutcome"
    return [one["diagnostics"] for one in found.json()["issue"]]


def documents(store: Store, number: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["name"]) for one in rows(store, t.document, case_no=number)]


@pytest.mark.shall("PAS 2.0.1/28")
@pytest.mark.parametrize("version", VERSIONS)
def test_a_task_says_all_that_is_needed_to_send_what_it_asks_for(exchange: Exchange, version: str) -> None:
    told = submitted(exchange, request("ask"), version)
    for one in tasks(told):
        said = [part["valueUrl"] for part in one["input"] if "valueUrl" in part]
        assert said == [f"http://localhost/plan/{version}/fhir"]
        body = json.dumps(attached(one["identifier"][0], PDF)).encode()
        headers = {"Content-Type": "application/fhir+json", "X-Client": "clinic-ehr"}
        found = exchange.running.client.post(f"{said[0]}/$submit-attachment", content=body, headers=headers)
        assert found.status_code == 200


@both
@pytest.mark.parametrize("version", VERSIONS)
def test_resources_that_were_asked_for_lead_to_an_approval_that_inquiry_and_event_tell(
    store: Store, version: str
) -> None:
    with notifying(store) as at:
        at.active(version)
        number, track = pended(at, version)
        at.deliver()
        assert at.hook.events == []
        assert sent(at, attached(track, bundle(observations())), version) == ["document 1: filed as resources"]
        assert case(store, number)["state"] == "approved"
        assert actions(asked(at, inquiry("ask"), version)) == [["A1"]]
        at.deliver()
        assert [one.number for one in at.hook.events] == [1]


def test_a_form_is_taken_up_as_the_clinics_answers_and_less_is_asked_for_then(store: Store) -> None:
    with notifying(store) as at:
        at.active()
        number, track = pended(at)
        before = responses(asked(at, inquiry("ask")))[0]
        assert sent(at, attached(track, form(hba1c(8.6)))) == ["answers 1: taken up"]
        assert [one["kind"] for one in rows(store, t.submission, case_no=number)] == ["request", "answers"]
        after = responses(asked(at, inquiry("ask")))[0]
        assert len(after["communicationRequest"]) < len(before["communicationRequest"])
        at.deliver()
        assert [one.number for one in at.hook.events] == [1]


def test_a_letter_that_is_attached_is_read_beside_it_and_what_it_says_is_proposed(exchange: Exchange) -> None:
    number, track = pended(exchange)
    letter = document(b"Patient: Ask Synthetic\nProgress note 11/12/2026\nHbA1c 8.4 % on 11/02/2026.\n", "text/plain")
    held = bundle([{**document(b"Her log is kept at home.", "text/plain", "log"), "id": "one"}])
    sent(exchange, attached(track, letter, held))
    reading.once(exchange.running.service)
    assert documents(exchange.store, number) == [("paper", "a file"), ("paper", "log")]
    first, second = rows(exchange.store, t.reading, case_no=number)
    assert "hba1c" in {one["fact"] for one in first["findings"]["facts"]}
    assert second["findings"]["facts"] == []
    assert case(exchange.store, number)["to_confirm"] == 1


def test_a_log_of_a_meter_is_read_as_one(exchange: Exchange) -> None:
    number, track = pended(exchange)
    log = document(meter_log(), "text/csv", "meter.csv")
    assert sent(exchange, attached(track, form(hba1c(8.6)), log)) == [
        "answers 1: taken up", "document 1: filed as glucose-log",
    ]  # fmt: skip
    assert documents(exchange.store, number) == [("glucose-log", "meter.csv")]
    assert len(rows(exchange.store, t.run, case_no=number)) == 3
    assert actions(asked(exchange, inquiry("ask"))) == [["A1"]]


@pytest.mark.parametrize(
    ("content", "media", "kind", "kept"),
    [
        (b"%PDF-1.7", "application/pdf", "paper", "application/pdf"),
        (b"%PDF-1.7", "text/csv", "paper", "application/pdf"),
        (b"not a pdf", "application/pdf", "paper", "application/octet-stream"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "paper", "image/png"),
        (b"Dear doctor", "text/plain", "paper", "text/plain"),
        (b"<html><script>", "text/html; charset=utf-8", "paper", "text/html"),
        (b"x", "no media at all", "paper", "application/octet-stream"),
        (
            json.dumps(bundle(observations("ask", "a1c"))).encode(),
            "application/json",
            "resources",
            "application/fhir+json",
        ),
        (b'{"resourceType": "Claim"}', "application/fhir+json", "paper", "application/fhir+json"),
    ],
)
def test_a_file_is_what_it_is_by_its_content(
    exchange: Exchange, content: bytes, media: str, kind: str, kept: str
) -> None:
    number, track = pended(exchange)
    assert sent(exchange, attached(track, document(content, media))) == [f"document 1: filed as {kind}"]
    (row,) = rows(exchange.store, t.document, case_no=number)
    assert (row["kind"], row["media"], row["name"]) == (kind, kept, "a file")


def test_a_paper_is_kept_with_its_day_and_decides_nothing(exchange: Exchange) -> None:
    number, track = pended(exchange)
    assert sent(exchange, attached(track, PDF)) == ["document 1: filed as paper"]
    (row,) = rows(exchange.store, t.document, case_no=number)
    assert str(row["dated"]) == "2026-11-20"
    assert actions(asked(exchange, inquiry("ask"))) == [["A4"]]


def test_binaries_and_bundles_within_bundles_are_looked_into(exchange: Exchange) -> None:
    number, track = pended(exchange)
    binary = {"resourceType": "Binary", "contentType": "application/pdf", "data": "JVBERi0xLjc="}
    outer = bundle([bundle(observations("ask", "a1c-3")), binary, PDF])
    assert sorted(sent(exchange, attached(track, outer))) == [
        "document 1: filed as resources", "document 2: filed as paper", "document 3: filed as paper",
    ]  # fmt: skip
    assert len(documents(exchange.store, number)) == 3


@pytest.mark.parametrize("kind", ["task", "administration", "claim's identifier", "case"])
def test_the_request_is_found_by_whatever_it_is_tracked_by(exchange: Exchange, kind: str) -> None:
    number, track = pended(exchange)
    said = {
        "task": track,
        "administration": {"value": f"{number}-1"},
        "claim's identifier": request("ask")["entry"][0]["resource"]["identifier"][0],
        "case": {"system": "urn:any", "value": number},
    }[kind]
    sent(exchange, attached(said, PDF, member={"value": "M-ask"}))
    assert len(documents(exchange.store, number)) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_for_another_member_or_another_client_the_request_is_not_there(store: Store, version: str) -> None:
    with notifying(store) as at:
        number, track = pended(at, version)
        nowhere = at.post(ATTACH, attached({"value": "nothing"}, PDF), version)
        for client, body in (
            ("clinic-ehr", attached(track, PDF, member={"value": "M-approve"})),
            ("other-ehr", attached(track, PDF)),
            ("other-ehr", attached({"value": f"{number}-1"}, PDF)),
            ("open", attached(track, PDF, member={"value": "M-approve"})),
        ):
            found = at.post(ATTACH, body, version, client)
            assert (found.status_code, found.json()) == (404, nowhere.json())
            assert number not in found.text
        assert documents(store, number) == []
        assert len(rows(store, t.run, case_no=number)) == 1


@both
def test_the_same_bytes_again_are_filed_once_and_answered_alike(store: Store) -> None:
    with notifying(store) as at:
        number, track = pended(at)
        body = json.dumps(attached(track, form(hba1c(8.6)), PDF)).encode()
        first = at.post(ATTACH, body)
        runs = len(rows(store, t.run, case_no=number))
        at.running.clock.now += timedelta(days=1)
        assert at.post(ATTACH, body).content == first.content
        with store.writing(TENANT) as connection:  # it ended before it had kept its answer
            connection.execute(delete(t.ask).where(t.ask.c.operation == "$submit-attachment"))
        assert at.post(ATTACH, body).content == first.content
        assert documents(store, number) == [("paper", "letter.pdf")]
        assert len(rows(store, t.submission, case_no=number)) == 2
        assert len(rows(store, t.run, case_no=number)) == runs


def test_what_comes_when_the_request_is_decided_is_kept_and_changes_nothing(exchange: Exchange) -> None:
    number, track = pended(exchange)
    done(exchange.store, decisions.Approve(case=number, why="the charts show it"), DIRECTOR)
    before = result_of(submitted(exchange, request("ask")))
    said = sent(exchange, attached(track, form(hba1c(6.0)), PDF))
    assert said[:2] == ["document 1: filed as resources", "document 2: filed as paper"]
    assert "appeal, or ask anew" in said[2]
    assert result_of(submitted(exchange, request("ask"))) == before


def test_that_more_is_to_come_is_heard(exchange: Exchange) -> None:
    _, track = pended(exchange)
    assert sent(exchange, attached(track, PDF, final=False))[-1] == "more is awaited, as was said"
    assert len(sent(exchange, attached(track, PDF, final=None))) == 1


def test_resources_that_cannot_be_read_are_kept_for_people_and_that_is_said(exchange: Exchange) -> None:
    number, track = pended(exchange)
    stranger = {"resourceType": "Patient", "id": "another", "birthDate": "1950-01-01"}
    (said,) = sent(exchange, attached(track, stranger))
    assert said.startswith("document 1: kept as a paper for people, for it could not be read")
    assert documents(exchange.store, number) == [("paper", "clinical resources")]


def test_answers_that_cannot_be_read_are_refused_and_nothing_is_filed(exchange: Exchange) -> None:
    number, track = pended(exchange)
    broken = {**form(), "item": "not items"}
    found = exchange.post(ATTACH, attached(track, PDF, form(hba1c(8.6)), broken))
    assert (found.status_code, found.json()["issue"][0]["code"]) == (422, "invalid")
    assert documents(exchange.store, number) == []
    assert len(rows(exchange.store, t.run, case_no=number)) == 1


REFUSED: dict[str, tuple[Json, int]] = {
    "no tracking id": (attached({"value": "x"}, PDF, TrackingId=None), 400),
    "an empty tracking id": (attached({"value": "x"}, PDF, TrackingId={"valueIdentifier": {}}), 400),
    "no member": (attached({"value": "x"}, PDF, MemberId=None), 400),
    "for a claim": (attached({"value": "x"}, PDF, AttachTo={"valueCode": "claim"}), 422),
    "for nothing": (attached({"value": "x"}, PDF, AttachTo=None), 400),
    "nothing": (attached({"value": "x"}), 400),
    "too much": (attached({"value": "x"}, *[PDF] * 21), 413),
    "too many files": (attached({"value": "x"}, bundle([PDF] * 51)), 413),
    "no content": (attached({"value": "x"}, {}), 422),
    "a claim": (attached({"value": "x"}, {"resourceType": "Claim"}), 422),
    "an answer of ours": (attached({"value": "x"}, bundle([{"resourceType": "ClaimResponse"}])), 422),
    "an address": (attached({"value": "x"}, {"resourceType": "DocumentReference", "content": [
        {"attachment": {"url": "https://ehr.example.org/Binary/1"}}]}), 422),
    "no document": (attached({"value": "x"}, {"resourceType": "DocumentReference"}), 422),
    "no base64": (attached({"value": "x"}, {"resourceType": "Binary", "data": "%%%"}), 400),
    "a Bundle": (bundle([]), 400),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_cannot_be_worked_with_is_refused(exchange: Exchange, version: str, name: str) -> None:
    body, status = REFUSED[name]
    found = exchange.post(ATTACH, body, version)
    assert (found.status_code, found.json()["resourceType"]) == (status, "OperationOutcome")
    assert found.json()["issue"][0]["expression"]


def test_nothing_of_an_attachment_is_in_the_log(exchange: Exchange) -> None:
    _, track = pended(exchange)
    sent(exchange, attached(track, form(hba1c(8.6)), document(b"Synthetic, born 1987", "text/plain", "secret-title")))
    log = exchange.running.out.getvalue()
    for secret in ("secret-title", "Synthetic", "M-ask", "8.6"):
        assert secret not in log
