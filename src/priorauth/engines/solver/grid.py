"""The grid: on which days, in which cells of days and at which numbers a patient can differ for a set of forms.

Every window of every form is laid on the calendar of one request. The day before a window, its first and its last day
are cells of their own, so that both sides of each edge can be had; the days between are one cell. Of a number the grid
holds each threshold and its neighbours; of a date the days next to each edge; of a period the starts and ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

from priorauth.engines.solver.edges import Stepped, measure, points, steps, tests
from priorauth.engines.solver.laws import Laws
from priorauth.engines.solver.windows import Span, anchor_names, spans_of
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, leaves
from priorauth.record.derived import whole_months
from priorauth.values import dates, units
from priorauth.values.dates import LAST_DAY, Duration

COVERAGE = "coverage_in_force"
NEVER = -1
"""In a script of no period: absent at all times."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Days ``first``..``last``, both included, that no window and no regimen cuts."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many days it holds."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Script:
    """What is on file of a period: from ``start`` to ``end`` (LAST_DAY: still so) at ``value``; start NEVER: absent."""

    start: int
    end: int
    value: int

    def on(self, day: int, *, condition: bool) -> int | None:
        """Return the value on a day, None where nothing is said; a condition is absent before it begins and after."""
        if self.start == NEVER or (condition and not self.start <= day <= self.end):
            return 0
        return self.value if self.start <= day <= self.end else None


@dataclass
class Grid:
    """Days, cells and numbers for a set of forms, asked for on ``as_of``; ``service`` are the days of service."""

    forms: tuple[f.Form, ...]
    vocabulary: Vocabulary
    laws: Laws
    as_of: int
    service: tuple[int, ...]
    by_fact: dict[str, list[f.Form]] = field(default_factory=dict)
    anchored: set[str] = field(default_factory=set)
    memory: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the forms by the facts they read."""
        for form in self.forms:
            for fact in contents.facts_of(form):
                self.by_fact.setdefault(fact, []).append(form)
            self.anchored.update(contents.anchors_of(form))

    # ---- anchors

    def anchor_days(self, name: str) -> tuple[int | None, ...]:
        """Return the days that an anchor can be; None where it can be unknown."""
        match name:
            case "request":
                return (self.as_of,)
            case "service":
                return self.dates(ANCHOR_FACTS["service"])
            case "pump_start":
                scripts = [one for one in self.scripts(ANCHOR_FACTS[name]) if isinstance(one, Script)]
                starts = {one.start for one in scripts if one.start != NEVER and one.end == LAST_DAY}
                return (*sorted(starts - {self.as_of}), self.as_of)
            case "trial_start":
                scripts = [one for one in self.scripts(ANCHOR_FACTS[name]) if isinstance(one, Script)]
                return (*sorted({one.start for one in scripts if one.start != NEVER}), None)
            case "prior_approval":
                return (self.as_of - self.laws.days_before(name), None)
            case _:
                return (*self.dates(ANCHOR_FACTS[name]), None)

    def spans(self, form: f.Form) -> Iterator[tuple[dict[str, int], tuple[Span, ...]]]:
        """Yield for every choice of known anchors what days the windows of a form hold."""
        names = anchor_names(form)
        for chosen in product(*(self.anchor_days(name) for name in names)):
            known = {name: day for name, day in zip(names, chosen, strict=True) if day is not None}
            if len(known) == len(names):
                yield known, spans_of(form, known, self.as_of)

    # ---- statements

    def dates(self, fact: str) -> tuple[int, ...]:
        """Return the days that a date attribute can name: those next to every edge of a test of it."""
        return self._remember("dates", fact, self._dates)  # type: ignore[return-value]

    def _dates(self, fact: str) -> tuple[int, ...]:
        if fact == ANCHOR_FACTS["service"]:
            return self.service
        if fact == "request_received_on":
            return (self.as_of,)
        found: set[int] = set()
        for form in self.by_fact.get(fact, ()):
            if isinstance(form, f.Has):
                day = int(form.compare.amount.number)
                found |= {day - 1, day, day + 1}
            elif isinstance(form, f.Age):
                found |= self._births(form)
            else:
                for _, spans in self.spans(form):
                    for span in spans:
                        found |= {edge for edge in (span.start, span.start + 1, span.end, span.end + 1) if edge > 1}
        anchors = [name for name, other in ANCHOR_FACTS.items() if other == fact and name in self.anchored]
        if fact == "birth_date":
            found.add(dates.minus(self.as_of, Duration(self.laws.grown, "year")))
        elif anchors or not found:
            found.add(self.as_of - self.laws.days_before(anchors[0] if anchors else fact))
        return tuple(sorted(found))

    def _births(self, form: f.Age) -> set[int]:
        """Return the last birthday of who has reached an age, and the next, who has not."""
        found: set[int] = set()
        years = int(form.years.number)
        for anchor in self.anchor_days(form.anchor):
            if anchor is None:
                continue
            for least in (years, years + 1):
                day = dates.minus(anchor, Duration(least, "year"))
                while dates.years_between(day + 1, anchor) >= least:
                    day += 1
                while dates.years_between(day, anchor) < least:
                    day -= 1
                found |= {day, day + 1}
        return found

    def numbers(self, fact: str) -> tuple[int, ...]:
        """Return the numbers that a fact can have: each threshold and its neighbours; for differences further ones."""
        return self._remember("numbers", fact, self._numbers)  # type: ignore[return-value]

    def _numbers(self, fact: str) -> tuple[int, ...]:
        found: set[int] = set()
        apart: set[int] = set()
        summed: set[int] = set()
        for form in self.by_fact.get(fact, ()):
            found |= {point for compare in tests(form, fact) for point in points(compare)}
            if isinstance(form, f.NoWorse) and isinstance(form.measure, f.Latest):
                apart |= {int(form.by.number) if form.by else 0}
            if isinstance(form, f.NoWorse) and isinstance(form.measure, f.Spread):
                apart |= {int(form.by.number) if form.by else 0}
            if isinstance(form, f.Sum):
                summed |= points(form.compare)
            if isinstance(form, f.Spread) and form.compare:
                apart |= {int(form.compare.amount.number) - 1, int(form.compare.amount.number)}
        found |= set(self.vocabulary[fact].requested.values()) if fact in self.vocabulary else set()
        if fact in self.laws.months_of:
            periods = [one for one in self.scripts(self.laws.months_of[fact]) if one is not None and one.start != NEVER]
            found |= {months_row(one, fact, self)[1] for one in periods}
        if summed:  # one row that comes to a limit, and rows that come to one together
            found |= summed | {1} | {high - low for low in summed for high in summed if low < high}
        if not found:
            found.add(self.laws.plain_number(fact))
        if apart:
            base = max(self._plausible(fact, found))
            found |= {base + step for gap in apart for step in (gap, gap + 1)}
        return self._plausible(fact, found)

    def _plausible(self, fact: str, points: Iterable[int]) -> tuple[int, ...]:
        """Move numbers that the reader would not believe to the nearest that it does."""
        resolution = self.vocabulary[fact].resolution
        low, high = units.load().plausible(fact)
        least = 0 if low is None else max(0, units.multiples(low, resolution))
        most = None if high is None else units.multiples(high, resolution)
        moved = {max(least, point) if most is None else min(max(least, point), most) for point in points if point >= 0}
        return tuple(sorted(moved))

    # ---- periods

    def scripts(self, fact: str) -> tuple[Script | None, ...]:
        """Return what can be on file of a regimen or condition: nothing, absent, or a period at each edge of a test."""
        return self._remember("scripts", fact, self._scripts)  # type: ignore[return-value]

    def _scripts(self, fact: str) -> tuple[Script | None, ...]:
        if fact == COVERAGE:
            return self._covered()
        kind = self.vocabulary[fact].kind
        starts, ends = {self.as_of - self.laws.days_before("long_ago")}, {LAST_DAY}
        for form in self.by_fact.get(fact, ()):
            if form.fact == fact:
                one, two = self._edges(form)
                starts, ends = starts | one, ends | two
        values = (1,) if kind == "condition" else self.numbers(fact)
        found: list[Script | None] = [None]
        if kind == "condition":
            found.append(Script(NEVER, NEVER, 0))
        found += [
            Script(start, end, value)
            for start in sorted(starts)
            for end in sorted(ends)
            for value in values
            if start <= end and start <= self.as_of
        ]
        return tuple(found)

    def _covered(self) -> tuple[Script | None, ...]:
        """Return what a Coverage says: in force, or over before the first day of service.

        Where enrollment is asked for it names no start: the reader would take that for the day of enrollment.
        """
        enrolled = "enrolled_on" in self.by_fact or "enrollment" in self.anchored
        start = dates.FIRST_DAY if enrolled else min(self.service) - self.laws.days_before("long_ago")
        return (Script(start, LAST_DAY, 1), Script(start, min(self.service) - 1, 1))

    def _edges(self, form: f.Form) -> tuple[set[int], set[int]]:
        """Return the starts and ends next to the edges of one test of a period."""
        starts: set[int] = set()
        ends: set[int] = set()
        if isinstance(form, f.Lasts):
            start = dates.minus(self.as_of, form.length.duration)
            while dates.plus(start, form.length.duration) > self.as_of:
                start -= 1
            return {start, start + 1}, {dates.plus(start, form.length.duration) - 1}
        if not isinstance(form, f.Throughout | f.On | f.Earlier | f.Later):
            return starts, ends
        for anchor in self.anchor_days(form.anchor):
            if anchor is None:
                continue
            match form:
                case f.Throughout():
                    first = dates.minus(anchor, form.length.duration) + 1
                    starts |= {first, first + 1}
                    ends.add(anchor - 1)
                case f.On():
                    starts.add(anchor)
                    ends.add(anchor - 1)
                case f.Earlier():
                    starts |= {anchor - 1, anchor}
                case f.Later():
                    starts |= {anchor, anchor + 1}
        return starts, ends

    # ---- dated rows

    def cells(self, fact: str) -> tuple[Cell, ...]:
        """Return the cells of the days on which rows of a fact can lie, oldest first."""
        return self._remember("cells", fact, self._cells)  # type: ignore[return-value]

    def _cells(self, fact: str) -> tuple[Cell, ...]:
        if fact in self.laws.months_of:
            return self._derived(fact)
        if fact == ANCHOR_FACTS["prior_approval"]:
            days = {self.as_of - self.laws.days_before("prior_approval")}
            return tuple(Cell(day, day) for day in sorted(days))
        cuts, single = self._cuts(fact)
        first = min(cuts | single, default=self.as_of)
        edges = sorted({first - 30, self.as_of} | cuts | single | {day - 1 for day in single})
        cells = [Cell(one + 1, two) for one, two in pairwise(edges) if two > one]
        if self.alone(fact):
            days = {day for cell in cells for day in (cell.first, cell.last)} | single
            return tuple(Cell(day, day) for day in sorted(days) if day <= self.as_of)
        return tuple(cells)

    def _derived(self, fact: str) -> tuple[Cell, ...]:
        found = {self.as_of}
        for script in self.scripts(self.laws.months_of[fact]):
            if script is not None and script.start != NEVER and script.end < self.as_of:
                found.add(script.end)
        return tuple(Cell(day, day) for day in sorted(found))

    def _cuts(self, fact: str) -> tuple[set[int], set[int]]:
        """Return the last days of cells, and the days that are cells of their own."""
        cuts: set[int] = set()
        single = {self.as_of} if self.vocabulary[fact].requested else set[int]()
        for other in self.family(fact):
            for form in self.by_fact.get(other, ()):
                if other not in (form.fact, getattr(getattr(form, "partner", None), "fact", None)):
                    continue
                for _, spans in self.spans(form):
                    for span in spans:
                        single |= {day for day in (span.start, span.start + 1, span.end) if 1 < day <= self.as_of}
                        single |= steps(span, form)
                for window in contents.windows_of(form):
                    if isinstance(window, f.While):
                        cuts |= self._boundaries(window.fact)
        return cuts, single

    def _boundaries(self, regimen: str) -> set[int]:
        found: set[int] = set()
        for script in self.scripts(regimen):
            if script is not None and script.start != NEVER:
                found |= {day for day in (script.start - 1, script.end) if day < self.as_of}
        return found

    def family(self, fact: str) -> tuple[str, ...]:
        """Return the names of the facts whose rows are counted beside those of a fact, and so share its cells."""
        found = {fact}
        pairs = [*self.laws.part_of, *self.laws.shown_by.items()]
        for _ in pairs:
            found |= {name for pair in pairs if found & set(pair) for name in pair}
        for form in self.forms:
            if isinstance(form, f.AnyRow) and form.partner and fact in (form.fact, form.partner.fact):
                found |= {form.fact, form.partner.fact}
        return tuple(sorted(found))

    def alone(self, fact: str) -> bool:
        """Whether at most one row of a fact lies on a day: where the newest counts, or two of the same draw."""
        family = self.family(fact)
        read = [form for other in family for form in self.by_fact.get(other, ()) if form.fact in family]
        if any(isinstance(form, Stepped) for form in read) or self.partnered(fact):
            return True
        single = f.Latest | f.AnyRow | f.NoRow | f.Documented
        return bool(read) and all(isinstance(measure(form), single) for form in read)

    def partnered(self, fact: str) -> bool:
        """Whether a form holds two results of the same draw against each other, one of this fact."""
        return any(
            isinstance(form, f.AnyRow) and form.partner and fact in (form.fact, form.partner.fact)
            for form in self.by_fact.get(fact, ())
        )

    def ordered(self, fact: str) -> bool:
        """Whether the newest row of a fact is asked for, so that no cell may hold two numbers."""
        return any(isinstance(measure(form), f.Latest) for form in self.by_fact.get(fact, ()) if form.fact == fact)

    def valued(self, fact: Fact) -> tuple[int | None, ...]:
        """Return the numbers that rows of a measurement or an event carry."""
        if not fact.numeric:
            return (None,)
        tested = any(tests(form, fact.name) for form in self.by_fact.get(fact.name, ()))
        if fact.kind == "event":
            return (None, *self.numbers(fact.name)) if tested and fact.name in self.laws.shown_by else (None,)
        return self.numbers(fact.name)

    def most(self, fact: str) -> int:
        """Return how many rows of a fact are enough to decide every test of it, twice over: before and after."""
        needed = [2]
        for form in (form for other in self.family(fact) for form in self.by_fact.get(other, ())):
            kind = measure(form)
            limit = getattr(getattr(kind, "compare", None), "amount", None)
            match kind:
                case f.Average() if limit:
                    longest = max(spans[0].end - spans[0].start for _, spans in self.spans(form))
                    needed.append(int(limit.number * longest) + 1)
                case f.DaysWith() if limit:
                    longest = max(spans[0].end - spans[0].start for _, spans in self.spans(form))
                    share = limit.number * longest / 100 if limit.unit == "%" else limit.number
                    needed.append(int(share) + 1)
                case f.Share():
                    needed.append(2 * int(kind.least.number if kind.least else 1))
                case f.Gap():
                    needed.append(len(self.cells(fact)))
                case _ if limit and isinstance(kind, f.Counted) and not isinstance(kind, f.Spread | f.Sum):
                    needed.append(int(limit.number) + 1)
                case _:
                    pass
        return 1 if fact == ANCHOR_FACTS["prior_approval"] else 2 * max(needed)

    def _remember(self, what: str, fact: str, make: object) -> tuple[object, ...]:
        key = (what, fact)
        if key not in self.memory:
            self.memory[key] = make(fact)  # type: ignore[operator]
        return self.memory[key]


def months_row(script: Script, fact: str, grid: Grid) -> tuple[int, int]:
    """Return day and number of the row derived from a period: its whole months, until its end or now."""
    day = script.end if script.end < LAST_DAY else grid.as_of
    return day, whole_months(script.start, day) * int(1 / grid.vocabulary[fact].resolution)


def forms_of(criteria: Iterable[Criterion]) -> tuple[f.Form, ...]:
    """List the forms below some criteria, each once."""
    return tuple(dict.fromkeys(leaf.form for criterion in criteria for leaf in leaves(criterion)))
