"""A line of the worklist in words: what is due when, what is asked, why it is here, for whom it waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from priorauth.ledger.worklist import Line
from priorauth.workbench import words
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import clocks, opened

WAITS: Final = {"with-clinic": "clinic", "waiting": "a day", "with-nurse": "nurse", "with-director": "doctor"}
"""For whom a case waits, by its state, where the ledger names nobody."""


class Row(Struct, frozen=True, kw_only=True):
    """A line of the worklist."""

    case: str
    due: str
    due_at: datetime | None
    late: bool
    today: bool
    clock: str
    expedited: bool
    request: str
    payer: str
    kind: str
    why: str
    to_confirm: int
    waits: str
    owner: str
    state: str
    version: int
    taken: bool
    mine: bool
    later: tuple[tuple[int, str], ...]
    member: str


def row(  # noqa: PLR0913 - what a row rests on
    line: Line,
    settings: Mapping[str, Any],
    names: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo,
    *,
    who: str | None = None,
    because: str = "",
    member: str = "",
) -> Row:
    """Return a line of the ledger's worklist as a page shows it to ``who``: ``because`` of what its newest run says.

    ``member`` is her name, where it was asked for.
    """
    late = line.due_at is not None and line.due_at < now
    today = line.due_at is not None and line.due_at.astimezone(zone).date() == now.astimezone(zone).date()
    return Row(
        case=line.case,
        due=words.left(line.due_at, now, zone),
        due_at=line.due_at,
        late=late,
        today=today,
        clock=clocks.named(line.due_rule, settings.get("clocks")),
        expedited=line.priority == "expedited",
        request=", ".join(dict.fromkeys(asked(one.product, one.pathway) for one in line.items)),
        payer=cases.payer(line.payer, settings),
        kind=words.KIND.get(line.kind, line.kind),
        why=because or why(line),
        to_confirm=line.to_confirm or 0,
        waits=line.waits_for or WAITS.get(line.state, "nobody"),
        owner=names.get(line.owner or "", line.owner or ""),
        state=words.STATE[line.state],
        version=line.version,
        taken=line.owner is not None,
        mine=line.owner is not None and line.owner == who,
        later=opened.later(line.due_at, now),
        member=member,
    )


def asked(product: str | None, pathway: str | None) -> str:
    """Return what is asked in a line: the product, and by which way of the policy."""
    said = product or "no product code"
    return f"{said} {pathway.replace('-', ' ')}" if pathway else said


def why(line: Line) -> str:
    """Say why a case stands where it stands: what the last run says of its open items."""
    said = [words.OUTCOME.get(one.outcome or "", "") for one in line.items if one.status == "open"]
    return "; ".join(dict.fromkeys(one for one in said if one)) or words.STATE[line.state]
