"""Draws cases for a policy: rows of every fact it reads, on and around every threshold and window edge in its leaves.

Seeded numpy, not hypothesis: the same seed gives the same cases, thousands a second, and the mix can be counted. Ties,
gaps, partial dates, open ends, contradicting sources, wholeness that ends a day short are drawn on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language import contents, traits
from priorauth.language import forms as f
from priorauth.policy.tree import Policy, Silence, leaves
from priorauth.values import dates
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY

T = TypeVar("T")
AS_OF = dates.day("2026-11-21")
SOURCES = (
    *(Source.RECORD, Source.RECORD, Source.RECORD, Source.ANSWER, Source.ANSWER, Source.ANSWER),
    *(Source.SHOWN, Source.DOCUMENT, Source.PROPOSAL),
)


@dataclass
class Draw:
    """Draws cases for one policy; ``edges`` counts the rows put on a threshold or a window edge."""

    policy: Policy
    vocabulary: Vocabulary
    seed: int
    rng: np.random.Generator = field(init=False)
    days: dict[str, set[int]] = field(init=False)
    values: dict[str, set[int]] = field(init=False)
    begun: dict[str, list[f.Form]] = field(init=False)
    results: dict[str, list[f.Form]] = field(init=False)
    sums: dict[str, list[f.Sum]] = field(init=False)
    named: dict[str, set[str]] = field(init=False)
    partners: dict[str, str] = field(init=False)
    roles: dict[str, list[str]] = field(init=False)
    edge_rows: int = 0
    rows_drawn: int = 0

    def __post_init__(self) -> None:
        """Gather the days and values at which a leaf of the policy can turn."""
        self.rng = np.random.default_rng(self.seed)
        self.days, self.values = {}, {}
        self.sums = {}
        self.begun, self.results, self.named, self.partners, self.roles = {}, {}, {}, {}, {}
        for root in self.policy.roots():
            for leaf in leaves(root):
                self.learn(leaf.form)

    def learn(self, form: f.Form) -> None:
        if isinstance(form, f.AnyRow) and form.partner:
            self.partners[form.fact] = form.partner.fact
        if (role := contents.role_of(form)) is not None:
            self.roles.setdefault(form.fact, []).append(role)
        if isinstance(form, f.Is):
            self.named.setdefault(form.fact, set()).update(form.values)
        if isinstance(form, f.Sum):
            self.sums.setdefault(form.fact, []).append(form)
        if isinstance(form, f.Throughout):
            self.begun.setdefault(form.fact, []).append(form)
        if isinstance(form, f.AnyRow) and form.compare and self.vocabulary[form.fact].once:
            self.results.setdefault(form.fact, []).append(form)
        edges = {AS_OF - 1, AS_OF, AS_OF + 1}
        for length in contents.lengths_of(form):
            edge = dates.minus(AS_OF, length.duration)
            edges |= {edge - 1, edge, edge + 1, edge + 2, edge - 40, edge + 20}
        limits = {int(amount.number) for amount in contents.amounts_of(form) if amount.limit is not None}
        for name in contents.facts_of(form):
            self.days.setdefault(name, set()).update(edges)
            fact = self.vocabulary.facts.get(name)
            if fact is not None and fact.numeric and fact.values != ("date",):
                self.values.setdefault(name, set()).update(limit + step for limit in limits for step in (-1, 0, 1))
        for anchor in contents.anchors_of(form):
            if anchor in ANCHORS:
                self.days.setdefault(ANCHORS[anchor], set()).update(
                    {AS_OF - 200, AS_OF - 119, AS_OF - 92, AS_OF - 30, AS_OF}
                )

    # ---- small choices

    def pick(self, listed: Sequence[T]) -> T:
        return listed[int(self.rng.integers(len(listed)))]

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def day(self, fact: str) -> int:
        self.rows_drawn += 1
        known = sorted(self.days.get(fact, ()))
        if known and self.chance(0.6):
            self.edge_rows += 1
            return self.pick(known)
        return AS_OF - int(self.rng.integers(0, 500))

    def span(self, fact: str) -> tuple[int, int]:
        if self.chance(0.04):
            return ANY_DAY.first, ANY_DAY.last
        day = self.day(fact)
        return (day - day % 30, day - day % 30 + 29) if self.chance(0.08) else (day, day)

    def number(self, fact: str) -> int:
        known = sorted(self.values.get(fact, ()))
        if known and self.chance(0.7):
            return max(self.pick(known), 0)
        return int(self.rng.integers(0, 400))

    # ---- rows

    def case(self) -> Case:
        rows: list[Row] = []
        for name in sorted(self.days):
            fact = self.vocabulary.facts.get(name)
            if fact is not None and not self.chance(0.25):
                rows.extend(self.rows(fact))
        return Case(AS_OF, by_fact(rows))

    def rows(self, fact: Fact) -> Iterable[Row]:
        if fact.kind in ("measurement", "event"):
            yield from self.dated(fact)
        elif fact.kind in ("regimen", "condition"):
            yield from self.periods(fact)
        else:
            yield from self.statements(fact)
        if fact.kind in ("measurement", "event", "condition") and self.chance(0.45):
            first = self.pick([FIRST_DAY, *sorted(self.days[fact.name])])
            source = self.pick((Source.ANSWER, Source.RECORD))
            last = AS_OF - int(self.rng.integers(0, 2))
            yield Whole(fact.name, source, f"{fact.name}-whole", min(first, last), last)

    def began(self, form: f.Form) -> Iterable[Row]:
        """Say by an answer that it began on a day within the stretch, or next to its first day; now and then more."""
        assert isinstance(form, f.Throughout)
        first = dates.minus(AS_OF, form.length.duration) + 1
        start = first + 1 if self.chance(0.3) else int(self.rng.integers(first, AS_OF + 1))
        value = 1 if form.compare is None else int(form.compare.amount.number) + self.pick((0, 1, 1))
        source, doubt = Source.ANSWER if self.chance(0.85) else Source.RECORD, 9 if self.chance(0.1) else 0
        yield Period(form.fact, source, f"{form.fact}-begun", start, start + doubt, LAST_DAY, LAST_DAY, value, value)
        if self.chance(0.15):
            yield Period(form.fact, Source.RECORD, f"{form.fact}-order", start, start, LAST_DAY, LAST_DAY, value, value)
        if self.chance(0.5):
            yield from self.before(form, start)

    def before(self, form: f.Throughout, start: int) -> Iterable[Row]:
        """Say that until a beginning it was otherwise: absent or fewer, over all days before it or some, now and then
        over one that is doubtful, or on the very day.
        """
        value = 0 if form.compare is None else max(int(form.compare.amount.number) - self.pick((1, 1, 1, 0)), 0)
        first = FIRST_DAY if self.chance(0.6) else start - int(self.rng.integers(1, 200))
        last = max(start + self.pick((-1, -1, -1, -1, -20, 0)), first)
        source, doubt = self.pick((Source.ANSWER, Source.ANSWER, Source.RECORD)), 3 if self.chance(0.05) else 0
        yield Period(form.fact, source, f"{form.fact}-before", first, first, last, last + doubt, value, value)

    def failing(self, form: f.Form) -> Iterable[Row]:
        """Give results near the limit, and where the form has a partner now and then one of the same draw."""
        assert isinstance(form, f.AnyRow)
        limit, partner = int(form.compare.amount.number) if form.compare else 0, form.partner
        for place in range(1 if self.chance(0.7) else 2):
            value, day = max(limit + self.pick((-2, -1, 0, 1, 2)), 0), AS_OF - int(self.rng.integers(0, 30))
            first = day - 25 if self.chance(0.05) else day
            yield Measurement(form.fact, Source.ANSWER, f"{form.fact}-{place}", first, day, None, value, value)
            if partner and self.chance(0.7):
                beside = max(int(partner.compare.amount.number) + self.pick((-1, 0, 1, 1)), 0)
                yield Measurement(
                    partner.fact, Source.ANSWER, f"{partner.fact}-{place}", day, day, None, beside, beside
                )

    def adding(self, form: f.Sum) -> Iterable[Row]:
        """Give rows that together come to the limit, or to one more or less, often all alike.

        They lie within the month or on an edge; often the record is whole.
        """
        left = max(int(form.compare.amount.number) + self.pick((-1, 0, 0, 1)), 0)
        source = self.pick((Source.RECORD, Source.RECORD, Source.ANSWER))
        last, alike = int(self.rng.integers(1, 5)), self.chance(0.4)
        share = left // (last + 1)
        for place in range(last + 1):
            value = left if place == last and not alike else share if alike else int(self.rng.integers(0, left + 1))
            left -= value
            day = self.day(form.fact) if self.chance(0.2) else AS_OF - int(self.rng.integers(0, 30))
            ends = self.pick(((value, value),) * 12 + ((value, None), (None, value)))
            yield Measurement(form.fact, source, f"{form.fact}-part-{place}", day, day, None, *ends)
        if self.chance(0.4):
            yield Whole(form.fact, Source.RECORD, f"{form.fact}-all", FIRST_DAY, AS_OF)

    def dated(self, fact: Fact) -> Iterable[Row]:
        if fact.name in self.results and self.chance(0.3):
            yield from self.failing(self.pick(self.results[fact.name]))
            return
        if fact.name in self.sums and self.chance(0.5):
            yield from self.adding(self.pick(self.sums[fact.name]))
            return
        many = self.chance(0.15)
        for place in range(int(self.rng.integers(20, 160)) if many else int(self.rng.integers(0, 5))):
            first, last = self.span(fact.name) if not many else (AS_OF - place // 4,) * 2
            low: int | None = self.number(fact.name) if fact.numeric else None
            high = low
            if low is not None and self.chance(0.06):
                low, high = (low, None) if self.chance(0.5) else (None, high)
            source, ref = self.pick(SOURCES), f"{fact.name}-{place}"
            if fact.kind == "event":
                yield Event(fact.name, source, ref, first, last, None, low, high)
            else:
                specimen = self.pick((None, "draw-1", "draw-2"))
                bad = fact.numeric and self.chance(0.04)
                fault = "unit furlong does not become it" if bad else None
                ends = (None, None) if bad else (low, high)
                yield Measurement(fact.name, source, ref, first, last, None, *ends, False, False, specimen, fault)

    def periods(self, fact: Fact) -> Iterable[Row]:
        if fact.name in self.begun and self.chance(0.25):
            yield from self.began(self.pick(self.begun[fact.name]))
            return
        for place in range(int(self.rng.integers(1, 4))):
            start = self.day(fact.name) - (150 if self.chance(0.5) else 0)
            doubt = 20 if self.chance(0.1) else 0
            end = LAST_DAY if self.chance(0.7) else start + int(self.rng.integers(0, 300))
            if fact.kind == "condition":
                low, high = self.pick(((1, 1), (1, 1), (1, 1), (0, 0), (0, 1)))
            else:
                low = self.number(fact.name)
                high = None if self.chance(0.1) else low  # type: ignore[assignment]
            source = self.pick(SOURCES)
            yield Period(fact.name, source, f"{fact.name}-{place}", start, start + doubt, end, end, low, high)

    def statements(self, fact: Fact) -> Iterable[Row]:
        for place in range(int(self.rng.integers(1, 3))):
            first, last = self.span(fact.name)
            source = Source.JUDGMENT if fact.kind == "judgment" else self.pick(SOURCES)
            text, low, high = "yes" if self.chance(0.7) else "no", None, None
            if fact.values == ("date",):
                low = high = self.day(fact.name)
                text = dates.iso(low)
            elif fact.values in (("number",), ("integer",)):
                low = high = self.number(fact.name)
                text = str(low)
            elif fact.values:
                text = self.pick(self.liked(fact))
            author = self.author(fact.name) if fact.name in self.roles else None
            yield Answer(fact.name, source, f"{fact.name}-{place}", text, first, last, None, low, high, author=author)

    def author(self, fact: str) -> str | None:
        """Give the roles of who states a fact of which a leaf asks for one: often that, else none, perhaps, unknown."""
        role = self.pick(self.roles[fact])
        return self.pick((role, role, role, f"member {role}", f"{role}?", f"member {role}?", "", "member", None))

    def liked(self, fact: Fact) -> tuple[str, ...]:
        """Give the values that some leaf names more often than the others."""
        named = [
            value
            for root in self.policy.roots()
            for leaf in leaves(root)
            if isinstance(leaf.form, f.Is) and leaf.form.fact == fact.name
            for value in leaf.form.values
        ]
        return (*named, *named, *fact.values)


ANCHORS = {name: fact for name, fact in ANCHOR_FACTS.items() if name != "request"}
"""The request's own day is not drawn: it is that of the case."""


@dataclass
class Mix:
    """Counts verdicts, so that no property holds for want of cases."""

    seen: Counter[str] = field(default_factory=Counter)

    def share(self, *statuses: str) -> float:
        return sum(self.seen[status] for status in statuses) / max(sum(self.seen.values()), 1)


def otherwise(policy: Policy, vocabulary: Vocabulary) -> Policy:
    """Let silence about every fact on whose silence a policy turns mean the opposite of what it means."""
    named = {
        leaf.form.fact
        for root in policy.roots()
        for leaf in leaves(root)
        if traits.of(leaf.form).silenced and leaf.form.fact in vocabulary
    }
    silence = tuple(Silence(name, not vocabulary[name].silent_no, "turned") for name in sorted(named))
    return replace(policy, silence=silence)
