"""The report of a period as one HTML text, one printed page: ranges, metrics, profile, days, in the standard's order.

The page stands alone: no script, no link, nothing from the network. Each picture is repeated as a table, which the
screen shows and paper does not. What it looks like is in the template, in which every value is escaped and a missing
one is an error; here is what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics.summary import Evidence, Summary
from priorauth.glucose.page.agp import PROFILE, agp
from priorauth.glucose.page.bar import bar
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.daily import daily
from priorauth.glucose.page.period import Period
from priorauth.glucose.page.picture import Picture

if TYPE_CHECKING:
    from jinja2 import Environment

EVERY: Final = "the policies ask"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a policy says, as far as readings show it: a mark, how it is spoken, its days, and what it lacks."""

    mark: str
    spoken: str
    says: str
    verdict: str
    days: tuple[str, ...] = ()
    more: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """The statements that stand below the pictures, the day as of which they hold, and whose they are."""

    as_of: str
    statements: tuple[Statement, ...]
    whose: str = EVERY


@dataclass(frozen=True, slots=True)
class Fact:
    """A metric at the head of the page: its name, its value in words, its goal, and whether the days suffice for it."""

    name: str
    value: str
    goal: str
    sufficient: bool


@dataclass(frozen=True, slots=True)
class _Metric:
    """A metric as it stands in the table of all."""

    name: str
    says: str
    definition: str
    by: str
    value: str
    n: int
    sufficient: bool


def pictures(period: Period) -> tuple[Picture, Picture, Picture]:
    """Return the pictures of a page: time in ranges, profile, days."""
    return bar(period), agp(period), daily(period)


def page(period: Period, *, heading: str, beside: Beside | None = None, notes: Sequence[str] = ()) -> str:
    """Return the page of a period as HTML.

    ``heading`` stands at its top (no names: an id at most), ``beside`` below the pictures, ``notes`` at the foot.
    """
    table, summary, choice = definitions(), period.summary, period.choice
    ranges, profile, days = pictures(period)
    levels = table.profile.percentiles
    bands = f"median, with {levels[1]} to {levels[-2]} % dark and {levels[0]} to {levels[-1]} % light, as if in one day"
    shown = min(table.report["days"], period.span.days) if period.span else 0
    return render(
        "page.html",
        heading=heading,
        device="meter" if period.meter else "sensor",
        span=period.span,
        whole=period.whole,
        enough=summary.evidence["mean_mg_dl"].sufficient,
        asked=table.sufficiency,
        goals="a meter's readings have none" if period.meter else choice.goals.title,
        facts=tuple(facts(period)),
        bar=ranges,
        agp=profile,
        agp_note=bands if profile.title == PROFILE else "",
        daily=days,
        daily_note=f"the latest {shown} days, each from midnight to midnight",
        metrics=[_metric(each, choice) for each in summary.evidence.values() if each.value is not None],
        unknown=list(_unknown(summary)),
        beside=beside,
        events={
            "low": choice.said(table.ranges.low),
            "very_low": choice.said(table.ranges.very_low),
            "very_high": choice.said(table.ranges.very_high),
            "extended": table.events.extended_high_minimum,
            "within": table.events.extended_high_within,
        },
        edition=table.edition,
        notes=notes,
    )


def facts(period: Period) -> Iterator[Fact]:
    """Yield the metrics that the standard report has beside the ranges, those that are known, with their goals."""
    table, choice, evidence = definitions(), period.choice, period.summary.evidence
    goals, said = choice.goals, choice.said
    span = f" of the {period.span.days} days" if period.span else ""
    stable, share = table.cv["stable"], table.sufficiency["share"]
    listed = (
        ("active_window_percent", f"Sensor active{span}", f"goal: {share} % or more"),
        ("tests_per_day", "Tests a day, over all days", ""),
        ("days_with_4_tests", "Days with four tests or more", ""),
        ("mean_mg_dl", "Mean glucose", "" if goals.mean is None else f"goal: less than {said(goals.mean)}"),
        (
            "gmi_percent",
            "Glucose management indicator (GMI)",
            "" if goals.gmi is None else f"goal: less than {goals.gmi} %",
        ),
        ("sd_mg_dl", "Standard deviation", ""),
        ("cv_percent", "Variability (coefficient of variation, CV)", f"goal: {stable} % or less"),
    )
    for metric, name, goal in listed:
        each = evidence[metric]
        if each.value is not None:
            value = said(each.value) if each.unit == "mg/dL" else _value(each, choice)
            yield Fact(name, value, "" if period.meter else goal, each.sufficient)
    yield from _events(period)


def _events(period: Period) -> Iterator[Fact]:
    """Yield the low events and the high ones, each with how many went further."""
    ranges, said, evidence = definitions().ranges, period.choice.said, period.summary.evidence
    for name, first, second, side, limit, further in (
        ("Low events", "hypo_level_1_events", "hypo_level_2_events", "below", ranges.low, ranges.very_low),
        ("High events", "hyper_level_1_events", "hyper_level_2_events", "above", ranges.high, ranges.very_high),
    ):
        one, two = evidence[first], evidence[second]
        if one.value is not None:
            yield Fact(f"{name}, {side} {said(limit)}", f"{one.value}", "", one.sufficient)
            yield Fact(f"{name}, {side} {said(further)}", f"{two.value}", "", two.sufficient)


def _metric(each: Evidence, choice: Choice) -> _Metric:
    says = definitions().metrics[each.name].says
    return _Metric(_name(each.name), says, each.definition, each.by, _value(each, choice), each.n, each.sufficient)


def _name(name: str) -> str:
    return name.removesuffix("_mg_dl").removesuffix("_percent").replace("_", " ")


def _value(each: Evidence, choice: Choice) -> str:
    if each.unit in ("days", "nights"):
        return f"{each.value} of {each.n}"
    if each.unit == "events" or each.value is None:
        return f"{each.value}"
    if each.unit == "mg/dL" and choice.unit != each.unit:
        return choice.said(each.value)
    return f"{each.value:.1f} {each.unit}".strip()


def _unknown(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    """Yield each reason with the metrics that are unknown for it."""
    reasons: dict[str, list[str]] = {}
    for each in summary.evidence.values():
        if each.value is None:
            reasons.setdefault(each.why, []).append(_name(each.name))
    yield from reasons.items()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("priorauth.glucose.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"thousands": "{:,}".format}
    return made


def render(template: str, **values: object) -> str:
    """Return a template filled in; raises jinja2.UndefinedError for a value that it names and was not given."""
    return _environment().get_template(template).render(values)
