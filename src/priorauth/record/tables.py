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

FASTING_STATUS: Final = {"49541-6"}
"""LOINC: fasting status, as reported."""

FASTED: Final = {
    ("loinc", "LA33-6"), ("snomed", "373066001"), ("snomed", "16985007"), ("v2-0136", "Y"), ("v2-0916", "F"),
}  # fmt: skip
"""What says that a sample was drawn fasting: yes (LOINC answers, SNOMED CT, HL7 v2 table 0136); fasting (SNOMED CT; HL7
v2 table 0916, Relevant Clinical Information)."""
FASTING_NOT_SAID: Final = {("v2-0916", "NG"), ("v2-0916", "FNA"), ("loinc", "LA4489-6")}
"""What says neither: not given, not asked; unknown. Whatever is not listed here or above keeps a sample from counting,
NF (did not fast) and no among it."""
FASTING_SYSTEMS: Final[Mapping[str, str]] = {
    "terminology.hl7.org/CodeSystem/v2-0136": "v2-0136",
    "hl7.org/fhir/v2/0136": "v2-0136",
    "terminology.hl7.org/CodeSystem/v2-0532": "v2-0136",
    "terminology.hl7.org/CodeSystem/v2-0916": "v2-0916",
    "hl7.org/fhir/v2/0916": "v2-0916",
    "urn:oid:2.16.840.1.113883.18.422": "v2-0916",
}
"""HL7 v2 tables under the names in use for them; table 0136, yes or no, is kept within 0532."""
SOUND_SPECIMEN: Final = {"", "available", "unavailable"}
"""Specimen.status with which a sample counts; unsatisfactory and entered in error it does not."""

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
    "2376838": "bolus",
    "2563969": "basal",
    "253181": "basal",
    "1007184": "mixed",
    "1008501": "mixed",
    "816726": "mixed",
    "1727493": "basal",
    "1858994": "basal",
    "5856": "unnamed",
}
"""RxNorm ingredients: lispro, aspart, glulisine, regular; glargine, detemir, degludec, isophane; lispro and aspart
protamine, which are sold only mixed; lispro-aabc, glargine-yfgn, isophane human; mixes of aspart, human, lispro;
degludec with liraglutide and glargine with lixisenatide; insulin of no kind named."""

INSULIN_ATC_ROLES: Final[Mapping[str, str]] = {
    "A10AB": "bolus",
    "A10AC": "basal",
    "A10AD": "mixed",
    "A10AE": "basal",
    "A10AF": "inhaled",
}
"""WHO ATC: insulins for injection, fast, intermediate, intermediate with fast, long; for inhalation."""

INGREDIENT_NAMES: Final[Mapping[str, str]] = dict.fromkeys(INSULIN_ROLES, "insulin")
"""What a business identifier names that is the code of an ingredient: words, for an identifier is no code."""

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

UNDER_THE_SKIN: Final = {"34206005", "C38299", "SQ", "SC", "SUBCUT"}
"""SNOMED CT, NCI Thesaurus, HL7 v3 RouteOfAdministration: subcutaneous."""

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

# ---- Patient ----

SEX_URLS: Final = ("us-core-birthsex", "us-core-sex", "genderIdentity", "sexParameterForClinicalUse")
"""The ends of the URLs of extensions that may say of a Patient another sex than the administrative one."""
SEX_CODES: Final[Mapping[str, frozenset[str]]] = {
    "female": frozenset({"F", "female", "248152002", "446141000124107", "female-typical"}),
    "male": frozenset({"M", "male", "248153007", "446151000124109", "male-typical"}),
}
"""HL7 v3 and FHIR AdministrativeGender, SNOMED CT as US Core binds it, FHIR sex parameter for clinical use."""

# ---- Claim, Coverage, ClaimResponse ----

INSULIN_PUMPS: Final = ("E0784", "E0787", "A9274", "S1034")
"""HCPCS Level II: external insulin pumps, as the vocabulary lists them under infusion_drug."""

PUMP_SUPPLIES: Final = ("A4224", "A4225", "A4230", "A4231", "A4232")
"""HCPCS Level II: supplies for an external insulin pump."""

UNCLASSIFIED: Final = {"A9279", "A9900", "A9999", "E1399", "T1999", "T2028", "T2029", "T5999"}
"""HCPCS Level II: monitoring device, supplies, equipment, none of them classified: any device may stand behind one."""

CERTIFICATION_URL: Final = "extension-certificationType"
INITIAL: Final = "I"
WITHDRAWN: Final = "3"
CERTIFICATION: Final[Mapping[str, str]] = {
    "I": "initial", "R": "renewal", "4": "extension", "1": "appeal-immediate", "2": "appeal-standard",
    "N": "reconsideration", "S": "revised",
}  # fmt: skip
"""X12 1322, Certification Type Code; 3, cancel, is no request."""
CONTINUES: Final = {"renewal", "extension"}
REVIEWED_ANEW: Final = {"appeal-immediate", "appeal-standard", "reconsideration", "revised"}
"""Kinds of certification that ask to look again at what was decided."""

CERTIFIED: Final = "A1"
APPROVED: Final = {CERTIFIED, "A2", "A6"}
DECIDED: Final = APPROVED | {"A3"}
"""X12 306, as Da Vinci PAS examples use it: certified in total, in part, with a change; not certified."""

MANAGED_CARE_TYPES: Final = {"MCPOL", "HMO", "POS", "PPO"}
"""HL7 v3 ActCode: policies of a managed care organization."""

# ---- Device ----

PROGRAMMABLE_IMPLANTS: Final = {"14106009", "72506001"}
"""SNOMED CT: cardiac pacemaker, implantable defibrillator."""

INSULIN_PUMP_DEVICES: Final = {"69805005"}
INSULIN_PUMP_WORDS: Final = (
    "insulin pump", "insulin infusion pump", "pump insulin", "omnipod", "t:slim", "minimed", "tandem mobi", "ilet",
)  # fmt: skip
"""SNOMED CT: insulin pump. Words and names under which pumps are sold in the United States: they only hint."""

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
