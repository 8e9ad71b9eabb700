"""What the plain readings of many members show, as columns: the rows that the glucose room derives reading by reading.

The rules are those of :mod:`priorauth.glucose.evidence`, over one array of the readings of all members at once;
episodes are found by the same counting engine. Tests hold both against each other, row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from priorauth.facts.vocabulary import Vocabulary
from priorauth.glucose import evidence, flags, readings
from priorauth.glucose.definitions import definitions
from priorauth.glucose.derivations import Derivations, derivations
from priorauth.glucose.episodes import figures
from priorauth.glucose.metrics import columns, series
from priorauth.glucose.metrics.engine import load
from priorauth.population.ingest.plain.rows import NOWHEN
from priorauth.values.dates import MINUTES_A_DAY

Numbers = npt.NDArray[Any]
_FASTING: Final = int(flags.Flag.FASTING)
_BEFORE: Final = int(flags.Flag.BEFORE_MEAL) | _FASTING
_AFTER_FIRST: Final = int(flags.Flag.AFTER_MEAL) | readings.LATER_MEAL
_MOST: Final = 1 << 62
FACTS: Final = frozenset(
    {
        readings.METER, evidence.HYPOGLYCEMIA, evidence.NOCTURNAL, evidence.PREMEAL, evidence.PREMEAL_RANGE,
        evidence.FASTING, evidence.ON_FILE,
    }
)  # fmt: skip
"""The facts of which plain readings make rows."""


class Part(NamedTuple):
    """The rows of one fact, by member and in the order of :func:`priorauth.record.ordering.in_order`.

    ``whose``: the turn of the member; ``ids``: of the Observation a row rests on; ``other``: of a second one, if any;
    ``minute``: NOWHEN where there is none; ``low`` and ``high``: None where the fact has no number.
    """

    table: str
    fact: str
    whose: Numbers
    ids: Numbers
    day: Numbers
    minute: Numbers
    low: Numbers | None = None
    high: Numbers | None = None
    other: Numbers | None = None


class Tests(NamedTuple):
    """Self-tests of a meter, one row each in parallel arrays."""

    whose: Numbers
    ids: Numbers
    day: Numbers
    minute: Numbers
    of_day: Numbers
    value: Numbers
    flags: Numbers

    def chosen(self, of: Numbers) -> Tests:
        """Return some of them."""
        return Tests(*(column[of] for column in self))

    def part(self, table: str, fact: str, of: Numbers) -> Part:
        """Return some of them as rows of a fact."""
        whose, ids, day, minute, _, value, _ = self.chosen(of)
        return Part(table, fact, whose, ids, day, minute, value, value)


def parts(known: Vocabulary, rows: Numbers, whose: Numbers) -> list[Part]:
    """Return what plain readings show, by fact; rows stand by member, and in the order of the input."""
    names = ("id", "day", "minute", "of_day", "value", "flags")
    tests = _once(Tests(whose, *(np.ascontiguousarray(rows[name]) for name in names)).chosen(~rows["void"]))
    given = derivations(known)
    every = np.ones(len(tests.whose), bool)
    made = [
        tests.part("event", readings.METER, every),
        *_lows(given, tests),
        *_before_meals(given, tests),
        _fasting(given, tests),
        _on_file(given, tests),
    ]
    return [part for part in made if len(part.whose)]


def measured(facts: Sequence[str], rows: Numbers, whose: Numbers) -> list[Part]:
    """Return laboratory results that stand for themselves, by fact; ``facts``: those that rows give by their place."""
    made = []
    for number, fact in enumerate(facts):
        own = np.flatnonzero((rows["fact"] == number) & ~rows["void"])
        if len(own):
            found, owner = rows[own], whose[own]
            turn = order(found["id"], owner, found["day"], _minutes(found["minute"]))
            day, minute, value = (found[name][turn] for name in ("day", "minute", "value"))
            made.append(Part("measurement", fact, owner[turn], found["id"][turn], day, minute, value, value))
    return made


def _by(*keys: Numbers) -> Numbers:
    """Return the order of rows by some keys, the first decides; rows that are equal stay as they stand.

    Rows mostly stand in order already: all keys as one number are sorted in one go then, which is soon done.
    """
    joined, widest = np.zeros(len(keys[0]), np.int64), 1
    for key in keys:
        least = int(key.min(initial=0))
        width = int(key.max(initial=0)) - least + 1
        widest *= width
        if widest > _MOST:
            found: Numbers = np.lexsort(keys[::-1])
            return found
        joined = joined * width + (key.astype(np.int64) - least)
    return np.argsort(joined, kind="stable")


def order(ids: Numbers, *keys: Numbers) -> Numbers:
    """Return the order of rows by some keys, the first decides; where all are equal, by id."""
    found = _by(*keys)
    equal = np.ones(max(len(found) - 1, 0), bool)
    for key in keys:
        sorted_ = key[found]
        equal &= sorted_[1:] == sorted_[:-1]
    tied = np.flatnonzero(equal)
    if len(tied):
        starts = tied[np.append(True, np.diff(tied) > 1)]
        ends = tied[np.append(np.diff(tied) > 1, True)] + 2
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            run = found[start:end]
            found[start:end] = run[np.argsort(ids[run], kind="stable")]
    return found


def _minutes(minute: Numbers) -> Numbers:
    """Return minutes as rows are ordered by them: one that is not known is -1."""
    return np.where(minute == NOWHEN, -1, minute)


def _begins(*keys: Numbers) -> Numbers:
    """Return whether each row begins a run of rows with equal keys."""
    found = np.ones(len(keys[0]), bool)
    if len(found) > 1:
        found[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return found


def _once(tests: Tests) -> Tests:
    """Leave of tests of one minute and value the first, under the least of their ids; in the order of rows."""
    by_time = _by(tests.whose, tests.minute, tests.value)
    whose, minute, value, of_day = (
        column[by_time] for column in (tests.whose, tests.minute, tests.value, tests.of_day)
    )
    first = _begins(whose, minute, value) | (of_day < 0)
    ids = tests.ids.copy()
    kept = by_time[first]
    if not first.all():
        owner = np.cumsum(first) - 1
        for place in np.flatnonzero(~first).tolist():
            into = kept[owner[place]]
            ids[into] = min(ids[into], tests.ids[by_time[place]])
    once = tests._replace(ids=ids).chosen(kept)
    return once.chosen(order(once.ids, once.whose, once.day, _minutes(once.minute)))


def _lows(given: Derivations, tests: Tests) -> list[Part]:
    """Return the low episodes, those of the night among them, and the days of low tests without a time of day."""
    low = tests.chosen(tests.value < given.low)
    bounds = definitions().bounds
    timed = (low.of_day >= 0) & (low.minute >= bounds.earliest) & (low.minute <= bounds.latest)
    stream = low.chosen(timed)
    stream = stream.chosen(_by(stream.whose, stream.minute, stream.value))
    first, least = _episodes(given, stream)
    begun = stream.chosen(first)
    days = {*zip(begun.whose.tolist(), begun.day.tolist(), strict=True)}
    dated = low.chosen(low.of_day < 0)
    alone = []
    for place in order(dated.ids, dated.whose, dated.day).tolist():
        day = (int(dated.whose[place]), int(dated.day[place]))
        if day not in days:
            days.add(day)
            alone.append(place)
    more = dated.chosen(np.array(alone, np.int64))
    every = Tests(*(np.concatenate(pair) for pair in zip(begun._replace(value=least), more, strict=True)))
    every = every.chosen(order(every.ids, every.whose, every.day, _minutes(every.minute)))
    night = (every.of_day >= given.night[0]) & (every.of_day < given.night[1]) & (every.of_day >= 0)
    nocturnal = every.part("event", evidence.NOCTURNAL, night)._replace(low=None, high=None)
    return [every.part("event", evidence.HYPOGLYCEMIA, np.ones(len(every.whose), bool)), nocturnal]


def _episodes(given: Derivations, stream: Tests) -> tuple[Numbers, Numbers]:
    """Return the places at which low episodes begin, and the least value of each; ``stream`` by member and time."""
    if not len(stream.whose):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    bounds, blank = definitions().bounds, np.zeros(len(stream.whose), np.int64)
    starts = np.append(np.flatnonzero(_begins(stream.whose)), len(stream.whose))
    values = np.clip(stream.value, bounds.lowest, bounds.highest)
    trace = series.many(stream.minute, blank, values, blank, starts, np.ones(len(starts) - 1, bool))
    rules, counting = figures(given), load("numpy", len(stream.whose))
    events, _ = counting.event_rows(trace, counting.intervals(trace, rules), rules)
    first = np.sort(events[events[:, columns.KIND] == columns.HYPO_1, columns.FIRST])
    return first, np.minimum.reduceat(stream.value, first)


def _before_meals(given: Derivations, tests: Tests) -> list[Part]:
    """Return the tests before meals, and how far apart those of a day lie where there are enough."""
    tagged = tests.chosen((tests.flags & _BEFORE) != 0)
    every = tagged.part("measurement", evidence.PREMEAL, np.ones(len(tagged.whose), bool))
    by_value = tagged.chosen(order(tagged.ids, tagged.whose, tagged.day, tagged.value))
    first = np.flatnonzero(_begins(by_value.whose, by_value.day)) if len(by_value.whose) else np.zeros(0, np.int64)
    last = np.append(first[1:], len(by_value.whose)) - 1 if len(first) else first
    enough = last - first + 1 >= given.range_least
    lowest, highest = by_value.chosen(first[enough]), by_value.chosen(last[enough])
    apart = highest.value - lowest.value
    none = np.full(len(apart), NOWHEN)
    ranged = Part(
        "measurement", evidence.PREMEAL_RANGE, lowest.whose, lowest.ids, lowest.day, none, apart, apart, highest.ids
    )
    return [every, ranged]


def _fasting(given: Derivations, tests: Tests) -> Part:
    """Return the fasting tests: those so tagged, else the first of the morning before any meal."""
    tagged = (tests.flags & _FASTING) != 0
    days = tests.whose * (1 << 24) + tests.day
    begin, end = given.fasting_meter
    morning = np.flatnonzero((tests.of_day >= begin) & (tests.of_day < end) & ~np.isin(days, days[tagged]))
    by_time = morning[_by(days[morning], tests.minute[morning], tests.value[morning])]
    first = by_time[_begins(days[by_time])] if len(by_time) else by_time
    first = first[(tests.flags[first] & _AFTER_FIRST) == 0]
    chosen = tagged.copy()
    chosen[first] = True
    return tests.part("measurement", evidence.FASTING, chosen)


def _on_file(given: Derivations, tests: Tests) -> Part:
    """Return for each member with enough days of tests that a log is on file, resting on the last test."""
    wall = tests.day.astype(np.int64) * MINUTES_A_DAY + np.maximum(tests.of_day, 0)
    by_wall = tests.chosen(order(tests.ids, tests.whose, wall))
    if not len(by_wall.whose):
        return by_wall.part("answer", evidence.ON_FILE, np.zeros(0, bool))
    opens = np.flatnonzero(_begins(by_wall.whose))
    counts = np.add.reduceat(_begins(by_wall.whose, by_wall.day).astype(np.int64), opens)
    last = np.append(opens[1:], len(by_wall.whose)) - 1
    return by_wall.part("answer", evidence.ON_FILE, last[counts >= given.log_days])._replace(low=None, high=None)
