"""A room for a scenario: a furnished plan of its own, served to browsers of this machine, its clock with the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from priorauth.ledger.acts import setup
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store, connect
from tests.ledger import house
from tests.workbench import browser as b
from tests.workbench.director import OFFICES
from tests.workbench.house import Desk, working

COLLEAGUE = Who(house.TENANT, "cleo", "coordinator", "clinic")
MANAGER = Who(house.TENANT, "mara", "manager")
ANALYST = Who(house.TENANT, "ana", "analyst")


@dataclass
class Room:
    """A served plan, and seats in it."""

    desk: Desk
    address: str
    browser: Browser
    name: str

    @property
    def store(self) -> Store:
        return self.desk.store

    @contextmanager
    def seat(self, who: Who, **more: Any) -> Iterator[b.Seat]:
        """Seat somebody; what she sees last is kept as a picture under the name of the scenario."""
        with b.seated(self.browser, self.desk, self.address, who, **more) as found:
            yield found
            found.shot(self.name)


Rooms = Callable[..., AbstractContextManager[Room]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one module: one alone may be open at a time."""
    with b.chromium() as found:
        yield found


@pytest.fixture
def rooms(chromium: Browser, migrated: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Rooms:
    """Open a room over a plan with some settings; nothing is approved by rule unless they say so."""

    @contextmanager
    def opened(**settings: Any) -> Iterator[Room]:
        store = connect(f"sqlite:///{shutil.copy(migrated, tmp_path / 'ledger.db')}")
        house.furnish(store, **{"approve_by_rule": False, "letters": OFFICES, **settings})
        for who in (COLLEAGUE, MANAGER, ANALYST):
            added = setup.AddPerson(
                person=str(who.person), title=f"{who.person} {who.role}".title(), organisation=who.organisation
            )
            house.done(store, added)
            house.done(store, setup.GrantRole(person=str(who.person), role=who.role, valid_from=house.FIRST))
        with ExitStack() as stack:
            desk = stack.enter_context(working(store, open_to_all=False))
            address = stack.enter_context(b.listening(desk))
            yield Room(desk, address, chromium, request.node.name)
        store.close()

    return opened


@pytest.fixture
def room(rooms: Rooms) -> Iterator[Room]:
    with rooms() as found:
        yield found
