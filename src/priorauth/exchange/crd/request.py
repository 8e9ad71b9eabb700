"""A call of a hook as it came, held to CDS Hooks, to FHIR and to CRD: what cannot be read is 400, what breaks a rule of
CRD is 422. Elements that nobody here knows are let be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from priorauth.exchange.crd.options import Options, chosen
from priorauth.exchange.plan import Hook
from priorauth.exchange.wire import Fault, Json, listed

_TEXT: Final = "text"
_BUNDLE: Final = "Bundle"
_LIST: Final = "list of texts"
_NEEDED: Final[Mapping[str, Mapping[str, str]]] = {
    "order-sign": {"userId": _TEXT, "patientId": _TEXT, "draftOrders": _BUNDLE},
    "order-select": {"userId": _TEXT, "patientId": _TEXT, "selections": _LIST, "draftOrders": _BUNDLE},
    "order-dispatch": {"patientId": _TEXT},
    "appointment-book": {"userId": _TEXT, "patientId": _TEXT, "appointments": _BUNDLE},
    "encounter-start": {"userId": _TEXT, "patientId": _TEXT, "encounterId": _TEXT},
    "encounter-discharge": {"userId": _TEXT, "patientId": _TEXT, "encounterId": _TEXT},
}
"""By hook the fields of its context that have to be there."""
PRIMARY: Final = frozenset({"order-sign", "order-dispatch", "appointment-book"})
"""The hooks that are always answered with what is known of the coverage."""
MOST: Final = 50
"""How many orders one call may hold."""


class Asked(Struct, frozen=True):
    """A call of a hook: which, for whom, what it brought, and where the chart may be asked.

    ``present`` are the keys of the prefetch that hold something. ``server`` and ``token``: None where none was given.
    """

    hook: Hook
    instance: str
    patient: str
    context: Json
    prefetch: Json
    options: Options
    server: str | None
    token: str | None
    extension: Json

    @property
    def primary(self) -> bool:
        """Whether the hook is one that has to be answered."""
        return self.hook in PRIMARY


def read(body: Json, hook: Hook) -> Asked:
    """Return a call of a hook; raises Fault."""
    if body.get("hook") != hook:
        raise Fault(400, "value", f"expected hook {hook}", "hook")
    context = _object(body, "context", needed=True)
    for name, shape in _NEEDED[hook].items():
        _shaped(context.get(name), shape, f"context.{name}")
    if hook == "order-dispatch" and not dispatched(context):
        raise Fault(400, "required", "expected context.order or context.dispatchedOrders", "context.dispatchedOrders")
    server, token = _access(body)
    extension = _object(body, "extension")
    return Asked(
        hook=hook,
        instance=_shaped(body.get("hookInstance"), _TEXT, "hookInstance"),
        patient=str(context["patientId"]).rpartition("/")[2],
        context=context,
        prefetch=_prefetch(body),
        options=chosen(extension),
        server=server,
        token=token,
        extension=extension,
    )


def dispatched(context: Json) -> list[str]:
    """Return the orders that are sent out: by the first version of the hook one, by the later several."""
    several = context.get("dispatchedOrders")
    found = several if isinstance(several, list) else [context.get("order")]
    return [one for one in found if isinstance(one, str) and one]


def _object(body: Json, name: str, *, needed: bool = False) -> Json:
    value = body.get(name)
    if value is None and not needed:
        return {}
    if not isinstance(value, dict):
        raise Fault(400, "structure" if name in body else "required", f"expected {name}: an object", name)
    return value


def _shaped(value: Any, shape: str, at: str) -> str:  # noqa: ANN401 - JSON
    """See that a value has a shape; return it where it is a text."""
    if shape == _TEXT:
        fit = isinstance(value, str) and bool(value.strip())
    elif shape == _LIST:
        fit = isinstance(value, list) and all(isinstance(one, str) for one in value)
    else:
        fit = isinstance(value, dict) and value.get("resourceType") == shape
        entries = value.get("entry", []) if fit else []
        held = listed(value, "entry")
        if fit and (not isinstance(entries, list) or len(held) != len(entries)):
            raise Fault(400, "structure", f"expected {at}.entry: a list of entries", f"{at}.entry")
        for place, entry in enumerate(held):
            resource = entry.get("resource")
            if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
                where = f"{at}.entry[{place}].resource"
                raise Fault(400, "structure", f"expected {where}: a resource", where)
        if len(held) > MOST:
            raise Fault(422, "too-costly", f"expected at most {MOST} orders in one call", f"{at}.entry")
    if not fit:
        raise Fault(400, "required" if value is None else "structure", f"expected {at}: a {shape}", at)
    return value if isinstance(value, str) else ""


def _access(body: Json) -> tuple[str | None, str | None]:
    server = body.get("fhirServer")
    if server is not None and not isinstance(server, str):
        raise Fault(400, "structure", "expected fhirServer: an address", "fhirServer")
    given = _object(body, "fhirAuthorization")
    if not given:
        return server, None
    if not server:
        raise Fault(400, "required", "expected fhirServer where fhirAuthorization stands", "fhirServer")
    token = given.get("access_token")
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise Fault(400, "required", "expected fhirAuthorization.access_token", "fhirAuthorization.access_token")
    return server, token


def _prefetch(body: Json) -> Json:
    """Return what the prefetch holds: null and an OperationOutcome are as if it were not there."""
    given = _object(body, "prefetch")
    for name, value in given.items():
        if value is not None and not isinstance(value, dict):
            raise Fault(
                400, "structure", "expected a resource or null under each key of prefetch", f"prefetch.{name}"[:80]
            )
    return {name: value for name, value in given.items() if value and value.get("resourceType") != "OperationOutcome"}
