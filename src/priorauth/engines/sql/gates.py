"""Conditions as gates over bits: of each gate one bit a member, 64 members a word.

A gate is the number of a line: a name of what is known of each member, or AND, OR or NOT of gates before it. The same
line is never there twice. Lines that nothing wanted needs are not worked out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
Line = tuple[str, int, int]
NEVER: Final = 0
ALWAYS: Final = 1
WORD: Final = 64


@dataclass(slots=True)
class Gates:
    """The lines, each an operator and the gates that it is of; the first two are never and always."""

    lines: list[Line] = field(default_factory=lambda: [("never", 0, 0), ("always", 0, 0)])
    places: dict[Line, int] = field(default_factory=dict)
    names: list[Hashable] = field(default_factory=list)
    """Of what is known: a line ``known`` has the place of its name here."""
    named: dict[Hashable, int] = field(default_factory=dict)
    """The gate of each name."""

    def known(self, name: Hashable) -> int:
        """Return the gate of what is known by a name."""
        if name not in self.named:
            self.names.append(name)
            self.named[name] = self._line("known", len(self.names) - 1, 0)
        return self.named[name]

    def both(self, one: int, two: int) -> int:
        """Return the gate that is set where both are."""
        return self._joined("and", one, two, NEVER)

    def either(self, one: int, two: int) -> int:
        """Return the gate that is set where one of them is."""
        return self._joined("or", one, two, ALWAYS)

    def other(self, one: int) -> int:
        """Return the gate that is set where one is not."""
        if one <= ALWAYS:
            return 1 - one
        operator, of, _ = self.lines[one]
        return of if operator == "not" else self._line("not", one, 0)

    def every(self, gates: Iterable[int]) -> int:
        """Return the gate that is set where all are."""
        found = ALWAYS
        for gate in gates:
            found = self.both(found, gate)
        return found

    def some(self, gates: Iterable[int]) -> int:
        """Return the gate that is set where one of them is."""
        found = NEVER
        for gate in gates:
            found = self.either(found, gate)
        return found

    def at_least(self, many: int, gates: Iterable[int]) -> int:
        """Return the gate that is set where so many are."""
        reached = [ALWAYS, *([NEVER] * max(many, 0))]
        for gate in gates:
            for count in range(len(reached) - 1, 0, -1):
                reached[count] = self.either(reached[count], self.both(reached[count - 1], gate))
        return reached[max(many, 0)]

    def needed(self, wanted: Iterable[int]) -> list[int]:
        """Return the lines that some gates need, themselves too, in order."""
        found = set(wanted)
        for place in range(max(found, default=0), ALWAYS, -1):
            if place in found:
                found.update(_below(self.lines[place]))
        return sorted(found)

    def run(self, known: Mapping[Hashable, Bits], wanted: Sequence[int], members: int) -> dict[int, Bits]:
        """Return the bits of some lines, those that they need among them and in order (:meth:`needed`).

        ``known`` has the bits of every name; bits past the last member are any.
        """
        words = -(-members // WORD)
        found: dict[int, Bits] = {}
        for place in wanted:
            operator, one, two = self.lines[place]
            match operator:
                case "known":
                    found[place] = known[self.names[one]]
                case "and":
                    found[place] = found[one] & found[two]
                case "or":
                    found[place] = found[one] | found[two]
                case "not":
                    found[place] = ~found[one]
                case _:
                    found[place] = np.full(words, -int(operator == "always"), np.int64).view(np.uint64)
        return found

    def _joined(self, operator: str, one: int, two: int, wins: int) -> int:
        """Return the gate of two; ``wins``: the one of never and always that settles it, the other leaves it be."""
        if wins in {one, two} or one == self.other(two):
            return wins
        idle = ALWAYS - wins
        if two in {one, idle}:
            return one
        return two if one == idle else self._line(operator, min(one, two), max(one, two))

    def _line(self, operator: str, one: int, two: int) -> int:
        line = (operator, one, two)
        place = self.places.get(line)
        if place is None:
            place = self.places[line] = len(self.lines)
            self.lines.append(line)
        return place


def _below(line: Line) -> tuple[int, ...]:
    """Return the gates that a line is of."""
    operator, one, two = line
    if operator == "not":
        return (one,)
    return (one, two) if operator in {"and", "or"} else ()


def packed(truths: npt.NDArray[np.bool_]) -> Bits:
    """Return truths, one a member, as bits."""
    made = np.zeros(-(-len(truths) // WORD) * 8, np.uint8)
    made[: -(-len(truths) // 8)] = np.packbits(truths, bitorder="little")
    return made.view(np.uint64)


def unpacked(bits: Bits, members: int) -> npt.NDArray[np.uint8]:
    """Return bits as a 0 or 1 for each member."""
    return np.unpackbits(bits.view(np.uint8), count=members, bitorder="little")
