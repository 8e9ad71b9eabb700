"""The edge at which commands of a ledger read the clock of the machine; below it every moment is an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where a command of a ledger reads the clock
