"""All that is served, in one table."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.crd.operations import OPERATIONS as CRD
from priorauth.exchange.dtr.operations import OPERATIONS as DTR
from priorauth.exchange.guard.operations import GUARD
from priorauth.exchange.pas.operations import OPERATIONS as PAS
from priorauth.exchange.subscriptions import operations as subscriptions

OPERATIONS: Final[tuple[Operation, ...]] = (
    *GUARD,
    *CRD,
    *DTR,
    *PAS,
    *subscriptions.OPERATIONS,
)
