"""A damage: what is done to a resource, and what may no longer follow from it. Made by a few short words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.record.worked import Change, Json, Worked, copied, name

Edit = Callable[[Json, Worked], Json | list[Json] | None]
"""Takes a copy of a resource; gives what stands in its place, None where there is nothing to damage."""
Changes = Callable[[Json, Worked], Iterator[Change]]
Expects = Literal["never", "void", "mention", "held"]

LOWER_AND_HIGHER: Final = (0.45, 0.65, 1.6, 2.5)
"""What a result that cannot be read may really have been, as multiples of what it was."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One line of the table.

    ``never``: nothing is approved. ``void``: what is damaged does not count; the approval must do without it.
    ``mention``: it does not count, may be anything, and ends silence. ``held``: part of it still counts; only the plain
    states that it leaves possible are held against it.
    """

    kind: str
    name: str
    types: tuple[str, ...]
    expects: Expects
    changes: Changes


def never(kind: str, what: str, types: tuple[str, ...], edit: Edit) -> Damage:
    return Damage(kind, what, types, "never", _each(edit, lambda _resource, _worked: ()))


def void(kind: str, what: str, types: tuple[str, ...], edit: Edit) -> Damage:
    return Damage(kind, what, types, "void", _each(edit, lambda _resource, _worked: ([],)))


def mention(kind: str, what: str, types: tuple[str, ...], edit: Edit) -> Damage:
    return Damage(kind, what, types, "mention", _each(edit, lambda resource, worked: ([], *others(resource, worked))))


def held(
    kind: str, what: str, types: tuple[str, ...], edit: Edit, states: Callable[[Json, Worked], tuple[list[Json], ...]]
) -> Damage:
    return Damage(kind, what, types, "held", _each(edit, states))


def _each(edit: Edit, states: Callable[[Json, Worked], tuple[list[Json], ...]]) -> Changes:
    def changes(resource: Json, worked: Worked) -> Iterator[Change]:
        made = edit(copied(resource), worked)
        if made is not None:
            yield Change(made if isinstance(made, list) else [made], states(resource, worked))

    return changes


def others(resource: Json, worked: Worked) -> tuple[list[Json], ...]:
    """Give a result as it might have been, where it settles something: it may be any other."""
    if name(resource) not in worked.evidence or not isinstance(_number(resource), int | float):
        return ()
    return tuple([times(copied(resource), factor)] for factor in LOWER_AND_HIGHER)


def _number(resource: Json) -> Any:
    return resource.get("valueQuantity", {}).get("value")


def times(resource: Json, factor: float) -> Json:
    """Multiply the result of an Observation."""
    resource["valueQuantity"]["value"] = round(resource["valueQuantity"]["value"] * factor, 2)
    return resource


# ---- edits


def put(**elements: Any) -> Edit:
    """Set elements; ``class_`` stands for class."""

    def edit(resource: Json, _worked: Worked) -> Json:
        return {**resource, **{key.rstrip("_"): value for key, value in elements.items()}}

    return edit


def out(*elements: str, **instead: Any) -> Edit:
    """Leave elements out, and set others; nothing is done where none of them is there."""

    def edit(resource: Json, _worked: Worked) -> Json | None:
        if not any(element in resource for element in elements):
            return None
        return {**{key: value for key, value in resource.items() if key not in elements}, **instead}

    return edit


def coded(element: str, code: str, system: str) -> Edit:
    """Set a CodeableConcept of FHIR's own."""
    return put(**{element: {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}})


def concept(system: str, code: str, display: str = "") -> Json:
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


def ref(reference: str) -> Json:
    return {"reference": reference}


UNKNOWN_MODIFIER: Final = [
    {"url": "https://example.org/fhir/StructureDefinition/means-the-opposite", "valueBoolean": True}
]

ICD10: Final = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
CPT: Final = "http://www.ama-assn.org/go/cpt"
UCUM: Final = "http://unitsofmeasure.org"
NPI: Final = "http://hl7.org/fhir/sid/us-npi"
LOCAL: Final = "urn:example:laboratory"

OBSERVATION: Final = ("Observation",)
CONDITION: Final = ("Condition",)


def words(code: Json) -> str:
    return str(
        code.get("text") or next((one["display"] for one in code["coding"] if one.get("display")), "a diagnosis")
    )
