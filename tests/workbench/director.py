"""A plan whose offices write letters, cases that stand with a director, and the fields by which she decides them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import to_builtins

from priorauth.ledger import tables as t
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from priorauth.workbench.signin import cookies, sessions
from tests.ledger import house
from tests.ledger.standing import adverse, case, rows, sent
from tests.letterbook import sender
from tests.workbench.house import Desk, working

OFFICES: Final = {
    "masshealth": to_builtins(sender("masshealth")),
    "caresource": to_builtins(sender("caresource-qhp", "IN")),
}
NAME: Final = "Dora Director"
"""The director as she types her name on an open server."""
CRITERION: Final = "II.A.T.7"


@contextmanager
def office(store: Store, *, open_to_all: bool = True, **settings: Any) -> Iterator[Desk]:
    """Let the workbench run over a furnished plan whose offices write letters."""
    house.furnish(store, letters=OFFICES, **settings)
    with working(store, open_to_all=open_to_all) as desk:
        yield desk


def with_director(store: Store, content: bytes | None = None) -> str:
    """Return a case that stands with a director."""
    number = sent(store, content or house.example("ask"))
    house.done(store, RouteToDirector(case=number), house.NURSE)
    return number


def appealed(store: Store) -> tuple[str, str]:
    """Return a case that was decided adversely, and its appeal."""
    number = with_director(store)
    house.done(store, adverse(number), house.DIRECTOR)
    found = house.done(store, Appeal(case=number, filed_by="prescriber", why="a new letter"), house.COORDINATOR)
    return number, str(found.case)


def place_of(page: str, criterion: str) -> str:
    """Return the place of a criterion among the reasons of a page."""
    found = re.search(rf'<span class="id">{re.escape(criterion)}</span></summary>.*?name="asks-(\d+)"', page, re.DOTALL)
    assert found is not None, criterion
    return found[1]


def reason(place: str, **changed: str) -> dict[str, str]:
    """Return the fields of a reason in four parts, with all that an adverse decision needs beside it."""
    said = {
        "asks": "A newest HbA1c above 7.0 %.",
        "found": "6.9 % on 6 October 2026, a laboratory result.",
        "why_not": "6.9 is not above 7.0.",
        "would": "A newer result above 7.0 %.",
    }
    parts = {f"{part}-{place}": changed.pop(part, text) for part, text in said.items()}
    whole = {"call_by": "2026-12-08 17:00", "mailed": "2026-11-24", "channel": "post", "read": "yes", "name": NAME}
    return {**parts, **whole, **changed}


def step(desk: Desk, number: str, chosen: str, who: Any = house.DIRECTOR) -> tuple[str, str]:
    """Return the address of the step of a choice, and the place of the criterion there."""
    address = f"/c/{number}/decide?as={chosen}&step=2"
    page = desk.get(address, who)
    assert page.status_code == 200, page.text
    return address, place_of(page.text, CRITERION)


def proved(desk: Desk, who: Any = house.DIRECTOR) -> dict[str, str]:
    """Return the header of a session whose person has just given her credential again."""
    begun = sessions.begin(desk.store, who.tenant, who.person, desk.now, strong=True, role=who.role, how="a test")
    return {"Cookie": f"{cookies.SESSION}={begun.token}"}


def decisions(store: Store, number: str) -> list[str]:
    """Return the kinds of the decisions of a case."""
    return [row["kind"] for row in rows(store, t.decision, case_no=number)]


def letters(store: Store, number: str) -> list[str]:
    """Return the kinds of the letters of a case."""
    return [row["kind"] for row in rows(store, t.notice, case_no=number)]


def state(store: Store, number: str) -> str:
    """Return the state of a case."""
    return str(case(store, number)["state"])
