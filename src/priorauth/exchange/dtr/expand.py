"""``ValueSet/$expand``: the values that a question of a form may be answered with."""

from __future__ import annotations

from typing import Any

from priorauth.exchange.call import Call, Told
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.export import values
from priorauth.ledger import runs


def expand(call: Call) -> Told:
    """Answer ``ValueSet/$expand`` for a ValueSet of a form, by its address, or for one that is sent with its codes."""
    sent = _sent(call.body)
    url = _url(call)
    if sent is not None and url is None:
        held = [one for one in (sent.get("url"),) if isinstance(one, str)]
        url = held[0] if held else None
    catalog = runs.catalog(call.settings)
    fact = None if url is None else values.named(_whole(url, call), catalog.vocabulary, call.fhir)
    if fact is None:
        if url is None:
            raise Fault(400, "required", "expected url, or a valueSet that names its own", "Parameters.parameter")
        raise Fault(404, "not-found", "no ValueSet of that address and version is given out here", "url")
    made = values.of_fact(fact, call.fhir, call.now.date().isoformat())
    return Told(_narrowed(made, call))


def _sent(body: Json) -> Json | None:
    """Return the ValueSet that a request holds, bare or in Parameters."""
    if body.get("resourceType") == "ValueSet":
        return body
    for one in listed(body, "parameter"):
        held = one.get("resource")
        if one.get("name") == "valueSet" and isinstance(held, dict):
            return held
    return None


def _value(call: Call, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return a parameter, from the address or from the Parameters of the body."""
    if name in call.query:
        return call.query[name]
    for one in listed(call.body, "parameter"):
        if one.get("name") == name:
            return next((value for key, value in one.items() if key.startswith("value")), None)
    return None


def _url(call: Call) -> str | None:
    found = _value(call, "url")
    return found if isinstance(found, str) and found else None


def _whole(url: str, call: Call) -> str:
    """Return an address with the version that is asked for beside it."""
    version = _value(call, "valueSetVersion")
    return f"{url}|{version}" if isinstance(version, str) and version and "|" not in url else url


def _narrowed(made: Json, call: Call) -> Json:
    """Return an expansion narrowed by ``filter``, ``offset`` and ``count``."""
    expansion = made["expansion"]
    said = _value(call, "filter")
    contains = expansion["contains"]
    if isinstance(said, str) and said:
        contains = [one for one in contains if said.casefold() in f"{one['code']} {one['display']}".casefold()]
        expansion["total"] = len(contains)
    offset, count = _number(_value(call, "offset")), _number(_value(call, "count"))
    if offset is not None:
        expansion["offset"] = offset
        contains = contains[offset:]
    expansion["contains"] = contains if count is None else contains[:count]
    return made


def _number(value: Any) -> int | None:  # noqa: ANN401 - JSON
    if value is None:
        return None
    try:
        found = int(value)
    except (TypeError, ValueError):
        found = -1
    if found < 0:
        raise Fault(400, "invalid", "expected a whole number of at least zero", "Parameters.parameter")
    return found
