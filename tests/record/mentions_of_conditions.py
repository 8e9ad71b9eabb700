"""What is put in of conditions that silence denies: end-stage renal disease, another implant, as charts write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.record.damage import CPT, ICD10, LOCAL, LOINC, SNOMED, UCUM, UNKNOWN_MODIFIER, concept
from tests.record.mention import Mention, Put, condition, device, encounter, procedure, puts, result
from tests.record.worked import Json, Worked, name

# ---- end-stage renal disease

RENAL: Final = "end_stage_renal_disease"
RENAL_WORDS: Final = (
    "End stage renal disease", "ESRD", "ESRD on hemodialysis", "end-stage kidney disease",
    "Chronic kidney disease stage 5 requiring chronic dialysis", "Dependence on renal dialysis",
)  # fmt: skip
RENAL_SNOMED: Final = {
    "236435004": "End stage renal failure on dialysis",
    "236434000": "End stage renal failure untreated by renal replacement therapy",
    "714152005": "Chronic kidney disease stage 5 on dialysis",
    "433146000": "Chronic kidney disease stage 5",
    "111411000119103": "End stage renal disease due to hypertension",
    "90771000119100": "End stage renal disease on dialysis due to type 1 diabetes mellitus",
    "90791000119104": "End stage renal disease on dialysis due to type 2 diabetes mellitus",
}
RENAL_ICD10: Final = ("N18.5", "I12.0", "I13.11", "I13.2", "Z49.31", "Z91.15")
DIALYSIS: Final = {
    "SNOMED CT hemodialysis": concept(SNOMED, "302497006", "Hemodialysis"),
    "SNOMED CT peritoneal dialysis": concept(SNOMED, "71192002", "Peritoneal dialysis"),
    "CPT 90935": concept(CPT, "90935", "Hemodialysis procedure with single evaluation"),
    "CPT 90937": concept(CPT, "90937", "Hemodialysis procedure requiring repeated evaluation"),
    "CPT 90960": concept(CPT, "90960", "End-stage renal disease related services monthly"),
    "ICD-10-PCS": concept("http://www.cms.gov/Medicare/Coding/ICD10", "5A1D70Z", "Performance of urinary filtration"),
    "words": {"text": "hemodialysis, 3 h"},
}
RATES: Final = {
    "98979-8": "Glomerular filtration rate/1.73 sq M.predicted [CKD-EPI 2021]",
    "62238-1": "Glomerular filtration rate/1.73 sq M.predicted [CKD-EPI]",
    "77147-7": "Glomerular filtration rate/1.73 sq M.predicted [MDRD]",
    "33914-3": "Glomerular filtration rate/1.73 sq M.predicted [MDRD]",
    "48642-3": "Glomerular filtration rate/1.73 sq M.predicted among non-blacks [MDRD]",
    "69405-9": "Glomerular filtration rate/1.73 sq M.predicted",
    "88293-6": "Glomerular filtration rate/1.73 sq M.predicted among blacks [CKD-EPI]",
}
RATE_UNITS: Final = (
    "mL/min/{1.73_m2}", "mL/min/1.73m²", "mL/min/1.73 m2", "ml/min/1.73m2", "mL/min/1.73m*2", "mL/min/1.73 m^2",
    "mL/min/1.73sq.m", "mL/min per 1.73 m²", "mL/min/1.73 sq M", "mL/min", "",
)  # fmt: skip


def _renal(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
    yield RENAL, Put([condition(worked, concept(ICD10, "N18.6", "End stage renal disease"))]), None


def _of_renal() -> Iterator[Mention]:
    def line(row: str, what: str, unclear: Callable[[Worked, Any], Put]) -> Mention:
        return Mention(f"end-stage renal disease: {row}", what, _renal, unclear, RENAL)

    for words in RENAL_WORDS:
        yield line("words", words, puts(condition, {"text": words}))
        yield line("words", f"display: {words}", puts(condition, concept(LOCAL, "KID-9", words)))
    yield line("words", "on the claim", _diagnosed({"text": "End stage renal disease on hemodialysis"}))
    for code, display in RENAL_SNOMED.items():
        yield line("codes", f"SNOMED CT {code}", puts(condition, concept(SNOMED, code, display)))
    for code in RENAL_ICD10:
        yield line("codes", code, puts(condition, concept(ICD10, code)))
    international = concept("http://hl7.org/fhir/sid/icd-10", "N18.6", "End stage renal disease")
    yield line("codes", "ICD-10 of another system", puts(condition, international))
    stage = concept(ICD10, "N18.6", "End stage renal disease")
    for code in ("provisional", "unconfirmed", "Confirmed", "gibberish"):
        yield line("status", code, puts(condition, stage, verificationStatus={"coding": [{"code": code}]}))
    yield line("status", "clinical gibberish", puts(condition, stage, clinicalStatus={"coding": [{"code": "Active"}]}))
    yield line("status", "modifierExtension", puts(condition, stage, modifierExtension=UNKNOWN_MODIFIER))
    for what, done in DIALYSIS.items():
        yield line("dialysis", what, puts(procedure, done))
        yield line("dialysis", f"encounter for {what}", puts(encounter, type=[done]))
    for status in ("in-progress", "unknown", "Completed"):
        yield line("dialysis", f"status {status}", puts(procedure, DIALYSIS["CPT 90935"], status=status))
    reason = concept(ICD10, "Z99.2", "Dependence on renal dialysis")
    yield line("dialysis", "reason of an encounter", puts(encounter, reasonCode=[reason]))
    rate = concept(LOINC, "98979-8", RATES["98979-8"])
    for loinc, display in RATES.items():
        yield line(
            "eGFR", loinc, puts(result, concept(LOINC, loinc, display), valueQuantity=_rate(8, "mL/min/{1.73_m2}"))
        )
    for unit in RATE_UNITS:
        yield line("eGFR", f"unit {unit!r}", puts(result, rate, valueQuantity=_rate(8, unit, coded=False)))
    for sign, value in (("<", 15), ("<=", 8)):
        yield line(
            "eGFR",
            f"{sign}{value}",
            puts(result, rate, valueQuantity={**_rate(value, "mL/min/{1.73_m2}"), "comparator": sign}),
        )
    for words in ("<15", "8", "8 mL/min/1.73m2"):
        yield line("eGFR", f"valueString {words}", puts(result, rate, valueString=words))
    sure = _rate(8, "mL/min/{1.73_m2}")
    for status in ("unknown", "Final", "preliminary", "gibberish"):
        yield line("eGFR", f"status {status}", puts(result, rate, valueQuantity=sure, status=status))
    yield line("eGFR", "modifierExtension", puts(result, rate, valueQuantity=sure, modifierExtension=UNKNOWN_MODIFIER))
    yield line("eGFR", "in words", puts(result, {"text": "eGFR"}, valueQuantity=_rate(8, "mL/min/1.73m2", coded=False)))


def _rate(value: float, unit: str, *, coded: bool = True) -> Json:
    made = {"value": value, "unit": unit, "system": UCUM, "code": unit}
    return made if coded else {key: one for key, one in made.items() if key in ("value", "unit") and one != ""}


def _diagnosed(code: Json) -> Callable[[Worked, Any], Put]:
    """Say a diagnosis on the claim itself."""

    def put(worked: Worked, _seed: Any) -> Put:
        listed = worked.claim.get("diagnosis", [])
        number = 1 + max((one.get("sequence", 0) for one in listed), default=0)
        made = {**worked.claim, "diagnosis": [*listed, {"sequence": number, "diagnosisCodeableConcept": code}]}
        return Put(others={name(worked.claim): made})

    return put


# ---- another implant

IMPLANT: Final = "other_programmable_implant"


def _implant(worked: Worked) -> Iterator[tuple[str, Put, Any]]:
    yield IMPLANT, Put([condition(worked, concept(ICD10, "Z95.0", "Presence of cardiac pacemaker"))]), None


def _of_implants() -> Iterator[Mention]:
    def line(what: str, unclear: Callable[[Worked, Any], Put]) -> Mention:
        return Mention("another implant", what, _implant, unclear, IMPLANT)

    pacemaker = concept(SNOMED, "14106009", "Cardiac pacemaker, device")
    for words in ("Cardiac pacemaker in situ", "Implantable cardioverter-defibrillator in place", "pacemaker"):
        yield line(words, puts(condition, {"text": words}))
    yield line("SNOMED CT", puts(condition, concept(SNOMED, "441509002", "Cardiac pacemaker in situ")))
    yield line("Z45.018", puts(condition, concept(ICD10, "Z45.018", "Encounter for adjustment of cardiac pacemaker")))
    yield line(
        "Z95.0, provisional",
        puts(condition, concept(ICD10, "Z95.0"), verificationStatus={"coding": [{"code": "provisional"}]}),
    )
    yield line(
        "Z95.0, Confirmed",
        puts(condition, concept(ICD10, "Z95.0"), verificationStatus={"coding": [{"code": "Confirmed"}]}),
    )
    for words in ("Implantable defibrillator", "dual-chamber pacemaker", "Implantable neurostimulator"):
        yield line(f"device: {words}", puts(device, type={"text": words}))
    named = [{"name": "dual-chamber pacemaker", "type": "user-friendly-name"}]
    yield line("device by its name", puts(device, deviceName=named))
    for status in ("unknown", "Active"):
        yield line(f"device of status {status}", puts(device, type=pacemaker, status=status))
    yield line("device with a modifierExtension", puts(device, type=pacemaker, modifierExtension=UNKNOWN_MODIFIER))
    yield line(
        "procedure, SNOMED CT", puts(procedure, concept(SNOMED, "307280005", "Implantation of cardiac pacemaker"))
    )
    yield line("procedure, CPT", puts(procedure, concept(CPT, "33208", "Insertion of permanent pacemaker")))
    yield line("procedure in words", puts(procedure, {"text": "implantation of a pacemaker"}))


CONDITIONS: Final[tuple[Mention, ...]] = (*_of_renal(), *_of_implants())
