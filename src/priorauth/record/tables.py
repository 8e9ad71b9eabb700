"""Tables of codes that the readers of resources go by, each with its published source. No thresholds: those are data.

SNOMED CT codes are given by code alone. MDC codes are ISO/IEEE 11073-10101 with the partition (128 x 65536) added, as
HL7 writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# ---- Observation ----

MEAL_TAG: Final = {"309602000", "8417864"}
"""Component codes of a meal tag: SNOMED CT temporal periods relating to feeding; MDC_CTXT_GLU_MEAL."""

MEAL_FASTING: Final = {"8417876"}
"""MDC_CTXT_GLU_MEAL_FASTING."""

MEAL_BEFORE: Final = {"8417868", "307165006", "ACM", "ACD", "ACV"}
"""MDC_CTXT_GLU_MEAL_PREPRANDIAL; SNOMED CT before meal; HL7 v3 TimingEvent before breakfast, lunch, supper."""

MEAL_AFTER: Final = {"8417872", "PC"}
"""MDC_CTXT_GLU_MEAL_POSTPRANDIAL; HL7 v3 TimingEvent after meal."""

LATER_MEALS: Final = {"ACD", "ACV"}
"""HL7 v3 TimingEvent before lunch, before supper: never the first meal of the day."""

CONTROL_SOLUTION: Final = {"8417860"}
"""MDC_CTXT_GLU_SAMPLELOCATION_CTRLSOLUTION (29252)."""

POSITIVE: Final = {"POS", "H", "HH"}
NEGATIVE: Final = {"NEG", "N", "ND", "L"}
"""HL7 v3 ObservationInterpretation; the positive ones are those that the vocabulary names for an antibody."""

POSITIVE_VALUES: Final = {"10828004", "260373001", "LA6576-8", "LA11882-0", "POS"}
NEGATIVE_VALUES: Final = {"260385009", "260415000", "LA6577-6", "LA11883-8", "NEG"}
"""SNOMED CT positive, detected, negative, not detected; LOINC answers of the same names; HL7 v3."""

INSULIN_ANTIBODIES: Final = {"8072-1", "60463-7"}
"""LOINC: insulin antibodies, which injected insulin itself brings about."""

# ---- Medication ----

INSULIN_ROLES: Final[Mapping[str, str]] = {
    "86009": "bolus",
    "51428": "bolus",
    "400008": "bolus",
    "253182": "bolus",
    "274783": "basal",
    "139825": "basal",
    "1670007": "basal",
    "1605101": "basal",
    "314684": "mixed",
    "352385": "mixed",
    "5856": "unnamed",
}
"""RxNorm ingredients: lispro, aspart, glulisine, regular; glargine, detemir, degludec, isophane; lispro and aspart
protamine, which are sold only mixed; insulin of no kind named."""

INSULIN_ATC_ROLES: Final[Mapping[str, str]] = {
    "A10AB": "bolus",
    "A10AC": "basal",
    "A10AD": "mixed",
    "A10AE": "basal",
    "A10AF": "inhaled",
}
"""WHO ATC: insulins for injection, fast, intermediate, intermediate with fast, long; for inhalation."""

INSULIN_WORDS: Final = (
    "insulin", "humalog", "admelog", "lyumjev", "novolog", "fiasp", "apidra", "humulin", "novolin", "lantus", "toujeo",
    "basaglar", "semglee", "rezvoglar", "levemir", "tresiba", "myxredlin", "merilog", "kirsty", "soliqua", "xultophy",
)  # fmt: skip
NOT_INSULIN_WORDS: Final = ("syringe", "needle", "pump", "strip", "lancet", "reservoir", "cartridge holder", "afrezza")
"""Names under which insulins are sold in the United States (FDA, Drugs@FDA), and things that only have insulin in their
name. Words never settle a fact: they keep an order that no code explains from being overlooked."""

ROUTES: Final[Mapping[str, str]] = {
    "34206005": "subcutaneous",
    "C38299": "subcutaneous",
    "47625008": "intravenous",
    "C38276": "intravenous",
    "58100008": "intra-arterial",
    "C38222": "intra-arterial",
    "38239002": "intraperitoneal",
    "C38258": "intraperitoneal",
    "72607000": "intrathecal",
    "C38267": "intrathecal",
    "404820008": "epidural",
    "C38243": "epidural",
    "78421000": "other",
    "C28161": "other",
    "372464004": "other",
    "C38238": "other",
}
"""Parenteral routes as values of infusion_route: SNOMED CT, NCI Thesaurus; intramuscular, intradermal are other."""

ORAL_ROUTES: Final = {"26643006", "C38288", "PO"}
"""SNOMED CT, NCI Thesaurus, HL7 v3: by mouth."""

ORAL_ANTISPASMODICS: Final = ("M03B", "M03C")
"""WHO ATC: muscle relaxants, centrally and directly acting."""

TIMES_A_DAY: Final[Mapping[str, tuple[int, int]]] = {
    "QD": (1, 1),
    "AM": (1, 1),
    "PM": (1, 1),
    "BED": (1, 1),
    "BID": (2, 1),
    "TID": (3, 1),
    "QID": (4, 1),
    "QOD": (1, 2),
    "Q1H": (24, 1),
    "Q2H": (12, 1),
    "Q3H": (8, 1),
    "Q4H": (6, 1),
    "Q6H": (4, 1),
    "Q8H": (3, 1),
    "WK": (1, 7),
    "229797004": (1, 1),
    "229799001": (2, 1),
    "229798009": (3, 1),
    "307439001": (4, 1),
}
"""HL7 v3 GTSAbbreviation, and SNOMED CT once to four times daily: how often in how many days."""

EVENTS_ONCE: Final = {
    "MORN", "MORN.early", "MORN.late", "NOON", "AFT", "AFT.early", "AFT.late", "EVE", "EVE.early", "EVE.late", "NIGHT",
    "PHS", "HS", "WAKE", "CM", "CD", "CV", "ACM", "ACD", "ACV", "PCM", "PCD", "PCV",
}  # fmt: skip
"""FHIR EventTiming and HL7 v3 TimingEvent that come once a day."""

EVENTS_EACH_MEAL: Final = {"C", "AC", "PC"}
MEALS_A_DAY: Final = 3
"""HL7 v3 TimingEvent with, before, after meals. It names three meals (CM, CD, CV); a member may eat more often."""

# ---- Encounter ----

INPATIENT: Final = {"IMP", "ACUTE", "NONAC"}
ACUTE_CARE: Final = INPATIENT | {"EMER", "OBSENC", "SS"}
"""HL7 v3 ActEncounterCode: inpatient; also emergency, observation, short stay."""

# ---- Claim, Coverage, ClaimResponse ----

INSULIN_PUMPS: Final = ("E0784", "E0787", "A9274", "S1034")
"""HCPCS Level II: external insulin pumps, as the vocabulary lists them under infusion_drug."""

PUMP_SUPPLIES: Final = ("A4224", "A4225", "A4230", "A4231", "A4232")
"""HCPCS Level II: supplies for an external insulin pump."""

DISPOSABLE_PUMP: Final = "A9274"

CERTIFICATION: Final[Mapping[str, str]] = {"I": "initial", "R": "continued"}
"""X12 1322, as Da Vinci PAS examples use it: initial, renewal."""

APPROVED: Final = {"A1", "A2", "A6"}
"""X12 306, as Da Vinci PAS examples use it: certified in total, in part, with a change."""

MANAGED_CARE_TYPES: Final = {"MCPOL", "HMO", "POS", "PPO"}
"""HL7 v3 ActCode: policies of a managed care organization."""

# ---- Device ----

PROGRAMMABLE_IMPLANTS: Final = {"14106009", "72506001"}
"""SNOMED CT: cardiac pacemaker, implantable defibrillator."""

INSULIN_PUMP_DEVICES: Final = {"69805005"}
"""SNOMED CT: insulin pump."""

# ---- AllergyIntolerance ----

NO_KNOWN_DRUG_ALLERGY: Final = "409137002"
"""SNOMED CT: no known drug allergy (the wider statement, no known allergy, is a derivation of the vocabulary)."""

# ---- DocumentReference ----

CLINICAL_NOTE: Final = "clinical-note"
"""US Core category of a DocumentReference."""

PHRASES: Final[Mapping[str, tuple[str, ...]]] = {
    "letter_of_medical_necessity_signed_on": ("letter of medical necessity",),
    "prescription_signed_on": (
        "prescription for insulin pump",
        "prescription for infusion pump",
        "detailed written order",
    ),
    "ma_review_form_on_file": ("prescription and medical necessity review form",),
    "pa1_form_on_file": ("form pa-1", "pa-1 form"),
}
"""Documents that have no code of their own: the words of their type."""
