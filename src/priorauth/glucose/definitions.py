"""The definitions of the glucose room: every threshold, duration and formula with its source, read from one table.

The table is ``definitions.yaml``. Code carries none of its figures: formulas read them from :class:`Definitions`, the
counting engine gets them as the plain integers of :class:`Rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from priorauth.values import strict_yaml

Population = Literal["adult", "older", "pregnancy"]
"""Whose goals a report shows."""
PATH = Path(__file__).with_name("definitions.yaml")


class Rules(NamedTuple):
    """The figures that the engine counts by: mg/dL, minutes, and minutes after local midnight (`until` excluded)."""

    very_low: int
    low: int
    high: int
    very_high: int
    longest_step: int
    jitter: int
    event: int
    recovery: int
    extended_low: int
    extended_high: int
    extended_within: int
    meter_apart: int
    night_from: int
    night_until: int
    meter_fasting_from: int
    meter_fasting_until: int
    sensor_fasting_from: int
    sensor_fasting_until: int
    meal_1_from: int
    meal_1_until: int
    meal_2_from: int
    meal_2_until: int
    meal_3_from: int
    meal_3_until: int
    retest: int
    mage_step: int
    mage_bridge: int
    mage_segment_gap: int
    mage_short: int
    mage_long: int
    mage_readings: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its definition's id, its unit, what it says, where it is published, and what it needs."""

    id: str
    unit: str
    says: str
    source: str
    sufficient: Literal["consensus", "any"]
    device: Literal["cgm", "meter"] | None = None
    unknown: str = "no readings in the window"  # why there is no value although there are readings


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an array handed to the engine may hold, both included."""

    lowest: int
    highest: int
    offset: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Ranges:
    """The thresholds of the consensus: strictly below, strictly above."""

    very_low: int
    low: int
    high: int
    very_high: int


@dataclass(frozen=True, slots=True)
class Events:
    """How long a stretch must last to be an event, and to end one."""

    minimum: int
    recovery: int
    extended_low_over: int
    extended_high_minimum: int
    extended_high_within: int
    meter_apart: int


@dataclass(frozen=True, slots=True)
class Fasting:
    """Where the value before breakfast is looked for, and what is high for it."""

    meter_from: int
    meter_until: int
    sensor_from: int
    sensor_until: int
    high: int


@dataclass(frozen=True, slots=True)
class Meals:
    """What is wide before meals, and the windows that stand for tags."""

    wide: int
    windows: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mage:
    """The parameters of MAGE by moving means."""

    step: int
    bridge: int
    segment_gap: int
    short: int
    long: int
    readings: int


@dataclass(frozen=True, slots=True)
class ProfileTable:
    """The bins and percentiles of the ambulatory glucose profile, what a bin needs, how it is drawn."""

    id: str
    bin: int
    percentiles: tuple[int, ...]
    readings: int
    days: int
    smooth: tuple[int, ...]
    step: int


@dataclass(frozen=True, slots=True)
class Zones:
    """Where the zones of a population lie, in mg/dL: strictly below, strictly above; None: there is no such zone."""

    very_low: int
    low: int
    high: int
    very_high: int | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """The goals of a population in percent of the time; `high` and `low` hold the very high and low. None: no goal."""

    target: int
    high: int
    low: int
    very_high: int | None = None
    very_low: int | None = None


@dataclass(frozen=True, slots=True)
class Goals:
    """What a population aims at: its zones, the time in them, and where published its mean (mg/dL) and GMI (%)."""

    title: str
    source: str
    ranges: Zones
    shares: Shares
    mean: int | None = None
    gmi: int | None = None


@dataclass(frozen=True, slots=True)
class Definitions:
    """The whole table, as it stands in ``definitions.yaml``."""

    edition: int
    bounds: Bounds
    ranges: Ranges
    steps: Mapping[Literal["longest", "jitter"], int]
    events: Events
    night: Mapping[Literal["from", "until", "share"], int]
    fasting: Fasting
    dawn: Mapping[Literal["rise", "days"], int]
    meals: Meals
    tests: Mapping[Literal["retest", "often"], int]
    sufficiency: Mapping[Literal["days", "share"], int]
    gmi: Mapping[Literal["constant", "slope"], float]
    gri: Mapping[Literal["very_low", "low", "very_high", "high", "highest"], float]
    cv: Mapping[Literal["stable"], int]
    mage: Mage
    profile: ProfileTable
    report: Mapping[Literal["days", "row"], int]
    picture: Mapping[Literal["floor", "ceiling"], int]
    mg_dl_per_mmol_l: float
    goals: Mapping[Population, Goals]
    sources: Mapping[str, str]
    metrics: Mapping[str, Metric]
    printed: tuple[str, ...]

    @property
    def rules(self) -> Rules:
        """The integers for the engine."""
        ranges, events, fasting, meals, mage = self.ranges, self.events, self.fasting, self.meals, self.mage
        (first, first_end), (second, second_end), (third, third_end) = meals.windows
        return Rules(
            very_low=ranges.very_low,
            low=ranges.low,
            high=ranges.high,
            very_high=ranges.very_high,
            longest_step=self.steps["longest"],
            jitter=self.steps["jitter"],
            event=events.minimum,
            recovery=events.recovery,
            extended_low=events.extended_low_over + 1,  # whole minutes: over 120 is 121
            extended_high=events.extended_high_minimum,
            extended_within=events.extended_high_within,
            meter_apart=events.meter_apart,
            night_from=self.night["from"],
            night_until=self.night["until"],
            meter_fasting_from=fasting.meter_from,
            meter_fasting_until=fasting.meter_until,
            sensor_fasting_from=fasting.sensor_from,
            sensor_fasting_until=fasting.sensor_until + 1,  # "at the latest 08:00" includes 08:00
            meal_1_from=first,
            meal_1_until=first_end,
            meal_2_from=second,
            meal_2_until=second_end,
            meal_3_from=third,
            meal_3_until=third_end,
            retest=self.tests["retest"],
            mage_step=mage.step,
            mage_bridge=mage.bridge,
            mage_segment_gap=mage.segment_gap,
            mage_short=mage.short,
            mage_long=mage.long,
            mage_readings=mage.readings,
        )


@cache
def definitions() -> Definitions:
    """Read the table that this release ships."""
    return msgspec.convert(strict_yaml.read_file(PATH), Definitions, strict=False)


@cache
def rules() -> Rules:
    """Return the engine's integers of the table that this release ships."""
    return definitions().rules
