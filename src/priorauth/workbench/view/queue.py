"""A line of the worklist in words: what is due when, what is asked, why it is here, for whom it waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from priorauth.ledger import runs
from priorauth.ledger.worklist import Line
from priorauth.workbench import words
from priorauth.workbench.view import clocks


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
    waits: str
    owner: str
    state: str
    version: int


def row(line: Line, settings: Mapping[str, Any], names: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Row:
    """Return a line of the ledger's worklist as a page shows it."""
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
        request=", ".join(dict.fromkeys(one.product or "no product code" for one in line.items)),
        payer=payer(line.payer, settings),
        kind=words.KIND.get(line.kind, line.kind),
        why=why(line),
        waits=line.waits_for or "nobody",
        owner=names.get(line.owner or "", line.owner or ""),
        state=words.STATE[line.state],
        version=line.version,
    )


def payer(name: str | None, settings: Mapping[str, Any]) -> str:
    """Return the name of a payer; its id where no policy here knows it."""
    if name is None:
        return "payer not known"
    found = runs.catalog(settings).payers.get(name)
    return name if found is None else found.name


def why(line: Line) -> str:
    """Say why a case stands where it stands: what the last run says of its open items."""
    said = [words.OUTCOME.get(one.outcome or "", "") for one in line.items if one.status == "open"]
    return "; ".join(dict.fromkeys(one for one in said if one)) or words.STATE[line.state]
