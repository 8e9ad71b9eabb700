"""Words of a chart as FHIR: one line of a case becomes one resource, or a run of them.

The lines are listed in tests/cases/own/README.md. Whatever has no words is written as FHIR in JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

Json = dict[str, Any]

SYSTEMS: Final = {
    "icd10": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd9": "http://hl7.org/fhir/sid/icd-9-cm",
    "hcpcs": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "loinc": "http://loinc.org",
    "mdc": "urn:iso:std:iso:11073:10101",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "snomed": "http://snomed.info/sct",
    "timing": "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
}
TERMS: Final = "http://terminology.hl7.org/CodeSystem"
UCUM: Final = "http://unitsofmeasure.org"
TESTS: Final = {
    "hba1c": ("4548-4", None),
    "uacr": ("9318-7", None),
    "c-peptide": ("13037-7", None),
    "fasting-glucose": ("1558-6", None),
    "creatinine-clearance": ("2164-2", None),
    "meter": ("41653-7", None),
    "fingerstick": ("41653-7", "Glucose in capillary blood by glucometer"),
    "plasma-glucose": ("2345-7", "Glucose [Mass/volume] in Serum or Plasma"),
    "sensor": ("99504-3", None),
}
"""Names of laboratory tests and readings, each with its LOINC code and the display that stands beside it."""
PRESCRIBER: Final = {"reference": "Practitioner/endocrinologist"}
WHO: Final = {"prescriber": PRESCRIBER, "supplier": {"reference": "Organization/supplier"}}


class WordsFault(ValueError):
    """A line that is none of the words."""


def coding(code: str, display: str | None = None, default: str = "icd10") -> Json:
    """Return `system:code` as a Coding; without a system, that of the default."""
    system, _, bare = code.rpartition(":")
    made = {"system": SYSTEMS.get(system or default, system), "code": bare}
    return made if display is None else {**made, "display": display}


def concept(code: str, display: str | None = None, default: str = "icd10") -> Json:
    return {"coding": [coding(code, display, default)]}


def term(table: str, code: str) -> Json:
    return {"coding": [{"system": f"{TERMS}/{table}", "code": code}]}


def number(text: str) -> Any:
    return json.loads(text)


def quantity(value: str, unit: str) -> Json:
    return {"value": number(value), "unit": unit, "system": UCUM, "code": unit}


def moment(text: str, clock: str = "08:15", zone: str = "-05:00") -> str:
    """Return a day as an instant of that day at the usual hour; an instant as it is, with its seconds."""
    day, _, rest = text.partition("T")
    rest = rest or f"{clock}{zone}"
    return f"{day}T{rest[:5]}:00{rest[5:]}"


# ---- one line each

Made = Iterator[tuple[str, Json]]
"""Identifiers, each with the resource without its subject's name."""

DISPLAY = r'(?: "(?P<display>[^"]*)")?'
NUMBER = r"-?\d+(?:\.\d+)?"


def condition(key: str, found: Json) -> Made:
    yield (
        key,
        {
            "resourceType": "Condition", "id": key,
            "clinicalStatus": term("condition-clinical", found["clinical"] or "active"),
            "verificationStatus": term("condition-ver-status", found["verification"] or "confirmed"),
            "code": concept(found["code"], found["display"]), "subject": "member", "onsetDateTime": found["since"],
        },
    )  # fmt: skip


def result(key: str, found: Json) -> Made:
    code, display = TESTS.get(found["test"], (found["test"], None))
    made: Json = {
        "resourceType": "Observation", "id": key, "status": found["status"] or "final",
        "code": concept(code, display, "loinc"), "subject": "member",
        "effectiveDateTime": found["when"] if found["on"] == "dated" else moment(found["when"]),
        "valueQuantity": quantity(found["value"], found["unit"]),
    }  # fmt: skip
    if found["comparator"]:
        made["valueQuantity"]["comparator"] = found["comparator"]
    if found["low"]:
        made["referenceRange"] = [{"low": quantity(found["low"], found["unit"])}]
    if found["tag"]:
        context = "mdc:8417864" if found["tag"].startswith("mdc:") else "snomed:309602000"
        made["component"] = [{"code": concept(context), "valueCodeableConcept": concept(found["tag"])}]
    yield key, made


def run(key: str, found: Json) -> Made:
    """Make the readings of one day after another, the newest first: `215 x3 140 x9` are three days, then nine."""
    days: list[str] = []
    for part in found["values"].split():
        if part.startswith("x"):
            days += days[-1:] * (int(part[1:]) - 1)
        else:
            days.append(part)
    last = dt.date.fromisoformat(found["day"])
    clocks = (found["clocks"] or "08:15-05:00").split("+")
    for back, values in enumerate(days):
        day = last - dt.timedelta(days=back)
        for turn, (value, clock) in enumerate(zip(values.split("+"), clocks, strict=True)):
            name = f"{key}-{back}" if len(clocks) == 1 else f"{key}-{back}-{turn}"
            tag = found["tag"] and found["tag"].split("+")[turn if "+" in found["tag"] else 0]
            one = {**found, "on": "on", "when": f"{day}T{clock}", "value": value, "tag": tag}
            yield from result(name, {**one, "low": None, "comparator": None, "status": None})


def log(key: str, found: Json) -> Made:
    """Make fingersticks of so many days, the newest first, at the hours and about the values given (mg/dL)."""
    last = dt.date.fromisoformat(found["day"])
    for back in range(int(found["days"])):
        day = last - dt.timedelta(days=back)
        for turn, (clock, value) in enumerate(part.split() for part in found["clocks"].split(",")):
            swing = int(value) + (back * 7 + turn * 11) % 23 - 11
            one = {"test": "fingerstick", "unit": "mg/dL", "on": "on", "when": f"{day}T{clock}-05:00"}
            rest = dict.fromkeys(("status", "comparator", "low", "tag"))
            yield from result(f"{key}-{day:%m%d}-{turn + 1}", {**one, **rest, "value": str(swing)})


def note(key: str, found: Json) -> Made:
    named = f"note-{found['day']}" if key == "note" else key
    yield (
        named,
        {
            "resourceType": "DocumentReference", "id": named, "status": "current", "docStatus": "final",
            "type": concept("11506-3", "Progress note", "loinc"), "subject": "member",
            "date": moment(found["day"], "11:00"),
            "content": [{"attachment": {"contentType": "application/pdf", "title": "Progress note"}}],
        },
    )  # fmt: skip


def visits(_: str, found: Json) -> Made:
    for place, day in enumerate(found["days"].split(", "), 1):
        yield (
            f"visit-{place}",
            {
                "resourceType": "Encounter", "id": f"visit-{place}", "status": "finished",
                "class": {"system": f"{TERMS}/v3-ActCode", "code": "AMB"}, "subject": "member",
                "period": {"start": moment(day, "10:00"), "end": moment(day, "10:30")},
                "participant": [{"individual": PRESCRIBER}],
            },
        )  # fmt: skip


def stay(key: str, found: Json) -> Made:
    kind = {"stay": "IMP", "emergency": "EMER"}[found["kind"]]
    start, end = moment(found["start"], "10:00", "-04:00"), moment(found["end"], "12:00", "-04:00")
    made: Json = {
        "resourceType": "Encounter", "id": key, "status": found["status"] or "finished",
        "class": {"system": f"{TERMS}/v3-ActCode", "code": kind}, "subject": "member",
        "period": {"start": start, "end": end},
    }  # fmt: skip
    if found["code"]:
        made["reasonCode"] = [concept(found["code"], found["display"])]
    yield key, made


def injections(_: str, found: Json) -> Made:
    """Order mealtime and background insulin: four injections a day."""
    drugs = (("aspart", "51428", "insulin aspart", 3), ("glargine", "274783", "insulin glargine", 1))
    for name, code, display, times in drugs:
        repeat = {"boundsPeriod": {"start": found["since"]}, "frequency": times, "period": 1, "periodUnit": "d"}
        route = concept("34206005", "Subcutaneous route", "snomed")
        yield (
            name,
            {
                "resourceType": "MedicationRequest", "id": name, "status": "active", "intent": "order",
                "medicationCodeableConcept": concept(code, display, "rxnorm"), "subject": "member",
                "authoredOn": found["since"], "requester": PRESCRIBER,
                "dosageInstruction": [{"route": route, "timing": {"repeat": repeat}}],
            },
        )  # fmt: skip


def allergy(key: str, found: Json) -> Made:
    yield (
        key,
        {
            "resourceType": "AllergyIntolerance", "id": key,
            "clinicalStatus": term("allergyintolerance-clinical", found["clinical"] or "active"),
            "verificationStatus": term("allergyintolerance-verification", found["verification"] or "confirmed"),
            "code": concept(found["code"], found["display"], "snomed"), "patient": "member",
        },
    )  # fmt: skip


DAY = r"\d{4}-\d\d-\d\d"
LINES: Final[tuple[tuple[re.Pattern[str], Callable[[str, Json], Made]], ...]] = (
    (
        re.compile(
            rf"condition (?P<code>\S+){DISPLAY} since (?P<since>\S+)"
            r"(?: \((?P<clinical>[\w-]+)?(?:, (?P<verification>[\w-]+))?\))?"
        ),
        condition,
    ),
    (
        re.compile(
            rf"(?P<test>\S+) (?P<values>[\d.+x ]+) (?P<unit>\S+) daily back from (?P<day>{DAY})"
            r"(?: at (?P<clocks>\S+))?(?: tagged (?P<tag>\S+))?"
        ),
        run,
    ),
    (re.compile(rf"log of (?P<days>\d+) days to (?P<day>{DAY}) at (?P<clocks>\d\d:\d\d \d+(?:, \d\d:\d\d \d+)*)"), log),
    (
        re.compile(
            rf"(?P<test>\S+) (?:(?P<comparator>[<>]=?) )?(?P<value>{NUMBER}) (?P<unit>\S+) (?P<on>on|dated) "
            rf"(?P<when>\S+)(?: low (?P<low>{NUMBER}))?(?: tagged (?P<tag>\S+))?(?: \((?P<status>[\w-]+)\))?"
        ),
        result,
    ),
    (re.compile(rf"note on (?P<day>{DAY})"), note),
    (re.compile(rf"visits on (?P<days>{DAY}(?:, {DAY})*)"), visits),
    (
        re.compile(
            rf"(?P<kind>stay|emergency) (?P<start>\S+) to (?P<end>\S+)(?: for (?P<code>\S+){DISPLAY})?"
            r"(?: \((?P<status>[\w-]+)\))?"
        ),
        stay,
    ),
    (re.compile(rf"injections since (?P<since>{DAY})"), injections),
    (
        re.compile(rf"allergy to (?P<code>\S+){DISPLAY}(?: \((?P<clinical>[\w-]+)?(?:, (?P<verification>[\w-]+))?\))?"),
        allergy,
    ),
)


def spoken(key: str, line: str) -> dict[str, Json]:
    """Return the resources of one line, by identifier; raises WordsFault."""
    for pattern, make in LINES:
        if found := pattern.fullmatch(line):
            return dict(make(key, found.groupdict()))
    raise WordsFault(f"expected words of a chart (tests/cases/own/README.md), found {line!r}")


def patched(value: Any, patch: Any) -> Any:
    """Merge JSON into JSON (RFC 7396): null takes a key away, new keys stand at the end."""
    if not isinstance(patch, dict) or not isinstance(value, dict):
        return patch
    made = dict(value)
    for key, part in patch.items():
        if part is None:
            made.pop(key, None)
        else:
            made[key] = patched(made.get(key, {}) if isinstance(part, dict) else None, part)
    return made
