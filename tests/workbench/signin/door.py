"""A browser before the door: it keeps cookies, sends forms of pages, and asks as a script of a page does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2

from priorauth.ledger.store import Store
from tests.server.running import Running
from tests.workbench.house import hidden
from tests.workbench.signin.plan import PASSWORD


@dataclass
class Door:
    """A browser, and the server that it asks."""

    running: Running

    @property
    def store(self) -> Store:
        return self.running.store

    @property
    def now(self) -> datetime:
        return self.running.clock.now

    def wait(self, **span: float) -> None:
        self.running.clock.now += timedelta(**span)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.running.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> httpx2.Response:
        return self.running.client.post(path, data=fields, headers=headers, follow_redirects=False)

    def send(self, page: str, action: str, **fields: str) -> httpx2.Response:
        """Open a page, and send its form of an address with what is typed."""
        return self.post(action, {**hidden(self.get(page).text, action), **fields})

    def sign_in(self, who: str = "nina", password: str = PASSWORD, to: str = "/queue", **more: str) -> httpx2.Response:
        return self.send(f"/sign-in?to={to}", "/sign-in", person=who, password=password, **more)

    def script(self, path: str, said: object, csrf: str | None = None) -> httpx2.Response:
        """Ask as a script of a page does, with the token of the page on which one is."""
        token = csrf or self.csrf("/me" if path.startswith("/me") else "/sign-in")
        headers = {"X-Csrf": token, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
        return self.running.client.post(path, json=said, headers=headers, follow_redirects=False)

    def csrf(self, page: str) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get(page).text)
        assert found is not None
        return found[1]

    def forget(self) -> None:
        """Begin as another browser."""
        self.running.client.cookies.clear()
