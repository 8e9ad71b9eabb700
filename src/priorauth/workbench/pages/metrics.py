"""The figures of a year, each with the cases behind it; the public page of them; names on request, which is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from priorauth.ledger import counted, metrics, people
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.counted import EVERY, Asked, Counted
from priorauth.ledger.metrics import Time, Year
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render, sheets
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import figures
from priorauth.workbench.visit import Visit, form, page
from priorauth.workbench.words import STATE

MOST: Final = 50
"""How many cases a page lists, and so how many names are looked up at once."""
NAMES: Final = "the member's name, in a list of figures"
_YEAR: Final = re.compile(r"20[0-9]{2}")
_HOURS: Final = re.compile(r"[0-9]{1,6}")
_CSV_HEAD: Final = (
    *("year", "line of business", "contract", "figure", "what it says", "counted", "of", "percent"),
    *("mean hours", "median hours", "90 percent within hours"),
)


@page("metrics")
def year(visit: Visit) -> Response:
    """Show the figures of a year."""
    found = _counted(visit, _year(visit.asked("year"), visit))
    settings = visit.plan["settings"]
    return render.page(
        visit,
        "metrics.html",
        found=found,
        groups=figures.groups(found, settings),
        others=figures.others(found.year, found.beside, settings),
        years=_years(visit),
    )


@page("turnaround")
def turnaround(visit: Visit) -> Response:
    """Show how long decisions took, from receipt to notice."""
    found = _counted(visit, _year(visit.asked("year"), visit))
    settings = visit.plan["settings"]
    pictures = [_spread(visit, found.year, time) for time in (found.parts[0].times if found.parts else ())]
    return render.page(
        visit,
        "turnaround.html",
        found=found,
        groups=figures.groups(found, settings),
        others=figures.others(found.year, found.beside, settings),
        pictures=[one for one in pictures if one is not None],
        years=_years(visit),
    )


def _spread(visit: Visit, number: int, time: Time) -> Any:  # noqa: ANN401 - a picture, or None
    listed = counted.cases(visit.store, visit.who, number, Asked(figure=time.id), visit.now)
    spent = [one.hours for one in listed if one.hours is not None]
    return figures.spread(number, time.id, spent, f"{time.says[:1].upper()}{time.says[1:]}: receipt to notice")


@page("metrics-public")
def public(visit: Visit) -> Response:
    """Show the figures as a plan makes them public."""
    found = _counted(visit, _year(visit.path("year"), visit))
    settings = visit.plan["settings"]
    return render.page(
        visit, "public.html", found=found, things=found.items, groups=figures.groups(found, settings, public=True)
    )


@page("metrics-sheet")
def sheet(visit: Visit) -> Response:
    """Return the public figures for a spreadsheet."""
    found = _counted(visit, _year(visit.path("year"), visit))
    name = f"prior-authorization-{found.year}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(sheets.sheet(_sheet(found, visit.plan["settings"])), media_type=sheets.MEDIA, headers=headers)


def _sheet(found: Year, settings: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    yield _CSV_HEAD
    for part in found.parts:
        named = (found.year, figures.named(part.line, None, settings), part.contract)
        for one in part.shares:
            yield (*named, one.id, one.says, one.counted, one.of, one.percent, None, None, None)
        for time in part.times:
            of = time.timed + time.untimed
            spent = (time.mean_hours, time.median_hours, time.percentiles["90"])
            yield (*named, time.id, f"{time.says}, receipt to notice", time.timed, of, None, *spent)
    for item in found.items:
        yield (found.year, None, None, "item", item.product, None, None, None, None, None, None)


@page("metrics-cases")
def behind(visit: Visit) -> Response:
    """List the cases that a figure counts."""
    return _behind(visit, {name: visit.asked(name, "\0") for name in _ASKED}, names=False)


@form("metrics-names")
def named(visit: Visit, form: Form) -> Response:
    """List them with the names of the members; that each was looked up is kept with its case."""
    said = {name: form.said(name) if name in form.fields else "\0" for name in _ASKED}
    return _behind(visit, said, names=True)


_ASKED: Final = ("year", "figure", "line", "contract", "above", "until", "part")


def _behind(visit: Visit, said: Mapping[str, str], *, names: bool) -> Response:
    number, asked = _year(said["year"].strip("\0"), visit), _asked(said)
    found = counted.cases(visit.store, visit.who, number, asked, visit.now)
    part = int(said["part"]) if re.fullmatch(r"[1-9][0-9]{0,5}", said["part"]) else 1
    shown = found[(part - 1) * MOST : part * MOST]
    address = figures.link(number, asked)
    settings = visit.plan["settings"]
    return render.page(
        visit,
        "figure.html",
        year=number,
        title=figures.title(asked, settings),
        of=None if EVERY in (asked.line, asked.contract) else figures.named(asked.line, asked.contract, settings),
        count=len(found),
        rows=[(one, figures.hours(one.hours), figures.named(one.line, None, settings)) for one in shown],
        names=_names(visit, shown) if names else None,
        states=STATE,
        part=part,
        pages=-(-len(found) // MOST),
        address=address,
        typed={name: value for name, value in said.items() if value != "\0"},
    )


def _asked(said: Mapping[str, str]) -> Asked:
    def part(name: str) -> str | None:
        return EVERY if said[name] in ("\0", EVERY) else said[name][:64] or None

    def hours(name: str) -> int | None:
        return int(said[name]) if _HOURS.fullmatch(said[name]) else None

    return Asked(
        figure=said["figure"].strip("\0")[:120],
        line=part("line"),
        contract=part("contract"),
        above=hours("above"),
        until=hours("until"),
    )


def _names(visit: Visit, shown: Sequence[Counted]) -> dict[str, str]:
    """Return the members' names by case; each look-up is an event of its case."""
    found = {}
    for one in shown:
        visit.do(Read(case=one.case, what=NAMES))
        whole = reads.case(visit.store, visit.who, one.case)
        found[one.case] = people.member(*cases.bundle(visit, whole)).name or "not named"
    return found


def _counted(visit: Visit, number: int) -> Year:
    return metrics.year(visit.store, visit.who, number, visit.now)


def _year(said: str, visit: Visit) -> int:
    """Return the year that is asked for; this one where none is. Raises Problem for what is no year."""
    if not said:
        return visit.now.astimezone(visit.zone).year
    if not _YEAR.fullmatch(said):
        raise Problem("not-found", "expected a year, as 2026")
    return int(said)


def _years(visit: Visit) -> tuple[int, ...]:
    this = visit.now.astimezone(visit.zone).year
    return (this, this - 1, this - 2)
