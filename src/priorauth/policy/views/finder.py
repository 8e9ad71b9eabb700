"""Finding a fact of the vocabulary: by words of its name or its question, by a code, or by its unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from priorauth.facts.vocabulary import Codes, Fact, Vocabulary
from priorauth.language.english import labels


class Found(NamedTuple):
    """A fact that was looked for."""

    fact: Fact
    because: str
    """The code by which it was found, as ``icd10cm E10*``; empty where words or the unit found it."""

    @property
    def what(self) -> str:
        """Its kind, with its unit or its values."""
        more = self.fact.unit or ", ".join(self.fact.values)
        return f"{self.fact.kind} ({more})" if more else self.fact.kind


def find(vocabulary: Vocabulary, words: Iterable[str]) -> tuple[Found, ...]:
    """Return the facts that have every word, in the order of the vocabulary."""
    wanted = [part for word in words for part in word.split()]
    found: list[Found] = []
    for fact in vocabulary.facts.values():
        told = _told(fact)
        because: list[str] = []
        for word in wanted:
            code = _coded(fact, word)
            if code:
                because.append(code)
            elif word.casefold() not in told and word != fact.unit:
                break
        else:
            if wanted:
                found.append(Found(fact, ", ".join(dict.fromkeys(because))))
    return tuple(found)


def _told(fact: Fact) -> str:
    said = (fact.name, fact.name.replace("_", " "), labels().one(fact.name), fact.ask, *fact.values, *fact.hint_words)
    return "\n".join(said).casefold()


def _coded(fact: Fact, word: str) -> str:
    """Return the first pattern of a code that a word matches, with its system; empty where none does."""
    code = _plain(word)
    for codes in _lists(fact):
        for system, patterns in codes.items():
            for pattern in patterns:
                start = _plain(pattern.removesuffix("*"))
                if code == start or (pattern.endswith("*") and code.startswith(start)):
                    return f"{system} {pattern}"
    return ""


def _lists(fact: Fact) -> Iterator[Codes]:
    yield from (fact.codes, fact.fasting_codes, *fact.value_codes.values(), fact.hint_codes)
    yield {"loinc": tuple(fact.code_values)}


def _plain(code: str) -> str:
    return code.replace(".", "").upper()
