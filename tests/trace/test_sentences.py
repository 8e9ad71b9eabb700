"""Where sentences begin and end, and the labels of the lists that they stand in."""

from __future__ import annotations

import pytest

from priorauth.trace import source
from priorauth.trace.sentences import is_label, label_before, sentences


def split(text: str) -> list[tuple[str | None, str]]:
    made = source.of_text(text, "copy")
    return [(one.label, made.text(one.start, one.end)) for one in sentences(made)]


def test_a_sentence_ends_with_its_mark() -> None:
    assert split("It is so. Is it? Yes!") == [(None, "It is so."), (None, "Is it?"), (None, "Yes!")]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert [said for _, said in split("Ask Dr. Alder, e.g. Monday. See Sec. 5 of No. 7. Then go.")] == [
        "Ask Dr. Alder, e.g. Monday.",
        "See Sec. 5 of No. 7.",
        "Then go.",
    ]


def test_each_item_of_a_list_is_a_sentence_with_its_label() -> None:
    text = "All of these:\n  A. one\n  (b) two\n  iii) three\n  4.1. four\n  • five"
    assert split(text)[1:] == [("A", "one"), ("b", "two"), ("iii", "three"), ("4.1", "four"), (None, "five")]


def test_a_line_that_goes_on_after_a_blank_one_is_the_same_sentence() -> None:
    assert split("The newest result\n\nof this year counts.") == [(None, "The newest result of this year counts.")]
    assert split("A heading\n\nThe newest result counts.")[0] == (None, "A heading")
    assert len(split("It has fasting results that are very often above\n\n200 mg/dL in a week.")) == 1


def test_a_citation_is_one_sentence() -> None:
    cited = "1. Alder P, Birch Q, et al. Pumps and pens. J Invented Med. 2019; 4(2):11-19."
    assert split(cited) == [("1", cited[3:])]


def test_rows_of_codes_are_sentences() -> None:
    assert [said for _, said in split("Codes\nE0784 External pump\nA9274Pump thrown away")] == [
        "Codes",
        "E0784 External pump",
        "A9274Pump thrown away",
    ]


def test_a_figure_at_the_end_is_apart_from_the_label_below_it() -> None:
    assert split("1. in the year 2024\n2. in no year") == [("1", "in the year 2024"), ("2", "in no year")]


@pytest.mark.parametrize(
    ("letters", "whether"), [("a", True), ("iv", True), ("4.1", True), ("pump", False), ("", False)]
)
def test_letters_of_a_label_are_known(letters: str, whether: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_label(letters) is whether


def test_the_label_before_a_letter_is_that_of_its_line() -> None:
    made = source.of_text("A. The first of all.\nThe second.", "copy")
    assert label_before(made, 1) == ("A", 0)
    assert label_before(made, made.letters.index("thesecond")) == (None, made.letters.index("thesecond"))
    assert label_before(made, made.letters.index("first"))[0] is None
