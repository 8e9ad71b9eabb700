"""What a clinic sees of its own case: the same criteria, marks, clocks and letters; of the payer's people their roles.

Notes, proposals and names of reviewers are the payer's until a letter says them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from priorauth.ledger.events import Json, Who
from priorauth.ledger.work import CLINIC

_INSIDE: Final = frozenset({"read", "assigned", "taken", "handed over", "put off", "proposed", "called", "kept"})
"""Events that are the payer's own, where the payer's people did them."""
_NAMED: Final = ("person", "signer", "licence", "owner", "made_by", "filed_by")
SOMEBODY: Final = "a clinician of the payer"


def is_clinic(who: Who) -> bool:
    """Whether somebody sees a case as its clinic does."""
    return who.role in CLINIC


def case(who: Who, found: Json) -> Json:
    """Return a case as she sees it."""
    if not is_clinic(who):
        return found
    shown = {**found, "owner": None, "snoozed_until": None}
    if "words" in shown:
        shown |= {
            "documents": documents(who, shown["documents"]),
            "words": [_unnamed({**row, "why": None}) for row in shown["words"] if row["kind"] != "proposal"],
            "decisions": [_unnamed(row) for row in shown["decisions"]],
            "calls": [],
            "notices": [row for row in shown["notices"] if row["status"] == "sent"],
        }
    return shown


def documents(who: Who, rows: Iterable[Json]) -> list[Json]:
    """Return what the documents of a case are as she sees it: without who of the payer filed one."""
    return [_unnamed(row) for row in rows] if is_clinic(who) else list(rows)


def events(who: Who, rows: Iterable[Json]) -> list[Json]:
    """Return the events that she sees: her own organisation's whole, the payer's without names and notes."""
    if not is_clinic(who):
        return list(rows)
    return [
        row if row["role"] in CLINIC else _unnamed({**row, "why": None})
        for row in rows
        if row["role"] in CLINIC or row["what"] not in _INSIDE
    ]


def since(who: Who, rows: Iterable[Json]) -> list[Json]:
    """Return what has happened since a version, as she sees it."""
    if not is_clinic(who):
        return list(rows)
    return [row for row in rows if row["role"] in CLINIC or row["what"] not in _INSIDE]


def made(who: Who, found: object, people: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Return what a run found as she sees it; where it names one of ``people`` of the payer, it says her role."""
    text = msgspec.json.encode(found)
    if is_clinic(who):
        for person, name in people.items():
            for hidden, shown in ((f"words-{person}", "words-payer"), (f"words of {person}", "words of the payer")):
                text = text.replace(hidden.encode(), shown.encode())
            text = text.replace(msgspec.json.encode(name)[1:-1], SOMEBODY.encode())
    return msgspec.json.decode(text)


def _unnamed(row: Json) -> Json:
    return {name: None if name in _NAMED else value for name, value in row.items()}
