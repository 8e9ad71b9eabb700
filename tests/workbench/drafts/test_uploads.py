"""Uploaded files: told by their content, whatever their name says; one that lies is kept as a paper, which is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.workbench.drafts import uploads
from priorauth.workbench.forms import Attached, Form
from tests.ledger import house

LOG = (Path(__file__).parents[2] / "data" / "glucose" / "plain_sensor.csv").read_bytes()
LAB = b'{"resourceType": "Observation", "id": "a1c"}'


@pytest.mark.parametrize(
    ("name", "content", "kind", "media"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "paper", "application/pdf"),
        ("scan.png", b"\x89PNG\r\n\x1a\n...", "paper", "image/png"),
        ("export.csv", LOG, "glucose-log", "text/plain"),
        ("request.json", house.example("ask"), "request", "application/fhir+json"),
        ("lab.json", LAB, "resources", "application/fhir+json"),
        ("notes.docx", b"PK\x03\x04\x00", "paper", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_content_is(name: str, content: bytes, kind: str, media: str) -> None:
    found = uploads.told(Attached(name, "text/whatever", content))
    assert (found.kind, found.media, found.said) == (kind, media, "")


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"hello"), ("a.png", b"%PDF-1.7"), ("a.PDF", LOG)])
def test_a_file_that_lies_about_its_type_is_kept_as_a_paper_and_that_is_said(name: str, content: bytes) -> None:
    found = uploads.told(Attached(name, "application/pdf", content))
    assert found.kind == "paper"
    assert "it is none. It is kept as a paper." in found.said


def test_a_log_that_cannot_be_read_is_kept_as_a_paper_with_why() -> None:
    found = uploads.told(Attached("meter.csv", "text/csv", b"a,b\n1,2\n"))
    assert found.kind == "paper"
    assert found.said.startswith("It could not be read as a glucose log, and is kept as a paper: ")


def test_an_empty_file_is_none_and_a_name_is_printable() -> None:
    form = Form(files={"files": (Attached("", "", b""), Attached("a\n\x07b.pdf", "", b"%PDF-1"))})
    assert [one.name for one in uploads.every(form, "files")] == ["ab.pdf"]
