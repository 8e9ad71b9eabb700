"""The library of CQL that retrieves coded facts from FHIR directly: HbA1c by LOINC, diabetes by ICD-10-CM."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import Template

from priorauth.engines.cql.pieces import string
from priorauth.engines.cql.types import VERSION
from priorauth.facts.vocabulary import Vocabulary

NAME = "CodedFacts"
TEXT = Path(__file__).parent / "CodedFacts.cql"


def coded_facts(vocabulary: Vocabulary) -> str:
    """Write the library with the codes and factors of a vocabulary put in."""
    hba1c, diabetes = vocabulary["hba1c"], vocabulary["diabetes"]
    return Template(TEXT.read_text("utf-8")).substitute(
        version=VERSION,
        hba1c_codes=_strings(hba1c.codes["loinc"]),
        slope=vocabulary.derivations["hba1c_ifcc_slope"],
        intercept=vocabulary.derivations["hba1c_ifcc_intercept"],
        per_percent=int(1 / hba1c.resolution),
        diabetes_codes=_strings(_prefixes(diabetes.codes["icd10cm"])),
        not_diabetes_codes=_strings(_prefixes(diabetes.without["icd10cm"])),
    )


def _prefixes(codes: Iterable[str]) -> Iterable[str]:
    """Return what codes begin with: ``E10.*`` is E10, with or without more behind the dot."""
    return (code.removesuffix("*").removesuffix(".") for code in codes)


def _strings(texts: Iterable[str]) -> str:
    return ", ".join(map(string, texts))
