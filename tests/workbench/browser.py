"""The workbench in a real Chromium: served on this machine, its clock in the test's hand, no other host asked."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, sync_playwright

from priorauth.ledger.events import Who
from priorauth.server import app
from priorauth.workbench import desk
from priorauth.workbench.signin import cookies, sessions
from tests.listening import served as listened
from tests.parts import need
from tests.workbench.house import Desk

CHROMIUM = Path(os.environ.get("PRIORAUTH_CHROMIUM", "/usr/bin/chromium"))
ALONE = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
WIDE, NARROW = 1280, 320
HELD = 10_000
SOON = 3.0
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of Debian's package, which reaches this machine alone."""
    need(CHROMIUM.is_file(), "apt install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield found
        found.close()


@contextmanager
def listening(served: Desk) -> Iterator[str]:
    """Let the workbench listen; gives its address."""
    with listened(app.application(served.running.service, desk.routes())) as address:
        yield address


@dataclass
class Seat:
    """Somebody at a browser, signed in; what a page asked of another host, and which script failed, is kept."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open a page; return its status."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        return answer.status

    def press(self, name: str) -> None:
        """Press the button of a name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def sees(self, text: str) -> bool:
        """Whether a text stands on the page, or comes to stand there soon: a press may still be leading to another."""
        until = time.monotonic() + SOON
        while text not in self._words():
            if time.monotonic() > until:
                return False
            self.page.wait_for_timeout(50)
        return True

    def _words(self) -> str:
        try:
            return self.page.inner_text("body")
        except Error:  # the page is just being left
            return ""

    def barriers(self) -> str:
        """Return what axe-core finds on the page, rule by rule with where; empty where it finds nothing."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        return "; ".join(f"{one['id']} at {', '.join(str(at['target']) for at in one['nodes'][:3])}" for one in found)

    def overflows(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def shot(self, name: str) -> None:
        """Keep a picture of the page among the outputs of the build."""
        folder = Path("build/scenarios")
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)


@contextmanager
def seated(
    browser: Browser, served: Desk, address: str, who: Who, *, strong: bool = False, **more: Any
) -> Iterator[Seat]:
    """Seat somebody at a browser, ``strong``: her credential was just given again.

    At the end it is seen that nothing was asked from elsewhere and no script failed.
    """
    begun = sessions.begin(
        served.store, who.tenant, str(who.person), served.now, strong=strong, role=who.role, how="test"
    )
    with browser.new_context(**{"viewport": {"width": WIDE, "height": 900}, **more}) as context:
        context.add_cookies([{"name": cookies.SESSION, "value": begun.token, "url": address}])
        seat = Seat(_page(context), address)
        seat.page.on("pageerror", lambda fault: seat.faults.append(str(fault)))
        seat.page.on("request", lambda asked: _kept(seat, asked))
        yield seat
    assert seat.asked == []
    assert seat.faults == []


def _page(context: BrowserContext) -> Page:
    found = context.new_page()
    found.set_default_timeout(HELD)
    return found


def _kept(seat: Seat, asked: Request) -> None:
    if not asked.url.startswith((seat.address, "data:", "about:", "blob:")):
        seat.asked.append(asked.url)
