"""Running heads, page numbers and the numbers of a table of contents are apart from the text."""

from __future__ import annotations

from priorauth.trace import furniture
from priorauth.trace.furniture import Line


def apart(*pages: str) -> tuple[list[str], list[str]]:
    body, running = furniture.apart(furniture.lines(pages))
    return [line.text for line in body if line.text.strip()], [line.text for line in running if line.text.strip()]


def test_a_line_at_the_head_of_most_pages_is_a_running_head_and_kept_once() -> None:
    body, running = apart("Rules of 2025\n\none", "Rules of 2025\n\ntwo", "three")
    assert (body, running) == (["one", "two", "three"], ["Rules of 2025"])


def test_page_numbers_are_left_out_in_whatever_form() -> None:
    pages = [f"{text}\n\n{number}" for text, number in zip("abc", ("Page 1 of 3", "- 2 -", "iii"), strict=True)]
    assert apart(*pages) == (["a", "b", "c"], [])
    assert apart("a\n\n7", "b\n\n8") == (["a", "b"], [])


def test_a_figure_at_the_foot_of_a_page_that_does_not_count_the_pages_is_text() -> None:
    assert apart("in the year\n2024.", "b\n\n1999", "c\n\n3")[0] == ["in the year", "2024.", "b", "1999", "c", "3"]


def test_a_running_head_loses_the_number_of_its_page() -> None:
    assert apart("Rule FH-214   Page 1\none", "Rule FH-214   Page 2\ntwo")[1] == ["Rule FH-214"]


def test_a_line_in_the_middle_of_pages_is_text_however_often_it_stands() -> None:
    pages = [
        f"top {name}\nmore {name}\nthe same words\nfoot {name}\nend {name}" for name in ("alder", "birch", "cedar")
    ]
    assert apart(*pages)[0].count("the same words") == 3


def test_a_running_foot_of_several_lines_is_left_out_below_a_line_that_changes() -> None:
    foot = "\n".join(
        f"This is line {word} of the foot." for word in ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    )
    pages = [
        f"chapter {name}\nThe plan of 2025\ntext {name}\nmore {name}\n{foot}\nPage {at}"
        for at, name in enumerate("abc")
    ]
    body, running = apart(*pages)
    assert body == [f"{kind} {name}" for name in "abc" for kind in ("chapter", "text", "more")]
    assert len(running) == 9


def test_in_a_copy_without_pages_a_long_paragraph_three_times_is_a_running_one() -> None:
    long = "This statement was approved by the committee that the plan has set up for it, and is in force."
    body, running = apart(f"{long}\n\none\n\n{long}\n\ntwo\n\n{long}")
    assert (body, running) == (["one", "two"], [long])
    assert apart(f"{long}\n\none\n\n{long}")[1] == []


def test_short_paragraphs_and_items_of_lists_are_never_running_ones() -> None:
    item = "1. The member has a condition that is long enough to be taken for a running paragraph."
    body, running = apart("\n\n".join(["Not covered", item] * 4))
    assert (len(body), running) == (8, [])


def test_a_table_of_contents_loses_its_numbers_and_no_other_table_does() -> None:
    contents = "Table of Contents\n\nA. Subject\t2\nB. Background .... 2\nC. Policy   3"
    assert apart(contents)[0][1:] == ["• A. Subject", "• B. Background", "• C. Policy"]
    table = "Doses\n\nA. Child\t2\nB. Youth\t2\nC. Adult\t3"
    assert apart(table)[0][1:] == ["A. Child\t2", "B. Youth\t2", "C. Adult\t3"]


def test_two_lines_of_contents_or_falling_numbers_are_left_as_they_are() -> None:
    assert apart("Contents\nA 5\nB 3\nC 2")[0][1:] == ["A 5", "B 3", "C 2"]


def test_a_paragraph_that_ends_within_a_line_counts_no_line() -> None:
    (page,) = furniture.lines([f"Subject{furniture.BROKEN}Pumps\nnext"])
    assert page == [Line("Subject", 1, 1), Line("", 1, 1), Line("Pumps", 1, 1), Line("next", 1, 2)]
