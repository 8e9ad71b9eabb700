"""The glossary has every word of ours that the program prints or a policy file uses, in the order of the alphabet."""

from __future__ import annotations

import re
from typing import get_args

from priorauth.facts.vocabulary import KINDS
from priorauth.policy.outcome import Outcome
from tests.docs.markdown import ROOT

TEXT = (ROOT / "docs" / "glossary.md").read_text("utf-8")
WORD = re.compile(r"^\| (?!word \||---)([^|]+?) \|", re.MULTILINE)


def test_every_outcome_and_kind_of_fact_is_explained() -> None:
    words = set(WORD.findall(TEXT))
    assert words >= set(KINDS)
    (outcomes,) = (line for line in TEXT.splitlines() if line.startswith("| outcome |"))
    assert set(re.findall(r"`([\w-]+)`", outcomes)) == set(get_args(Outcome))


def test_the_words_of_each_part_stand_in_the_order_of_the_alphabet() -> None:
    for part in TEXT.split("\n## ")[1:]:
        words = [word.casefold() for word in WORD.findall(part)]
        assert words == sorted(words)


def test_every_word_is_explained_in_one_or_two_sentences() -> None:
    for line in TEXT.splitlines():
        if WORD.match(line):
            explained = line.split("|")[2].strip()
            assert explained.endswith((".", ".)"))
            assert len(re.findall(r"[.:!] (?=[A-Z(])", explained)) <= 2, explained
