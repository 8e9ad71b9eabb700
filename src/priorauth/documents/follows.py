"""Whether what somebody else proposes of a document follows from its words: by the rules that our own reader has.

A document is weighed once with the rules of ``notes.yaml``, without the limits to kinds of document: those say where
our reader looks. Then each proposal is held against what its words bear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from priorauth.documents import understood
from priorauth.documents.pages import Page, Reading
from priorauth.documents.proposal import Polarity, Proposal
from priorauth.documents.understand import amounts, compared, days, find, numbers, parts, surroundings, taken
from priorauth.documents.understand.rules import Rule, Rules
from priorauth.documents.understand.sentences import Sentence
from priorauth.values import dates
from priorauth.values.units import Units

_LIMITS: Final = ("kinds", "not_kinds")
_WHY: Final = {
    "family": "they are told of somebody else",
    "hypothesis": "they are a hypothesis",
    "goal": "they are a goal",
    "plan": "they are a plan or an instruction",
    "general": "they are general text",
    "estimate": "they are of an estimate",
    "past": "they are told as past and ended",
    "superseded": "they were corrected",
    "unusable": "the result cannot be used",
    "carried forward": "they are carried forward from an earlier document",
    "another matter": "they are of another matter",
    "denied value": "they deny it, and a number or a value of it cannot be denied",
    "denied twice": "they deny a denial",
    "no usable value": "they hold no value that can be one",
}
"""What is said of words that only look like a fact, by the kind of context."""
_AMOUNT: Final = re.compile(numbers.AMOUNT, re.IGNORECASE)
_UNIT: Final = re.compile(r"\s?-?\s?(%|[A-Za-zµμ]+(?:\s?/\s?[A-Za-z0-9.]+)?)")
_COUNTED: Final = re.compile(numbers.COUNTED, re.IGNORECASE)
_HEAD_LINES: Final = 60
"""So many lines above its words the head of a section is looked for."""


class Words(NamedTuple):
    """A stretch of a page."""

    page: int
    start: int
    end: int

    def overlap(self, start: int, end: int) -> bool:
        """Whether another stretch of the page has letters in common with it."""
        return start < self.end and self.start < end


class Claim(NamedTuple):
    """What somebody proposes of a stretch."""

    fact: str
    value: str
    polarity: Polarity
    date: str | None
    since: str | None
    until: str | None


class Document:
    """A reading, weighed by the rules."""

    def __init__(self, reading: Reading, known: Rules, table: Units) -> None:
        """Weigh a reading; ``table`` has the units by which values are compared."""
        self.rules = known._replace(facts={name: _unlimited(rule) for name, rule in known.facts.items()})
        self.units = table
        self.own = understood.own_pages(reading, known)
        self.about = understood.about_of(self.own, known)
        self.pages = {page.number: page for page in reading.pages}
        self.weighed = understood.weighed(self.own.pages, self.rules, self.about)
        self.corrected = taken.corrected(self.weighed.told, self.rules)
        self.finder = find.Finder(self.rules, self.about, {page.number: page for page in self.own.pages})

    def placed(self, one: Proposal) -> Proposal:
        """Return a proposal with its words as they stand on the page and the rectangle around them."""
        return understood.placed(one, self.pages[one.page], self.about)

    def follows(self, claim: Claim, words: Words) -> Proposal | str:
        """Return what the words bear of a claim, as our rules have it; else why it does not follow from them."""
        rule = self.rules.facts[claim.fact]
        near = [one for one in self.weighed.found if self._is_of(one, claim, words)]
        left = [one for one in self.weighed.left if self._is_of(one, claim, words)]
        told = [one for one in self.weighed.told if one.page == words.page and _overlaps(one, words)]
        shown = [one for one in near if self._shows(rule, one, words)]
        if shown and all(taken.is_wrong(one, self.rules, self.corrected) for one in shown):
            return f"the words are no evidence: {_WHY['superseded']}"
        if not near and not left:
            shown = list(self._labelled(rule, told, words))
        same = [one for one in shown if one.polarity == claim.polarity and self._agrees(rule, claim, one)]
        if not same:
            return self._why_not(claim, shown, near, left)
        for one in same:
            if (reason := self._undated(claim, one, shown, told, words)) is None:
                return one
        return reason or ""

    def _is_of(self, one: Proposal, claim: Claim, words: Words) -> bool:
        return (
            one.fact == claim.fact
            and one.page == words.page
            and words.overlap(one.start, one.start + max(1, len(one.quote)))
        )

    def _agrees(self, rule: Rule, claim: Claim, one: Proposal) -> bool:
        if claim.polarity == "denied":
            return claim.value.strip().casefold() in ("no", "none")
        return compared.same(rule.fact, claim.value, one.value, self.units, rule.unit)

    def _shows(self, rule: Rule, one: Proposal, words: Words) -> bool:
        """Whether the words hold what shows a fact: all that our rule took it from, else its number or its phrase."""
        if words.start <= one.start and one.start + len(one.quote) <= words.end:
            return True
        page = self.pages[words.page].text
        said = " ".join(page[words.start : words.end].split())
        if one.by.endswith(":head"):
            own = self.about.own
            return any(day.said == one.date for day in days.found(said, own, day_first=self.about.day_first))
        number = compared.quantity(one.value) if one.polarity == "stated" else None
        if number is not None:
            if any(_is_number(hit.group(), number.low) for hit in re.finditer(r"\d[\d,]*(?:\.\d+)?", said)):
                return True
            counts = (numbers.often(hit.group()) for hit in _COUNTED.finditer(said))
            return any(count is not None and _is_number(count.low, number.low) for count in counts)
        text = self.finder.masked(Sentence(words.page, said, (), 0))
        shapes = [each.shape.find for each in rule.shapes if one.value in ("yes", "no", "none", each.value)]
        labels = [each for each in (rule.boxes, rule.row, *(shown for shown, _ in rule.ticked)) if each is not None]
        return any(each.search(text) for each in (*shapes, *labels))

    def _why_not(
        self, claim: Claim, shown: Sequence[Proposal], near: Sequence[Proposal], left: Sequence[Proposal]
    ) -> str:
        """Return why nothing of what was found is what is claimed."""
        if claim.polarity == "denied" and claim.value.strip().casefold() not in ("no", "none"):
            return "value: expected no or none of what is denied"
        other = next((one for one in shown if one.polarity != claim.polarity), None)
        if other is not None and all(one.polarity != claim.polarity for one in shown):
            return f"polarity: the words {'deny' if other.polarity == 'denied' else 'state'} it"
        if shown:
            return f"value: the words say {' or '.join(dict.fromkeys(one.value for one in shown))}"
        kinds = [kind for one in left for kind in _kinds(one)]
        if kinds:
            return f"the words are no evidence: {_WHY.get(kinds[0], kinds[0])}"
        if near:
            return "quote: it leaves out the words that show the fact, or its number"
        return f"quote: it holds no words by which {claim.fact} is known"

    # ---- numbers that no shape reaches

    def _labelled(self, rule: Rule, told: Sequence[Sentence], words: Words) -> Iterator[Proposal]:
        """Yield the numbers of the words that have a unit of the fact, and before them what labels it."""
        if rule.fact.kind != "measurement" or rule.row is None:
            return
        for sentence in told:
            text = self.finder.masked(sentence)
            for hit in _AMOUNT.finditer(text):
                if not words.start <= sentence.places[hit.start()] < words.end:
                    continue
                unit = _UNIT.match(text, hit.end())
                amount = numbers.amount(hit.group())
                if unit is None or amount is None or not self._is_label(rule, text[: hit.start()]):
                    continue
                value = amounts.written(rule, self.rules.units, amount, unit[1])
                around = self.rules.context.of(text, hit.start(), unit.end(), sentence.section, rule.fact.kind)
                if value is None or surroundings.DENIED in around or set(around) - set(surroundings.SPARED):
                    continue
                if rule.without is not None and rule.without.search(text):
                    continue
                start, quote = sentence.quoted(self.pages[words.page].text, hit.start(), unit.end())
                yield Proposal(
                    fact=rule.fact.name,
                    value=value,
                    quote=quote,
                    page=words.page,
                    start=start,
                    certainty="hedged" if surroundings.HEDGED in around else "sure",
                )

    def _is_label(self, rule: Rule, before: str) -> bool:
        """Whether the last label of a result in a text is that of the fact."""
        last = None if rule.row is None else next(reversed([*rule.row.finditer(before)]), None)
        if last is None or (rule.not_row is not None and rule.not_row.search(before, max(0, last.start() - 20))):
            return False
        others = (each.row for each in self.rules.facts.values() if each.row is not None and each is not rule)
        return not any(each.search(before, last.end()) for each in others)

    # ---- days

    def _undated(
        self, claim: Claim, one: Proposal, shown: Sequence[Proposal], told: Sequence[Sentence], words: Words
    ) -> str | None:
        """Return why the days of a claim do not follow; None where they do. No day at all says less, and may be."""
        for name, said, own in (
            ("date", claim.date, one.date),
            ("from", claim.since, one.since),
            ("until", claim.until, one.until),
        ):
            if said is None or said == own:
                continue
            others = {
                each.date
                for each in shown
                if not compared.same(self.rules.facts[each.fact].fact, each.value, one.value, self.units, "?")
            }
            if said in others:
                return f"{name}: {said} is the day of another value"
            known = {*self._days(told, words), *filter(None, (own, one.date, one.since, one.until))}
            if name == "date" and self._as_of_document(one):
                known |= {day for day in self._own_days() if day is not None}
            if not any(_within(day, said) for day in known):
                return f"{name}: {said} stands neither in the words, their sentence or the head of their section"
        return None

    def _as_of_document(self, one: Proposal) -> bool:
        """Whether a fact is said as of the day of its document."""
        kind = self.rules.facts[one.fact].fact.kind
        return one.polarity == "denied" or kind not in ("measurement", "event")

    def _own_days(self) -> tuple[str | None, ...]:
        marks = (self.about.dated, self.about.signed)
        return tuple(None if mark is None else mark.day.said for mark in marks)

    def _days(self, told: Sequence[Sentence], words: Words) -> Iterator[str]:
        """Yield the days of the sentences around the words, of their lines, and of the head of their section."""
        for sentence in told:
            if sentence.day is not None:
                yield dates.iso(sentence.day)
            yield from (day.said for day in self.finder.dating.days(sentence))
        page = self.pages[words.page].text
        start, end = parts.line_of(page, words.start, words.end)
        own = self.about.own
        if not told:
            yield from (day.said for day in days.found(page[start:end], own, day_first=self.about.day_first))
        for line in reversed(page[:start].split("\n")[-_HEAD_LINES:]):
            if self.rules.headings.of(line) is not None:
                yield from (day.said for day in days.found(line, own, day_first=self.about.day_first))
                return


def _unlimited(rule: Rule) -> Rule:
    """Return a rule that is tried in every kind of document."""
    options = {key: value for key, value in rule.options.items() if key not in _LIMITS and value != ("none",)}
    return rule._replace(options=options)


def _overlaps(sentence: Sentence, words: Words) -> bool:
    return bool(sentence.places) and words.overlap(sentence.places[0], sentence.places[-1] + 1)


def _kinds(one: Proposal) -> list[str]:
    """Return the kinds of context for which our reader left something."""
    return one.by.partition(" (")[2].rstrip(")").split(", ")


def _is_number(said: str, number: object) -> bool:
    found = compared.quantity(said)
    return found is not None and found.low == number


def _within(day: str, said: str) -> bool:
    """Whether a day lies within the days that are said: a month that holds it says less than it, and follows."""
    try:
        first, last = _span(said)
        begins, ends = _span(day)
    except ValueError:
        return False
    return first <= begins and ends <= last


def _span(said: str) -> tuple[int, int]:
    first, _, last = said.partition("/")
    begins, ends = dates.read(first), dates.read(last or first)
    return begins.first, ends.last


def quoted(page: Page, quote: str) -> list[Words]:
    """Return where a quote stands on a page: the same letters, one space or line break as good as several of them.

    It begins and ends with whole words and numbers: ``8.4 %`` does not stand in ``18.4 %``.
    """
    said = quote.split()
    if not said:
        return []
    shown = re.compile(r"\s+".join(re.escape(word) for word in said))
    return [
        Words(page.number, hit.start(), hit.end())
        for hit in shown.finditer(page.text)
        if parts.whole(page.text, *hit.span()) == hit.span()
    ]
