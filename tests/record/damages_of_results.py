"""Damages to results and to the codes that say what something is: where a value stands, its unit, its comparator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.record.damage import (
    CONDITION,
    LOCAL,
    OBSERVATION,
    SNOMED,
    Damage,
    Edit,
    concept,
    held,
    mention,
    others,
    out,
    put,
    ref,
    void,
    words,
)
from tests.record.worked import Change, Json, Worked, copied

# ---- results


def _is(*codes: str) -> Callable[[Json], bool]:
    return lambda resource: any(one.get("code") in codes for one in resource.get("code", {}).get("coding", ()))


HBA1C: Final = _is("4548-4", "59261-8", "17856-6", "4549-2", "41995-2")
METER: Final = _is("41653-7", "99504-3", "2339-0")


def _result(change: Callable[[Json, Json], Json], of: Callable[[Json], bool] = lambda _resource: True) -> Edit:
    """Change a result: takes what is left of the Observation, and the quantity that it had."""

    def edit(resource: Json, _worked: Worked) -> Json | None:
        quantity = resource.pop("valueQuantity", None)
        return change(resource, quantity) if quantity is not None and of(resource) else None

    return edit


def _by_number(resource: Json) -> bool:
    """Say whether a result is read by its number; an antibody may be by the laboratory's own word on it."""
    return "interpretation" not in resource


def in_words(resource: Json, quantity: Json) -> Json:
    return {**resource, "valueString": f"{quantity['value']} {quantity.get('unit', '')}"}


def in_text(resource: Json, quantity: Json) -> Json:
    return {**resource, "valueCodeableConcept": {"text": f"{quantity['value']} {quantity.get('unit', '')}"}}


def in_range(resource: Json, quantity: Json) -> Json:
    plain = {key: value for key, value in quantity.items() if key != "comparator"}
    return {**resource, "valueRange": {"low": plain, "high": plain}}


def in_component(resource: Json, quantity: Json) -> Json:
    return {**resource, "component": [{"code": resource["code"], "valueQuantity": quantity}]}


def in_report(resource: Json, quantity: Json) -> Json:
    """Put the whole Observation into a report; it has no entry of its own."""
    inner = {**resource, "valueQuantity": quantity}
    return {
        "resourceType": "DiagnosticReport", "id": f"report-of-{resource['id']}", "status": "final",
        "code": {"text": "Laboratory report"}, "subject": resource["subject"],
        "effectiveDateTime": resource.get("effectiveDateTime", ""), "contained": [inner],
        "result": [ref(f"#{resource['id']}")],
    }  # fmt: skip


MOVED: Final = {"valueRange": in_range, "a component": in_component, "contained in a report": in_report}
"""Where a result may be read after all: as what it is, or not at all."""
WRITTEN: Final = {"valueString": in_words, "valueCodeableConcept.text": in_text}


def _quantity(**changes: Any) -> Callable[[Json, Json], Json]:
    """Set parts of a quantity; ``None`` leaves a part out."""

    def change(resource: Json, quantity: Json) -> Json:
        parts = {key: value for key, value in {**quantity, **changes}.items() if value is not None}
        return {**resource, "valueQuantity": parts}

    return change


UNITS: Final[dict[str, dict[str, Any]]] = {
    "unknown": {"unit": "furlong", "code": "furlong"},
    "unknown, no code": {"unit": "furlong", "code": None, "system": None},
    "against its code": {"unit": "mmol/mol", "code": "%"},
}
NO_VALUE: Final[dict[str, Any]] = {"-1": -1, "9999999": 9999999, "NaN": "NaN", "words": "see report"}


def _moved(form: Callable[[Json, Json], Json]) -> Callable[[Json, Worked], Iterator[Change]]:
    """Put another value elsewhere in the resource: it is that value, or nobody knows."""

    def changes(resource: Json, worked: Worked) -> Iterator[Change]:
        for (other,) in others(resource, worked):
            bare = copied(other)
            yield Change([form(bare, bare.pop("valueQuantity"))], ([other],), str(other["valueQuantity"]["value"]))

    return changes


def _of_results() -> Iterator[Damage]:
    row = "Observation: where the result stands"
    yield from (mention(row, what, OBSERVATION, _result(form)) for what, form in WRITTEN.items())
    yield from (Damage(row, what, OBSERVATION, "held", _moved(form)) for what, form in MOVED.items())
    yield void(row, "nowhere", OBSERVATION, out("valueQuantity"))
    absent = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "error")
    yield void(row, "absent, with its reason", OBSERVATION, out("valueQuantity", dataAbsentReason=absent))
    yield void(row, "there, with a reason why it is absent", OBSERVATION, put(dataAbsentReason=absent))
    row = "Observation: unit"
    yield from (mention(row, what, OBSERVATION, _result(_quantity(**parts))) for what, parts in UNITS.items())
    no_unit = _quantity(unit=None, code=None, system=None)
    yield mention(row, "missing", OBSERVATION, _result(no_unit, _by_number))
    row = "Observation: a value that cannot be"
    yield from (
        mention(row, what, OBSERVATION, _result(_quantity(value=one), _by_number)) for what, one in NO_VALUE.items()
    )
    for value in (999, 0, 45, 0.081):
        yield mention(row, f"HbA1c {value} %", OBSERVATION, _result(_quantity(value=value), HBA1C))
    yield mention(row, "glucose 0", OBSERVATION, _result(_quantity(value=0), METER))
    for value in (157, 400):
        change = _quantity(value=value, unit="mmol/L", code="mmol/L")
        yield mention(row, f"glucose {value} mmol/L", OBSERVATION, _result(change, METER))
    row = "Observation: comparator"
    yield mention(row, "unknown", OBSERVATION, _result(_quantity(comparator="~")))
    yield held(row, "<", OBSERVATION, _result(_quantity(comparator="<")), lambda r, w: others(r, w)[:2])
    yield held(row, ">", OBSERVATION, _result(_quantity(comparator=">")), lambda r, w: others(r, w)[2:])


def _of_codes() -> Iterator[Damage]:
    row = "Observation: code"
    hba1c = "Hemoglobin A1c/Hemoglobin.total in Blood"
    codes = {
        "in words": {"text": hba1c},
        "of the laboratory": concept(LOCAL, "GHB", hba1c),
        "of no system": {"coding": [{"code": "A1C", "display": "Hemoglobin A1c"}]},
        "of SNOMED CT": concept(SNOMED, "43396009", "Hemoglobin A1c measurement"),
    }
    for what, code in codes.items():
        yield mention(row, f"HbA1c {what}", OBSERVATION, _recoded(code))
    yield void(row, "words of nothing", OBSERVATION, put(code={"text": "see report"}))
    row = "Condition: code"
    yield void(row, "in words", CONDITION, lambda r, _w: {**r, "code": {"text": words(r["code"])}})
    yield void(row, "of another system", CONDITION, _elsewhere("code"))
    yield void(row, "missing", CONDITION, out("code"))
    row = "DeviceRequest: code"
    order = ("DeviceRequest",)
    yield void(row, "in words", order, lambda r, _w: {**r, "codeCodeableConcept": {"text": "insulin pump"}})
    yield void(row, "of another system", order, _elsewhere("codeCodeableConcept"))


def _recoded(code: Json) -> Edit:
    return lambda resource, _worked: {**resource, "code": code} if HBA1C(resource) else None


def _elsewhere(element: str) -> Edit:
    """Give the codes of an element to a system of nobody."""

    def edit(resource: Json, _worked: Worked) -> Json | None:
        if element not in resource:
            return None
        codings = [{**one, "system": LOCAL} for one in resource[element]["coding"]]
        return {**resource, element: {**resource[element], "coding": codings}}

    return edit


RESULTS: Final[tuple[Damage, ...]] = (*_of_results(), *_of_codes())
