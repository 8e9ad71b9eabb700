"""The time in ranges: one bar of the zones, each with its name, its values, its share, hours a day and goal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.glucose.page.period import Period
from priorauth.glucose.page.picture import INK, LINE, QUIET, SOLID, Picture, Table, apart, words
from priorauth.glucose.page.svg import drawing, element, path
from priorauth.glucose.page.zones import Side, Zone, hours, percent, sides

_SIZE: Final = (400, 240)
_TOP, _BOTTOM = 12, 228
_BAR, _WIDE = 8, 44
_LEAST: Final = 3  # the height of a zone in which there is any reading
_NAMES, _SHARES, _BRACKET, _SIDES = 84, 268, 276, 288
_ROW = 42  # what a zone's words need


def bar(period: Period, *, name: str = "ranges") -> Picture:
    """Return the bar of a period; ``name`` begins the ids in it, for pages that hold several."""
    title = "Readings in ranges" if period.meter else "Time in ranges"
    says = _says(period)
    return Picture(
        name, _SIZE, title, says, drawing(name, _SIZE, (title, says), _shapes(period)), _table(period, title)
    )


def _says(period: Period) -> str:
    if period.span is None or not period.span.readings:
        return "No readings."
    shares = ", ".join(f"{zone.words.lower()} ({zone.values}) {percent(zone.share)}" for zone in reversed(period.zones))
    return f"Share of {period.span.readings:,} readings: {shares}."


def _shapes(period: Period) -> Iterator[str]:
    found = period.zones[::-1]  # the highest on top
    heights = _heights(found)
    tops = [_TOP + sum(heights[:place]) for place in range(len(found))]
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
    lines = apart([middle - 8 for middle in middles], _ROW, _TOP + 10, _BOTTOM - 22)
    for zone, top, height in zip(found, tops, heights, strict=True):
        if height:
            fill = {"class_": f"zone {zone.name}", "fill": SOLID[zone.name], "stroke": "#ffffff"}
            yield element("rect", x=_BAR, y=top, width=_WIDE, height=height, **fill)
    for zone, middle, line in zip(found, middles, lines, strict=True):
        leader = [
            (_BAR + _WIDE + 2, middle),
            (_BAR + _WIDE + 12, middle),
            (_NAMES - 8, line - 3),
            (_NAMES - 3, line - 3),
        ]
        yield element("path", d=path(leader), fill="none", stroke=LINE)
        yield from _zone(zone, line, meter=period.meter)
    above, below = sides(period.zones, period.choice, timed=not period.meter)
    target = next(place for place, zone in enumerate(found) if zone.name == "target")
    yield from _side(above, lines[0], lines[target - 1])
    yield from _side(below, lines[target + 1], lines[-1])


def _heights(found: tuple[Zone, ...]) -> list[float]:
    """Return the height of each zone; one with few readings is still seen, and all fit the bar."""
    shares = [zone.share or 0 for zone in found]
    whole = _BOTTOM - _TOP
    wanted = [max(share / 100 * whole, _LEAST) if share else 0 for share in shares]
    total = sum(wanted)
    return [height / total * whole for height in wanted] if total else wanted


def _zone(zone: Zone, y: float, *, meter: bool) -> Iterator[str]:
    strong = zone.name == "target"
    yield words(_NAMES, y, zone.words, font_weight="bold")
    yield words(_NAMES, y + 11, zone.values, font_size=9, fill=QUIET)
    share = {"font_weight": "bold", "font_size": 14 if strong else 11}
    yield words(_SHARES, y + 1, percent(zone.share), "end", **share)
    if not meter:
        yield words(_SHARES, y + 12, _day(zone.share), "end", font_size=9, fill=QUIET)
    if zone.goal:
        yield words(_NAMES, y + 22, zone.goal, font_size=9, fill=INK, class_="goal")


def _side(side: Side, first: float, last: float) -> Iterator[str]:
    """Yield a bracket around the zones of a side, with what they are together."""
    top, bottom = first - 8, last + 14
    bracket = [(_BRACKET, top), (_BRACKET + 5, top), (_BRACKET + 5, bottom), (_BRACKET, bottom)]
    yield element("path", d=path(bracket), fill="none", stroke=QUIET)
    y = (top + bottom) / 2
    yield words(_SIDES, y - 6, percent(side.share), font_weight="bold", font_size=11)
    yield words(_SIDES, y + 5, side.words, font_size=9, fill=QUIET)
    if side.goal:
        yield words(_SIDES, y + 16, side.goal, font_size=9, fill=INK, class_="goal")


def _day(share: float | None) -> str:
    return "" if share is None else f"{hours(share)} a day"


def _table(period: Period, title: str) -> Table:
    timed = not period.meter
    above, below = sides(period.zones, period.choice, timed=not period.meter)
    rows = [(zone.words, zone.values, zone.share, zone.goal) for zone in reversed(period.zones)]
    rows.insert(len(rows) - 3, ("All above the target", "", above.share, above.goal))
    rows.append(("All below the target", "", below.share, below.goal))
    head = ("range", "glucose", "share of readings", *(["time a day", "goal"] if timed else []))
    return Table(
        f"{title}: {period.choice.goals.title}",
        head,
        tuple(
            (name, values, percent(share), *([hours(share), goal] if timed else []))
            for name, values, share, goal in rows
        ),
    )
