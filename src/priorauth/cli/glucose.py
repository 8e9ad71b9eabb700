"""Glucose logs of one person: their metrics, a page with pictures, and what they show of each policy's statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from priorauth.cli import files, image, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.decide.standing import Standings
    from priorauth.decide.statements import Statement
    from priorauth.facts.rows import Row
    from priorauth.glucose.definitions import Population
    from priorauth.glucose.logbook import Logbook
    from priorauth.glucose.metrics.engine import EngineName
    from priorauth.glucose.metrics.summary import Evidence, Summary
    from priorauth.glucose.page.choice import Choice, Unit
    from priorauth.glucose.page.period import Period
    from priorauth.glucose.page.picture import Picture
    from priorauth.glucose.stream import Order, Stream
    from priorauth.policy.catalog import Catalog
    from priorauth.policy.tree import Policy

DEVICE: Final = {"cgm": "Sensor", "meter": "Meter"}


@made(
    "glucose",
    "priorauth glucose readings.csv --html report.html --goals older --unit mmol/L",
    "priorauth glucose readings.csv --policy masshealth/insulin-pumps --as-of 1961-04-25",
)
@click.argument(
    "logs", metavar="FILE...", type=parameters.PATH, nargs=-1, required=True, help="logs of one person, from any device"
)
@parameters.as_json
@click.option("--html", metavar="OUT", type=parameters.PATH, help="write the report, one printed page, to a file")
@click.option(
    "--svg", metavar="DIR", type=parameters.PATH, help="write the report's pictures into a folder, an SVG file each"
)
@click.option(
    "--png", metavar="DIR", type=parameters.PATH, help="the same as PNG files (needs the extras letters and documents)"
)
@click.option(
    "--goals",
    type=parameters.OneOf("adult", "older", "pregnancy"),
    default="adult",
    help="whose goals the report shows: adult (default), older or at high risk, pregnancy",
)
@click.option(
    "--unit", type=parameters.OneOf("mg/dL", "mmol/L"), default="mg/dL", help="the unit of the report (default mg/dL)"
)
@click.option(
    "--days", metavar="N", type=parameters.Whole(1), help="of how many of the latest days the report is (default 14)"
)
@click.option(
    "--policy",
    type=parameters.Version(),
    help="the statements of this policy alone: what counts, on how many days, what is missing",
)
@parameters.as_of("the day from which windows count back, else the last day with a reading")
@parameters.policies
@click.option(
    "--engine",
    type=parameters.OneOf("auto", "numpy", "numba"),
    default="auto",
    help="what counts, with the same numbers: numpy, numba (the extra fast), or the quicker one (default)",
)
@parameters.reading_logs
def command(
    *,
    logs: tuple[Path, ...],
    as_json: bool,
    html: Path | None,
    svg: Path | None,
    png: Path | None,
    goals: Population,
    unit: Unit,
    days: int | None,
    policy: Policy | None,
    as_of: int | None,
    policies: tuple[Path, ...],
    engine: EngineName,
    zone: str | None,
    dates: Order | None,
    columns: str | None,
) -> int:
    """Read glucose logs of one person: metrics, report, evidence.

    The evidence is what the readings show, by themselves, of the statements that the policies ask for.
    """
    from priorauth.glucose.logbook import open_logs
    from priorauth.glucose.metrics.engine import EngineMissing
    from priorauth.glucose.page.choice import Choice
    from priorauth.values.printable import paged

    files.apart(html, logs, policies)
    book = open_logs(logs, columns=columns, zone=zone, dates=dates)
    try:
        summaries = [_summary(stream, engine) for stream in book.streams]
    except EngineMissing as fault:
        raise refused(f"--engine: {fault}") from None
    day = book.last_day if as_of is None else as_of
    choice = Choice(goals, unit)
    if svg is not None or png is not None:
        pictures = _pictures(book, choice, days, as_of, engine)
        if svg is not None:
            files.write_into(svg, "--svg", {f"{name}.svg": picture.svg for name, picture in pictures.items()})
        if png is not None:
            files.write_into(png, "--png", {f"{name}.png": image.png(picture) for name, picture in pictures.items()})
    drawn = html is not None or svg is not None or png is not None
    said = html is not None or not (as_json or drawn)
    catalog = parameters.opened(policies) if said or policy else None
    found = _standings(book, policy, catalog, day) if policy and catalog else None
    every = found.statements if found else _statements(book, catalog, day) if catalog else ()
    if html is not None:
        write(html, _page(book, summaries, every, found, _period(book.streams[0], choice, days, as_of, engine), day))
    if as_json:
        output.as_json({"streams": _as_json(book, summaries), **({"policy": found.as_json()} if found else {})})
    elif not drawn:
        output.say(paged(_text(book, summaries, every, found, day)))
    return 0


def write(path: Path, text: str) -> None:
    """Write a file, or refuse in one line."""
    files.write(path, text)


def _summary(stream: Stream, engine: EngineName) -> Summary:
    from priorauth.glucose.metrics.summary import summary

    return summary(stream.device, stream.minutes, stream.offsets, stream.glucose, stream.flags, engine=engine)


def _as_json(book: Logbook, summaries: list[Summary]) -> list[dict[str, object]]:
    return [
        one.as_json(format=stream.format, rejected=book.rejected(stream))
        for stream, one in zip(book.streams, summaries, strict=True)
    ]


def _rows(book: Logbook, catalog: Catalog, day: int) -> list[Row]:
    from priorauth.glucose import evidence
    from priorauth.glucose.logbook import together

    every, added = together(book, [])
    return [*added, *evidence.rows(catalog.vocabulary, every, day)]


def _statements(book: Logbook, catalog: Catalog, day: int) -> tuple[Statement, ...]:
    from priorauth.decide.statements import statements

    return statements(_rows(book, catalog, day), day, catalog)


def _standings(book: Logbook, policy: Policy, catalog: Catalog, day: int) -> Standings:
    from priorauth.decide.standing import standings

    return standings(_rows(book, catalog, day), day, policy, catalog.vocabulary)


def _text(
    book: Logbook, summaries: list[Summary], every: tuple[Statement, ...], found: Standings | None, day: int
) -> Iterator[str]:
    from priorauth.decide.page.statements import LEGEND, lines, standing_lines
    from priorauth.values.dates import iso

    for stream, one in zip(book.streams, summaries, strict=True):
        yield _heading(stream, one)
        yield f"  {stream.format}: {stream.source}; {book.rejected(stream):,} rows left out"
        yield from _metrics(one)
        yield ""
    if found is not None:
        yield from standing_lines(found)
    else:
        yield f"What the policies ask, by these readings alone (as of {iso(day)}; {LEGEND})"
        yield from lines(every)
    yield ""
    yield "Files"
    yield from (f"  {warning}" for warning in book.warnings)


def _heading(stream: Stream, one: Summary) -> str:
    return f"{DEVICE[stream.device]}: {one.readings:,} readings, {one.first_day} to {one.last_day}"


def _metrics(one: Summary) -> Iterator[str]:
    """Write the metrics that are known; what is an indication only has a star, and why stands below."""
    doubts: dict[str, None] = {}
    for evidence in _known(one):
        doubts |= {} if evidence.sufficient else {evidence.why: None}
        star = "" if evidence.sufficient else " *"
        yield f"  {_name(evidence):<20}{_number(evidence):>7} {evidence.unit}{star}".rstrip()
    yield from (f"  * an indication only: {why}" for why in doubts)


def _known(one: Summary) -> list[Evidence]:
    from priorauth.glucose.definitions import definitions

    return [one.evidence[name] for name in definitions().printed if one.evidence[name].value is not None]


def _name(evidence: Evidence) -> str:
    return evidence.name.removesuffix("_mg_dl").removesuffix("_percent").replace("_", " ")


def _number(evidence: Evidence) -> str:
    return f"{evidence.value}" if isinstance(evidence.value, int) else f"{evidence.value:.1f}"


def _period(stream: Stream, choice: Choice, days: int | None, as_of: int | None, engine: EngineName) -> Period:
    """Measure the latest days of a stream, up to the day that was given."""
    from priorauth.glucose.metrics import series
    from priorauth.glucose.page.period import latest

    until = None if as_of is None else date.fromordinal(as_of)
    return latest(series.of([stream]), choice, days=days, until=until, engine=engine)


def _pictures(
    book: Logbook, choice: Choice, days: int | None, as_of: int | None, engine: EngineName
) -> dict[str, Picture]:
    """Return the pictures of each device by the name of their file."""
    from priorauth.glucose.page.report import pictures

    return {
        f"{DEVICE[stream.device].lower()}-{picture.name}": picture
        for stream in book.streams
        for picture in pictures(_period(stream, choice, days, as_of, engine))
    }


def _page(  # noqa: PLR0917  (what a page is made of)
    book: Logbook,
    summaries: list[Summary],
    every: tuple[Statement, ...],
    found: Standings | None,
    period: Period,
    day: int,
) -> str:
    """Lay the statements below the report of the first stream: the sensor's, where there is one."""
    from priorauth.decide.page.statements import beside, standing_beside
    from priorauth.glucose.page.report import page
    from priorauth.values.dates import iso

    others = [
        f"{_heading(other, one)}: {', '.join(f'{_name(each)} {_number(each)} {each.unit}' for each in _known(one))}"
        for other, one in zip(book.streams[1:], summaries[1:], strict=True)
    ]
    return page(
        period,
        heading=f"Glucose: {book.streams[0].source}",
        beside=beside(every, iso(day)) if found is None else standing_beside(found),
        notes=[*others, *book.warnings],
    )
