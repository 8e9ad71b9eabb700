"""Lines and questions of the papers that the house drafts, as they come back."""

from __future__ import annotations

import re

import pytest

from priorauth.documents.pages import Page, Word
from priorauth.documents.proposal import Proposal
from priorauth.documents.understand import head, lines, rules
from tests.documents.notes import note

ASK = "Is the member motivated to keep glucose under control?"
LONG = ("Did multiple daily injections fail to control glucose or symptoms", "although taken as prescribed?")


def read(text: str) -> tuple[list[Proposal], str]:
    page = note(text).pages[0]
    found, rest = lines.read(page, rules.load(), head.head([page], rules.load()))
    for one in found:
        assert page.text[one.start : one.start + len(one.quote)] == one.quote
    assert len(rest.text) == len(page.text)
    return found, rest.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HbA1c: 8.4 % (6 Oct 2026, laboratory result).", ("hba1c", "8.4 %", "2026-10-06", None, None)),
        ("HbA1c: >= 8.4 % (laboratory result).", ("hba1c", ">=8.4 %", None, None, None)),
        (
            "Insulin injections: 4.0 to 6.0 a day (since 10 Jun 2025, prescription).",
            ("insulin_injections", "4.0-6.0 /d", "2026-10-06", "2025-06-10", None),
        ),
        ("Type 1 diabetes (by 20 Nov 2026, request).", ("type_1_diabetes", "yes", "2026-11-20", None, None)),
        ("Kind of pump: durable (20 Nov 2026, request)", ("pump_category", "durable", "2026-11-20", None, None)),
        (
            "Length of one infusion: 10.0 hours (14 Sep 2026, form answer).",
            ("infusion_hours", "10.0 h", "2026-09-14", None, None),
        ),
        (
            "End of the warranty: 9 Jan 2015 (2 May 2016, form answer).",
            ("warranty_ends_on", "2015-01-09", "2016-05-02", None, None),
        ),
        (
            "Use of an insulin pump (1 Jan to 31 Dec 2025, device).",
            ("insulin_pump_use", "yes", "2025-12-31", "2025-01-01", "2025-12-31"),
        ),
    ],
)
def test_a_line_says_fact_value_and_days(text: str, said: tuple[str | None, ...]) -> None:
    (one,), rest = read(text)
    assert (one.fact, one.value, one.date, one.since, one.until) == said
    assert (one.polarity, one.certainty) == ("stated", "sure")
    assert text not in rest


def test_a_line_that_begins_with_no_denies_and_one_that_is_possible_is_hedged() -> None:
    ((one,), _), ((other,), _) = (
        read(f"{word} active infection (16 Oct 2026, form answer).") for word in ("No", "Possible")
    )
    assert (one.fact, one.value, one.polarity) == ("active_infection", "no", "denied")
    assert (other.value, other.polarity, other.certainty) == ("yes", "stated", "hedged")


def test_a_long_line_goes_over_several_of_the_page() -> None:
    (one,), _ = read("Hospital stay for ketoacidosis or hypoglycemia: 3 days (12 Mar\n2026, form answer).")
    assert (one.fact, one.value, one.date) == ("diabetes_hospital_stay", "3 d", "2026-03-12")
    assert one.quote.endswith("2026, form answer).")


@pytest.mark.parametrize(
    "text",
    [
        "HbA1c: 8.4 % (6 Oct 2026, my neighbor).",
        "Shoe size: 44 (6 Oct 2026, form answer).",
        "HbA1c: high (6 Oct 2026, laboratory result).",
        "HbA1c: 84 % (6 Oct 2026, laboratory result).",
        "Kind of pump: wooden (6 Oct 2026, request).",
        "HbA1c 8.4 %",
    ],
)
def test_what_is_no_line_of_ours_or_cannot_be_says_nothing(text: str) -> None:
    assert read(text)[0] == []


def test_what_the_payer_asks_and_what_is_still_to_be_filled_is_left_out() -> None:
    asked = "Criterion II.A.T.7: Most recent HbA1c above\n7.0 percent.\n[prescriber: HbA1c?\nShow it.]\nMotivated."
    found, rest = read(asked)
    assert found == []
    assert rest.split("\n\n")[-1].split() == ["Motivated."]


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        ("[x] yes [ ] no", [("yes", "stated")]),
        ("[ ] yes [X] no", [("no", "denied")]),
        ("☒ yes ☐ no", [("yes", "stated")]),
        ("[ ] yes [ ] no", []),
        ("[x] yes [x] no", []),
    ],
)
def test_a_question_says_what_is_ticked_beside_it(boxes: str, said: list[tuple[str, str]]) -> None:
    found, rest = read(f"{ASK}    {boxes}")
    assert [(one.value, one.polarity) for one in found] == said
    assert "motivated" not in rest


def test_a_question_that_goes_on_below_is_known_by_its_beginning() -> None:
    found, rest = read(f"{LONG[0]}   [x] yes [ ] no\n{LONG[1]}\nNext.")
    assert [(one.fact, one.value, one.date) for one in found] == [("injections_ineffective", "yes", "2026-10-06")]
    assert "prescribed" not in rest
    assert rest.endswith("Next.")


def scanned(text: str, sure: float = 1.0) -> list[tuple[str, str, str]]:
    words = tuple(Word(hit.group(), hit.start(), sure=sure) for hit in re.finditer(r"\S+", text))
    page = Page(number=1, text=text, words=words, how="ocr")
    found, _ = lines.read(page, rules.load(), head.head([page], rules.load()))
    return [(one.fact, one.value, one.certainty) for one in found]


def test_a_figure_that_was_badly_recognised_or_may_be_our_slashed_zero_is_only_perhaps_so() -> None:
    line = "HbA1c: 8.4 % (6 Oct 2026, laboratory result)."
    assert scanned(line) == [("hba1c", "8.4 %", "sure")]
    assert scanned(line, sure=0.5) == [("hba1c", "8.4 %", "hedged")]
    assert scanned(line.replace("8.4", "8.9")) == [("hba1c", "8.9 %", "hedged")]


def test_one_wrong_letter_of_a_label_is_forgiven_on_a_scan_where_only_one_label_can_be_meant() -> None:
    assert scanned("HbAtc: 8.4 % (6 Oct 2026, laboratory result).") == [("hba1c", "8.4 %", "sure")]
    assert scanned("Type l diabetes (6 Oct 2026, diagnosis).") == []
    assert read("HbAtc: 8.4 % (6 Oct 2026, laboratory result).")[0] == []


def test_another_question_is_left_to_those_who_read_forms() -> None:
    text = "Motivated?   [x] yes [ ] no"
    assert read(text) == ([], note(text).pages[0].text)


def test_the_days_of_lines_date_no_document() -> None:
    text = "HbA1c: 8.4 % (6 Oct 2026,\nlaboratory result).\n[prescriber: date]\nSigned."
    assert lines.bare(Page(number=1, text=text)).text.split() == ["Signed."]


def test_a_checklist_is_known_by_its_head() -> None:
    assert lines.is_list([Page(number=1, text="DRAFT. A list for the clinic. It\n decides nothing.")])
    assert not lines.is_list([Page(number=1, text="DRAFT. Not signed.")])
    assert not lines.is_list([])
