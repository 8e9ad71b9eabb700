"""``priorauth case act CASE ACT``: any act of the ledger, with what the interface for programs takes as its body."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

_MOST = 26_214_400


@made(
    "act",
    "priorauth case act 26-0004 take --as nina --role nurse",
    "priorauth case act 26-0004 record-call --body call.json --as dora --role director",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@click.argument("act", metavar="ACT", help="the name of the act, as in /api/v1/cases/CASE/acts/ACT")
@asked.acting
@asked.versioned
@click.option("--body", metavar="FILE.json", type=parameters.PATH, help="what is said of the act; left out, nothing")
@click.option("--behalf", metavar="ORGANISATION", help="the clinic for which it is entered")
@click.option("--key", metavar="KEY", help="makes it once only: the same key gives the first answer again")
@parameters.as_json
def command(
    *,
    case: str,
    act: str,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    version: int | None,
    body: Path | None,
    behalf: str | None,
    key: str | None,
    as_json: bool,
) -> int:
    """Do any act on a case, by its name.

    The body is what the interface for programs takes at the address of that act.
    """
    from priorauth.server.api import bodies
    from priorauth.server.problem import Problem

    known = bodies.of_cases()
    if act not in known:
        raise refused(f"no act is named {act!r}; expected one of {', '.join(known)}")
    if act in bodies.DECIDING and version is None:
        raise refused("--version: expected the version of the case that you saw; nobody decides what she has not seen")
    try:
        said = bodies.read(files.read(body, _MOST) if body else b"", known[act])
    except Problem as fault:
        raise refused(f"--body: {fault.detail}") from None
    with asked.opened(db, tenant) as house:
        made_act = known[act](**said, case=case, version=version, key=key)
        found = house.do(made_act, house.who(person, role, behalf))
    asked.told(found, as_json=as_json)
    return 0
