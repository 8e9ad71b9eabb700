"""All that is served, in one table."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.guard.operations import GUARD
from priorauth.exchange.pas.operations import OPERATIONS as PAS
from priorauth.exchange.subscriptions.operations import OPERATIONS as SUBSCRIPTIONS

OPERATIONS: Final[tuple[Operation, ...]] = (
    *GUARD,
    *PAS,
    *SUBSCRIPTIONS,
)  # fmt: skip
