"""Where what belongs to a form has its address: below the base of the plan that gives it out."""

from __future__ import annotations

from typing import Final

PROFILES: Final = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition"
CORE: Final = "http://hl7.org/fhir/StructureDefinition"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
UCUM: Final = "http://unitsofmeasure.org"


def questionnaire(name: str, base: str) -> str:
    """Return the canonical address of a form, without its version."""
    return f"{base}/Questionnaire/{name}"


def library(name: str, base: str) -> str:
    """Return the canonical address of a library, without its version."""
    return f"{base}/Library/{name}"


def value_set(fact: str, base: str) -> str:
    """Return the canonical address of the values that an attribute may have, without its version."""
    return f"{base}/ValueSet/{dashed(fact)}"


def code_system(fact: str, base: str) -> str:
    """Return the address of the code system of these values."""
    return f"{base}/CodeSystem/{dashed(fact)}"


def dashed(fact: str) -> str:
    """Write the name of a fact as an id of FHIR."""
    return fact.replace("_", "-")


def pinned(canonical: str, version: str) -> str:
    """Write a canonical address with its version."""
    return f"{canonical}|{version}"
