"""The FHIR R4 shapes of synthetic resources, each with slots (see synthesize_lines) where members differ."""

from __future__ import annotations

from typing import Any, Final

from priorauth.synthetic.lines import Shape, shape

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
SNOMED: Final = "http://snomed.info/sct"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
HCPCS: Final = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
ICD: Final = "http://hl7.org/fhir/sid/icd-10-cm"
_HL7: Final = "http://terminology.hl7.org/CodeSystem"
_CORE: Final = "http://hl7.org/fhir/us/core/StructureDefinition"
_MDC: Final = "urn:iso:std:iso:11073:10101"

MEMBER: Final = "Patient/<<member:9>>"


def _coded(system: str, code: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    return {"coding": [{"system": system, "code": code, **more}]}


def _category(name: str) -> list[dict[str, Any]]:
    return [_coded(f"{_HL7}/observation-category", name)]


PATIENT: Final[Shape] = shape(
    {
        "resourceType": "Patient",
        "id": "<<member:9>>",
        "meta": {"profile": [f"{_CORE}/us-core-patient"]},
        "identifier": [
            {"type": _coded(f"{_HL7}/v2-0203", "MB"), "system": "urn:example:member", "value": "M<<member:9>>"}
        ],
        "active": True,
        "name": [{"use": "official", "family": "<<!family:12>>", "given": ["<<!given:12>>"]}],
        "gender": "<<!gender:8>>",
        "birthDate": "<<born:10>>",
    }
)

COVERAGE: Final[Shape] = shape(
    {
        "resourceType": "Coverage",
        "id": "<<id:11>>",
        "status": "active",
        "beneficiary": {"reference": MEMBER},
        "subscriberId": "M<<member:9>>",
        "relationship": _coded(f"{_HL7}/subscriber-relationship", "self"),
        "payor": [{"reference": "<<!payor:44>>"}],
        "period": {"start": "<<start:10>>", "<<?end:19>>": 0, "id": "p"},
        "class": [
            {"type": _coded(f"{_HL7}/coverage-class", "plan"), "value": "<<!plan:28>>", "name": "<<!plan_name:48>>"}
        ],
    }
)

CONDITION: Final[Shape] = shape(
    {
        "resourceType": "Condition",
        "id": "<<id:14>>",
        "meta": {"profile": [f"{_CORE}/us-core-condition-problems-health-concerns"]},
        "clinicalStatus": _coded(f"{_HL7}/condition-clinical", "<<!clinical:10>>"),
        "verificationStatus": _coded(f"{_HL7}/condition-ver-status", "<<!verified:11>>"),
        "category": [_coded(f"{_HL7}/condition-category", "<<!category:21>>")],
        "code": _coded(ICD, "<<!code:10>>", display="<<!display:68>>"),
        "subject": {"reference": MEMBER},
        "<<?encounter:53>>": 0,
        "<<?onset:29>>": 0,
        "recordedDate": "<<recorded:10>>",
    }
)


def _observation(category: str, code: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    return {
        "resourceType": "Observation",
        "id": "<<id:16>>",
        "status": "<<!status:18>>",
        "category": _category(category),
        "code": code,
        "subject": {"reference": MEMBER},
        **more,
    }


RESULT: Final[Shape] = shape(
    {
        **_observation("laboratory", _coded(LOINC, "<<!loinc:9>>", display="<<!display:68>>")),
        "<<?effective:33>>": 0,
        "<<?quantity:123>>": 0,
        "meta": {"profile": [f"{_CORE}/us-core-observation-lab"]},
    }
)

ANTIBODY: Final[Shape] = shape(
    {
        **_observation(
            "laboratory", _coded(LOINC, "56540-8", display="Glutamate decarboxylase 65 Ab [Units/volume] in Serum")
        ),
        "effectiveDateTime": "<<day:10>>",
        "valueCodeableConcept": _coded(SNOMED, "<<!value:11>>"),
        "interpretation": [_coded(f"{_HL7}/v3-ObservationInterpretation", "<<!flag:5>>")],
    }
)

_METER: Final = {
    **_observation(
        "vital-signs",
        _coded(LOINC, "<<!loinc:9>>", display="Glucose [Mass/volume] in Capillary blood by Glucometer"),
    ),
    "effectiveDateTime": "<<!when:27>>",
    "valueQuantity": {"value": "<<!value:5>>", "unit": "<<!unit:8>>", "system": UCUM, "code": "<<!unit:8>>"},
    "device": {"reference": "Device/<<member:9>>-m"},
}
METER: Final[Shape] = shape(_METER)
METER_TAGGED: Final[Shape] = shape(
    {
        **_METER,
        "component": [
            {
                "code": {"coding": [{"system": SNOMED, "code": "309602000"}, {"system": _MDC, "code": "8417864"}]},
                "valueCodeableConcept": _coded(_MDC, "<<!meal:9>>"),
            }
        ],
    }
)

SENSOR: Final[Shape] = shape(
    {
        **_observation("vital-signs", _coded(LOINC, "<<!loinc:10>>", display="<<!display:44>>")),
        "effectivePeriod": {"start": "<<start:10>>", "end": "<<end:10>>"},
        "valueQuantity": {"value": "<<!value:4>>", "unit": "<<!unit:3>>", "system": UCUM, "code": "<<!unit:3>>"},
    }
)

MEDICATION: Final[Shape] = shape(
    {
        "resourceType": "MedicationRequest",
        "id": "<<id:14>>",
        "meta": {"profile": [f"{_CORE}/us-core-medicationrequest"]},
        "status": "<<!status:11>>",
        "intent": "order",
        "medicationCodeableConcept": _coded(RXNORM, "<<!rxnorm:9>>", display="<<!display:32>>"),
        "subject": {"reference": MEMBER},
        "authoredOn": "<<start:10>>",
        "requester": {"reference": "Practitioner/d<<doctor:4>>"},
        "dosageInstruction": [
            {
                "text": "<<!text:44>>",
                "<<?timing:121>>": 0,
                "route": _coded(SNOMED, "34206005", display="Subcutaneous route"),
            }
        ],
    }
)

ENCOUNTER: Final[Shape] = shape(
    {
        "resourceType": "Encounter",
        "id": "<<id:14>>",
        "status": "finished",
        "class": {"system": f"{_HL7}/v3-ActCode", "code": "<<!class:6>>"},
        "type": [_coded(SNOMED, "<<!kind:12>>")],
        "subject": {"reference": MEMBER},
        "participant": [{"individual": {"reference": "Practitioner/d<<doctor:4>>"}}],
        "period": {"start": "<<start:10>>T<<clock:5>>:00-05:00", "end": "<<end:10>>T<<until:5>>:00-05:00"},
        "serviceProvider": {"reference": "Organization/c<<clinic:3>>"},
    }
)

DEVICE: Final[Shape] = shape(
    {
        "resourceType": "Device",
        "id": "<<id:11>>",
        "status": "active",
        "patient": {"reference": MEMBER},
        "type": _coded(SNOMED, "<<!kind:11>>", display="<<!display:22>>"),
    }
)
