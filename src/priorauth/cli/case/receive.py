"""``priorauth case receive BUNDLE``: take a request into the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made

CHANNELS = ("api", "portal", "fax", "phone", "mail", "import")


@made(
    "receive",
    "priorauth case receive examples/ask.json --as cora --role coordinator",
)
@click.argument("bundle", metavar="BUNDLE.json", type=parameters.PATH, help="a FHIR R4 Bundle with a Claim")
@asked.acting
@click.option("--behalf", metavar="ORGANISATION", help="the clinic for which it is entered")
@click.option("--channel", type=parameters.OneOf(*CHANNELS), default="import", help="by which way it came")
@click.option("--key", metavar="KEY", help="makes it once only: the same key gives the first answer again")
@parameters.as_json
def command(
    *,
    bundle: Path,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    behalf: str | None,
    channel: str,
    key: str | None,
    as_json: bool,
) -> int:
    """Take a request: keep it, run it, start its clocks."""
    import msgspec

    from priorauth.ledger.acts.intake import Receive
    from priorauth.ledger.work import MOST_BYTES

    data = files.read(bundle, MOST_BYTES)
    with asked.opened(db, tenant) as house:
        act = msgspec.structs.replace(Receive(bundle=data, key=key), channel=channel)
        found = house.do(act, house.who(person, role, behalf))
    asked.told(found, as_json=as_json)
    return 0
