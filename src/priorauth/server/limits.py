"""Limits that hold before anything is read: the size of a body and how long it may take, whose host it is for, how
often a token may ask.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from priorauth.server import pages
from priorauth.server.problem import Problem

MOST_BODY: Final = 26_214_400
"""How many bytes a request may have: a document of 25,000,000 bytes with its frame fits."""
BODY_SECONDS: Final = 60.0
"""How long a body may take to come."""
DEEPEST: Final = 100
"""How deep JSON may nest."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
OWN_SITE: Final = ("same-origin", "none")
"""How a browser says that a request is from a page of the same site, or from its person's own hand."""
Refuse = Callable[[str, Problem], Response | None]
"""Returns how a problem is said at an address; None where it is said as everywhere."""
_HUNG_UP: Final = {"Connection": "close"}
"""With an answer to half a request: what is left of its body is not waited for."""
_KEPT: Final = 10_000
"""How many buckets are kept; the one that was asked for longest ago goes first."""


class Limits:
    """An ASGI application behind its limits. ``open``: nobody is asked for a token, so none but this machine asks."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        open_to_all: bool,
        most: int = MOST_BODY,
        seconds: float = BODY_SECONDS,
        refuse: Refuse | None = None,
    ) -> None:
        """Keep the application and its limits; ``refuse`` gives some addresses an answer of their own shape."""
        self.app, self.open, self.most, self.seconds, self.refuse = app, open_to_all, most, seconds, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse at once what is too large or for another host; count the rest while it comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        fault = self._foreign(headers) or self._announced(headers)
        if fault is not None:
            shaped = self.refuse(scope["path"], fault) if self.refuse is not None else None
            answer = shaped or fault.answer()
            if shaped is None and pages.wanted(headers):
                answer = HTMLResponse(pages.trouble(fault.title, fault.detail), fault.status)
            await answer(scope, receive, send)
            return
        await self.app(scope, self._counted(receive), send)

    def _foreign(self, headers: Headers) -> Problem | None:
        """Where nobody is asked who she is, a page of another site must not ask in her name."""
        if not self.open:
            return None
        if urlsplit(f"//{headers.get('host', '')}").hostname not in LOOPBACK:
            return Problem("host", "this server is open to this machine alone")
        if not from_own_page(headers):
            return Problem("host", "this server answers no page of another site")
        return None

    def _announced(self, headers: Headers) -> Problem | None:
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self.most:
            return Problem("too-large", f"expected at most {self.most:,} bytes")
        return None

    def _counted(self, receive: Receive) -> Receive:
        """Return what receives a body until it is too large or too slow; raises what becomes an answer."""
        came, whole = 0, False
        until = perf_counter() + self.seconds

        async def counted() -> Message:
            nonlocal came, whole
            if whole:  # the body is here: what is waited for now is that she hangs up
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(until - perf_counter(), 0))
            except TimeoutError:
                raise HTTPException(408, f"expected the body within {self.seconds:g} seconds", _HUNG_UP) from None
            came += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if came > self.most:
                raise HTTPException(413, f"expected at most {self.most:,} bytes", _HUNG_UP)
            return message

        return counted


def from_own_page(headers: Headers) -> bool:
    """Whether the origin that a request names, if it names one, is this server.

    Pages of ours send no referrer, so that a browser says ``null`` for where their forms are from; then it has to say
    that the site is ours.
    """
    origin = headers.get("origin")
    if origin == "null":
        return headers.get("sec-fetch-site") in OWN_SITE
    return origin is None or origin.partition("://")[2] == headers.get("host")


class Buckets:
    """How often each may ask: ``burst`` requests at once, ``rate`` a second after that."""

    def __init__(self, rate: float, burst: float, tick: Callable[[], float] = perf_counter) -> None:
        """Begin with every bucket full."""
        self.rate, self.burst, self.tick = rate, burst, tick
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, whose: str) -> float:
        """Take one request out of a bucket; return 0, or how many seconds are to be waited where it is empty."""
        now = self.tick()
        left, at = self.left.pop(whose, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.rate)
        may = left >= 1
        self.left[whose] = (left - 1 if may else left, now)
        while len(self.left) > _KEPT:
            self.left.popitem(last=False)
        return 0.0 if may else (1 - left) / self.rate
