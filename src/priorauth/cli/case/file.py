"""``priorauth case file CASE FILE``: file a document of a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from priorauth.cli import files, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made

KINDS = ("paper", "resources", "glucose-log")
_MEDIA = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}


@made(
    "file",
    "priorauth case file 26-0004 letter.pdf --as cora --role coordinator",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@click.argument("path", metavar="FILE", type=parameters.PATH, help="the document")
@asked.acting
@click.option("--kind", type=parameters.OneOf(*KINDS), default="paper", help="what it is, a paper if left out")
@click.option("--dated", metavar="YYYY-MM-DD", type=parameters.Day(), help="the day that it bears")
@click.option("--behalf", metavar="ORGANISATION", help="the clinic for which it is entered")
@parameters.as_json
def command(
    *,
    case: str,
    path: Path,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    kind: str,
    dated: int | None,
    behalf: str | None,
    as_json: bool,
) -> int:
    """File a document of a case; what can be read makes a new run."""
    from priorauth.ledger.acts.files import File, FileDocument
    from priorauth.ledger.runs import FHIR
    from priorauth.ledger.work import MOST_BYTES
    from priorauth.values.dates import iso

    content = files.read(path, MOST_BYTES)
    media = FHIR if kind == "resources" else _MEDIA.get(path.suffix.lower(), "application/octet-stream")
    day = None if dated is None else date.fromisoformat(iso(dated))
    with asked.opened(db, tenant) as house:
        file = File(title=path.name, media=media, content=content, kind=kind, dated=day)
        found = house.do(FileDocument(case=case, file=file), house.who(person, role, behalf))
    asked.told(found, as_json=as_json)
    return 0
