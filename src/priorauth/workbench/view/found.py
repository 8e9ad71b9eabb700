"""Cases found by their member: her name or number, as the requests say it; that a name was shown is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from priorauth.errors import InputRefused
from priorauth.ledger import people, worklist
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.worklist import Line, Wanted
from priorauth.letters.facts import Member
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit

_NUMBER: Final = re.compile(r"\d{2}(-\d{0,10})?")
MOST: Final = 200
"""In how many open cases, those due first, a member is looked for."""


def is_number(text: str) -> bool:
    """Whether a text is how the number of a case begins."""
    return _NUMBER.fullmatch(text) is not None


def by_member(visit: Visit, wanted: Wanted, text: str) -> tuple[Line, ...]:
    """Return the cases of a worklist whose member's name, number or birth date has a text in it."""
    lines = worklist.queue(visit.store, visit.who, wanted, visit.now, most=MOST).lines
    parts = text.casefold().split()
    return tuple(one for one in lines if (found := _member(visit, one.case)) and _fits(found, parts))


def _fits(found: Member, parts: list[str]) -> bool:
    said = f"{found.name} {found.id} {found.born or ''}".casefold()
    return all(part in said for part in parts)


def members(visit: Visit, lines: Iterable[Line]) -> Mapping[str, str]:
    """Return the member's name of each case; that it was shown is recorded with the case."""
    shown: dict[str, str] = {}
    for one in lines:
        found = _member(visit, one.case)
        if found is not None:
            visit.do(Read(case=one.case, what="the member's name, in the worklist"))
            shown[one.case] = found.name or "name not known"
    return shown


def _member(visit: Visit, number: str) -> Member | None:
    with suppress(Problem, InputRefused):
        return people.member(*cases.bundle(visit, reads.case(visit.store, visit.who, number)))
    return None
