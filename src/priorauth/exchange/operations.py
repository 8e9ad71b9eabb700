"""All that is served, in one table."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.guard.operations import GUARD
from priorauth.exchange.subscriptions import operations as subscriptions

OPERATIONS: Final[tuple[Operation, ...]] = (
    *GUARD,
    *subscriptions.OPERATIONS,
)
