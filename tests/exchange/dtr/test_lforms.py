"""LHC-Forms in a real Chromium fills in a static and an adaptive form to the end, against a server that listens.

What is answered at its fields means in the request what was meant; the pictures stand in build/exchange.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from priorauth.exchange import app as addresses
from priorauth.language.english import labels
from priorauth.ledger.store import Store
from priorauth.server import app
from tests.exchange.dtr import desk
from tests.exchange.dtr.desk import Json, context, missing, parts, requested, walked
from tests.exchange.house import Exchange, exchanging
from tests.ledger import house
from tests.listening import served
from tests.parts import need
from tests.workbench.browser import chromium

pytestmark = pytest.mark.slow

LFORMS = Path(__file__).parents[2] / "peers" / "lforms"
PICTURES = Path("build/exchange")
TODAY = house.NOW.date()
WIDE: ViewportSize = {"width": 1000, "height": 900}
ANSWERS: Mapping[str, Any] = {
    "motivated": "Yes",
    "able_to_operate_pump": "Yes",
    "follows_diet_and_exercise": "Yes",
    "injections_ineffective": "Yes",
    "recurring_hypoglycemia": "Yes",
    "prescription_complete": "Yes",
    "frequent_dose_self_adjustment.value": "Yes",
    "frequent_dose_self_adjustment.from": TODAY - dt.timedelta(days=500),
    "hba1c": "8.1",
    "hba1c.date": TODAY - dt.timedelta(days=20),
    "glucose_tests_per_day.value": "5",
    "glucose_tests_per_day.from": TODAY - dt.timedelta(days=200),
    "monitoring_impossible": "No",
}
"""What somebody at the desk answers, by linkId; everything else is left as it is."""
WAYS = tuple(
    say(fact) for fact in ("glucose_tests_per_day", "recurring_hypoglycemia") for say in (labels().sent, labels().many)
)
"""Of ways to show a thing, those that are chosen where they are among them."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need((LFORMS / "node_modules" / "lforms").is_dir(), "tests/peers/lforms/fetch.sh fetches LHC-Forms")
    with chromium() as found:
        yield found


@contextmanager
def listening(exchange: Exchange) -> Iterator[str]:
    """Let the exchange listen, the desk beside it; gives its address."""
    at_desk = Mount("/lforms", StaticFiles(directory=LFORMS))
    made = app.application(exchange.running.service, [at_desk, *addresses.routes()])
    with served(made) as address:
        yield address


@contextmanager
def at_desk(browser: Browser, store: Store, forms: str) -> Iterator[Page]:
    """Open the form of a context at the desk."""
    with exchanging(store, {"forms": forms, "unsolicited": True}) as exchange, listening(exchange) as address:
        context(exchange, missing(), pathway="initial-trial", policy="masshealth/insulin-pumps")
        with browser.new_context(viewport=WIDE, bypass_csp=True) as window:  # the page of an app, not of the plan
            page = window.new_page()
            faults: list[str] = []
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            page.goto(f"{address}/lforms/desk.html")
            asked = {"resourceType": "Parameters", "parameter": [{"name": "context", "valueString": desk.CONTEXT}]}
            page.evaluate("([base, asked]) => window.opened(base, asked)", [f"{address}/{house.TENANT}/2.2", asked])
            yield page
            assert faults == []


def filled(page: Page) -> None:
    """Answer at the fields what is known and not answered yet."""
    for link, value in ANSWERS.items():
        field = page.locator(f"[id^='item-{link}/']").first
        if field.count():
            answered(page, field, link, value)
    for choice in page.locator("[id^='item-form.way.'], [id^='item-form.choice']").all():
        chosen(choice)


def answered(page: Page, field: Locator, link: str, value: Any) -> None:
    """Answer one question, as somebody would: press, or write."""
    if value in ("Yes", "No"):
        field.locator("label.ant-radio-wrapper").filter(has_text=value).first.click()
    elif isinstance(value, dt.date):
        box = field.locator("input[placeholder='MM/DD/YYYY']").first
        box.fill(f"{value:%m/%d/%Y}")
        box.press("Enter")
    else:
        box = field.locator(f"input[id^='{link}/']").first
        box.fill(value)
        box.press("Tab")
    page.wait_for_timeout(50)


def chosen(choice: Locator) -> None:
    """Choose the ways that can be shown."""
    box = choice.locator("input[role=combobox]").first
    for way in WAYS:
        if box.input_value() or box.get_attribute("disabled") is not None:
            return
        box.click()
        option = choice.page.locator("#completionOptions li, #lhc-tools-searchResults li").filter(has_text=way).first
        if option.count() and option.is_visible():
            option.click()
            choice.page.wait_for_timeout(50)
        else:
            box.press("Escape")


def pressed(page: Page) -> Json:
    """Press Next; return the answers as they came back."""
    page.locator("#said").evaluate("one => { one.textContent = ''; }")
    page.locator("#next").click()
    page.wait_for_function("document.getElementById('said').textContent !== ''")
    said = page.inner_text("#said")
    assert said in ("in-progress", "completed"), said
    made: Json = page.evaluate("desk.response")
    return made


def shot(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"lforms-{name}.png", full_page=True)


def test_an_adaptive_form_is_filled_in_to_its_end_and_the_number_is_issued(browser: Browser, store: Store) -> None:
    with at_desk(browser, store, "adaptive") as page:
        made: Json = {}
        for _ in range(30):
            filled(page)
            if page.locator("[id^='item-form.end.']").count():
                page.locator("[id*='.attest/']").locator("label.ant-radio-wrapper").filter(has_text="Yes").first.click()
                page.locator("[id^='item-form.end.']").locator("input[role=combobox]").first.click()
                page.locator("#completionOptions li").filter(has_text="Yes, issue it now").first.click()
                shot(page, "adaptive")
            made = pressed(page)
            if made["status"] == "completed":
                break
        assert made["status"] == "completed", [one["linkId"] for one in walked(made.get("item", []))]
        said = parts(made)
        assert (said["pa-needed"], said["satisfied-pa-id"]) == ("satisfied", "26-0001-1")
        assert requested(missing(), made).outcome == "approve"


def test_a_static_form_is_filled_in_and_means_in_the_request_what_was_answered(browser: Browser, store: Store) -> None:
    with at_desk(browser, store, "static") as page:
        filled(page)
        filled(page)  # what a choice opened
        shot(page, "static")
        made = pressed(page)
        assert made["status"] == "completed"
        found = requested(missing(), made)
        assert found.outcome == "approve", (found.outcome, [one.fact for one in found.questions])
