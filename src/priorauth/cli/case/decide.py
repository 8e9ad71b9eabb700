"""``priorauth case decide CASE KIND``: approve a request, or decide it otherwise, in somebody's name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, parameters
from priorauth.cli.case import asked
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.ledger.acts.decisions import Reason
    from priorauth.ledger.work import CaseAct

KINDS = ("approve", "adverse", "elsewhere", "by-law")
_MOST = 1_000_000


@made(
    "decide",
    "priorauth case decide 26-0002 approve --version 1 --as apu --role appeals --why Necessary",
)
@click.argument("case", metavar="CASE", help="the number of the case")
@click.argument("kind", metavar="KIND", type=parameters.OneOf(*KINDS), help="approve, adverse, elsewhere or by-law")
@asked.acting
@asked.versioned
@click.option("--item", "items", type=parameters.Whole(1), multiple=True, metavar="N", help="this item alone")
@click.option("--licence", metavar="NUMBER", help="the licence under which she signs")
@click.option("--reasons", metavar="FILE.json", type=parameters.PATH, help="four parts for each criterion, as a list")
@click.option("--rule", metavar="CLOCK", help="by-law: the clock that was missed")
@click.option("--why", metavar="TEXT", help="the reason in a sentence; elsewhere: where it belongs")
@parameters.as_json
def command(
    *,
    case: str,
    kind: str,
    db: str | None,
    tenant: str | None,
    person: str | None,
    role: str | None,
    version: int | None,
    items: tuple[int, ...],
    licence: str | None,
    reasons: Path | None,
    rule: str | None,
    why: str | None,
    as_json: bool,
) -> int:
    """Decide a request on the version of the case that you saw. An adverse decision is a clinician's, and signed.

    The reasons are a JSON list of objects with criterion, asks, found, why_not and would_show.
    """
    if version is None:
        raise refused("--version: expected the version of the case that you saw; nobody decides what she has not seen")
    act = _act(case, kind, version, why, items or None, licence, reasons, rule)
    with asked.opened(db, tenant) as house:
        found = house.do(act, house.who(person, role))
    asked.told(found, as_json=as_json)
    return 0


def _act(  # noqa: PLR0917 - what the options say
    case: str,
    kind: str,
    version: int,
    why: str | None,
    items: tuple[int, ...] | None,
    licence: str | None,
    reasons: Path | None,
    rule: str | None,
) -> CaseAct:
    from priorauth.ledger.acts import decisions

    if kind == "approve":
        return decisions.Approve(case=case, version=version, why=why, items=items)
    if kind == "elsewhere":
        return decisions.SendElsewhere(case=case, version=version, why=why)
    if kind == "by-law":
        if rule is None:
            raise refused("--rule: expected the clock that was missed")
        return decisions.AuthorizeByLaw(case=case, version=version, why=why, rule=rule)
    if licence is None or reasons is None:
        raise refused("adverse: expected --licence NUMBER and --reasons FILE.json")
    return decisions.DecideAdversely(
        case=case, version=version, why=why, licence=licence, reasons=_reasons(reasons), items=items
    )


def _reasons(file: Path) -> tuple[Reason, ...]:
    import msgspec

    from priorauth.ledger.acts.decisions import Reason

    try:
        return msgspec.json.decode(files.read(file, _MOST), type=tuple[Reason, ...])
    except msgspec.MsgspecError as fault:
        raise refused(f"{file.name}: {fault}") from None
