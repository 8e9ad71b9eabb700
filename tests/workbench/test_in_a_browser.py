"""Every page of the workbench in a real Chromium, on a working day: no barrier, no overflow, no other host."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from priorauth.ledger.store import connect
from priorauth.server.demo import people, story
from priorauth.workbench import rights
from priorauth.workbench.drafts import draft
from priorauth.workbench.drafts.draft import Draft
from tests.workbench import browser as b
from tests.workbench.addresses import Addresses
from tests.workbench.house import Desk, working

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
REQUESTS = 40
WHO = {
    "coordinator": "carla", "prescriber": "paul", "supplier": "sofia", "nurse": "nadia", "director": "marsh",
    "appeals": "amato", "analyst": "ana", "manager": "mara", "admin": "adam",
}  # fmt: skip
NO_PAGES = frozenset({
    "document", "case-newer", "notice-page", "notice-pdf", "document-file", "document-leaf", "metrics-sheet",
})  # fmt: skip
"""Addresses that give a file to be saved, or a part of a page."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def day(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A working day of the demo."""
    file = shutil.copy(migrated, tmp_path_factory.mktemp("day") / "ledger.db")
    store = connect(f"sqlite:///{file}")
    story.fill(store, people.TENANT, REQUESTS, NOW)
    begun = Draft(id="begun", fields={"family": "Rivera", "payer": "masshealth", "product": "E0784", "kind": "initial"})
    draft.keep(store, people.who("carla"), begun, "Rivera, E0784", NOW)
    with working(store, tenant=people.TENANT, open_to_all=False) as found:
        found.now = NOW
        yield found
    store.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with b.chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(day: Desk) -> Iterator[str]:
    with b.listening(day) as found:
        yield found


@pytest.mark.parametrize("role", rights.people())
def test_every_page_in_every_state_has_no_axe_violation_and_fits_320_pixels(
    chromium: Browser, day: Desk, address: str, role: str
) -> None:
    found = Addresses(day.store, people.TENANT)
    wrong: list[str] = []
    opened = 0
    with b.seated(chromium, day, address, people.who(WHO[role])) as seat:
        for name, page in rights.table().pages.items():
            if rights.may_open(page, role) is None or name in NO_PAGES:
                continue
            for path in dict.fromkeys(found.of(name)):
                status = seat.go(path)
                opened += 1
                if status >= 500:
                    wrong.append(f"{path}: {status}")
                    continue
                for width in (b.WIDE, b.NARROW):
                    seat.page.set_viewport_size({"width": width, "height": 900})
                    if over := seat.overflows():
                        wrong.append(f"{path} at {width}: {over} pixels too wide")
                if said := seat.barriers():
                    wrong.append(f"{path}: {said}")
        assert seat.asked == []
    assert opened
    assert not wrong, "\n".join(wrong)
