"""Drift: what a new text of a payer changes, sentence by sentence, and which rules that touches.

The sentences of the older text are those of the trace, so that each brings its rules; the newer text is laid beside
them. What is found word for word has not changed, wherever it stands; what is left over on both sides is paired by its
words, and within a pair figures, windows, units, codes and connectives are marked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from priorauth.errors import Fault, InputRefused
from priorauth.trace.lay import Laid, lay
from priorauth.trace.marks import Mark, likeness, marks, words
from priorauth.trace.sentences import Sentence, label_before, sentences
from priorauth.trace.source import Source
from priorauth.trace.trace import Row, Trace

Kind = Literal["changed", "spelling", "added", "removed", "moved", "renumbered"]
ALIKE: Final = 0.5
"""How alike two sentences are at least that are taken for one, before and after."""
BARELY: Final = 0.25
"""The same where nothing else was taken away or put there."""
OF_THIS: Final = 0.5
"""Which part of a text the sentences of its trace cover at least."""
OF_SAME: Final = 0.25
"""Which part of a newer text stands in the older one at least."""
_NEAR: Final = 0.2
"""How much more alike two sentences count that stand in the same place."""
_LEAST: Final = 0.15
"""How many words one has at least for each of the other."""
_BEGUN: Final = 3
"""How many words a sentence has at least that another begins with."""
_FEW: Final = 3
"""Up to so many words are one sentence with as few in its place, whatever they are: AND on a line of its own."""
_LONGER: Final = 0.75
"""How alike two such sentences are taken to be."""
_Keys = tuple[list[str], Counter[str]]
"""The words of a sentence as they are compared, in their order and counted."""


class Piece(Struct, frozen=True):
    """A sentence of the older text: where it stands there, its letters, and its row of the trace if it has one."""

    sentence: Sentence
    hash: str
    letters: int
    row: Row | None

    @property
    def running(self) -> bool:
        """Whether it is a running head."""
        return self.row is not None and self.row.running

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it carries."""
        return self.row.rules if self.row else ()


class Place(Struct, frozen=True):
    """Where a sentence stands in a copy: page, line, and the label of its item."""

    page: int
    line: int
    label: str | None = None


class Change(Struct, frozen=True):
    """A sentence that changed: how, where it stood and stands, the rules it carries, and the marks within it.

    ``at`` is its number in the trace; ``after`` are the rules of the nearest sentence before an added one.
    """

    kind: Kind
    rules: tuple[str, ...]
    old: Place | None = None
    new: Place | None = None
    at: int | None = None
    marks: tuple[Mark, ...] = ()
    after: tuple[str, ...] = ()
    before: str = ""
    text: str = ""

    @property
    def sentence(self) -> str:
        """The sentence by its number in the trace, where it has one."""
        return f"sentence {self.at}" if self.at else "a sentence"


class Drift(Struct, frozen=True):
    """What a newer text changes, in its order, and how many sentences stand as they were."""

    changes: tuple[Change, ...]
    same: int
    sentences: int
    untraced: int
    """How many sentences of the older text its trace does not know."""

    def touched(self) -> tuple[str, ...]:
        """Return the rules that a change touches, moves and other numbers left out."""
        listed = (one for one in self.changes if one.kind not in {"moved", "renumbered", "spelling"})
        return tuple(dict.fromkeys(name for one in listed for name in one.rules))


def traced(source: Source, trace: Trace, wanted: str) -> Laid:
    """Lay a copy beside a trace; raises InputRefused where it is a copy of another text. ``wanted`` names the trace."""
    laid = lay(source, trace.rows)
    if laid.covered < OF_THIS:
        found = f"{len(laid.found)} of its {len(trace.rows)} sentences stand there"
        raise InputRefused(Fault(source.name, None, f"expected a text of {wanted}: {found}"))
    return laid


def pieces(source: Source, trace: Trace | None, wanted: str) -> list[Piece]:
    """Return the sentences of an older text, those of its trace first to be known; raises InputRefused."""
    if trace is None:
        return [_piece(source, one, None) for one in sentences(source)]
    laid = traced(source, trace, wanted)
    listed = [_piece(source, one.sentence, trace.rows[number]) for number, one in laid.found.items()]
    listed += [_piece(source, one, None) for one in laid.new]
    return sorted(listed, key=lambda piece: piece.sentence.start)


def drift(old: Source, new: Source, trace: Trace | None, wanted: str) -> Drift:
    """Return what a newer text changes against an older one; raises InputRefused where either is another text."""
    before = pieces(old, trace, wanted)
    laid = lay(new, before)
    pairs = _pairs(old, new, before, laid)
    _of_same(new, laid, pairs, wanted)
    changes = sorted(_changes(old, new, before, laid, pairs), key=lambda found: found[0])
    had = {piece.row.at for piece in before if piece.row}
    others = [row for row in trace.rows if row.at not in had] if trace else []
    rows = {one.sentence.start: others[number] for number, one in lay(new, others).found.items()} if others else {}
    return Drift(
        tuple(_ruled(change, rows.get(start)) for start, change in changes),
        len(laid.found),
        len(before),
        sum(1 for piece in before if piece.row is None) if trace else 0,
    )


def _ruled(change: Change, row: Row | None) -> Change:
    """Return a change with the rules of the newer sentence, where the older one has none and the trace knows that."""
    if change.rules or row is None or change.kind == "removed":
        return change
    return replace(change, rules=row.rules, at=row.at)


def _piece(source: Source, one: Sentence, row: Row | None) -> Piece:
    return Piece(one, source.hash(one.start, one.end), one.end - one.start, row)


def _of_same(new: Source, laid: Laid, pairs: dict[int, Sentence], wanted: str) -> None:
    letters = sum(one.end - one.start for one in pairs.values())
    if laid.covered + letters / len(new.letters) < OF_SAME:
        said = f"expected a newer text of {wanted}: {len(laid.found)} sentences of the older one stand there"
        raise InputRefused(Fault(new.name, None, said))


def _changes(
    old: Source, new: Source, before: list[Piece], laid: Laid, pairs: dict[int, Sentence]
) -> Iterator[tuple[int, Change]]:
    """Yield every change with the letter of the newer text by which it is ordered."""
    ends = {number: found.sentence for number, found in laid.found.items()} | pairs
    taken = {one.start for one in pairs.values()}
    for number, piece in enumerate(before):
        there = ends.get(number)
        place = _place(old, piece.sentence)
        at = piece.row.at if piece.row else None
        if there is None:
            if not piece.running or piece.rules:
                near = next((ends[one].end for one in range(number - 1, -1, -1) if one in ends), 0)
                said = old.text(piece.sentence.start, piece.sentence.end)
                yield near, Change("removed", piece.rules, place, None, at, before=said)
            continue
        here = _place(new, there)
        if number in pairs:
            said, says = old.text(piece.sentence.start, piece.sentence.end), new.text(there.start, there.end)
            found = tuple(marks(said, says))
            kind: Kind = "changed" if found else "spelling"
            yield there.start, Change(kind, piece.rules, place, here, at, found, before=said, text=says)
        elif laid.found[number].moved and not piece.running:
            yield there.start, Change("moved", piece.rules, place, here, at)
        if place.label and here.label and place.label != here.label:
            yield there.start, Change("renumbered", piece.rules, place, here, at)
    for one in laid.new:
        if one.start not in taken:
            yield (
                one.start,
                Change(
                    "added",
                    (),
                    None,
                    _place(new, one),
                    after=_above(before, ends, one),
                    text=new.text(one.start, one.end),
                ),
            )


def _above(before: list[Piece], ends: dict[int, Sentence], one: Sentence) -> tuple[str, ...]:
    """Return the rules of the nearest sentence above a new one that carries any."""
    above = [
        (there.start, number) for number, there in ends.items() if there.start < one.start and before[number].rules
    ]
    return before[max(above)[1]].rules if above else ()


def _place(source: Source, one: Sentence) -> Place:
    page, line = source.place(one.start)
    return Place(page, line, one.label or label_before(source, one.start)[0])


def _pairs(old: Source, new: Source, before: list[Piece], laid: Laid) -> dict[int, Sentence]:
    """Pair what is missing with what is new, by words; of two that are as alike the one in the same place is taken."""
    gone = {at: _keys(old, before[at].sentence) for at in laid.missing}
    come = [_keys(new, one) for one in laid.new]
    below, above = _gaps(laid)
    alone = {gap for gap, times in Counter(below.values()).items() if times == above.count(gap) == 1}
    scored = []
    for number, said in gone.items():
        for at, says in enumerate(come):
            alike = _likeness(said, says)
            same = above[at] == below[number]
            only = same and below[number] in alone
            if alike >= ALIKE or (only and (alike >= BARELY or len(said[0]) <= _FEW >= len(says[0]))):
                scored.append((-alike - _NEAR * same, number, at))
    pairs: dict[int, Sentence] = {}
    used: set[int] = set()
    for _, number, at in sorted(scored):
        if number not in pairs and at not in used:
            pairs[number] = laid.new[at]
            used.add(at)
    return pairs


def _keys(source: Source, one: Sentence) -> _Keys:
    keys = [word.key for word in words(source.text(one.start, one.end))]
    return keys, Counter(keys)


def _likeness(one: _Keys, two: _Keys) -> float:
    """Return how alike two sentences are: by their words, and much so where one begins with the whole other."""
    (said, counted), (says, counts) = one, two
    least, most = sorted((len(said), len(says)))
    if least < _LEAST * most:
        return 0.0
    if said[:least] == says[:least] and least >= _BEGUN:
        return _LONGER
    return likeness(counted, counts)


def _gaps(laid: Laid) -> tuple[dict[int, int], list[int]]:
    """Return for each missing and for each new sentence the last known one before it that stands in its order."""
    ordered = sorted((one.sentence.start, number) for number, one in laid.found.items() if not one.moved)
    numbers = [number for _, number in ordered]
    starts = [start for start, _ in ordered]
    below = {number: (numbers[at - 1] if (at := bisect_left(numbers, number)) else -1) for number in laid.missing}
    above = [(numbers[at - 1] if (at := bisect_left(starts, one.start)) else -1) for one in laid.new]
    return below, above


def words_of(changes: tuple[Change, ...]) -> Counter[str]:
    """Return how many changes of each kind there are."""
    return Counter(one.kind for one in changes)
