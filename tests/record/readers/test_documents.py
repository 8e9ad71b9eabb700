from pathlib import Path

import pytest

from priorauth.facts.further import extended
from priorauth.facts.rows import Answer, Event
from priorauth.record.read import read_bundle
from priorauth.record.readers.documents import own as documents_own
from priorauth.values import dates
from tests.record.building import UNITS, VOCABULARY, Json, bundle, concept, day, device_order, read, ref, rows


def paper(kind: Json, on: str = "2026-05-20T11:00:00-04:00", number: int = 1, **more: object) -> Json:
    return {"resourceType": "DocumentReference", "id": f"doc-{number}", "status": "current", "type": kind, "date": on,
            "subject": ref("Patient/pat-1"), "author": [ref("Practitioner/doc-1")], **more}  # fmt: skip


LETTER = {"text": "Letter of Medical Necessity"}
NOTE = concept("loinc:11506-3")


def test_the_latest_clinical_note_gives_the_date() -> None:
    (row,) = rows("clinical_notes_dated", paper(NOTE, "2026-03-01", 1), paper(NOTE, "2026-05-20", 2))
    assert (row.text, row.low, row.ref) == ("2026-05-20", day("2026-05-20"), "DocumentReference/doc-2")


def test_a_note_is_known_by_its_category_too() -> None:
    assert len(rows("clinical_notes_dated", paper({"text": "visit"}, category=[concept("us:clinical-note")]))) == 1
    assert rows("clinical_notes_dated", paper({"text": "Insurance card"})) == ()


@pytest.mark.parametrize(
    "change", [{"status": "superseded"}, {"status": "entered-in-error"}, {"docStatus": "preliminary"}]
)
def test_a_paper_that_does_not_stand_does_not_count(change: Json) -> None:
    assert rows("clinical_notes_dated", paper(NOTE, **change)) == ()


def test_a_letter_is_known_by_its_words() -> None:
    assert rows("letter_of_medical_necessity_signed_on", paper(LETTER))[0].low == day("2026-05-20")


def test_a_letter_by_someone_other_than_the_prescriber_is_no_letter() -> None:
    theirs = paper(LETTER, author=[ref("Organization/dme-1")])
    case = read(theirs, device_order())
    assert "letter_of_medical_necessity_signed_on" not in case.requests[0].rows
    assert case.warnings == (
        "DocumentReference/doc-1 is not by the prescriber; not read as letter_of_medical_necessity_signed_on",
    )


def test_a_letter_of_no_named_author_counts() -> None:
    assert len(rows("letter_of_medical_necessity_signed_on", paper(LETTER, author=[]), device_order())) == 1


def test_a_written_prescription_counts_where_no_order_is_on_file() -> None:
    written = paper({"text": "Detailed written order"}, "2026-04-01")
    assert rows("prescription_signed_on", written)[0].low == day("2026-04-01")
    assert [row.low for row in rows("prescription_signed_on", written, device_order())] == [day("2026-06-09")]


def test_a_form_on_file_is_a_yes() -> None:
    form = paper({"text": "MassHealth Prescription and Medical Necessity Review Form for Insulin Pumps"})
    assert [row.text for row in rows("ma_review_form_on_file", form)] == ["yes"]


OWN = """facts:
  sleep_study: {kind: event, codes: {loinc: [28633-6]}, ask: When was the sleep study?}
  sleep_report_on: {kind: attribute, values: date, codes: {loinc: [28633-6]}, ask: When was the report written?}
  sleep_report_on_file: {kind: attestation, codes: {loinc: [28633-6]}, ask: Is the report on file?}
  sleep_apnea: {kind: condition, codes: {loinc: [28633-6]}, ask: Is there sleep apnea?}
"""


def own(place: Path, *resources: Json) -> dict[str, list[str]]:
    (place / "vocabulary.yaml").write_text(OWN, encoding="utf-8")
    known = extended(VOCABULARY, place / "vocabulary.yaml")
    found = read_bundle(bundle(*resources), vocabulary=known, units=UNITS).requests[0].rows
    told = {name: found.get(name, ()) for name in extended(VOCABULARY, place / "vocabulary.yaml") if "sleep" in name}
    return {
        name: [
            row.text if isinstance(row, Answer) else dates.iso(row.first)
            for row in rows
            if isinstance(row, Answer | Event)
        ]
        for name, rows in told.items()
    }


def test_a_coded_document_stands_for_facts_of_ones_own(tmp_path: Path) -> None:
    study = concept("loinc:28633-6")
    theirs = paper(study, "2026-02-03", 1, author=[ref("Organization/dme-1")])
    assert own(tmp_path, theirs, paper(study, "2026-04-05", 2)) == {
        "sleep_study": ["2026-02-03", "2026-04-05"],
        "sleep_report_on": ["2026-04-05"],
        "sleep_report_on_file": ["yes"],
        "sleep_apnea": [],
    }
    assert set(map(tuple, own(tmp_path, paper(NOTE)).values())) == {()}


def test_a_coded_document_that_does_not_stand_stands_for_nothing(tmp_path: Path) -> None:
    gone = paper(concept("loinc:28633-6"), status="entered-in-error")
    assert set(map(tuple, own(tmp_path, gone).values())) == {()}


def test_no_shipped_fact_is_read_so() -> None:
    assert documents_own(VOCABULARY) == ()
