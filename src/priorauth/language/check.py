"""The checker: does a leaf fit the vocabulary? Every fault of a leaf is collected, none is guessed away.

A checked form has the ``limit`` of each amount set: whole multiples of the fact's resolution, or the plain number of a
count, a share, an age or a day. A bare condition becomes :class:`~priorauth.language.forms.On` the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from priorauth.facts.roles import roles
from priorauth.facts.vocabulary import ANCHORS, Fact, Kind, Vocabulary
from priorauth.language import contents, traits
from priorauth.language import forms as f
from priorauth.values import names
from priorauth.values.units import Units

STATED: tuple[Kind, ...] = ("attestation", "attribute")
"""The kinds of fact whose rows are statements, each of somebody."""
_WORDS = {
    "On": "a statement",
    "Stated": "a statement",
    "Is": "`is`",
    "Has": "a comparison",
    "AnyRow": "`any`",
    "NoRow": "`no`",
}


class Checker(Struct):
    """Checks leaves against one vocabulary; ``faults`` grows with each fault found."""

    vocabulary: Vocabulary
    units: Units
    faults: list[str] = field(default_factory=list)

    def check(self, form: f.Form) -> f.Form:
        """Return the form with its limits set; what is wrong is added to ``faults``."""
        for anchor in contents.anchors_of(form):
            if anchor not in ANCHORS:
                self.faults.append(
                    f"no anchor is named {anchor!r}; expected one of {', '.join(ANCHORS)}{names.near(anchor, ANCHORS)}"
                )
        missing = [name for name in contents.facts_of(form) if name not in self.vocabulary]
        self.faults += [f"no fact is named {name!r}{names.near(name, self.vocabulary)}" for name in missing]
        if missing:
            return form
        fact = self.vocabulary[form.fact]
        if isinstance(form, f.Stated) and form.role is None and fact.kind == "condition":
            form = f.On(form.fact)
        self._kind(form, fact)
        self._role(form, fact)
        if isinstance(form, f.Sum) and fact.kind == "measurement":
            self._adds_up(fact)
        return self._windows(self._numbers(form, fact))

    # ---- who states it

    def _role(self, form: f.Form, fact: Fact) -> None:
        role = contents.role_of(form)
        if role is None:
            return
        known = roles()
        if role not in known:
            self.faults.append(
                f"no role is named {role!r}; expected one of {', '.join(known)}{names.near(role, known)}"
            )
        if fact.kind not in STATED:
            takes = " or ".join(_a(kind) for kind in STATED)
            self.faults.append(f"{fact.name} is {_a(fact.kind)}; `stated by` takes {takes}")
        elif role == "supplier" and fact.asked_of != "supplier" and not fact.document:
            self.faults.append(f"{fact.name} is a clinical fact, of which the supplier settles nothing")

    # ---- what adds up

    def _adds_up(self, fact: Fact) -> None:
        """Only numbers that cannot be negative are added up: then rows on hand are the least that it can be."""
        low, _ = self.units.plausible(fact.name)
        if low is None or low < 0:
            said = f"{fact.name} has no `plausible` least of 0 or more"
            self.faults.append(f"`sum of` takes what is never negative; {said}")
        if any(one.plus for one in self.units.by_fact.get(fact.name, {}).values()):
            self.faults.append(f"numbers of {fact.name} do not add up: one of its units is converted with a constant")

    # ---- kinds

    def _kind(self, form: f.Form, fact: Fact) -> None:
        if isinstance(form, f.NoWorse):
            self._kind(form.measure, fact)
            return
        if isinstance(form, f.Throughout | f.On):
            wanted: tuple[Kind, ...] = ("regimen",) if form.compare else ("condition",)
        else:
            wanted = traits.of(form).kinds
        if fact.kind not in wanted:
            hint = f"; write `judged {fact.name}`" if fact.kind == "judgment" else ""
            what = (
                "a comparison on a day"
                if isinstance(form, f.On) and form.compare
                else _WORDS.get(type(form).__name__, f"`{type(form).__name__.lower()}`")
            )
            takes = " or ".join(_a(kind) for kind in wanted)
            self.faults.append(f"{fact.name} is {_a(fact.kind)}; {what} takes {takes}{hint}")
            return
        if isinstance(form, f.Is):
            if fact.values in (("date",), ("number",), ("integer",)):
                self.faults.append(f"{fact.name} is {_a(fact.values[0])}; compare it with > >= < <= =")
            self.faults += [
                f"{fact.name} has no value {v!r}{names.near(v, fact.values)}"
                for v in form.values
                if v not in fact.values
            ]
        elif isinstance(form, f.Has) and fact.values not in (("date",), ("number",), ("integer",)):
            self.faults.append(f"{fact.name} is one of {', '.join(fact.values)}; write `{fact.name} is ...`")
        elif fact.kind in traits.of(form).only_dates and fact.values != ("date",):
            self.faults.append(f"{fact.name} is no date")

    # ---- numbers

    def _numbers(self, form: f.Form, fact: Fact) -> f.Form:
        """Set the limits of a form's numbers, each read as its traits say."""
        checked: dict[str, object] = {}
        if isinstance(form, f.AnyRow) and form.partner:
            other = self._of(self.vocabulary[form.partner.fact])
            checked["partner"] = replace(form.partner, compare=self._compare(form.partner.compare, other))
        if isinstance(form, f.NoWorse):
            checked["measure"] = self._numbers(form.measure, fact)
            tolerance = traits.of(form.measure).tolerance
            if form.by and tolerance:
                checked["by"] = self._amount(form.by, self._scale(tolerance, fact))
        for name in traits.of(form).lasting:
            if getattr(form, name).duration.count == 0:
                self.faults.append("expected a length of at least one day")
        for name, scale in traits.of(form).numbers.items():
            checked[name] = self._number(getattr(form, name), self._scale(scale, fact))
        return replace(form, **checked) if checked else form

    def _number(
        self, part: f.Amount | f.Test | None, to: Callable[[f.Amount], Fraction | str]
    ) -> f.Amount | f.Test | None:
        match part:
            case f.Amount():
                return self._amount(part, to)
            case f.Between(low=low, high=high):
                return f.Between(self._amount(low, to), self._amount(high, to))
            case f.Compare():
                return self._compare(part, to)
            case None:
                return None

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

    def _compare(self, compare: f.Compare, to: Callable[[f.Amount], Fraction | str]) -> f.Compare:
        return replace(compare, amount=self._amount(compare.amount, to))

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

    def _scale(self, scale: traits.Scale, fact: Fact) -> Callable[[f.Amount], Fraction | str]:
        """Return how a number is read."""
        match scale:
            case "fact" | "difference":
                return self._of(fact, difference=scale == "difference")
            case "attribute":
                return self._attribute(fact)
            case _:
                return _PLAIN[scale]


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


_PLAIN: Mapping[traits.Scale, Callable[[f.Amount], Fraction | str]] = {
    "whole": _whole,
    "one or more": _at_least_one,
    "percent": _percent,
    "days": _days_or_percent,
    "per day": _per_day,
}
