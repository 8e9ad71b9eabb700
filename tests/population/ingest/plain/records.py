"""Laboratory results and visits as lines, usual and odd, and what may stand beside them and look at them."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.population.ingest.plain.readings import BESIDE, ENDS, IDS, ODD, ODD_IDS, USUAL, Pairs, written

UCUM: Final = "http://unitsofmeasure.org"


def _loinc(code: str) -> str:
    return f'{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}'


def _of(value: str, unit: str) -> str:
    return f'{{"value":{value},"unit":"{unit}","system":"{UCUM}","code":"{unit}"}}'


RESULTS: Final[dict[str, tuple[str, ...]]] = {
    "4548-4": (_of("8.1", "%"), _of("7.0499999", "%"), _of("53", "mmol/mol"), '{"value":7.5,"unit":"%"}'),
    "59261-8": (_of("64", "mmol/mol"), _of("48", "mmol/mol")),
    "9318-7": (_of("30", "mg/g"), _of("3.4", "mg/mmol"), '{"value":299.95,"unit":"mg/g{creat}"}'),
    "29463-7": (_of("81.25", "kg"), _of("180", "[lb_av]"), _of("64", "kg")),
    "2160-0": (_of("0.95", "mg/dL"), _of("88", "umol/L"), _of("1.4", "mg/dL")),
}
"""Usual values by code."""
NOT_USUAL: Final = (
    *(_of(value, "%") for value in ("0", "200", '"8.1"', "-1", "8.1e0")), _of("8.1", "kPa"), "{}", "null",
    '{"value":8.1}', '{"value":8.1,"unit":"%","comparator":">"}', '{"value":8.1,"unit":"mmol/mol","code":"%"}',
)  # fmt: skip

VISIT: Final[dict[str, tuple[str, ...]]] = {
    "resourceType": ('"Encounter"',),
    "status": ('"finished"', '"finished"', '"in-progress"', '"cancelled"', '"entered-in-error"'),
    "class": ('{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}', '{"code":"VR"}', "{}"),
    "subject": USUAL["subject"],
    "period": (
        '{"start":"2026-03-06T12:46:00-05:00","end":"2026-03-06T13:26:00-05:00"}', '{"start":"2026-11-01"}', "{}",
        '{"start":"2026-10-06","end":"2026-10-06T00:10:00Z"}', '{"end":"2026-11-18T23:59:59+13:00"}',
    ),
}  # fmt: skip
VISIT_BESIDE: Final[dict[str, tuple[str, ...]]] = {
    "type": ('[{"coding":[{"system":"http://snomed.info/sct","code":"185349003"}]}]', "[]", '[{"text":"Office"}]'),
    "participant": (
        '[{"individual":{"reference":"Practitioner/d1"}}]', "[]",
        '[{"individual":{"reference":"PractitionerRole/r1"}},{"individual":{"reference":"Practitioner/d2"}}]',
    ),
    "serviceProvider": ('{"reference":"Organization/o1"}', '{"reference":"Organization/o2","display":"B"}'),
    "meta": BESIDE["meta"],
    "text": BESIDE["text"],
    "identifier": ('[{"system":"a","value":"b"}]',),
}  # fmt: skip
VISIT_ODD: Final[dict[str, tuple[str, ...]]] = {
    "resourceType": ('"Encounters"', '"Procedure"', "7"),
    "status": ('"planned "', '"unknown"', '""', "null", "5", '"onleave"'),
    "class": ('{"code":"IMP"}', '{"code":"EMER"}', "null", "[]", '{"code":5}'),
    "type": (
        '[{"text":"Hemodialysis"}]', "null", "{}", "[5]",
        '[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E10.641"}]}]',
        '[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z34.90"}]}]',
        '[{"coding":[{"system":"a","code":"b","display":"Diabetic retinopathy"}]}]',
    ),
    "subject": ODD["subject"],
    "period": (
        '{"start":"2026-03-06","end":"2026-03-05"}', '{"start":"2026-03"}', '{"start":"2026-13-01"}', "null", "[]",
        '{"start":"2026-03-06T12:46:00","end":"2026-03-06T12:47:00"}', '{"start":5}', '{"start":"0001-01-01"}',
        '{"start":"2026-03-06","start":"2026-03-07"}', '{"end":""}',
    ),
    "participant": (
        "null", "{}", '[{"individual":"Practitioner/d1"}]', '[{"individual":{"reference":"urn:uuid:5"}}]',
        '[{"individual":{"reference":"Practitioner/d1"},"modifierExtension":[{"url":"a"}]}]',
    ),
    "serviceProvider": ("null", "[]", '{"reference":5}', '{"reference":"https://a.example/fhir/Organization/o1"}'),
    "serviceType": ('{"text":"insulin pump training"}', "null"),
    "reasonCode": ('[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E10.10"}]}]',),
    "reasonReference": ('[{"reference":"Condition/k1"}]',),
    "diagnosis": ('[{"condition":{"reference":"Condition/k1"}}]',),
    "length": ('{"value":3}', "5"),
    "location": ('[{"location":{"reference":"Organization/o1"}}]', '[{"x":"https://a.example/Practitioner/d2"}]'),
    "contained": ('[{"resourceType":"Condition","id":"k"}]', "[]"),
    "implicitRules": ('"a"',),
    "modifierExtension": ('[{"url":"http://x.example/not"}]',),
    "meta": ODD["meta"],
    "patient": ('{"reference":"Patient/p2"}',),
}  # fmt: skip


def _made(code: str) -> str:
    return f'"resourceType":"Observation","status":"final","code":{_loinc(code)},"subject":{{"reference":"Patient/p1"}}'


def _spoken(words: str) -> str:
    coded = f'{{"coding":[{{"system":"http://x.example","code":"n","display":"{words}"}}]}}'
    return f'"resourceType":"Observation","status":"final","code":{coded},"subject":{{"reference":"Patient/p1"}}'


def _early(ident: str, when: str) -> str:
    return (
        f'{{"id":"{ident}","resourceType":"Observation","status":"preliminary","code":{_loinc("4548-4")},'
        f'"subject":{{"reference":"Patient/p1"}}{when},"valueQuantity":{_of("6.5", "%")}}}'
    )


def _condition(ident: str, code: str, more: str) -> str:
    return (
        f'{{"resourceType":"Condition","id":"{ident}","subject":{{"reference":"Patient/p1"}},"code":{{"coding":['
        f'{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}]}}{more}}}'
    )


def _claim(ident: str, status: str) -> str:
    return (
        f'{{"resourceType":"Claim","id":"{ident}","use":"preauthorization","status":"{status}","created":"2026-11-01",'
        '"patient":{"reference":"Patient/p1"},"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":'
        '"Coverage/v1"}}],"careTeam":[{"sequence":1,"provider":{"reference":"Practitioner/d1"}}],'
        '"provider":{"reference":"Organization/o2"},"item":[{"sequence":1,"productOrService":{"coding":[{"system":'
        '"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"E0784"}]}}]}'
    )


_COVERED: Final = (
    '{"resourceType":"Coverage","id":"v1","status":"active","beneficiary":{"reference":"Patient/p1"},'
    '"payor":[{"identifier":{"system":"urn:n","value":"9"}}]}'
)
LOOKING: Final[tuple[str, ...]] = (
    _early("e1", ',"effectiveDateTime":"2026-10-02"'), _early("e2", ',"effectiveDateTime":"2026-10-03"'),
    _early("e3", ""), _early("e4", ',"effectivePeriod":{"start":"2026-10-02","end":"2026-10-02"}'),
    _early("l1", ',"effectiveDateTime":"2026-10"'),
    f'{{"id":"w1",{_made("29463-7")},"effectivePeriod":{{"start":"2026-10-01"}},"valueQuantity":{_of("90", "kg")}}}',
    f'{{"id":"c1",{_made("2160-0")},"effectiveDateTime":"2026-10-02","valueQuantity":{_of("9", "kPa")}}}',
    f'{{"id":"c2",{_made("2164-2")},"effectiveDateTime":"2026-10-02","valueQuantity":{_of("80", "mL/min")}}}',
    f'{{"id":"c3",{_made("x")},"component":[{{"code":{_loinc("29463-7")},"valueQuantity":{_of("70", "kg")}}}]}}',
    *(f'{{"id":"x{n}",{_spoken(words)},"effectiveDateTime":"2026-10-02","valueQuantity":{_of("80", "mL/min")}}}'
      for n, words in enumerate(("Creatinine clearance", "Hemoglobin A1c", "Serum creatinine", "Body weight"))),
    f'{{"id":"c4",{_made("1986-9")},"effectiveDateTime":"2026-10-02","valueQuantity":{_of("0.4", "ng/mL")}}}',
    _condition("k1", "E10.641", ',"encounter":{"reference":"Encounter/v0"}'),
    _condition("k2", "E10.10", ',"encounter":{"reference":"Encounter/v1"},"recordedDate":"2026-03-06"'),
    _condition("k3", "E11.9", ',"encounter":{"reference":"Encounter/v0"},"onsetDateTime":"2020-01-01"'),
    ('{"resourceType":"Encounter","id":"s1","status":"finished","class":{"code":"IMP"},"subject":{"reference":'
    '"Patient/p1"},"period":{"start":"2026-02-01","end":"2026-02-04"},"diagnosis":[{"condition":{"reference":'
    '"Condition/k1"}}]}'),
    '{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p1"}}',
    ('{"resourceType":"DiagnosticReport","id":"d1","status":"final","subject":{"reference":"Patient/p1"},'
    f'"code":{_loinc("4548-4")},"result":[{{"reference":"Observation/l0"}}]}}'),
    '{"resourceType":"Patient","id":"p1","birthDate":"1980-01-01","gender":"female","meta":{"versionId":"2"}}',
    _COVERED, _claim("q1", "active"), _claim("q2", "cancelled"), _claim("q3", "draft"),
    '{"resourceType":"Practitioner","id":"d1","identifier":[{"system":"urn:n","value":"1"}],"meta":{"versionId":"2"}}',
    ('{"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/d1"},"organization":'
    '{"reference":"Organization/o1"}}'),
    ('{"resourceType":"DeviceRequest","id":"n1","status":"active","intent":"order","subject":{"reference":'
    '"Patient/p1"},"requester":{"reference":"Practitioner/d1"},"authoredOn":"2026-10-20","codeCodeableConcept":'
    '{"coding":[{"system":"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"E0784"}]}}'),
)  # fmt: skip
"""What may look at results and visits, or seem to."""
SHARED: Final[tuple[str, ...]] = (
    '{"resourceType":"Practitioner","id":"d1","identifier":[{"system":"urn:n","value":"1"}]}',
    '{"resourceType":"Practitioner","id":"d2"}',
    '{"resourceType":"Organization","id":"o1","name":"A","identifier":[{"system":"urn:n","value":"9"}]}',
    '{"resourceType":"Organization","id":"o2","name":"B"}',
)
"""What visits refer to; one is known by an identifier to which a Coverage refers."""


@st.composite
def _result(draw: st.DrawFn, number: int) -> Pairs:
    code = draw(st.sampled_from(sorted(RESULTS)))
    pairs = [(name, draw(st.sampled_from(values))) for name, values in USUAL.items()]
    own = {"id": f'"l{number}"', "code": _loinc(code), "valueQuantity": draw(st.sampled_from(RESULTS[code]))}
    pairs = [(name, own.pop(name, value)) for name, value in pairs]
    more = draw(st.lists(st.sampled_from(sorted(BESIDE.keys() - {"component"})), max_size=2, unique=True))
    return [*own.items(), *pairs, *((name, draw(st.sampled_from(BESIDE[name]))) for name in more)]


@st.composite
def _visit(draw: st.DrawFn, number: int) -> Pairs:
    pairs = [("id", f'"v{number}"'), *((name, draw(st.sampled_from(values))) for name, values in VISIT.items())]
    more = draw(st.lists(st.sampled_from(sorted(VISIT_BESIDE)), max_size=4, unique=True))
    return [*pairs, *((name, draw(st.sampled_from(VISIT_BESIDE[name]))) for name in more)]


@st.composite
def line(draw: st.DrawFn, number: int = 0) -> bytes:
    """Draw a line: mostly a plain result or visit, else one that is odd of an element, lacks one, or has it twice."""
    visit = draw(st.booleans())
    pairs = list(draw(st.permutations(draw(_visit(number) if visit else _result(number)))))
    odd = VISIT_ODD if visit else {**ODD, "valueQuantity": NOT_USUAL}
    kind = draw(st.sampled_from((*("plain",) * 5, "odd", "odd", "without", "twice", "id", "end")))
    end = ""
    if kind == "odd":
        name = draw(st.sampled_from(sorted(odd)))
        pairs = [*(pair for pair in pairs if pair[0] != name), (name, draw(st.sampled_from(odd[name])))]
    elif kind == "without":
        pairs.pop(draw(st.integers(0, len(pairs) - 1)))
    elif kind == "twice":
        pairs.insert(draw(st.integers(0, len(pairs))), draw(st.sampled_from(pairs)))
    elif kind == "id":
        pairs = [*(pair for pair in pairs if pair[0] != "id"), ("id", draw(st.sampled_from(IDS + ODD_IDS)))]
    elif kind == "end":
        end = draw(st.sampled_from(ENDS))
    return written(pairs, draw(st.sampled_from(("", "", " "))), end).encode()
