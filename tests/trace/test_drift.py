"""Drift: each edit of a text is found, with the rules that it touches, and nothing is found that nobody edited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.errors import InputRefused
from priorauth.trace import drift
from priorauth.trace.drift import Change, Drift
from tests.trace.edits import EDITS, Edit
from tests.trace.invented import ID, NEW, OLD, copy, edited, rewrapped, traced


def found(text: str, old: str = OLD) -> Drift:
    return drift.drift(copy(old, "old.txt"), copy(text, "new.txt"), traced(), ID)


def told(change: Change) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return change.kind, change.rules, tuple(mark.kind for mark in change.marks)


@pytest.mark.parametrize("edit", EDITS, ids=[edit.name for edit in EDITS])
def test_an_edit_is_found_and_none_is_invented(edit: Edit) -> None:
    assert sorted(map(told, found(edit.text).changes)) == sorted(edit.found)


@pytest.mark.parametrize("edit", EDITS, ids=[edit.name for edit in EDITS])
def test_an_edit_is_found_in_a_copy_of_other_lines_and_pages(edit: Edit) -> None:
    assert sorted(map(told, found(rewrapped(edit.text)).changes)) == sorted(edit.found)


LAYOUTS = {
    "the same": OLD,
    "other white space": OLD.replace(" ", "  ").replace("\n\n", "\n \n\n"),
    "line ends of Windows": OLD.replace("\n", "\r\n"),
    "other lines, words broken at their ends": rewrapped(),
    "narrow lines": rewrapped(width=31),
    "one long line a paragraph": rewrapped(width=10_000),
    "another running head": OLD.replace("Fernhill Health Plan: rules", "Rules of Fernhill Health Plan"),
    "other page numbers": OLD.replace("of 3", "of 7").replace("Page 1", "Page 5").replace("Page 2", "Page 6"),
    "emphasis and other quotes": OLD.replace("all of A", "**ALL** of A").replace("member's", "member\u2019s"),
    "soft hyphens and wide blanks": OLD.replace("diabetes", "dia\u00adbetes").replace("last 6", "last\u00a06"),
    "bullets before the labels": OLD.replace("   1. ", "  •  1. "),
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_another_layout_is_no_drift(text: str) -> None:
    assert found(text).changes == ()


@settings(max_examples=25, deadline=None)
@given(st.integers(24, 140))
def test_lines_of_whatever_width_are_no_drift(width: int) -> None:
    assert found(rewrapped(width=width)).changes == ()


def test_a_figure_written_as_a_word_is_another_spelling_and_no_figure() -> None:
    (change,) = found(edited(("at least 4 times", "at least four times"))).changes
    assert (change.kind, change.marks, change.rules) == ("spelling", (), ("II.D",))
    assert found(edited(("at least 4 times", "at least four times"))).touched() == ()


def test_a_change_says_where_the_sentence_stood_and_stands() -> None:
    (change,) = found(edited(("is above 8.0 percent", "is above 8.5 percent"))).changes
    assert change.at == 16
    assert change.old is not None
    assert (change.old.page, change.old.line, change.old.label) == (1, 28, "B")
    assert change.new == change.old
    assert [str(mark) for mark in change.marks] == ["figure: 8.0 percent -> 8.5 percent"]


def test_a_new_sentence_is_placed_after_the_rules_above_it() -> None:
    added = [change for change in found(NEW).changes if change.kind == "added"]
    assert [change.after for change in added] == [("applies",), ("III.3",), ("V.2",)]


def test_the_rules_that_a_new_text_touches_are_named_once() -> None:
    assert found(NEW).touched() == ("effective", "I.1", "II.B", "II.C", "II.D", "IV.1")


def test_a_text_of_another_policy_is_refused_on_either_side() -> None:
    other = "This notice is about wheelchairs. " * 3 + "\n\n".join(f"Chair {n} has {n} wheels." for n in range(40))
    with pytest.raises(InputRefused, match=r"new\.txt: expected a newer text of fernhill/insulin-pumps: 0 sentences"):
        found(other)
    with pytest.raises(InputRefused, match=r"old\.txt: expected a text of fernhill/insulin-pumps: 0 of its 50"):
        found(OLD, old=other)


def test_without_a_trace_changes_are_found_and_touch_no_rule() -> None:
    one = drift.drift(copy(OLD), copy(edited(("8.0 percent. A", "9.0 percent. A"))), None, ID)
    assert [told(change) for change in one.changes] == [("changed", (), ("figure",))]


def test_sentences_that_the_trace_does_not_know_are_counted() -> None:
    more = edited(("March 2023: first", "March 2022: a draft. March 2023: first"))
    assert found(more, old=more).untraced == 1
    assert found(more, old=more).changes == ()


def test_a_connective_on_a_line_of_its_own_is_a_change() -> None:
    text = "We approve a pump where both hold.\n\nA. The member has diabetes.\n\nAND\n\nB. The member asks for it.\n"
    one = drift.drift(copy(text), copy(text.replace("AND", "OR")), None, ID)
    assert [(told(change), str(change.marks[0])) for change in one.changes] == [
        (("changed", (), ("connective",)), "connective: AND -> OR")
    ]


def test_a_sentence_put_between_two_of_a_paragraph_is_an_addition_and_changes_neither() -> None:
    two = edited(("cannot be repaired. We do", "cannot be repaired. That holds for every pump. We do"))
    assert [told(change) for change in found(two).changes] == [("added", (), ())]
