"""A copy laid beside sentences that are known by their hash."""

from __future__ import annotations

from typing import NamedTuple

from priorauth.trace import source
from priorauth.trace.lay import Laid, lay
from priorauth.trace.sentences import sentences
from tests.trace.invented import OLD, copy, rewrapped, traced


class Piece(NamedTuple):
    hash: str
    letters: int
    running: bool = False


def known(text: str) -> list[Piece]:
    made = source.of_text(text, "known")
    return [Piece(made.hash(one.start, one.end), one.end - one.start) for one in sentences(made)]


def laid(text: str, among: str) -> Laid:
    return lay(source.of_text(text, "copy"), known(among))


def new(found: Laid) -> list[str]:
    return [found.source.text(one.start, one.end) for one in found.new]


def test_the_text_of_a_trace_is_covered_whole() -> None:
    found = lay(copy(), traced().rows)
    assert (len(found.found), found.missing, found.new, found.heads) == (50, (), (), ())
    assert not any(one.moved for one in found.found.values())
    assert found.covered > 0.97


def test_a_copy_of_other_lines_is_covered_whole() -> None:
    found = lay(copy(rewrapped()), traced().rows)
    assert (found.new, [traced().rows[number].running for number in found.missing]) == ((), [True])


def test_what_is_missing_and_what_is_new_is_told() -> None:
    found = laid("One is here. Four is here.", "One is here. Two is here.")
    assert (list(found.found), found.missing, new(found)) == ([0], (1,), ["Four is here."])


def test_a_sentence_elsewhere_has_moved() -> None:
    found = laid("C is third. A is first. B is second.", "A is first. B is second. C is third.")
    assert [one.moved for one in found.found.values()] == [False, False, True]


def test_a_sentence_is_no_part_of_a_longer_one() -> None:
    found = laid("The pump works (save on Mondays).", "The pump works.")
    assert (found.missing, new(found)) == ((0,), ["The pump works (save on Mondays)."])
    found = laid("The pump works\n(save on Mondays).", "The pump works.")
    assert (found.missing, new(found)) == ((0,), ["The pump works (save on Mondays)."])


def test_two_sentences_in_the_place_of_one_that_stands_once_more_are_both_found() -> None:
    whole = "See the long list of the plan (2024)"
    text = f"{whole}\n\nIn between.\n\nSee the long list of the plan\n(2024)"
    among = f"{whole}\n\nIn between.\n\n• See the long list of the plan\n• (2024)"
    found = laid(text, among)
    assert (found.missing, found.new, [one.moved for one in found.found.values()]) == ((), (), [False] * 4)


def test_a_sentence_once_more_is_new_and_a_running_head_is_not() -> None:
    text = "It is approved by the plan. One. It is approved by the plan. Two."
    among = known("It is approved by the plan. One. Two.")
    made = source.of_text(text, "copy")
    assert len(lay(made, among).new) == 1
    assert lay(made, [Piece(among[0].hash, among[0].letters, running=True), *among[1:]]).new == ()


def test_a_running_head_that_is_not_known_is_no_sentence_of_the_text() -> None:
    found = lay(copy(OLD.replace("Fernhill Health Plan: rules", "The plan of Fernhill: rules")), traced().rows)
    assert (found.new, len(found.heads)) == ((), 1)


def test_the_label_before_a_sentence_is_no_sentence() -> None:
    found = laid("1. One is here.\n2. Two is here.", "One is here. Two is here.")
    assert (found.new, [one.sentence.label for one in found.found.values()]) == ((), ["1", "2"])
