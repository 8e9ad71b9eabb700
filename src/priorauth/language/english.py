"""The plain English of a form: one sentence without a full stop, as a nurse would read it aloud.

Facts, anchors, units and values are spoken as ``policies/labels.yaml`` says; attestations and judgments by the question
that asks for them. Numbers and lengths that come from readings are spoken with their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, cast

from msgspec import Struct

from priorauth.facts.roles import roles
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.values import dates, strict_yaml
from priorauth.values.dates import Duration
from priorauth.values.interval import Op

PATH = Path(__file__).parent.parent / "policies" / "labels.yaml"
RELATION: Mapping[Op, str] = {">": "above", ">=": "at least", "<": "below", "<=": "at most", "=": "exactly"}
NUMBER: Mapping[Op, str] = {">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most", "=": "exactly"}
OF: Mapping[Op, str] = {**RELATION, ">": "more than", "<": "less than"}
AGE: Mapping[Op, str] = {">": "older than", ">=": "at least", "<": "younger than", "<=": "at most", "=": "exactly"}
PAGE: Final = "#page="
"""What stands in the name of a row that rests on the words of a document: ``document 3#page=2&at=118``."""
DAY: Mapping[Op, str] = {">": "after", ">=": "on or after", "<": "before", "<=": "on or before", "=": "on"}


class Labels(Struct, frozen=True):
    """How things are spoken: a fact as one and as several of it, an anchor with its fact, units, values, sources."""

    facts: Mapping[str, tuple[str, str]]
    anchors: Mapping[str, str]
    anchor_facts: Mapping[str, str]
    units: Mapping[str, str]
    values: Mapping[str, str]
    words: Mapping[str, str]
    kinds: Mapping[str, str]
    observed: Mapping[str, str]
    send: Mapping[str, str]

    def kind(self, reference: str, fact: Fact | None) -> str:
        """Return the name of the kind of a source: by its resource type, an observation by what was observed."""
        source = reference.partition("/")[0]
        if PAGE in reference:
            return self.kinds["DocumentReference"]
        if source == "Observation" and fact is not None:
            measured = "measurement" if fact.kind == "measurement" else source
            return self.observed.get(fact.name) or self.kinds[measured]
        return self.kinds.get(source) or self.kinds["other"]

    def one(self, fact: str) -> str:
        """Return the name of one of a fact."""
        return self.facts[fact][0] if fact in self.facts else self.spelled(fact)

    def many(self, fact: str) -> str:
        """Return the names of several of a fact."""
        return self.facts[fact][1] if fact in self.facts else self.spelled(fact)

    def sent(self, fact: str) -> str:
        """Name, shortly, what is sent to show a fact."""
        return self.send.get(fact) or self.one(fact)

    def spelled(self, fact: str) -> str:
        """Return the name of a fact with spaces, its words spelled as people spell them."""
        return " ".join(self.words.get(word, word) for word in fact.split("_"))

    def value(self, value: str) -> str:
        """Return the name of a value of an attribute."""
        return self.values.get(value, value.replace("-", " "))

    def amount(self, amount: f.Amount) -> str:
        """Write a number with its unit."""
        number, _, unit = amount.text.partition(" ")
        return f"{number} {self.units.get(unit, unit)}" if unit else number


@cache
def labels(path: Path = PATH) -> Labels:
    """Load the labels; raises PolicyFaults."""
    top = strict_yaml.read_file(path)
    tables = {key: cast("strict_yaml.Mapping", value) for key, value in top.items()}
    facts = {name: _both(row) for name, row in tables["facts"].items()}
    rows = {name: cast("strict_yaml.Mapping", row) for name, row in tables["anchors"].items()}
    return Labels(
        facts,
        {name: str(row["say"]) for name, row in rows.items()},
        {name: str(row["fact"]) for name, row in rows.items() if "fact" in row},
        {name: str(row) for name, row in tables["units"].items()},
        {name: str(row) for name, row in tables["values"].items()},
        {name: str(row) for name, row in tables["words"].items()},
        {name: str(row) for name, row in tables["kinds"].items()},
        {name: str(row) for name, row in tables["observed"].items()},
        {name: str(row) for name, row in tables["send"].items()},
    )


def bare(label: str) -> str:
    """Return a name as it stands behind "no" or "possible": ``an active infection`` is ``active infection`` there."""
    for article, left in (("an ", ""), ("a ", ""), ("the ", ""), ("another ", "other ")):
        if label.startswith(article):
            return left + label.removeprefix(article)
    return label


def _both(row: strict_yaml.Value) -> tuple[str, str]:
    return (str(row[0]), str(row[1])) if isinstance(row, strict_yaml.Sequence) else (str(row), str(row))


@lru_cache(maxsize=8192)
def say(form: f.Form, vocabulary: Vocabulary) -> str:
    """Return a form in plain English: ``the newest HbA1c within the 12 months before the request is above 7.0 %``."""
    role = contents.role_of(form)
    stated = f", stated by {_of_role(role)}" if role else ""
    return " ".join(_Speech(labels(), vocabulary).form(form).split()) + stated


def _of_role(role: str) -> str:
    return roles()[role].say if role in roles() else role


class _Speech(Struct, frozen=True):
    labels: Labels
    vocabulary: Vocabulary

    def form(self, form: f.Form) -> str:
        match form:
            case f.Latest() | f.Share() | f.Count() | f.DaysWith() | f.Average() | f.Spread() | f.AnyRow() | f.NoRow():
                return self.rows(form)
            case f.Sum(fact=fact, windows=windows, compare=compare):
                number = f"{OF[compare.op]} {self.labels.amount(compare.amount)}"
                return f"{self.labels.many(fact)}{self.windows(windows)}: {number} in all"
            case f.Spaced(fact=fact, test=test, windows=windows, compare=compare, apart=apart):
                number = f"{NUMBER[compare.op]} {self.labels.amount(compare.amount)}"
                rows = f"{self.labels.many(fact)}{self.test(test)}{self.windows(windows)}"
                return f"{number} {rows}, each at least {apart.duration} from the next"
            case f.Gap(fact=fact, windows=windows, op=op, length=length):
                return (
                    f"the longest time without {self.labels.many(fact)}{self.windows(windows)} "
                    f"is {NUMBER[op].replace('fewer', 'less')} {length.duration}"
                )
            case f.NoWorse(measure=measure, anchor=anchor, by=by):
                more = f", or by no more than {self.labels.amount(by)}" if by and by.value else ""
                where = self.labels.anchors[anchor]
                return f"{self.measure(measure)} since {where} is no worse than over the same time before{more}"
            case f.Documented(fact=fact, windows=windows):
                dated = f", dated{self.windows(windows)}" if windows else ""
                return f"on file{dated}: {self.labels.one(fact)}"
            case f.Judged(fact=fact):
                return f'a clinician of the payer answers yes to "{self.question(fact)}"'
            case f.Refused(fact=fact):
                return f'a clinician of the payer answers no to "{self.question(fact)}"'
            case f.Stated(fact=fact):
                return f'the answer is yes to "{self.question(fact)}"'
            case _:
                return self.state(form)

    def question(self, fact: str) -> str:
        return self.vocabulary[fact].ask

    # ---- rows in windows

    def rows(self, form: f.Form) -> str:
        match form:
            case f.Latest(compare=f.Compare() as compare):
                return f"{self.measure(form)} is {self.relation(compare)}"
            case f.NoRow(fact=fact, windows=windows):
                return f"no {self.labels.one(fact)}{self.windows(windows)}"
            case f.AnyRow(fact=fact, compare=compare, windows=windows, partner=partner):
                valued = f" {self.of(compare)}" if compare else ""
                beside = ""
                if partner:
                    beside = f", with {self.labels.one(partner.fact)} {self.of(partner.compare)} in the same draw"
                return f"at least one {self.labels.one(fact)}{valued}{beside}{self.windows(windows)}"
            case f.Count(fact=fact, test=test, windows=windows, compare=f.Compare() as compare):
                number = f"{NUMBER[compare.op]} {self.labels.amount(compare.amount)}"
                return f"{number} {self.labels.many(fact)}{self.test(test)}{self.windows(windows)}"
            case f.DaysWith(fact=fact, test=test, windows=windows, compare=f.Compare() as compare):
                days = f"{NUMBER[compare.op]} {self.labels.amount(compare.amount)}"
                days += " of the days" if compare.amount.unit == "%" else " days"
                return (
                    f"on {days}{self.windows(windows)} there is at least one {self.labels.one(fact)}{self.test(test)}"
                )
            case f.Average(fact=fact, windows=windows, compare=f.Compare() as compare):
                number = f"{NUMBER[compare.op]} {self.labels.amount(compare.amount)}"
                number += "" if compare.amount.unit else " a day"
                return f"{self.labels.many(fact)}{self.windows(windows)}: {number} on average"
            case f.Share(compare=f.Compare() as compare, least=least):
                of = f", of at least {self.labels.amount(least)} on file" if least else ""
                return f"{self.measure(form)} is {self.relation(compare)}{of}"
            case f.Spread(compare=f.Compare() as compare):
                return f"{self.measure(form)} is {self.relation(compare)}"
            case _:  # pragma: no cover - the grammar gives every other row form a comparison
                return self.measure(cast("f.Measure", form))

    def measure(self, measure: f.Measure) -> str:
        """Return what is measured, without the relation."""
        one, many = self.labels.one(measure.fact), self.labels.many(measure.fact)
        windows = self.windows(measure.windows)
        match measure:
            case f.Latest():
                return f"the newest {one}{windows}"
            case f.Share(above=above):
                return f"the share of {many} above {self.labels.amount(above)}{windows}"
            case f.Count(test=test):
                return f"the number of {many}{self.test(test)}{windows}"
            case f.DaysWith(test=test):
                return f"the number of days with a {one}{self.test(test)}{windows}"
            case f.Average():
                return f"the number of {many} a day{windows}"
            case f.Spread():
                return f"the highest less the lowest of the {many}{windows}"

    # ---- states and attributes

    def state(self, form: f.Form) -> str:
        fact = self.vocabulary[form.fact]
        one = self.labels.one(form.fact)
        match form:
            case f.Throughout(compare=compare, length=length, anchor=anchor):
                what = f"{one}, {self.relation(compare)}," if compare else one
                if length.duration == Duration(1, "day"):
                    return f"{what} on {self.on(anchor)}"
                return f"{what} on every day of the {_bare(length)} before {self.labels.anchors[anchor]}"
            case f.On(anchor=anchor, compare=compare):
                what = f"{one}, {self.relation(compare)}," if compare else one
                return f"{what} on {self.on(anchor)}"
            case f.Lasts(length=length):
                return f"{one} has lasted at least {length.duration}"
            case f.Is(values=values):
                return f"the {one} is {_either(tuple(self.labels.value(value) for value in values))}"
            case f.Has(compare=compare):
                if fact.values == ("date",):
                    day = dates.iso(int(compare.amount.value))
                    return f"the date of the {one} is {DAY[compare.op]} {day}"
                return f"the {one} is {self.relation(compare)}"
            case f.Age(op=op, years=years, anchor=anchor):
                when = "" if anchor == "request" else f" on {self.on(anchor)}"
                return f"the member is {AGE[op]} {self.labels.amount(years)} years old{when}"
            case f.Earlier(anchor=anchor):
                return f"{self.dated(fact)} before {self.labels.anchors[anchor]}"
            case f.Later(anchor=anchor):
                began = "lies" if fact.kind == "attribute" else "began"
                return f"{self.dated(fact).removesuffix(' lies')} {began} after {self.labels.anchors[anchor]}"
            case f.Recent(length=length, anchor=anchor):
                return f"{self.dated(fact)} within the {_bare(length)} before {self.labels.anchors[anchor]}"
            case f.Offset(op=op, length=length, anchor=anchor):
                return f"{self.dated(fact)} {OF[op]} {length.duration} after {self.labels.anchors[anchor]}"
            case _:  # pragma: no cover - every form has its sentence; the test over the grammar holds that
                raise TypeError(type(form).__name__)

    def dated(self, fact: Fact) -> str:
        one = self.labels.one(fact.name)
        return f"the date of the {one} lies" if fact.kind == "attribute" else one

    def on(self, anchor: str) -> str:
        return day(self.labels.anchors[anchor])

    # ---- parts

    def relation(self, compare: f.Compare) -> str:
        return f"{RELATION[compare.op]} {self.labels.amount(compare.amount)}"

    def of(self, compare: f.Compare) -> str:
        return f"of {OF[compare.op]} {self.labels.amount(compare.amount)}"

    def test(self, test: f.Test | None) -> str:
        if test is None:
            return ""
        if isinstance(test, f.Between):
            return f" between {self.labels.amount(test.low)} and {self.labels.amount(test.high)}"
        return f" {self.relation(test)}"

    def windows(self, windows: tuple[f.Window, ...]) -> str:
        return "".join(f" {self.window(window)}" for window in windows)

    def window(self, window: f.Window) -> str:
        match window:
            case f.Within(length=length, anchor=anchor):
                return f"within the {_bare(length)} before {self.labels.anchors[anchor]}"
            case f.Since(anchor=anchor):
                return f"since {self.labels.anchors[anchor]}"
            case f.Before(anchor=anchor):
                return f"up to {self.labels.anchors[anchor]}"
            case f.While(fact=fact, compare=compare):
                return f"while on {self.labels.one(fact)} {self.of(compare)}"


def day(anchor: str) -> str:
    """Return the day of an anchor: ``the day of the request``."""
    return anchor if anchor.startswith("the day") else f"the day of {anchor}"


def _bare(length: f.Length) -> str:
    """Write a length after ``the``: ``6 months``, and ``1 day`` as ``day``."""
    return length.duration.unit if length.duration.count == 1 else str(length.duration)


def _either(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
