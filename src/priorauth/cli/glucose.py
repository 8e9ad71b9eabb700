"""Glucose logs of one person: their metrics, a page with pictures, and what they show of each policy's statements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.decide.statements import Statement
    from priorauth.glucose.logbook import Logbook
    from priorauth.glucose.metrics.engine import EngineName
    from priorauth.glucose.metrics.summary import Evidence, Summary
    from priorauth.glucose.stream import Order, Stream

DEVICE: Final = {"cgm": "Sensor", "meter": "Meter"}


@made(
    "glucose",
    "priorauth glucose readings.csv",
    "priorauth glucose readings.csv --html profile.html --as-of 1961-04-25",
)
@click.argument(
    "logs", metavar="FILE...", type=parameters.PATH, nargs=-1, required=True, help="logs of one person, from any device"
)
@parameters.as_json
@click.option("--html", metavar="OUT", type=parameters.PATH, help="write the page with pictures to a file")
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
    as_of: int | None,
    policies: tuple[Path, ...],
    engine: EngineName,
    zone: str | None,
    dates: Order | None,
    columns: str | None,
) -> int:
    """Read glucose logs of one person: metrics, page, evidence.

    The evidence is what the readings show, by themselves, of the statements that the policies ask for.
    """
    from priorauth.glucose.logbook import open_logs
    from priorauth.glucose.metrics.engine import EngineMissing
    from priorauth.values.printable import paged

    files.apart(html, logs, policies)
    book = open_logs(logs, columns=columns, zone=zone, dates=dates)
    try:
        summaries = [_summary(stream, engine) for stream in book.streams]
    except EngineMissing as fault:
        raise refused(f"--engine: {fault}") from None
    day = book.last_day if as_of is None else as_of
    if html is not None:
        write(html, _page(book, summaries, _statements(book, policies, day), day, engine))
    if as_json:
        output.as_json({"streams": _as_json(book, summaries)})
    elif html is None:
        output.say(paged(_text(book, summaries, _statements(book, policies, day), day)))
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


def _statements(book: Logbook, policies: tuple[Path, ...], day: int) -> tuple[Statement, ...]:
    from priorauth.decide.statements import statements
    from priorauth.glucose import evidence
    from priorauth.glucose.logbook import together

    catalog = parameters.opened(policies)
    every, added = together(book, [])
    return statements([*added, *evidence.rows(catalog.vocabulary, every, day)], day, catalog)


def _text(book: Logbook, summaries: list[Summary], found: tuple[Statement, ...], day: int) -> Iterator[str]:
    from priorauth.decide.page.statements import lines
    from priorauth.values.dates import iso

    for stream, one in zip(book.streams, summaries, strict=True):
        yield _heading(stream, one)
        yield f"  {stream.format}: {stream.source}; {book.rejected(stream):,} rows left out"
        yield from _metrics(one)
        yield ""
    yield f"What the policies ask, by these readings alone (as of {iso(day)}; + shown, - not so, ? open)"
    yield from lines(found)
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


def _page(book: Logbook, summaries: list[Summary], found: tuple[Statement, ...], day: int, engine: EngineName) -> str:
    """Lay the statements beside the page of the first stream: the sensor's, where there is one."""
    from priorauth.decide.page.statements import beside
    from priorauth.glucose.metrics import counts, series
    from priorauth.glucose.page.report import page
    from priorauth.values.dates import iso

    stream = book.streams[0]
    others = [
        f"{_heading(other, one)}: {', '.join(f'{_name(each)} {_number(each)} {each.unit}' for each in _known(one))}"
        for other, one in zip(book.streams[1:], summaries[1:], strict=True)
    ]
    counted = counts.count(series.of([stream]), engine=engine)
    return page(
        summaries[0],
        counted,
        heading=f"Glucose: {stream.source}",
        beside=beside(found, iso(day)),
        notes=[*others, *book.warnings],
    )
