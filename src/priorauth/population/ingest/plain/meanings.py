"""What the texts of elements mean, asked of the reader's own types and tables, once for each different text.

A meaning is up to three numbers; the first is REFUSED where the text is not plain, and so is a text that the reader's
types cannot decode.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec

from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import counts
from priorauth.fhir.elements import Coding, Concept, NamedConcept, Quantity, Range, Reference
from priorauth.fhir.structs import Component, Participant
from priorauth.glucose.readings import METER, SENSOR
from priorauth.population.ingest.plain.evidence import FACTS
from priorauth.population.ingest.plain.rows import whose
from priorauth.population.ingest.shared import mentions
from priorauth.record import derived
from priorauth.record.chart import codings
from priorauth.record.codes import CodeTables
from priorauth.record.quantities import Scales
from priorauth.record.readers import episodes, infusion, labs
from priorauth.record.readers.observations import FINAL, marks
from priorauth.record.request import NOT_FIRST
from priorauth.record.tables import ACUTE_CARE

REFUSED: Final = -1
VOID: Final = -2
OF_METER: Final = 1
"""The meaning of a code of self-tests; those of laboratory results follow, in the order of :func:`results`."""
_FIRST_RESULT: Final = OF_METER + 1
_ID: Final = re.compile(r"Patient/([A-Za-z0-9.\-]{1,64})")
_REMEMBERED: Final = 50_000
_MOST: Final = 2**31 - 1
JOINED: Final = (labs.WEIGHT, labs.CREATININE)
"""Facts that only the clearance of creatinine is made of: their results are plain, and it is worked out of them."""
_JOINT: Final = frozenset(
    {
        SENSOR, "c_peptide", "fasting_glucose", *JOINED, "cgm_days_worn_percent", labs.PERCENT,
        labs.TOGETHER, labs.CLEARANCE, episodes.STAY, infusion.WEEKS, derived.MONTHS, derived.SHARE,
        "repair_cost", "replacement_cost", *derived.HARMS, *NOT_FIRST,
    }
)  # fmt: skip
"""Facts whose results are also looked at together with others, or that others are made of."""

Meant = tuple[int, ...]


@lru_cache(maxsize=8)
def results(known: Vocabulary) -> tuple[str, ...]:
    """Return the facts of which a result is plain: those that stand for themselves, then JOINED."""
    limited = {fact.name for fact in known.facts.values() if fact.only_sex or fact.only_ages}
    apart = _JOINT | FACTS | limited
    measured = {one.name for one in known.facts.values() if one.kind == "measurement"}
    return (*sorted(measured - apart), *(fact for fact in JOINED if fact in measured))


class Meanings:
    """What texts of elements mean; what was asked once is remembered."""

    def __init__(self, codes: CodeTables, scale: Scales) -> None:
        """Take what codes and units mean."""
        self._codes, self._scales = codes, scale
        self._results = results(scale.vocabulary)
        self._memory: dict[str, dict[bytes, Meant]] = {}
        self._held = 0
        self.names: list[tuple[str, ...]] = [()]
        """The names of what belongs to nobody, as visits refer to it: each different list of them, by its number."""
        self._numbers: dict[tuple[str, ...], int] = {(): 0}
        self._asks: dict[str, Callable[[bytes], Meant]] = {
            "status": _status, "code": self._code, "subject": _subject, "component": _component,
            "visit": _visit, "class": _class, "type": self._type, "participant": self._participant,
            "provider": self._provider, "interpretation": _interpretation, "range": _range,
        }  # fmt: skip

    def of(self, element: str, text: bytes, fact: int = 0) -> Meant:
        """Return what a text means, as it was found when it was met first; ``fact``: what the code of a value means."""
        name = f"{element} {fact}"
        memory = self._memory.setdefault(name, {})
        found = memory.get(text)
        if found is None:
            try:
                found = self._value(text, fact) if element == "value" else self._asks[element](text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                found = REFUSED, 0, 0
            if self._held < _REMEMBERED:
                self._held += 1
                memory[text] = found
        return found

    def fact(self, code: int) -> int:
        """Return the place among :func:`results` of what a code means, 0 where it is of a meter."""
        return max(code - _FIRST_RESULT, 0)

    def _code(self, text: bytes) -> Meant:
        """Only a code of self-tests by a meter, or of one fact of :func:`results`, and of nothing else is plain."""
        hits = self._codes.hits(_CODE.decode(text))
        if hits.facts == (METER,):
            return OF_METER, 0, 0
        if len(hits.facts) != 1 or hits.facts[0] not in self._results or hits.valued or hits.below:
            return REFUSED, 0, 0
        return _FIRST_RESULT + self._results.index(hits.facts[0]), 0, 0

    def _value(self, text: bytes, code: int) -> Meant:
        """Return the whole multiples of the fact's resolution of a number that is known on both sides."""
        fact = METER if code == OF_METER else self._results[code - _FIRST_RESULT]
        amount = self._scales.amount(fact, _QUANTITY.decode(text))
        known = amount.fault is None and amount.low is not None and amount.low == amount.high
        return (amount.low if known and 0 <= (amount.low or 0) <= _MOST else REFUSED) or 0, 0, 0

    def _type(self, text: bytes) -> Meant:
        """Say whether the kind of a visit speaks of nothing, by code or in words."""
        concepts = _TYPES.decode(text)
        listed = codings(*concepts)
        words = " | ".join([*(concept.words for concept in concepts), ""])
        said = self._codes.facts(listed) or self._codes.hints(listed) or self._codes.told(words)
        return (REFUSED if said else 1), 0, 0

    def _participant(self, text: bytes) -> Meant:
        """Return the number of the names of those who took part."""
        if any(one.modifier_extension for one in _PARTICIPANTS.decode(text)):
            return REFUSED, 0, 0
        return self._named(text)

    def _provider(self, text: bytes) -> Meant:
        """Return the number of the name of where a visit was."""
        _REFERENCE.decode(text)
        return self._named(text)

    def _named(self, text: bytes) -> Meant:
        """Return the number of the names in a text that may mean something that belongs to nobody."""
        names = tuple(sorted({name.decode() for _, name in mentions(text)}))
        if b"://" in text or any(name.startswith("urn:") for name in names):
            return REFUSED, 0, 0
        if names not in self._numbers:
            if len(self.names) == _REMEMBERED:
                return REFUSED, 0, 0
            self._numbers[names] = len(self.names)
            self.names.append(names)
        return self._numbers[names], 0, 0


def _status(text: bytes) -> Meant:
    """Say whether a test counts, or is out; of all between, the reader has to see more."""
    status = _TEXT.decode(text)
    if status in FINAL:
        return 1, 0, 0
    return (VOID if status in _OUT["Observation"] else REFUSED), 0, 0


def _visit(text: bytes) -> Meant:
    """Say whether a visit counts, or is out; of all between, the reader has to see more."""
    status = _TEXT.decode(text)
    if any(status in one.counts for one in counts.STATUSES["Encounter"] if one.element == "status"):
        return 1, 0, 0
    return (VOID if status in _OUT["Encounter"] else REFUSED), 0, 0


def _class(text: bytes) -> Meant:
    """Say whether a visit is none of acute care, of which the reason is read."""
    return (REFUSED if _CLASS.decode(text).code in ACUTE_CARE else 1), 0, 0


def _subject(text: bytes) -> Meant:
    """Return the hashes of the patient, who is named by type and id and in no other way."""
    reference = _REFERENCE.decode(text)
    found = _ID.fullmatch(reference.reference)
    if found is None or reference.identifier is not None:
        return REFUSED, 0, 0
    return 1, *(number - (number >> 63 << 64) for number in whose(found[1]))  # as NumPy holds them, with a sign


def _component(text: bytes) -> Meant:
    """Return the flags of what is said of the meal."""
    components = _COMPONENTS.decode(text)
    if any(one.modifier_extension for one in components):
        return REFUSED, 0, 0
    found = marks(components)
    return (VOID if found is None else found), 0, 0


def _interpretation(text: bytes) -> Meant:
    """Let any stand: of a number nobody reads it."""
    _CONCEPTS.decode(text)
    return 1, 0, 0


def _range(text: bytes) -> Meant:
    """Let any stand: of what is plain nobody reads it."""
    _RANGES.decode(text)
    return 1, 0, 0


_TEXT: Final = msgspec.json.Decoder(str)
_CODE: Final = msgspec.json.Decoder(NamedConcept)
_REFERENCE: Final = msgspec.json.Decoder(Reference)
_QUANTITY: Final = msgspec.json.Decoder(Quantity)
_COMPONENTS: Final = msgspec.json.Decoder(tuple[Component, ...])
_CONCEPTS: Final = msgspec.json.Decoder(tuple[Concept, ...])
_RANGES: Final = msgspec.json.Decoder(tuple[Range, ...])
_CLASS: Final = msgspec.json.Decoder(Coding)
_TYPES: Final = msgspec.json.Decoder(list[NamedConcept])
_PARTICIPANTS: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(list[Participant])
_OUT: Final = {
    kind: frozenset[str]().union(*(one.out for one in counts.STATUSES[kind] if one.element == "status"))
    for kind in ("Observation", "Encounter")
}
