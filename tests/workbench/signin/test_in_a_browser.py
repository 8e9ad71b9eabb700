"""Signing in, in a real Chromium with a virtual authenticator; the pages without a barrier and in 320 pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from priorauth.ledger.store import Store
from priorauth.workbench.signin import accounts, links
from tests.ledger.house import NOW, SYSTEM
from tests.workbench import browser as b
from tests.workbench.house import working
from tests.workbench.signin.plan import PASSWORD, told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with b.chromium() as found:
        yield found


@contextmanager
def listening(store: Store, *, open_to_all: bool = False) -> Iterator[str]:
    """Let a server listen over a ledger; gives its address."""
    with working(store, open_to_all=open_to_all) as found, b.listening(found) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with a virtual authenticator, on which no script may fail."""
    faults: list[str] = []
    with browser.new_context() as visit:
        found = visit.new_page()
        found.on("pageerror", lambda fault: faults.append(str(fault)))
        found.set_default_timeout(10_000)
        devtools = visit.new_cdp_session(found)
        devtools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        able = {"isUserVerified": True, "automaticPresenceSimulation": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **able}})
        yield found
    assert faults == []


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _no_barrier(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 720})


def test_by_a_link_she_adds_a_passkey_signs_in_with_it_and_removes_it(plan: Store, page: Page) -> None:
    with listening(plan) as address:
        page.goto(f"{address}/sign-in/link?token={links.make(plan, SYSTEM, 'dora', NOW).token}")
        _no_barrier(page)
        _press(page, "Sign in and add a passkey")
        page.wait_for_url("**/me")
        page.get_by_label("Name of the new passkey").fill("laptop at work")
        _press(page, "Add a passkey")
        page.wait_for_url("**/me?said=passkey")
        assert page.get_by_role("row", name="laptop at work").is_visible()
        _no_barrier(page)
        _press(page, "Sign out")
        page.wait_for_url("**/sign-in?left")
        _press(page, "Use a passkey")
        page.wait_for_url("**/queue")
        page.goto(f"{address}/me")
        _press(page, "Remove laptop at work")
        page.wait_for_url("**/me?said=passkey-gone")
    assert [one["how"] for one in told(plan, "signed-in")] == ["link", "passkey"]


def test_by_password_without_a_script(plan: Store, browser: Browser) -> None:
    with listening(plan) as address, browser.new_context(java_script_enabled=False) as visit:
        page = visit.new_page()
        page.goto(f"{address}/me")
        assert not page.get_by_role("button", name="Use a passkey").is_visible()
        page.get_by_label("Your name here").fill("nina")
        page.get_by_label("Password").fill(PASSWORD)
        _press(page, "Sign in")
        page.wait_for_url("**/me")
        page.get_by_label("close together").check()
        _press(page, "Keep this")
        page.locator("body.compact").wait_for()
        _press(page, "Sign out")
        page.get_by_text("You are signed out.").wait_for()
    assert accounts.has_password(plan, "plan", "nina")


def test_a_wrong_password_is_said_where_the_focus_is(plan: Store, page: Page) -> None:
    with listening(plan) as address:
        page.goto(f"{address}/sign-in")
        _no_barrier(page)
        page.get_by_label("Your name here").fill("nina")
        page.get_by_label("Password").fill("not the one")
        _press(page, "Sign in")
        page.get_by_role("alert").get_by_text("The name or the password is wrong.").wait_for()
        assert page.evaluate("document.activeElement.id") == "wrong"
        _no_barrier(page)


def test_an_open_server_lists_its_people_each_one_press_away(plan: Store, page: Page) -> None:
    with listening(plan, open_to_all=True) as address:
        page.goto(f"{address}/sign-in?to=/queue")
        _no_barrier(page)
        _press(page, "Nina Nurse")
        page.wait_for_url("**/queue")
