"""The files of a Bundle, read: what each proposes; what cannot be read stays a paper, with one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import priorauth
from priorauth.documents import apart, reading
from priorauth.documents.held import Paper
from priorauth.documents.readers import recognise
from priorauth.errors import Fault, InputRefused
from tests.documents.letters import Json, beside, paper, pdf, signed

EXAMPLE: Json = json.loads((Path(__file__).parents[2] / "examples" / "approve.json").read_text("utf-8"))
LINES = ("She has type 1 diabetes.", "Her HbA1c on 10/02/2026 was 8.1 %.")


def letter(name: str = "Approve Synthetic", born: str = "03/14/1987") -> bytes:
    return pdf("Cover sheet", signed(name, born, "11/17/2026", LINES))


def test_a_letter_of_the_member_proposes_its_facts_with_page_and_words() -> None:
    found = priorauth.read_documents(beside(EXAMPLE, paper(EXAMPLE, letter())))
    assert found.warnings == ()
    (one,) = found.documents
    assert (one.document, one.title, one.dated, one.findings.dated) == (
        "DocumentReference/letter", "Letter", "2026-11-20", "2026-11-17",
    )  # fmt: skip
    said = {fact.fact: (fact.value, fact.date, fact.page, fact.quote) for fact in one.findings.facts}
    assert said["hba1c"] == ("8.1 %", "2026-10-02", 2, "HbA1c on 10/02/2026 was 8.1 %")
    assert one.findings.left == ()


def test_the_letter_of_another_patient_is_set_aside_whole_and_the_determination_says_so() -> None:
    made = beside(EXAMPLE, paper(EXAMPLE, letter("Somebody Else", "01/02/1950")))
    found = priorauth.read_documents(made)
    (one,) = found.documents
    assert one.findings.facts == ()
    (decided,) = priorauth.determine(made, documents=found.documents)
    assert any("DocumentReference/letter: set aside: the document is of another patient" in w for w in decided.warnings)


def test_what_cannot_be_read_stays_a_paper_with_one_line() -> None:
    of = [
        Paper(document=f"document {n}", title="x", content=c, sha256="0")
        for n, c in enumerate((b"GIF89a\0", b"%PDF-1"))
    ]
    found = reading.papers(of)
    assert found.documents == ()
    assert [line.partition(":")[0] for line in found.warnings] == ["document 0", "document 1"]


def test_what_is_not_installed_is_said_once_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    of = [Paper(document=f"document {n}", title="x", content=b"text", sha256="0") for n in range(3)]

    def lacking(_: bytes, name: str, **__: object) -> None:
        raise InputRefused(Fault(name, None, f"documents are read with the extra documents: {apart.EXTRA}"))

    def blind(_: bytes, name: str, **__: object) -> None:
        raise InputRefused(Fault(name, None, f"page 1: {recognise.MISSING}"))

    monkeypatch.setattr(reading, "read", lacking)
    assert reading.papers(of).warnings == (f"documents are read with the extra documents: {apart.EXTRA}",)
    monkeypatch.setattr(reading, "read", blind)
    assert reading.papers(of).warnings == (recognise.MISSING,)
