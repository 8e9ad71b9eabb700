"""A connection that does not wait for ever: whoever does not send the head of a request in time is hung up on.

Uvicorn itself limits how long a connection may be idle between two requests, and nothing before the first or within a
head. How long a body may take is in :mod:`priorauth.server.limits`.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_SECONDS: Final = 10.0
"""How long the head of a request may take, from the connection or from its own first byte."""


class Connection(H11Protocol):
    """A connection of one client. What is answered to a request is not hurried."""

    seconds: ClassVar[float] = HEAD_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's
        """Begin with no head awaited."""
        super().__init__(*given, **named)
        self.awaited: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Await the first head."""
        super().connection_made(transport)
        self._await()

    def data_received(self, data: bytes) -> None:
        """Take what came; the rest of a head that has begun is awaited no longer than the whole."""
        super().data_received(data)
        running: RequestResponseCycle | None = self.cycle
        if running is None or running.response_complete:
            if self.awaited is None:
                self._await()
        else:
            self._came()

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing any more."""
        self._came()
        super().connection_lost(exc)

    def _await(self) -> None:
        self.awaited = self.loop.call_later(self.seconds, self._late)

    def _came(self) -> None:
        if self.awaited is not None:
            self.awaited.cancel()
            self.awaited = None

    def _late(self) -> None:
        self.awaited = None
        if not self.transport.is_closing():
            self.transport.close()
