"""What a document is, of which day, and who signed it."""

from __future__ import annotations

import pytest

from priorauth.documents.pages import Page
from priorauth.documents.understand import head, rules
from tests.documents import scoring


def read(*pages: str) -> head.Head:
    return head.head([Page(number=number, text=text) for number, text in enumerate(pages, 1)], rules.load())


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        (
            "Electronically signed by Ingrid Halvorsen, MD on 10/06/2026 at 4:52 PM",
            "Ingrid Halvorsen, MD",
            "2026-10-06",
        ),
        (
            "Electronically signed by: Abernethy-Soto DO, Terrence on 28-SEP-2026 10:22",
            "Terrence Abernethy-Soto, DO",
            "2026-09-28",
        ),
        ("Prescriber:  Hollis Varga MD      Signature:  H Varga      Date:  10/9/26", "Hollis Varga, MD", "2026-10-09"),
        ("Fiona Kettering, equipment specialist (signed 10/16/2026)", "Fiona Kettering", "2026-10-16"),
        ("Henrietta Quansah, RN, CDCES (no. on file)\nSigned 04/17/2026", "Henrietta Quansah, RN, CDCES", "2026-04-17"),
        ("(electronic signature) Odile Ravenel, MD, FACE      11/04/2026", "Odile Ravenel, MD, FACE", "2026-11-04"),
        (
            "Prescriber  Ines Quarshie, MD\nSign here   I. Quarshie         Date  6/29/26",
            "Ines Quarshie, MD",
            "2026-06-29",
        ),
        ("K. Brannigan RN 11/10/2026 09:04", "K. Brannigan, RN", "2026-11-10"),
    ],
)
def test_a_signature_has_a_name_and_a_day(text: str, name: str, day: str) -> None:
    signed = read(text).signed
    assert signed is not None
    assert (head.signer(signed), signed.day.said) == (name, day)


@pytest.mark.parametrize(
    "text",
    [
        "_____________________________\nDr. P. Leclair (signature)                         Date ____________",
        "[unsigned - pending provider review]",
        "Signature on file      Date sent: 05/02/2026",
        "This order is not yet signed by Ann Lee, MD 05/02/2026",
        "Ann Lee, MD",
    ],
)
def test_a_typed_name_a_stamp_or_an_empty_line_is_no_signature(text: str) -> None:
    assert read(text).signed is None


def test_the_day_of_a_fax_dates_nothing_where_the_visit_has_one() -> None:
    found = read("FACSIMILE   Date: 10/09/2026 11:02", "CLINIC\nHummel, Priscilla   DOB 11/30/1979     DOS 10/08/2026")
    assert found.dated is not None
    assert found.dated.day.said == "2026-10-08"


@pytest.mark.parametrize("name", scoring.names())
def test_kind_and_role_are_those_of_the_corpus(name: str) -> None:
    wanted = scoring.gold(name)
    found = read(*scoring.text(name).split("\f"))
    assert (found.kind, found.role) == (wanted["kind"], wanted["author_role"])


def test_a_form_is_of_the_day_that_it_calls_today() -> None:
    form = "DME PRIOR AUTHORIZATION\nToday's date   4-22-2026\nSensor  [X] yes  [ ] no   as of  4-20-2026"
    dated = read(form).dated
    assert dated is not None
    assert dated.day.said == "2026-04-22"
