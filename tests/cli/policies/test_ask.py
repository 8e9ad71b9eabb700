"""``priorauth policies ask``: the blank checklist."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Capture, printed, refusal

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "policies"


def test_it_writes_a_checklist_in_markdown(capsys: Capture) -> None:
    every = printed(capsys, "policies", "ask", "caresource/insulin-infusion-pump")
    assert every.startswith("# What to send: Insulin infusion pump\n")


def test_a_policy_of_ones_own_is_asked_too(capsys: Capture) -> None:
    words = ("policies", "ask", "medicare-dme/glucose-monitors", "--policies", FIXTURES, "--product", "E2103")
    assert "enough training to use the continuous glucose monitor" in printed(capsys, *words)


def test_of_one_product_only_what_it_needs_is_asked(capsys: Capture) -> None:
    every, one = (
        printed(capsys, "policies", "ask", "husky/ambulatory-infusion-pumps", *more)
        for more in ((), ("--product", "E0782"))
    )
    assert len(one.splitlines()) < len(every.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none",), "no policy is named 'none'"),
        (("masshealth/insulin-pumps", "--product", "E1"), "--product: expected one of E0779"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(words: tuple[str, ...], said: str, capsys: Capture) -> None:
    assert refusal(capsys, "policies", "ask", *words).startswith(said)
