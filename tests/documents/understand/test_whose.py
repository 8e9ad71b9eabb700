"""Whose a page is."""

from __future__ import annotations

import pytest

from priorauth.documents.pages import Page
from priorauth.documents.proposal import Patient
from priorauth.documents.understand import whose


@pytest.mark.parametrize(
    ("head", "name", "born"),
    [
        (
            "CLINIC\nQuintero-Vance, Marisol   MRN 00418827   DOB 3/14/1989 (37 y.o. F)",
            "Marisol Quintero-Vance",
            "1989-03-14",
        ),
        ("PT NAME: DZURINDA, WALTER     DOB: 07/21/1958", "Walter Dzurinda", "1958-07-21"),
        ("Patient: Juniper Szabo-Callahan      DOB: 19 Dec 2001", "Juniper Szabo-Callahan", "2001-12-19"),
        ("Subject: Calvin Ostrowski-Bell (2/17/1964), insulin pump", "Calvin Ostrowski-Bell", "1964-02-17"),
        ("Patient: Leo Brandvold, 6 years old (born 5/30/2020)", "Leo Brandvold", "2020-05-30"),
        ("CAIRNCROSS Elspeth    DOB 27/01/1984    Female", "Elspeth Cairncross", "1984-01-27"),
    ],
)
def test_a_head_names_its_patient(head: str, name: str, born: str) -> None:
    found = whose.patient(Page(number=1, text=head))
    assert (found.name, found.birth_date) == (name, born)


def test_another_first_name_or_birth_date_is_another_patient() -> None:
    one = Patient(name="Priscilla Hummel", birth_date="1979-11-30")
    assert whose.differs(one, Patient(name="Preston Hummel", birth_date="1961-04-02")) == "birth date"
    assert whose.differs(one, Patient(name="Preston Hummel")) == "name"


def test_an_initial_or_a_letter_that_a_scan_mistook_is_the_same_patient() -> None:
    one = Patient(name="Marisol Quintero-Vance", birth_date="1989-03-14")
    assert whose.differs(one, Patient(name="M. Quintero-Vance")) is None
    assert whose.differs(one, Patient(name="Marisol Quintero-Vanoe", birth_date="1989-03-11")) is None
    assert whose.differs(one, Patient()) is None


@pytest.mark.parametrize(
    "head",
    ["Re: Prior Authorization Request\nDear Reviewer", "Subject: Continued Use\n", "PAGE 2 OF 3\nPlan: pump", ""],
)
def test_a_head_that_names_nobody_is_nobodys(head: str) -> None:
    assert whose.patient(Page(number=1, text=head)) == Patient()
