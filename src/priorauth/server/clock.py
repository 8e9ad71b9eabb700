"""The wall clock, as the server and the commands on cases read it; everything below is told the moment."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the edge
