"""Synthetic members and their coverage, and the organizations and clinicians that everyone refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np

from priorauth.synthetic.cohort import MASSHEALTH, PAYERS
from priorauth.synthetic.lines import Lines, quoted, tokens
from priorauth.synthetic.pen import CLINICS, DOCTORS, Pen
from priorauth.synthetic.shapes import COVERAGE, PATIENT

SUPPLIERS: Final = 12
_FAMILIES: Final = quoted(
    [
        *("Almeida", "Baker", "Castro", "Dubois", "Egan", "Fischer", "Garcia", "Haddad"),
        *("Ito", "Jensen", "Khan", "Lopez", "Moreau", "Novak", "Okafor", "Park"),
    ],
    12,
)
_GIVEN: Final = quoted(
    [
        *("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ian", "Jo", "Kai", "Lea", "Max"),
        *("Nia", "Oto", "Pia"),
    ],
    12,
)
_GENDERS: Final = quoted(["male", "female"], 8)
_PLANS: Final = (
    ("masshealth-standard", "MassHealth Standard"),
    ("caresource-oh-marketplace", "CareSource OH Marketplace"),
    ("anthem-ppo", "Anthem PPO"),
    ("husky-a", "HUSKY A"),
    ("uhc-ma-hmo", "UnitedHealthcare Medicare Advantage HMO"),
    ("mco-one", "Managed care organization One"),
)
_NAMES: Final = ("MassHealth", "CareSource", "Anthem", "HUSKY Health", "UnitedHealthcare Medicare Advantage")
_PAYORS: Final = quoted([f"Organization/payer-{payer}" for payer in PAYERS], 44)
_CODES: Final = quoted([code for code, _ in _PLANS], 28)
_TITLES: Final = quoted([title for _, title in _PLANS], 48)
_MANAGED: Final = len(_PLANS) - 1


def patients(pen: Pen) -> Lines:
    """Write every Patient."""
    count = len(pen.cohort)
    who = np.arange(count)
    return PATIENT.fill(
        count,
        member=pen.member(who),
        family=_FAMILIES[pen.rng.integers(0, len(_FAMILIES), count)],
        given=_GIVEN[pen.rng.integers(0, len(_GIVEN), count)],
        gender=_GENDERS[pen.cohort.female.astype(np.int64)],
        born=pen.day(pen.cohort.born),
    )


def coverages(pen: Pen) -> Lines:
    """Write the coverage of every member who has one on file."""
    cohort = pen.cohort
    (who,) = np.nonzero(~pen.chance("who.without_coverage", len(cohort)))
    count = len(who)
    years = pen.rng.exponential(pen.numbers.one("who.coverage_years"), count)
    start = np.maximum(cohort.as_of - 30 - (years * 365).astype(np.int64), cohort.born[who])
    ended = pen.chance("who.coverage_ended", count)
    end = np.maximum(cohort.as_of - pen.rng.integers(1, 200, count), start)
    managed = (cohort.payer[who] == MASSHEALTH) & pen.chance("who.managed_care", count)
    plan = np.where(managed, _MANAGED, cohort.payer[who])
    ends = np.concatenate([tokens(['"end":"'] * count, 7), pen.day(end), tokens(['",'] * count, 2)], axis=1)
    return COVERAGE.fill(
        count,
        id=np.concatenate([pen.member(who), tokens(["-c"] * count, 2)], axis=1),
        member=pen.member(who),
        payor=_PAYORS[cohort.payer[who]],
        start=pen.day(start),
        end=np.where(ended[:, None], ends, np.uint8(32)),
        plan=_CODES[plan],
        plan_name=_TITLES[plan],
    )


def organizations() -> bytes:
    """Write the payers, clinics and suppliers."""
    return _lines(_organizations())


def practitioners() -> bytes:
    """Write the clinicians."""
    return _lines(
        {
            "resourceType": "Practitioner",
            "id": f"d{number:04}",
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": f"19{number:08}"}],
            "active": True,
            "name": [{"family": f"Clinician {number:04}", "given": ["Dr."]}],
        }
        for number in range(DOCTORS)
    )


def _organizations() -> Iterator[dict[str, Any]]:
    for payer, name in zip(PAYERS, _NAMES, strict=True):
        identifier = [{"system": "urn:priorauth:payer", "value": payer}]
        yield {"resourceType": "Organization", "id": f"payer-{payer}", "identifier": identifier, "name": name}
    for number in range(CLINICS):
        yield {"resourceType": "Organization", "id": f"c{number:03}", "active": True, "name": f"Clinic {number:03}"}
    for number in range(SUPPLIERS):
        yield {"resourceType": "Organization", "id": f"s{number:02}", "active": True, "name": f"Supplier {number:02}"}


def _lines(resources: Iterator[dict[str, Any]]) -> bytes:
    return b"".join(msgspec.json.encode(resource) + b"\n" for resource in resources)
