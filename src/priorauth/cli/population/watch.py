"""``priorauth population watch EXPORTS STATE``: daily exports, of which only what changed is read and decided again."""

from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters, progress
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.cli.population import asked
from priorauth.cli.population.ingest import PARTLY

if TYPE_CHECKING:
    from priorauth.population.watch.day import Watched
    from priorauth.population.watch.deciding import Policy


@made("watch", "priorauth population watch exports state --policy masshealth/insulin-pumps --as-of 2026-11-20")
@click.argument(
    "tables", metavar="EXPORTS", type=parameters.PATH, help="a folder of exports, one a day: 2026-11-01 and on"
)
@click.argument("state", metavar="STATE", type=parameters.PATH, help="an empty folder, or that of the days before")
@asked.policy_options(
    "the day of members without a request, else that of the day before (on the first of the export's manifest)"
)
@click.option("--verdicts", is_flag=True, help="verdicts alone, without evidence: faster")
@asked.jobs_option
@asked.gathered
def command(question: asked.Question, *, state: Path, verdicts: bool, jobs: int | None, as_json: bool) -> int:
    """Read new daily exports and decide again whom they touch.

    STATE holds the rows of everybody and, for each day, its rows, the difference it made and a summary. The exit code
    is 0 where everything was read; 3 where some of a day's input was rejected; 2 where nothing could be begun.
    """
    (exports,) = question.paths
    files.apart(state, question.paths, question.policies)
    policy = _policy(question, evidence=not verdicts)
    from priorauth.population.watch.watch import watch
    from priorauth.values.dates import iso

    day = None if question.as_of is None else iso(question.as_of)
    count = jobs or os.cpu_count() or 1
    try:
        with progress.bar() as say:
            found = watch(
                exports, state, policy, as_of=day, jobs=count, progress=say,
                each=lambda one: None if as_json else output.say(_told(one, policy)),
            )  # fmt: skip
    except OSError as fault:
        raise refused(f"{fault.filename or exports}: {fault.strerror or fault}") from None
    except BrokenProcessPool:
        output.fault("a process was ended from outside; run the same command again to go on")
        return 1
    if as_json:
        output.as_json({"days": [one.as_json() for one in found]})
    elif not found:
        output.line("no day is new")
    rejected = sum(one.day.counts.rejects for one in found)
    if rejected:
        output.fault(f"{rejected:,} pieces of input were rejected: see {state / 'days'}/*/rejects.ndjson")
    return PARTLY if rejected else 0


def _told(one: Watched, policy: Policy) -> str:
    from priorauth.population.watch import words
    from priorauth.values.printable import paged

    return paged(words.lines(policy.query, one.day, one.difference))


def _policy(question: asked.Question, *, evidence: bool) -> Policy:
    """Return what decides: windows count from each member's own day, which the reading of the exports gives."""
    catalog = question.catalog(with_readings=True)
    try:
        from priorauth.population import assume
        from priorauth.population import run as runs
        from priorauth.population.watch.deciding import Policy
    except ImportError:
        raise refused(f"priorauth population {question.command} {asked.NEEDED}") from None
    chosen = runs.choose(catalog, question.policy, question.as_of, question.plan)
    query = runs.compiled(catalog, chosen, None, evidence=evidence)
    asked.say_merged(catalog, query)
    supposed = assume.read(list(question.suppose), catalog.vocabulary, catalog.units)
    readings = {name: one.text for name, one in (chosen.readings or {}).items()}
    return Policy(query, supposed, question.plan, readings, evidence=evidence)
