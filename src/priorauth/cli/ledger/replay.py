"""``priorauth ledger replay``: every run again, from what it read then."""

from __future__ import annotations

from collections import Counter
from datetime import date

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made("replay", "priorauth ledger replay", "priorauth ledger replay --since 2026-01-01 --jobs 2")
@asked.db
@asked.tenant
@click.option("--since", metavar="YYYY-MM-DD", type=parameters.Day(), help="runs of this day and later")
@click.option("--jobs", metavar="N", type=parameters.Whole(1), default=1, help="in so many processes")
@parameters.as_json
def command(*, url: str, tenant: str | None, since: int | None, jobs: int, as_json: bool) -> int:
    """Do each run again: the same bytes, or what differs.

    A run that differs is told with what it rests on and is another now (engine, policy, vocabulary, readings). One that
    differs without such a reason is an alarm: one line each, and the exit code 2.
    """
    with asked.ledger(url) as store:
        from priorauth.errors import Fault, LedgerRefused
        from priorauth.ledger.care.replay import replay, replay_beside
        from priorauth.values.dates import iso

        own = asked.whose(store, tenant)
        first = None if since is None else date.fromisoformat(iso(since))
        runs = list(replay(store, own, first) if jobs == 1 else replay_beside(url, own, first, jobs))
        LedgerRefused.raise_if(
            Fault(store.name, None, f"alarm: run {one.number} of case {one.case_no}: {one.said}")
            for one in runs
            if one.verdict == "alarm"
        )
    differing = [one for one in runs if one.verdict != "same"]
    if as_json:
        output.as_json({"runs": len(runs), "differ": [one._asdict() for one in differing]})
        return 0
    counts = Counter(one.verdict for one in runs)
    output.line(f"{len(runs):,} runs done again: {counts['same']:,} the same bytes, {counts['pinned']:,} differ")
    for one in differing:
        output.line(f"run {one.number} of case {one.case_no}: {one.said}")
    return 0
