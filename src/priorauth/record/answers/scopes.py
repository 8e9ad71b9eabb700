"""A filled-in questionnaire is taken apart into scopes: for one fact, the answers and parts that belong together.

``linkId`` is a fact, or ``<fact>.<part>``. Parts stand under their fact's item, under one of its answers, or beside it;
each of these places is a scope of its own. A linkId that is neither is ignored and listed, and what it holds is read
all the same. Headings and choices of the forms that are made here (``form.``) are ignored and not listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct, field

from priorauth.facts.vocabulary import Kind, Vocabulary
from priorauth.fhir.forms import Item, ItemAnswer

VALUE: Final = "value"
NONE: Final = "none"
"""Answered with true: there is none at all, it is not so, it never was."""
WHOLE: Final = "complete"
LAYOUT: Final = "form."
"""What the linkIds begin with that are headings and choices of a form made here, and no facts."""
PARTS: Final[Mapping[Kind, frozenset[str]]] = {
    "attestation": frozenset({NONE}),
    "attribute": frozenset(),
    "judgment": frozenset(),
    "measurement": frozenset({"date", NONE, "complete_from", "complete_until", WHOLE}),
    "event": frozenset({NONE, "complete_from", "complete_until", WHOLE}),
    "regimen": frozenset({VALUE, "from", "until", NONE}),
    "condition": frozenset({VALUE, "from", "until", NONE}),
}


class Token(NamedTuple):
    """One answer to a fact (part ``value``) or to a part of it."""

    part: str
    answer: ItemAnswer


class Scope(Struct):
    """What was said of one fact in one place, in order; ``spans`` are groups of ``from`` and ``until``."""

    fact: str
    tokens: list[Token] = field(default_factory=list)
    spans: list[list[Token]] = field(default_factory=list)

    def of(self, *parts: str) -> list[Token]:
        """Return the answers to some parts."""
        return [token for token in self.tokens if token.part in parts]

    def groups(self, *parts: str) -> list[dict[str, ItemAnswer]]:
        """Put answers to parts together: by place where each was answered equally often, else one after the other."""
        tokens = self.of(*parts)
        by_part: dict[str, list[ItemAnswer]] = {}
        for token in tokens:
            by_part.setdefault(token.part, []).append(token.answer)
        if len({len(listed) for listed in by_part.values()}) == 1:
            count = len(next(iter(by_part.values())))
            return [{part: listed[place] for part, listed in by_part.items()} for place in range(count)]
        grouped: list[dict[str, ItemAnswer]] = []
        for part, answer in tokens:
            if not grouped or part in grouped[-1]:
                grouped.append({})
            grouped[-1][part] = answer
        return grouped


class Reading(Struct):
    """All scopes of a questionnaire, and the linkIds that are no facts."""

    vocabulary: Vocabulary
    scopes: list[Scope] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def scopes(items: list[Item], vocabulary: Vocabulary) -> Reading:
    """Take a questionnaire's items apart."""
    reading = Reading(vocabulary)
    _container(reading, items, None)
    reading.unknown = list(dict.fromkeys(reading.unknown))
    return reading


def split(link: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return fact and part of a linkId (part "" for the fact itself), None where it is no fact's."""
    facts = vocabulary.facts
    if link in facts:
        return link, ""
    fact, _, part = link.partition(".")
    if fact in facts and part in PARTS[facts[fact].kind]:
        return fact, part
    return None


def _container(reading: Reading, items: list[Item], owner: str | None) -> None:
    """Read a list of items; ``owner`` is the fact under whose item it stands: its parts there are read already."""
    beside: dict[str, Scope] = {}
    vocabulary = reading.vocabulary
    for item in items:
        found = split(item.link_id, vocabulary)
        if found is None:
            if not item.link_id.startswith(LAYOUT):
                reading.unknown.append(item.link_id[:80])
            for nested in _nested(item):
                _container(reading, nested, None)
            continue
        fact, part = found
        if part and fact == owner:
            continue
        scope = beside.get(fact)
        if scope is None:
            scope = beside[fact] = Scope(fact)
        if part:
            _part(reading, scope, part, item)
        else:
            _fact(reading, scope, item)
    reading.scopes.extend([scope for scope in beside.values() if scope.tokens or scope.spans])


def _fact(reading: Reading, beside: Scope, item: Item) -> None:
    """Read a fact's own item: answers without parts of their own join what stands beside the item."""
    fact = beside.fact
    under = Scope(fact)
    own_parts = bool(item.item) and _has_parts(reading, fact, item.item)
    for answer in item.answer:
        if answer.item and _has_parts(reading, fact, answer.item):
            inner = Scope(fact, [] if answer.empty else [Token(VALUE, answer)])
            _parts(reading, inner, answer.item)
            reading.scopes.append(inner)
        else:
            (under if own_parts else beside).tokens.append(Token(VALUE, answer))
        if answer.item:
            _container(reading, answer.item, fact)
    if own_parts:
        _parts(reading, under, item.item)
        reading.scopes.append(under)
    if item.item:
        _container(reading, item.item, fact)


def _has_parts(reading: Reading, fact: str, items: list[Item]) -> bool:
    return any((split(item.link_id, reading.vocabulary) or ("", ""))[0] == fact for item in items)


def _parts(reading: Reading, scope: Scope, items: list[Item]) -> None:
    for item in items:
        found = split(item.link_id, reading.vocabulary)
        if found is not None and found[0] == scope.fact and found[1]:
            _part(reading, scope, found[1], item)


def _part(reading: Reading, scope: Scope, part: str, item: Item) -> None:
    if part != WHOLE:
        scope.tokens.extend(Token(part, answer) for answer in item.answer)
        return
    for nested in _nested(item):
        span: list[Token] = []
        for child in nested:
            name = child.link_id.rpartition(".")[2]
            if name in ("from", "until"):
                span.extend(Token(name, answer) for answer in child.answer)
            else:
                reading.unknown.append(child.link_id[:80])
        if span:
            scope.spans.append(span)


def _nested(item: Item) -> Iterator[list[Item]]:
    if item.item:
        yield item.item
    for answer in item.answer:
        if answer.item:
            yield answer.item
