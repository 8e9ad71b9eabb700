"""The draft of the next version: figures in their places, and a person asked for all else."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from msgspec.structs import replace

from priorauth.policy.catalog import Catalog
from priorauth.trace import draft, drift
from priorauth.trace.draft import REVIEW, Draft
from tests.trace.edits import EDITS, Edit
from tests.trace.invented import ID, NEW, OLD, copy, edited, policy, traced

TEXT = Path(policy().file).read_text("utf-8")


def drafted(text: str, first: str | None = None) -> Draft:
    newer = copy(text)
    return draft.draft(policy(), TEXT, drift.drift(copy(OLD), newer, traced(), ID), newer, first)


def lines(made: Draft) -> list[str]:
    """Give the lines that are other than in the present file, comments left out."""
    listed = difflib.ndiff(TEXT.split("\n"), made.text.split("\n"))
    return [line[2:].strip() for line in listed if line.startswith("+ ") and REVIEW not in line]


def loaded(tmp_path: Path, made: Draft, first: str) -> None:
    """Hold a draft to what a policy file has to be."""
    home = tmp_path / ID
    home.mkdir(parents=True)
    (home.parent / "payer.yaml").write_text("payer: fernhill\nname: Fernhill Health Plan\n", "utf-8")
    (home / f"{first}.yaml").write_text(made.text, "utf-8")
    Catalog.open(tmp_path)


def test_a_figure_is_put_in_its_place() -> None:
    made = drafted(edited(("is above 8.0 percent", "is above 8.5 percent")))
    assert lines(made) == ["when: latest hba1c within 6 months > 8.5 %"]
    assert [(one.rule, one.before, one.after) for one in made.placed] == [("II.B", "8.0 %", "8.5 %")]
    assert "> 8.5 %" in made.text.split("\n")[made.placed[0].line - 1]


def test_a_figure_keeps_the_decimals_of_the_one_before() -> None:
    assert lines(drafted(edited(("is above 8.0 percent", "is above 9 percent"))))[0].endswith("> 9.0 %")


def test_a_window_is_put_in_each_line_of_the_criterion() -> None:
    made = drafted(edited(("three times a day for the last 6 months", "three times a day for the last 3 months")))
    assert [line.rpartition(" throughout ")[2] for line in lines(made)] == ["3 months", "3 months"]


def test_another_unit_of_time_is_put_in_with_its_figure() -> None:
    made = drafted(edited(("over the last 2 months", "over the last 60 days")))
    assert lines(made) == ["when: daily average of glucose_self_test within 60 days >= 4 /d"]


def test_another_unit_of_measure_is_left_to_a_person() -> None:
    made = drafted(edited(("is above 8.0 percent", "is above 64 mmol/mol")))
    assert (made.placed, lines(made)) == ((), [])
    assert f"{REVIEW} II.B: sentence 16, page 1 line 28 of the new text: unit, 8 % -> 64 mmol/mol" in made.text


def test_connectives_additions_and_removals_are_left_to_a_person() -> None:
    made = drafted(NEW)
    assert "IV.1: sentence 31, page 2 line 20 of the new text: connective: and -> or" in made.text
    assert "new sentence after III.3, page 2 line 14 of the new text: read it, encode it or trace it" in made.text
    gone = drafted(edited((" A value of\nexactly 8.0 percent is not enough.", "")))
    assert "II.B: sentence 17 is gone from the new text" in gone.text


def test_the_first_day_and_the_hash_of_the_text_are_set() -> None:
    newer = copy(NEW)
    found = drift.drift(copy(OLD), newer, traced(), ID)
    made = draft.draft(policy(), TEXT, found, replace(newer, sha256="ab" * 32), "2026-01-01")
    assert "effective: {from: 2026-01-01, until: open, by: request date}" in made.text
    assert f"sha256: {'ab' * 32}" in made.text


def test_a_head_in_lines_of_its_own_is_set_as_well() -> None:
    head = "effective:\n  from: 2025-01-01\n  until: 2025-12-31\n  by: request date\ncurrency: superseded-candidate"
    text = TEXT.replace("effective: {from: 2025-01-01, until: open, by: request date}", head)
    found = drift.drift(copy(OLD), copy(NEW), traced(), ID)
    made = draft.draft(policy(), text, found, copy(NEW), "2026-01-01").text
    assert "effective:\n  from: 2026-01-01\n  until: open\n" in made
    assert f"{REVIEW} whether this is the newest text\ncurrency:" in made


def test_no_words_of_the_payer_stand_in_a_draft() -> None:
    said = [line for line in drafted(NEW).text.split("\n") if REVIEW in line]
    assert len(said) == drafted(NEW).reviews
    words = {"thrown", "warranty", "convenience", "caregiver", "prescription", "enough"}
    assert not [line for line in said if words & set(line.split())]


@pytest.mark.parametrize("edit", EDITS, ids=[edit.name for edit in EDITS])
def test_a_draft_is_a_policy_that_loads(edit: Edit, tmp_path: Path) -> None:
    loaded(tmp_path, drafted(edit.text, "2026-01-01"), "2026-01-01")


def test_where_nothing_changed_only_the_head_asks_for_a_person() -> None:
    assert drafted(OLD).reviews == 2
    assert lines(drafted(OLD)) == []
