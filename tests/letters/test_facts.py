"""The facts of a letter are frozen, and whole in JSON: a ledger can keep them and make the letter again."""

import msgspec
import pytest

from priorauth.letters.facts import Facts
from priorauth.letters.kinds import Kind
from priorauth.letters.make import page_of
from tests.letterbook import KINDS, facts


@pytest.mark.parametrize("kind", KINDS)
def test_facts_read_back_from_json_make_the_same_letter(kind: Kind) -> None:
    letter = facts(kind)
    again = msgspec.json.decode(msgspec.json.encode(letter), type=Facts)
    assert again == letter
    assert page_of(again) == page_of(letter)


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        facts("adverse").case = "26-0118"  # type: ignore[misc]  # that is the point
