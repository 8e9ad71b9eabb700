"""A request as it came: whether its shape is one that can be worked with, and what it says of itself.

What cannot be read is refused with the FHIRPath of every place. What is only not as the guide wants it (a reference
that leads nowhere, an extension that is missing) is noted, and worked with: nothing optional is ever needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from priorauth.exchange.echo import Sent, SentBundle
from priorauth.exchange.pas import codes
from priorauth.exchange.pas.codes import url
from priorauth.exchange.plan import Plan, Version
from priorauth.exchange.wire import Fault, issue, listed, outcome, resource_of

Json = dict[str, Any]
CANCEL: Final = "3"
"""X12 1322, as the guides' own examples use it: cancel."""
MEMBER: Final = "MB"
MOST_NOTED: Final = 5
"""How many references that lead nowhere are named; more are counted."""
_OBJECTS: Final = ("patient", "provider", "insurer")
_WANTED: Final = {"serviceItemRequestType": "requestType", "certificationType": "certificationType"}


class Malformed(Fault):
    """A Bundle that cannot be worked with; each fault with the FHIRPath of its place."""

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        """Keep the faults: code, what is said, where."""
        super().__init__(400, faults[0][0], faults[0][1], faults[0][2])
        self.faults = faults

    def outcome(self) -> Json:
        """Return the OperationOutcome: an issue for each fault."""
        return outcome(*(issue("error", code, said, *([at] if at else [])) for code, said, at in self.faults))


@dataclass(frozen=True)
class Line:
    """An item of the claim: its sequence, what was said of it, whether it is changed, whether it is taken back."""

    sequence: int
    item: Json
    changed: bool
    cancelled: bool


@dataclass(frozen=True)
class Asked:
    """A request that can be worked with.

    ``data`` are the bytes of its Bundle; ``related`` is the claim that it follows on, as it is referred to, and
    ``prior`` that claim where it is in the Bundle. ``members`` are the ids by which the member is known, ``numbers``
    those of ours that are stated, ``names`` what the claim is called by who asks, all as ``system|value``.
    """

    data: bytes
    bundle: Json
    claim: Json
    full_url: str
    lines: tuple[Line, ...]
    cancels: bool
    related: Json | None
    prior: Sent | None
    members: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def envelope(self) -> str | None:
        """What the Bundle is called by who asks."""
        return token(self.bundle.get("identifier"))


def read(body: Json, raw: bytes, plan: Plan, version: Version) -> Asked:
    """Return a request; raises Fault where its shape cannot be worked with."""
    bundle = resource_of(body, "Bundle")
    claim = _shape(bundle, plan)
    data = raw if bundle is body else msgspec.json.encode(bundle)
    sent = SentBundle(data, "request")
    first = sent.claim("")
    related = next((one for one in listed(claim, "related") if one), None)
    prior = None if related is None else sent.find(related.get("claim"), first)
    lines = tuple(_lines(claim))
    whole = codes.has_code((codes.of(claim, "certificationType") or {}).get("valueCodeableConcept"), CANCEL)
    return Asked(
        data=data,
        bundle=bundle,
        claim=claim,
        full_url=first.sent_url,
        lines=lines,
        cancels=whole or (bool(lines) and all(one.cancelled for one in lines)),
        related=related,
        prior=prior,
        members=tuple(dict.fromkeys(members(sent, first))),
        names=tuple(dict.fromkeys(found for one in listed(claim, "identifier") if (found := token(one)))),
        numbers=tuple(dict.fromkeys(_numbers(claim, prior.resource if prior is not None else {}))),
        notes=tuple(_notes(bundle, claim, sent, version)),
    )


def token(identifier: object) -> str | None:
    """Return an identifier as ``system|value``; None where it has no value."""
    if not isinstance(identifier, dict) or not isinstance(identifier.get("value"), str):
        return None
    system = identifier.get("system")
    return f"{system if isinstance(system, str) else ''}|{identifier['value']}"


# ---- the shape


def entries_of(bundle: Json, plan: Plan) -> list[Any]:
    """Return the entries of what was sent, whatever they are; raises Malformed, or Fault where they are too many."""
    if bundle.get("type") != "collection":
        raise Malformed([("value", "expected collection", "Bundle.type")])
    entries = bundle.get("entry")
    if not isinstance(entries, list) or not entries:
        raise Malformed([("required", "expected entries, a Claim the first of them", "Bundle.entry")])
    if len(entries) > plan.most_entries:
        raise Fault(413, "too-long", f"expected at most {plan.most_entries:,} entries", "Bundle.entry")
    return entries


def _shape(bundle: Json, plan: Plan) -> Json:
    """Return the claim of a Bundle; raises Malformed."""
    entries = entries_of(bundle, plan)
    faults = list(_entries(entries))
    if faults:
        raise Malformed(faults)
    claim: Json = entries[0]["resource"]
    if faults := list(_claim(claim, entries)):
        raise Malformed(faults)
    return claim


def _entries(entries: list[Any]) -> Iterator[tuple[str, str, str]]:
    seen: Counter[str] = Counter()
    for place, entry in enumerate(entries):
        at = f"Bundle.entry[{place}]"
        if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
            yield "required", "expected a resource", f"{at}.resource"
            continue
        kind = entry["resource"].get("resourceType")
        if not isinstance(kind, str) or not kind:
            yield "required", "expected the type of the resource", f"{at}.resource.resourceType"
        if place == 0 and kind != "Claim":
            yield "structure", "expected a Claim as the first entry", f"{at}.resource"
        known = entry.get("fullUrl")
        if known is not None and not isinstance(known, str):
            yield "structure", "expected a URL", f"{at}.fullUrl"
        elif known:
            seen[known] += 1
            if seen[known] > 1:
                yield "duplicate", "expected each resource once", f"{at}.fullUrl"


_FIRST: Final = "Bundle.entry[0].resource"


def _claim(claim: Json, entries: list[Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what a claim lacks without which nothing can be asked."""
    if claim.get("use") != "preauthorization":
        yield "value", "expected preauthorization", f"{_FIRST}.use"
    if claim.get("status") != "active":
        yield "value", "expected active", f"{_FIRST}.status"
    if not isinstance(claim.get("created"), str):
        yield "required", "expected a date", f"{_FIRST}.created"
    if not isinstance(claim.get("patient"), dict):
        yield "required", "expected a reference to the patient", f"{_FIRST}.patient"
    for name in _OBJECTS:
        if name in claim and not isinstance(claim[name], dict):
            yield "structure", "expected a reference", f"{_FIRST}.{name}"
    if not any(isinstance(one.get("coverage"), dict) for one in listed(claim, "insurance")):
        yield "required", "expected a coverage", f"{_FIRST}.insurance"
    items = claim.get("item")
    if not isinstance(items, list) or not items:
        yield "required", "expected at least one item", f"{_FIRST}.item"
    else:
        yield from _items(items)
    yield from _once(claim.get("supportingInfo"), f"{_FIRST}.supportingInfo")
    related = {
        str(one["claim"].get("reference", "")).rpartition("/")[2]
        for entry in entries
        if entry["resource"].get("resourceType") == "Claim"
        for one in listed(entry["resource"], "related")
        if isinstance(one.get("claim"), dict)
    }
    for place, entry in enumerate(entries[1:], 1):
        its = entry["resource"]
        if its.get("resourceType") == "Claim" and not {str(its.get("id")), _tail(entry.get("fullUrl"))} & related:
            yield "business-rule", "expected one Claim, and that which it follows on", f"Bundle.entry[{place}].resource"


def _tail(full_url: object) -> str:
    return str(full_url or "").rpartition("/")[2]


def _items(items: list[Any]) -> Iterator[tuple[str, str, str]]:
    for place, one in enumerate(items):
        at = f"{_FIRST}.item[{place}]"
        if not isinstance(one, dict):
            yield "structure", "expected an item", at
        elif not isinstance(one.get("productOrService"), dict):
            yield "required", "expected a product or service", f"{at}.productOrService"
    yield from _once(items, f"{_FIRST}.item")


def _once(rows: object, at: str) -> Iterator[tuple[str, str, str]]:
    """Yield each row whose sequence is none, or is that of a row before it."""
    seen: set[object] = set()
    for place, one in enumerate(rows if isinstance(rows, list) else ()):
        sequence = one.get("sequence") if isinstance(one, dict) else None
        if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 1:
            yield "value", "expected a number from 1", f"{at}[{place}].sequence"
            continue
        if sequence in seen:
            yield "duplicate", "expected each sequence once", f"{at}[{place}].sequence"
        seen.add(sequence)


# ---- what it says of itself


def _lines(claim: Json) -> Iterator[Line]:
    """Yield the items in the order of their sequence."""
    moved = {
        int(one["sequence"])
        for one in listed(claim, "supportingInfo")
        if codes.of(one, "infoChanged") is not None or _is_cancelled(one)
    }
    for item in sorted(listed(claim, "item"), key=lambda one: int(one["sequence"])):
        rests = moved & set(codes.sequences(item, "informationSequence"))
        certification = (codes.of(item, "certificationType") or {}).get("valueCodeableConcept")
        yield Line(
            int(item["sequence"]),
            item,
            codes.of(item, "infoChanged") is not None or bool(rests),
            _is_cancelled(item) or codes.has_code(certification, CANCEL),
        )


def _is_cancelled(row: Json) -> bool:
    wanted = f"{codes.PAS}/modifierextension-infoCancelled"
    return any(
        one.get("url") == wanted and one.get("valueBoolean") is not False for one in listed(row, "modifierExtension")
    )


def members(sent: SentBundle, claim: Sent) -> Iterator[str]:
    """Yield the ids by which the member of a claim is known: of the plan, on her coverage and on herself."""
    patient = sent.find(claim.resource.get("patient"), claim)
    covers = [sent.find(one.get("coverage"), claim) for one in listed(claim.resource, "insurance")]
    for holder in (*covers, patient):
        if holder is None or holder.kind not in ("Coverage", "Patient"):
            continue
        for one in listed(holder.resource, "identifier"):
            said = token(one)
            if said is not None and (holder.kind == "Coverage" or _of_member(one)):
                yield said
        if isinstance(number := holder.resource.get("subscriberId"), str) and number:
            yield f"|{number}"


def _of_member(identifier: Json) -> bool:
    """Whether an identifier of a patient is that of a member; one of no kind may be."""
    kind = identifier.get("type")
    return not kind or codes.has_code(kind, MEMBER)


def _numbers(*claims: Json) -> Iterator[str]:
    """Yield the numbers of ours that claims state of themselves and of their items."""
    for claim in claims:
        for holder in (claim, *listed(claim, "item")):
            for name in ("authorizationNumber", "administrationReferenceNumber"):
                value = (codes.of(holder, name) or {}).get("valueString")
                if isinstance(value, str) and value:
                    yield value
        for related in listed(claim, "related"):
            if isinstance(said := related.get("reference"), dict) and isinstance(said.get("value"), str):
                yield said["value"]


# ---- what is noted


def _notes(bundle: Json, claim: Json, sent: SentBundle, version: Version) -> Iterator[str]:
    """Yield what is not as the guide has it, and is worked with."""
    del version
    for name in ("identifier", "timestamp"):
        if not bundle.get(name):
            yield f"Bundle.{name} is missing"
    if not listed(claim, "identifier"):
        yield "Claim.identifier is missing"
    for name in ("provider", "insurer", "priority", "type"):
        if not claim.get(name):
            yield f"Claim.{name} is missing"
    for line in _lines(claim):
        if lacking := [name for key, name in _WANTED.items() if codes.of(line.item, key) is None]:
            yield f"Item {line.sequence}: {' and '.join(lacking)} is missing"
    nowhere = list(dict.fromkeys(_unresolved(sent)))
    if nowhere:
        more = len(nowhere) - MOST_NOTED
        named = ", ".join(nowhere[:MOST_NOTED]) + (f" and {more} more" if more > 0 else "")
        yield f"References that are not in the Bundle: {named}"


def _unresolved(sent: SentBundle) -> Iterator[str]:
    """Yield the literal references of a Bundle that lead nowhere in it."""
    for owner in sent.all(*_KINDS):
        for reference in _references(owner.resource):
            if sent.find({"reference": reference}, owner) is None:
                yield reference[:120]


_KINDS: Final = ("Claim", "Coverage", "PractitionerRole", "Encounter", "DeviceRequest", "ServiceRequest")
"""Of which resources the references are followed to note what is missing: those that an answer is made of."""


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401  # JSON
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        if isinstance(literal := value.get("reference"), str) and literal:
            yield literal
        for key, one in value.items():
            if key != "reference" and isinstance(one, (dict, list)):
                yield from _references(one)


__all__ = ["Asked", "Line", "Malformed", "members", "read", "token", "url"]
