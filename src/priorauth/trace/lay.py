"""A copy of a text laid beside sentences that are known by hash: which stands where, which is missing, what is new.

A known sentence is found wherever its letters stand between two places at which a sentence may begin and end, so that a
copy with other lines, pages or paragraphs is laid as well. What no sentence covers is parted into sentences anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Protocol

from msgspec import Struct

from priorauth.trace.sentences import Sentence, begins_item, between, cuts, is_label, label_before
from priorauth.trace.source import JOINT, Source

SHORT: Final = 25
"""Below so many letters a sentence has to begin where one surely begins: a few words stand within many others."""


Place = tuple[int, int, str]
"""Where a sentence may stand in a copy: the letters at which it begins and ends, and its hash."""

_STOPS: Final = re.compile(r"[.:;!?]|\n\s*\n")


class Known(Protocol):
    """A sentence that is known: its hash, how many letters it has, and whether it is a running head."""

    @property
    def hash(self) -> str:
        """The hash of its letters."""

    @property
    def letters(self) -> int:
        """How many letters it has."""

    @property
    def running(self) -> bool:
        """Whether it is a running head: it may stand in a copy more often than once."""


class Found(Struct, frozen=True):
    """A known sentence in a copy: which one (counted from 0), where, its label there, and whether it has moved."""

    known: int
    sentence: Sentence
    moved: bool = False


class Laid(Struct, frozen=True):
    """A copy beside known sentences: those found by their number, those missing, and the new ones in their order.

    ``heads`` are running heads of this copy that are not known; they are no part of the text.
    """

    source: Source
    found: dict[int, Found]
    missing: tuple[int, ...]
    new: tuple[Sentence, ...]
    heads: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> list[Sentence]:
        """The sentences of the copy, found and new, in its order."""
        return sorted([*(one.sentence for one in self.found.values()), *self.new], key=lambda one: one.start)

    @property
    def covered(self) -> float:
        """Which part of the letters of the copy known sentences cover."""
        letters = sum(one.sentence.end - one.sentence.start for one in self.found.values())
        return letters / len(self.source.letters)


def lay(source: Source, known: Sequence[Known]) -> Laid:
    """Lay a copy beside known sentences, given in the order of their text."""
    candidates = _candidates(source, known)
    keys = [(one.letters, one.hash) for one in known]
    again = {(one.letters, one.hash) for one in known if one.running}
    while True:
        places = _apart(source, candidates)
        found, free = _aligned(source, keys, places)
        over = {place for place in free if (place[1] - place[0], place[2]) not in again}
        astray = over | _astray(candidates, keys, found) if len(found) < len(keys) else set()
        astray |= _longer(source, places)
        if not astray:
            break
        # a sentence that stands once more than it should may cover two others: those are looked for in its place
        candidates = [(place, sure) for place, sure in candidates if place not in astray]
    taken = [place[:2] for place in places if place not in over]
    missing = tuple(number for number in range(len(keys)) if number not in found)
    rest = list(_rest(source, taken))
    new = tuple(one for one in rest if one.start < source.running)
    heads = tuple(one for one in rest if one.start >= source.running)
    return Laid(source, dict(sorted(found.items())), missing, new, heads)


def _longer(source: Source, places: list[Place]) -> set[Place]:
    """Return the places of sentences that go on over the end of a line in words that are not known."""
    starts = {start for start, _, _ in places}
    found = set()
    for place in places:
        end = place[1]
        if end not in starts and end < len(source.letters):
            joint = source.gap(end)
            first = source.raw[source.at[end]]
            goes_on = "\n" in joint and (first.islower() or joint.endswith("("))
            if goes_on and not _STOPS.search(joint) and not begins_item(source, end):
                found.add(place)
    return found


def _astray(
    candidates: Sequence[tuple[Place, bool]], keys: list[tuple[int, str]], found: dict[int, Found]
) -> set[Place]:
    """Return the places of sentences that seem to have moved, and cover shorter ones that are missing."""
    gone = {key for number, key in enumerate(keys) if number not in found}
    inside = [place for place, _ in candidates if (place[1] - place[0], place[2]) in gone]
    moved = [(one.sentence.start, one.sentence.end, keys[one.known][1]) for one in found.values() if one.moved]
    return {place for place in moved if any(place[0] <= one[0] and one[1] <= place[1] for one in inside)}


def _aligned(source: Source, keys: list[tuple[int, str]], places: list[Place]) -> tuple[dict[int, Found], set[Place]]:
    """Return which known sentence stands in which place, those in their order first, and the places left over."""
    found: dict[int, Found] = {}
    here = [(end - start, digest) for start, end, digest in places]
    free = set(range(len(places)))
    for block in SequenceMatcher(None, keys, here, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            found[block.a + step] = _found(source, block.a + step, places[block.b + step], moved=False)
            free.discard(block.b + step)
    loose = defaultdict(list)
    for at in sorted(free):
        loose[here[at]].append(at)
    for number, key in enumerate(keys):
        if number not in found and loose[key]:
            at = loose[key].pop(0)
            found[number] = _found(source, number, places[at], moved=True)
            free.discard(at)
    return found, {places[at] for at in free}


def _found(source: Source, number: int, place: Place, *, moved: bool) -> Found:
    start, end, _ = place
    label, _ = label_before(source, start)
    return Found(number, Sentence(start, end, label), moved)


def _candidates(source: Source, known: Sequence[Known]) -> list[tuple[Place, bool]]:
    """Return where known sentences may stand, the longest first, and whether each surely begins there."""
    edges = list(source.edges())
    ends = {edge.letter for edge in edges if edge.ends}
    wanted = defaultdict(set)
    for one in known:
        wanted[one.letters].add(one.hash)
    places = []
    for edge in edges:
        start = edge.letter
        if not edge.ends and label_before(source, start)[0] is None:
            continue
        for letters, hashes in wanted.items():
            if (end := start + letters) in ends and (digest := source.hash(start, end)) in hashes:
                sure = edge.firm or letters >= SHORT or label_before(source, start)[0] is not None
                places.append(((start, end, digest), sure))
    return sorted(places, key=lambda one: (one[0][0] - one[0][1], one[0][0]))


def _apart(source: Source, candidates: Sequence[tuple[Place, bool]]) -> list[Place]:
    """Return the places that are taken, none over another, in the order of the copy."""
    taken = bytearray(len(source.letters) + 1)
    kept: dict[int, Place] = {}
    later: list[Place] = []
    for place, sure in candidates:
        start, end, _ = place
        if any(taken[start:end]):
            continue
        if not sure:
            later.append(place)
            continue
        taken[start:end] = b"\1" * (end - start)
        kept[start] = place
    for place in sorted(later):  # a heading right below another: sure where what stands before it is covered
        start, end, _ = place
        if taken[start - 1] and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept[start] = place
    return [kept[start] for start in sorted(kept)]


def _rest(source: Source, taken: Iterable[tuple[int, int]]) -> Iterator[Sentence]:
    """Yield the sentences of what is not covered; a label alone is that of the sentence after it."""
    last = 0
    listed = None
    for start, end in [*sorted(taken), (len(source.letters), len(source.letters))]:
        if last < start and not is_label(source.letters[last:start].strip(JOINT)):
            stop = label_before(source, start, last)[1] if start < len(source.letters) else start
            listed = cuts(source) if listed is None else listed
            for one in between(source, listed, last, stop):
                if not is_label(source.letters[one.start : one.end].strip(JOINT)):
                    label = one.label or label_before(source, one.start)[0]
                    yield Sentence(one.start, one.end, label)
        last = max(last, end)
