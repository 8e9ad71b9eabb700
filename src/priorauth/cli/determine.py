"""``priorauth determine CASE.json``: decide every item of a request and print it as text, JSON or FHIR."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused
from priorauth.errors import InputRefused

if TYPE_CHECKING:
    from priorauth.decide.determination import Determination
    from priorauth.documents.rows import Proposed

MAX_BYTES: Final = 200_000_000
FORMATS: Final = ("text", "json", "fhir")


@made(
    "determine",
    "priorauth determine examples/approve.json --format text",
    "priorauth determine - --format fhir < examples/ask.json",
)
@click.argument(
    "case", metavar="CASE.json", type=parameters.PATH, help="a FHIR R4 Bundle with a Claim ('-': standard input)"
)
@click.option("--policy", metavar="ID", type=parameters.PolicyId(), help="use this policy whatever the payer")
@parameters.as_of("the day from which windows count, else Claim.created")
@click.option(
    "--judgments",
    metavar="FILE",
    type=parameters.PATH,
    help="a QuestionnaireResponse by a named clinician of the payer",
)
@click.option(
    "--format",
    "shape",
    type=parameters.OneOf(*FORMATS),
    help="text (on a terminal, and with --full), json (else) or fhir",
)
@click.option("--full", is_flag=True, help="the text with every criterion and its evidence")
@parameters.readings
@parameters.policies
@click.option(
    "--log",
    "logs",
    metavar="FILE",
    type=parameters.PATH,
    multiple=True,
    help="a glucose log of the member, beside the case",
)
@click.option("--no-documents", is_flag=True, help="leave the letters and notes that the case holds unread")
@click.option("--draft", is_flag=True, help="a check before the request is sent: the claim may be a draft")
@parameters.reading_logs
def command(
    *,
    case: Path,
    policy: str | None,
    as_of: int | None,
    judgments: Path | None,
    shape: str | None,
    full: bool,
    readings: tuple[tuple[str, str], ...],
    policies: tuple[Path, ...],
    logs: tuple[Path, ...],
    no_documents: bool,
    draft: bool,
    zone: str | None,
    dates: Literal["dmy", "mdy", "ymd"] | None,
    columns: str | None,
) -> int:
    """Decide every item of a request, as text, JSON or FHIR.

    The exit code is 0 where a determination was made, whatever it says, and 2 where the input was refused: then there
    is one line per fault on standard error and nothing on standard output. Letters, notes and faxes that the case
    holds are read: what they say settles nothing until a person confirms it.
    """
    from priorauth.decide.determine import determine
    from priorauth.values.dates import iso

    if full and shape not in (None, "text"):
        raise refused(f"--full: goes with --format text alone, found --format {shape}")
    data = read(case)
    found = determine(
        data,
        policy=policy,
        as_of=None if as_of is None else iso(as_of),
        judgments=read(judgments) if judgments else None,
        readings=dict(readings),
        policies=policies,
        documents=() if no_documents else documents(data, case.name),
        logs=logs,
        columns=columns,
        zone=zone,
        dates=dates,
        name=case.name,
        judgments_name=judgments.name if judgments else "judgments",
        draft=draft,
    )
    print_as(shape or ("text" if full or sys.stdout.isatty() else "json"), found, data, case.name, full=full)
    return 0


def documents(data: bytes, name: str) -> tuple[Proposed, ...]:
    """Read the files that a case holds, with a line on standard error for each that is left.

    Of a case that cannot be read none are: what is wrong with it is said when it is decided.
    """
    from priorauth.documents.held import may_hold

    if not may_hold(data):  # what reads documents is not even loaded
        return ()
    from priorauth.documents import reading

    try:
        found = reading.opened(data, name)
    except InputRefused:
        return ()
    for warning in found.warnings:
        output.fault(warning)
    return found.documents


def read(path: Path) -> bytes:
    """Read a file of at most MAX_BYTES, refusing a larger one before it is read."""
    return files.read(path, MAX_BYTES)


def print_as(shape: str, found: list[Determination], data: bytes, name: str, *, full: bool = False) -> None:
    """Print determinations in a shape; ``data`` is the request they answer, ``name`` stands for it in errors."""
    if shape == "text":
        from priorauth.decide.page.text import page

        output.say(page(found, full=full))
    elif shape == "fhir":
        from priorauth.exchange.pas_response import response

        output.as_json(response(found, data, name))
    else:
        output.as_json({"determinations": [one.as_json() for one in found]})
