"""How hard a text is to read: the grade of Flesch and Kincaid.

Each word has as many syllables as the greater of two counts says: places where English hyphenation (pyphen) breaks it,
and groups of vowels. textstat is not used: its releases fetch a dictionary when they are first used, or need a package
that Python no longer brings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pyphen import Pyphen

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)")


def grade(paragraphs: Sequence[str]) -> float:
    """Return the school grade of some paragraphs; each ends a sentence."""
    sentences = [part for text in paragraphs for part in _SENTENCE.split(text) if _WORD.search(part)]
    words = [word for part in sentences for word in _WORD.findall(part)]
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    plain = word.lower().removesuffix("'s")
    silent = plain.endswith("e") and not plain.endswith(("le", "ee")) and len(re.findall(r"[aeiouy]+", plain)) > 1
    vowels = len(re.findall(r"[aeiouy]+", plain)) - silent
    return max(1, vowels, len(_hyphens().positions(plain)) + 1)


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_US", left=1, right=1)
