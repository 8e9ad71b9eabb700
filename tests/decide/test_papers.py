"""Letters beside a request: for each payer an approved case whose letter agrees, ends silence, or keeps it open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from priorauth import Determination, determine
from priorauth.decide.decided import Assessed, DocumentSays
from priorauth.decide.page.criteria import walk
from priorauth.documents import reading
from priorauth.documents.held import Paper
from priorauth.documents.rows import Confirmed, Proposed, Role
from tests.casebook.kept import every
from tests.documents.letters import pdf, signed
from tests.documents.stated import document, says, tied

EXAMPLE = (Path(__file__).parents[2] / "examples" / "approve.json").read_bytes()
SIGNED = "2026-11-12"
"""The day on which the prescription of the example is stated to be signed."""
AGREES = ("She has type 1 diabetes.", "She denies any history of diabetic ketoacidosis.", "She is not pregnant.")
CASES = {
    "anthem": ("group-1-all-met", "HbA1c on 07/16/2015 was 8.1 %."),
    "caresource": ("t1-all-met", "She takes 4 injections of insulin a day."),
    "husky": ("husky-a-chronic", "She is able to operate the pump."),
    "masshealth": ("initial-approve-record-and-answers", "She is highly motivated to improve her control."),
    "uhc": ("uhc-csii-antibody-coded", "She checks her glucose 5 times a day."),
}
TURNED = [
    ("anthem", "She is unwilling to take part in her care.", "unwilling_or_unable_to_take_part", "request-information"),
    ("anthem", "Her HbA1c today was 6.2 %.", "hba1c", "request-information"),
    ("caresource", "She is not able to monitor her glucose.", "unable_to_monitor_glucose", "request-information"),
    ("caresource", "She has end stage renal disease and is on dialysis.", "end_stage_renal_disease", "clinical-review"),
    ("caresource", "Her HbA1c today was 6.2 %.", "hba1c", "request-information"),
    ("husky", "She does not have chronic iron overload.", "chronic_iron_overload", "approve"),
    ("masshealth", "She is not able to monitor her glucose.", "unable_to_monitor_glucose", "request-information"),
    ("masshealth", "Her HbA1c today was 6.2 %.", "hba1c", "request-information"),
    ("masshealth", "She takes 1 injection of insulin a day.", "insulin_injections", "request-information"),
    ("uhc", "Her HbA1c today was 6.2 %.", "hba1c", "request-information"),
    ("uhc", "She takes 1 injection of insulin a day.", "insulin_injections", "request-information"),
]


@cache
def case(payer: str) -> dict[str, Any]:
    return next(kept.load() for kept in every() if kept.name == CASES[payer][0])


@cache
def letter(payer: str, *lines: str) -> Proposed:
    """Return the letter of a case, three days older than the request, as it was read."""
    listed = [one["resource"] for one in case(payer)["bundle"]["entry"]]
    patient = next(one for one in listed if one["resourceType"] == "Patient")
    created = next(one["created"] for one in listed if one["resourceType"] == "Claim")
    day = f"{created[:8]}{max(int(created[8:10]) - 3, 1):02d}"
    named = (patient.get("name") or [{}])[0]
    name = f"{' '.join(named.get('given', ['Ann']))} {named.get('family', 'Member')}"
    content = pdf(signed(name, patient["birthDate"], f"{day[5:7]}/{day[8:]}/{day[:4]}", lines))
    (found,) = reading.papers([Paper(document="document 3", title="letter.pdf", content=content, sha256="0")]).documents
    assert found.findings.set_aside is None
    return found


def decided(payer: str, *documents: Proposed) -> Determination:
    (found,) = determine(case(payer)["bundle"], as_of=case(payer).get("as_of"), documents=documents)
    return found


def said(of: Determination) -> Iterator[tuple[Assessed, DocumentSays]]:
    for one in walk(of.criteria):
        for each in one.documents:
            yield one, each


def confirmed(of: Proposed, fact: str, role: Role = "nurse") -> Proposed:
    number = next(place for place, one in enumerate(of.findings.facts) if one.fact == fact)
    word = Confirmed(number=number, by="p7", role=role, name="N. Nurse", at="2026-11-21T10:00:00Z")
    return Proposed(document=of.document, title=of.title, sha256=of.sha256, findings=of.findings, confirmed=(word,))


@pytest.mark.parametrize("payer", sorted(CASES))
def test_a_request_is_still_approved_with_a_letter_that_says_the_same(payer: str) -> None:
    of = letter(payer, *AGREES, CASES[payer][1])
    assert len(of.findings.facts) >= 4
    plain, made = decided(payer), decided(payer, of)
    assert plain.outcome == made.outcome == "approve"
    assert [one.status for one in walk(plain.criteria)] == [one.status for one in walk(made.criteria)]


@pytest.mark.parametrize(("payer", "line", "fact", "outcome"), TURNED)
def test_a_letter_that_says_otherwise_opens_what_it_speaks_of_until_a_person_confirms_or_rejects_it(
    payer: str, line: str, fact: str, outcome: str
) -> None:
    of = letter(payer, line)
    made = decided(payer, of)
    assert made.outcome == outcome
    opened = [(one, each) for one, each in said(made) if each.fact == fact and each.word == "open"]
    assert opened
    if outcome != "approve":
        assert any(one.status == "unknown" for one, _ in opened)
        rejected = Proposed(
            document=of.document, title=of.title, sha256=of.sha256, findings=of.findings,
            rejected=tuple(range(len(of.findings.facts))),
        )  # fmt: skip
        assert decided(payer, rejected).outcome == "approve"
    (one, *_) = [each for _, each in opened]
    assert (one.page, one.title, one.reference.startswith("document 3#page=1&at=")) == (1, "letter.pdf", True)
    assert one.quote in " ".join((line, *line.split()))
    assert one.box is not None
    assert 0 < one.box[0] < one.box[2] < 1


def test_what_is_open_is_asked_with_the_words_of_the_document() -> None:
    made = decided("masshealth", letter("masshealth", "Her HbA1c today was 6.2 %."))
    (asked,) = made.questions
    assert asked.fact == "hba1c"
    (row,) = [one for one in asked.on_file or () if one.document is not None]
    assert row.document is not None
    assert (row.document.word, row.value, row.kind) == ("open", None, "document, not confirmed")
    page = made.to_text()
    assert 'on file: a document says: "HbA1c today was 6.2 %" (page 1), not confirmed' in page
    assert "confirm what the document says, or send what is asked" in page
    (why,) = [one.why for one in walk(made.criteria) if one.id == "II.A.T.7"]
    assert (
        why
        == "what is on file is said by a document, and nobody has confirmed it; a clinician of the payer has to judge"
    )


def test_the_whole_page_shows_what_changes_nothing_beside_its_criterion() -> None:
    page = decided("masshealth", letter("masshealth", "She is highly motivated.")).to_text(full=True)
    assert "beside it a document says:" in " ".join(page.split())
    assert "it changes nothing" in " ".join(page.split())


def test_what_a_nurse_has_seen_counts_with_her_name_and_what_is_not_so_is_found() -> None:
    of = letter("caresource", "Her HbA1c today was 6.2 %.")
    made = decided("caresource", confirmed(of, "hba1c"))
    assert made.outcome != "approve"
    (one,) = [one for one in walk(made.criteria) if one.id == "D.I.I.1"]
    (row,) = [row for row in one.evidence if row.document is not None]
    assert (one.status, row.kind, row.value) == ("not-met", "document, seen by N. Nurse", "6.2 %")
    assert "document, seen by N. Nurse (document 3#page=1&at=" in " ".join(made.to_text(full=True).split())


def test_what_the_clinic_confirms_is_its_answer_and_may_stand_against_the_record() -> None:
    of = letter("caresource", "Her HbA1c today was 6.2 %.")
    made = decided("caresource", confirmed(of, "hba1c", "clinic"))
    assert made.outcome == "clinical-review"
    assert [one.criterion for one in made.conflicts] == ["D.I.I.1"]
    assert "document, confirmed by N. Nurse" in made.to_json()


def test_a_paper_that_a_nurse_has_seen_is_stated_not_seen_no_more() -> None:
    def notes(*documents: Proposed) -> list[str]:
        (made,) = determine(EXAMPLE, documents=documents)
        return [note for note in made.notes if note.endswith("stated, not seen")]

    def seen(day: str, role: Role) -> Proposed:
        return document(tied=(tied(says("prescription_signed_on", day, day), role),))

    stated = "prescription_signed_on: stated, not seen"
    other = "letter_of_medical_necessity_signed_on: stated, not seen"
    assert notes() == [stated, other]
    assert notes(seen(SIGNED, "nurse")) == [other]
    assert notes(seen(SIGNED, "clinic")) == [stated, other]


def test_the_determination_with_its_documents_is_read_back_exactly_and_without_any_says_nothing_of_them() -> None:
    made = decided("masshealth", confirmed(letter("masshealth", "Her HbA1c today was 6.2 %."), "hba1c"))
    assert Determination.from_json(made.to_json()) == made
    assert '"quote"' not in decided("masshealth").to_json()


def test_documents_that_say_nothing_of_a_policy_change_nothing_but_what_is_shown() -> None:
    plain, made = decided("husky"), decided("husky", letter("husky", "She takes 1 injection of insulin a day."))
    assert (plain.outcome, plain.reasons, plain.questions) == (made.outcome, made.reasons, made.questions)
