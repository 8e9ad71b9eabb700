"""``priorauth ledger metrics YEAR``: the public figures of a year, and what is measured beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked
from priorauth.cli.output import refused
from priorauth.server.clock import now

if TYPE_CHECKING:
    from priorauth.ledger.measured import Beside
    from priorauth.ledger.metrics import Part, Year


@made("metrics", "priorauth ledger metrics 2026", "priorauth ledger metrics 2026 --known 2027-03-01 --json")
@click.argument("year", metavar="YEAR", type=parameters.Whole(2000), help="the year in which requests were decided")
@asked.db
@asked.tenant
@click.option(
    "--known", metavar="YYYY-MM-DD", type=parameters.Day(), help="appeals and mailings before this day (all until now)"
)
@click.option("--cases", metavar="FIGURE", help="the numbers of the cases behind a figure, as standard-denied")
@parameters.as_json
def command(*, year: int, url: str, tenant: str | None, known: int | None, cases: str | None, as_json: bool) -> int:
    """Count the public figures of a year (CMS-0057-F), and more.

    A figure of no cases is not known, never 0 %. As JSON each figure bears the query that gives the cases it counts.
    """
    with asked.ledger(url) as store:
        from msgspec import to_builtins

        from priorauth.ledger import metrics
        from priorauth.ledger.events import Who
        from priorauth.ledger.work import Refusal

        who = Who(asked.whose(store, tenant), None, "system")
        try:
            found = metrics.year(store, who, year, _until(known))
        except Refusal as fault:
            raise refused(str(fault)) from None
        if cases is not None:
            behind = [
                (part, metrics.cases(store, who, one))
                for part in found.parts
                for one in part.figures
                if one.id == cases
            ]
    if cases is not None:
        _cases(cases, behind, as_json=as_json)
    elif as_json:
        output.as_json(to_builtins(found))
    else:
        for line in _page(found):
            output.line(line)
    return 0


def _until(known: int | None) -> datetime:
    return now() if known is None else datetime.combine(date.fromordinal(known), datetime.min.time(), UTC)


def _cases(figure: str, behind: list[tuple[Part, tuple[str, ...]]], *, as_json: bool) -> None:
    from priorauth.ledger.decided import counting

    known = [one.id for one in (*counting().shares, *counting().times)]
    if figure not in known:
        raise refused(f"argument --cases: expected one of {', '.join(known)}")
    if as_json:
        output.as_json([{"line": part.line, "contract": part.contract, "cases": found} for part, found in behind])
        return
    for part, found in behind:
        output.line(f"{_named(part)}: {', '.join(found) or 'none'}")


def _named(part: Part) -> str:
    line = part.line or "line of business not known"
    return f"{line}, contract {part.contract}" if part.contract else line


def _page(found: Year) -> Iterator[str]:
    yield f"{found.year}, as known at {found.known:%Y-%m-%d %H:%M} UTC"
    yield f"{len(found.items)} items and services need prior authorization (listed in the JSON)"
    for part in found.parts:
        yield ""
        yield f"{_named(part)}: {part.requests} requests decided, {part.in_part} of them approved in part"
        for one in part.shares:
            yield f"  {one.says:<62}{_percent(one.percent):>10}  {one.counted} of {one.of}"
        for time in part.times:
            mean, middle = _hours(time.mean_hours), _hours(time.median_hours)
            yield f"  {time.says}, receipt to notice: mean {mean}, median {middle}, {time.untimed} without a mailing"
            yield "    " + ", ".join(f"{name} %: {_hours(value)}" for name, value in time.percentiles.items())
    yield ""
    yield from _beside(found.beside)


def _beside(found: Beside) -> Iterator[str]:
    asked_, rule = found.questions, found.by_rule
    each = "not known" if asked_.per_request is None else f"{asked_.per_request}"
    yield f"letters of questions a request: {each}; asked more than once: {_percent(asked_.percent_again).strip()}"
    yield f"approved by rule: {_percent(rule.percent).strip()}, {rule.by_rule} of {rule.requests}"
    if rule.sample:
        yield f"  to look at again: {', '.join(rule.sample)}"
    for clock in found.clocks:
        yield f"clock {clock.rule}: kept {_percent(clock.percent_kept).strip()}, missed by {len(clock.missed)}"
    for one in found.overturns:
        share = _percent(one.percent).strip()
        yield f"criterion {one.criterion}: {one.denied} denied, {one.appealed} appeals decided, overturned {share}"


def _percent(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f} %"


def _hours(value: float | None) -> str:
    return "not known" if value is None else f"{value:.1f} h"
