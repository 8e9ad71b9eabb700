"""A cohort is some synthetic members as arrays, one place a member: who they are, how they live with diabetes.

What is drawn first shapes what follows: type and age the payer, adherence the regimen and the sensor, all of them the
HbA1c. Days are day numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from priorauth.synthetic.lines import Whole
from priorauth.synthetic.numbers import Distributions

Profile = Literal["registry", "plan"]
PROFILES: Final[tuple[Profile, ...]] = ("registry", "plan")
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NO_DIABETES, TYPE_1, TYPE_2 = 0, 1, 2
ORAL, BASAL, MIXED, INJECTIONS, PUMP = 0, 1, 2, 3, 4
PAYERS: Final = ("masshealth", "caresource", "anthem", "husky", "uhc-medicare-advantage")
MASSHEALTH: Final = 0
ADULT: Final = 18
DAYS_A_YEAR: Final = 365.25
_RETIRED: Final = 65
_MIDDLE_AGE: Final = 40


@dataclass(frozen=True, slots=True)
class Cohort:
    """Members ``number`` (of the whole population) with what was drawn for each; ``as_of`` is the day of the export.

    ``kind`` is NO_DIABETES, TYPE_1 or TYPE_2; ``regimen`` one of ORAL to PUMP; ``payer`` an index of PAYERS.
    ``adherence`` is in standard deviations from the mean, ``hba1c`` the member's own mean in percent.
    """

    as_of: int
    number: Whole
    kind: Whole
    female: Flags
    born: Whole
    payer: Whole
    adherence: Real
    onset: Whole
    regimen: Whole
    regimen_since: Whole
    sensor: Flags
    hba1c: Real
    requests: Flags

    def __len__(self) -> int:
        """Count the members."""
        return len(self.number)

    @property
    def diabetic(self) -> Flags:
        """Who has diabetes."""
        found: Flags = self.kind != NO_DIABETES
        return found

    @property
    def on_insulin(self) -> Flags:
        """Who takes insulin."""
        found: Flags = self.diabetic & (self.regimen != ORAL)
        return found

    @property
    def age(self) -> Real:
        """Years of age on the day of the export."""
        years: Real = (self.as_of - self.born) / DAYS_A_YEAR
        return years

    @property
    def years_ill(self) -> Real:
        """Years since onset; 0 without diabetes."""
        return np.where(self.diabetic, (self.as_of - self.onset) / DAYS_A_YEAR, 0.0)

    def by_type(self, pair: tuple[float, ...]) -> Real:
        """Return each member the number of its type; 0 without diabetes."""
        return np.array([0.0, *pair])[self.kind]


def draw(  # noqa: PLR0913, PLR0917  # a population in all its numbers
    rng: np.random.Generator, numbers: Distributions, profile: Profile, as_of: int, first: int, count: int
) -> Cohort:
    """Draw members ``first`` to ``first + count``."""
    kind = _kind(rng, numbers, profile, count)
    age = _age(rng, numbers, kind)
    adherence = rng.normal(size=count) + numbers.one("care.adherence_age_slope") * (age - _MIDDLE_AGE)
    years_ill = _years_ill(rng, numbers, kind, age)
    regimen = _regimen(rng, numbers, kind, adherence)
    sensor = rng.random(count) < np.array([0.0, numbers.one("care.sensor_type_1"), numbers.one("care.sensor_type_2")])[
        kind
    ] * np.exp(0.3 * np.clip(adherence, -2, 2))
    since = np.minimum(rng.exponential(numbers.one("care.orders_years"), count), years_ill)
    share = numbers.one(f"requests.{profile}_share")
    wants = np.array([0.0, 1.0, 0.45])[kind] * np.where(regimen >= INJECTIONS, 1.6, 0.5)
    return Cohort(
        as_of=as_of,
        number=np.arange(first, first + count, dtype=np.int64),
        kind=kind,
        female=rng.random(count) < numbers.one("who.female"),
        born=as_of - (age * DAYS_A_YEAR).astype(np.int64),
        payer=_payer(rng, numbers, age),
        adherence=adherence,
        onset=as_of - (years_ill * DAYS_A_YEAR).astype(np.int64),
        regimen=regimen,
        regimen_since=as_of - (since * DAYS_A_YEAR).astype(np.int64),
        sensor=sensor,
        hba1c=_hba1c(rng, numbers, kind, adherence),
        requests=rng.random(count) < share * wants,
    )


def shares(rng: np.random.Generator, listed: tuple[float, ...], count: int) -> Whole:
    """Draw places of a list in proportion to its shares."""
    edges = np.cumsum(listed) / np.sum(listed)
    return np.minimum(np.searchsorted(edges, rng.random(count), side="right"), len(listed) - 1).astype(np.int64)


def _kind(rng: np.random.Generator, numbers: Distributions, profile: Profile, count: int) -> Whole:
    ill = rng.random(count) < numbers.one(f"who.{profile}_diabetes")
    share = numbers.one("who.type_1_of_registry" if profile == "registry" else "who.type_1_of_diabetes")
    return np.where(ill, np.where(rng.random(count) < share, TYPE_1, TYPE_2), NO_DIABETES).astype(np.int64)


def _age(rng: np.random.Generator, numbers: Distributions, kind: Whole) -> Real:
    listed = np.array([numbers.many(f"who.{name}_age") for name in ("other", "type_1", "type_2")])[kind]
    drawn = rng.normal(listed[:, 0], listed[:, 1])
    whole: Real = np.clip(drawn, listed[:, 2], listed[:, 3])
    return whole + rng.random(len(kind)) * 0.9


def _payer(rng: np.random.Generator, numbers: Distributions, age: Real) -> Whole:
    count = len(age)
    young = shares(rng, numbers.many("who.payers_under_65"), count)
    old = shares(rng, numbers.many("who.payers_from_65"), count)
    return np.where(age >= _RETIRED, old, young)


def _years_ill(rng: np.random.Generator, numbers: Distributions, kind: Whole, age: Real) -> Real:
    mean, spread = numbers.many("who.type_1_onset_age")
    first = age - np.clip(rng.normal(mean, spread, len(kind)), 1, None)
    second = rng.exponential(numbers.one("who.type_2_duration"), len(kind))
    years = np.where(kind == TYPE_1, first, np.where(kind == TYPE_2, second, 0.0))
    return np.clip(years, np.where(kind == NO_DIABETES, 0.0, 0.1), np.maximum(age - 0.5, 0.1))


def _regimen(rng: np.random.Generator, numbers: Distributions, kind: Whole, adherence: Real) -> Whole:
    count = len(kind)
    first = shares(rng, numbers.many("care.regimens_type_1"), count)
    second = shares(rng, numbers.many("care.regimens_type_2"), count)
    found = np.where(kind == TYPE_1, first, np.where(kind == TYPE_2, second, ORAL))
    weak = (found == PUMP) & (adherence < numbers.one("care.pump_needs_adherence"))
    return np.where(weak, INJECTIONS, found)


def _hba1c(rng: np.random.Generator, numbers: Distributions, kind: Whole, adherence: Real) -> Real:
    one, two = numbers.many("care.hba1c_type_1"), numbers.many("care.hba1c_type_2")
    slope = numbers.one("care.hba1c_per_adherence")
    mean = np.array([5.4, one[0], two[0]])[kind] + slope * adherence * (kind != NO_DIABETES)
    own = np.sqrt(np.maximum(np.array([0.3, one[1], two[1]]) ** 2 - slope**2, 0.04))[kind]
    least, most = numbers.one("care.hba1c_least"), numbers.one("care.hba1c_most")
    # A right tail: results far above the mean are commoner than results far below it.
    drawn = rng.gamma(4.0, own / 2.0) - 2.0 * own
    result: Real = np.clip(mean + drawn, least, most)
    return result
