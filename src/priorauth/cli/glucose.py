"""Glucose logs of one person: their metrics, a page with pictures, and what they show of each policy's statements."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from priorauth.decide.statements import Statement
    from priorauth.glucose.logbook import Logbook
    from priorauth.glucose.stream import Stream
    from priorauth.glucose.summary import Evidence, Summary

_ENGINE: Final = "twin"  # plain: one person's readings are counted before a compiler has been loaded
DEVICE: Final = {"cgm": "Sensor", "meter": "Meter"}


def add(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for its subparsers
    """Add the command to the parser."""
    from priorauth.cli.determine import reading_logs

    command = commands.add_parser("glucose", help="read glucose logs: metrics, page, evidence", description=__doc__)
    command.add_argument("files", metavar="FILE", type=Path, nargs="+", help="logs of one person, from any device")
    command.add_argument("--json", action="store_true", help="the metrics of each kind of device as JSON")
    command.add_argument("--html", metavar="OUT", type=Path, help="write the page with pictures to a file")
    command.add_argument(
        "--as-of", metavar="YYYY-MM-DD", help="the day from which windows count back, else the last day with a reading"
    )
    command.add_argument(
        "--policies", metavar="DIR", type=Path, action="append", default=[], help="a folder of further policies"
    )
    reading_logs(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the logs and print what they hold; a log that cannot be read is refused in one line."""
    from priorauth.cli.main import Refused
    from priorauth.glucose.logbook import open_logs
    from priorauth.glucose.reject import GlucoseFileError

    try:
        book = open_logs(args.files, columns=args.columns, zone=args.zone, dates=args.dates)
    except GlucoseFileError as fault:
        raise Refused(str(fault)) from None
    summaries = [_summary(stream) for stream in book.streams]
    if args.html is not None:
        write(args.html, _page(book, summaries, _statements(book, args), _day(book, args)))
    if args.json:
        json.dump({"streams": _as_json(book, summaries)}, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    elif args.html is None:
        sys.stdout.write("\n".join(_text(book, summaries, _statements(book, args), _day(book, args))) + "\n")
    return 0


def write(path: Path, text: str) -> None:
    """Write a file, or refuse in one line."""
    from priorauth.cli.main import Refused

    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as fault:
        raise Refused(f"{path}: cannot be written: {fault.strerror}") from None


def _summary(stream: Stream) -> Summary:
    from priorauth.glucose.summary import summary

    return summary(stream.device, stream.minutes, stream.offsets, stream.glucose, stream.flags, engine=_ENGINE)


def _as_json(book: Logbook, summaries: list[Summary]) -> list[dict[str, object]]:
    return [
        one.as_json(format=stream.format, rejected=book.rejected(stream))
        for stream, one in zip(book.streams, summaries, strict=True)
    ]


def _day(book: Logbook, args: argparse.Namespace) -> int:
    """Give the day from which windows count back."""
    from priorauth.cli.main import Refused
    from priorauth.values.dates import day

    if args.as_of is None:
        return book.last_day
    try:
        return day(args.as_of)
    except ValueError as fault:
        raise Refused(f"--as-of: {fault}") from None


def _statements(book: Logbook, args: argparse.Namespace) -> tuple[Statement, ...]:
    from priorauth.cli.main import Refused
    from priorauth.decide.statements import statements
    from priorauth.glucose import evidence
    from priorauth.glucose.logbook import together
    from priorauth.policy.catalog import open_catalog
    from priorauth.policy.load import PolicyFaults
    from priorauth.values.strict_yaml import YamlFault

    try:
        catalog = open_catalog(*args.policies)
        day = _day(book, args)
        every, added = together(book, [])
        return statements([*added, *evidence.rows(catalog.vocabulary, every, day)], day, catalog)
    except PolicyFaults as refused:
        raise Refused(*refused.faults) from None
    except YamlFault as fault:
        raise Refused(str(fault)) from None


def _text(book: Logbook, summaries: list[Summary], found: tuple[Statement, ...], day: int) -> Iterator[str]:
    from priorauth.export.statements import lines
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


def _page(book: Logbook, summaries: list[Summary], found: tuple[Statement, ...], day: int) -> str:
    """Lay the statements beside the page of the first stream: the sensor's, where there is one."""
    from priorauth.export.statements import STYLE, footnotes, section
    from priorauth.glucose import census, traces
    from priorauth.glucose.page import page
    from priorauth.values.dates import iso

    stream = book.streams[0]
    trace = traces.one(stream.device, stream.minutes, stream.offsets, stream.glucose, stream.flags)
    made = page(summaries[0], census.take(trace, name=_ENGINE), heading=f"Glucose: {stream.source}")
    others = [
        f"{_heading(other, one)}: {', '.join(f'{_name(each)} {_number(each)} {each.unit}' for each in _known(one))}"
        for other, one in zip(book.streams[1:], summaries[1:], strict=True)
    ]
    head, _, body = made.partition("</head>")
    above, heading, pictures = body.partition("<h2>")  # the pictures begin with the first heading of that rank
    pictures, end, after = pictures.rpartition("</body>")
    beside, below = section(found, iso(day)), footnotes([*others, *book.warnings])
    return f"{head}{STYLE}\n</head>{above}{beside}\n{heading}{pictures}{below}\n{end}{after}"
