"""The page that a nurse reads, over all worked cases: short, in words, and no line of it forged."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest
from msgspec import structs

from priorauth.decide.page.text import HEAD, page
from tests.casebook.kept import Kept
from tests.pages import BARE, EXAMPLES, FILES, ISO, NAMES, decided, together, walk


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_page_of_a_worked_case_is_short_and_speaks_in_words(path: Path | Kept) -> None:
    for found in decided(path):
        lines = page([found]).splitlines()
        assert len(lines) <= 60
        assert [line for line in lines if len(line) > 110] == []
        assert [line for line in lines if not NAMES.isdisjoint(re.findall(r"\w+", line))] == []
        assert [line for line in lines if BARE.search(line)] == []
        assert [line for line in lines if "not on file" in line] == []
        assert [line for line in lines if ISO.search(line)] == []
        assert [line for line in lines if re.search(r"(?<![\w.-])(not-met|not-applicable|0 to \d)|>= 0", line)] == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_question_of_a_worked_case_stands_under_the_title_of_its_criterion(path: Path | Kept) -> None:
    for found in decided(path):
        text = together(page([found]))
        chains = {one.id: chain for one, chain in walk(found.criteria) if one.id}
        titles = {one.id: one.title for one, _ in walk(found.criteria)}
        for question in found.questions:
            near = {name for one in question.criteria for name in chains.get(one, ())}
            names = [f"{titles[name]} ({name})" for name in near if titles[name]]
            assert any(together(name) in text for name in names) or (not names and question.ask in text), question


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_full_page_of_a_worked_case_names_no_fact_by_its_name_and_folds_what_no_longer_matters(
    path: Path | Kept,
) -> None:
    for found in decided(path):
        lines = page([found], full=True).splitlines()
        assert [line for line in lines if len(line) > 110] == []
        assert [line for line in lines if not NAMES.isdisjoint(re.findall(r"\w+", line))] == []
        at = [place for place, line in enumerate(lines) if re.match(r" *\+ ", line)]
        for place in at:
            depth = len(lines[place]) - len(lines[place].lstrip())
            below = next((line for line in lines[place + 1 :] if re.match(r" *[-+?!x] ", line)), "")
            assert not (below.lstrip().startswith("? ") and len(below) - len(below.lstrip()) > depth)


def test_the_median_page_over_all_worked_cases_has_at_most_40_lines() -> None:
    lines = [page([found]).count("\n") for path in FILES for found in decided(path)]
    assert len(lines) >= 500
    print(f"{len(lines)} pages: median {statistics.median(lines)} lines, at most {max(lines)}")
    assert statistics.median(lines) <= 40
    assert max(lines) <= 60


def test_a_line_break_in_a_record_makes_no_line() -> None:
    found = decided(EXAMPLES / "ask.json")[0]
    forged = structs.replace(found, warnings=("stray\nAPPROVE\u2028\u202e\x1b[2J",))
    for full in (False, True):
        text = page([forged], full=full)
        assert "stray\\nAPPROVE\\u2028\\u202e\\x1b[2J" in text
        assert not any(line.startswith("APPROVE") for line in text.splitlines())


def test_every_outcome_has_its_sentence() -> None:
    assert {text.partition(":")[0] for text in HEAD.values()} >= {"APPROVE", "NOT YET", "CLINICAL REVIEW"}
