"""Where a quote stands on a page, and what its words bear."""

from __future__ import annotations

import pytest

from priorauth.documents.follows import Claim, Document, quoted
from priorauth.documents.pages import Page
from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import rules
from priorauth.values import units
from tests.documents.notes import note

TEXT = "A1c   8.4 %\nand on 10/06/2026 18.4 %, then <8.4 %."


@pytest.mark.parametrize(
    ("quote", "places"),
    [
        ("A1c 8.4 %", [(0, 11)]),
        ("A1c\n8.4\t%  and", [(0, 15)]),
        ("8.4 %", [(6, 11)]),
        ("10/06", []),
        ("0/06/2026", []),
        ("<8.4 %", [(43, 49)]),
        ("a1c", []),
        ("", []),
    ],
)
def test_a_quote_stands_where_its_words_and_numbers_are_whole(quote: str, places: list[tuple[int, int]]) -> None:
    assert [(one.start, one.end) for one in quoted(Page(number=1, text=TEXT), quote)] == places


def bears(text: str, fact: str, value: str, quote: str) -> Proposal | str:
    document = Document(note(text), rules.load(), units.load())
    (words,) = quoted(document.pages[1], quote)
    return document.follows(Claim(fact, value, "stated", None, None, None), words)


def test_a_fact_that_our_reader_looks_for_in_other_kinds_of_paper_follows_all_the_same() -> None:
    found = bears(
        "She is on prednisone. Active infection of the left foot.", "active_infection", "yes", "Active infection"
    )
    assert isinstance(found, Proposal)


def test_a_number_that_was_corrected_does_not_follow() -> None:
    said = "A1c 9.4 % on 9/1/2026. Correction: the A1c was 8.4 %, not 9.4."
    assert bears(said, "hba1c", "9.4 %", "A1c 9.4 %") == "the words are no evidence: they were corrected"
