"""What a request for information asks, numbered: each thing with its paragraph, what is enough, and what is on file."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from priorauth.decide.decided import Ask, Question
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.asked import facts, parts
from priorauth.decide.page.criteria import Criteria
from priorauth.values.dates import spoken


class Way(Struct, frozen=True, gc=False):
    """One way to answer: the questions that have to be answered together, and who can."""

    asks: tuple[str, ...]
    of: tuple[str, ...]
    days: str


class Wanted(Struct, frozen=True, gc=False):
    """One thing that is asked: what shows it, under which paragraphs, by which ways, and what we hold already."""

    title: str
    paragraphs: tuple[str, ...]
    ways: tuple[Way, ...]
    held: tuple[str, ...]
    clinical: bool
    """Whether only the prescriber's side settles it, so that a supplier's word does not."""


def wanted(found: Determination) -> tuple[Wanted, ...]:
    """Return what a determination asks, and nothing beside it."""
    criteria = Criteria(found)
    by_fact = {question.fact: question for question in found.questions}
    return tuple(_one(part, criteria, by_fact) for part in parts(found.ask))


def _one(part: str | Ask, criteria: Criteria, by_fact: dict[str, Question]) -> Wanted:
    questions = [by_fact[fact] for fact in dict.fromkeys(facts(part))]
    shared = criteria.common([one.criteria for one in questions])
    title = criteria.by_id[shared].title if shared in criteria.by_id else None
    rows = dict.fromkeys(row for one in questions for row in one.on_file or ())
    paragraphs = (shared,) if shared else tuple(dict.fromkeys(name for one in questions for name in one.criteria))
    return Wanted(
        title=title or (criteria.scope[0] if criteria.scope else questions[0].ask),
        paragraphs=tuple(name for name in paragraphs if name),
        ways=tuple(_ways(part, by_fact)),
        held=tuple(criteria.plain(words.refused(row, labelled=True)) for row in rows),
        clinical=all(one.of == "prescriber" for one in questions),
    )


def _ways(part: str | Ask, by_fact: dict[str, Question]) -> Iterator[Way]:
    choices = part.any if isinstance(part, Ask) and part.any else (part,)
    for choice in choices:
        questions = [by_fact[fact] for fact in dict.fromkeys(facts(choice))]
        days = dict.fromkeys(words.stretch(one.gap) for one in questions if one.gap and one.gap.first)
        yield Way(
            asks=tuple(dict.fromkeys(spoken(one.ask) for one in questions)),
            of=tuple(dict.fromkeys(one.of for one in questions)),
            days="; ".join(days),
        )
