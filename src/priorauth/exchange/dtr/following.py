"""What an adaptive form asks next: of what a determination asks, the questions of one criterion to one person.

What the determination asks first is asked first; then exclusions, then the criteria in the payer's order, what the
practice answers before what the supplier does. Of alternatives it is asked once which of them can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from priorauth.decide.decided import Question
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.asked import Part, facts
from priorauth.decide.page.criteria import Criteria, walk
from priorauth.exchange.dtr.groups import ASK, JOINED, NONE, WAY, Chosen, Groups
from priorauth.exchange.wire import Json
from priorauth.export.conditions import listed as has_values
from priorauth.export.items import Words, question
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language.english import labels

CHOICE: Final = "Which of these can be shown?"
MORE: Final = "What was given is not enough. Which of these can be shown beside it?"
NONE_OF_THEM: Final = "None of these"
MOST_ROWS: Final = 3
_FIRST: Final = ("exclusion", "criterion")


class One(NamedTuple):
    """A fact to ask for; ``way``: the choice by which it came to be asked."""

    fact: str
    way: Chosen | None = None


class Choice(NamedTuple):
    """Ways to show a thing, one of which is enough; ``more``: something was given already."""

    ways: tuple[Part, ...]
    way: Chosen | None = None
    more: bool = False


Step = One | Choice


def askable(fact: Fact) -> bool:
    """Whether a form may ask for a fact: no judgment, and nothing that the payer knows."""
    return fact.kind != "judgment" and fact.asked_of != "payer"


class Following:
    """Chooses what a form asks next."""

    def __init__(self, made: Determination, groups: Groups, vocabulary: Vocabulary) -> None:
        """Take what is asked, and what the form has asked already."""
        self.made, self.groups, self.vocabulary = made, groups, vocabulary
        self.criteria = Criteria(made)
        self.questions = {one.fact: one for one in made.questions if askable(vocabulary[one.fact])}
        self.places = {one.id: place for place, one in enumerate(walk(made.criteria)) if one.id}

    @property
    def wanted(self) -> frozenset[str]:
        """The facts that are asked."""
        return frozenset(self.questions)

    def steps(self, shown: frozenset[str]) -> tuple[Step, ...]:
        """Return what there is to ask beside the facts that are ``shown``, in the order of asking."""
        found = [] if self.made.ask is None else list(self._steps(self.made.ask, None, shown))
        return tuple(sorted(dict.fromkeys(found), key=self._rank))

    def _rank(self, step: Step) -> tuple[bool, bool, int]:
        """Order steps by who answers, exclusions first, then as the payer's text has their criteria."""
        first = self.questions[self._names(step)[0]]
        place = min((self.places[one] for one in first.criteria if one in self.places), default=len(self.places))
        return first.of != "prescriber", self.role(first) != _FIRST[0], place

    def role(self, asked: Question) -> str:
        """Return what meeting the criterion of a question means."""
        known = [self.criteria.by_id[one] for one in asked.criteria if one in self.criteria.by_id]
        return self.criteria.role[id(known[0])] if known else _FIRST[1]

    def _names(self, step: Step) -> tuple[str, ...]:
        listed = [step.fact] if isinstance(step, One) else [fact for way in step.ways for fact in facts(way)]
        return tuple(fact for fact in dict.fromkeys(listed) if fact in self.questions)

    def _steps(self, part: Part, way: Chosen | None, shown: frozenset[str]) -> Iterator[Step]:
        if isinstance(part, str):
            if part in self.questions and part not in shown:
                yield One(part, way)
        elif part.any:
            yield from self._any(part.any, way, shown)
        else:
            for one in part.all:
                yield from self._steps(one, way, shown)

    def _any(self, parts: Sequence[Part], way: Chosen | None, shown: frozenset[str]) -> Iterator[Step]:
        asked = [one for one in parts if self._asks(one)]
        ways = _fewest(asked)
        left = [one for one in ways if not self._asks(one) <= shown]
        if not left:
            return
        picked = [(one, chosen) for chosen in self.groups.chosen for one in self._picked(left, chosen)]
        if picked:
            for one, chosen in picked:
                yield from self._steps(one, chosen, shown)
            return
        offered = frozenset(fact for one in left for fact in self._asks(one))
        if any(offered <= declined for declined in self.groups.declined):
            return
        if len(ways) == 1 and len(asked) == len(parts):
            yield from self._steps(left[0], way, shown)
        else:
            yield Choice(tuple(left), way, more=len(left) < len(ways))

    def due(self) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
        """Return the facts that are to be asked if no unanswered group stood there, and the choices likewise."""
        steps = self.steps(self.groups.given)
        single = frozenset(one.fact for one in steps if isinstance(one, One))
        return single, tuple(frozenset(self._names(one)) for one in steps if isinstance(one, Choice))

    def _asks(self, part: Part) -> frozenset[str]:
        """Return the facts of a part that the form may ask for."""
        return frozenset(fact for fact in facts(part) if fact in self.questions)

    def _picked(self, ways: Sequence[Part], chosen: Chosen) -> list[Part]:
        """Return the one of some ways that was chosen; nothing where a choice leaves several."""
        found = [one for one in ways if self._asks(one) <= chosen.facts]
        return found if len(found) == 1 else []

    # ---- the group that is added

    def group(self, steps: Sequence[Step], words_of: Words, *, gated: bool) -> Json:
        """Return the group of the first step, with those of the same criterion and person.

        ``gated``: the choice of a way closes it where another is chosen.
        """
        first = steps[0]
        number = self.groups.next_number(ASK)
        if isinstance(first, Choice):
            made = self._choice(first, number, words_of)
        else:
            same = [one for one in steps if isinstance(one, One) and self._key(one) == self._key(first)]
            made = self._facts([one.fact for one in same], number, words_of)
        if first.way is not None and gated:
            coding = {"system": ways_system(words_of.base), "code": first.way.code}
            made["enableWhen"] = [{"question": first.way.link, "operator": "=", "answerCoding": coding}]
        return made

    def _key(self, one: One) -> tuple[str | None, str, Chosen | None]:
        asked = self.questions[one.fact]
        return next(iter(asked.criteria), None), asked.of, one.way

    def _facts(self, names: Sequence[str], number: int, words_of: Words) -> Json:
        listed = [self.questions[name] for name in names]
        alone = self.made.ask is not None and self.made.ask.all == tuple(names) and len(names) == 1
        items = [*self._on_file(listed, f"{ASK}{number}.file")]
        for name in names:
            must = alone and has_values(self.vocabulary[name])
            items.extend(question(name, words_of, required=must))
        return self._headed(next(iter(listed[0].criteria), None), listed, number, items)

    def _choice(self, choice: Choice, number: int, words_of: Words) -> Json:
        listed = [self.questions[name] for name in self._names(choice)]
        shared = self.criteria.common([one.criteria for one in listed])
        system = ways_system(words_of.base)
        options = [
            {"system": system, "code": JOINED.join(sorted(self._asks(way))), "display": _capital(self._said(way))}
            for way in choice.ways
        ]
        options.append({"system": system, "code": NONE, "display": NONE_OF_THEM})
        item = {
            "linkId": f"{WAY}{number}",
            "text": MORE if choice.more else CHOICE,
            "type": "choice",
            "required": True,
            "answerOption": [{"valueCoding": one} for one in options],
        }
        items = [*self._on_file(listed, f"{ASK}{number}.file", days=False), item]
        return self._headed(shared, listed, number, items)

    def _headed(self, criterion: str | None, listed: Sequence[Question], number: int, items: list[Json]) -> Json:
        known = self.criteria.by_id.get(criterion or "")
        title = known.title if known is not None and known.title else None
        if title is None and criterion:
            title = (self.criteria.name(criterion) or "").removesuffix(f" ({criterion})") or None
        made: Json = {"linkId": f"{ASK}{number}", "text": title or listed[0].ask, "type": "group", "item": items}
        return {**made, "prefix": criterion} if criterion and title else made

    def _on_file(self, listed: Sequence[Question], start: str, *, days: bool = True) -> Iterator[Json]:
        """Yield as texts what is on file already and why it is not enough, and with ``days`` which are missing."""
        rows = list(dict.fromkeys(row for one in listed for row in one.on_file or ()))
        said = [f"On file: {self.criteria.plain(words.refused(row, labelled=True))}." for row in rows[:MOST_ROWS]]
        gaps = {one.fact: words.stretch(one.gap) for one in listed if days and one.gap and one.gap.first}
        if len(set(gaps.values())) == 1:
            said.append(f"Days missing: {next(iter(gaps.values()))}.")
        else:
            said += [f"Days missing of {labels().many(fact)}: {stretch}." for fact, stretch in gaps.items()]
        for place, text in enumerate(said, 1):
            yield {"linkId": f"{start}.{place}", "text": text, "type": "display"}

    def _said(self, part: Part) -> str:
        """Name an alternative by what is sent to show it."""
        if isinstance(part, str):
            return labels().sent(part)
        said = [self._said(one) for one in (*part.all, *part.any) if self._asks(one)]
        return (" and " if part.all else " or ").join(dict.fromkeys(said))


def ways_system(base: str) -> str:
    """Return the code system of the ways among which a form lets choose."""
    return f"{base}/CodeSystem/ways"


def _fewest(parts: Sequence[Part]) -> list[Part]:
    """Leave out alternatives that ask for all that another asks for, and more."""
    plain = [frozenset(facts(one)) for one in parts if isinstance(one, str) or all(isinstance(p, str) for p in one.all)]
    return [one for one in parts if not any(other < frozenset(facts(one)) for other in plain)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
