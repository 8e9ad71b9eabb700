"""The workbench over a real ledger: pages asked for by people who are signed in, the clock in the test's hand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import pytest
from starlette.requests import Request

from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.workbench import desk
from priorauth.workbench.signin import cookies, sessions
from priorauth.workbench.visit import Visit
from tests.ledger import house
from tests.ledger.conftest import DIALECTS
from tests.server.running import Running, running

both = pytest.mark.parametrize("store", DIALECTS, indirect=True)
"""A test of SQL that stands in the workbench: asked of both databases."""
_HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')


@dataclass
class Desk:
    """A running workbench."""

    running: Running

    @property
    def store(self) -> Store:
        return self.running.store

    @property
    def now(self) -> datetime:
        return self.running.clock.now

    @now.setter
    def now(self, moment: datetime) -> None:
        self.running.clock.now = moment

    def sign_in(self, who: Who) -> dict[str, str]:
        """Begin a session; return the header that bears it."""
        begun = sessions.begin(
            self.store, who.tenant, str(who.person), self.now, strong=False, role=who.role, how="a test"
        )
        return {"Cookie": f"{cookies.SESSION}={begun.token}"}

    def get(self, path: str, who: Who, **more: Any) -> httpx2.Response:
        """Ask for a page."""
        return self.running.client.get(path, headers=self.sign_in(who), follow_redirects=False, **more)

    def send(self, page: str, action: str, who: Who, **fields: Any) -> httpx2.Response:
        """Open a page, find its form of an address, and send it with what is typed; without a form it is a fault."""
        headers = self.sign_in(who)
        shown = self.running.client.get(page, headers=headers, follow_redirects=False)
        assert shown.status_code == 200, (shown.status_code, shown.text)
        marks = hidden(shown.text, action)
        return self.post(action, headers, {**marks, **fields})

    def post(self, action: str, headers: dict[str, str], fields: dict[str, Any], **more: Any) -> httpx2.Response:
        """Send fields to an address."""
        return self.running.client.post(action, headers=headers, data=fields, follow_redirects=False, **more)

    def receive(self, name: str = "approve", who: Who = house.COORDINATOR) -> str:
        """Send an example; return the number of its case."""
        found = house.done(self.store, Receive(bundle=house.example(name)), who, self.now)
        return str(found.case)


def hidden(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form of a page that is sent to an address."""
    found = re.search(rf'<form[^>]*method="post"[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found is not None, f"no form for {action}"
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(found[1])}


@contextmanager
def working(store: Store, **more: Any) -> Iterator[Desk]:
    """Let the workbench run over a ledger."""
    with running(store, pages=desk.routes(), **more) as found:
        yield Desk(found)


def visit(desk: Desk, who: Who, page: str = "case", path: str = "/", **parts: Any) -> Visit:
    """Return a visit of somebody to a page, as a request to an address would make it."""
    begun = sessions.begin(desk.store, who.tenant, str(who.person), desk.now, strong=False, role=who.role)
    at, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": at, "query_string": query.encode(), "headers": []}
    return Visit(Request({**scope, "path_params": parts}), desk.running.service, begun.session, page)


def plain(page: str) -> str:
    """Return what a page says, without its marks."""
    bare = re.sub(r"<(script|style|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    bare = re.sub(r"</?(?:strong|code|kbd)\b[^>]*>", "", bare)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())
