"""What is asked for with an item: the other items of its Bundle, for facts that name products (`requested_together`).

An item is never alone by silence: where every other item says what it asks for, such a fact is a yes or a no of the
record. An item that does not say it (words alone, a code for whatever has none) keeps open what no other item settles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from priorauth.facts.rows import Answer, Row, Source, mentioned
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim, ClaimItem
from priorauth.record.chart import AnyConcept, Chart, codings
from priorauth.record.claims import Asked
from priorauth.record.codes import matches, plain, system_of
from priorauth.record.request import items
from priorauth.record.tables import UNCLASSIFIED

_HCPCS: Final = re.compile(r"[A-Z0-9]\d{3}[A-Z0-9]", re.ASCII)
_LEVEL_II: Final = re.compile(r"[A-Z]\d{4}", re.ASCII)
_UNSAID: Final = "an item of the request that does not say by a code what it asks for"


class Line(NamedTuple):
    """An item that is asked for, and how rows name it: ``Claim/1#item=2``."""

    claim: Claim
    item: ClaimItem
    ref: str


def lines(claims: Iterable[Claim]) -> list[Line]:
    """Return what all claims of a Bundle ask for together; what was withdrawn is not asked for."""
    return [
        Line(claim, item, f"{name_of(claim)}#item={item.sequence if item.sequence > 0 else place}")
        for claim in claims
        for place, item in items(claim)
    ]


@lru_cache(maxsize=8)
def facts(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts that the other items of a request settle."""
    return tuple(fact for fact in vocabulary.facts.values() if fact.together)


def matter(codes: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Return whether an item of these HCPCS codes settles or keeps open what another item goes with."""
    said = set(codes)
    return said <= UNCLASSIFIED or any(_holds(fact, said) for fact in facts(vocabulary))


def rows(
    chart: Chart, asked: Asked, item: ClaimItem, held: Sequence[Line], known: Mapping[str, Sequence[Row]]
) -> Iterator[Answer]:
    """Yield what the other items say; what is not among them yields to somebody's answer, who may know of more."""
    others = list(_others(item, held))
    for fact in facts(chart.vocabulary):
        answered = any(row.source in (Source.ANSWER, Source.DOCUMENT) for row in known.get(fact.name, ()))
        yield from _of_fact(fact, asked, others, answered=answered)


def _others(item: ClaimItem, held: Iterable[Line]) -> Iterator[tuple[str, set[str]]]:
    """Yield what each other item asks for, by its codes, and what the parts of the item itself are."""
    for line in held:
        codes = of_parts(line.item)
        if line.item is not item:
            yield line.ref, codes | of_product(line.item.product_or_service)
        elif codes:
            yield line.ref, codes


def _of_fact(fact: Fact, asked: Asked, others: list[tuple[str, set[str]]], *, answered: bool) -> Iterator[Answer]:
    day = asked.created.first
    there = [ref for ref, codes in others if _holds(fact, codes)]
    unsaid = [ref for ref, codes in others if codes <= UNCLASSIFIED]
    for ref in there:
        yield Answer(fact.name, Source.RECORD, ref, "yes", day, day)
    if there or answered:
        return
    for ref in unsaid:
        yield mentioned(Answer(fact.name, Source.RECORD, ref, "", day, day), _UNSAID)
    if not unsaid:
        yield Answer(fact.name, Source.RECORD, name_of(asked.claim), "no", day, day)


def _holds(fact: Fact, codes: Iterable[str]) -> bool:
    return any(matches(fact.together, "hcpcs", code) for code in codes)


def of_parts(item: ClaimItem) -> set[str]:
    """Return the codes of what an item consists of."""
    named = [part.product_or_service for part in item.detail]
    named += [below.product_or_service for part in item.detail for below in part.sub_detail]
    return {code for concept in named for code in of_product(concept)}


def of_product(concept: AnyConcept | None) -> set[str]:
    """Return the HCPCS codes of a product, those of level I among them; of no system where they look like level II."""
    found = set()
    for coding in codings(concept):
        code = plain(coding.code)
        shape = _HCPCS if system_of(coding.system) == "hcpcs" else None if coding.system else _LEVEL_II
        if shape is not None and shape.fullmatch(code):
            found.add(code)
    return found
