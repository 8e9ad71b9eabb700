"""What the words around a match say of it."""

from __future__ import annotations

import pytest

from priorauth.documents.understand import rules


def around(text: str, words: str, kind: str = "event") -> set[str]:
    start = text.index(words)
    return set(rules.load().context.of(text, start, start + len(words), "", kind))


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [
        ("Denies any DKA", "DKA", {"denied"}),
        ("No fever, chest pain or DKA", "DKA", {"denied"}),
        ("DKA: never", "DKA", {"denied"}),
        ("ESRD - no", "ESRD", {"denied"}),
        ("brother T1DM with two admissions for DKA", "DKA", {"family"}),
        ("DKA in her sister", "DKA", {"family"}),
        ("She lives with her husband, who had DKA", "DKA", {"family"}),
        ("If DKA recurs, go to the ED", "DKA", {"hypothesis"}),
        ("at risk of DKA", "DKA", {"hypothesis"}),
        ("She probably had DKA", "DKA", {"hedged"}),
        ("She had DKA in May", "DKA", set()),
        ("She had DKA on May 3", "DKA", set()),
        ("No change since; she had DKA", "DKA", set()),
        ("glucagon was given by his mother for a seizure", "seizure", set()),
    ],
)
def test_context_is_what_a_reader_takes_it_for(text: str, words: str, wanted: set[str]) -> None:
    assert around(text, words) == wanted


def test_a_goal_is_told_from_a_result_that_is_above_it() -> None:
    assert "goal" in around("A1c goal 7 %", "A1c goal 7 %", "measurement")
    assert "goal" not in around("A1c 8.1 %, above goal", "A1c 8.1 %", "measurement")


def test_a_kind_spares_the_facts_it_does_not_act_on() -> None:
    assert "past" in around("previously unaware of lows", "unaware of lows", "condition")
    assert "past" not in around("previously had DKA", "DKA", "event")
