"""What is missing, as a page says it: numbered, in the order of asking, alternatives as alternatives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from priorauth.decide.decided import Ask, Question, Refused
from priorauth.decide.page import words
from priorauth.decide.page.criteria import Criteria
from priorauth.language.english import labels
from priorauth.values import dates

MOST_ROWS = 3
"""How many rows on file are listed beside what is missing."""
MOST_CHOICES = 5
"""How many alternatives inside an alternative are listed by themselves; more are called by their criterion."""
PAIR = 2
"""So many are joined by a word, more by signs."""
SHARED = 3
"""In how many alternatives a fact has to be so that it is said once for all."""

Part = str | Ask


def parts(ask: Ask | None) -> tuple[Part, ...]:
    """Return what is missing, thing by thing: all parts of what is needed, or the one choice."""
    if ask is None:
        return ()
    return ask.all or (ask,)


def facts(part: Part) -> Iterator[str]:
    """Yield the facts of a part of what is asked."""
    if isinstance(part, str):
        yield part
    else:
        for one in (*part.all, *part.any):
            yield from facts(one)


class Asked:
    """Writes what is missing of one determination."""

    def __init__(self, criteria: Criteria) -> None:
        """Take the criteria with their questions."""
        self.criteria = criteria
        self.questions = {question.fact: question for question in criteria.found.questions}

    def lines(self) -> Iterator[str]:
        """Write all that is missing."""
        listed = parts(self.criteria.found.ask)
        for number, part in enumerate(listed, 1):
            if isinstance(part, str):
                yield from self._one(number, self.questions[part])
            else:
                yield from self._group(number, part)

    def _head(self, number: int, title: str, who: str) -> Iterator[str]:
        """Write a title with who answers at the right."""
        first = f"{number:>3}  "
        made = list(words.block(title, first, width=words.WIDTH - len(who) - 2))
        yield f"{made[0].ljust(words.WIDTH - len(who))}{who}"
        yield from made[1:]

    # ---- one fact

    def _one(self, number: int, question: Question) -> Iterator[str]:
        titles = [name for one in question.criteria if (name := self.criteria.name(one))] or list(self.criteria.scope)
        yield from self._head(number, titles[0] if titles else question.ask, question.of)
        if titles:
            yield from words.block(question.ask, "     ")
        if titles[1:]:
            yield from words.block(f"also for: {' · '.join(words.few(titles[1:], 3))}", "     ")
        yield from self._on_file([question])
        if question.gap and question.gap.first and not _says_from(question):
            yield f"     days missing: {words.stretch(question.gap)}"

    # ---- a group of alternatives

    def _group(self, number: int, group: Ask) -> Iterator[str]:
        listed = [self.questions[fact] for fact in dict.fromkeys(facts(group))]
        shared = self.criteria.common([one.criteria for one in listed])
        title = self.criteria.name(shared) or "One of several ways"
        yield from self._head(number, title, " or ".join(dict.fromkeys(one.of for one in listed)))
        if group.all:
            yield from words.block(f"send: {self._joined(group, shared)}", "     ")
            yield from self._days(listed)
        else:
            yield from self._choices(group, shared, listed)
        yield from self._on_file(listed)

    def _choices(self, group: Ask, shared: str | None, listed: Sequence[Question]) -> Iterator[str]:
        """Write alternatives: in one line, or a line for each criterion under which they stand."""
        choices = [one for one in group.any if not _more_than_needed(one, group.any)]
        partner = _partner(choices)
        by_criterion: dict[str | None, list[Part]] = {}
        for one in choices:
            by_criterion.setdefault(self._place(one, shared), []).append(one)
        if len(by_criterion) == 1:
            said = dict.fromkeys(self._said(one, shared, partner) for one in choices)
            yield from words.block(f"send one of: {' · '.join(said)}", "     ", "       ")
            yield from self._days(listed)
        else:
            yield "     one of these is enough:"
            for place, under in by_criterion.items():
                title = self.criteria.name(place)
                text = " · ".join(dict.fromkeys(self._said(one, place, partner, days=True) for one in under))
                yield from words.block(f"{title}: {text}" if title else text, "     - ", "         ")
        if partner:
            yield from words.block(f"* together with {labels().sent(partner)}", "     ")

    def _place(self, part: Part, shared: str | None) -> str | None:
        """Return the criterion under which an alternative stands."""
        groups = [self._within(self.questions[fact].criteria, shared) for fact in facts(part)]
        if len(groups) == 1:
            return groups[0][0] if groups[0] else shared
        return self.criteria.common(groups) or shared

    def _within(self, criteria: Sequence[str], shared: str | None) -> tuple[str, ...]:
        """Return the criteria that stand under another; all where none does."""
        return tuple(one for one in criteria if shared in self.criteria.chain(one)) or tuple(criteria)

    def _said(self, part: Part, shared: str | None, partner: str | None, *, days: bool = False) -> str:
        """Return an alternative: ``*`` marks that the partner is needed too, ``days`` adds which days are missing."""
        if isinstance(part, str):
            gap = self.questions[part].gap if days else None
            return labels().sent(part) + (f" ({words.stretch(gap)})" if gap and gap.first else "")
        if partner and partner in part.all:
            rest = Ask(all=tuple(one for one in part.all if one != partner))
            return f"{self._joined(rest, shared)} *"
        return self._joined(part, shared)

    def _joined(self, part: Part, shared: str | None) -> str:
        """Return what is needed together, or one of what."""
        if isinstance(part, str):
            return labels().sent(part)
        if part.all:
            said = [self._joined(one, shared) for one in part.all]
            return (" and " if len(said) <= PAIR else "; ").join(said)
        choices = [one for one in part.any if not _more_than_needed(one, part.any)]
        place = self._place(part, shared)
        title = self.criteria.name(place)
        if len(choices) > MOST_CHOICES and title and place != shared:
            return f'one way to show "{title}"'
        return f"one of ({', '.join(self._joined(one, shared) for one in choices)})"

    # ---- what is on file, which days are missing

    def _on_file(self, listed: Sequence[Question]) -> Iterator[str]:
        rows = [row for question in listed for row in question.on_file or ()]
        said = [words.refused(row, labelled=len(listed) > 1 or _bare(row)) for row in dict.fromkeys(rows)]
        for text in words.few(said, MOST_ROWS):
            yield from words.block(f"on file: {text}", "     ", "       ")
        if any(row.document is not None and row.document.word == "open" for row in rows):
            yield "     confirm what the document says, or send what is asked"

    def _days(self, listed: Sequence[Question]) -> Iterator[str]:
        by_stretch: dict[str, list[str]] = {}
        for one in listed:
            if one.gap and one.gap.first and not _says_from(one):
                by_stretch.setdefault(words.stretch(one.gap), []).append(labels().sent(one.fact))
        if len(by_stretch) == 1:
            yield f"     days missing: {next(iter(by_stretch))}"
        elif by_stretch:
            said = (f"{days} ({', '.join(words.few(names, 2))})" for days, names in by_stretch.items())
            yield from words.block(f"days missing: {' · '.join(words.few(said, 4))}", "     ", "       ")


def _bare(row: Refused) -> bool:
    """Whether the value of a row does not tell what it is of."""
    return row.value in ("yes", "no")


def _says_from(question: Question) -> bool:
    """Whether what is on file names the day from which rows count already."""
    first = question.gap.first if question.gap else None
    return any(
        row.ground == "too old" and row.bound and dates.iso(dates.day(row.bound) + 1) == first
        for row in question.on_file or ()
    )


def _needs(part: Part) -> frozenset[str]:
    """Return the facts that a part needs in any case."""
    if isinstance(part, str):
        return frozenset((part,))
    return frozenset(one for one in part.all if isinstance(one, str))


def _more_than_needed(part: Part, choices: Sequence[Part]) -> bool:
    """Whether another alternative asks for less of the same."""
    if isinstance(part, str) or not part.all:
        return False
    for other in choices:
        simple = isinstance(other, str) or (bool(other.all) and all(isinstance(one, str) for one in other.all))
        if other is not part and simple and _needs(other) <= _needs(part) and other != part:
            return True
    return False


def _partner(choices: Sequence[Part]) -> str | None:
    """Return the fact that most alternatives need beside their own, the first such of them; None where few need it."""
    needed = (
        dict.fromkeys(fact for fact in one.all if isinstance(fact, str)) for one in choices if isinstance(one, Ask)
    )
    seen = Counter(fact for facts in needed for fact in facts)
    fact, count = max(seen.items(), key=lambda one: one[1], default=("", 0))
    return fact if count >= SHARED else None
