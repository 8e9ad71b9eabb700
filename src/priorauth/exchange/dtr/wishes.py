"""What a call of ``$questionnaire-package`` asks for: coverages, orders, forms by name, a context, since when."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from priorauth.exchange.call import Call
from priorauth.exchange.wire import Fault, Json, listed

ORDERS: Final = frozenset({
    "Appointment", "CommunicationRequest", "DeviceRequest", "Encounter", "MedicationRequest", "NutritionOrder",
    "ServiceRequest", "SupplyRequest", "VisionPrescription",
})  # fmt: skip


class Wishes(Struct):
    """What a request asks for."""

    coverages: list[Json]
    orders: list[Json]
    names: list[str]
    context: str | None
    since: datetime | None

    @classmethod
    def read(cls, call: Call) -> Wishes:
        """Read the Parameters of a request; raises Fault where they cannot be read or ask for nothing."""
        if call.body.get("resourceType") != "Parameters":
            raise Fault(400, "structure", "expected Parameters", "resourceType")
        held: dict[str, list[tuple[int, Json]]] = {}
        for place, one in enumerate(listed(call.body, "parameter")):
            held.setdefault(str(one.get("name")), []).append((place, one))
        found = cls(
            coverages=[_resource(one, {"Coverage"}) for one in held.get("coverage", ())],
            orders=[_resource(one, ORDERS) for one in held.get("order", ())],
            names=[_text(one, "valueCanonical", "valueUri", "valueString") for one in held.get("questionnaire", ())],
            context=next((_text(one, "valueString", "valueId") for one in held.get("context", ())), None),
            since=next((_moment(one) for one in held.get("changedsince", ())), None),
        )
        if not (found.orders or found.names or found.context):
            raise Fault(400, "required", "expected an order, a questionnaire or a context", "Parameters.parameter")
        return found


def _resource(parameter: tuple[int, Json], kinds: frozenset[str] | set[str]) -> Json:
    place, one = parameter
    resource = one.get("resource")
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(resource, dict) or not isinstance(kind, str) or kind not in kinds:
        said = f"expected a resource: {', '.join(sorted(kinds))}"
        raise Fault(400, "structure", said, f"Parameters.parameter[{place}].resource")
    return resource


def _text(parameter: tuple[int, Json], *elements: str) -> str:
    place, one = parameter
    for element in elements:
        if isinstance(one.get(element), str) and one[element]:
            return str(one[element])
    raise Fault(400, "structure", f"expected {elements[0]}", f"Parameters.parameter[{place}]")


def _moment(parameter: tuple[int, Json]) -> datetime:
    said = _text(parameter, "valueInstant", "valueDateTime", "valueString")
    try:
        found = datetime.fromisoformat(said)
        if found.tzinfo is not None:
            return found
    except ValueError:
        pass
    raise Fault(
        400, "invalid", "expected an instant, with its zone", f"Parameters.parameter[{parameter[0]}].valueInstant"
    )
