"""What a determination asks, thing by thing, as a clinic answers it: ways to show each, their fields, what is on file.

Whoever answers sees the fields that she can settle: of a supplier those about devices, orders and papers.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from msgspec import Struct

from priorauth.decide.decided import Ask, Question
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.asked import facts, parts
from priorauth.decide.page.criteria import Criteria
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language.english import labels
from priorauth.letters.asked import wanted
from priorauth.workbench.drafts.answers import WAY, Input, Typed, answered, inputs
from priorauth.workbench.view.criteria import Row, every, find

LOGS: Final = frozenset({"glucose_self_test", "cgm_glucose"})
"""Facts of which a meter's or sensor's file says more than anybody types."""


class Fields(Struct, frozen=True, kw_only=True):
    """A question with its fields; none where this role cannot settle it. ``first``: here it stands first."""

    fact: str
    ask: str
    of: str
    inputs: tuple[Input, ...]
    mine: bool
    first: bool
    log: bool
    paper: bool
    gap: str
    held: tuple[str, ...]


class Way(Struct, frozen=True, kw_only=True):
    """One way to show a thing: its key, how it is called shortly, and what has to be answered together."""

    key: str
    says: str
    fields: tuple[Fields, ...]

    @property
    def facts(self) -> frozenset[str]:
        """The facts that it needs."""
        return frozenset(one.fact for one in self.fields)


class Thing(Struct, frozen=True, kw_only=True):
    """One thing that is missing: its title, the paragraphs it is for, its ways, and what the record says already."""

    key: str
    item: int
    title: str
    paragraphs: tuple[str, ...]
    who: tuple[str, ...]
    ways: tuple[Way, ...]
    held: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def several(self) -> bool:
        """Whether one of several ways is enough."""
        return len(self.ways) > 1

    @property
    def facts(self) -> frozenset[str]:
        """All facts that answer it, whichever way."""
        return frozenset(fact for way in self.ways for fact in way.facts)

    @property
    def mine(self) -> frozenset[str]:
        """Those of them that the reader answers."""
        return frozenset(one.fact for way in self.ways for one in way.fields if one.mine)

    @property
    def field(self) -> str:
        """The name of the field by which a way is chosen."""
        return f"{WAY}{self.key}"

    def chosen(self, said: str, typed: Typed) -> str:
        """Return the key of the way that was chosen, or in which something was answered; empty where none was."""
        if any(way.key == said for way in self.ways):
            return said
        known = answered(typed)
        return next((way.key for way in self.ways if way.facts & known), "")

    def done(self, typed: Typed) -> bool:
        """Whether all of one way was answered."""
        known = answered(typed)
        return any(way.facts <= known for way in self.ways)


def things(found: Determination, vocabulary: Vocabulary, role: str) -> tuple[Thing, ...]:
    """Return what a determination asks."""
    criteria = Criteria(found)
    by_fact = {question.fact: question for question in found.questions}
    seen: set[str] = set()
    made = []
    titles = Counter(one.title for one in wanted(found))
    for place, (part, says) in enumerate(zip(parts(found.ask), wanted(found), strict=True), 1):
        key = f"{found.item}-{place}"
        choices = part.any if isinstance(part, Ask) and part.any else (part,)
        ways: dict[frozenset[str], Way] = {}
        for number, choice in enumerate(choices, 1):
            listed = tuple(dict.fromkeys(facts(choice)))
            if frozenset(listed) in ways:
                continue
            fields = tuple(_fields(by_fact[fact], criteria, vocabulary, role, seen) for fact in listed)
            ways[frozenset(listed)] = Way(key=f"{key}-{number}", says=_called(listed), fields=fields)
        made.append(
            Thing(
                key=key,
                item=found.item,
                title=says.title if titles[says.title] == 1 else f"{says.title}: {next(iter(ways.values())).says}",
                paragraphs=says.paragraphs,
                who=tuple(
                    dict.fromkeys(one.of for way in says.ways for one in by_fact.values() if one.ask in way.asks)
                ),
                ways=tuple(ways.values()),
                held=tuple(dict.fromkeys(says.held)),
                rows=_rows(found, says.paragraphs),
            )
        )
    return tuple(made)


def _fields(question: Question, criteria: Criteria, vocabulary: Vocabulary, role: str, seen: set[str]) -> Fields:
    fact = vocabulary[question.fact]
    mine = role != "supplier" or question.of == "supplier" or fact.document
    first = question.fact not in seen
    seen.add(question.fact)
    gap = question.gap
    return Fields(
        fact=question.fact,
        ask=question.ask,
        of=question.of,
        inputs=_typed(fact, question) if mine and first else (),
        mine=mine,
        first=first,
        log=fact.name in LOGS,
        paper=fact.document,
        gap=words.stretch(gap) if gap is not None and gap.first else "",
        held=tuple(criteria.plain(words.refused(row, labelled=True)) for row in question.on_file or ()),
    )


def _typed(fact: Fact, question: Question) -> tuple[Input, ...]:
    """Return the fields of a question; of what a file shows there is none."""
    if fact.name in LOGS:
        return ()
    return inputs(fact, whole=question.gap is not None, none=question.or_none is not None)


def _called(listed: tuple[str, ...]) -> str:
    said = [labels().sent(fact) for fact in listed]
    return " and ".join(said) if len(said) < 3 else f"{', '.join(said[:-1])} and {said[-1]}"  # noqa: PLR2004 - a list


def _rows(found: Determination, paragraphs: tuple[str, ...]) -> tuple[Row, ...]:
    """Return what the record says of the criteria of a thing, the rows that count and those that do not."""
    made: dict[Row, None] = {}
    for name in paragraphs:
        one = find(found, name)
        for each in every((one,)) if one is not None else ():
            made |= dict.fromkeys(each.rows)
    return tuple(made)
