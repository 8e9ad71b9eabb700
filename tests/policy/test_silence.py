"""A policy says what silence about a fact means, with a reason; without one, or without effect, it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary as vocabularies
from priorauth.policy import document
from priorauth.policy.tree import Policy, heard
from priorauth.policy.views.census import report
from priorauth.policy.views.checklist import checklist
from priorauth.policy.views.page import page
from priorauth.values import units
from tests.policy.files import folder, require

VOCABULARY = vocabularies.load()
LINES = require("all:\n  - motivated\n  - none of: [unwilling_or_unable_to_take_part]")
BOTH = (
    "silence:\n"
    "  unwilling_or_unable_to_take_part: {means: unknown, reason: The text wants it stated.}\n"
    "  motivated: {means: no, reason: The text takes nobody for motivated of whom nothing says so.}\n"
)


def load(place: Path, text: str) -> Policy:
    return document.load(folder(place, text), VOCABULARY, units.load())


def test_silence_is_read_with_its_reason_and_changes_the_vocabulary_of_that_policy_alone(tmp_path: Path) -> None:
    made = load(tmp_path, f"{LINES}\n{BOTH}")
    assert [(one.fact, one.means_no) for one in made.silence] == [
        ("unwilling_or_unable_to_take_part", False),
        ("motivated", True),
    ]
    own = heard(made, VOCABULARY)
    assert (own["motivated"].silent_no, own["unwilling_or_unable_to_take_part"].silent_no) == (True, False)
    assert (VOCABULARY["motivated"].silent_no, VOCABULARY["unwilling_or_unable_to_take_part"].silent_no) == (
        False,
        True,
    )
    assert heard(made, VOCABULARY) is own
    assert heard(load(tmp_path, LINES), VOCABULARY) is VOCABULARY


@pytest.mark.parametrize(
    ("silence", "said"),
    [
        ("motivatd: {means: no, reason: a}", "silence: no fact is named 'motivatd'; did you mean 'motivated'?"),
        (
            "motivated: {means: no}",
            "silence of motivated: expected `reason:`, why a record that says nothing of it means no",
        ),
        ("motivated: {means: no, reason: ''}", "silence of motivated: expected `reason:`"),
        (
            "motivated: {means: nothing, reason: a}",
            "silence of motivated: expected `means:` no or unknown, found 'nothing'",
        ),
        ("motivated: {means: unknwon, reason: a}", "found 'unknwon'; did you mean 'unknown'?"),
        ("motivated: {reason: a}", "silence of motivated: expected `means:` no or unknown"),
        ("motivated: {means: unknown, reason: a}", "the vocabulary says already that it means unknown"),
        ("motivated: {means: no, reasn: a, reason: b}", "silence of motivated has no key 'reasn'"),
        ("motivated: no", "silence of motivated: expected `means:` and `reason:`"),
        ("pregnancy: {means: no, reason: a}", "silence of pregnancy: no line of this policy turns on it"),
        ("request_kind: {means: no, reason: a}", "silence of request_kind: no line of this policy turns on it"),
    ],
)
def test_silence_that_cannot_be_read_or_changes_nothing_is_refused(tmp_path: Path, silence: str, said: str) -> None:
    with pytest.raises(PolicyFaults) as refused:
        load(tmp_path, f"{LINES}\nsilence:\n  {silence}\n")
    assert any(said in str(fault) for fault in refused.value.faults), refused.value.faults


def test_a_list_is_no_silence(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="expected facts under `silence:`"):
        load(tmp_path, f"{LINES}\nsilence: [motivated]\n")


def test_what_silence_means_stands_on_the_page_and_in_the_census_and_moves_its_question(tmp_path: Path) -> None:
    made, plain = load(tmp_path, f"{LINES}\n{BOTH}"), load(tmp_path, LINES)
    shown = page(made, VOCABULARY)
    assert "## Silence" in shown
    assert "- **unwilling_or_unable_to_take_part** it is not known, and is asked: The text wants it stated." in shown
    assert "- **motivated** it is not so: The text takes nobody" in shown
    assert "## Silence" not in page(plain, VOCABULARY)
    told = report([made, plain], VOCABULARY)
    assert "| payer-x/pumps | unwilling_or_unable_to_take_part | unknown | The text wants it stated. |" in told
    assert "No version says otherwise." in report([plain], VOCABULARY)
    asked = VOCABULARY["motivated"].ask
    before, after = (checklist(one, VOCABULARY, {}).partition("To say only where it is so") for one in (plain, made))
    assert asked in before[0]
    assert asked in after[2]
