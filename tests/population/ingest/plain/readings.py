"""Odd and ordinary readings of a meter, as the text of a line: element by element, each with what may be odd of it."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"


def _json(value: Any) -> str:  # JSON
    return json.dumps(value)


def _coded(*codes: str, system: str = LOINC, **more: Any) -> str:  # JSON
    return _json({"coding": [{"system": system, "code": code, **more} for code in codes]})


def _meal(code: str, tag: str = "309602000", **more: Any) -> dict[str, Any]:  # JSON
    return {
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": tag}]},
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
        **more,
    }


def _quantity(value: str, unit: str = "mg/dL", more: str = "") -> str:
    return f'{{"value":{value},"unit":"{unit}","system":"{UCUM}","code":"{unit}"{more}}}'


USUAL: Final[dict[str, tuple[str, ...]]] = {
    "resourceType": ('"Observation"',),
    "status": ('"final"', '"amended"', '"corrected"', '"entered-in-error"', '"cancelled"'),
    "code": (_coded("41653-7"), _coded("14743-9", display="Glucose"), _coded("2340-8", "41653-7")),
    "subject": ('{"reference":"Patient/p1"}', '{"reference": "Patient/p1", "display": "Anna \\u00e9 O\'Neil"}'),
    "effectiveDateTime": (
        '"2026-10-02T06:41:09-05:00"', '"2026-10-02T11:41:00Z"', '"2026-10-02T23:59:59-05:00"', '"2026-10-03"',
        '"2026-10-03T07:00:00+13:59"', '"2024-02-29T02:30:00-05:00"', '"1969-12-31T03:00:00+00:00"',
    ),
    "valueQuantity": (
        *(_quantity(value) for value in ("120", "61", "61.5", "54.0", "69.5", "70")), _quantity("3.4", "mmol/L"),
        _quantity("6.7", "mmol/L"), '{"value":99,"unit":"mg/dL"}',
    ),
}  # fmt: skip
"""What a plain reading is made of."""

BESIDE: Final[dict[str, tuple[str, ...]]] = {
    "component": (
        "[]", *(_json([_meal(code)]) for code in ("307165006", "8417876", "8417872", "ACD", "nothing")),
        _json([_meal("307165006"), _meal("8417872")]), _json([_meal("8417860")]),
    ),
    "meta": ('{"versionId":"2","lastUpdated":"2026-10-02T06:41:09Z"}', "{}", '{"profile":["a"],"source":"#b"}'),
    "category": (_json([{"coding": [{"code": "laboratory"}]}]),),
    "device": ('{"reference":"Device/1"}',),
    "text": (_json({"div": 'a "quoted" <b>\t\\ü</b> ' + "ü" * 3}), '{"div":"ü µ 日"}'),
    "note": ('[1, 2.5, -0.25, true, false, null, {}, [], [[{}]], ""]',),
    "extension": ('[{"url":"a","valueCode":"b"}]',),
    "issued": ('"2026-10-04T06:41:09Z"', '"some day"', '""'),
    "interpretation": ('[{"coding":[{"code":"POS"}],"text":"low"}]', "[]"),
    "referenceRange": ('[{"low":{"value":70},"type":{"coding":[{"code":"normal"}]}}]', "[]"),
}  # fmt: skip
"""What may stand beside it and changes nothing, or only the meal."""

ODD: Final[dict[str, tuple[str, ...]]] = {
    "resourceType": ('"Observations"', '"Condition"', "7", '"\\u004fbservation"'),
    "status": ('"preliminary"', '"registered"', '"unknown"', '"Final"', '""', "null", "5", '"\\u0066inal"'),
    "code": (
        _coded("41653-7", system="urn:x"), _coded("4548-4"), _coded("41653-7", "4548-4"), _coded("x", "41653-7"),
        '{"coding":[{"system":"http:\\/\\/loinc.org","code":"\\u00341653-7"}]}', '{"text":"glucose by meter"}',
        "null", "[]", '{"coding":[{"system":"http://loinc.org","code":"41653-7","display":5}]}', _coded("2345-7"),
        '{"coding":[{"system":1,"system":"http://loinc.org","code":"41653-7"}]}', _coded("99504-3"),
    ),
    "subject": (
        '{"reference":"Patient/p2"}', '{"reference":"https://a.example/fhir/Patient/p1"}', '{"reference":"Group/1"}',
        '{"reference":"Patient/p1/_history/2"}', '{"reference":"Patient/p1","identifier":{"system":"a","value":"b"}}',
        '{"identifier":{"system":"a","value":"b"}}', "null", "{}", "[]", '{"reference":5}', '{"reference":"#p"}',
    ),
    "effectiveDateTime": (
        '"2026-10-02T06:41:09"', '"2026-10"', '"2026"', '"2026-02-29"', '"2026-13-01T00:00:00Z"',
        '"2026-10-02T24:00:00Z"',
        '"2026-10-02T06:41:60Z"', '"2026-10-02T06:41:09.5Z"', '"2026-10-02T06:41Z"', '"2026-10-02T06:41:09+14:00"',
        '"0001-01-01"', '"9999-12-31T00:00:00Z"', '"1900-01-01"', '"yesterday"', '""', "null", "20261002",
        '"2026-10-02T06:41:09-5:000"', '"2026-10-02t06:41:09Z"', '"2026\\u002d10-02"',
    ),
    "valueQuantity": (
        _quantity('"120"'), _quantity("1.2e2"), _quantity("1e400"), _quantity("120.000000000000000000000001"),
        _quantity("69.4999999999999999999999999"), _quantity("-120"), _quantity("0"), _quantity("1e25"),
        _quantity("123456789012345678901234567890"), _quantity("null"), _quantity("7", "mL"), _quantity("NaN"),
        _quantity("7", more=',"comparator":"<"'), _quantity("7", more=',"unit":"mmol/L"'), "null", "{}", "[]", "7",
        '{"value":7,"unit":"mmol/L","code":"mg/dL"}', '{"value":120}', '{"value":0120,"unit":"mg/dL"}',
        '{"value":120,"value":60,"unit":"mg/dL"}', '{"value":"x","value":60,"unit":"mg/dL"}',
    ),
    "component": (
        _json([_meal("307165006", modifierExtension=[{"url": "a"}])]), "null", "{}", "[1]",
        _json([{**_meal("x"), "valueCodeableConcept": {"text": "Control Solution"}}]),
        _json([{"code": {"coding": [{"system": LOINC, "code": "99504-3"}]}, "valueQuantity": {"value": 5}}]),
    ),
    "meta": ('{"versionId":2}', '{"lastUpdated":null}', "null", "[]", '{"versionId":1,"versionId":"2"}'),
    "implicitRules": ('"a"', "null"),
    "modifierExtension": ('[{"url":"http://x.example/not"}]', "[]"),
    "contained": ('[{"resourceType":"Specimen","id":"s"}]', "[]"),
    "identifier": ('[{"system":"a","value":"b"}]',),
    "focus": ('[{"reference":"Patient/p1"}]', '[{"reference":"Device/1"}]'),
    "effectiveInstant": ('"2026-10-04T06:41:09Z"',),
    "effectivePeriod": ('{"start":"2026-10-04"}',),
    "issued": ("5", "null"),
    "valueString": ('"120"', '"severe hypoglycemia"'),
    "valueCodeableConcept": ('{"text":"low"}',),
    "valueInteger": ("5",),
    "valueSampledData": ('{"origin":{"value":0}}', "null"),
    "dataAbsentReason": ('{"text":"unknown"}',),
    "interpretation": ("null", '{"text":"low"}', '[{"coding":5}]'),
    "referenceRange": ("null", '[{"low":70}]', '[{"low":{"value":"x"}}]'),
    "specimen": ('{"reference":"Specimen/1"}', '{"display":"blood"}'),
    "patient": ('{"reference":"Patient/p2"}', "5"),
    "note": (
        "[01]", "[1.]", "[+1]", "[1e5]", "[NaN]", "[tru]", "[,]", "[1,]", '{"a":}', '{"a" 1}', '["\\x"]',
        '["\\ud800"]', "{", "[" * 60 + "]" * 60,
    ),
}  # fmt: skip
"""What makes a reading more than plain, or no reading at all."""
IDS: Final = ('"a1"', '"a2"', '"B.3-x"', '"' + "i" * 64 + '"')
ODD_IDS: Final = ('"a1"', '""', '"a b"', '"' + "i" * 65 + '"', '"a/1"', "5", "null", '"\\u0061"')
ENDS: Final = ("", " ", "\r", "}", ",", " x", "\t")

Pairs = list[tuple[str, str]]


def written(pairs: Pairs, space: str = "", end: str = "") -> str:
    """Write elements as a line: without anything between, or with spaces wherever they may stand."""
    inner = f",{space}".join(f'"{name}"{space}:{space}{value}{space}' for name, value in pairs)
    return f"{space}{{{space}{inner}}}{end}"


@st.composite
def usual(draw: st.DrawFn, number: int) -> Pairs:
    """Draw the elements of a plain reading, in any order."""
    pairs = [("id", f'"r{number}"'), *((name, draw(st.sampled_from(values))) for name, values in USUAL.items())]
    more = draw(st.lists(st.sampled_from(sorted(BESIDE)), max_size=3, unique=True))
    pairs += [(name, draw(st.sampled_from(BESIDE[name]))) for name in more]
    return list(draw(st.permutations(pairs)))


@st.composite
def line(draw: st.DrawFn, number: int = 0) -> bytes:
    """Draw a line: mostly a plain reading, else one with an element that is odd, missing, or there twice."""
    pairs = draw(usual(number))
    kind = draw(st.sampled_from(("plain", "plain", "plain", "odd", "odd", "without", "twice", "id", "end")))
    end = ""
    if kind == "odd":
        name = draw(st.sampled_from(sorted(ODD)))
        pairs = [*(pair for pair in pairs if pair[0] != name), (name, draw(st.sampled_from(ODD[name])))]
    elif kind == "without":
        pairs.pop(draw(st.integers(0, len(pairs) - 1)))
    elif kind == "twice":
        name = draw(st.sampled_from(sorted(USUAL)))
        pairs.insert(draw(st.integers(0, len(pairs))), (name, draw(st.sampled_from(USUAL[name] + ODD[name]))))
    elif kind == "id":
        pairs = [*(pair for pair in pairs if pair[0] != "id"), ("id", draw(st.sampled_from(IDS + ODD_IDS)))]
    elif kind == "end":
        end = draw(st.sampled_from(ENDS))
    return written(pairs, draw(st.sampled_from(("", "", " ", "  "))), end).encode()


MORE: Final[tuple[str, ...]] = (
    ('{"resourceType":"DiagnosticReport","id":"d1","status":"final","subject":{"reference":"Patient/p1"},'
    '"code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"result":[{"reference":"Observation/r0"}]}'),
    ('{"resourceType":"Observation","id":"c1","status":"final","subject":{"reference":"Patient/p1"},'
    '"code":{"coding":[{"system":"http://loinc.org","code":"99504-3"}]},"effectiveDateTime":"2026-10-02T06:40:00-05:00",'
    '"valueQuantity":{"value":60,"unit":"mg/dL"}}'),
    ('{"resourceType":"Condition","id":"h1","subject":{"reference":"Patient/p1"},"onsetDateTime":"2026-10-02",'
    '"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E10.649"}]}}'),
    ('{"resourceType":"Observation","id":"f1","status":"final","subject":{"reference":"Patient/p1"},'
    '"code":{"coding":[{"system":"http://loinc.org","code":"1558-6"}]},"effectiveDateTime":"2026-10-02",'
    '"valueQuantity":{"value":110,"unit":"mg/dL"}}'),
    ('{"resourceType":"Observation","id":"q1","status":"preliminary","subject":{"reference":"Patient/p1"},'
    '"code":{"coding":[{"system":"http://loinc.org","code":"41653-7"}]},"effectiveDateTime":"2026-10-02T06:41:09-05:00",'
    '"valueQuantity":{"value":120,"unit":"mg/dL"}}'),
    ('{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/p1"},'
    '"code":{"coding":[{"system":"http://loinc.org","code":"4548-4"}]},"effectiveDateTime":"2026-10-02",'
    '"valueQuantity":{"value":8.1,"unit":"%"}}'),
    '{"resourceType":"Patient","id":"p1","birthDate":"1980-01-01","gender":"female","meta":{"versionId":"2"}}',
    ('{"resourceType":"Coverage","id":"v1","status":"active","beneficiary":{"reference":"Patient/p1"},'
    '"payor":[{"display":"x"}]}'),
)  # fmt: skip
"""What may stand beside readings and look at them, or seem to."""
