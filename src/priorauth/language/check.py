"""The checker: does a leaf fit the vocabulary? Every fault of a leaf is collected, none is guessed away.

A checked form has the ``limit`` of each amount set: whole multiples of the fact's resolution, or the plain number of a
count, a share, an age or a day. A bare condition becomes :class:`~priorauth.language.forms.On` the request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from msgspec.structs import replace

from priorauth.facts.vocabulary import ANCHORS, Fact, Kind, Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.values.units import Units

_KINDS: dict[type, tuple[Kind, ...]] = {
    f.Latest: ("measurement",),
    f.NoRow: ("event", "measurement"),
    f.AnyRow: ("event", "measurement"),
    f.Share: ("measurement",),
    f.Count: ("event", "measurement"),
    f.DaysWith: ("event", "measurement"),
    f.Average: ("event", "measurement"),
    f.Spread: ("measurement",),
    f.Gap: ("event",),
    f.On: ("condition",),
    f.Stated: ("attestation",),
    f.Lasts: ("condition", "regimen"),
    f.Documented: ("event", "measurement", "attribute", "attestation"),
    f.Is: ("attribute",),
    f.Has: ("attribute",),
    f.Age: ("attribute",),
    f.Earlier: ("attribute", "condition"),
    f.Later: ("attribute", "condition"),
    f.Recent: ("attribute",),
    f.Judged: ("judgment",),
    f.Refused: ("judgment",),
}
_WORDS = {
    "On": "a statement",
    "Stated": "a statement",
    "Is": "`is`",
    "Has": "a comparison",
    "AnyRow": "`any`",
    "NoRow": "`no`",
}


@dataclass(slots=True)
class Checker:
    """Checks leaves against one vocabulary; ``faults`` grows with each fault found."""

    vocabulary: Vocabulary
    units: Units
    faults: list[str] = field(default_factory=list)

    def check(self, form: f.Form) -> f.Form:
        """Give the form with its limits set; what is wrong is added to ``faults``."""
        for anchor in contents.anchors_of(form):
            if anchor not in ANCHORS:
                self.faults.append(f"no anchor is named {anchor!r}; expected one of {', '.join(ANCHORS)}")
        missing = [name for name in contents.facts_of(form) if name not in self.vocabulary]
        self.faults += [f"no fact is named {name!r}" for name in missing]
        if missing:
            return form
        fact = self.vocabulary[form.fact]
        if isinstance(form, f.Stated) and fact.kind == "condition":
            form = f.On(form.fact)
        self._kind(form, fact)
        return self._windows(self._numbers(form, fact))

    # ---- kinds

    def _kind(self, form: f.Form, fact: Fact) -> None:
        if isinstance(form, f.NoWorse):
            self._kind(form.measure, fact)
            return
        if isinstance(form, f.Throughout):
            wanted: tuple[Kind, ...] = ("regimen",) if form.compare else ("condition",)
        else:
            wanted = _KINDS[type(form)]
        if fact.kind not in wanted:
            hint = f"; write `judged {fact.name}`" if fact.kind == "judgment" else ""
            what = _WORDS.get(type(form).__name__, f"`{type(form).__name__.lower()}`")
            takes = " or ".join(_a(kind) for kind in wanted)
            self.faults.append(f"{fact.name} is {_a(fact.kind)}; {what} takes {takes}{hint}")
            return
        if isinstance(form, f.Is):
            if fact.values in (("date",), ("number",), ("integer",)):
                self.faults.append(f"{fact.name} is {_a(fact.values[0])}; compare it with > >= < <= =")
            self.faults += [f"{fact.name} has no value {v!r}" for v in form.values if v not in fact.values]
        elif isinstance(form, f.Has) and fact.values not in (("date",), ("number",), ("integer",)):
            self.faults.append(f"{fact.name} is one of {', '.join(fact.values)}; write `{fact.name} is ...`")
        elif (isinstance(form, f.Recent) and fact.values != ("date",)) or (
            isinstance(form, f.Earlier | f.Later | f.Documented)
            and fact.kind == "attribute"
            and fact.values != ("date",)
        ):
            self.faults.append(f"{fact.name} is no date")

    # ---- numbers

    def _numbers(self, form: f.Form, fact: Fact) -> f.Form:
        match form:
            case f.Latest(compare=f.Compare() as compare):
                return replace(form, compare=self._compare(compare, self._of(fact)))
            case f.AnyRow():
                partner = form.partner
                if partner:
                    other = self.vocabulary[partner.fact]
                    partner = replace(partner, compare=self._compare(partner.compare, self._of(other)))
                return replace(form, compare=self._optional(form.compare, self._of(fact)), partner=partner)
            case f.Share():
                least = self._amount(form.least, _at_least_one) if form.least else None
                above = self._amount(form.above, self._of(fact))
                return replace(form, above=above, least=least, compare=self._optional(form.compare, _percent))
            case f.Count():
                tested = self._test(form.test, self._of(fact))
                return replace(form, test=tested, compare=self._optional(form.compare, _whole))
            case f.DaysWith():
                tested = self._test(form.test, self._of(fact))
                return replace(form, test=tested, compare=self._optional(form.compare, _days_or_percent))
            case f.Average(compare=f.Compare() as compare):
                return replace(form, compare=self._compare(compare, _per_day))
            case f.Spread(compare=f.Compare() as compare):
                return replace(form, compare=self._compare(compare, self._of(fact, difference=True)))
            case f.Throughout(compare=f.Compare() as compare):
                return replace(form, compare=self._compare(compare, self._of(fact)))
            case f.Has():
                return replace(form, compare=self._compare(form.compare, self._attribute(fact)))
            case f.Age():
                return replace(form, years=self._amount(form.years, _whole))
            case f.NoWorse():
                measure = self._numbers(form.measure, fact)
                by = self._amount(form.by, self._tolerance(form.measure, fact)) if form.by else None
                return replace(form, measure=measure, by=by)
            case _:
                return form

    def _windows(self, form: f.Form) -> f.Form:
        if isinstance(form, f.NoWorse):
            return replace(form, measure=self._windows(form.measure))
        if not isinstance(form, f.Windowed):
            return form
        windows: list[f.Window] = []
        for window in form.windows:
            if isinstance(window, f.While):
                regimen = self.vocabulary[window.fact]
                if regimen.kind != "regimen":
                    self.faults.append(f"`while` takes a regimen; {window.fact} is {_a(regimen.kind)}")
                windows.append(replace(window, compare=self._compare(window.compare, self._of(regimen))))
            else:
                windows.append(window)
        if isinstance(form, f.Average) or (isinstance(form, f.DaysWith) and _is_percent(form)):
            self._bounded(form)
        return replace(form, windows=tuple(windows))

    def _bounded(self, form: f.Average | f.DaysWith) -> None:
        """An average or a share of days needs to know how many days there are."""
        if form.compare and not any(isinstance(window, f.Within | f.Since) for window in form.windows):
            self.faults.append("expected a window with two ends (`within ...` or `since ...`)")

    # ---- amounts

    def _optional(self, compare: f.Compare | None, to: Callable[[f.Amount], Fraction | str]) -> f.Compare | None:
        return self._compare(compare, to) if compare else None

    def _compare(self, compare: f.Compare, to: Callable[[f.Amount], Fraction | str]) -> f.Compare:
        return replace(compare, amount=self._amount(compare.amount, to))

    def _test(self, test: f.Test | None, to: Callable[[f.Amount], Fraction | str]) -> f.Test | None:
        if isinstance(test, f.Between):
            return f.Between(self._amount(test.low, to), self._amount(test.high, to))
        return self._compare(test, to) if test else None

    def _amount(self, amount: f.Amount, to: Callable[[f.Amount], Fraction | str]) -> f.Amount:
        limit = to(amount)
        if isinstance(limit, str):
            self.faults.append(f"{amount.text}: {limit}")
            return amount
        return replace(amount, limit=limit.numerator if limit.denominator == 1 else limit)

    def _of(self, fact: Fact, *, difference: bool = False) -> Callable[[f.Amount], Fraction | str]:
        def to(amount: f.Amount) -> Fraction | str:
            if fact.unit is None:
                return f"{fact.name} carries no number"
            if amount.unit is None:
                return f"expected a unit that becomes {fact.unit}"
            conversion = self.units.conversion(fact.name, amount.unit)
            if conversion is None:
                return f"{amount.unit} does not become {fact.unit}"
            value = amount.value * conversion.times + (0 if difference else conversion.plus)
            limit = value / fact.resolution
            if limit.denominator != 1:
                return f"finer than the resolution of {fact.name}, {float(fact.resolution):g} {fact.unit}"
            return limit

        return to

    def _attribute(self, fact: Fact) -> Callable[[f.Amount], Fraction | str]:
        if fact.values == ("date",):
            return lambda amount: amount.value if amount.unit == "date" else "expected a date, YYYY-MM-DD"
        if fact.unit is None or fact.unit == "1":
            return _whole
        return self._of(fact)

    def _tolerance(self, measure: f.Measure, fact: Fact) -> Callable[[f.Amount], Fraction | str]:
        match measure:
            case f.Latest() | f.Spread():
                return self._of(fact, difference=True)
            case f.Share():
                return _percent
            case f.Average():
                return _per_day
            case _:
                return _whole


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aei' else 'a'} {word}"


def _is_percent(form: f.DaysWith) -> bool:
    return form.compare is not None and form.compare.amount.unit == "%"


def _whole(amount: f.Amount) -> Fraction | str:
    if amount.unit is not None or amount.value.denominator != 1:
        return "expected a whole number without a unit"
    return amount.value


def _at_least_one(amount: f.Amount) -> Fraction | str:
    whole = _whole(amount)
    return "expected at least 1: of no readings there is no share" if whole == 0 else whole


def _percent(amount: f.Amount) -> Fraction | str:
    return amount.value if amount.unit == "%" else "expected a percentage"


def _days_or_percent(amount: f.Amount) -> Fraction | str:
    return amount.value if amount.unit == "%" else _whole(amount)


def _per_day(amount: f.Amount) -> Fraction | str:
    return amount.value if amount.unit in ("/d", None) else "expected a number per day"
