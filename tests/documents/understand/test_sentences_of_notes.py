"""Sentences as they stand in notes and letters: what each says, and what it does not."""

from __future__ import annotations

import pytest

from tests.documents import scoring
from tests.documents.notes import proposed

LINES = [
    [part.strip() for part in line.rsplit("|", 2)]
    for name in ("sentences.txt", "sentences-by-fact.txt")
    for line in (scoring.CORPUS.parent / name).read_text("utf-8").splitlines()
    if line.strip() and not line.startswith(("#", "@"))
]


@pytest.mark.parametrize(("text", "fact", "value"), LINES)
def test_a_sentence_says_what_a_reader_takes_from_it(text: str, fact: str, value: str) -> None:
    made = proposed(text.replace("\\n", "\n"))
    found = [(said, polarity) for name, said, _, polarity in made if fact in ("*", name)]
    if value == "-":
        assert [row for row in found if row[1] == "stated"] == []
    elif value in ("no", "none"):
        assert found == [(value, "denied")]
    else:
        assert (value, "stated") in found
        assert {polarity for _, polarity in found} == {"stated"}
