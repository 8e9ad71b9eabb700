"""Synthetic laboratory results of a cohort: HbA1c, kidney, C-peptide, antibodies, weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from priorauth.synthetic.cohort import ADULT, DAYS_A_YEAR, Flags, Real
from priorauth.synthetic.lines import Bytes, Lines, Whole, joined, present, quoted, tokens
from priorauth.synthetic.pen import Pen, turns
from priorauth.synthetic.shapes import ANTIBODY, RESULT, UCUM

_TESTS: Final = (
    ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"),
    ("59261-8", "Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol"),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma"),
    ("9318-7", "Albumin/Creatinine [Mass Ratio] in Urine"),
    ("1986-9", "C peptide [Mass/volume] in Serum or Plasma"),
    ("1558-6", "Fasting glucose [Mass/volume] in Serum or Plasma"),
    ("29463-7", "Body weight"),
    ("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma"),
)
"""LOINC codes and names."""
HBA1C, IFCC, CREATININE, ALBUMIN, C_PEPTIDE, FASTING, WEIGHT, CHOLESTEROL = range(len(_TESTS))
_LOINC: Final = quoted([code for code, _ in _TESTS], 9)
_NAMES: Final = quoted([name for _, name in _TESTS], 68)

_UNITS: Final = ("%", "mmol/mol", "mg/dL", "mg/g", "ng/mL", "kg")
PERCENT, MMOL_MOL, MG_DL, MG_G, NG_ML, KG = range(len(_UNITS))
_OF_TEST: Final = np.array([PERCENT, MMOL_MOL, MG_DL, MG_G, NG_ML, MG_DL, KG, MG_DL])
_UNIT: Final = quoted(_UNITS, 10)
_TENTHS: Final = tokens([f"{number / 10:.1f}" for number in range(60_000)], 6)
_HUNDREDTHS: Final = tokens([f"{number / 100:.2f}" for number in range(60_000)], 6)
_FINE: Final = np.array([False, False, True, False, True, False, False, False])
_ABOVE: Final = tokens(['"comparator":">",'], 17)
_HIGHEST_SHOWN: Final = 14.0
"""Percent of HbA1c above which a point-of-care device shows only that it is above."""
_STATUS: Final = quoted(["final", "preliminary", "entered-in-error"], 18)
_VALUES: Final = quoted(["10828004", "260385009"], 11)
_FLAGS: Final = quoted(["POS", "NEG"], 5)
_IFCC_SLOPE: Final = 0.09148
_IFCC_START: Final = 2.152
"""NGSP: HbA1c in percent = 0.09148 x mmol/mol + 2.152."""


class Results(NamedTuple):
    """Some results: whose, which test, on which day, how much in the unit of the test."""

    who: Whole
    test: Whole
    day: Whole
    value: Real


def results(pen: Pen) -> Lines:
    """Write every numeric laboratory result."""
    drawn = [_hba1c(pen), *_others(pen)]
    who, test, day, value = (np.concatenate([getattr(part, name) for part in drawn]) for name in Results._fields)
    order = np.lexsort((day, test, who))
    who, test, day, value = who[order], test[order], np.maximum(day[order], pen.cohort.born[who[order]]), value[order]
    _, turn = turns(np.bincount(who, minlength=len(pen.cohort)))
    lines = _written(pen, who, turn, Results(who, test, day, value))
    copies = 1 + pen.chance("faults.copies", len(who)).astype(np.int64)
    return lines.repeated(copies)


def _hba1c(pen: Pen) -> Results:
    cohort, years = pen.cohort, pen.numbers.one("care.years")
    mean = cohort.by_type(pen.numbers.many("care.hba1c_a_year")) * years
    mean = mean * np.exp(0.25 * np.clip(cohort.adherence, -2, 2)) * ~pen.chance("care.hba1c_none", len(cohort))
    who, _ = turns(pen.rng.poisson(mean).astype(np.int64))
    value = cohort.hba1c[who] + pen.rng.normal(0, pen.numbers.one("care.hba1c_within"), len(who))
    least, most = pen.numbers.one("care.hba1c_least"), pen.numbers.one("care.hba1c_most")
    day = cohort.as_of - pen.rng.integers(1, int(years * DAYS_A_YEAR), len(who))
    day = day + pen.chance("faults.future", len(who)) * 100
    ifcc = pen.chance("faults.ifcc_units", len(who))
    value = np.clip(value, least, most)
    value = np.where(ifcc, (value - _IFCC_START) / _IFCC_SLOPE, value)
    return Results(who, np.where(ifcc, IFCC, HBA1C), day, value)


def _others(pen: Pen) -> Iterator[Results]:
    cohort, rng, numbers = pen.cohort, pen.rng, pen.numbers
    kidney = cohort.diabetic & pen.chance("laboratory.kidney_share", len(cohort))
    age = np.exp(0.006 * (cohort.age - 50) + 0.03 * np.maximum(cohort.years_ill - 10, 0))
    for test, name in ((CREATININE, "creatinine"), (ALBUMIN, "albumin")):
        usual, spread = numbers.many(f"laboratory.{name}")
        yield _spread(pen, kidney, test, usual * age, spread, most=3)
    share = cohort.by_type(numbers.many("laboratory.c_peptide_share"))
    drawn = rng.random(len(cohort)) < share
    middle = cohort.by_type(numbers.many("laboratory.c_peptide"))
    yield _spread(pen, drawn, C_PEPTIDE, middle, numbers.one("laboratory.c_peptide_spread"), most=1)
    slope, start = numbers.many("glucose.average")
    yield _spread(pen, drawn, FASTING, np.maximum(slope * cohort.hba1c + start, 70) * 0.9, 0.25, most=1)
    mean, spread, child = numbers.many("laboratory.weights")
    adult = np.where(cohort.age >= ADULT, mean, child + 2.5 * cohort.age)
    yield _spread(pen, np.ones(len(cohort), dtype=bool), WEIGHT, adult, spread / mean, most=4)
    yield _spread(
        pen,
        cohort.age > numbers.one("laboratory.cholesterol_from"),
        CHOLESTEROL,
        np.full(len(cohort), 185.0),
        0.2,
        most=3,
    )


def _spread(  # noqa: PLR0913  # a test in all its numbers
    pen: Pen, chosen: Flags, test: int, middle: Real, spread: float, *, most: int
) -> Results:
    """Draw up to ``most`` results of a member around its own middle, which itself is spread."""
    counts = np.where(chosen, pen.rng.integers(1, most + 1, len(chosen)), 0)
    who, _ = turns(counts)
    own = np.maximum(middle, 0.01) * np.exp(pen.rng.normal(0, spread, len(chosen)))
    value = own[who] * np.exp(pen.rng.normal(0, 0.08, len(who)))
    day = pen.cohort.as_of - pen.rng.integers(1, 700, len(who))
    return Results(who, np.full(len(who), test), day, value)


def _written(pen: Pen, who: Whole, turn: Whole, found: Results) -> Lines:
    count = len(who)
    is_hba1c = (found.test == HBA1C) | (found.test == IFCC)
    odd = is_hba1c & pen.chance("faults.odd_units", count)
    unit = _UNIT[np.where(odd, MG_DL, _OF_TEST[found.test])]
    above = (found.test == HBA1C) & (found.value > _HIGHEST_SHOWN)
    value = np.where(above, _HIGHEST_SHOWN, found.value)
    fine = _FINE[found.test]
    number = np.where(
        fine[:, None],
        _HUNDREDTHS[np.clip(np.rint(value * 100), 0, 59_999).astype(np.int64)],
        _TENTHS[np.clip(np.rint(value * 10), 0, 59_999).astype(np.int64)],
    )
    quantity = joined(
        '"valueQuantity":{"value":', number, ",", present(np.repeat(_ABOVE, count, axis=0), above),
        '"unit":', unit, f',"system":"{UCUM}","code":', unit, "},",
    )  # fmt: skip
    status = np.where(pen.chance("faults.in_error", count), 2, pen.chance("faults.preliminary", count).astype(np.int64))
    return RESULT.fill(
        count,
        id=pen.named(who, "b", turn, 5),
        status=_STATUS[status],
        loinc=_LOINC[found.test],
        display=_NAMES[found.test],
        member=pen.member(who),
        effective=_dated(pen, found.day, is_hba1c),
        quantity=present(quantity, ~(is_hba1c & pen.chance("missing.hba1c_value", count))),
    )


def _dated(pen: Pen, days: Whole, is_hba1c: Flags) -> Bytes:
    """Write the day; of some HbA1c only the month, of some nothing."""
    day = pen.day(days)
    month = is_hba1c & pen.chance("missing.hba1c_month_only", len(days))
    text = joined('"', day, '"')
    text[month, 8:] = np.frombuffer(b'"   ', dtype=np.uint8)
    gone = is_hba1c & pen.chance("missing.hba1c_day", len(days))
    return present(joined('"effectiveDateTime":', text, ","), ~gone)


def antibodies(pen: Pen) -> Lines:
    """Write the antibody results."""
    cohort, count = pen.cohort, len(pen.cohort)
    (who,) = np.nonzero(pen.rng.random(count) < cohort.by_type(pen.numbers.many("laboratory.antibody_share")))
    positive = pen.rng.random(len(who)) < cohort.by_type(pen.numbers.many("laboratory.antibody_positive"))[who]
    negative = (~positive).astype(np.int64)
    return ANTIBODY.fill(
        len(who),
        id=pen.named(who, "a", np.zeros(len(who), dtype=np.int64), 5),
        status=np.repeat(_STATUS[:1], len(who), axis=0),
        member=pen.member(who),
        day=pen.day(np.minimum(cohort.onset[who] + pen.rng.integers(0, 400, len(who)), cohort.as_of - 1)),
        value=_VALUES[negative],
        flag=_FLAGS[negative],
    )
