"""An inquiry as it came: by which numbers, for which member, of which day and product it asks, and who asks for it.

An inquiry is an example: a Claim that looks like the one that is sought. What it does not say is no condition; a
product ``not-applicable`` is any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from priorauth.exchange.echo import Sent, SentBundle
from priorauth.exchange.pas import codes
from priorauth.exchange.pas.codes import url
from priorauth.exchange.pas.request import Malformed, entries_of, members, token
from priorauth.exchange.plan import Plan
from priorauth.exchange.wire import listed, resource_of

Json = dict[str, Any]
ANY: Final = "not-applicable"
_NUMBERS: Final = ("authorizationNumber", "administrationReferenceNumber")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ORDERS: Final = ("DeviceRequest", "ServiceRequest", "MedicationRequest")
_FIRST: Final = "Bundle.entry[0].resource"
Span = tuple[str, str]
"""From which day until which, as FHIR writes them; one that is not said is as early or as late as can be."""
ALWAYS: Final[Span] = ("0001-01-01", "9999-12-31")


@dataclass(frozen=True)
class Inquiry:
    """What is asked: ``numbers`` of ours, ``traces`` and ``names`` as ``system|value``, ids of the ``member``, NPIs."""

    data: bytes
    full_url: str
    numbers: tuple[str, ...]
    traces: tuple[str, ...]
    names: tuple[str, ...]
    members: frozenset[str]
    npis: frozenset[str]
    products: frozenset[str]
    span: Span

    @property
    def says_something(self) -> bool:
        """Whether there is anything by which to seek."""
        return bool(self.numbers or self.traces or self.names or self.members)


def read(body: Json, raw: bytes, plan: Plan) -> Inquiry:
    """Return an inquiry; raises Fault where its shape cannot be worked with."""
    bundle = resource_of(body, "Bundle")
    claim = _shape(bundle, plan)
    data = raw if bundle is body else msgspec.json.encode(bundle)
    sent = SentBundle(data, "inquiry")
    first = sent.claim("")
    holders = [claim, *listed(claim, "item")]
    traces = [token((codes.of(one, "itemTraceNumber") or {}).get("valueIdentifier")) for one in holders]
    numbers = [(codes.of(one, name) or {}).get("valueString") for one in holders for name in _NUMBERS]
    return Inquiry(
        data=data,
        full_url=first.sent_url,
        numbers=tuple(dict.fromkeys(one for one in numbers if isinstance(one, str) and one)),
        traces=tuple(dict.fromkeys(one for one in traces if one)),
        names=tuple(dict.fromkeys(one for each in listed(claim, "identifier") if (one := token(each)))),
        members=frozenset(members(sent, first)),
        npis=frozenset(providers(sent, first)),
        products=frozenset(_products(claim)),
        span=_span(claim),
    )


def _shape(bundle: Json, plan: Plan) -> Json:
    """Return the claim of an inquiry; raises Fault."""
    entries = entries_of(bundle, plan)
    for place, entry in enumerate(entries):
        held = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(held, dict) or not isinstance(held.get("resourceType"), str):
            raise Malformed([("required", "expected a resource", f"Bundle.entry[{place}].resource")])
    claim: Json = entries[0]["resource"]
    if claim["resourceType"] != "Claim":
        raise Malformed([("structure", "expected a Claim as the first entry", _FIRST)])
    if claim.get("use") != "preauthorization":
        raise Malformed([("value", "expected preauthorization", f"{_FIRST}.use")])
    if not isinstance(claim.get("patient"), dict):
        raise Malformed([("required", "expected a reference to the patient", f"{_FIRST}.patient")])
    return claim


def providers(sent: SentBundle, claim: Sent) -> Iterator[str]:
    """Yield the NPIs of who orders and who renders what a claim asks: the provider, the care team, those of orders."""
    said = [(claim.resource.get("provider"), claim)]
    said += [(one.get("provider"), claim) for one in listed(claim.resource, "careTeam")]
    for order in sent.all(*_ORDERS):
        performers = order.resource.get("performer")
        several = performers if isinstance(performers, list) else [performers]
        said += [(one, order) for one in (order.resource.get("requester"), *several)]
    for reference, owner in said:
        if (found := sent.find(reference, owner)) is not None:
            yield from _npis(sent, found)


def _npis(sent: SentBundle, party: Sent) -> Iterator[str]:
    """Yield the NPIs of a party; those of a role's person and organization."""
    for one in listed(party.resource, "identifier"):
        if one.get("system") == codes.NPI and isinstance(value := one.get("value"), str):
            yield value
    if party.kind == "PractitionerRole":
        for name in ("practitioner", "organization"):
            if (found := sent.find(party.resource.get(name), party)) is not None and found.kind != party.kind:
                yield from _npis(sent, found)


def _products(claim: Json) -> Iterator[str]:
    """Yield the codes of what is sought; none where any will do."""
    said = [list(coded(one)) for one in listed(claim, "item")]
    if all(one and ANY not in one for one in said):
        for one in said:
            yield from one


def coded(item: Json) -> Iterator[str]:
    """Yield the codes of an item's product or service."""
    for one in listed(item.get("productOrService"), "coding"):
        if isinstance(code := one.get("code"), str):
            yield code


def _span(claim: Json) -> Span:
    """Return the days that are sought: those of the items, from the first to the last."""
    found = [one for item in listed(claim, "item") if (one := served(item)) is not None]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else ALWAYS


def served(item: Json) -> Span | None:
    """Return the days on which an item is to be had; None where it says none."""
    if (day := _day(item.get("servicedDate"))) is not None:
        return day, day
    period = item.get("servicedPeriod")
    if not isinstance(period, dict):
        return None
    first, last = _day(period.get("start")), _day(period.get("end"))
    return (first or ALWAYS[0], last or ALWAYS[1]) if first or last else None


def _day(text: object) -> str | None:
    found = _DAY.match(text) if isinstance(text, str) else None
    return found[0] if found else None


__all__ = ["ALWAYS", "ANY", "Inquiry", "Span", "coded", "providers", "read", "served", "url"]
