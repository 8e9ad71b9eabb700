"""All that is served, in one table."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.crd.operations import OPERATIONS as CRD
from priorauth.exchange.dtr.operations import OPERATIONS as DTR

OPERATIONS: Final[tuple[Operation, ...]] = (*CRD, *DTR)
