"""A page in sentences: joined over lines, parted at columns and headings, each letter with its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Page
from priorauth.documents.understand import rules
from priorauth.documents.understand.sentences import Sentence, sentences


def parted(text: str) -> list[Sentence]:
    return sentences(Page(number=1, text=text), rules.load().headings)


def test_a_sentence_goes_on_over_the_line() -> None:
    found = parted("Denies any low needing help\nfrom another person. No DKA.")
    assert [one.text.strip() for one in found] == ["Denies any low needing help from another person.", "No DKA."]


def test_rows_are_not_joined() -> None:
    found = parted("BP 118/72   HR 70   Wt 68.4 kg\nPOC A1c today 8.4 %")
    assert [one.text for one in found] == ["BP 118/72\tHR 70\tWt 68.4 kg", "POC A1c today 8.4 %"]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert len(parted("Dr. Halvorsen saw Ms. Roe vs. last time with T. Rask.")) == 1


def test_what_stands_under_a_heading_stands_in_its_section() -> None:
    found = parted("Fam hx: brother T1DM.\nSocial: teaches.\nPlan:\n1. RTC 3 months.")
    assert (found[0].text.strip(), found[0].section) == ("Fam hx: brother T1DM.", "family")
    assert {one.section for one in found if "teaches" in one.text} == {"social"}
    assert {one.section for one in found if "RTC" in one.text} == {"plan"}


def test_a_section_within_a_line_ends_with_it() -> None:
    found = parted("Family history: mother with DKA.\nShe checks six times a day.")
    assert [one.section for one in found] == ["family", ""]


def test_figures_that_a_scan_took_for_letters_are_righted() -> None:
    assert parted("A1c on O9/2l/2026 was 8.4 %")[0].text == "A1c on 09/21/2026 was 8.4 %"


@given(st.text(alphabet="ab1. \n\t;:AB-", max_size=120))
def test_every_letter_of_a_sentence_stands_where_it_says(text: str) -> None:
    for one in parted(text):
        start, quote = one.quoted(text, 0, len(one.text))
        assert text[start : start + len(quote)] == quote
        for letter, place in zip(one.text, one.places, strict=True):
            assert letter == text[place] or letter in " \t"
