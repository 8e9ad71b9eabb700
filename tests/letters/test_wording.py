"""Some words no letter uses."""

import pytest

from priorauth.letters import wording


@pytest.mark.parametrize("word", ["denied by the system", "failed", "non-compliant", "pending"])
def test_a_listed_word_is_found_in_whatever_case(word: str) -> None:
    assert list(wording.found(f"The request is {word.upper()} now.")) == [word]


@pytest.mark.parametrize("phrase", ["insufficient documentation", "not medically necessary"])
def test_two_phrases_may_not_stand_alone(phrase: str) -> None:
    assert list(wording.found(f"It is {phrase}.")) == [f"{phrase} (alone)"]
    beside = "The rule asks for a test above 7.0 %, and the newest test shows 6.4 %, so it is"
    assert list(wording.found(f"{beside} {phrase}.")) == []


def test_a_word_that_only_begins_alike_is_no_listed_word() -> None:
    assert list(wording.found("It depends on spending.")) == []
