"""An item of a ClaimResponse, and the item that stands beside it where something else was approved than was asked.

What the request said of the item comes back as it was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from priorauth.exchange.pas import codes
from priorauth.exchange.pas.codes import coded, extension, url
from priorauth.exchange.pas.model import Grant, Result
from priorauth.exchange.pas.parties import Supplier
from priorauth.exchange.plan import Codes, Version
from priorauth.exchange.wire import listed
from priorauth.record.codes import SYSTEMS

Json = dict[str, Any]
HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_SPELLED: Final = frozenset(SYSTEMS["hcpcs"][:3])
_SUBMITTED: Final = coded(f"{codes.TERMS}/adjudication", "submitted")
_ADDED: Final = (
    *("epsdtIndicator", "nursingHomeResidentialStatus", "nursingHomeLevelOfCare", "productOrServiceCodeEnd"),
    *("revenueUnitRateLimit", "requestedService", "serviceItemRequestType", "certificationType"),
)
"""Extensions of a claim's item that the item of a response that was added bears too."""
_LINE: Final = ("modifier", "unitPrice")


class Beside(NamedTuple):
    """What goes with an item: the claim's dates by category, its diagnoses, who is to supply it."""

    dates: dict[str, Json]
    diagnoses: tuple[Json, ...] = ()
    supplier: Supplier | None = None


class Frame:
    """What all items of a response share: the version, the plan's codes, where its ids stand, what a partner wants."""

    def __init__(self, version: Version, plan_codes: Codes, system: str | None, *, part_as_a2: bool = False) -> None:
        """Keep it."""
        self.version, self.codes, self.system, self.part_as_a2 = version, plan_codes, system, part_as_a2


def lines(
    results: Sequence[Result], notes: Sequence[str], claim: Json, suppliers: Mapping[int, Supplier], frame: Frame
) -> Json:
    """Return the items of a ClaimResponse, those that were added, and the notes to which both refer.

    ``notes`` are of the whole; ``suppliers`` are by sequence who is to supply an item.
    """
    said: list[str] = list(notes)
    made: Json = {"item": []}
    more: list[Json] = []
    dates = _supporting(claim)
    for one in results:
        first = len(said) + 1
        said += [f"Item {one.sequence}: {text}" for text in dict.fromkeys(one.notes)]
        own = {
            key: value
            for key, (sequence, value) in dates.items()
            if sequence is None or sequence in (codes.sequences(one.requested, "informationSequence") or (sequence,))
        }
        beside = Beside(own, tuple(diagnoses(claim, one)), suppliers.get(one.sequence))
        made["item"].append(item(one, range(first, len(said) + 1), beside, frame))
        if (other := added(one, beside, frame)) is not None:
            more.append(other)
    if not made["item"]:
        del made["item"]
    if more:
        made["addItem"] = more
    if said:
        made["processNote"] = [
            {"number": number, "type": "display", "text": text} for number, text in enumerate(said, 1)
        ]
    return made


def _supporting(claim: Json) -> dict[str, tuple[int | None, Json]]:
    """Return the dates of admission and discharge that a claim states, as a response says them."""
    found: dict[str, tuple[int | None, Json]] = {}
    for one in listed(claim, "supportingInfo"):
        date, period = one.get("timingDate"), one.get("timingPeriod")
        sequence = one.get("sequence") if isinstance(one.get("sequence"), int) else None
        if codes.has_code(one.get("category"), "admissionDates"):
            if isinstance(date, str):
                found["admission"] = (sequence, extension("admissionDates", "Date", date))
            elif isinstance(period, dict):
                found["admission"] = (sequence, extension("admissionDates", "Period", period))
        elif codes.has_code(one.get("category"), "dischargeDates") and isinstance(date, str):
            found["discharge"] = (sequence, extension("dischargeDate", "Date", date))
    return found


def diagnoses(claim: Json, one: Result) -> Iterator[Json]:
    """Yield the diagnoses of a claim that an item names, as extensions; all of them where it names none."""
    named = codes.sequences(one.requested, "diagnosisSequence")
    for each in listed(claim, "diagnosis"):
        said = each.get("diagnosisCodeableConcept")
        if isinstance(said, dict) and (not named or each.get("sequence") in named):
            yield extension("communicatedDiagnosis", "CodeableConcept", said)


def item(one: Result, notes: range, beside: Beside, frame: Frame) -> Json:
    """Return an item; ``notes`` are the numbers of those that are of it."""
    made: Json = {
        "extension": list(_extensions(one, beside, frame)),
        "itemSequence": one.sequence,
        "adjudication": [adjudication(one, one.action, frame.codes)],
    }
    if notes:
        made["noteNumber"] = list(notes)
    return made


def added(one: Result, beside: Beside, frame: Frame) -> Json | None:
    """Return what was approved of an item in place of what was asked; None where nothing else was."""
    if one.action != "A6" or one.grant is None:
        return None
    made: Json = {
        "extension": list(_of_added(one, one.grant, beside, frame)),
        "itemSequence": [one.sequence],
        "productOrService": _product(one, one.grant),
        "quantity": _quantity(one, one.grant.quantity),
        "adjudication": [adjudication(one, "A2" if frame.part_as_a2 else "A1", frame.codes)],
    }
    if not made["extension"]:
        del made["extension"]
    if (supplier := beside.supplier) is not None:
        made["provider"] = [supplier.reference if frame.version != "2.0" else supplier.party.reference]
    for name in _LINE:
        if one.requested.get(name):
            made[name] = one.requested[name]
    for name in ("servicedDate", "servicedPeriod", "locationCodeableConcept", "locationAddress", "locationReference"):
        if one.requested.get(name):
            made[name] = one.requested[name]
    return made


def _extensions(one: Result, beside: Beside, frame: Frame) -> Iterator[Json]:
    yield from _numbers(one, frame)
    if (when := _serviced(one.requested)) is not None:
        yield when
    if one.grant is not None and one.action != "C":
        yield from _granted(one.grant)
        if beside.supplier is not None:
            yield authorized(beside.supplier.party.reference)
        yield {"url": url("itemAuthorizedDetail"), "extension": list(_detail(one, one.grant))}
    stated = list(codes.each(one.requested, "communicatedDiagnosis"))
    yield from stated or (beside.diagnoses if one.wants else ())
    if frame.version != "2.0":
        yield from beside.dates.values()


def authorized(provider: Json) -> Json:
    """Return who is authorized, as an extension."""
    return {"url": url("itemAuthorizedProvider"), "extension": [{"url": "provider", "valueReference": provider}]}


def _of_added(one: Result, grant: Grant, beside: Beside, frame: Frame) -> Iterator[Json]:
    """Yield the extensions of an item that was added; 2.0.1 has none there."""
    if frame.version == "2.0":
        return
    yield from _numbers(one, frame)
    yield from _granted(grant)
    for name in _ADDED:
        if (said := codes.of(one.requested, name)) is not None:
            yield said
    if isinstance(revenue := one.requested.get("revenue"), dict):
        yield extension("revenueCode", "CodeableConcept", revenue)
    if isinstance(category := one.requested.get("category"), dict):
        yield extension("itemCategory", "CodeableConcept", category)
    yield from beside.dates.values()


def _numbers(one: Result, frame: Frame) -> Iterator[Json]:
    """Yield the numbers by which an item is known: theirs as they came, and ours."""
    own = {"system": frame.system, "value": one.trace}
    for theirs in codes.each(one.requested, "itemTraceNumber"):
        said = theirs.get("valueIdentifier")
        if isinstance(said, dict) and (said.get("system"), said.get("value")) != (frame.system, one.trace):
            yield theirs
    if frame.system is not None:
        yield extension("itemTraceNumber", "Identifier", own)
    if (previous := codes.of(one.requested, "authorizationNumber")) is not None:
        yield previous
    yield extension("administrationReferenceNumber", "String", one.administration)


def _granted(grant: Grant) -> Iterator[Json]:
    yield extension("itemPreAuthIssueDate", "Date", grant.issued.isoformat())
    yield extension("itemPreAuthPeriod", "Period", period(grant))


def period(grant: Grant) -> Json:
    """Return from when until when an approval is valid."""
    return {"start": grant.first.isoformat()} | ({"end": grant.last.isoformat()} if grant.last else {})


def _serviced(requested: Json) -> Json | None:
    """Return the day or days of service as they were asked."""
    if isinstance(when := requested.get("servicedDate"), str):
        return extension("itemRequestedServiceDate", "DateTime", when)
    if isinstance(when := requested.get("servicedPeriod"), dict):
        return extension("itemRequestedServiceDate", "Period", when)
    return None


def _detail(one: Result, grant: Grant) -> Iterator[Json]:
    """Yield what is authorized: the product, its modifiers and price as asked, and how many."""
    yield {"url": "productOrServiceCode", "valueCodeableConcept": _billed(_product(one, grant))}
    for modifier in listed(one.requested, "modifier"):
        yield {"url": "modifier", "valueCodeableConcept": _billed(modifier)}
    if isinstance(price := one.requested.get("unitPrice"), dict):
        yield {"url": "unitPrice", "valueMoney": price}
    yield {"url": "quantity", "valueQuantity": _quantity(one, grant.quantity)}


def _billed(concept: Json) -> Json:
    """Return a concept with the system of HCPCS spelled as the guides bind it; it is sent in several spellings."""
    codings = [
        {**one, "system": HCPCS} if str(one.get("system")).replace("https:", "http:", 1) in _SPELLED else one
        for one in listed(concept, "coding")
    ]
    return {**concept, "coding": codings} if codings else concept


def _product(one: Result, grant: Grant) -> Json:
    said = one.requested.get("productOrService")
    same = isinstance(said, dict) and (not grant.product or codes.has_code(said, grant.product))
    return said if same and isinstance(said, dict) else coded(HCPCS, grant.product)


def _quantity(one: Result, count: int) -> Json:
    """Return how many were approved, in the unit in which they were asked."""
    said = one.requested.get("quantity")
    unit = {key: said[key] for key in ("unit", "system", "code") if said.get(key)} if isinstance(said, dict) else {}
    return {"value": count, **(unit if unit.keys() & {"unit", "code"} else {"unit": "units"})}


def adjudication(one: Result, action: str, plan_codes: Codes, *, number: bool = True) -> Json:
    """Return what was done of an item; ``number``: with the number of what was approved."""
    parts: list[Json] = []
    if one.grant is not None and number:
        parts.append({"url": "number", "valueString": one.grant.number})
    if action in ("A3", "A6") and (code := plan_codes.reason.get(one.outcome)):
        parts.append({"url": "reasonCode", "valueCodeableConcept": coded(codes.REASONS, code)})
    parts.append({"url": url("reviewActionCode"), "valueCodeableConcept": coded(codes.ACTIONS, action)})
    review = {"url": url("reviewAction"), "extension": parts}
    return {"extension": [review], "category": _SUBMITTED, "reason": {"text": one.outcome}}
