"""Every page of the workbench in a real Chromium, on a working day: no barrier, no overflow, no other host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from priorauth.server.demo import people
from priorauth.workbench import rights
from tests.workbench import browser as b
from tests.workbench.addresses import Addresses
from tests.workbench.day import WHO, working_day
from tests.workbench.house import Desk

REQUESTS = 60
NO_PAGES = frozenset({
    "case-newer", "notice-page", "notice-pdf", "document-file", "document-leaf", "metrics-sheet",
})  # fmt: skip
"""Addresses that give a file to be saved, or a part of a page."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A working day of the demo."""
    with working_day(tmp_path_factory.mktemp("day"), REQUESTS) as found:
        yield found


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
