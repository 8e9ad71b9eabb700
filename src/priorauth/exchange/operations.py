"""All that is served, in one table."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.crd.operations import OPERATIONS as CRD

OPERATIONS: Final[tuple[Operation, ...]] = (*CRD,)
