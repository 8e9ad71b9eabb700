"""The runs of a case in words: why each was made, what each said, and what the next said differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from priorauth.decide.determination import Determination
from priorauth.language.english import labels
from priorauth.ledger import difference
from priorauth.ledger.whole import Run, Whole
from priorauth.server import reads
from priorauth.workbench import words
from priorauth.workbench.view.story import SAID
from priorauth.workbench.visit import Visit

_DOCUMENT: Final = re.compile(
    r"(?:(?P<fact>\w+) of )?document (?P<number>\d+)"
    r"(?P<rest> filed in error| read| proposed| confirmed| rejected| tied to \w+| seen as \w+)?"
)
"""A cause that names a document, and what was done with it."""
_CAUSE: Final = {
    "received": "the request came",
    "answers": "answers came",
    "repeated": "somebody asked for it",
    "appeal": "the appeal came",
    "request updated": "the request was changed",
}


class Ran(Struct, frozen=True):
    """A run as a list shows it."""

    number: int
    at: datetime
    cause: str
    outcome: str
    engine: str
    sha256: str
    milliseconds: float


def listed(whole: Whole) -> tuple[Ran, ...]:
    """Return the runs of a case, the newest first."""
    return tuple(
        Ran(
            one.number,
            one.at,
            cause(one, whole),
            outcome(one.outcomes),
            one.engine,
            one.sha256,
            one.microseconds / 1000,
        )
        for one in reversed(whole.runs)
    )


def cause(one: Run, whole: Whole) -> str:
    """Say why a run was made."""
    found = _DOCUMENT.fullmatch(one.cause)
    if found is None:
        return _CAUSE.get(one.cause, one.cause)
    number = int(found["number"])
    name = next((each.name for each in whole.documents if each.number == number), f"document {number}")
    return _of_document(name, found)


def _of_document(name: str, found: re.Match[str]) -> str:
    """Say what was done with a document."""
    done, _, fact = (found["rest"] or "").strip().rpartition(" ")
    match done, fact:
        case "", "":
            return f"the document {name} came"
        case "filed in", "error":
            return f"the document {name} was filed in error"
        case "", "read":
            return f"the document {name} was read"
        case "", "proposed":
            return f"a program proposed facts of the document {name}"
        case "tied to", _:
            return f"somebody tied words of the document {name} to {labels().one(fact)}"
        case "seen as", _:
            return f"somebody saw the document {name}: {labels().one(fact)}"
        case _:
            return f"somebody {fact} what the document {name} states: {labels().one(found['fact'])}"


def outcome(outcomes: Mapping[str, str]) -> str:
    """Say what a run found, item by item where they differ."""
    said = {item: words.OUTCOME.get(one, one) for item, one in outcomes.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"item {item}: {one}" for item, one in said.items())


def arrived(whole: Whole, seen: int, zone: ZoneInfo) -> str:
    """Say what came after a run, when, and what it made of the outcome."""
    before = next((one for one in whole.runs if one.number == seen), None)
    last = whole.runs[-1]
    said = f"{cause(last, whole)}, {words.moment(last.at, zone)}."
    now = outcome(last.outcomes)
    then = now if before is None else outcome(before.outcomes)
    more = f"Still: {now[0].lower()}{now[1:]}." if then == now else f"{then} became: {now[0].lower()}{now[1:]}."
    return f"{said[0].upper()}{said[1:]} {more}"


def since(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[datetime, str]]:
    """Yield what happened since a version, in words, with when."""
    for one in rows:
        if one["what"] in SAID:
            by = words.ROLE.get(str(one["role"]), "")
            yield datetime.fromisoformat(str(one["at"])), f"{by}: {SAID[one['what']]}" if by else SAID[one["what"]]


def differences(visit: Visit, number: str, before: int, after: int) -> tuple[str, ...]:
    """Return what a run says differently from an earlier one, in sentences; raises Problem where she sees none such."""
    one, two = (reads.run(visit.store, visit.who, number, each)[1] for each in (before, after))
    return tuple(plain(one, two))


def plain(before: Sequence[Determination], after: Sequence[Determination]) -> Iterator[str]:
    """Yield what is different; of a single item its number is left out."""
    found = difference.differences(before, after)
    for said in difference.sentences(found):
        yield said.removeprefix("Item 1: ").strip() if len(found) == 1 else said
