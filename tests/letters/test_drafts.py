"""Drafts take from the record, with date and source, and leave a visible box for all else."""

import re

from priorauth.letters.drafts import fields, papers, paragraphs
from priorauth.letters.make import page_of
from tests.letterbook import decided, facts

ASK = "examples/ask.json"


def test_a_letter_of_medical_necessity_marks_each_gap_and_guesses_none() -> None:
    gaps = {one.criterion for one in paragraphs(decided(ASK)) if one.gaps}
    assert gaps == {"II.A.T.5", "II.A.T.7"}
    html = page_of(facts("necessity"))
    boxes = re.findall(r'data-element="gap">\[<span class="given">(.*?)</span>', html)
    assert any("HbA1c" in text for text in boxes)
    assert "8.7 %" not in html  # the old result is no proof, and is not put in the gap's place


def test_what_only_the_prescriber_can_say_comes_unticked_whatever_a_form_on_file_answers() -> None:
    motivated = next(one for one in paragraphs(decided(ASK)) if one.criterion == "II.A.T.2")
    assert motivated.boxes == ("Is the member motivated to keep glucose under control?",)
    assert motivated.said == ()
    html = page_of(facts("necessity"))
    assert "☑" not in html
    assert html.count("[ ]</span> yes") == html.count("[ ]</span> no") == html.count('data-element="statement"')
    assert "[x]" not in html


def test_a_paragraph_says_value_date_and_source_of_what_the_record_shows() -> None:
    injections = next(one for one in paragraphs(decided(ASK)) if one.criterion == "II.A.T.4")
    (first, *_) = injections.said
    assert (first.text, first.date, first.source) == (
        "Insulin injections: 4.0 a day",
        "since 10 Jun 2025",
        "prescription",
    )


def test_the_worksheet_of_a_trial_has_every_paragraph_of_section_three_a_and_of_continued_use_of_three_b() -> None:
    trial = [one.paragraph for one in fields(decided(ASK))]
    assert trial == [f"III.A.{number}" for number in range(1, 9)] + [f"III.A.8.{sign}" for sign in "abcd"] + ["III.A.9"]
    again = [one.paragraph for one in fields(decided("masshealth/continued-approve"))]
    assert [one for one in again if one.count(".") == 2] == [f"III.B.{number}" for number in range(1, 10)]


def test_every_paper_that_the_payer_asks_for_is_listed_with_whether_it_is_there() -> None:
    listed = papers(decided(ASK))
    assert [one.criterion for one in listed] == ["III.0.1", "III.0.2", "III.0.3", "III.0.6"]
    assert all(one.there for one in listed)
