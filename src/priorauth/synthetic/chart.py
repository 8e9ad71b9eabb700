"""Synthetic diagnoses, insulin orders, visits, stays and devices of a cohort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from priorauth.synthetic.cohort import (
    BASAL,
    DAYS_A_YEAR,
    INJECTIONS,
    MIXED,
    ORAL,
    PUMP,
    TYPE_1,
    TYPE_2,
    Cohort,
    Flags,
)
from priorauth.synthetic.lines import Lines, Whole, joined, present, quoted, tokens
from priorauth.synthetic.pen import Pen, clock, turns
from priorauth.synthetic.shapes import CONDITION, DEVICE, ENCOUNTER, MEDICATION

_DIAGNOSES: Final = (
    ("E10.65", "Type 1 diabetes mellitus with hyperglycemia"),
    ("E10.9", "Type 1 diabetes mellitus without complications"),
    ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("E10.3293", "Type 1 diabetes with mild nonproliferative retinopathy, bilateral"),
    ("E10.42", "Type 1 diabetes mellitus with diabetic polyneuropathy"),
    ("E11.319", "Type 2 diabetes with unspecified diabetic retinopathy"),
    ("E11.42", "Type 2 diabetes mellitus with diabetic polyneuropathy"),
    ("N18.6", "End stage renal disease"),
    ("Z79.4", "Long term (current) use of insulin"),
    ("Z96.41", "Presence of insulin pump (external) (internal)"),
    ("Z34.90", "Encounter for supervision of normal pregnancy, unspecified"),
    ("L03.115", "Cellulitis of right lower limb"),
    ("C18.9", "Malignant neoplasm of colon, unspecified"),
    ("I10", "Essential (primary) hypertension"),
    ("E78.5", "Hyperlipidemia, unspecified"),
    ("E10.641", "Type 1 diabetes mellitus with hypoglycemia with coma"),
    ("E11.641", "Type 2 diabetes mellitus with hypoglycemia with coma"),
    ("E10.10", "Type 1 diabetes mellitus with ketoacidosis without coma"),
    ("E11.10", "Type 2 diabetes mellitus with ketoacidosis without coma"),
)
"""ICD-10-CM codes (CDC/NCHS), titles shortened."""

_PLACE: Final = {code: place for place, (code, _) in enumerate(_DIAGNOSES)}
_CODES: Final = quoted([code for code, _ in _DIAGNOSES], 10)
_TITLES: Final = quoted([title for _, title in _DIAGNOSES], 68)
_CLINICAL: Final = quoted(["active", "resolved"], 10)
_VERIFIED: Final = quoted(["confirmed", "refuted"], 11)
_CATEGORIES: Final = quoted(["problem-list-item", "encounter-diagnosis"], 21)

_DRUGS: Final = (
    ("51428", "insulin aspart, human", 3),
    ("274783", "insulin glargine", 1),
    ("314684", "insulin lispro protamine", 2),
    ("6809", "metformin", 2),
)
"""RxNorm ingredients, and how often a day each is ordered."""
ASPART, GLARGINE, PROTAMINE, METFORMIN = range(len(_DRUGS))
_RXNORM: Final = quoted([code for code, _, _ in _DRUGS], 9)
_DRUG_NAMES: Final = quoted([name for _, name, _ in _DRUGS], 32)
_TEXTS: Final = quoted([f"as directed, {often} times a day" for _, _, often in _DRUGS], 44)
_STATUS: Final = quoted(["active", "stopped"], 11)
_FREQUENCY: Final = tokens([str(often) for _, _, often in _DRUGS], 1)

_CLASSES: Final = quoted(["AMB", "EMER", "IMP"], 6)
_VISIT: Final = quoted(["185349003", "50849002", "32485007"], 12)
"""SNOMED CT: check up, emergency department visit, hospital admission."""
_KINDS_OF_DEVICE: Final = quoted(["69805005", "337414009"], 11)
_DEVICE_NAMES: Final = quoted(["Insulin pump", "Blood glucose meter"], 22)


@dataclass(frozen=True, slots=True)
class Events:
    """Severe hypoglycemia and ketoacidosis: whose, when, which diagnosis, and days in hospital (0: sent home)."""

    who: Whole
    day: Whole
    code: Whole
    stay: Whole


def events(pen: Pen) -> Events:
    """Draw the severe events of the last years."""
    cohort, years = pen.cohort, pen.numbers.one("care.years")
    strain = np.exp(0.25 * (cohort.hba1c - cohort.hba1c.mean()) - 0.2 * cohort.adherence)
    low = pen.rng.poisson(cohort.by_type(pen.numbers.many("care.severe_hypoglycemia")) * years * cohort.on_insulin)
    acid = pen.rng.poisson(cohort.by_type(pen.numbers.many("care.ketoacidosis")) * years * np.clip(strain, 0.1, 5))
    low_who, _ = turns(low.astype(np.int64))
    acid_who, _ = turns(acid.astype(np.int64))
    who = np.concatenate([low_who, acid_who])
    second = (cohort.kind[who] == TYPE_2).astype(np.int64)
    is_acid = np.arange(len(who)) >= len(low_who)
    code = np.where(is_acid, _PLACE["E10.10"], _PLACE["E10.641"]) + second
    admitted = is_acid | pen.chance("care.lows_admitted", len(who))
    stay = np.where(admitted, pen.rng.integers(1, 6, len(who)), 0)
    return Events(who, cohort.as_of - pen.rng.integers(6, int(years * DAYS_A_YEAR), len(who)), code, stay)


def conditions(pen: Pen, severe: Events) -> Lines:
    """Write the problem lists, and the diagnoses of severe events with their encounters."""
    cohort = pen.cohort
    listed = [(who, np.full(len(who), code), onset) for who, code, onset in _problems(pen)]
    who = np.concatenate([severe.who, *(who for who, _, _ in listed)])
    code = np.concatenate([severe.code, *(code for _, code, _ in listed)])
    onset = np.concatenate([severe.day, *(onset for _, _, onset in listed)])
    order = np.lexsort((code, onset, who))
    event = np.concatenate([np.arange(len(severe.who)), np.full(len(who) - len(severe.who), -1)])[order]
    who, code, onset = who[order], code[order], np.maximum(onset[order], cohort.born[who[order]])
    count, is_event = len(who), event >= 0
    refuted = pen.chance("faults.refuted", count) & ~is_event
    stated = ~pen.chance("missing.onset", count) | is_event
    _, turn = turns(np.bincount(who, minlength=len(cohort)))
    visit = joined('"encounter":{"reference":"Encounter/', pen.named(who, "e", np.maximum(event, 0) % 1000, 3), '"},')
    return CONDITION.fill(
        count,
        id=pen.named(who, "k", turn, 3),
        clinical=_CLINICAL[is_event.astype(np.int64)],
        verified=_VERIFIED[refuted.astype(np.int64)],
        category=_CATEGORIES[is_event.astype(np.int64)],
        code=_CODES[code],
        display=_TITLES[code],
        member=pen.member(who),
        encounter=present(visit, is_event),
        onset=present(joined('"onsetDateTime":"', pen.day(onset), '",'), stated),
        recorded=pen.day(np.minimum(onset + pen.rng.integers(0, 30, count), cohort.as_of)),
    )


def _problems(pen: Pen) -> Iterator[tuple[Whole, int, Whole]]:
    """Yield who has a diagnosis, which, and since when."""
    cohort, rng, count = pen.cohort, pen.rng, len(pen.cohort)
    poor = cohort.hba1c > pen.numbers.one("care.coded_as_poor")
    for kind, high, plain in ((TYPE_1, "E10.65", "E10.9"), (TYPE_2, "E11.65", "E11.9")):
        yield _since(cohort, (cohort.kind == kind) & poor, high, cohort.onset)
        yield _since(cohort, (cohort.kind == kind) & ~poor, plain, cohort.onset)
    strain = pen.numbers.one("care.complication_per_year") * cohort.years_ill * np.maximum(cohort.hba1c - 5, 0)
    later = cohort.onset + (cohort.years_ill * 0.6 * DAYS_A_YEAR).astype(np.int64)
    for kind, eye, nerve in ((TYPE_1, "E10.3293", "E10.42"), (TYPE_2, "E11.319", "E11.42")):
        yield _since(cohort, (cohort.kind == kind) & (rng.random(count) < strain * 0.5), eye, later)
        yield _since(cohort, (cohort.kind == kind) & (rng.random(count) < strain * 0.5), nerve, later)
    rate, years = pen.numbers.many("care.kidney_failure")
    failing = cohort.diabetic & (cohort.years_ill >= years) & (rng.random(count) < rate)
    yield _since(cohort, failing, "N18.6", later)
    yield _since(cohort, cohort.on_insulin & pen.chance("care.insulin_coded", count), "Z79.4", cohort.regimen_since)
    yield _since(cohort, cohort.diabetic & (cohort.regimen == PUMP), "Z96.41", cohort.regimen_since)
    rate, least, most = pen.numbers.many("care.pregnancy")
    fertile = cohort.female & (cohort.age >= least) & (cohort.age < most) & (rng.random(count) < rate)
    recent = cohort.as_of - rng.integers(5, 200, count)
    yield _since(cohort, fertile, "Z34.90", recent)
    yield _since(cohort, pen.chance("care.infection", count), "L03.115", cohort.as_of - rng.integers(1, 20, count))
    rate, least = pen.numbers.many("care.cancer")
    yield _since(cohort, (cohort.age > least) & (rng.random(count) < rate), "C18.9", recent)
    aged = rng.random(count) < np.clip((cohort.age - 25) / 90, 0, 0.6)
    yield _since(cohort, aged, "I10", cohort.as_of - rng.integers(100, 4000, count))
    yield _since(
        cohort, aged & pen.chance("care.hyperlipidemia", count), "E78.5", cohort.as_of - rng.integers(100, 4000, count)
    )


def _since(cohort: Cohort, chosen: Flags, code: str, onset: Whole) -> tuple[Whole, int, Whole]:
    (who,) = np.nonzero(chosen)
    return who, _PLACE[code], np.minimum(onset[who], cohort.as_of)


def medications(pen: Pen) -> Lines:
    """Write the orders in force, and for some the regimen before."""
    cohort = pen.cohort
    ordered = [
        (cohort.regimen == ORAL, METFORMIN),
        (cohort.regimen == BASAL, GLARGINE),
        (cohort.regimen == MIXED, PROTAMINE),
        (cohort.regimen >= INJECTIONS, ASPART),
        (cohort.regimen == INJECTIONS, GLARGINE),
    ]
    listed = [(np.nonzero(chosen & cohort.diabetic)[0], drug) for chosen, drug in ordered]
    who = np.concatenate([found for found, _ in listed])
    drug = np.concatenate([np.full(len(found), drug) for found, drug in listed])
    start, stop = cohort.regimen_since[who], np.zeros(len(who), dtype=np.int64)
    again = pen.chance("care.regimen_before", len(who)) & (cohort.regimen[who] != ORAL)
    span = pen.rng.integers(100, 700, len(who))
    before = np.maximum(start - span, cohort.onset[who])[again]
    who, drug = np.concatenate([who, who[again]]), np.concatenate([drug, np.full(int(again.sum()), GLARGINE)])
    stop = np.concatenate([stop, start[again] - 1])
    start = np.concatenate([start, before])
    stop = np.where(stop > 0, np.maximum(stop, start), 0)
    order = np.lexsort((drug, start, who))
    return _orders(pen, who[order], drug[order], start[order], stop[order])


def _orders(pen: Pen, who: Whole, drug: Whole, start: Whole, stop: Whole) -> Lines:
    count, stopped = len(who), stop > 0
    _, turn = turns(np.bincount(who, minlength=len(pen.cohort)))
    ends = present(joined(',"end":"', pen.day(stop), '"'), stopped)
    timing = joined(
        '"timing":{"repeat":{"boundsPeriod":{"start":"', pen.day(start), '"', ends, '},"frequency":', _FREQUENCY[drug],
        ',"period":1,"periodUnit":"d"}},',
    )  # fmt: skip
    return MEDICATION.fill(
        count,
        id=pen.named(who, "r", turn, 3),
        status=_STATUS[stopped.astype(np.int64)],
        rxnorm=_RXNORM[drug],
        display=_DRUG_NAMES[drug],
        member=pen.member(who),
        start=pen.day(start),
        doctor=pen.doctor(who),
        text=_TEXTS[drug],
        timing=present(timing, ~pen.chance("missing.timing", count)),
    )


def encounters(pen: Pen, severe: Events) -> Lines:
    """Write visits to the practice, and the visits and stays of severe events."""
    cohort, years = pen.cohort, pen.numbers.one("care.years")
    one, two, rest = pen.numbers.many("care.visits_a_year")
    mean = np.array([rest, one, two])[cohort.kind] * np.exp(0.2 * np.clip(cohort.adherence, -2, 2)) * years
    who, turn = turns(pen.rng.poisson(mean).astype(np.int64))
    day = cohort.as_of - pen.rng.integers(1, int(years * DAYS_A_YEAR), len(who))
    place = np.concatenate([np.zeros(len(who), dtype=np.int64), np.where(severe.stay > 0, 2, 1)])
    number = np.concatenate([turn, np.arange(len(severe.who)) % 1000])
    letters = np.concatenate([np.full(len(who), ord("v")), np.full(len(severe.who), ord("e"))]).astype(np.uint8)
    who, day = np.concatenate([who, severe.who]), np.concatenate([day, severe.day])
    stay = np.concatenate([np.zeros(len(turn), dtype=np.int64), severe.stay])
    minute = pen.rng.integers(8 * 60, 17 * 60, len(who))
    ids = pen.named(who, "v", number, 3)
    ids[:, 10] = letters
    return ENCOUNTER.fill(
        len(who),
        id=ids,
        **{"class": _CLASSES[place]},
        kind=_VISIT[place],
        member=pen.member(who),
        doctor=pen.doctor(who),
        start=pen.day(day),
        clock=clock(minute),
        end=pen.day(np.minimum(day + stay, cohort.as_of)),
        until=clock(minute + 40),
        clinic=pen.clinic(who),
    )


def devices(pen: Pen) -> Lines:
    """Write the insulin pumps in use and the meters."""
    cohort = pen.cohort
    (pumps,) = np.nonzero(cohort.diabetic & (cohort.regimen == PUMP))
    (meters,) = np.nonzero(cohort.diabetic)
    who = np.concatenate([pumps, meters])
    kind = np.concatenate([np.zeros(len(pumps), dtype=np.int64), np.ones(len(meters), dtype=np.int64)])
    return DEVICE.fill(
        len(who),
        id=joined(pen.member(who), "-", tokens(["p", "m"], 1)[kind]),
        member=pen.member(who),
        kind=_KINDS_OF_DEVICE[kind],
        display=_DEVICE_NAMES[kind],
    )
