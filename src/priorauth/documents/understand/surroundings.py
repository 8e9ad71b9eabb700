"""What the words around a match say of it: denied, of a relative, a hypothesis, a goal, a plan, past, or only perhaps.

After ConText (Harkema and others, 2009): phrases of ``notes-context.yaml`` act on what follows them, on what stands
before them, or on the whole clause, until a word that ends their reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

DENIED: Final = "denied"
HEDGED: Final = "hedged"
SPARED: Final = (DENIED, HEDGED)
"""What leaves a fact a proposal: the others take it away."""
_CLAUSE: Final = re.compile(
    r";|\t|\s-{1,2}\s(?!(?:no|none|neg|denies|never)\b)|,? \band (?:we|i|they|she|he|will)\b|,? \b(?:but|however|although"
    r"|though|except|whereas|while)\b|[,;] ?(?:and )?yet\b"
    r"|:\s(?=(?:his|her|their|the) (?:mother|father|parents|wife|husband|grandmother|caregiver)\b)",
    re.IGNORECASE,
)
_LEADS: Final = frozenset({"denied", "family", "hypothesis", "goal", "general", "taught", "another"})
"""Kinds of context that a lead with a colon gives to all that is listed behind it."""
_LEAD: Final = re.compile(r"[^:;\t]{3,80}:(?=\s)")
_NEAR: Final = 4
"""So many words may stand between what is found and a phrase after it."""


class Reach(NamedTuple):
    """The phrases of one kind: what acts on what follows, on what precedes, on its whole clause or sentence."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    clause: re.Pattern[str] | None
    sentence: re.Pattern[str] | None
    ends: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    """Phrases that look like one of these and are none."""
    reaches: str
    """How far what acts on what follows goes: ``clause`` or ``sentence``."""
    inside: bool
    """Whether it also acts where it stands within what is found."""
    sections: frozenset[str]
    """Sections in which all stands in it."""
    spares: frozenset[str]
    """Kinds of fact on which it does not act."""


class Surroundings:
    """All kinds of context, as the file has them."""

    def __init__(self, kinds: Mapping[str, Reach]) -> None:
        """Take the kinds by name."""
        self.kinds = kinds

    def over(self, lead: str, text: str, start: int, end: int, kind: str = "") -> dict[str, str]:
        """Return what a lead above a list makes of a stretch of one of its items."""
        whole, by = f"{lead} {text}", len(lead) + 1
        found = self.of(whole, start + by, end + by, kind=kind)
        return {name: phrase for name, phrase in found.items() if name in _LEADS}

    def of(self, text: str, start: int, end: int, section: str = "", kind: str = "") -> dict[str, str]:
        """Return each kind that acts on a stretch of a sentence, with the phrase that says so."""
        found: dict[str, str] = {}
        first, last = clause(text, start, end)
        for name, reach in self.kinds.items():
            if kind in reach.spares:
                continue
            if section in reach.sections:
                found[name] = section
                continue
            masked = text if reach.unless is None else _masked(reach.unless, text)
            phrase = next(_acting(reach, masked, (start, end), (first, last)), None)
            if phrase is None and name in _LEADS:
                phrase = _led(reach, masked, start, first)
            if phrase is not None:
                found[name] = phrase
        return found


def _acting(reach: Reach, text: str, at: tuple[int, int], within: tuple[int, int]) -> Iterator[str]:
    """Yield the phrases of a kind that act on a stretch."""
    start, end = at
    first, last = within
    begins = text.rfind(";", 0, start) + 1
    stops = text.find(";", end)
    if reach.sentence is not None and (hit := reach.sentence.search(text, begins, stops if stops >= 0 else len(text))):
        yield hit.group()
    if reach.clause is not None and (hit := reach.clause.search(text, first, last)):
        yield hit.group()
    if reach.before is not None:
        begin = first if reach.reaches == "clause" else 0
        for hit in reach.before.finditer(text, begin, end):
            if (hit.end() <= start or (reach.inside and hit.end() <= end)) and not (
                reach.ends is not None and reach.ends.search(text, hit.end(), max(start, hit.end()))
            ):
                yield hit.group()
    if reach.after is not None:
        for hit in reach.after.finditer(text, end, last):
            between = text[end : hit.start()]
            if len(between.split()) <= _NEAR and not re.search(r"[,;\t.]\s", between + " "):
                yield hit.group()


@lru_cache(maxsize=32)
def _masked(unless: re.Pattern[str], text: str) -> str:
    """Return a text, as long as before, without phrases that only look like those of a kind."""
    return unless.sub(lambda hit: "_" * len(hit.group()), text)


def _led(reach: Reach, text: str, start: int, first: int) -> str | None:
    """Return the phrase of a lead that opens a list of which a stretch is a later part: ``Denies: A; B; C``."""
    lead = _LEAD.match(text)
    if lead is None or lead.end() > min(start, first):
        return None
    if reach.ends is not None and reach.ends.search(text, lead.end(), start):
        return None
    for shape in (reach.before, reach.clause, reach.sentence):
        if shape is not None and (hit := shape.search(text, 0, lead.end())) is not None:
            return hit.group()
    return None


def clause(text: str, start: int, end: int, parted: re.Pattern[str] = _CLAUSE) -> tuple[int, int]:
    """Return where the clause around a stretch begins and ends. ``parted``: what parts it from the next."""
    first, last = 0, len(text)
    for hit in parted.finditer(text):
        if hit.end() <= start:
            first = hit.end()
        elif hit.start() >= end:
            last = hit.start()
            break
    return first, last


def phrases(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds any of some phrases; None for no phrases. ``*`` at the end of a word is any ending."""
    if not words:
        return None
    body = "|".join(_phrase(one) for one in sorted(words, key=len, reverse=True))
    return re.compile(body, re.IGNORECASE)


def _phrase(words: str) -> str:
    made = []
    for word in words.split():
        if "\\" in word:
            made.append(word)
            continue
        core = re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")
        made.append((r"\b" if word[0].isalnum() else "") + core + (r"\b" if word[-1].isalnum() else ""))
    return r"\s+".join(made)
