"""One printed page of a stream: its metrics with their definitions, the profile and the days, as one HTML text.

The page stands alone: no script, no link, nothing from the network. Pictures are repeated as words and numbers. What it
looks like is in the templates, in which every value is escaped and a missing one is an error; here is what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.profile import Profile, profile
from priorauth.glucose.metrics.summary import Evidence, Summary
from priorauth.glucose.page.picture import days_picture, profile_picture

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Statement:
    """What a policy says, as far as readings show it: a mark, how it is spoken, and the days that prove it."""

    mark: str
    spoken: str
    says: str
    verdict: str
    days: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Beside:
    """The statements that stand beside the pictures, and the day as of which they hold."""

    as_of: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class _Metric:
    """A metric as it stands in a table."""

    name: str
    says: str
    definition: str
    by: str
    value: str
    n: int
    sufficient: bool


def page(
    summary: Summary, counted: Counts, *, heading: str, beside: Beside | None = None, notes: Sequence[str] = ()
) -> str:
    """Return the page of a summary as HTML.

    ``heading`` stands at its top (no names: an id at most), ``beside`` next to the pictures, ``notes`` at the foot.
    """
    table = definitions()
    known = [_metric(each) for each in summary.evidence.values() if each.value is not None]
    half = (len(known) + 1) // 2
    return render(
        "page.html",
        heading=heading,
        readings=summary.readings,
        device="sensor" if summary.device == "cgm" else "meter",
        span=f"{summary.first_day} to {summary.last_day}" if summary.first_day else "no readings",
        enough=summary.evidence["mean_mg_dl"].sufficient,
        asked=table.sufficiency,
        tables=(("Metrics", known[:half]), ("Metrics, continued", known[half:])),
        unknown=list(_unknown(summary)),
        beside=beside,
        profile=profile_picture(profile(counted.series)),
        days=days_picture(counted),
        ranges=table.ranges,
        events=table.events,
        edition=table.edition,
        notes=notes,
    )


def profile_svg(found: Profile) -> str:
    """Return the picture of a profile as SVG."""
    return render("profile.svg", profile=profile_picture(found))


def days_svg(counted: Counts, stream: int = 0, *, most: int = 14) -> str:
    """Return the picture of the last days of a stream as SVG."""
    return render("days.svg", days=days_picture(counted, stream, most=most))


def _metric(each: Evidence) -> _Metric:
    says = definitions().metrics[each.name].says
    return _Metric(_name(each.name), says, each.definition, each.by, _value(each), each.n, each.sufficient)


def _name(name: str) -> str:
    return name.removesuffix("_mg_dl").removesuffix("_percent").replace("_", " ")


def _value(each: Evidence) -> str:
    if each.unit in ("days", "nights"):
        return f"{each.value} of {each.n}"
    if each.unit == "events":
        return f"{each.value}"
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
    made.filters |= {"tenths": "{:.1f}".format, "whole": "{:.0f}".format, "thousands": "{:,}".format}
    return made


def render(template: str, **values: object) -> str:
    """Return a template filled in; raises jinja2.UndefinedError for a value that it names and was not given."""
    return _environment().get_template(template).render(values)
