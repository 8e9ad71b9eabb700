"""Synthetic meter logs and sensor summaries of a cohort."""

from __future__ import annotations

from typing import Final

import numpy as np

from priorauth.synthetic.cohort import TYPE_2, Flags, Real
from priorauth.synthetic.lines import Bytes, Lines, Shape, Whole, joined, quoted, tokens
from priorauth.synthetic.pen import Pen, clock, turns
from priorauth.synthetic.shapes import METER, METER_TAGGED, SENSOR

_SLOTS: Final = np.array([415, 735, 1085, 1330])
"""Minutes of the day around which people test: before breakfast, lunch, supper, at bedtime."""
_SLOT_SPREAD: Final = 45.0
_MEALS: Final = quoted(["8417876", "8417868", "8417868", "8417872"], 9)
"""ISO/IEEE 11073 fasting, before a meal, before a meal, after a meal, in the order of the slots."""
_LOINC: Final = quoted(["41653-7", "14743-9"], 9)
_UNITS: Final = quoted(["mg/dL", "mmol/L"], 8)
_MILLIGRAMS: Final = tokens([str(number) for number in range(601)], 5)
_MILLIMOLES: Final = tokens([f"{number / 10:.1f}" for number in range(400)], 5)
_MOLAR: Final = 18.0156
"""mg/dL of glucose in one mmol/L."""
_LEAST: Final = 20
_MOST: Final = 600
"""What meters show."""
_STATUS: Final = quoted(["final"], 18)
_LOINC_SENSOR: Final = quoted(["104636-6", "104637-4"], 10)
_SENSOR_NAMES: Final = quoted(["Number of days CGM worn", "Percentage of time CGM active"], 44)
_SENSOR_UNITS: Final = quoted(["d", "%"], 3)
_NUMBERS: Final = tokens([str(number) for number in range(101)], 4)
_PERIOD: Final = 14


def meters(pen: Pen) -> tuple[Lines, Lines]:
    """Write the readings of meters that do not tag meals, and of those that do."""
    who, day = _days(pen)
    minute, slot = _minutes(pen, len(who))
    order = np.lexsort((minute, day, who))
    who, day, minute, slot = who[order], day[order], minute[order], slot[order]
    _, turn = turns(np.bincount(who, minlength=len(pen.cohort)))
    tagged = pen.chance("glucose.meal_tagged", len(pen.cohort))[who]
    value = _values(pen, who, slot)
    molar = pen.chance("faults.molar_readings", len(pen.cohort))[who].astype(np.int64)
    shown = np.where(
        molar[:, None] == 1,
        _MILLIMOLES[np.clip(np.rint(value / _MOLAR * 10), 0, len(_MILLIMOLES) - 1).astype(np.int64)],
        _MILLIGRAMS[np.rint(value).astype(np.int64)],
    )
    when = joined('"', pen.day(day), "T", clock(minute), ':00-05:00"')
    timeless = pen.chance("missing.reading_time", len(who))
    when[timeless, 11:] = np.frombuffer(b'"               ', dtype=np.uint8)
    columns = {
        "id": pen.named(who, "g", turn, 5),
        "loinc": _LOINC[molar],
        "member": pen.member(who),
        "when": when,
        "value": shown,
        "unit": _UNITS[molar],
        "meal": _MEALS[slot],
    }
    return _shaped(METER, columns, ~tagged), _shaped(METER_TAGGED, columns, tagged)


def _shaped(shape: Shape, columns: dict[str, Bytes], chosen: Flags) -> Lines:
    count = int(chosen.sum())
    picked = {name: column[chosen] for name, column in columns.items()}
    return shape.fill(count, status=np.broadcast_to(_STATUS, (count, _STATUS.shape[1])), **picked)


def _days(pen: Pen) -> tuple[Whole, Whole]:
    """Return whose each reading is and its day."""
    cohort, rng, numbers = pen.cohort, pen.rng, pen.numbers
    count = len(cohort)
    index = (~cohort.on_insulin).astype(np.int64)
    has = cohort.diabetic & (rng.random(count) < np.array(numbers.many("glucose.log_share"))[index])
    shortest, longest = numbers.many("glucose.log_days")
    length = np.where(has, rng.integers(int(shortest), int(longest) + 1, count), 0)
    owner, back = turns(length)
    mean = np.array(numbers.many("glucose.tests_a_day"))[index]
    mean = np.clip(mean + numbers.one("glucose.tests_per_adherence") * cohort.adherence, 0.5, 10)
    left_out = numbers.one("glucose.days_left_out") * np.exp(-0.5 * cohort.adherence)
    tests = rng.binomial(12, np.clip(mean / 12, 0, 1)[owner]) * (rng.random(len(owner)) >= left_out[owner])
    ends = cohort.as_of - rng.integers(0, 10, count)
    place, _ = turns(tests.astype(np.int64))
    return owner[place], np.maximum(ends[owner] - back, cohort.born[owner])[place]


def _minutes(pen: Pen, count: int) -> tuple[Whole, Whole]:
    slot = pen.rng.integers(0, len(_SLOTS), count)
    minute = _SLOTS[slot] + pen.rng.normal(0, _SLOT_SPREAD, count)
    night = pen.chance("glucose.night_share", count)
    minute = np.where(night, pen.rng.integers(0, 360, count), minute)
    return np.clip(minute, 0, 1439).astype(np.int64), np.where(night, len(_SLOTS) - 1, slot)


def _values(pen: Pen, who: Whole, slot: Whole) -> Real:
    """Draw glucose in mg/dL around the average that the member's HbA1c stands for."""
    cohort, numbers = pen.cohort, pen.numbers
    slope, start = numbers.many("glucose.average")
    mean = np.maximum(slope * cohort.hba1c + start, 70)
    variation = np.where(cohort.kind == TYPE_2, *reversed(numbers.many("glucose.variation")))
    spread = np.sqrt(np.log1p(variation**2))
    dawn = np.exp(pen.rng.normal(0, 0.12, len(cohort)))
    of_slot = np.where(slot == 0, dawn[who], 1.0)
    drawn = mean[who] * of_slot * np.exp(pen.rng.normal(0, 1, len(who)) * spread[who] - spread[who] ** 2 / 2)
    shown: Real = np.clip(drawn, _LEAST, _MOST)
    return shown


def sensors(pen: Pen) -> Lines:
    """Write the summaries of sensors: days worn and time active, over the last two weeks and those before."""
    cohort = pen.cohort
    (worn,) = np.nonzero(cohort.diabetic & cohort.sensor)
    who = np.repeat(worn, 4)
    place = np.tile(np.arange(4), len(worn))
    which, back = place % 2, place // 2 * _PERIOD
    mean, spread = pen.numbers.many("glucose.sensor_worn")
    active = np.clip(np.rint(np.repeat(pen.rng.normal(mean, spread, len(worn)), 4)), 5, 100).astype(np.int64)
    value = np.where(which == 0, np.clip(np.rint(active * _PERIOD / 100), 1, _PERIOD).astype(np.int64), active)
    last = cohort.as_of - 1 - back
    return SENSOR.fill(
        len(who),
        id=pen.named(who, "s", place, 5),
        status=np.repeat(_STATUS, len(who), axis=0),
        loinc=_LOINC_SENSOR[which],
        display=_SENSOR_NAMES[which],
        member=pen.member(who),
        start=pen.day(np.maximum(last - _PERIOD + 1, cohort.born[who])),
        end=pen.day(last),
        value=_NUMBERS[value],
        unit=_SENSOR_UNITS[which],
    )
