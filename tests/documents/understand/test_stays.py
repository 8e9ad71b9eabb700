"""Stays in hospital by the head of a discharge summary."""

from __future__ import annotations

from priorauth.documents.understood import understood
from tests.documents import scoring

HEAD = (
    "MERCY HOSPITAL   DISCHARGE SUMMARY\nPatient: Jane Roe   DOB 3/4/1980\n"
    "Admitted: 10/02/2026   Discharged: 10/06/2026\n\n"
)


def stays(text: str) -> list[tuple[str, str | None]]:
    facts = understood(scoring.reading(HEAD + text)).facts
    return [(one.value, one.date) for one in facts if one.fact == "diabetes_hospital_stay"]


def test_a_stay_is_as_long_as_its_head_says() -> None:
    assert stays("PRINCIPAL DIAGNOSIS\nDiabetic ketoacidosis\n") == [("4 d", "2026-10-02")]


def test_a_stay_for_something_else_is_none() -> None:
    assert stays("PRINCIPAL DIAGNOSIS\nHip fracture\nPast history: DKA 2011.\n") == []


def test_a_stay_that_is_told_is_not_counted_again() -> None:
    assert [value for value, _ in stays("PRINCIPAL DIAGNOSIS\nDiabetic ketoacidosis. LOS 4 days.\n")] == ["4 days"]
