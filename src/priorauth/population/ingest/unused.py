"""Observations that no fact knows by any of their codes, counted by code: so that a code in use at home is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from priorauth.fhir.structs import Observation
from priorauth.population.manifest import Code, Unused
from priorauth.record.codes import NOTHING, CodeTables
from priorauth.record.readers.fasting import is_status

SHOWN: Final = 20
_MOST: Final = 100_000
"""Codes told apart at once; what comes after is counted without its code."""
_KEPT: Final = 200
"""Codes of one bucket that are kept with their counts, the most frequent."""
_LONGEST: Final = 100


class Tally:
    """Counts observations that are of no use."""

    def __init__(self, codes: CodeTables) -> None:
        """Begin at nothing; ``codes`` say what a code stands for."""
        self._look = codes.look
        self._fasting = codes.fasting
        self._total = 0
        self._codes: Counter[tuple[str, str]] = Counter()

    def count(self, observations: Iterable[Observation]) -> None:
        """Count those of a member."""
        look = self._look
        for one in observations:
            if one.code is not None:
                for coding in one.code.coding:
                    if look(coding.system, coding.code) is not NOTHING:
                        break
                else:
                    self._unknown(one)
            else:
                self._unknown(one)

    def _unknown(self, one: Observation) -> None:
        if self._fasting(one.code) or is_status(one.code):
            return
        for component in one.component:
            if self._fasting(component.code):
                return
            for coding in () if component.code is None else component.code.coding:
                if self._look(coding.system, coding.code) is not NOTHING:
                    return
        self._total += 1
        codings = () if one.code is None else one.code.coding
        name = (codings[0].system[:_LONGEST], codings[0].code[:_LONGEST]) if codings else ("", "")
        if name in self._codes or len(self._codes) < _MOST:
            self._codes[name] += 1

    def taken(self) -> Unused:
        """Return what was counted since the last time."""
        made = _most(self._total, self._codes, _KEPT)
        self._total = 0
        self._codes.clear()
        return made


def together(parts: Iterable[Unused]) -> Unused:
    """Add up counts, with the codes that were met most."""
    total, codes = 0, Counter[tuple[str, str]]()
    for part in parts:
        total += part.observations
        for code in part.codes:
            codes[code.system, code.code] += code.count
    return _most(total, codes, SHOWN)


def _most(total: int, codes: Mapping[tuple[str, str], int], most: int) -> Unused:
    kept = sorted(codes.items(), key=lambda one: (-one[1], one[0]))[:most]
    listed = [Code(count, system, code) for (system, code), count in kept]
    return Unused(total, listed, total - sum(one.count for one in listed))
