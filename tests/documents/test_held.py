"""The files that a Bundle holds: found wherever FHIR puts them, with a line for each that is left, and none fetched."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from priorauth.documents import held as room
from priorauth.documents.held import Held, held
from priorauth.documents.proposal import Patient
from priorauth.errors import InputRefused
from tests.documents.letters import Json, attachment, beside, paper, pdf

EXAMPLE: Json = json.loads((Path(__file__).parents[2] / "examples" / "approve.json").read_text("utf-8"))
LETTER, NOTE = pdf("A letter"), pdf("A note")
PATIENT = "Patient/approve"


def found(*resources: Json) -> Held:
    return held(json.dumps(beside(EXAMPLE, *resources)).encode())


def binary(content: bytes = LETTER, ident: str = "b1") -> Json:
    data = base64.b64encode(content).decode()
    return {"resourceType": "Binary", "id": ident, "contentType": "application/pdf", "data": data}


def pointing(url: str, **more: Any) -> Json:
    return paper(EXAMPLE, LETTER, content=[{"attachment": {"title": "Letter of need", "url": url}}], **more)


def contents(of: Held) -> list[tuple[str, bytes]]:
    return [(one.document, one.content) for one in of.papers]


def test_a_bundle_without_files_holds_none_and_is_not_even_parsed() -> None:
    assert held(json.dumps(EXAMPLE).encode()) == Held(papers=())
    assert held(EXAMPLE) == Held(papers=())
    assert held(b"no JSON") == Held(papers=())


def test_a_document_holds_its_file_with_title_and_day_and_the_member_is_named() -> None:
    more = paper(EXAMPLE, LETTER, content=[{"attachment": attachment(LETTER, title="Need", creation="2026-11-12")}])
    of = found(more)
    (one,) = of.papers
    assert (one.document, one.title, one.dated, one.media) == (
        "DocumentReference/letter", "Need", "2026-11-12", "application/pdf",
    )  # fmt: skip
    assert one.content == LETTER
    assert of.member == Patient(name="Approve Synthetic", birth_date="1987-03-14")
    assert of.warnings == ()


def test_without_a_title_a_file_is_called_by_its_document_and_dated_by_it() -> None:
    (one,) = found(paper(EXAMPLE, LETTER, type={"coding": [{"display": "Progress note"}]})).papers
    assert (one.title, one.dated) == ("Progress note", "2026-11-20")
    (bare,) = found(paper(EXAMPLE, LETTER, type={}, date="")).papers
    assert (bare.title, bare.dated) == ("DocumentReference/letter", None)


@pytest.mark.parametrize("url", ["Binary/b1", "urn:priorauth:Binary:b1", "https://else.example/fhir/Binary/b1"])
def test_an_address_names_a_binary_of_the_bundle(url: str) -> None:
    assert contents(found(pointing(url), binary())) == [("DocumentReference/letter", LETTER)]


def test_a_binary_may_be_contained() -> None:
    assert contents(found(pointing("#b1", contained=[binary()]))) == [("DocumentReference/letter", LETTER)]


def test_of_two_binaries_of_one_name_the_one_of_the_same_server_is_meant() -> None:
    made = beside(EXAMPLE)
    for server, content in (("https://one.example", LETTER), ("https://two.example", NOTE)):
        made["entry"].append({"fullUrl": f"{server}/Binary/b1", "resource": binary(content)})
    made["entry"].append({"fullUrl": "https://two.example/DocumentReference/d", "resource": pointing("Binary/b1")})
    assert [one.content for one in held(made).papers] == [NOTE]


def test_reports_answers_and_the_claim_hold_files_too() -> None:
    report = {
        "resourceType": "DiagnosticReport", "id": "r", "status": "final", "subject": {"reference": PATIENT},
        "code": {"text": "Laboratory"}, "effectiveDateTime": "2026-10-02", "presentedForm": [attachment(NOTE)],
    }  # fmt: skip
    form = {
        "resourceType": "QuestionnaireResponse", "id": "f", "status": "completed", "authored": "2026-11-19",
        "subject": {"reference": PATIENT},
        "item": [{"linkId": "a", "item": [{"linkId": "b", "answer": [{"valueAttachment": attachment(LETTER)}]}]}],
    }  # fmt: skip
    other, more = pdf("Other"), pdf("More")
    made = beside(EXAMPLE, report, form, binary(more))
    claim = next(one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == "Claim")
    claim["supportingInfo"] = [
        *claim.get("supportingInfo", []),
        {"sequence": 90, "category": {"text": "info"}, "valueAttachment": attachment(other)},
        {"sequence": 91, "category": {"text": "info"}, "valueReference": {"reference": "Binary/b1"}},
    ]
    of = held(made)
    assert contents(of) == [
        ("DiagnosticReport/r", NOTE), ("QuestionnaireResponse/f", LETTER),
        ("Claim/request-approve file 1", other), ("Claim/request-approve file 2", more),
    ]  # fmt: skip
    assert [one.dated for one in of.papers] == ["2026-10-02", "2026-11-19", "2026-11-20", "2026-11-20"]


def test_several_files_of_one_document_are_told_apart_and_the_same_one_is_read_once() -> None:
    both = [{"attachment": attachment(LETTER)}, {"attachment": attachment(NOTE)}, {"attachment": attachment(LETTER)}]
    assert contents(found(paper(EXAMPLE, LETTER, content=both))) == [
        ("DocumentReference/letter file 1", LETTER), ("DocumentReference/letter file 2", NOTE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"data": "not base64!"}, "its data is no base64"),
        ({"data": "QUJ"}, "its data is no base64"),
        ({"data": " "}, "expected base64 under data"),
        ({"data": 7}, "expected base64 under data"),
        ({"size": 3}, "expected 3 bytes as its size says"),
        ({"hash": "2jmj7l5rSw0yVb/vlWAYkK/YBwk="}, "its bytes are not those of its hash"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_left_with_one_line(more: Json, said: str) -> None:
    of = found(paper(EXAMPLE, LETTER, content=[{"attachment": {**attachment(LETTER), **more}}]))
    assert of.papers == ()
    (line,) = of.warnings
    assert line.startswith(f"DocumentReference/letter: {said}")
    assert line.endswith("; not read")


def test_nothing_is_fetched_and_that_is_said_once() -> None:
    of = found(pointing("https://else.example/letter.pdf"), pointing("Binary/none", id="two"), binary(ident="other"))
    assert of.papers == ()
    assert of.warnings == (
        "DocumentReference/letter and 1 more: its file is not in the Bundle, and nothing is fetched; not read",
    )


@pytest.mark.parametrize("content", [[], {}, "x", [7], [{}], [{"attachment": 7}], [{"attachment": {"url": 7}}]])
def test_content_of_another_shape_holds_nothing(content: object) -> None:
    assert found(paper(EXAMPLE, LETTER, content=content), binary()).papers == ()


@pytest.mark.parametrize(
    "more", [{"status": "entered-in-error"}, {"status": "superseded"}, {"docStatus": "preliminary"}]
)
def test_a_document_that_was_withdrawn_is_not_read(more: Json) -> None:
    assert found(paper(EXAMPLE, LETTER, **more)) == Held(papers=(), member=found(binary()).member)


def test_the_document_of_nobody_is_not_read_and_that_of_somebody_else_is_refused_with_the_case() -> None:
    nobody = paper(EXAMPLE, LETTER)
    del nobody["subject"]
    assert found(nobody).papers == ()
    with pytest.raises(InputRefused, match="its subject is not Patient/approve, of the request"):
        found(paper(EXAMPLE, LETTER, subject={"reference": "Patient/else"}))


def test_of_two_versions_of_a_document_the_newer_is_read() -> None:
    old = paper(EXAMPLE, NOTE, meta={"versionId": "1"})
    assert contents(found(paper(EXAMPLE, LETTER, meta={"versionId": "2"}), old)) == [
        ("DocumentReference/letter", LETTER)
    ]


def test_files_are_read_up_to_a_number_and_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 1)
    of = found(paper(EXAMPLE, LETTER), paper(EXAMPLE, NOTE, "second"))
    assert contents(of) == [("DocumentReference/letter", LETTER)]
    assert of.warnings == ("DocumentReference/second: not read; of one Bundle 1 files are",)
    monkeypatch.setattr(room, "MOST", 9)
    monkeypatch.setattr(room, "MOST_IN_ALL", len(LETTER) + 1)
    assert "at most" in found(paper(EXAMPLE, LETTER), paper(EXAMPLE, NOTE, "second")).warnings[0]
    monkeypatch.setattr(room, "MOST_BYTES", 10)
    assert "expected at most 10 bytes" in found(paper(EXAMPLE, LETTER)).warnings[0]


def test_a_request_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InputRefused):
        held(b'{"data": 1}')
