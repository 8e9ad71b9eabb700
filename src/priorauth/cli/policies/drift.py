"""``priorauth policies drift``: what a new text of a payer changes, and which rules that touches."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.policy.tree import Policy
    from priorauth.population.compare import Comparison
    from priorauth.trace.draft import Draft


@made(
    "drift",
    "priorauth policies drift fernhill/insulin-pumps texts/fernhill-2025.txt texts/fernhill-2026.txt "
    "--policies texts/policies",
    "priorauth policies drift fernhill/insulin-pumps texts/fernhill-2025.txt texts/fernhill-2026.txt "
    "--policies texts/policies --draft 2026-01-01.yaml --from 2026-01-01",
)
@click.argument("policy", metavar="ID[@YYYY-MM-DD]", type=parameters.Version(), help="as for show")
@click.argument("old", metavar="OLD", type=parameters.PATH, help="the text that the version was encoded from")
@click.argument("new", metavar="NEW", type=parameters.PATH, help="the payer's new text")
@click.option("--draft", metavar="FILE", type=parameters.PATH, help="write a draft of the next version's file")
@click.option("--from", "first", metavar="YYYY-MM-DD", type=parameters.Day(), help="the first day of the next version")
@click.option("--population", metavar="DIR", type=parameters.PATH, help="who gains and who loses under the draft")
@click.option(
    "--suppose", metavar="NAME=VALUE", multiple=True, help="with --population: as for priorauth population compare"
)
@parameters.as_json
@parameters.policies
def command(
    *,
    policy: Policy,
    old: Path,
    new: Path,
    draft: Path | None,
    first: int | None,
    population: Path | None,
    suppose: tuple[str, ...],
    as_json: bool,
    policies: tuple[Path, ...],
) -> int:
    """Say what a new text changes, sentence by sentence.

    Figures, windows, units, codes and connectives are marked, with the rules that they touch.
    """
    from priorauth.cli.policies import texts
    from priorauth.cli.policies.solver import label
    from priorauth.trace import draft as drafts
    from priorauth.trace import drift, report, trace
    from priorauth.values.dates import iso

    if suppose and not population:
        raise refused("--suppose: give it with --population")
    files.apart(draft, [old, new, Path(policy.file)])
    known = trace.of(policy)
    newer = texts.read(new)
    found = drift.drift(texts.read(old), newer, known, label(policy))
    made_ = drafts.draft(policy, _file(policy), found, newer, iso(first) if first else None)
    day = first or _free(policy, policies)
    laid = made_ if first else drafts.draft(policy, _file(policy), found, newer, iso(day))
    if draft:
        files.write(draft, made_.text)
    compared = _compared(policy, laid, day, population, suppose, policies) if population else None
    if as_json:
        shown = report.as_json(policy, found, made_)
        output.as_json(shown | ({"population": compared.as_json()} if compared else {}))
        return 0
    output.say(report.report(policy, found, made_, traced=known is not None))
    if draft:
        output.line(f"{draft}: {len(made_.placed)} figures in place, {made_.reviews} places for a person to read")
    if compared:
        from priorauth.population.summary import compared as told

        output.line()
        output.say(told(compared))
    return 0


def _file(policy: Policy) -> str:
    from priorauth.values.strict_yaml import file_bytes

    return file_bytes(Path(policy.file)).decode()


def _free(policy: Policy, policies: tuple[Path, ...]) -> int:
    """Return the first day after that of a version on which no version of the policy begins."""
    taken = {day for day, _ in parameters.opened(policies).files[policy.id]}
    day = policy.effective.first + 1
    while day in taken:
        day += 1
    return day


def _compared(  # noqa: PLR0917 - what is compared, and over whom
    policy: Policy,
    made_: Draft,
    first: int,
    tables: Path,
    suppose: tuple[str, ...],
    policies: tuple[Path, ...],
) -> Comparison:
    """Decide a population under the version and under the draft as it stands."""
    from priorauth.cli.policies.solver import label
    from priorauth.cli.population import asked

    try:
        from priorauth.population import assume
        from priorauth.population import compare as comparisons
        from priorauth.population import run as runs
    except ImportError:
        raise refused(f"--population: {asked.NEEDED}") from None
    known = parameters.opened(policies)
    name = label(policy)
    with TemporaryDirectory() as place:
        file = _laid(Path(place), policy, made_, first)
        drafted = parameters.opened((*policies, Path(place)))
        one = runs.compiled(known, runs.choose(known, name, None, None), None, None)
        two = runs.compiled(drafted, runs.choose(drafted, f"{policy.id}@{file.stem}", None, None), None, None)
        supposed = assume.read(list(suppose), known.vocabulary, known.units, None)
        with asked.readable(tables):
            return comparisons.compare(tables, one, two, (name, "the draft"), supposed)


def _laid(place: Path, policy: Policy, made_: Draft, first: int) -> Path:
    """Write the draft into a folder of policies of its own; returns its file."""
    from priorauth.policy import payers
    from priorauth.values.dates import iso

    home = place / policy.id
    home.mkdir(parents=True)
    payer = Path(policy.file).parent.parent / payers.FILE
    if payer.is_file():
        (home.parent / payers.FILE).write_bytes(payer.read_bytes())
    file = home / f"{iso(first)}.yaml"
    file.write_text(made_.text, "utf-8")
    return file
