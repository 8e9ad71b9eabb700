"""What a call is answered from, and each order under a coverage on its way to an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from priorauth.decide.determination import Determination
from priorauth.exchange.call import Call
from priorauth.exchange.crd.case import Case
from priorauth.exchange.crd.charts import Chart
from priorauth.exchange.crd.coverage import Said
from priorauth.exchange.crd.pool import Pool
from priorauth.exchange.crd.request import Asked
from priorauth.exchange.wire import Json
from priorauth.policy.catalog import Catalog


@dataclass(slots=True)
class Item:
    """An order under a coverage on its way to an answer."""

    case: Case
    bundle: bytes = b""
    made: Determination | None = None
    rows: str = ""
    said: Said | None = None


@dataclass(slots=True)
class Held:
    """What a call is answered from: the call, what it asks, what it brought, the plan's policies, the day."""

    call: Call
    asked: Asked
    pool: Pool
    chart: Chart
    settings: Json
    catalog: Catalog
    day: date
    items: list[Item] = field(default_factory=list)
