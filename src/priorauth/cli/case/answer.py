"""``priorauth case answer CASE ANSWERS``: answer the questions of a case."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made


@made(
    "answer",
    "priorauth case answer 26-0004 answers.json --as cora --role coordinator",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@click.argument("answers", metavar="ANSWERS.json", type=parameters.PATH, help="a FHIR R4 QuestionnaireResponse")
@asked.acting
@click.option("--behalf", metavar="ORGANISATION", help="the clinic for which it is entered")
@parameters.as_json
def command(
    *,
    case: str,
    answers: Path,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    behalf: str | None,
    as_json: bool,
) -> int:
    """Answer the questions of a case; the answers make a new run."""
    from priorauth.ledger.acts.intake import Answer
    from priorauth.ledger.work import MOST_BYTES

    data = files.read(answers, MOST_BYTES)
    with asked.opened(db, tenant) as house:
        found = house.do(Answer(case=case, response=data, channel="api"), house.who(person, role, behalf))
    asked.told(found, as_json=as_json)
    return 0
