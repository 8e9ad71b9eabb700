"""The answer on an order: the very resource that came, its extensions of coverage information brought up to date.

Nothing else of it is touched. What stands there of this plan for the same coverage is replaced, all else is kept; where
nothing new would stand there, there is no action.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Final

from priorauth.exchange.crd.coverage import URL
from priorauth.exchange.crd.orders import Order
from priorauth.exchange.crd.pool import text
from priorauth.exchange.wire import Json, listed
from priorauth.fhir.references import tail

_DATED: Final = frozenset({"date", "coverage-assertion-id", "expiry-date"})
"""Parts that change from day to day, with nothing new in them."""


def action(order: Order, extensions: list[Json]) -> Json | None:
    """Return the action that writes some extensions into an order; None where nothing of them is new."""
    stands = order.resource.get("extension")
    before: list[Json] = [one for one in stands if isinstance(one, dict)] if isinstance(stands, list) else []
    news = [one for one in extensions if not any(same(one, old) for old in before)]
    if not news:
        return None
    replaced = {covered(one) for one in news}
    kept = [deepcopy(one) for one in before if one.get("url") != URL or covered(one) not in replaced]
    resource = deepcopy({key: value for key, value in order.resource.items() if key != "extension"})
    resource["extension"] = [*kept, *news]
    return {
        "type": "update",
        "description": f"Coverage information on {order.said}"[:250],
        "resource": resource,
    }


def assertions(order: Order) -> list[str]:
    """Return the ids of what was said before, as they stand on an order."""
    found = [one for one in listed(order.resource, "extension") if one.get("url") == URL]
    parts = [part for one in found for part in listed(one, "extension") if part.get("url") == "coverage-assertion-id"]
    return [said for part in parts if (said := text(part.get("valueString")))]


def covered(extension: Json) -> str:
    """Return the coverage of which an extension speaks."""
    for one in listed(extension, "extension"):
        if one.get("url") == "coverage" and isinstance(held := one.get("valueReference"), dict):
            literal = text(held.get("reference"))
            return tail(literal) or literal or text(held.get("display"))
    return ""


def same(one: Json, other: Json) -> bool:
    """Whether two extensions say the same of the same coverage, on whatever day."""
    return one.get("url") == other.get("url") == URL and covered(one) == covered(other) and _parts(one) == _parts(other)


def _parts(extension: Json) -> list[Json]:
    return [one for one in listed(extension, "extension") if one.get("url") not in {*_DATED, "coverage"}]
