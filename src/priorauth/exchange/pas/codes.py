"""The addresses of Da Vinci PAS, and codes that a response is written with. Of X12 only eight action codes are used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from priorauth.exchange.plan import VERSIONS
from priorauth.exchange.wire import listed

Json = dict[str, Any]
PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
TEMP: Final = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
TERMS: Final = "http://terminology.hl7.org/CodeSystem"
ACTIONS: Final = "https://codesystem.x12.org/005010/306"
REJECTS: Final = "https://codesystem.x12.org/005010/901"
FOLLOW_UPS: Final = "https://codesystem.x12.org/005010/889"
REASONS: Final = "https://codesystem.x12.org/005010/886"
LOINC: Final = "http://loinc.org"
NPI: Final = "http://hl7.org/fhir/sid/us-npi"
TIN: Final = "http://terminology.hl7.org/NamingSystem/USEIN"
FORM: Final = "102089-0"
"""The LOINC code under which a form of the payer is asked for."""
UP_TO_SERVICE: Final = "18790-6"
"""The LOINC modifier: all data of the kind on or before the date of service."""
ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def url(name: str) -> str:
    """Return the address of an extension of PAS."""
    return f"{PAS}/extension-{name}"


def extension(name: str, kind: str, value: object) -> Json:
    """Return an extension of PAS with a value: ``extension("itemPreAuthIssueDate", "Date", ...)``."""
    return {"url": url(name), f"value{kind}": value}


def of(holder: Json, name: str) -> Json | None:
    """Return the first extension of PAS of a name that an element bears; None where it bears none."""
    return next(each(holder, name), None)


def each(holder: Json, name: str) -> Iterator[Json]:
    """Yield the extensions of PAS of a name that an element bears."""
    wanted = url(name)
    return (one for one in listed(holder, "extension") if one.get("url") == wanted)


def coded(system: str, code: str) -> Json:
    """Return a concept of one code."""
    return {"coding": [{"system": system, "code": code}]}


def has_code(concept: object, code: str) -> bool:
    """Whether a concept has a code, of whatever system."""
    return any(one.get("code") == code for one in listed(concept, "coding"))


def house(base: str) -> str:
    """Return the address of the plan, whatever the version: names of ours stand on it."""
    head, _, tail = base.rpartition("/")
    return head if tail in VERSIONS else base


def trace_system(base: str) -> str:
    """Return the system of the ids by which items are spoken of, and forms asked for."""
    return f"{house(base)}/trace"


def sequences(holder: Json, name: str) -> tuple[int, ...]:
    """Return the sequences that an element names, as of the care team or of diagnoses."""
    named = holder.get(name)
    return tuple(one for one in named if isinstance(one, int)) if isinstance(named, list) else ()
