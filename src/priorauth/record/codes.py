"""Which facts a code stands for: the code lists of a vocabulary, compiled once into tables that are looked up.

Code systems are known by every URI in use for them. Dots in codes are ignored, letters match in either case, and a
trailing ``*`` means the code and everything below it. A code may stand for facts, be a hint at facts, or stand for a
value of an attribute; where two values match, the longer pattern wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple, Protocol

from priorauth.facts.vocabulary import Codes, Vocabulary
from priorauth.fhir.elements import NamedConcept

SYSTEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "icd10cm": ("http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90"),
    "icd9cm": (
        "http://hl7.org/fhir/sid/icd-9-cm",
        "http://hl7.org/fhir/sid/icd-9-cm/diagnosis",
        "http://terminology.hl7.org/CodeSystem/icd9cm",
        "urn:oid:2.16.840.1.113883.6.103",
    ),
    "snomed": ("http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96"),
    "loinc": ("http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"),
    "rxnorm": ("http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:2.16.840.1.113883.6.88"),
    "atc": ("http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"),
    "hcpcs": (
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "http://bluebutton.cms.gov/resources/codesystem/hcpcs",
        "urn:oid:2.16.840.1.113883.6.285",
        "http://www.ama-assn.org/go/cpt",
        "urn:oid:2.16.840.1.113883.6.12",
    ),
    "icd10pcs": (
        "http://hl7.org/fhir/sid/icd-10-pcs",
        "http://www.cms.gov/Medicare/Coding/ICD10",
        "urn:oid:2.16.840.1.113883.6.4",
    ),
    "nucc": ("http://nucc.org/provider-taxonomy", "urn:oid:2.16.840.1.113883.6.101"),
    "degree": ("http://terminology.hl7.org/CodeSystem/v2-0360", "urn:oid:2.16.840.1.113883.18.220"),
}
"""Sources: HL7 Terminology (ICD, LOINC, SNOMED CT, RxNorm, ATC, CPT with FHIR, provider taxonomy, table 0360) and CMS.

``https`` is read like ``http``. CPT is level I of HCPCS, and its codes stand under ``hcpcs``.
"""

_BY_URI: Final = {uri: name for name, uris in SYSTEMS.items() for uri in uris}
_VERSIONED: Final = {f"{SYSTEMS[name][0]}/": name for name in ("snomed", "degree")}
"""Systems whose address may go on with a version."""
_REMEMBERED: Final = 20_000
_BETWEEN_WORDS: Final = re.compile(r"[^a-z0-9]+")


class Coded(Protocol):
    """Anything with a code system and a code."""

    system: str
    code: str


class Listed(Protocol):
    """A concept: codes that are said to mean the same."""

    @property
    def coding(self) -> Sequence[Coded]:
        """The codes."""


class Hits(NamedTuple):
    """What a code stands for: facts, hints at facts, values of attributes, facts it codes only with a value."""

    facts: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    values: tuple[tuple[str, str, int], ...] = ()
    valued: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


NOTHING: Final = Hits()


def system_of(uri: str) -> str:
    """Return the vocabulary's name of a code system, "" where it has none."""
    plain = uri.rstrip("/")
    if plain.startswith("https:"):
        plain = "http:" + plain.removeprefix("https:")
    return _BY_URI.get(plain) or next((name for start, name in _VERSIONED.items() if plain.startswith(start)), "")


def plain(code: str) -> str:
    """Return a code as it is compared."""
    return code.strip().replace(".", "").upper()


def matches(codes: Codes, system: str, code: str) -> int:
    """Return the length of the longest pattern that the plain code matches, 0 where none does."""
    best = 0
    for pattern in codes.get(system, ()):
        wanted = plain(pattern.removesuffix("*"))
        if code == wanted or (pattern.endswith("*") and code.startswith(wanted)):
            best = max(best, len(wanted))
    return best


class CodeTables:
    """Every code list of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Compile the lists."""
        self._vocabulary = vocabulary
        self._memory: dict[tuple[str, str], Hits] = {}
        self._spoken: dict[str, tuple[str, ...]] = {}
        self._words = [
            (fact.name, re.compile(f" (?:{'|'.join(fact.hint_words)}) "))
            for fact in vocabulary.facts.values()
            if fact.hint_words
        ]
        self._fasting: dict[str, list[tuple[str, str]]] = {}
        for fact in vocabulary.facts.values():
            for system, listed in fact.fasting_codes.items():
                for code in listed:
                    self._fasting.setdefault(code, []).append((system, fact.name))
        self._below = [
            (fact.name, re.compile(f" (?:{'|'.join(words)}) "))
            for fact in vocabulary.facts.values()
            if (words := below_words(fact.hint_below))
        ]

    def look(self, uri: str, code: str) -> Hits:
        """Return what a code stands for."""
        found = self._memory.get((uri, code))
        if found is None:
            found = self._search(system_of(uri), plain(code))
            if len(self._memory) < _REMEMBERED:
                self._memory[uri, code] = found
        return found

    def hits(self, concept: Listed | None) -> Hits:
        """Return what the codes of a concept stand for; the first code that stands for anything decides."""
        if concept is not None:
            look = self.look
            for coding in concept.coding:
                found = look(coding.system, coding.code)
                if found is not NOTHING:
                    return found
        return NOTHING

    def facts(self, codings: Iterable[Coded]) -> tuple[str, ...]:
        """Return the facts that any of the codes stands for, each once."""
        found = [self.look(coding.system, coding.code).facts for coding in codings]
        return found[0] if len(found) == 1 else tuple(dict.fromkeys(chain.from_iterable(found)))

    def hints(self, codings: Iterable[Coded]) -> tuple[str, ...]:
        """Return the facts that any of the codes hints at, each once."""
        found = [self.look(coding.system, coding.code).hints for coding in codings]
        return found[0] if len(found) == 1 else tuple(dict.fromkeys(chain.from_iterable(found)))

    def any_known(self, codings: Iterable[Coded]) -> bool:
        """Whether one of the codes stands for anything."""
        return any(self.look(coding.system, coding.code) is not NOTHING for coding in codings)

    def fasting(self, concept: Listed | None) -> tuple[str, ...]:
        """Return the facts that a code stands for where the sample was drawn fasting (``fasting_codes``)."""
        if concept is not None:
            for coding in concept.coding:
                found = self._fasting.get(coding.code)
                if found is not None:
                    system = system_of(coding.system)
                    return tuple([fact for one, fact in found if one == system])
        return ()

    def spoken(self, *concepts: NamedConcept | None) -> tuple[str, ...]:
        """Return the facts that the words of some concepts speak of (``hint_words``)."""
        return self.told(" | ".join([concept.words for concept in concepts if concept is not None]))

    def told(self, words: str) -> tuple[str, ...]:
        """Return the facts that some words, in lower case, speak of; all signs between words are one space."""
        found = self._spoken.get(words)
        if found is None:
            spaced = f" {_BETWEEN_WORDS.sub(' ', words)} "
            found = tuple([name for name, pattern in self._words if pattern.search(spaced)])
            if len(self._spoken) < _REMEMBERED:
                self._spoken[words] = found
        return found

    def below(self, concept: NamedConcept) -> tuple[str, ...]:
        """Return the facts at which a result hints that only the words of its code name (``hint_below``)."""
        spaced = f" {_BETWEEN_WORDS.sub(' ', concept.words)} "
        return tuple([name for name, pattern in self._below if pattern.search(spaced)])

    def value(self, fact: str, codings: Iterable[Coded]) -> str | None:
        """Return the value of an attribute that the codes stand for; None where there is none, or two match equally."""
        found: dict[str, int] = {}
        for coding in codings:
            for name, value, length in self.look(coding.system, coding.code).values:
                if name == fact:
                    found[value] = max(found.get(value, 0), length)
        best = [value for value, length in found.items() if length == max(found.values())]
        return best[0] if len(best) == 1 else None

    def value_of_fact(self, fact: str, loinc: str, codings: Iterable[Coded]) -> bool:
        """Whether an observation with this LOINC code and value stands for the fact (``code_values``)."""
        listed = self._vocabulary[fact].code_values.get(loinc, {})
        return any(matches(listed, system_of(coding.system), plain(coding.code)) for coding in codings)

    def _search(self, system: str, code: str) -> Hits:
        if not system or not code:
            return NOTHING
        facts, hints, values, valued, below = [], [], [], [], []
        for fact in self._vocabulary.facts.values():
            if matches(fact.codes, system, code) and not matches(fact.without, system, code):
                facts.append(fact.name)
            if matches(fact.hint_codes, system, code) and not matches(fact.hint_without, system, code):
                hints.append(fact.name)
            for value, codes in fact.value_codes.items():
                length = matches(codes, system, code)
                if not length and system == "hcpcs":
                    length = matches(codes, "hcpcs_modifier", code)
                if length:
                    values.append((fact.name, value, length))
            if system == "loinc" and any(plain(loinc) == code for loinc in fact.code_values):
                valued.append(fact.name)
            if system == "loinc" and any(plain(loinc) == code for loinc in listed_below(fact.hint_below)):
                below.append(fact.name)
        found = Hits(tuple(facts), tuple(hints), tuple(values), tuple(valued), tuple(below))
        return found if any(found) else NOTHING


def listed_below(hint: Mapping[str, object]) -> tuple[str, ...]:
    """Return the LOINC codes of a ``hint_below``."""
    listed = hint.get("loinc", ())
    return tuple(str(code) for code in listed) if isinstance(listed, list | tuple) else ()


def below_words(hint: Mapping[str, object]) -> tuple[str, ...]:
    """Return the words of a ``hint_below``."""
    listed = hint.get("words", ())
    return tuple(str(words) for words in listed) if isinstance(listed, list | tuple) else ()


_COMPILED: dict[str, CodeTables] = {}
_KEPT: Final = 8


def compiled(vocabulary: Vocabulary) -> CodeTables:
    """Return the tables of a vocabulary, compiled once."""
    found = _COMPILED.get(vocabulary.sha256)
    if found is None or found._vocabulary is not vocabulary:  # noqa: SLF001  # the tables' own module
        if len(_COMPILED) >= _KEPT:
            _COMPILED.clear()
        found = _COMPILED[vocabulary.sha256] = CodeTables(vocabulary)
    return found
